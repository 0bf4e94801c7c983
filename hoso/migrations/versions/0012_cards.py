"""Cards: what a citizen's card has vouched for, and fields that only agree with what was typed."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("owner", sa.Column("birth_date", sa.Date(), nullable=True))
    op.add_column("owner", sa.Column("card_seen_at", Moment(), nullable=True))
    op.add_column("owner", sa.Column("card_seen_by", sa.String(length=80), nullable=True))
    # Until now a typed number and name were taken for a confirmation.
    op.execute(
        "UPDATE component_field SET state = 'matched'"
        " WHERE state = 'agreed' AND key IN ('citizen_id', 'owner_name')"
    )


def downgrade() -> None:
    op.execute("UPDATE component_field SET state = 'agreed' WHERE state = 'matched'")
    op.drop_column("owner", "card_seen_by")
    op.drop_column("owner", "card_seen_at")
    op.drop_column("owner", "birth_date")
