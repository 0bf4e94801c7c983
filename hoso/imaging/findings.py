"""What may be wrong with a page's picture, and what the person at the scanner should do."""

from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Whether a page's picture will do; the later one is the worse."""

    GOOD = "good"
    READABLE = "readable"
    RESCAN = "rescan"


class Finding(StrEnum):
    """Something about a page's picture that makes it hard to read."""

    TOO_FEW_PIXELS = "too_few_pixels"
    BLURRED = "blurred"
    FAINT = "faint"
    TOO_DARK = "too_dark"
    UNEVEN_LIGHT = "uneven_light"
    SKEWED = "skewed"
    CUT_OFF = "cut_off"
    SEAL_OVER_TEXT = "seal_over_text"
    CODE_UNREAD = "code_unread"


VERDICTS: Final = {
    "vi": {
        Verdict.GOOD: "Ảnh quét tốt",
        Verdict.READABLE: "Đọc được, chưa rõ",
        Verdict.RESCAN: "Cần quét lại",
    },
    "en": {
        Verdict.GOOD: "Good scan",
        Verdict.READABLE: "Readable, not clear",
        Verdict.RESCAN: "Scan again",
    },
}

SENTENCES: Final = {
    "vi": {
        Finding.TOO_FEW_PIXELS: "Độ phân giải quá thấp. Hãy quét lại ở 300 dpi.",
        Finding.BLURRED: (
            "Chữ bị mờ nhòe. Hãy lau mặt kính, ép phẳng giấy rồi quét lại; "
            "nếu chụp ảnh, hãy giữ chắc tay."
        ),
        Finding.FAINT: (
            "Chữ quá nhạt. Hãy tăng độ tương phản hoặc giảm độ sáng của máy quét rồi quét lại."
        ),
        Finding.TOO_DARK: "Ảnh quá tối. Hãy tăng độ sáng của máy quét, hoặc chụp ở nơi sáng hơn.",
        Finding.UNEVEN_LIGHT: (
            "Ánh sáng không đều. Hãy đậy kín nắp máy quét, hoặc chụp ở nơi không có bóng."
        ),
        Finding.SKEWED: "Trang bị lệch. Hãy đặt giấy sát mép rồi quét lại.",
        Finding.CUT_OFF: (
            "Chữ chạm mép ảnh, có thể bị cắt mất. Hãy đặt cả trang vào khung rồi quét lại."
        ),
        Finding.SEAL_OVER_TEXT: "Con dấu đè lên chữ. Hãy đối chiếu phần chữ dưới dấu với bản giấy.",
        Finding.CODE_UNREAD: (
            "Có mã vạch không đọc được. Hãy quét lại trang này, "
            "hoặc xem có phải tờ phân cách hay giấy hẹn không."
        ),
    },
    "en": {
        Finding.TOO_FEW_PIXELS: "The resolution is too low. Scan again at 300 dpi.",
        Finding.BLURRED: (
            "The letters are blurred. "
            "Wipe the glass, press the paper flat and scan again; hold a camera still."
        ),
        Finding.FAINT: (
            "The letters are too faint. "
            "Raise the scanner's contrast or lower its brightness and scan again."
        ),
        Finding.TOO_DARK: (
            "The picture is too dark. "
            "Raise the scanner's brightness, or find more light for a photo."
        ),
        Finding.UNEVEN_LIGHT: (
            "The light is uneven. Close the scanner's lid, or take the photo where no shadow falls."
        ),
        Finding.SKEWED: "The page lies askew. Align it with the edge and scan again.",
        Finding.CUT_OFF: (
            "Letters touch the edge and may be cut off. "
            "Get the whole page into the frame and scan again."
        ),
        Finding.SEAL_OVER_TEXT: "A seal covers letters. Compare what is under it with the paper.",
        Finding.CODE_UNREAD: (
            "A barcode could not be read. Scan this page again, "
            "or see whether it is a separator or a slip."
        ),
    },
}
