"""Explaining papers as durable work: their kind and their fields, from the words of their pages."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from hoso.dossier import catalogue_store, components, duplicate_questions, paper_fields
from hoso.dossier.paper_fields import FieldRead, Guess
from hoso.dossier.tables import Page
from hoso.dossier.work import Workbench
from hoso.ocr.fields import read_fields
from hoso.ocr.paper_type import guess_type
from hoso.ocr.reading import PageReading
from hoso.ocr.words import Word

# What a paper is and whose stands at its beginning; a book of maps need not be read to its end.
_MOST_PAGES = 6


def explain_component(bench: Workbench, component_id: str) -> None:
    """Find a paper's kind and fields and keep them; ask whether it came in before.

    Doing it again changes nothing, and does what a kill has left out.
    """
    with bench.database.read() as session:
        component = components.by_id(session, component_id)
        pages = [words_of(entry.page) for entry in component.pages[:_MOST_PAGES]]
        guess, fields = _guess(session, pages), _fields(component.type, pages)
    with bench.database.write() as session:
        component = components.by_id(session, component_id, lock=True)
        paper_fields.keep_reading(session, component, guess, fields, at=bench.clock())
    # A transaction of its own: the paper need not be locked, and others' papers never are.
    with bench.database.write() as session:
        duplicate_questions.ask_about(session, component_id, at=bench.clock())


def words_of(page: Page) -> tuple[Word, ...]:
    """What was read on a page; nothing before it was. Needs the page's session."""
    return PageReading.from_json(page.reading).words if page.reading else ()


def _guess(session: Session, pages: Sequence[Sequence[Word]]) -> Guess | None:
    kinds = catalogue_store.in_force(session).component_types
    found = guess_type(pages, {key: kind.headings for key, kind in kinds.items()})
    if found is None:
        return None
    title = found.title
    return Guess(
        type=found.type,
        confidence=found.confidence,
        sure=found.is_sure,
        title=title.text,
        page=found.page + 1,
        box=title.box,
        other=found.other,
    )


def _fields(kind: str, pages: Sequence[Sequence[Word]]) -> list[FieldRead]:
    return [
        FieldRead(field.key, field.value, field.confidence, field.page + 1, field.box)
        for field in read_fields(pages, kind)
    ]
