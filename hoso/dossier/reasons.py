"""Why a paper serves again or is asked for: stable codes, and sentences a clerk can say aloud."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Reason(StrEnum):
    """Why; stable, so that programs and reports may rely on it."""

    VALID_UNTIL = "valid_until"
    VALID_UNTIL_CHANGE = "valid_until_change"
    VALID_UNLIMITED = "valid_unlimited"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    NOT_HANDED_OVER = "not_handed_over"
    PRESENTED_ONLY = "presented_only"
    PER_DOSSIER = "per_dossier"
    PURPOSE_BOUND = "purpose_bound"
    WRONG_SCOPE = "wrong_scope"
    ORIGINAL_DEMANDED = "original_demanded"
    ILLEGIBLE = "illegible"
    TRUST_TOO_LOW = "trust_too_low"
    ISSUED_LATER = "issued_later"
    END_UNKNOWN = "end_unknown"
    EXPIRED = "expired"
    NEVER_HELD = "never_held"


def sentence_for(reason: Reason, language: str, *, until: date | None, law: str) -> str:
    """The reason in `vi` or `en`, with its last day or its law where it names one."""
    said = _SENTENCES["en" if language == "en" else "vi"][reason]
    return said.format(until=f"{until:%d/%m/%Y}" if until else "", law=law)


_SENTENCES: Mapping[str, Mapping[Reason, str]] = {
    "vi": {
        Reason.VALID_UNTIL: "Đã có, dùng lại được đến hết ngày {until}.",
        Reason.VALID_UNTIL_CHANGE: "Đã có, dùng lại được đến khi nội dung thay đổi.",
        Reason.VALID_UNLIMITED: "Đã có, dùng lại được, không thời hạn.",
        Reason.REVOKED: "Giấy đang lưu đã bị thu hồi hoặc hủy. Đề nghị nộp giấy mới.",
        Reason.SUPERSEDED: "Giấy đang lưu đã được thay bằng bản mới. Đề nghị nộp bản mới.",
        Reason.DUPLICATE: "Đây là bản quét trùng. Hãy dùng bản quét kia của cùng giấy tờ.",
        Reason.NOT_HANDED_OVER: "Kết quả này chưa trả cho người dân nên chưa dùng lại được.",
        Reason.PRESENTED_ONLY: "Chỉ xuất trình để đối chiếu, không nộp và không lưu.",
        Reason.PER_DOSSIER: "Lập mới cho mỗi hồ sơ. Đề nghị nộp cho hồ sơ này.",
        Reason.PURPOSE_BOUND: "Giấy đang lưu cấp cho mục đích khác. Đề nghị nộp giấy mới.",
        Reason.WRONG_SCOPE: "Giấy đang lưu không có giá trị tại cơ quan này. Đề nghị nộp giấy mới.",
        Reason.ORIGINAL_DEMANDED: "Phải nộp bản chính theo {law}. Đề nghị nộp bản chính.",
        Reason.ILLEGIBLE: "Bản đang lưu không đọc được. Đề nghị nộp lại để quét lại.",
        Reason.TRUST_TOO_LOW: "Bản đang lưu chưa được đối chiếu với bản chính. Đề nghị xuất trình.",
        Reason.ISSUED_LATER: "Giấy đang lưu ghi ngày cấp sau hôm nay. Hãy kiểm tra lại.",
        Reason.END_UNKNOWN: "Chưa rõ giấy đang lưu có hạn đến ngày nào. Hãy nhập ngày cấp.",
        Reason.EXPIRED: "Giấy đang lưu đã hết hạn ngày {until}. Đề nghị nộp giấy mới.",
        Reason.NEVER_HELD: "Chưa có trong kho. Đề nghị nộp.",
    },
    "en": {
        Reason.VALID_UNTIL: "Held; can be used again until the end of {until}.",
        Reason.VALID_UNTIL_CHANGE: "Held; can be used again until what it says changes.",
        Reason.VALID_UNLIMITED: "Held; can be used again without limit.",
        Reason.REVOKED: "The paper held was revoked or annulled. Ask for a new one.",
        Reason.SUPERSEDED: "A newer version has taken the place of the paper held. Ask for that.",
        Reason.DUPLICATE: "This is a second scan. Use the other scan of the same paper.",
        Reason.NOT_HANDED_OVER: "This result was not handed over yet and cannot be used again.",
        Reason.PRESENTED_ONLY: "Only presented for comparison; neither handed in nor kept.",
        Reason.PER_DOSSIER: "Made anew for every dossier. Ask for this dossier's own.",
        Reason.PURPOSE_BOUND: "The paper held is for another purpose. Ask for a new one.",
        Reason.WRONG_SCOPE: "The paper held is not valid at this agency. Ask for a new one.",
        Reason.ORIGINAL_DEMANDED: "The original is demanded by {law}. Ask for it.",
        Reason.ILLEGIBLE: "The copy held cannot be read. Ask for the paper and scan it again.",
        Reason.TRUST_TOO_LOW: "Nobody compared the copy held with its original. Ask to see it.",
        Reason.ISSUED_LATER: "Its day of issue is yet to come. Check the date of the paper held.",
        Reason.END_UNKNOWN: "Nobody has read until when it is valid. Enter its dates.",
        Reason.EXPIRED: "The paper held expired on {until}. Ask for a new one.",
        Reason.NEVER_HELD: "Not held. Ask for it.",
    },
}
