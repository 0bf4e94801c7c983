"""Who issued a paper, from the words on it."""

import pytest

from hoso.ocr.fields import FieldKey, read_fields
from hoso.ocr.words import Word
from tests.paper.people import dice
from tests.paper.render import ALL_KINDS, draw_family, read_perfectly

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
ABOVE_THE_MOTTO = [
    "birth_attestation", "marital_status_certificate", "divorce_decision", "birth_extract",
    "residence_confirmation", "health_certificate", "death_extract", "cadastral_map_extract",
    "civil_status_correction_extract", "household_business_certificate", "document_to_certify",
    "poor_household_certificate", "social_allowance_decision", "enterprise_certificate",
    "criminal_record_certificate",
]  # fmt: skip


def issuer(*lines: str) -> str | None:
    words = [
        Word(word, 0.95, 60 + 50 * at, 40 + 20 * number, 45, 10, number)
        for number, line in enumerate(lines)
        for at, word in enumerate(line.split())
    ]
    found = [each for each in read_fields([words], None) if each.key is FieldKey.ISSUER]
    return found[0].value if found else None


@pytest.mark.parametrize("seed", [3, 11])
@pytest.mark.parametrize("kind", ABOVE_THE_MOTTO)
def test_the_agency_above_the_motto_issued_the_paper(kind: str, seed: int) -> None:
    _, pages = read_perfectly(kind, seed)
    agency = ALL_KINDS[kind](draw_family(seed), dice(kind, seed)).values["agency"]

    found = [each for each in read_fields(pages, kind) if each.key is FieldKey.ISSUER]

    assert [each.value for each in found] == [" ".join(" ".join(agency).split())]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("ỦY BAN NHÂN DÂN", "XÃ HOA LƯ", *MOTTO, "Số: 1/UBND"), "ỦY BAN NHÂN DÂN XÃ HOA LƯ"),
        (("UY BAN NHÂN DẤN", "XÃ HOA LU", *MOTTO), "UY BAN NHÂN DẤN XÃ HOA LU"),
        (("Mẫu CT07", "CÔNG AN XÃ HOA LƯ", *MOTTO), "CÔNG AN XÃ HOA LƯ"),
        ((*MOTTO, "GIẤY KHAI SINH", "Nơi đăng ký khai sinh: UBND xã Hoa Lư"), "UBND xã Hoa Lư"),
        ((*MOTTO, "THỦ TƯỚNG CHÍNH PHỦ", "TỔ QUỐC GHI CÔNG"), "THỦ TƯỚNG CHÍNH PHỦ"),
        ((*MOTTO, "TỜ KHAI ĐĂNG KÝ KHAI SINH", "Kính gửi: UBND xã Hoa Lư"), None),
        (("nhưng chưa có cơ quan cấp nào",), None),
        ((), None),
    ],
)
def test_who_issued_it_is_found_where_papers_say_so(
    lines: tuple[str, ...], expected: str | None
) -> None:
    assert issuer(*lines) == expected
