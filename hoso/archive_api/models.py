"""What the API takes and gives, as OpenAPI shows it. People appear by opaque id, not number."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hoso.dossier.asking import AskReason
from hoso.dossier.duplicates import DuplicateAnswer
from hoso.dossier.marks import Mark

Text = Annotated[str, Field(max_length=300)]
# What a database column holds; a larger number would be our error, not the asker's.
LARGEST_NUMBER = 2**63 - 1
# A reader that lost its clock says 1970. Earlier moments have no place in every time zone.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Given(BaseModel):
    """A request's body: unknown fields are a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


CasesGiven = Annotated[
    list[Annotated[str, Field(max_length=60)]],
    Field(max_length=50, description="Keys of the procedure's special cases that hold."),
]


class SubmitterGiven(Given):
    """Who hands the dossier in."""

    name: Text = ""
    address: Text = ""
    phone: Text = ""
    email: Text = ""


class AskGiven(Given):
    """Why a paper is asked for although the archive holds one that serves."""

    reason: AskReason
    note: Annotated[str, Field(max_length=500)] = ""


class DossierGiven(Given):
    """A dossier to be received. Give `citizen_id`, `tax_code` or `card`, and the owner's name.

    `citizen_id` may be an old 9-digit number once it is known whose it is. `card` is the text of
    the QR on the owner's card, as it was scanned; it is not kept.
    """

    procedure: Annotated[str, Field(examples=["1.001193"], max_length=40)]
    citizen_id: Annotated[str, Field(max_length=40)] | None = None
    tax_code: Annotated[str, Field(max_length=40)] | None = None
    card: Annotated[str, Field(max_length=2000)] | None = Field(default=None, repr=False)
    owner_name: Text = Field(default="", description="May be left out with a card, which has it.")
    submitter: SubmitterGiven = SubmitterGiven()
    desk: Annotated[str, Field(max_length=40)] | None = None
    reuse: dict[str, str] = Field(
        default_factory=dict, description="Requirement key → id of a component that serves again."
    )
    ask_again: dict[str, AskGiven] = Field(
        default_factory=dict,
        description="Requirement key → why its paper is asked for although one held would serve.",
    )
    cases: CasesGiven = []


class LookupGiven(Given):
    """Whose papers are looked up, and why. `citizen_id` may be an old 9-digit number."""

    citizen_id: Annotated[str, Field(max_length=40)] | None = None
    tax_code: Annotated[str, Field(max_length=40)] | None = None
    procedure: Annotated[str, Field(max_length=40)] | None = None
    on: date | None = None
    cases: CasesGiven = []
    purpose: Annotated[str, Field(max_length=500)]


class AliasGiven(Given):
    """An old 9-digit number that is this person's, what says so, and why it is believed."""

    number: Annotated[str, Field(max_length=40)]
    source: Literal["officer", "paper"] = "officer"
    reason: Annotated[str, Field(max_length=500)]


class MergeGiven(Given):
    """The opaque id of the owner who is this one too, and why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)

    other: Annotated[str, Field(alias="with", max_length=32)]
    reason: Annotated[str, Field(max_length=500)]


class ReasonGiven(Given):
    """Why something is taken back."""

    reason: Annotated[str, Field(max_length=500)]


class SearchGiven(Given):
    """Words that all stand on the page, and among which papers; what is not sent narrows nothing.

    `field` is that of the dossier's procedure, `desk` where the dossier was received; the paper
    was filed from `since` to `until`. To search one owner's papers takes a purpose.
    """

    q: Annotated[str, Field(max_length=200)]
    owner: Annotated[str, Field(max_length=32)] | None = None
    component_type: Annotated[str, Field(max_length=60)] | None = None
    field: Annotated[str, Field(max_length=60)] | None = None
    desk: Annotated[str, Field(max_length=40)] | None = None
    since: Annotated[date, Field(ge=EARLIEST.date())] | None = None
    until: Annotated[date, Field(ge=EARLIEST.date())] | None = None
    purpose: Annotated[str, Field(max_length=500)] = ""
    cursor: Annotated[int, Field(ge=0, le=10_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class AttachGiven(Given):
    """A component that serves a requirement by reference."""

    component: Annotated[str, Field(max_length=32)]


class StatusGiven(Given):
    """The dossier's next status (national exchange code)."""

    status: Annotated[int, Field(ge=1, le=10)]
    note: Annotated[str, Field(max_length=500)] = ""


