"""Search over what was read: accent-exact hits first, then accent-less; a hit knows its boxes.

The table `page_search` is made by the migrations: SQLite's full-text index, or PostgreSQL's
`tsvector` columns. Both hold terms that hoso made: SQLite's own folding leaves đ alone, and
PostgreSQL's parser takes `12/HĐ-LĐ` for a file's path.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from hoso.db import is_sqlite
from hoso.dossier.tables import Page
from hoso.ocr.reading import PageReading
from hoso.ocr.words import Word
from hoso.text import exact_terms, fold

_INDEX_ON_SQLITE = text(
    "INSERT INTO page_search (rowid, folded, exact) VALUES (:id, :folded, :exact)"
)
_FORGET_ON_SQLITE = text("DELETE FROM page_search WHERE rowid = :id")
_FIND_ON_SQLITE = text("""
SELECT page.id AS page_id,
       page.id IN (SELECT rowid FROM page_search WHERE page_search MATCH :exact) AS exact
FROM page_search JOIN page ON page.id = page_search.rowid
WHERE page_search MATCH :folded
ORDER BY exact DESC, bm25(page_search), page.id
LIMIT :limit OFFSET :offset
""")

_INDEX_ON_POSTGRESQL = text("""
INSERT INTO page_search (page_id, folded, exact)
VALUES (:id, CAST(:folded AS tsvector), CAST(:exact AS tsvector))
ON CONFLICT (page_id) DO UPDATE SET folded = excluded.folded, exact = excluded.exact
""")
# Rank: how often the words stand on the page, for its length (1).
_FIND_ON_POSTGRESQL = text("""
SELECT page_id, exact @@ CAST(:exact AS tsquery) AS exact
FROM page_search
WHERE folded @@ CAST(:folded AS tsquery)
ORDER BY exact @@ CAST(:exact AS tsquery) DESC,
         ts_rank(folded, CAST(:folded AS tsquery), 1) DESC,
         page_id
LIMIT :limit OFFSET :offset
""")
# PostgreSQL's limits; no word is that long, and no page has more places.
_LONGEST_TERM = 500
_LAST_PLACE = 16_383


@dataclass(frozen=True, slots=True)
class Hit:
    """A page on which every word of the question stands, and where."""

    page: Page
    exact: bool
    boxes: list[Word]


def index(session: Session, page: Page) -> None:
    """Make a page's text findable; doing it again replaces what was there."""
    folded, exact = fold(page.text), exact_terms(page.text)
    if is_sqlite(session):
        session.execute(_FORGET_ON_SQLITE, {"id": page.id})
        session.execute(_INDEX_ON_SQLITE, {"id": page.id, "folded": folded, "exact": exact})
    else:
        terms = {"folded": _places(folded.split()), "exact": _places(exact.split())}
        session.execute(_INDEX_ON_POSTGRESQL, {"id": page.id, **terms})


def find(session: Session, question: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """Pages on which all words stand, in any order; nothing for a question without words."""
    folded, exact = fold(question).split(), exact_terms(question).split()
    if not folded:
        return []
    if is_sqlite(session):
        query, asked = _FIND_ON_SQLITE, (_match("folded", folded), _match("exact", exact))
    else:
        query, asked = _FIND_ON_POSTGRESQL, (_all_of(folded), _all_of(exact))
    part = {"limit": limit, "offset": offset}
    rows = session.execute(query, {"folded": asked[0], "exact": asked[1], **part})
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


def _all_of(terms: Iterable[str]) -> str:
    """The same as a tsquery."""
    return " & ".join(f"'{term[:_LONGEST_TERM]}'" for term in terms)


def _places(terms: Iterable[str]) -> str:
    """A tsvector: every term with the places it stands at; terms hold letters and digits only."""
    return " ".join(
        f"'{term[:_LONGEST_TERM]}':{min(place, _LAST_PLACE)}"
        for place, term in enumerate(terms, start=1)
    )
