"""Owners found by their names: without accents, in another order, with a typo.

A few hundred syllables make nearly all names, so pieces of syllables (trigrams) would be shared by
half of the people. Whole words are looked up instead, and those words of names that are one typo
away from each: it makes some hundred of a word, of which a handful are in any name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hoso.db import insert_once
from hoso.dossier.likeness import is_alike, one_typo_away, typos
from hoso.dossier.tables import Component, NameWord, Owner, OwnerName
from hoso.dossier.term_index import TermIndex, Wanted
from hoso.text import exact_terms, fold

NAMES = TermIndex("name_search", "name_number")

# Half of the people are called one of few words: one word alone names nobody.
_FEWEST_WORDS, _MOST_WORDS = 2, 12
# Of fewer words two that fit are no likeness: papers' titles hold syllables that are names, too.
_FEWEST_TO_LACK_ONE = 4
_WEIGHED = 200
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Namesake:
    """An owner whose name is like the one asked for, and how many papers there are.

    `exact`: with the same accents.
    """

    owner: Owner
    exact: bool
    papers: int


def keep(session: Session, owner: Owner) -> None:
    """Have an owner found by the name on file; doing it again changes nothing.

    Two transactions that keep the same new words wait for each other: all in one order.
    """
    if insert_once(session, OwnerName, owner_id=owner.id, name=owner.name):
        query = select(OwnerName).where(OwnerName.owner_id == owner.id)
        index(session, session.scalars(query.where(OwnerName.name == owner.name)).one())
        for word in sorted(set(fold(owner.name).split())):
            if len(word) <= _LONGEST_WORD:
                insert_once(session, NameWord, word=word)


def index(session: Session, name: OwnerName) -> None:
    """Have its owner found by a name; doing it again replaces what was there."""
    NAMES.put(session, name.number, [name.name])


def people(session: Session, asked: str, *, limit: int) -> list[Namesake]:
    """The owners whose names are most like the one asked for; nobody for less than two words.

    Those with the same accents come first, then those with the fewest typos, then those whose
    names have the fewest words beside, in the order of their names.
    """
    name = _Asked(fold(asked).split(), exact_terms(asked).split())
    if not _FEWEST_WORDS <= len(name.words) <= _MOST_WORDS:
        return []
    best: dict[str, tuple[Owner, OwnerName]] = {}
    for row in sorted(_candidates(session, name, limit), key=name.rank):
        owner = session.get_one(Owner, row.owner_id)
        best.setdefault(_one_id(owner), (owner, row))
        if len(best) == limit:
            break
    papers = _papers_of(session, [owner for owner, _ in best.values()])
    return [
        Namesake(owner, name.is_exactly(row), papers.get(_one_id(owner), 0))
        for owner, row in best.values()
    ]


def _one_id(owner: Owner) -> str:
    """The same for all owners that officers have said are one."""
    return owner.same_as or owner.id


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a name without their accents, and with them."""

    words: list[str]
    accented: list[str]

    def is_exactly(self, row: OwnerName) -> bool:
        return set(self.accented) <= set(exact_terms(row.name).split())

    def rank(self, row: OwnerName) -> tuple[bool, int, int, str, str]:
        words = fold(row.name).split()
        beside = len(words) - len(self.words)
        return not self.is_exactly(row), typos(self.words, words), beside, row.name, row.owner_id

    def is_like(self, row: OwnerName) -> bool:
        return is_alike(self.words, fold(row.name).split())


def _candidates(session: Session, asked: _Asked, limit: int) -> list[OwnerName]:
    """Names to be ranked: the next kind is only looked for where the one before gave too few."""
    words, accented = _each(asked.words), _each(asked.accented)
    found = _named(session, exact=accented)
    if len(found) < limit:
        found += _named(session, words, but_exact=accented)
    if len(found) < limit:
        meant = _meant(session, asked.words)
        found += filter(asked.is_like, _named(session, meant)) if all(meant) else ()
    if not found and len(words) >= _FEWEST_TO_LACK_ONE:
        found += filter(asked.is_like, _lacking_one(session, words))
    return found


def _meant(session: Session, words: Sequence[str]) -> Wanted:
    """For each word those in names that it is, or was meant to be; few of so many are in any."""
    nearby = {word: one_typo_away(word) for word in words}
    possible = set(chain.from_iterable(nearby.values()))
    known = set(session.scalars(select(NameWord.word).where(NameWord.word.in_(possible))))
    return [[(one,) for one in nearby[word] if one in known or one == word] for word in words]


def _lacking_one(session: Session, words: Wanted) -> Iterator[OwnerName]:
    for left_out in range(len(words)):
        yield from _named(session, [*words[:left_out], *words[left_out + 1 :]])


def _named(
    session: Session, folded: Wanted = (), *, exact: Wanted = (), but_exact: Wanted = ()
) -> list[OwnerName]:
    numbers = NAMES.newest(session, limit=_WEIGHED, folded=folded, exact=exact, but_exact=but_exact)
    return list(session.scalars(select(OwnerName).where(OwnerName.number.in_(numbers))))


def _each(words: Sequence[str]) -> Wanted:
    return [((word,),) for word in words]


def _papers_of(session: Session, owners: Sequence[Owner]) -> dict[str, int]:
    """How many papers there are of each, under any of its rows."""
    one_id = func.coalesce(Owner.same_as, Owner.id)
    theirs = or_(
        Owner.id.in_([owner.id for owner in owners]),
        Owner.same_as.in_([owner.same_as for owner in owners if owner.same_as]),
    )
    query = select(one_id, func.count()).select_from(Component).join(Owner).where(theirs)
    return dict(session.execute(query.group_by(one_id)).all())
