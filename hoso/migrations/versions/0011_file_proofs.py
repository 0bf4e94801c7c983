"""What stored papers were found to be when a report was proved."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_proof",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("finding", sa.String(length=20), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("proved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_proof")),
    )


def downgrade() -> None:
    op.drop_table("file_proof")
