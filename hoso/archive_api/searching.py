"""Searching the words of every page: each question is noted, its words are not."""

from datetime import datetime

from sqlalchemy.orm import Session

from hoso.archive_api.accounts import Actor
from hoso.audit import log as audit
from hoso.ocr import search
from hoso.ocr.search import Hit

_SNIPPET_CHARACTERS = 160


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
    """The lines that the words stand on, cut short."""
    words = {box.text for box in hit.boxes}
    lines = [line for line in hit.page.text.splitlines() if words & set(line.split())]
    return " … ".join(lines)[:_SNIPPET_CHARACTERS]
