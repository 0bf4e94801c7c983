"""The appointment slip (form 01), its legal QR, and the proof that it reads back.

The form's fixed words live in the template, which an office may replace; the values, the notes
and the order of the lines come from here. Field lists: production templates of the 2018 forms,
kept in 2025 by TT 03/2025/TT-VPCP.
"""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from hoso.barcode.code import DossierCode
from hoso.barcode.draw import Drawing, code128_width_mm, draw_code128, draw_qr
from hoso.barcode.read import read_codes
from hoso.barcode.typeset import TEMPLATES_DIR, as_input, printable, typeset_pdf, typeset_png
from hoso.clock import local
from hoso.errors import SlipUnreadable

SLIP_TEMPLATE = TEMPLATES_DIR / "slip.typ"
SLIP_TITLE = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
SYSTEM_NAME = "hoso"

# Left of the tracking QR on A5; a longer code gets narrower bars, down to a scanner's least.
_BARCODE_SPACE_MM = 104.0
_WIDEST_MODULE_MM, _NARROWEST_MODULE_MM = 0.33, 0.25
_BARCODE_HEIGHT_MM = 12.0
_VERIFY_DPI = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipComponent:
    """A row of the components table."""

    name: str
    originals: int = 0
    copies: int = 0
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipData:
    """Everything printed on a slip. Empty texts leave their line out.

    `person_number` is printed as given: masking it is the caller's choice. Times are aware;
    they are printed in the office's zone. `limit` is the time allowed, in words (03 ngày làm việc).
    """

    code: DossierCode
    superior: str = ""
    agency: str
    place: str
    procedure_name: str
    procedure_code: str
    owner: str
    submitter: str
    address: str = ""
    phone: str = ""
    email: str = ""
    person_number: str = ""
    components: Sequence[SlipComponent]
    sets: int = 1
    limit: str
    received_at: datetime
    due_at: datetime
    return_place: str
    receiver: str
    receiver_phone: str = ""
    copy: str = ""
    legal_text: str
    tracking_url: str


def legal_qr_text(
    *,
    code: DossierCode,
    procedure_code: str,
    person_number: str,
    issued_at: datetime,
    due_at: datetime,
    paper_name: str = SLIP_TITLE,
    system_name: str = SYSTEM_NAME,
) -> str:
    """The legal QR's minimum data and the appointment (TT 01/2023/TT-VPCP), in UTF-8.

    Seven fields in the order of the law, separated by `|`:
    dossier code | procedure code | person's number | paper's name | system's name |
    published | appointment. Times are local, to the minute, ISO 8601 with their offset.
    """
    times = [local(moment).isoformat(timespec="minutes") for moment in (issued_at, due_at)]
    fields = [str(code), procedure_code, person_number, paper_name, system_name, *times]
    return "|".join(printable(value.replace("|", "/"), at_most=80) for value in fields)


def slip_pdf(data: SlipData, *, template: Path | None = None) -> bytes:
    """The slip as PDF/A-2b, A5; the same data give the same bytes.

    Raises `FormTemplateBroken`.
    """
    return typeset_pdf(template or SLIP_TEMPLATE, _template_input(data), at=data.received_at)


def slip_png(data: SlipData, *, template: Path | None = None, dpi: float = 150) -> bytes:
    """The slip's first page as a picture. Raises `FormTemplateBroken`."""
    return typeset_png(template or SLIP_TEMPLATE, _template_input(data), dpi=dpi)


def verify_slip(pdf: bytes, *, code: DossierCode, tracking_url: str, legal_text: str) -> None:
    """Read the slip's first page as a scanner would see it.

    Raises `SlipUnreadable` unless barcode, tracking QR and legal QR all come back exactly.
    """
    page = _first_page(pdf)
    read = {(found.symbology, found.text) for found in read_codes(np.asarray(page), _VERIFY_DPI)}
    promised = {
        "Code 128": ("Code128", str(code)),
        "QR tra cứu": ("QRCode", tracking_url),
        "QR pháp lý": ("QRCode", legal_text),
    }
    missing = [name for name, symbol in promised.items() if symbol not in read]
    if missing:
        raise SlipUnreadable(missing=", ".join(missing))


