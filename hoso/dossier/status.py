"""The ten states of a dossier (national exchange list) and the steps between them."""

from enum import IntEnum


class Status(IntEnum):
    """Codes of the national exchange; the numbers are fixed."""

    REGISTERED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    IN_PROCESS = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


WORDS: dict[str, dict[Status, str]] = {
    "vi": {
        Status.REGISTERED: "Mới đăng ký",
        Status.RECEIVED: "Được tiếp nhận",
        Status.NOT_RECEIVED: "Không được tiếp nhận",
        Status.IN_PROCESS: "Đang xử lý",
        Status.SUPPLEMENT_ASKED: "Yêu cầu bổ sung giấy tờ",
        Status.PAYMENT_ASKED: "Yêu cầu thực hiện nghĩa vụ tài chính",
        Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
        Status.STOPPED: "Dừng xử lý",
        Status.FINISHED: "Đã xử lý xong",
        Status.RETURNED: "Đã trả kết quả",
    },
    "en": {
        Status.REGISTERED: "Registered",
        Status.RECEIVED: "Received",
        Status.NOT_RECEIVED: "Not received",
        Status.IN_PROCESS: "In process",
        Status.SUPPLEMENT_ASKED: "More papers asked for",
        Status.PAYMENT_ASKED: "Payment asked for",
        Status.WITHDRAWN: "Withdrawn",
        Status.STOPPED: "Stopped",
        Status.FINISHED: "Finished",
        Status.RETURNED: "Result returned",
    },
}

_WAITING = {Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED}
_OPEN = {Status.RECEIVED, Status.IN_PROCESS, *_WAITING}
_STEPS: dict[Status, set[Status]] = {
    Status.REGISTERED: {Status.RECEIVED, Status.NOT_RECEIVED, Status.WITHDRAWN},
    Status.FINISHED: {Status.RETURNED},
    **{
        state: (_OPEN | {Status.WITHDRAWN, Status.STOPPED, Status.FINISHED})
        - {state, Status.RECEIVED}
        for state in _OPEN
    },
}


CLOSED = frozenset(set(Status) - _OPEN - {Status.REGISTERED})
"""States whose time no longer runs (reports of QĐ 766/QĐ-TTg: 3, 7, 8, 9, 10)."""


def can_become(status: Status, to: Status) -> bool:
    """Whether a dossier may go from one state to the other."""
    return to in _STEPS.get(status, set())


def is_closed(status: Status) -> bool:
    """Whether its time no longer runs."""
    return status in CLOSED
