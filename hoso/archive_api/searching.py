"""Searching the words of every page: each question is noted, its words are not."""

from datetime import datetime

from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.audit import log as audit
from hoso.ocr import search
from hoso.ocr.search import Hit
from hoso.text import fold

_SNIPPET_CHARACTERS = 160
_SNIPPET_LINES = 2


def find_pages(
    session: Session, question: str, *, actor: Actor, at: datetime, limit: int, offset: int
) -> list[Hit]:
    """Pages with all words, accent-exact ones first."""
    hits = search.find(session, question, limit=limit, offset=offset)
    audit.record(
        session,
        "search.asked",
        "pages",
        actor=actor.name,
        at=at,
        purpose="search",
        found=len(hits),
    )
    return hits


def snippet(hit: Hit) -> str:
    """The lines on which most of the words stand together, cut short."""
    words = {fold(box.text) for box in hit.boxes}
    lines = hit.page.text.splitlines()
    found = [len(words & set(fold(line).split())) for line in lines]
    best = [line for line, many in zip(lines, found, strict=True) if many == max(found)]
    return " … ".join(best[:_SNIPPET_LINES])[:_SNIPPET_CHARACTERS]
