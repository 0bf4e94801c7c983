"""What papers say: their kind by the title, and their fields."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("component", sa.Column("guess", sa.JSON(), nullable=True))
    op.create_table(
        "component_field",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("component_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("read", sa.String(length=500), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("harm", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_component_field_component_id_component"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_field")),
        sa.UniqueConstraint(
            "component_id", "key", name=op.f("uq_component_field_component_id_key")
        ),
    )
    asked = sa.text("state = 'read' AND harm IS NOT NULL")
    op.create_index(
        "ix_component_field_asked",
        "component_field",
        ["harm"],
        sqlite_where=asked,
        postgresql_where=asked,
    )


def downgrade() -> None:
    op.drop_table("component_field")
    op.drop_column("component", "guess")