class DescriptionGiven(Given):
    """What an officer read on a paper. What is not sent stays; null takes it away."""

    number: Annotated[str, Field(max_length=120)] | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    scope: Annotated[str, Field(max_length=40)] | None = Field(
        default=None, description="Agency id within which it is valid; null: everywhere."
    )


class MarkGiven(Given):
    """What stands against using a paper, and why; `newer` is what takes its place."""

    mark: Mark
    reason: Annotated[str, Field(max_length=500)]
    newer: Annotated[str, Field(max_length=32)] | None = None


class ResultGiven(Given):
    """Whether a paper is what its dossier ended with."""

    result: bool


class MoveGiven(Given):
    """The dossier that a paper belongs to, and why it was filed elsewhere."""

    dossier: Annotated[str, Field(max_length=40)]
    reason: Annotated[str, Field(max_length=500)]


class LiftGiven(Given):
    """Why a mark is taken back."""

    reason: Annotated[str, Field(max_length=500)]


class FieldDecided(Given):
    """What an officer says a field reads; dates as 2026-11-22.

    With `seen`, the value the officer had before them, an answer given meanwhile stays.
    """

    value: Annotated[str, Field(min_length=1, max_length=500)]
    seen: Annotated[str, Field(max_length=500)] | None = None


class DuplicateAnswered(Given):
    """What somebody says two papers are to each other."""

    answer: DuplicateAnswer


class ClaimGiven(Given):
    """Pages nobody claimed, and what they are."""

    pages: Annotated[list[int], Field(min_length=1, max_length=5000)]
    dossier: Annotated[str, Field(max_length=40)]
    component_type: Annotated[str, Field(max_length=60)]


class DeskScanGiven(Given):
    """One reading of a dossier's code at a desk."""

    event_id: Annotated[str, Field(min_length=8, max_length=64)]
    code: Annotated[str, Field(max_length=500)]
    at: Annotated[AwareDatetime, Field(ge=EARLIEST)] | None = None
    action: Literal["give", "receive"] | None = None
    to: Annotated[str, Field(max_length=40)] | None = None


class DeskScansGiven(Given):
    """Readings that a desk kept while it was offline."""

    scans: Annotated[list[DeskScanGiven], Field(min_length=1, max_length=1000)]


class RequirementShown(BaseModel):
    """A line of a dossier's checklist and what serves it."""

    key: str
    name: str
    any_of: list[str]
    originals: int
    copies: int
    optional: bool
    required: bool
    note: str
    when: str | None
    original_by_law: str | None
    least_trust: str | None
    component: str | None = None
    reused: bool = False


class ComponentShown(BaseModel):
    """One paper in the archive."""

    id: str
    type: str
    title: str
    owner: str
    dossier: str
    pages: int
    trust: str
    number: str | None
    issued_on: date | None
    valid_until: date | None
    scope: str | None
    result: bool
    marks: list[str]
    original_sha256: str
    archived_sha256: str | None
    stamp: str | None
    failure: str | None
    created_at: datetime


class MarkShown(BaseModel):
    """Something that stood or stands against a paper; `lifted_at` is null while it stands."""

    mark: str
    reason: str
    newer: str | None
    placed_by: str
    placed_at: datetime
    lift_reason: str | None
    lifted_by: str | None
    lifted_at: datetime | None


class MarksShown(BaseModel):
    """A paper's marks, the oldest first, and the dossiers still open that it serves."""

    marks: list[MarkShown]
    open_dossiers: list[str]


class DuplicateShown(BaseModel):
    """Two papers of an owner that may be one, and what was said; `answer` is null while it is open.

    `agrees` and `differs` name pictures, words, figures, number, issued_on, pages and kind.
    """

    id: int
    newer: str
    older: str
    agrees: list[str]
    differs: list[str]
    asked_at: datetime
    answer: DuplicateAnswer | None
    answered_by: str | None
    answered_at: datetime | None


class GuessShown(BaseModel):
    """The kind that a paper's title says it is.

    `page` counts from 1; `box` is x0, y0, x1, y1 in points from its upper left corner.
    """

    type: str
    confidence: float
    sure: bool
    title: str
    page: int
    box: tuple[float, float, float, float]
    other: str | None


