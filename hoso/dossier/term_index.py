"""Full-text indexes, the same on both databases: rows found by terms that hoso made.

SQLite's own folding leaves đ alone, and PostgreSQL's parser takes `12/HĐ-LĐ` for a file's path. So
both are given terms (`hoso.text`), folded ones and accent-exact ones, and asked for nothing but
which rows hold them: SQLite by FTS5, PostgreSQL by `tsvector`. What is better is for the caller
to say, because the two would say it differently.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, column, select, table, text
from sqlalchemy.orm import Session

from hoso.db import is_sqlite
from hoso.text import Phrase, exact_terms, fold

BREAK = "\ue000"
"""Stands between two passages of a row, so that no phrase runs on; nobody can ask for it."""

Wanted = Sequence[Sequence[Phrase]]
"""Of each group one phrase at least."""

# PostgreSQL's limits; no word is that long, and no page has more places. Beyond the 256th place of
# one word on one page it keeps none, and finds the word, but no phrase with it.
_LONGEST_TERM = 500
_LAST_PLACE = 16_383


def folded_terms(passages: Iterable[str]) -> list[str]:
    """The terms of a row's passages without accents, with a break between two passages."""
    return _terms(fold, passages)


def accented_terms(passages: Iterable[str]) -> list[str]:
    """The same terms with their accents, place by place."""
    return _terms(exact_terms, passages)


def _terms(made: Callable[[str], str], passages: Iterable[str]) -> list[str]:
    parts = ([term[:_LONGEST_TERM] for term in made(passage).split()] for passage in passages)
    return list(chain.from_iterable([*part, BREAK] for part in parts if part))[:-1]


@dataclass(frozen=True, slots=True)
class TermIndex:
    """One index: its table, and what PostgreSQL calls the number of the row it stands for."""

    table: str
    key: str

    def put(self, session: Session, number: int, passages: Sequence[str]) -> None:
        """Have a row found by these passages, and by nothing else."""
        folded, exact = folded_terms(passages), accented_terms(passages)
        if is_sqlite(session):
            session.execute(
                text(f"DELETE FROM {self.table} WHERE rowid = :number"),  # noqa: S608  # ours
                {"number": number},
            )
            insert = (
                f"INSERT INTO {self.table} (rowid, folded, exact) VALUES (:number, :folded, :exact)"  # noqa: S608
            )
            kept = {"folded": " ".join(folded), "exact": " ".join(exact)}
        else:
            insert = f"""
                INSERT INTO {self.table} ({self.key}, folded, exact)
                VALUES (:number, CAST(:folded AS tsvector), CAST(:exact AS tsvector))
                ON CONFLICT ({self.key})
                DO UPDATE SET folded = excluded.folded, exact = excluded.exact
            """  # noqa: S608
            kept = {"folded": _places(folded), "exact": _places(exact)}
        session.execute(text(insert), {"number": number, **kept})

    def newest(
        self,
        session: Session,
        *,
        limit: int,
        folded: Wanted = (),
        exact: Wanted = (),
        but_exact: Wanted = (),
        among: Callable[[ColumnElement[int]], ColumnElement[bool]] | None = None,
    ) -> list[int]:
        """The highest numbers of rows with these terms, and without the phrases of `but_exact`.

        `among` narrows them by their number. Both databases stop when they have enough.
        """
        ask = self._on_sqlite if is_sqlite(session) else self._on_postgresql
        number, query = ask(folded, exact, but_exact)
        if among is not None:
            query = query.where(among(number))
        return list(session.scalars(query.order_by(number.desc()).limit(limit)))

    def _on_sqlite(
        self, folded: Wanted, exact: Wanted, but_exact: Wanted
    ) -> tuple[ColumnElement[int], Select[int]]:
        number = self._number("rowid")
        match = " AND ".join([*_matches("folded", folded), *_matches("exact", exact)])
        if but_exact:
            match = f"({match}) NOT ({' AND '.join(_matches('exact', but_exact))})"
        condition = text(f"{self.table} MATCH :match").bindparams(bindparam("match", match))
        return number, select(number).where(condition)

    def _on_postgresql(
        self, folded: Wanted, exact: Wanted, but_exact: Wanted
    ) -> tuple[ColumnElement[int], Select[int]]:
        number = self._number(self.key)
        query = select(number)
        for condition, name, wanted in (
            ("folded @@ CAST(:folded AS tsquery)", "folded", folded),
            ("exact @@ CAST(:exact AS tsquery)", "exact", exact),
            ("NOT exact @@ CAST(:but_exact AS tsquery)", "but_exact", but_exact),
        ):
            if wanted:
                query = query.where(text(condition).bindparams(bindparam(name, _tsquery(wanted))))
        return number, query

    def _number(self, name: str) -> ColumnElement[int]:
        return table(self.table, column(name, BigInteger)).c[name]


def _matches(column_: str, wanted: Wanted) -> Iterator[str]:
    """FTS5 expressions; every phrase is quoted, so nobody's question is taken for syntax."""
    for group in wanted:
        yield "(" + " OR ".join(f'{column_}:"{" ".join(_cut(phrase))}"' for phrase in group) + ")"


def _tsquery(wanted: Wanted) -> str:
    """The same for PostgreSQL; a term holds letters and digits only."""
    return " & ".join(f"({' | '.join(map(_phrase, group))})" for group in wanted)


def _phrase(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{term}'" for term in _cut(phrase)) + ")"


def _cut(phrase: Phrase) -> Iterator[str]:
    return (term[:_LONGEST_TERM] for term in phrase)


def _places(terms: Iterable[str]) -> str:
    """A tsvector: every term with the places it stands at."""
    return " ".join(
        f"'{term}':{min(place, _LAST_PLACE)}" for place, term in enumerate(terms, start=1)
    )
