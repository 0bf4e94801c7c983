"""What of a page is found: the words that were read on it, and what somebody says they read.

Two sources, one index row. The words stay as they were read, and fields as they were decided:
this index is made of both and can be made anew from them at any time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hoso.dossier.tables import SAID, ComponentField, ComponentPage, Page
from hoso.dossier.term_index import TermIndex

PAGES = TermIndex("page_search", "page_id")

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """A field as somebody confirmed or corrected it: x0, y0, x1, y1 in points on its page."""

    key: str
    text: str
    box: tuple[float, float, float, float]


def index(session: Session, page: Page) -> None:
    """Make a page findable; doing it again replaces what was there."""
    session.flush()
    said = said_on(session, [page.id]).get(page.id, [])
    PAGES.put(session, page.id, passages_of(page, said))


def passages_of(page: Page, said: Iterable[Said]) -> list[str]:
    """What no phrase runs across: the page as read, then each field as somebody says it."""
    return [page.text, *(field.text for field in said)]


def said_on(session: Session, page_ids: Iterable[int]) -> dict[int, list[Said]]:
    """The fields of these pages that somebody confirmed or corrected, in order."""
    here = and_(
        ComponentPage.component_id == ComponentField.component_id,
        ComponentPage.position == ComponentField.page,
    )
    query = select(ComponentPage.page_id, ComponentField).join(ComponentPage, here)
    query = query.where(ComponentPage.page_id.in_(list(page_ids)), SAID)
    said: dict[int, list[Said]] = {}
    for page_id, field in session.execute(query.order_by(ComponentField.id)):
        x0, y0, x1, y1 = field.box
        said.setdefault(page_id, []).append(
            Said(field.key, _as_written(field.value), (x0, y0, x1, y1))
        )
    return said


def _as_written(value: str) -> str:
    """A date as papers have it."""
    return _ISO_DATE.sub(r"\3/\2/\1", value)
