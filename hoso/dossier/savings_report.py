"""The report on savings: read in one transaction, and withheld where it contradicts itself.

Each dossier is counted twice: by what its rows say, and by what was last found in the stored files
(`preservation.proving`). Where the two differ the report says why, and that it is not proven.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from hoso.dossier import catalogue_store, savings, savings_rows
from hoso.dossier.period import Period
from hoso.dossier.reuse import Reuse
from hoso.dossier.savings import Counts, Line, Paper, Place, Received
from hoso.dossier.savings_rows import DossierRow, PaperRow, Recount
from hoso.errors import SavingsContradictory
from hoso.text import fold

# Forms, which are filled in where the dossier is handed in; a kind that an office names otherwise
# counts as one that has to be fetched, and so spares no trip.
FILLED_IN = frozenset({"application_form", "residence_change_form", "tax_declaration"})
# Procedures as they stood at some time, kept read: thousands of dossiers share one.
_PROCEDURES_AT_HAND = 2000


class Doubt(StrEnum):
    """Why a paper's rows are not borne out by its stored file."""

    NOT_ARCHIVED = "not_archived"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    NOT_A_PDF = "not_a_pdf"
    OTHER_PAGES = "other_pages"


@dataclass(frozen=True, slots=True)
class Difference:
    """A paper whose stored file is not what its rows say, in a dossier that counts it."""

    dossier: str
    component: str
    doubt: Doubt
    pages: int
    stored_pages: int | None


@dataclass(slots=True)
class Proof:
    """How far the stored files bear the report out. `papers`: with results, as often as counted."""

    papers: int = 0
    unread: int = 0  # nobody has opened their files yet
    differences: list[Difference] = field(default_factory=list)
    oldest: datetime | None = None  # when the file that was not opened for longest was opened
    # The report's totals by the files alone; None where some were never opened.
    counts: Counts | None = None

    @property
    def proven(self) -> int:
        """Papers whose files are what the rows say."""
        return self.papers - self.unread - len(self.differences)

    @property
    def holds(self) -> bool:
        """Whether every figure rests on files that were opened and found to be so."""
        return self.proven == self.papers


@dataclass(frozen=True, slots=True)
class Part:
    """One field, procedure or desk: its key, what it is called, its sums."""

    key: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Report:
    """The sums of a period, as the archive stood at one moment.

    Each of the three lists is a split of the same dossiers and adds up to `total`.
    """

    period: Period
    taken_at: datetime
    total: Counts
    fields: Sequence[Part]
    procedures: Sequence[Part]
    desks: Sequence[Part]
    old: int  # dossiers of the period that do not count: from before this archive
    not_received: int
    proof: Proof


def make_report(session: Session, period: Period, *, at: datetime) -> Report:
    """Count a period; the session is a snapshot, so that all figures are of one moment.

    Raises SavingsContradictory rather than give figures that cannot be true together.
    """
    catalogue = catalogue_store.in_force(session)
    rules = catalogue.paper_rules.items()
    only_shown = {key for key, rule in rules if rule.reuse is Reuse.PRESENTED_ONLY}
    tally = _Tally(FILLED_IN | only_shown)
    for some in savings_rows.dossiers_of(session, period):
        papers = savings_rows.papers_of(session, [row.code for row in some])
        for row in some:
            tally.add(row, papers.get(row.code, ()))
    old, not_received = savings_rows.left_out(session, period)
    desks = {key: desk.name for key, desk in catalogue.desks.items()}
    report = Report(
        period=period,
        taken_at=at,
        total=savings.total(tally.sums.values()),
        fields=_parts(tally.sums, "field", catalogue.fields),
        procedures=_parts(tally.sums, "procedure", tally.names),
        desks=_parts(tally.sums, "desk", desks),
        old=old,
        not_received=not_received,
        proof=tally.proof(),
    )
    check(report, savings_rows.recounted(session, period))
    return report


def check(report: Report, recount: Recount) -> None:
    """Refuse a report whose figures contradict each other, or the database's own count."""
    total = report.total
    wrong = savings.contradictions(total)
    for split in (report.fields, report.procedures, report.desks):
        wrong += [name for part in split for name in savings.contradictions(part.counts)]
        if savings.total(part.counts for part in split) != total:
            wrong.append("parts")
    counted = Recount(total.dossiers, total.papers, total.papers_reused, total.pages, total.results)
    if counted != recount:
        wrong.append("recount")
    if wrong:
        raise SavingsContradictory(what=", ".join(sorted(set(wrong))))


