"""Legal holds on dossiers."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STANDING = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("lift_reason", sa.String(length=500), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_legal_hold_dossier_code_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_dossier_code"), "legal_hold", ["dossier_code"])
    op.create_index(
        "uq_legal_hold_standing",
        "legal_hold",
        ["dossier_code"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def downgrade() -> None:
    op.drop_table("legal_hold")
