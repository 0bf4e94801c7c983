"""Which objects there are, how large, and when each was last read again.

Rows of before are noted by the first check: their sizes stand nowhere but in the store.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_object",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finding", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_kept_object")),
    )
    op.create_index(op.f("ix_kept_object_checked_at"), "kept_object", ["checked_at"], unique=False)
    op.create_index(op.f("ix_kept_object_finding"), "kept_object", ["finding"], unique=False)


def downgrade() -> None:
    op.drop_table("kept_object")