class FieldShown(BaseModel):
    """A field of a paper: `read` is what the reader saw, `value` what holds now.

    `state` is `read`, `matched` (number and name are what the clerk typed), `agreed` (the owner's
    card confirms it), `confirmed` or `corrected` (a person did).
    """

    key: str
    value: str
    read: str
    confidence: float
    page: int
    box: tuple[float, float, float, float]
    doubts: list[str]
    state: str
    decided_by: str | None
    decided_at: datetime | None


class PaperRead(BaseModel):
    """What was read on a paper; `guess` is null where no title was found."""

    type: str
    guess: GuessShown | None
    fields: list[FieldShown]


class AskedAgainShown(BaseModel):
    """A paper that was asked for although the archive held one that serves."""

    requirement: str
    component: str
    reason: str
    note: str
    by: str


class DossierShown(BaseModel):
    """A dossier as staff see it."""

    code: str
    procedure: str
    procedure_name: str
    owner: str
    owner_name: str
    owner_card_seen_at: datetime | None
    status: int
    status_name: str
    desk: str
    received_at: datetime
    due_at: datetime
    due_explained: list[str]
    requirements: list[RequirementShown]
    extra_components: list[str]
    asked_again: list[AskedAgainShown]
    cases: list[str]
    catalogue_version: str | None
    bundle: bool
    tracking_url: str
    version: int
    warnings: list[str] = []


class DossierListed(BaseModel):
    """A dossier in a list."""

    code: str
    procedure_name: str
    owner_name: str
    status: int
    status_name: str
    received_at: datetime
    due_at: datetime


class DossiersShown(BaseModel):
    """A page of a list; `next` asks for the following one."""

    items: list[DossierListed]
    next: str | None = None


class ProgressShown(BaseModel):
    """How far a batch is."""

    pages: int
    seen: int
    done: int
    components: int
    archived: int


class RemarkShown(BaseModel):
    """Something about a page that a clerk should look at."""

    place: int
    code: str
    text: str


class FindingShown(BaseModel):
    """Something that makes a page's picture hard to read, and what to do about it."""

    code: str
    text: str


class QualityShown(BaseModel):
    """How good a page's picture is (`good`, `readable` or `rescan`), told before it is read."""

    verdict: str
    text: str
    findings: list[FindingShown]
    measures: dict[str, float | None]


class PageShown(BaseModel):
    """One page of a batch; `quality` is null where there is no picture of print to judge."""

    place: int
    state: str
    blank: bool
    quality: QualityShown | None
    confidence: float | None
    failure: str | None
    codes: list[str]


class BatchShown(BaseModel):
    """A file taken in."""

    id: str
    name: str
    kind: str
    sha256: str
    state: str
    failure: str | None
    notices: list[str]
    taken_in_at: datetime
    dossier: str | None
    progress: ProgressShown
    components: list[ComponentShown]
    unclaimed: list[int]
    cards: list[int] = Field(
        description="Pages that look like an identity card: neither filed, read nor shown."
    )
    proposals: list[dict[str, object]]
    remarks: list[RemarkShown]
    pages: list[PageShown]


class ReceiptShown(BaseModel):
    """The acknowledgment of a scan: `already` means the same bytes had been taken in before."""

    batch: str
    already: bool
    href: str


class DecisionShown(BaseModel):
    """What the checklist says of one requirement, and the rules that say so.

    A rule is its name and, after an @, the entry of the catalogue it stands in. `required`: whether
    the paper is asked for in this case at all.
    """

    key: str
    name: str
    optional: bool
    required: bool
    standing: Literal["held", "held_not_reusable", "needed"]
    reason: str
    sentence: str
    component: str | None
    valid_until: date | None
    rules: list[str]


class HoldingsShown(BaseModel):
    """The lookup's answer. `owner` is None when nothing of theirs was ever taken in.

    `catalogue_version` is the one by whose rules the checklist was decided.
    """

    owner: str | None
    owner_name: str | None
    components: list[ComponentShown]
    checklist: list[DecisionShown]
    catalogue_version: str | None
    warnings: list[str] = []


class OwnerShown(BaseModel):
    """Whom papers concern. `number` is masked: enough to recognise, not to know."""

    id: str
    kind: Literal["citizen", "organisation"]
    name: str
    number: str


class AliasShown(BaseModel):
    """An old number by which one of the owners is found, masked, and who says so."""

    id: str
    owner: str
    number: str
    source: Literal["card", "officer", "paper"]
    reason: str
    added_by: str
    added_at: datetime


