"""What holds of every stack, however it was put together."""

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from hoso.barcode.code import (
    CitizenCardQr,
    DossierCode,
    Foreign,
    LegalQr,
    SeparatorLabel,
    TrackingLink,
)
from hoso.scanner_ingest.split import SeenPage, split_pages
from tests.unit.scanner_ingest.stacks import (
    BIRTH,
    BLANK,
    KNOWN,
    LAND,
    MARRIAGE,
    OTHER,
    OURS,
    PAPER,
    SHEET_OF_UNKNOWN_DOSSIER,
    STRANGE,
    UNKNOWN_SHEET,
    WORN_SLIP,
    Look,
    sheet,
    slip,
    stack,
    stamped,
)

TYPES = st.sampled_from([BIRTH, MARRIAGE, LAND])
CODES = st.sampled_from([OURS, OTHER, STRANGE])
LOOKS = st.one_of(
    st.just(PAPER),
    st.just(BLANK),
    st.builds(sheet, TYPES, st.sampled_from([None, OURS, OTHER])),
    st.builds(slip, CODES),
    st.builds(stamped, CODES),
    st.sampled_from(
        [
            UNKNOWN_SHEET,
            SHEET_OF_UNKNOWN_DOSSIER,
            WORN_SLIP,
            sheet(BIRTH).with_code(*sheet(LAND).meanings),
            slip(OURS).with_code(OTHER),
            PAPER.with_code(Foreign("https://example.vn")),
            PAPER.with_code(CitizenCardQr("")),
        ]
    ),
)
STACKS = st.lists(LOOKS, max_size=14)
GIVEN_TYPES = st.one_of(st.none(), TYPES)
GIVEN_DOSSIERS = st.sampled_from([None, OURS, OTHER])


@given(looks=STACKS, given_type=GIVEN_TYPES, given_dossier=GIVEN_DOSSIERS)
def test_every_page_stands_in_exactly_one_place(
    looks: list[Look], given_type: str | None, given_dossier: DossierCode | None
) -> None:
    split = split_pages(stack(*looks), KNOWN, given_type=given_type, given_dossier=given_dossier)

    filed = [place for cut in split.components for place in cut.pages]
    stands = Counter([*filed, *split.guides, *split.unclaimed, *split.blanks, *split.cards])
    assert stands == Counter(range(1, len(looks) + 1))


@given(looks=STACKS, given_type=GIVEN_TYPES, given_dossier=GIVEN_DOSSIERS)
def test_a_component_is_of_the_type_that_the_last_sheet_before_it_names(
    looks: list[Look], given_type: str | None, given_dossier: DossierCode | None
) -> None:
    pages = stack(*looks)

    split = split_pages(pages, KNOWN, given_type=given_type, given_dossier=given_dossier)

    for cut in split.components:
        guide = _last_guide(pages[: cut.pages[-1]])
        assert cut.type == (_type_named_on(guide) if guide else given_type)


@given(looks=STACKS, given_type=GIVEN_TYPES, given_dossier=GIVEN_DOSSIERS)
@example([SHEET_OF_UNKNOWN_DOSSIER, UNKNOWN_SHEET, sheet(BIRTH), PAPER], None, OURS)
@example([sheet(BIRTH), PAPER, slip(OTHER), stamped(OURS)], None, None)
def test_a_component_goes_to_the_dossier_that_was_named_last_before_it(
    looks: list[Look], given_type: str | None, given_dossier: DossierCode | None
) -> None:
    pages = stack(*looks)

    split = split_pages(pages, KNOWN, given_type=given_type, given_dossier=given_dossier)

    for cut in split.components:
        named = [name for page in pages[: cut.pages[-1]] for name in _dossiers_named_on(page)]
        first = given_dossier or _only_dossier(pages)
        assert cut.dossier == (named[-1] if named else first)


@given(looks=STACKS, given_dossier=st.sampled_from([OURS, OTHER]))
def test_nothing_goes_to_another_dossier_than_the_clerk_said(
    looks: list[Look], given_dossier: DossierCode
) -> None:
    split = split_pages(stack(*looks), KNOWN, given_dossier=given_dossier)

    assert {cut.dossier for cut in split.components} <= {given_dossier}


@given(looks=STACKS, given_type=GIVEN_TYPES, given_dossier=GIVEN_DOSSIERS)
@example([sheet(BIRTH), PAPER, PAPER.with_code(CitizenCardQr(""))], None, None)
def test_neither_a_card_nor_what_lies_beside_one_is_part_of_any_paper(
    looks: list[Look], given_type: str | None, given_dossier: DossierCode | None
) -> None:
    pages = stack(*looks)
    split = split_pages(pages, KNOWN, given_type=given_type, given_dossier=given_dossier)

    cards = {p.place for p in pages if any(isinstance(m, CitizenCardQr) for m in p.meanings)}
    inked = {page.place for page in pages if not page.blank}
    touched = cards | {place + step for place in cards for step in (-1, 1)}
    filed = {place for cut in (*split.components, *split.interrupted) for place in cut.pages}
    assert not filed & touched & inked
    assert not filed & cards
    assert set(split.cards) <= cards
    assert set(split.beside_cards) <= set(split.unclaimed)
    assert {place for cut in split.interrupted for place in cut.pages} <= set(split.unclaimed)


def _last_guide(pages: list[SeenPage]) -> SeenPage | None:
    return next((page for page in reversed(pages) if _is_guide(page)), None)


def _is_guide(page: SeenPage) -> bool:
    return bool(_dossiers_named_on(page)) or any(
        isinstance(meaning, SeparatorLabel) for meaning in page.meanings
    )


def _type_named_on(page: SeenPage) -> str:
    (number,) = {m.sheet_number for m in page.meanings if isinstance(m, SeparatorLabel)}
    return KNOWN.types[number]


def _dossiers_named_on(page: SeenPage) -> list[DossierCode | None]:
    """Dossiers that a slip or sheet names (None: one that nobody knows)."""
    slips = [m.dossier_code for m in page.meanings if isinstance(m, LegalQr)]
    numbers = [m.dossier_number for m in page.meanings if isinstance(m, SeparatorLabel)]
    return [*slips, *(KNOWN.dossiers.get(number) for number in numbers if number is not None)]


def _only_dossier(pages: list[SeenPage]) -> DossierCode | None:
    """The dossier stamped on papers of the stack, when nothing in it names another."""
    named = {name for page in pages for name in _dossiers_named_on(page)}
    named |= {m for page in pages for m in page.meanings if isinstance(m, DossierCode)}
    papers = [page for page in pages if not _is_guide(page) and not _is_slip(page)]
    stamps = {m for page in papers for m in page.meanings if isinstance(m, DossierCode)}
    return next(iter(named)) if stamps and len(named) == 1 and named <= KNOWN.codes else None


def _is_slip(page: SeenPage) -> bool:
    return any(isinstance(meaning, LegalQr | TrackingLink) for meaning in page.meanings)