class _Tally:
    """Adds dossiers up by place, and the papers' stored files beside them."""

    def __init__(self, not_fetched: Collection[str]) -> None:
        self.sums: dict[Place, Counts] = defaultdict(Counts)
        self.names: dict[str, str] = {}
        self._proof, self._by_files = Proof(), Counts()
        self._not_fetched = not_fetched
        self._read = lru_cache(_PROCEDURES_AT_HAND)(self._read_procedure)

    def add(self, row: DossierRow, papers: Sequence[PaperRow]) -> None:
        """Count a dossier by its rows, and by the files of its papers."""
        field_, name, lines = self._read(row.procedure, row.cases)
        place = Place(field_, row.procedure_code, row.desk)
        self.names[row.procedure_code] = name
        counts = savings.counts_of(self._received(place, lines, papers))
        self.sums[place] += counts
        borne_out = [self._judge(paper) for paper in papers]
        if not all(borne_out):
            counts = savings.counts_of(self._received(place, lines, _by_files(papers)))
        self._by_files += counts

    def proof(self) -> Proof:
        """How far the files bear out what was added."""
        by_files = None if self._proof.unread else self._by_files
        return replace(self._proof, counts=by_files)

    def _received(
        self, place: Place, lines: tuple[Line, ...], papers: Sequence[PaperRow]
    ) -> Received:
        results = [paper for paper in papers if paper.is_result]
        return Received(
            place,
            lines,
            tuple(self._paper(paper) for paper in papers if not paper.is_result),
            results=len(results),
            results_kept=sum(paper.archived is not None for paper in results),
        )

    def _paper(self, row: PaperRow) -> Paper:
        return Paper(
            line=row.requirement,
            pages=row.pages,
            blank=row.blank,
            reused=bool(row.reused),
            from_store=bool(row.from_store),
            kept=row.archived is not None,
            fetched=row.type not in self._not_fetched,
        )

    def _judge(self, paper: PaperRow) -> bool:
        """Note how far a paper's file bears its row out; gives whether it does."""
        proof = self._proof
        proof.papers += 1
        doubt = doubt_of(paper)
        if doubt:
            proof.differences.append(
                Difference(paper.dossier, paper.component, doubt, paper.pages, paper.stored_pages)
            )
        elif paper.proved_at is None:
            proof.unread += 1
        if paper.proved_at is not None:
            proof.oldest = min(proof.oldest or paper.proved_at, paper.proved_at)
        return doubt is None

    def _read_procedure(self, procedure: str, cases: str) -> tuple[str, str, tuple[Line, ...]]:
        """Field, name and checklist of a procedure as a dossier keeps it."""
        kept, hold = json.loads(procedure), json.loads(cases) or []
        lines = tuple(self._line(line, hold) for line in kept["requirements"])
        return kept["field"], kept["name"], lines

    def _line(self, kept: Mapping[str, Any], cases: Collection[str]) -> Line:
        when = kept.get("when")  # which dossiers of earlier releases do not have
        return Line(
            key=kept["key"],
            copies=kept["originals"] + kept["copies"],
            optional=when not in cases if when else kept["optional"],
            fetched=not set(kept["any_of"]) <= set(self._not_fetched),
        )


def doubt_of(paper: PaperRow) -> Doubt | None:
    """Why a paper's rows are not borne out; None: they are, or nobody has looked."""
    if paper.archived is None:
        return Doubt.NOT_ARCHIVED
    if paper.finding:
        return Doubt(paper.finding)
    if paper.proved_at is not None and paper.stored_pages != paper.pages:
        return Doubt.OTHER_PAGES
    return None


def _by_files(papers: Sequence[PaperRow]) -> list[PaperRow]:
    """The papers as their stored files show them: of one that is not sound, nothing is known."""
    sound = [paper.archived is not None and not paper.finding for paper in papers]
    return [
        replace(
            paper,
            pages=(paper.stored_pages or 0) if is_sound else 0,
            archived=paper.archived if is_sound else None,
        )
        for paper, is_sound in zip(papers, sound, strict=True)
    ]


def _parts(sums: Mapping[Place, Counts], by: str, names: Mapping[str, str]) -> list[Part]:
    """One split of the sums, in the order of names."""
    key_of = attrgetter(by)
    split: dict[str, Counts] = defaultdict(Counts)
    for place, counts in sums.items():
        split[key_of(place)] += counts
    parts = [Part(key, names.get(key, key), counts) for key, counts in split.items()]
    return sorted(parts, key=lambda part: (fold(part.name), part.key))
