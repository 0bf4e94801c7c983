"""Searching words, and the people whose names they are. Each question is noted, its words are not.

Asking reads only and the note is written afterwards, in a transaction of its own, before anything
is shown: a long search keeps nobody from writing, and without its note nothing is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from hoso.audit import log as audit
from hoso.dossier import components, owner_names, owners
from hoso.dossier.owner_names import Namesake
from hoso.errors import PurposeMissing
from hoso.ocr import search
from hoso.ocr.search import ALL, Hit, Narrowing
from hoso.text import fold

PURPOSE = "search"

_MOST_PEOPLE = 10
_SNIPPET_CHARACTERS = 160
_SNIPPET_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is searched for, among which papers; among one person's, only for a purpose."""

    words: str
    among: Narrowing = ALL
    purpose: str = ""
    offset: int = 0
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """Pages with all words and the ids of their papers; owners whose name it may be.

    The owners come with the first pages only.
    """

    hits: list[Hit]
    papers: list[str]
    people: list[Namesake]


def find(session: Session, asked: Asked) -> Found:
    """What there is; refuses to search one person's papers without a purpose."""
    found = find_pages(session, asked)
    if asked.offset or asked.among.owner:
        return found
    return replace(found, people=owner_names.people(session, asked.words, limit=_MOST_PEOPLE))


def find_pages(session: Session, asked: Asked) -> Found:
    """The same without people."""
    if asked.among.owner:
        _refuse_without_purpose(session, asked.among.owner, asked.purpose)
    hits = search.find(
        session, asked.words, limit=asked.limit, offset=asked.offset, among=asked.among
    )
    return Found(hits, components.of_pages(session, [hit.page.id for hit in hits]), [])


def note(session: Session, asked: Asked, found: Found, *, by: str, at: datetime) -> None:
    """Note that somebody searched, and which papers' lines and whose names it showed them.

    Of owners who are one each has an entry, so that it is still theirs after they are parted.
    """
    owner = asked.among.owner
    for subject in sorted(owners.one_and_the_same(session, owner)) if owner else ["pages"]:
        audit.record(
            session,
            "search.asked",
            subject,
            actor=by,
            at=at,
            purpose=asked.purpose.strip() or PURPOSE,
            found=len(found.hits),
            papers=found.papers,
            people=[person.owner.id for person in found.people],
        )


def snippet(hit: Hit) -> str:
    """The lines on which most of the words stand, and what somebody says a field reads; cut."""
    words = {term for box in hit.boxes if not box.field for term in fold(box.text).split()}
    said = [box.text for box in hit.boxes if box.field]
    lines = _fullest(hit.page.text.splitlines(), words) if words or not said else []
    return " … ".join([*lines, *said][:_SNIPPET_LINES])[:_SNIPPET_CHARACTERS]


def _fullest(lines: Sequence[str], words: set[str]) -> list[str]:
    found = [len(words & set(fold(line).split())) for line in lines]
    return [line for line, many in zip(lines, found, strict=True) if many == max(found)]


def _refuse_without_purpose(session: Session, owner_id: str, purpose: str) -> None:
    if not purpose.strip():
        raise PurposeMissing
    owners.by_id(session, owner_id)
