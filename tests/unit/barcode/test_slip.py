"""The slip says what it must, reads back when worn, and no catalogue text breaks it."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageFont

from hoso.barcode.code import DossierCode, LegalQr, TrackingLink, interpret
from hoso.barcode.read import read_codes
from hoso.barcode.slip import (
    SLIP_TEMPLATE,
    SlipComponent,
    SlipData,
    legal_qr_text,
    slip_pdf,
    slip_png,
    verify_slip,
    vietnamese_moment,
)
from hoso.barcode.typeset import FONTS_DIR
from hoso.clock import OFFICE_ZONE
from hoso.errors import FormTemplateBroken, SlipUnreadable
from tests.disks import small_disk
from tests.unit.barcode.pictures import scanned, worn

CODE = DossierCode.make("H57.22.10", date(2026, 11, 23), 1)
RECEIVED = datetime(2026, 11, 23, 8, 5, tzinfo=OFFICE_ZONE)
DUE = RECEIVED + timedelta(days=3)
TRACKING = "https://dichvucong.example.vn/track/9fK2xQ7LmA0bT3cZ5wYh1g"
LEGAL = legal_qr_text(
    code=CODE,
    procedure_code="1.001193",
    person_number="038085001245",
    issued_at=RECEIVED,
    due_at=DUE,
)
ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
VOWELS = "aăâeêioôơuưy"
MARKS = "\u0300\u0301\u0303\u0309\u0323"


def a_slip(rows: int = 2) -> SlipData:
    names = ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh", "Giấy chứng nhận kết hôn của cha, mẹ")
    return SlipData(
        code=CODE,
        superior="Ủy ban nhân dân xã Quảng Yên",
        agency="Trung tâm Phục vụ hành chính công",
        place="Quảng Yên",
        procedure_name="Đăng ký khai sinh",
        procedure_code="1.001193",
        owner="Nguyễn Thị Thùy Dương",
        submitter="Nguyễn Hữu Phước",
        address="Thôn Yên Thành, xã Quảng Yên, tỉnh Thanh Hóa",
        phone="0912 345 678",
        email="phuoc@example.vn",
        person_number="0380********45",
        components=[
            SlipComponent(name=names[row % 3], originals=row % 2, copies=1, reused=row % 3 == 2)
            for row in range(rows)
        ],
        limit="03 ngày làm việc",
        received_at=RECEIVED,
        due_at=DUE,
        return_place="Trung tâm Phục vụ hành chính công xã Quảng Yên",
        receiver="Trần Thị Lan",
        receiver_phone="0237 3 821 000",
        legal_text=LEGAL,
        tracking_url=TRACKING,
    )


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def text_of(pdf: bytes) -> str:
    printed = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)  # noqa: PLW1510  # an error shows in the text
    return " ".join(printed.stdout.decode().split())


def verify(pdf: bytes, data: SlipData) -> None:
    verify_slip(pdf, code=data.code, tracking_url=data.tracking_url, legal_text=data.legal_text)


def test_a_slip_says_what_the_form_asks_for() -> None:
    text = text_of(slip_pdf(a_slip(3)))
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: H57.22.10-261123-0001",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Thùy Dương",
        "Đăng ký khai sinh (mã 1.001193)",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "4. Thời gian nhận hồ sơ: 08 giờ 05 phút, ngày 23 tháng 11 năm 2026",
        "08 giờ 05 phút, ngày 26 tháng 11 năm 2026",
        "Tái sử dụng",
        "Tra cứu",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ):
        assert said in text


def test_a_fresh_slip_reads_back() -> None:
    verify(slip_pdf(a_slip()), a_slip())


def test_a_slip_is_read_back_with_the_disk_for_temporary_files_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "temp", kibibytes=64) as full:
        (full / "ballast").write_bytes(bytes(shutil.disk_usage(full).free))
        monkeypatch.setattr("tempfile.tempdir", str(full))

        verify(slip_pdf(a_slip()), a_slip())


@pytest.mark.parametrize("wrong", ["code", "tracking_url", "legal_text"])
def test_a_slip_of_another_dossier_does_not_pass(wrong: str) -> None:
    facts = {"code": CODE, "tracking_url": TRACKING, "legal_text": LEGAL}
    facts[wrong] = DossierCode.make("H57", date(2026, 1, 1), 2) if wrong == "code" else "x"
    with pytest.raises(SlipUnreadable, match="not offered for printing"):
        verify_slip(slip_pdf(a_slip()), **facts)  # type: ignore[arg-type]  # one value is wrong


def test_a_worn_slip_at_150_dpi_still_reads() -> None:
    page = worn(scanned(slip_pdf(a_slip()), 150), degrees=2, noise=8, quality=60)
    meanings = {interpret(code.symbology, code.text) for code in read_codes(page, 150)}
    assert meanings == {CODE, LegalQr(CODE), TrackingLink("9fK2xQ7LmA0bT3cZ5wYh1g")}


@pytest.mark.parametrize(("rows", "pages"), [(1, 1), (2, 1), (8, 1), (15, 2), (60, 4)])
def test_the_table_flows_as_far_as_it_must(rows: int, pages: int) -> None:
    data = a_slip(rows)
    pdf = slip_pdf(data)
    assert pages_of(pdf) <= pages
    verify(pdf, data)


def test_the_longest_name_of_the_catalogue_is_cut_and_nothing_breaks() -> None:
    long = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở " * 130
    data = replace(
        a_slip(),
        procedure_name=long,
        owner=long,
        address=long,
        agency=long,
        superior=long,
        return_place=long,
        receiver=long,
        components=[SlipComponent(name=long, originals=1)] * 12,
    )
    pdf = slip_pdf(data)
    assert pages_of(pdf) <= 4
    assert "…" in text_of(pdf)
    verify(pdf, data)


@pytest.mark.parametrize(
    "code", ["G22.99.08-260921-896048", "000.00.12.H62-201105-0004", "000.00.12.H62-201105-000412"]
)
def test_the_longest_codes_in_use_fit(code: str) -> None:
    data = replace(a_slip(), code=DossierCode.parse(code))
    verify(slip_pdf(data), data)


def test_a_long_tracking_address_fits() -> None:
    data = replace(a_slip(), tracking_url=f"https://{'dich-vu-cong.' * 8}vn/track/{'a' * 43}")
    verify(slip_pdf(data), data)


def test_names_are_words_never_markup() -> None:
    text = text_of(slip_pdf(replace(a_slip(), owner='#panic("x") *A* $1 [b] <c>')))
    assert '#panic("x") *A* $1 [b] <c>' in text


def test_a_name_in_another_script_does_not_keep_the_slip_from_being_printed() -> None:
    assert "? Wei ?" in text_of(slip_pdf(replace(a_slip(), owner="李 Wei\u0007 😀\ud800")))


def test_empty_lines_are_left_out() -> None:
    data = replace(a_slip(), address="", phone="", email="", person_number="", superior="")
    text = text_of(slip_pdf(data))
    assert "Địa chỉ" not in text
    assert "Số điện thoại" not in text
    verify(slip_pdf(data), data)


def test_the_same_slip_gives_the_same_bytes() -> None:
    assert slip_pdf(a_slip(8)) == slip_pdf(a_slip(8))


def test_a_slip_is_pdf_a_of_a5_with_its_fonts_inside() -> None:
    pdf = slip_pdf(replace(a_slip(), received_at=RECEIVED.replace(microsecond=123456)))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert [round(float(side) / 72 * 25.4) for side in document.pages[0].mediabox] == [
            0,
            0,
            148,
            210,
        ]
        with document.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")


def test_a_preview_shows_the_first_page() -> None:
    with Image.open(BytesIO(slip_png(a_slip(15), dpi=100))) as picture:
        assert picture.size == pytest.approx((583, 827), abs=2)


def test_an_offices_own_template_is_used(tmp_path: Path) -> None:
    own = tmp_path / "own.typ"
    own.write_text(SLIP_TEMPLATE.read_text().replace("NGƯỜI NỘP HỒ SƠ", "CÔNG DÂN"))
    assert "CÔNG DÂN" in text_of(slip_pdf(a_slip(), template=own))


@pytest.mark.parametrize("source", ["#unknown()", None])
def test_a_broken_or_missing_template_is_named(source: str | None, tmp_path: Path) -> None:
    own = tmp_path / "own.typ"
    if source:
        own.write_text(source)
    with pytest.raises(FormTemplateBroken, match=r"own\.typ"):
        slip_pdf(a_slip(), template=own)


def test_a_template_that_hides_the_code_is_found_out(tmp_path: Path) -> None:
    own = tmp_path / "own.typ"
    own.write_text(SLIP_TEMPLATE.read_text().replace("drawn(data.barcode)", "[]"))
    with pytest.raises(SlipUnreadable, match="Code 128"):
        verify(slip_pdf(a_slip(), template=own), a_slip())


def test_the_legal_text_has_the_fields_of_the_law_in_order() -> None:
    assert LEGAL == (
        "H57.22.10-261123-0001|1.001193|038085001245|Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
        "|hoso|2026-11-23T08:05+07:00|2026-11-26T08:05+07:00"
    )


def test_a_field_cannot_break_out_of_the_legal_text() -> None:
    text = legal_qr_text(
        code=CODE, procedure_code="1|2", person_number="|", issued_at=RECEIVED, due_at=DUE
    )
    assert interpret("QRCode", text) == LegalQr(CODE)


def test_moments_are_said_on_the_offices_clock() -> None:
    utc = datetime.fromisoformat("2026-12-31T18:30:00+00:00")
    assert vietnamese_moment(utc) == "01 giờ 30 phút, ngày 01 tháng 01 năm 2027"


@pytest.mark.parametrize("style", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_every_vietnamese_letter_is_in_the_bundled_fonts(style: str) -> None:
    import unicodedata

    marked = [unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS]
    letters = "".join({*ALPHABET, *marked})
    font = ImageFont.truetype(FONTS_DIR / f"LiberationSerif-{style}.ttf", 24)
    missing = bytes(font.getmask("\uffff"))
    for letter in letters + letters.upper() + "–…“”₫°²":
        assert len(letter) == 1
        assert bytes(font.getmask(letter)) != missing
