"""From the pages of a batch to components: which pages belong together, as what, and to whom.

Pure. A page is filed only when something printed on the paper says so; whatever is in doubt is
left unclaimed and asked about. Position alone never files a page. A citizen's card is only
presented (TT 01/2023 Điều 4): it is part of no paper, and what lies beside it may be its back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hoso.barcode.code import (
    CitizenCardQr,
    DossierCode,
    Foreign,
    LegalQr,
    Meaning,
    SeparatorLabel,
    TrackingLink,
)


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What was seen on a page, before anything was read: its place (from 1), ink, and codes."""

    place: int
    blank: bool = False
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Pages that make up one component of `type`, for `dossier` (None: nothing said whose)."""

    type: str
    dossier: DossierCode | None
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a page that a clerk should know; `code` is stable."""

    place: int
    code: str


@dataclass(frozen=True, slots=True)
class Split:
    """Every page of the batch stands in exactly one of the first five.

    `interrupted` are papers with a card among their pages: unclaimed, with what a sheet said they
    are. Pages `beside_cards` are unclaimed too and in none of them.
    """

    components: tuple[Cut, ...] = ()
    guides: tuple[int, ...] = ()  # separator sheets, their blank backs, slips
    unclaimed: tuple[int, ...] = ()
    blanks: tuple[int, ...] = ()  # blank pages outside any component
    cards: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
    interrupted: tuple[Cut, ...] = ()
    beside_cards: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """What this archive knows: component types by sheet number, dossiers by number, and codes."""

    types: Mapping[int, str]
    dossiers: Mapping[int, DossierCode] = field(default_factory=dict)
    codes: frozenset[DossierCode] = frozenset()


@dataclass(slots=True)
class _Run:
    """Pages since the last sheet or slip that said what follows.

    `contested`: the paper contradicts itself or the clerk, so nothing under it is filed until
    another sheet or slip names its own dossier.
    """

    type: str | None
    dossier: DossierCode | None
    contested: bool = False
    opened_by: SeparatorLabel | None = None
    opened_at: int = 0
    opener_is_guide: bool = False
    remark: str | None = None
    pages: list[SeenPage] = field(default_factory=list)


def split_pages(
    pages: Sequence[SeenPage],
    directory: Directory,
    *,
    given_type: str | None = None,
    given_dossier: DossierCode | None = None,
) -> Split:
    """Cut a batch at its separator sheets and slips.

    `given_type` and `given_dossier` are what the clerk said of the whole batch; a slip or sheet
    that names another dossier contradicts it, and the pages under it are left unclaimed.
    """
    runs = [_Run(given_type, given_dossier or _sole_stamped_code(pages, directory))]
    for page in pages:
        opened = _opened_by(page, runs[-1], directory, given_dossier)
        if opened is not None:
            runs.append(opened)
        if opened is None or not opened.opener_is_guide:
            runs[-1].pages.append(page)
    split = Split(remarks=tuple(_remarks_on_codes(pages)))
    cards = places_of_cards(pages)
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        split = _close(split, run, after, cards)
    return replace(split, remarks=tuple(sorted(split.remarks, key=lambda remark: remark.place)))


def places_of_cards(pages: Iterable[SeenPage]) -> frozenset[int]:
    """Where a citizen's card lies, on a page of its own or on another."""
    return frozenset(page.place for page in pages if _is_card(page))


def _sole_stamped_code(pages: Sequence[SeenPage], directory: Directory) -> DossierCode | None:
    """The dossier code stamped on the batch's papers, when nothing in it names another."""
    stamped = {code for page in pages if not _is_slip(page) for code in _dossier_codes(page)}
    named = {
        code
        for page in pages
        for code in (*_dossier_codes(page), *_dossiers_of_sheets(page, directory))
    }
    if len(stamped) == 1 and stamped == named and stamped <= directory.codes:
        return next(iter(stamped))
    return None


def _opened_by(
    page: SeenPage, current: _Run, directory: Directory, given: DossierCode | None
) -> _Run | None:
    """The run that a sheet or slip begins; None for an ordinary page.

    A page with two different sheets' codes is no sheet of ours (perhaps a copy of two); it is
    asked about like the pages after it.
    """
    sheets = {label for label in page.meanings if isinstance(label, SeparatorLabel)}
    codes = _dossier_codes(page)
    if len(sheets) > 1:
        return _contested(page, "two_separators")
    if (sheets or _is_slip(page)) and len(codes) > 1:
        return _contested(page, "two_dossier_codes")
    if sheets:
        return _after_sheet(page, sheets.pop(), current, directory, given)
    if _is_slip(page):
        return _after_slip(page, next(iter(codes), None), directory, given)
    return None


def _contested(page: SeenPage, remark: str, *, is_guide: bool = False) -> _Run:
    return _Run(
        None,
        None,
        contested=True,
        opened_at=page.place,
        opener_is_guide=is_guide,
        remark=remark,
    )


