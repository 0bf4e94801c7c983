"""The decision, put to the archive: a procedure's checklist by what its owner has handed in."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from hoso.dossier import catalogue_store, components
from hoso.dossier.catalogue import Catalogue, Procedure
from hoso.dossier.checklist import Requirement
from hoso.dossier.reuse import Decision, Question, decide
from hoso.dossier.tables import Component, Dossier


def checklist(
    session: Session,
    catalogue: Catalogue,
    procedure: Procedure,
    held: Sequence[Component],
    *,
    on: date,
    cases: Iterable[str] = (),
) -> list[Decision]:
    """What is decided of each line of a procedure, before there is a dossier."""
    question = Question(procedure.code, on, catalogue.office.agency_id, frozenset(cases))
    papers = components.as_held(session, held)
    rules = catalogue.paper_rules
    return [
        decide(requirement, papers, question=question, rules=rules)
        for requirement in procedure.requirements
    ]


def of_line(
    session: Session,
    dossier: Dossier,
    requirement: Requirement,
    held: Sequence[Component],
    *,
    on: date,
) -> Decision:
    """What is decided of one line of a dossier, by the rules it was received under."""
    catalogue = catalogue_store.of_dossier(session, dossier)
    question = Question(
        dossier.procedure_code, on, catalogue.office.agency_id, frozenset(dossier.cases)
    )
    papers = components.as_held(session, held)
    return decide(requirement, papers, question=question, rules=catalogue.paper_rules)
