"""Papers that may be the same: each page's fingerprint, and what is asked about two of them."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("page", sa.Column("fingerprint", sa.String(length=64), nullable=True))
    op.create_table(
        "duplicate_question",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("newer_id", sa.String(length=32), nullable=False),
        sa.Column("older_id", sa.String(length=32), nullable=False),
        sa.Column("agrees", sa.JSON(), nullable=False),
        sa.Column("differs", sa.JSON(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("mark_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["newer_id"], ["component.id"], name=op.f("fk_duplicate_question_newer_id_component")
        ),
        sa.ForeignKeyConstraint(
            ["older_id"], ["component.id"], name=op.f("fk_duplicate_question_older_id_component")
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"],
            ["component_mark.id"],
            name=op.f("fk_duplicate_question_mark_id_component_mark"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_question")),
        sa.UniqueConstraint(
            "newer_id", "older_id", name=op.f("uq_duplicate_question_newer_id_older_id")
        ),
    )
    op.create_index("ix_duplicate_question_older_id", "duplicate_question", ["older_id"])
    unanswered = sa.text("answer IS NULL")
    op.create_index(
        "ix_duplicate_question_open",
        "duplicate_question",
        ["id"],
        sqlite_where=unanswered,
        postgresql_where=unanswered,
    )


def downgrade() -> None:
    op.drop_table("duplicate_question")
    op.drop_column("page", "fingerprint")
