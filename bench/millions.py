"""An archive of a province's size on PostgreSQL, made by the server itself in minutes.

Rows are drawn by INSERT … SELECT from the number each has; the dossiers copy one that was received
as at the counter. Indexes and foreign keys are taken off meanwhile and made again from what the
server says they were, so the archive has exactly those of the migrations.

Left out are the rows of pages, which a lookup does not read: `component_page` names them all the
same, its foreign key to `page` is made without a look at the rows that are there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from bench.filled import receive_dossiers
from bench.report import note
from hoso.dossier import catalogue_store
from hoso.dossier.reuse import Reuse
from hoso.wiring import Archive

_PATTERN = "1.004873"
_LOWEST_YEAR = 1940  # of birth

# Three papers in ten belong to another person; four in ten open a dossier. Everybody has one
# dossier, the others fall to those of low number more often: most have a few papers, few a hundred.
_OWNERS, _DOSSIERS = 0.3, 0.4
_LEANING = 1.3
_OWNER_ROWS = text("""
INSERT INTO owner (id, kind, number, name, created_at)
SELECT md5('owner ' || n), 'citizen',
       '001' || ((n / 1000000) % 2) || (:lowest_year + (n / 2000000))
             || lpad((n % 1000000)::text, 6, '0'),
       'Nguyễn Văn ' || n, now() - interval '1 year'
FROM generate_series(1, :owners) AS n
""")
_DOSSIER_ROWS = text("""
INSERT INTO dossier (code, owner_id, submitter, procedure_code, procedure, status, desk,
                     received_by, receiver, received_at, due_at, due_steps, finished_at,
                     tracking_token, version)
SELECT 'H99.99-' || n,
       md5('owner ' || CASE WHEN n <= :owners THEN n
                            ELSE 1 + floor(:owners * power(random(), :leaning))::int END),
       submitter, procedure_code, '{}', 10, desk, received_by, receiver,
       received_at - ago, due_at - ago, '[]', due_at - ago, md5('token ' || n), 1
FROM (SELECT * FROM dossier WHERE code = :pattern) AS pattern,
     generate_series(1, :dossiers) AS n, make_interval(hours => n % 24000) AS ago
""")
_COMPONENT_ROWS = text("""
INSERT INTO component (id, owner_id, type, dossier_code, batch_id, original, archived, stamp, kind,
                       trust, issued_on, created_at)
SELECT md5('component ' || n), owner_id, types[1 + n % cardinality(types)], code,
       md5('batch ' || n / 3), repeat(md5('original ' || n), 2), repeat(md5('archived ' || n), 2),
       'read_back', 0, 'compared', received_at::date - n % 400, received_at
FROM CAST(:types AS text[]) AS types, generate_series(0, :components - 1) AS n
JOIN dossier ON code = 'H99.99-' || 1 + n * 2 / 5
""")
_COMPONENT_PAGE_ROWS = text("""
INSERT INTO component_page (component_id, position, page_id)
SELECT md5('component ' || n), position, 2::bigint * n + position
FROM generate_series(0, :components - 1) AS n, generate_series(1, 1 + (n % 3 = 0)::int) AS position
""")

_INDEXES = text("""
SELECT format('DROP INDEX %I', indexname) AS drop, indexdef AS make
FROM pg_indexes
WHERE tablename = ANY (:tables) AND indexname NOT IN (SELECT conname FROM pg_constraint)
""")
# Foreign keys first off and last on: they need the keys they name.
_CONSTRAINTS = text("""
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
              pg_get_constraintdef(oid)) || repeat(' NOT VALID', (contype = 'f')::int) AS make
FROM pg_constraint
WHERE contype IN ('p', 'u', 'f')
  AND (conrelid::regclass::text = ANY (:tables) OR confrelid::regclass::text = ANY (:tables))
ORDER BY contype = 'f' DESC
""")


@dataclass(frozen=True, slots=True)
class Millions:
    """How large the archive is, and whom one may ask for."""

    components: int

    @property
    def owners(self) -> int:
        """Every one has a number of the citizens' kind."""
        return round(self.components * _OWNERS)

    @property
    def dossiers(self) -> int:
        """Of those years."""
        return round(self.components * _DOSSIERS)

    def number(self, rng: Random) -> str:
        """Somebody's citizen number."""
        n = rng.randint(1, self.owners)
        return f"001{n // 1_000_000 % 2}{_LOWEST_YEAR - 1900 + n // 2_000_000}{n % 1_000_000:06}"


def fill(archive: Archive, components: int) -> Millions:
    """Write that many components and all they need; gives what was written."""
    size = Millions(components)
    [pattern] = receive_dossiers(archive, [_PATTERN])
    with archive.database.read() as session:
        kinds = catalogue_store.in_force(session).component_types.values()
    facts: dict[str, Any] = {
        "components": components,
        "owners": size.owners,
        "dossiers": size.dossiers,
        "leaning": _LEANING,
        "lowest_year": _LOWEST_YEAR - 1900,
        "pattern": pattern.code,
        "types": [kind.key for kind in kinds if kind.rule.reuse is not Reuse.PRESENTED_ONLY],
    }
    with archive.database.open_migrator().begin() as connection:
        # The migrations' time-outs are meant for tables in use.
        connection.execute(
            text("SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off")
        )
        connection.execute(
            text("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '512MB'")
        )
        with _without_indexes(connection):
            for name, rows in _ROWS.items():
                note(f"writing {name} rows for {components:,} components")
                connection.execute(rows, facts)
                connection.execute(text(f"ANALYZE {name}"))
    return size


_ROWS = {
    "owner": _OWNER_ROWS,
    "dossier": _DOSSIER_ROWS,
    "component": _COMPONENT_ROWS,
    "component_page": _COMPONENT_PAGE_ROWS,
}


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    tables = {"tables": list(_ROWS)}
    constraints = connection.execute(_CONSTRAINTS, tables).all()
    indexes = connection.execute(_INDEXES, tables).all()
    for row in (*constraints, *indexes):
        connection.exec_driver_sql(row.drop)
    yield
    note("making its indexes")
    for row in (*indexes, *reversed(constraints)):
        connection.exec_driver_sql(row.make)
