"""Papers that may be one, asked about: candidates found, questions kept, answers that can change.

Nothing is ever decided here alone, and nothing deleted: an answer places a mark or none, and
another answer takes that mark back first.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from hoso.audit import log as audit
from hoso.db import alone, for_change, insert_once
from hoso.dossier import catalogue_store, components, marks, owners
from hoso.dossier.duplicates import (
    DuplicateAnswer,
    Evidence,
    Paper,
    Scan,
    compare,
    is_worth_asking,
    newer_replaces,
    newer_stays,
)
from hoso.dossier.marks import Mark
from hoso.dossier.reuse import Reuse
from hoso.dossier.tables import (
    UNANSWERED,
    Component,
    ComponentField,
    ComponentMark,
    ComponentPage,
    DuplicateQuestion,
    Page,
)
from hoso.dossier.trust import Trust
from hoso.errors import DuplicateUnknown
from hoso.imaging.findings import Verdict

_MOST_COMPARED: Final = 36  # an owner's newest papers of the kind
_MOST_PAGES: Final = 12  # a book of maps need not be compared to its end
_NUMBER, _ISSUED_ON = "paper_number", "issued_on"
_AGAINST_THE_PAPER: Final = frozenset({Mark.REVOKED, Mark.SUPERSEDED, Mark.HIDDEN})
_SAME: Final = "Cùng một giấy tờ, được quét hai lần."
_NEW_VERSION: Final = "Đã có bản mới của cùng giấy tờ."
_TAKEN_BACK: Final = "Sửa câu trả lời về giấy có thể trùng."


# Asking ---------------------------------------------------------------------------------------


def ask_about(session: Session, component_id: str, *, at: datetime) -> None:
    """Ask about every paper of its owner that may be the same. Doing it again changes nothing.

    What was answered stays so; an open question for which nothing speaks any more goes.
    """
    component = components.by_id(session, component_id)
    if Mark.DUPLICATE in {mark.kind for mark in component.marks}:
        return  # whatever is asked is asked of the scan that stands for it
    theirs = owners.one_and_the_same(session, component.owner_id)
    # Of two papers of one owner read at once, the second one sees what the first has asked.
    alone(session, f"duplicates of {min(theirs)}")
    _withdraw_strangers(session, component_id, theirs)
    others = list(session.scalars(_candidates(session, component, theirs)))
    compared = _compared(session, [component, *others])
    for other in others:
        evidence = compare(compared[component.id], compared[other.id])
        newer, older = sorted((component, other), key=_came_in, reverse=True)
        if is_worth_asking(evidence):
            _ask(session, newer.id, older.id, evidence, at=at)
        else:
            session.execute(delete(DuplicateQuestion).where(_pair(newer.id, older.id), UNANSWERED))


def _withdraw_strangers(session: Session, component_id: str, theirs: set[str]) -> None:
    """A paper may have been moved to another owner since it was asked about."""
    for row in of_component(session, component_id):
        other = row.older_id if row.newer_id == component_id else row.newer_id
        if row.answer is None and components.by_id(session, other).owner_id not in theirs:
            session.delete(row)
    session.flush()


def _came_in(component: Component) -> tuple[datetime, str]:
    return component.created_at, component.id


def _pair(newer_id: str, older_id: str) -> ColumnElement[bool]:
    row = DuplicateQuestion
    return (row.newer_id == newer_id) & (row.older_id == older_id)


def _ask(
    session: Session, newer_id: str, older_id: str, evidence: Evidence, *, at: datetime
) -> None:
    found: dict[str, Any] = {"agrees": list(evidence.agrees), "differs": list(evidence.differs)}
    row = {"newer_id": newer_id, "older_id": older_id, "asked_at": at, **found}
    if not insert_once(session, DuplicateQuestion, **row):
        open_ = update(DuplicateQuestion).where(_pair(newer_id, older_id), UNANSWERED)
        session.execute(open_.values(**found))


def _candidates(session: Session, component: Component, theirs: set[str]) -> Select[Component]:
    """The owners' newest papers of the kind, or one that can stand for it, whose pages were read.

    Forms of one dossier serve no other: they are compared within it. What is known to be a
    duplicate is left to the scan that stands for it.
    """
    query = select(Component).where(
        Component.owner_id.in_(theirs),
        Component.type.in_(_like_kinds(session, component.type)),
        Component.id != component.id,
        ~_is_duplicate(Component.id),
        ~_is_unread(),
    )
    rule = catalogue_store.component_type(session, component.type).rule
    if rule.reuse is Reuse.PER_DOSSIER:
        query = query.where(Component.dossier_code == component.dossier_code)
    return query.order_by(Component.created_at.desc(), Component.id).limit(_MOST_COMPARED)


def _like_kinds(session: Session, kind: str) -> set[str]:
    rules = catalogue_store.in_force(session).paper_rules
    serving = {key for key, rule in rules.items() if kind in rule.serves_as}
    return {kind, *rules[kind].serves_as, *serving}


def _is_duplicate(component_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    standing = select(ComponentMark.id).where(
        ComponentMark.component_id == component_id,
        ComponentMark.kind == Mark.DUPLICATE,
        ComponentMark.lifted_at.is_(None),
    )
    return standing.exists()


def _is_unread() -> ColumnElement[bool]:
    unread = select(ComponentPage.page_id).join(Page)
    return unread.where(ComponentPage.component_id == Component.id, Page.state == "seen").exists()


def _compared(session: Session, papers: Sequence[Component]) -> dict[str, Paper]:
    """What is compared of papers, by their ids: two queries, however many they are."""
    ids = [paper.id for paper in papers]
    pages = select(ComponentPage.component_id, Page.text, Page.fingerprint).join(Page)
    pages = pages.where(
        ComponentPage.component_id.in_(ids),
        ComponentPage.position <= _MOST_PAGES,
        Page.blank.is_(False),
    )
    found: dict[str, list[tuple[str, str | None]]] = {each: [] for each in ids}
    for component_id, text, fingerprint in session.execute(pages.order_by(ComponentPage.position)):
        found[component_id].append((text, fingerprint))
    said = _said(session, ids)
    return {paper.id: _as_paper(paper, found[paper.id], said) for paper in papers}


def _as_paper(
    paper: Component,
    pages: Sequence[tuple[str, str | None]],
    said: Mapping[tuple[str, str], str],
) -> Paper:
    day = said.get((paper.id, _ISSUED_ON))
    return Paper(
        kind=paper.type,
        pages=len(pages),
        pictures=tuple(fingerprint for _, fingerprint in pages if fingerprint),
        text="\n".join(text for text, _ in pages),
        number=paper.number or said.get((paper.id, _NUMBER)),
        issued_on=paper.issued_on or (date.fromisoformat(day) if day else None),
    )


def _said(session: Session, ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """What stands on papers as their number and day of issue."""
    row = ComponentField
    query = select(row.component_id, row.key, row.value)
    query = query.where(row.component_id.in_(ids), row.key.in_((_NUMBER, _ISSUED_ON)))
    return {(component_id, key): value for component_id, key, value in session.execute(query)}


# What is asked --------------------------------------------------------------------------------


def by_id(session: Session, question_id: int, *, lock: bool = False) -> DuplicateQuestion:
    """A question, answered or not; refuses with DuplicateUnknown."""
    query = select(DuplicateQuestion).where(DuplicateQuestion.id == question_id)
    found = session.scalar(for_change(query) if lock else query)
    if found is None:
        raise DuplicateUnknown(question=question_id)
    return found


def waiting(session: Session, *, limit: int, offset: int = 0) -> list[DuplicateQuestion]:
    """What nobody has answered yet, the oldest first.

    While a paper is known to be a duplicate, nothing else is asked about it.
    """
    query = select(DuplicateQuestion).where(*_WAITING).order_by(DuplicateQuestion.id)
    return list(session.scalars(query.limit(limit).offset(offset)))


def count_waiting(session: Session) -> int:
    """How many questions wait for an answer."""
    query = select(func.count()).select_from(DuplicateQuestion).where(*_WAITING)
    return session.scalar(query) or 0


def waiting_of_batch(session: Session, batch_id: str) -> list[DuplicateQuestion]:
    """Those of papers that came in with a batch."""
    of_batch = select(Component.id).where(Component.batch_id == batch_id)
    query = select(DuplicateQuestion).where(_concerns(of_batch), *_WAITING)
    return list(session.scalars(query.order_by(DuplicateQuestion.id)))


def of_component(session: Session, component_id: str) -> list[DuplicateQuestion]:
    """All that was ever asked about a paper, answered or not."""
    query = select(DuplicateQuestion).where(_concerns([component_id]))
    return list(session.scalars(query.order_by(DuplicateQuestion.id)))


def _concerns(ids: Select[str] | list[str]) -> ColumnElement[bool]:
    return or_(DuplicateQuestion.newer_id.in_(ids), DuplicateQuestion.older_id.in_(ids))


_WAITING: Final = (
    UNANSWERED,
    ~_is_duplicate(DuplicateQuestion.newer_id),
    ~_is_duplicate(DuplicateQuestion.older_id),
)


# Answering ------------------------------------------------------------------------------------


def decide(
    session: Session, question_id: int, answer: DuplicateAnswer, *, by: str, at: datetime
) -> DuplicateQuestion:
    """Keep what somebody says of two papers; another answer takes back what the first one did.

    Refuses with DuplicateUnknown, and as `marks.place` does where a mark cannot be.
    """
    question = by_id(session, question_id, lock=True)
    if question.answer == answer:
        return question
    _take_back(session, question, by=by, at=at)
    placed = _follow(session, question, answer, by=by, at=at)
    question.answer, question.answered_by, question.answered_at = answer, by, at
    question.mark_id = placed.id if placed else None
    audit.record(
        session, "duplicate.answered", question.newer_id, actor=by, at=at,
        older=question.older_id, answer=str(answer),
    )  # fmt: skip
    return question


def _take_back(session: Session, question: DuplicateQuestion, *, by: str, at: datetime) -> None:
    """Lift the mark of the answer before, unless somebody has done so already."""
    mark = session.get(ComponentMark, question.mark_id) if question.mark_id else None
    if mark is not None and mark.lifted_at is None:
        marks.lift(session, mark.component_id, Mark(mark.kind), reason=_TAKEN_BACK, by=by, at=at)


def _follow(
    session: Session, question: DuplicateQuestion, answer: DuplicateAnswer, *, by: str, at: datetime
) -> ComponentMark | None:
    """The mark that an answer places; None where it calls for none, or it stands already."""
    if answer is DuplicateAnswer.SEPARATE:
        return None
    newer = components.by_id(session, question.newer_id)
    older = components.by_id(session, question.older_id)
    if answer is DuplicateAnswer.SAME:
        mark, reason, newer_first = Mark.DUPLICATE, _SAME, newer_stays(_scan(newer), _scan(older))
    else:
        days = newer.issued_on, older.issued_on
        mark, reason, newer_first = Mark.SUPERSEDED, _NEW_VERSION, newer_replaces(*days)
    first, other = (newer, older) if newer_first else (older, newer)
    if mark in {each.kind for each in other.marks}:
        return None
    return marks.place(session, other.id, mark, reason=reason, newer=first.id, by=by, at=at)


def _scan(component: Component) -> Scan:
    kinds = {Mark(mark.kind) for mark in component.marks}
    verdicts = [Verdict(entry.page.quality.get("verdict", "good")) for entry in component.pages]
    return Scan(
        trust=Trust(component.trust),
        spoken_against=bool(kinds & _AGAINST_THE_PAPER),
        legible=Mark.ILLEGIBLE not in kinds,
        verdict=max(verdicts, key=list(Verdict).index, default=Verdict.GOOD),
    )
