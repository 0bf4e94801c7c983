"""The report on savings as the API gives it: figures, never a person."""

from datetime import date, datetime

from pydantic import BaseModel

from hoso.clock import local
from hoso.dossier.savings import FIGURES, Counts, Share
from hoso.dossier.savings_report import Part, Proof, Report


class ShareShown(BaseModel):
    """A part of a whole; without a whole there are no percent."""

    part: int
    whole: int
    percent: float | None
    full_marks: bool | None


class CountsShown(BaseModel):
    """Sums over dossiers; `papers` is new and reused ones, `pages` likewise."""

    dossiers: int
    papers: int
    papers_new: int
    papers_reused: int
    papers_kept: int
    pages: int
    pages_new: int
    pages_reused: int
    results: int
    results_kept: int
    lines_spared: int
    reused_not_counted: int
    pages_not_asked: int
    copies_not_asked: int
    trips_not_asked: int
    no_new_paper: int
    with_reuse: int
    with_paper_from_store: int
    with_paper_kept: int
    with_result_kept: int
    digitised: int
    digitised_share: ShareShown
    reuse_share: ShareShown
    store_share: ShareShown


class PartShown(BaseModel):
    """A field, a procedure or a desk with its sums."""

    key: str
    name: str
    counts: CountsShown


class DifferenceShown(BaseModel):
    """A paper that does not agree with its stored file, in a dossier that counts it."""

    dossier: str
    component: str
    doubt: str
    pages: int
    stored_pages: int | None


class ProofShown(BaseModel):
    """How far stored files bear the figures out. `counts`: the totals by the files alone."""

    holds: bool
    papers: int
    proven: int
    unread: int
    differences: list[DifferenceShown]
    oldest: datetime | None
    counts: CountsShown | None


class SavingsShown(BaseModel):
    """The report on a period: from `since` up to and without `until`, as of `taken_at`.

    `fields`, `procedures` and `desks` each add up to `total`.
    """

    first_day: date
    last_day: date
    since: datetime
    until: datetime
    is_over: bool
    taken_at: datetime
    total: CountsShown
    fields: list[PartShown]
    procedures: list[PartShown]
    desks: list[PartShown]
    old_dossiers: int
    not_received: int
    proof: ProofShown


def shown(report: Report) -> SavingsShown:
    """The whole report."""
    period = report.period
    return SavingsShown(
        first_day=period.first,
        last_day=period.last,
        since=period.since,
        until=period.until,
        is_over=period.is_over(report.taken_at),
        taken_at=local(report.taken_at),
        total=_counts(report.total),
        fields=[_part(part) for part in report.fields],
        procedures=[_part(part) for part in report.procedures],
        desks=[_part(part) for part in report.desks],
        old_dossiers=report.old,
        not_received=report.not_received,
        proof=_proof(report.proof),
    )


def _part(part: Part) -> PartShown:
    return PartShown(key=part.key, name=part.name, counts=_counts(part.counts))


def _counts(counts: Counts) -> CountsShown:
    return CountsShown(
        **{name: getattr(counts, name) for name in FIGURES},
        papers=counts.papers,
        pages=counts.pages,
        reused_not_counted=counts.reused_not_counted,
        digitised_share=_share(counts.digitised_share),
        reuse_share=_share(counts.reuse_share),
        store_share=_share(counts.store_share),
    )


def _share(share: Share) -> ShareShown:
    percent = None if share.percent is None else float(share.percent)
    return ShareShown(
        part=share.part, whole=share.whole, percent=percent, full_marks=share.has_full_marks
    )


def _proof(proof: Proof) -> ProofShown:
    return ProofShown(
        holds=proof.holds,
        papers=proof.papers,
        proven=proof.proven,
        unread=proof.unread,
        differences=[
            DifferenceShown(
                dossier=each.dossier,
                component=each.component,
                doubt=each.doubt.value,
                pages=each.pages,
                stored_pages=each.stored_pages,
            )
            for each in proof.differences
        ],
        oldest=local(proof.oldest) if proof.oldest else None,
        counts=_counts(proof.counts) if proof.counts else None,
    )
