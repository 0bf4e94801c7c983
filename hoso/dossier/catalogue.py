"""The catalogue as values: kinds of paper, procedures, desks and the office.

What an office may edit, and nothing else; `catalogue_files` reads and checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum

from hoso.dossier.checklist import Certainty, Requirement
from hoso.dossier.deadlines import Limit
from hoso.dossier.reuse import PaperRule
from hoso.dossier.working_calendar import OfficeHours, Override


class DeskKind(StrEnum):
    """What a desk is for."""

    INTAKE = "intake"
    OFFICE = "office"
    SIGNING = "signing"
    RETURN = "return"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class ComponentType:
    """A kind of paper. `headings` are what may be printed at its top, in capitals.

    `retention_years`: how long a store that locks objects must keep it; None: no such rule.
    """

    key: str
    sheet_number: int
    title: str
    headings: tuple[str, ...]
    national_code: str | None
    rule: PaperRule
    certainty: Certainty
    source: str
    retention_years: int | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What a procedure costs: đồng, and for what or by which channel."""

    name: str
    amount: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure; `certainty` is of its code, name and limit.

    `cases`: the special cases in which some of its papers are asked for, by key. `retention_years`:
    how long its dossiers are kept; None: not stated.
    """

    code: str
    name: str
    field: str
    limit: Limit
    certainty: Certainty
    note: str
    requirements: tuple[Requirement, ...]
    cases: Mapping[str, str] = made_by(default_factory=dict)
    fees: tuple[Fee, ...] = ()
    retention_years: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A place a dossier can be at. An intake desk without fields takes everything in."""

    key: str
    number: int
    name: str
    kind: DeskKind
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """The office as it stands at the head of its forms, and when it is open."""

    agency_id: str
    name: str
    superior: str
    place: str
    address: str
    phone: str
    email: str
    hours: OfficeHours


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything an office has written down, checked as a whole. Each mapping keeps file order."""

    component_types: Mapping[str, ComponentType]
    fields: Mapping[str, str]
    procedures: Mapping[str, Procedure]
    desks: Mapping[str, Desk]
    office: Office
    overrides: tuple[Override, ...]

    @property
    def paper_rules(self) -> Mapping[str, PaperRule]:
        """What reuse decisions need of every kind of paper."""
        return {kind.key: kind.rule for kind in self.component_types.values()}

    def type_of_sheet(self, sheet_number: int) -> ComponentType | None:
        """The kind of paper that a separator sheet announces."""
        kinds = self.component_types.values()
        return next((kind for kind in kinds if kind.sheet_number == sheet_number), None)

    def desk_numbered(self, number: int) -> Desk | None:
        """The desk whose card bears that number."""
        return next((desk for desk in self.desks.values() if desk.number == number), None)