def _first_page(pdf: bytes) -> Image.Image:
    """Drawn by Poppler, through pipes alone."""
    # pdf2image would write the PDF to the disk first: a full one must not keep slips from people.
    drawing = ["pdftoppm", "-r", str(_VERIFY_DPI), "-f", "1", "-l", "1", "-gray", "-"]
    drawn = subprocess.run(drawing, input=pdf, capture_output=True, check=False)
    if not drawn.stdout:
        raise SlipUnreadable(missing="PDF")
    return Image.open(io.BytesIO(drawn.stdout))


def vietnamese_moment(moment: datetime) -> str:
    """`08 giờ 05 phút, ngày 22 tháng 11 năm 2026`, on the office's clock."""
    return local(moment).strftime("%H giờ %M phút, ngày %d tháng %m năm %Y")


def _template_input(data: SlipData) -> dict[str, Any]:
    received = local(data.received_at)
    return {
        "title": SLIP_TITLE,
        "code": str(data.code),
        "superior": printable(data.superior, at_most=120),
        "agency": printable(data.agency, at_most=120),
        "copy": printable(data.copy, at_most=60),
        "place_and_day": printable(data.place, at_most=60)
        + received.strftime(", ngày %d tháng %m năm %Y"),
        "barcode": as_input(_barcode(data.code)),
        "legal_qr": as_input(draw_qr(data.legal_text)),
        "tracking_qr": as_input(draw_qr(data.tracking_url)),
        "fields": _fields(data),
        "components": [_row(component) for component in data.components],
        "lines": _lines(data),
        "notes": _NOTES,
        "submitter": printable(data.submitter, at_most=80),
        "receiver": printable(data.receiver, at_most=80),
        "receiver_phone": _labelled("Điện thoại", data.receiver_phone),
    }


_NOTES = (
    "Hồ sơ có thể được giải quyết xong sớm hơn ngày hẹn; khi đó cơ quan sẽ báo cho người nộp.",
    "Khi nhận kết quả, đề nghị mang theo giấy này; người nhận thay mang thêm giấy ủy quyền.",
)


def _barcode(code: DossierCode) -> Drawing:
    module_mm = _BARCODE_SPACE_MM / code128_width_mm(str(code), 1.0)
    module_mm = min(_WIDEST_MODULE_MM, max(_NARROWEST_MODULE_MM, module_mm))
    return draw_code128(str(code), module_mm=module_mm, height_mm=_BARCODE_HEIGHT_MM)


def _fields(data: SlipData) -> list[tuple[str, str]]:
    labelled = (
        ("Tiếp nhận hồ sơ của", data.owner),
        ("Người nộp hồ sơ", data.submitter),
        ("Địa chỉ", data.address),
        ("Số điện thoại", _joined(data.phone, data.email and f"Email: {data.email}")),
        ("Số định danh cá nhân/Hộ chiếu/Mã số thuế", data.person_number),
        ("Nội dung yêu cầu giải quyết", f"{data.procedure_name} (mã {data.procedure_code})"),
    )
    return [(label, printable(value)) for label, value in labelled if value]


def _row(component: SlipComponent) -> dict[str, str]:
    return {
        "name": printable(component.name),
        "originals": str(component.originals or ""),
        "copies": str(component.copies or ""),
        "note": "Tái sử dụng" if component.reused else "",
    }


def _lines(data: SlipData) -> list[tuple[str, str]]:
    """Lines 2 to 6; the first is the table."""
    return [
        ("Số lượng hồ sơ", f"{data.sets:02d} (bộ)"),
        ("Thời gian giải quyết hồ sơ theo quy định là", printable(data.limit, at_most=160)),
        ("Thời gian nhận hồ sơ", vietnamese_moment(data.received_at)),
        ("Thời gian trả kết quả giải quyết hồ sơ", vietnamese_moment(data.due_at)),
        ("Đăng ký nhận kết quả tại", printable(data.return_place, at_most=200)),
    ]


def _joined(*texts: str) -> str:
    return " – ".join(text for text in texts if text)


def _labelled(label: str, value: str) -> str:
    return printable(f"{label}: {value}", at_most=80) if value else ""
