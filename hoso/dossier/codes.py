"""Dossier codes: a counter per agency and day, unique however many counters work at once."""

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hoso.barcode.code import DossierCode
from hoso.db import is_sqlite
from hoso.dossier.tables import CodeCounter


def next_code(session: Session, agency: str, day: date) -> DossierCode:
    """The agency's next code of the day (form: TT 01/2018/TT-VPCP Điều 19).

    The counter's row is raised in one statement and stays locked until the transaction ends, so
    no two dossiers get one code; a rolled-back receipt leaves no gap.
    """
    dialect = sqlite if is_sqlite(session) else postgresql
    insert = dialect.insert(CodeCounter).values(agency=agency, day=day, last=1)
    raised = insert.on_conflict_do_update(
        index_elements=[CodeCounter.agency, CodeCounter.day],
        set_={"last": CodeCounter.last + 1},
    ).returning(CodeCounter.last)
    ordinal = session.scalar(raised)
    assert ordinal is not None  # noqa: S101  # RETURNING gives the row that was just written
    return DossierCode.make(agency, day, ordinal)
