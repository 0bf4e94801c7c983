"""Search over what was read: accent-exact hits first, then accent-less; a hit knows its boxes.

SQLite's full-text index `page_search` is made by the migrations. Both of its columns hold text that
hoso folded: SQLite's own folding leaves đ alone.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from hoso.dossier.tables import Page
from hoso.ocr.reading import PageReading
from hoso.ocr.words import Word
from hoso.text import exact_terms, fold

_FIND = text("""
SELECT page.id AS page_id,
       page.id IN (SELECT rowid FROM page_search WHERE page_search MATCH :exact) AS exact
FROM page_search JOIN page ON page.id = page_search.rowid
WHERE page_search MATCH :folded
ORDER BY exact DESC, bm25(page_search), page.id
LIMIT :limit OFFSET :offset
""")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page on which every word of the question stands, and where."""

    page: Page
    exact: bool
    boxes: list[Word]


def index(session: Session, page: Page) -> None:
    """Make a page's text findable; doing it again replaces what was there."""
    session.execute(text("DELETE FROM page_search WHERE rowid = :id"), {"id": page.id})
    session.execute(
        text("INSERT INTO page_search (rowid, folded, exact) VALUES (:id, :folded, :exact)"),
        {"id": page.id, "folded": fold(page.text), "exact": exact_terms(page.text)},
    )


def find(session: Session, question: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """Pages on which all words stand, in any order; nothing for a question without words."""
    folded, exact = fold(question).split(), exact_terms(question).split()
    if not folded:
        return []
    rows = session.execute(
        _FIND,
        {
            "folded": _match("folded", folded),
            "exact": _match("exact", exact),
            "limit": limit,
            "offset": offset,
        },
    )
    return [
        Hit(page, bool(row.exact), boxes_on(page, question))
        for row in rows
        if (page := session.get(Page, row.page_id)) is not None
    ]


def boxes_on(page: Page, question: str) -> list[Word]:
    """Where the question's words stand on a page that was read."""
    if not page.reading:
        return []
    terms = set(fold(question).split())
    words = PageReading.from_json(page.reading).words
    return [word for word in words if terms & set(fold(word.text).split())]


def _match(column: str, terms: list[str]) -> str:
    """An FTS5 expression; every term is quoted, so nobody's question is taken for syntax."""
    return " AND ".join(f'{column}:"{term}"' for term in terms)