class MergeShown(BaseModel):
    """A decision that two owners are one."""

    id: str
    one: OwnerShown
    other: OwnerShown
    reason: str
    decided_by: str
    decided_at: datetime


class PersonShown(OwnerShown):
    """An owner, who else officers say they are, and the old numbers of all of these.

    `dossiers_across` are dossiers served by papers of another owner's row: they rely on a merge.
    """

    same_as: list[OwnerShown]
    aliases: list[AliasShown]
    merges: list[MergeShown]
    dossiers_across: list[str]


class AccessShown(BaseModel):
    """One look at a person's papers, or one use of them; `deed` is a stable code."""

    at: datetime
    who: str
    deed: str
    deed_name: str
    component_type: str | None
    dossier: str | None
    purpose: str | None


class AccessesShown(BaseModel):
    """A page of them, newest first; `next` asks for the following one."""

    items: list[AccessShown]
    next: str | None = None


class DeskScanShown(BaseModel):
    """What became of a scan at a desk."""

    event_id: str
    outcome: Literal[
        "accepted", "duplicate", "wrong_desk", "unknown_code", "superseded", "rejected"
    ]
    reason: str
    sentence: str
    dossier: str | None
    holder: str | None
    offered_to: str | None


class DeskScansShown(BaseModel):
    """One answer per scan, in the order they were sent."""

    items: list[DeskScanShown]


class VisitShown(BaseModel):
    """A desk's turn at holding; `seconds` so far or in all."""

    desk: str
    desk_name: str
    since: datetime
    until: datetime | None
    seconds: int


class HopShown(BaseModel):
    """One hand-off, both sides of it (a row of form 06)."""

    from_desk: str
    to_desk: str
    given_at: datetime
    received_at: datetime


class StatusShown(BaseModel):
    """One step of the status."""

    status: int
    status_name: str
    at: datetime
    actor: str
    note: str


class TrailShown(BaseModel):
    """Who holds a dossier, since when, how long each desk had it, on time or not."""

    dossier: str
    status: int
    status_name: str
    holder: str
    holder_name: str
    since: datetime
    offered_to: str | None
    due_at: datetime
    punctuality: str
    visits: list[VisitShown]
    hops: list[HopShown]
    history: list[StatusShown]


class BoxShown(BaseModel):
    """A word on a page: points from the upper left corner of the archived page.

    `field` is the key of a field that somebody confirmed or corrected: `text` is as they say.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    field: str | None = None


class HitShown(BaseModel):
    """A page on which all words stand."""

    component: str | None
    dossier: str | None
    batch_source: str
    place: int
    exact: bool
    snippet: str
    boxes: list[BoxShown]


class PersonFound(BaseModel):
    """An owner whose name may be the one asked for: opaque id, number with its middle hidden.

    `exact`: the name has the words with the same accents.
    """

    owner: str
    name: str
    number: str
    papers: int
    exact: bool


class HitsShown(BaseModel):
    """A page of hits; `next` asks for the following one. `people` come with the first page."""

    items: list[HitShown]
    next: str | None = None
    people: list[PersonFound] = []


class TrackShown(BaseModel):
    """What a citizen sees: the step and the due date, and no person."""

    dossier: str
    procedure: str
    step: str
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    late: bool


class FeeShown(BaseModel):
    """What a procedure costs, in đồng."""

    name: str
    amount: int
    note: str


class ProcedureShown(BaseModel):
    """A procedure of the catalogue."""

    code: str
    name: str
    field: str
    limit: str
    certainty: str
    requirements: list[RequirementShown]
    cases: dict[str, str]
    fees: list[FeeShown]


class ComponentTypeShown(BaseModel):
    """A kind of paper of the catalogue."""

    key: str
    title: str
    sheet_number: int
    reuse: str
    certainty: str


class DeskShown(BaseModel):
    """A desk of the office."""

    key: str
    name: str
    number: int
    kind: str


class SessionShown(BaseModel):
    """Who is signed in."""

    name: str
    full_name: str
    role: str
    desk: str | None


class CheckShown(BaseModel):
    """One thing that was looked at; `found` is a stable word."""

    ok: bool
    found: str


class ReadinessShown(BaseModel):
    """`ready`, `degraded` (requests are answered, something has to be mended) or `unavailable`."""

    status: str
    checks: dict[str, CheckShown]
