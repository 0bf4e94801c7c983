"""Search over what was read: accent-exact hits first, then accent-less; a hit knows its boxes.

The database says which pages hold the words (`dossier.term_index`), and we say which come first:
FTS5 and PostgreSQL rank by other measures. Only so many of the newest pages are weighed against
each other, so that a word that stands on a million pages costs no more than a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from hoso.clock import OFFICE_ZONE
from hoso.dossier.page_index import PAGES, Said, passages_of, said_on
from hoso.dossier.tables import Component, ComponentPage, Dossier, Owner, Page
from hoso.dossier.term_index import Wanted, accented_terms, folded_terms
from hoso.ocr.question import Question, places, read_question, weight
from hoso.ocr.reading import PageReading
from hoso.ocr.spots import Spot, spots_on
from hoso.text import Phrase

# The best of these come first, then the others, newest first. 200 pages are weighed in 0.1 s.
_WEIGHED = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A page on which every word of the question stands, and where."""

    page: Page
    exact: bool
    boxes: list[Spot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which papers are searched; None: all. `since` and `until` are days, both included.

    `field` is that of the dossier's procedure, `desk` where it was received, the days are those
    on which the paper was filed. Pages that are no paper's are among all only.
    """

    owner: str | None = None
    type: str | None = None
    field: str | None = None
    desk: str | None = None
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self != Narrowing()

    def __call__(self, page_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether the page is among them."""
        query = select(ComponentPage.page_id).join(Component)
        query = query.join(Dossier, Dossier.code == Component.dossier_code)
        query = query.where(*self._conditions())
        # One person's pages are few and looked through; of the others each hit is looked at.
        if self.owner:
            return page_id.in_(query)
        return query.where(ComponentPage.page_id == page_id).exists()

    def _conditions(self) -> list[ColumnElement[bool]]:
        wanted = (
            (Component.type, self.type),
            (Dossier.procedure["field"].as_string(), self.field),
            (Dossier.desk, self.desk),
        )
        conditions = [column == value for column, value in wanted if value]
        if self.owner:
            conditions.append(Component.owner_id.in_(_all_of(self.owner)))
        if self.since:
            begin = datetime.combine(self.since, time.min, OFFICE_ZONE)
            conditions.append(Component.created_at >= begin)
        if self.until:
            end = datetime.combine(self.until, time.max, OFFICE_ZONE)
            conditions.append(Component.created_at <= end)
        return conditions


def _all_of(owner_id: str) -> Select[str]:
    """Ids of all owners that officers have said are this one, itself among them."""
    same_as = select(Owner.same_as).where(Owner.id == owner_id).scalar_subquery()
    return select(Owner.id).where(or_(Owner.id == owner_id, Owner.same_as == same_as))


ALL = Narrowing()


def find(
    session: Session, asked: str, *, limit: int, offset: int = 0, among: Narrowing = ALL
) -> list[Hit]:
    """Pages on which all words and phrases stand; nothing for a question without words.

    First those with the same accents; of each kind those where the words stand closest together,
    then where they stand most densely, then the newest.
    """
    question = read_question(asked)
    if not question:
        return []
    most = max(offset + limit, _WEIGHED)
    exact = _ranked(session, question, _ids(session, question, among, most, exact=True), exact=True)
    loose: list[int] = []
    if len(exact) < offset + limit:
        found = _ids(session, question, among, most, exact=False)
        loose = _ranked(session, question, found, exact=False)
    wanted = [(each, True) for each in exact] + [(each, False) for each in loose]
    return _hits(session, question, wanted[offset : offset + limit])


def spots(session: Session, page: Page, asked: str) -> list[Spot]:
    """Where the words of a question stand on a page: with their accents if all do, else without."""
    question, said = read_question(asked), said_on(session, [page.id]).get(page.id, [])
    terms = accented_terms(passages_of(page, said))
    exact = all(places(terms, phrase) for phrase in question.exact)
    return _spots(page, said, question, exact=exact)


def _ids(
    session: Session, question: Question, among: Narrowing, most: int, *, exact: bool
) -> list[int]:
    folded, accented = _each(question.folded), _each(question.exact)
    return PAGES.newest(
        session,
        limit=most,
        folded=() if exact else folded,
        exact=accented if exact else (),
        but_exact=() if exact else accented,
        among=among or None,
    )


def _each(phrases: Sequence[Phrase]) -> Wanted:
    return [(phrase,) for phrase in phrases]


def _ranked(session: Session, question: Question, ids: list[int], *, exact: bool) -> list[int]:
    """The newest of them in the order of their weight, the others as they come: newest first."""
    first = ids[:_WEIGHED]
    said = said_on(session, first)
    terms_of = accented_terms if exact else folded_terms
    phrases = question.phrases(exact=exact)
    weights = {
        page.id: weight(terms_of(passages_of(page, said.get(page.id, []))), phrases)
        for page in session.scalars(select(Page).where(Page.id.in_(first)))
    }
    return sorted(first, key=lambda id_: (*weights[id_], -id_)) + ids[_WEIGHED:]


def _hits(session: Session, question: Question, found: Sequence[tuple[int, bool]]) -> list[Hit]:
    said = said_on(session, [id_ for id_, _ in found])
    hits = []
    for id_, exact in found:
        page = session.get_one(Page, id_)
        hits.append(Hit(page, exact, _spots(page, said.get(id_, []), question, exact=exact)))
    return hits


def _spots(page: Page, said: Sequence[Said], question: Question, *, exact: bool) -> list[Spot]:
    words = PageReading.from_json(page.reading).words if page.reading else ()
    return spots_on(words, said, question, exact=exact)
