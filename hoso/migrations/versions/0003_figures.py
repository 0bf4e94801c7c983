"""What operators watch: the tally of work, and small indexes that make counting cost nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Few rows at any time, whatever the archive holds.
_PARTIAL = (
    ("ix_page_failed", "page", "id", "state = 'failed'"),
    ("ix_component_failed", "component", "id", "failure IS NOT NULL"),
    ("ix_dossier_in_house", "dossier", "due_at", "status NOT IN (3, 7, 8, 10)"),
)


def upgrade() -> None:
    op.create_table(
        "work_tally",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("within", sa.Float(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("job", "outcome", "within", name=op.f("pk_work_tally")),
    )
    for name, table, column, only in _PARTIAL:
        where = sa.text(only)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in _PARTIAL:
        op.drop_index(name, table)
    op.drop_table("work_tally")