def _after_sheet(
    page: SeenPage,
    label: SeparatorLabel,
    current: _Run,
    directory: Directory,
    given: DossierCode | None,
) -> _Run:
    own = directory.dossiers.get(label.dossier_number or 0)
    remark = None
    if label.dossier_number is not None and own is None:
        remark = "unknown_dossier"
    elif own is not None and given is not None and own != given:
        remark = "other_dossier"
    elif label.sheet_number not in directory.types:
        remark = "unknown_component_type"
    contradicts = remark in {"unknown_dossier", "other_dossier"}
    # A sheet of unknown type says nothing for or against the dossier of the sheets after it.
    contested = contradicts or (current.contested and own is None)
    return _Run(
        None if contested or remark else directory.types[label.sheet_number],
        own or current.dossier,
        contested=contested,
        opened_by=label,
        opened_at=page.place,
        opener_is_guide=True,
        remark=remark,
    )


def _after_slip(
    page: SeenPage, code: DossierCode | None, directory: Directory, given: DossierCode | None
) -> _Run:
    if code is None:  # a tracking link alone: the slip's other codes could not be read
        return _contested(page, "slip_code_unread", is_guide=True)
    if given is not None and code != given:
        return _contested(page, "other_dossier", is_guide=True)
    if code not in directory.codes:
        return _contested(page, "unknown_dossier", is_guide=True)
    return _Run(None, code, opened_at=page.place, opener_is_guide=True)


def _close(split: Split, run: _Run, after: _Run | None, cards: Collection[int]) -> Split:
    """File the pages of a finished run, or leave them unclaimed; `cards` are the batch's."""
    backs, pages = _take_sheet_back(run)
    guides = (run.opened_at, *backs) if run.opener_is_guide else backs
    split = replace(split, guides=(*split.guides, *guides))
    if run.remark:
        split = _remark(split, run.opened_at, run.remark)
    if any(page.place in cards or _lies_beside(page, cards) for page in pages):
        return _interrupt(split, run, pages, cards)
    inked = tuple(page.place for page in pages if not page.blank)
    if inked and run.type is not None:
        cut = Cut(run.type, run.dossier, tuple(page.place for page in pages))
        return replace(split, components=(*split.components, cut))
    if not inked and run.opened_by and (after is None or after.opened_by != run.opened_by):
        split = _remark(split, run.opened_at, "separator_without_pages")
    blanks = tuple(page.place for page in pages if page.blank)
    return replace(split, unclaimed=(*split.unclaimed, *inked), blanks=(*split.blanks, *blanks))


def _interrupt(split: Split, run: _Run, pages: Sequence[SeenPage], cards: Collection[int]) -> Split:
    """Leave a run with a card in it unclaimed: which of its pages are the paper, a clerk says."""
    others = [page for page in pages if page.place not in cards]
    inked = tuple(page.place for page in others if not page.blank)
    beside = tuple(page.place for page in others if _lies_beside(page, cards))
    for place in beside:
        split = _remark(split, place, "beside_card")
    rest = tuple(place for place in inked if place not in beside)
    cuts = (Cut(run.type, run.dossier, rest),) if rest and run.type is not None else ()
    return replace(
        split,
        unclaimed=(*split.unclaimed, *inked),
        blanks=(*split.blanks, *(page.place for page in others if page.blank)),
        cards=(*split.cards, *(page.place for page in pages if page.place in cards)),
        interrupted=(*split.interrupted, *cuts),
        beside_cards=(*split.beside_cards, *beside),
    )


def _lies_beside(page: SeenPage, cards: Collection[int]) -> bool:
    """Whether it may be a card's other side, which bears no QR."""
    beside = page.place - 1 in cards or page.place + 1 in cards
    return beside and not page.blank and page.place not in cards


def _remark(split: Split, place: int, code: str) -> Split:
    return replace(split, remarks=(*split.remarks, Remark(place, code)))


def _take_sheet_back(run: _Run) -> tuple[tuple[int, ...], list[SeenPage]]:
    """A duplex scanner gives a sheet's own blank back as the next page."""
    first = run.pages[0] if run.pages else None
    if run.opener_is_guide and first and first.blank and first.place == run.opened_at + 1:
        return (first.place,), run.pages[1:]
    return (), run.pages


def _remarks_on_codes(pages: Iterable[SeenPage]) -> Iterator[Remark]:
    for page in pages:
        if any(isinstance(meaning, Foreign) for meaning in page.meanings):
            yield Remark(page.place, "foreign_code")
        if _is_card(page):
            yield Remark(page.place, "citizen_card")


def _is_card(page: SeenPage) -> bool:
    return any(isinstance(meaning, CitizenCardQr) for meaning in page.meanings)


def _is_slip(page: SeenPage) -> bool:
    """Only slips bear a QR of ours; archived papers bear the Code 128 alone."""
    return any(isinstance(meaning, LegalQr | TrackingLink) for meaning in page.meanings)


def _dossier_codes(page: SeenPage) -> set[DossierCode]:
    codes = {meaning for meaning in page.meanings if isinstance(meaning, DossierCode)}
    return codes | {
        meaning.dossier_code for meaning in page.meanings if isinstance(meaning, LegalQr)
    }


def _dossiers_of_sheets(page: SeenPage, directory: Directory) -> set[DossierCode | None]:
    """What the page's sheets name; None stands for a dossier that this archive does not know."""
    return {
        directory.dossiers.get(meaning.dossier_number)
        for meaning in page.meanings
        if isinstance(meaning, SeparatorLabel) and meaning.dossier_number is not None
    }
