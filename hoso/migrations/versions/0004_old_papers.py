"""What a manifest says of an old paper waits in its batch until the paper is filed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("paper_number", sa.String(length=120), nullable=True))
    op.add_column("batch", sa.Column("paper_issued_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("batch", "paper_issued_on")
    op.drop_column("batch", "paper_number")
