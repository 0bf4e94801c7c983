"""Old numbers of people, and owners that are one."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NOT_ALONE = sa.text("same_as IS NOT NULL")
_KNOWN_AS = sa.text("removed_at IS NULL")
_MERGED = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.add_column("owner", sa.Column("same_as", sa.String(length=32), nullable=True))
    op.create_index(
        "ix_owner_same_as",
        "owner",
        ["same_as"],
        sqlite_where=_NOT_ALONE,
        postgresql_where=_NOT_ALONE,
    )
    op.create_table(
        "owner_alias",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("remove_reason", sa.String(length=500), nullable=True),
        sa.Column("removed_by", sa.String(length=80), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_owner_alias_owner_id_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_alias")),
    )
    op.create_index(op.f("ix_owner_alias_owner_id"), "owner_alias", ["owner_id"])
    op.create_index(
        "uq_owner_alias_number",
        "owner_alias",
        ["number"],
        unique=True,
        sqlite_where=_KNOWN_AS,
        postgresql_where=_KNOWN_AS,
    )
    op.create_table(
        "owner_merge",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("one_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("undo_reason", sa.String(length=500), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["owner.id"], name=op.f("fk_owner_merge_one_id_owner")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["owner.id"], name=op.f("fk_owner_merge_other_id_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_merge")),
    )
    op.create_index(
        "ix_owner_merge_standing",
        "owner_merge",
        ["one_id"],
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )


def downgrade() -> None:
    op.drop_table("owner_merge")
    op.drop_table("owner_alias")
    op.drop_index("ix_owner_same_as", "owner")
    op.drop_column("owner", "same_as")
