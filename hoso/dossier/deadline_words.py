"""A deadline said line by line, as a clerk would explain it at the counter."""

from collections.abc import Mapping
from datetime import date

from hoso.dossier.deadline_steps import Step, Why
from hoso.dossier.deadlines import Deadline

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

_SENTENCES: Mapping[str, Mapping[Why, str]] = {
    "vi": {
        Why.RECEIVED: "nhận hồ sơ lúc {time}",
        Why.COUNTED_FROM: "nhận ngoài giờ làm việc, tính như nhận lúc {time}",
        Why.RECEIPT_DAY: "ngày nhận không tính vào thời hạn",
        Why.WORKING_DAY: "ngày làm việc thứ {number}/{of}{named}",
        Why.CALENDAR_DAY: "ngày thứ {number}/{of}",
        Why.HOURS: "tính {minutes}, còn {left}",
        Why.SKIPPED: "không tính: {reason}",
        Why.SAME_DAY: "trả kết quả trong ngày",
        Why.PAST_CUT_OFF: "nhận sau {cut_off}, trả kết quả vào ngày làm việc tiếp theo",
        Why.ENDS_ON_DAY_OFF: "hết hạn vào ngày nghỉ ({reason}), chuyển sang ngày làm việc sau",
        Why.NEXT_WORKING_DAY: "ngày làm việc tiếp theo{named}",
        Why.CLOCK_TIME_MOVED: "{time} ngoài giờ làm việc, chuyển thành {moved_to}",
        Why.PAUSED: "chờ bổ sung hồ sơ đến {until_day}, cộng lại {minutes} làm việc",
        Why.DUE: "hẹn trả kết quả lúc {time}",
    },
    "en": {
        Why.RECEIVED: "received at {time}",
        Why.COUNTED_FROM: "received outside office hours, counted as received at {time}",
        Why.RECEIPT_DAY: "the day of receipt is not counted",
        Why.WORKING_DAY: "working day {number} of {of}{named}",
        Why.CALENDAR_DAY: "day {number} of {of}",
        Why.HOURS: "{minutes} counted, {left} left",
        Why.SKIPPED: "not counted: {reason}",
        Why.SAME_DAY: "due the same day",
        Why.PAST_CUT_OFF: "received after {cut_off}, due on the next working day",
        Why.ENDS_ON_DAY_OFF: "ends on a day off ({reason}), moves to the next working day",
        Why.NEXT_WORKING_DAY: "the next working day{named}",
        Why.CLOCK_TIME_MOVED: "{time} is outside office hours, moved to {moved_to}",
        Why.PAUSED: "waiting for papers until {until_day}, {minutes} of work added back",
        Why.DUE: "due at {time}",
    },
}

_REASONS = {
    "vi": {
        "saturday": "nghỉ cuối tuần",
        "sunday": "nghỉ cuối tuần",
        "closed": "cơ quan không làm việc",
        "reception_only": "chỉ tiếp nhận hồ sơ",
    },
    "en": {
        "saturday": "weekend",
        "sunday": "weekend",
        "closed": "the office is closed",
        "reception_only": "the office only takes papers in",
    },
}


def explain(deadline: Deadline, language: str = "vi") -> list[str]:
    """One line per step in `vi` or `en`: the day, then what it did to the count."""
    return [_line(step, "en" if language == "en" else "vi") for step in deadline.steps]


def _line(step: Step, language: str) -> str:
    sentence = _SENTENCES[language][step.why].format(**_spoken(step.facts, language))
    return f"{_WEEKDAYS[language][step.day.weekday()]} {_day(step.day)}: {sentence}"


def _spoken(facts: Mapping[str, str | int], language: str) -> dict[str, str | int]:
    """The facts as the language writes them."""
    words: dict[str, str | int] = dict(facts)
    name = facts.get(f"name_{language}", "")
    words["named"] = f" ({name})" if name else ""
    words["reason"] = name or _REASONS[language].get(str(facts.get("kind")), "")
    for key in ("minutes", "left"):
        words[key] = _duration(int(facts.get(key, 0)), language)
    if "until_day" in facts:
        words["until_day"] = _day(date.fromisoformat(str(facts["until_day"])))
    return words


def _duration(minutes: int, language: str) -> str:
    hour, minute = ("giờ", "phút") if language == "vi" else ("h", "min")
    hours, rest = divmod(minutes, 60)
    if not rest:
        return f"{hours} {hour}"
    return f"{hours} {hour} {rest} {minute}" if hours else f"{rest} {minute}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
