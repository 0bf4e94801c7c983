"""Which two papers are worth asking about, and what follows from an answer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoso.dossier.duplicates import (
    Evidence,
    Paper,
    Point,
    Scan,
    compare,
    is_worth_asking,
    newer_replaces,
    newer_stays,
)
from hoso.dossier.trust import Trust
from hoso.imaging.findings import Verdict
from hoso.imaging.likeness import distance

FORM = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập Tự do Hạnh phúc GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN "
    "Xét đề nghị của ông bà về việc cấp giấy xác nhận tình trạng hôn nhân xác nhận họ chữ đệm tên "
)
LANS = FORM + "Nguyễn Thị Lan sinh ngày 14/03/1985 số 001185012345 cấp ngày 02/11/2026 số 131"
LANS_AGAIN = FORM.replace("ĐỘC", "ĐỌC") + (
    "Nguyên Thị Lan sinh ngày 14/03/1985 số 001185012345 cấp ngày 02/11/2026 số 131"
)
RENEWED = FORM + "Nguyễn Thị Lan sinh ngày 14/03/1985 số 001185012345 cấp ngày 17/06/2024 số 87"
HUNGS = FORM + "Trần Văn Hùng sinh ngày 25/09/1988 số 037088004321 cấp ngày 05/10/2026 số 118"
PICTURE, ANOTHER = "0f" * 32, "3c" * 32
SLIGHTLY_OTHER = "0e" * 8 + "0f" * 24  # eight bits of 255


def a_paper(
    text: str = LANS,
    *,
    picture: str | None = PICTURE,
    pages: int = 1,
    number: str | None = None,
    issued_on: date | None = None,
    kind: str = "marital_status_certificate",
) -> Paper:
    return Paper(kind, pages, (picture,) if picture else (), text, number, issued_on)


NOVEMBER, JUNE = date(2026, 11, 2), date(2024, 6, 17)


@pytest.mark.parametrize(
    ("newer", "asked"),
    [
        # the same paper
        (a_paper(), True),
        (a_paper(LANS_AGAIN, picture=SLIGHTLY_OTHER), True),
        (a_paper(LANS_AGAIN, picture=ANOTHER), True),  # photographed: only its words are the same
        (a_paper(LANS, picture=None), True),  # read before there were fingerprints
        (a_paper("", picture=SLIGHTLY_OTHER), True),  # not one word could be read
        (a_paper(LANS, kind="other_kind"), True),  # filed as something else
        (a_paper(LANS * 2, pages=2), True),  # now with the page that was forgotten
        # the same form, filled in otherwise
        (a_paper(HUNGS), False),
        (a_paper(HUNGS, picture=SLIGHTLY_OTHER), False),
        (a_paper(RENEWED, number="87/UBND", issued_on=JUNE), False),
        (a_paper(LANS, number="87/UBND", issued_on=JUNE), False),
        # the same number on a paper that says something else: a version, or a misread number
        (a_paper(RENEWED, number="131/UBND"), True),
        (a_paper(LANS, number="132/UBND", issued_on=NOVEMBER), True),
        (a_paper("", picture=None, number="131 / ubnd", issued_on=NOVEMBER), True),
        # nothing to go by
        (a_paper("", picture=None), False),
        (a_paper("", picture=ANOTHER), False),
        (a_paper("", picture=None, number="131/UBND"), False),
    ],
)
def test_what_is_asked_about(newer: Paper, *, asked: bool) -> None:
    older = a_paper(number="131/UBND", issued_on=NOVEMBER)

    assert is_worth_asking(compare(newer, older)) is asked


def test_what_agrees_and_what_differs_is_named() -> None:
    older = a_paper(number="131/UBND", issued_on=NOVEMBER)

    found = compare(a_paper(RENEWED, number="131/UBND", issued_on=JUNE, pages=2), older)

    assert found.agrees == (Point.PICTURES, Point.WORDS, Point.NUMBER, Point.KIND)
    assert found.differs == (Point.FIGURES, Point.ISSUED_ON, Point.PAGES)


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("131/UBND-XNTTHN", True),
        ("131 / ubnd-xntthn", True),
        ("137/UBND-XNTTHN", None),  # one letter may be misread
        ("87/UBND-XNTTHN", False),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_compared_as_readers_see_them(number: str | None, *, same: bool | None) -> None:
    found = compare(a_paper(number=number), a_paper(number="131/UBND-XNTTHN"))

    said = {True: found.agrees, False: found.differs}
    assert [Point.NUMBER in points for points in said.values()] == [same is True, same is False]


texts = st.sampled_from([LANS, LANS_AGAIN, RENEWED, HUNGS, "", "131"])
papers = st.builds(
    Paper,
    kind=st.sampled_from(["birth_certificate", "birth_extract"]),
    pages=st.integers(0, 3),
    pictures=st.lists(st.sampled_from([PICTURE, SLIGHTLY_OTHER, ANOTHER]), max_size=3).map(tuple),
    text=texts,
    number=st.none() | st.sampled_from(["131/UBND", "137/UBND", "87/UBND", "-"]),
    issued_on=st.none() | st.sampled_from([NOVEMBER, JUNE]),
)


@given(papers, papers)
def test_it_does_not_matter_which_came_first(one: Paper, other: Paper) -> None:
    assert compare(one, other) == compare(other, one)


@given(papers)
def test_nothing_in_a_paper_differs_from_itself(paper: Paper) -> None:
    assert compare(paper, paper).differs == ()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    assert isinstance(compare(a_paper(one), a_paper(other, number=one)), Evidence)


def test_the_distance_of_fingerprints_is_the_share_of_bits() -> None:
    assert distance(PICTURE, PICTURE) == 0
    assert distance(PICTURE, SLIGHTLY_OTHER) == pytest.approx(8 / 255)


@pytest.mark.parametrize(
    ("newer", "older", "newer_stays_in_use"),
    [
        (Scan(Trust.COMPARED), Scan(Trust.COMPARED), False),
        (Scan(Trust.COMPARED), Scan(Trust.KEYED), True),
        (Scan(Trust.KEYED), Scan(Trust.COMPARED), False),
        (Scan(Trust.COMPARED), Scan(Trust.COMPARED, legible=False), True),
        (Scan(Trust.COMPARED), Scan(Trust.COMPARED, verdict=Verdict.RESCAN), True),
        (Scan(Trust.COMPARED, verdict=Verdict.READABLE), Scan(Trust.COMPARED), False),
        (Scan(Trust.KEYED), Scan(Trust.COMPARED, verdict=Verdict.RESCAN), False),
        # a revoked paper is not brought back by scanning it once more
        (Scan(Trust.E_SIGNED), Scan(Trust.KEYED, spoken_against=True), False),
        (Scan(Trust.KEYED, spoken_against=True), Scan(Trust.E_SIGNED), True),
    ],
)
def test_which_of_two_scans_stays_in_use(
    newer: Scan, older: Scan, *, newer_stays_in_use: bool
) -> None:
    assert newer_stays(newer, older) is newer_stays_in_use


@pytest.mark.parametrize(
    ("newer", "older", "replaces"),
    [
        (None, None, True),
        (NOVEMBER, None, True),
        (None, NOVEMBER, True),
        (NOVEMBER, JUNE, True),
        (JUNE, NOVEMBER, False),
    ],
)
def test_an_old_version_may_be_handed_in_after_a_new_one(
    newer: date | None, older: date | None, *, replaces: bool
) -> None:
    assert newer_replaces(newer, older) is replaces
