"""Names that owners are found by, and their index; exact terms are looked up, too."""

import sqlalchemy as sa
from alembic import op

# One row a name, folded by hoso (hoso/dossier/owner_names.py).
NAMES_ON_SQLITE = """
CREATE VIRTUAL TABLE name_search USING fts5(
    folded, exact, tokenize="unicode61 remove_diacritics 0"
)
"""
NAMES_ON_POSTGRESQL = """
CREATE TABLE name_search (
    name_number bigint PRIMARY KEY REFERENCES owner_name (number) ON DELETE CASCADE,
    folded tsvector NOT NULL,
    exact tsvector NOT NULL
);
CREATE INDEX ix_name_search_folded ON name_search USING gin (folded);
CREATE INDEX ix_name_search_exact ON name_search USING gin (exact);
CREATE INDEX ix_page_search_exact ON page_search USING gin (exact)
"""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owner_name",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_owner_name_owner_id_owner")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_owner_name")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_owner_name_owner_id_name")),
    )
    op.create_table(
        "name_word",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_word")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(NAMES_ON_SQLITE if on_sqlite else NAMES_ON_POSTGRESQL)


def downgrade() -> None:
    op.execute("DROP TABLE name_search")
    op.drop_table("name_word")
    op.drop_table("owner_name")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP INDEX ix_page_search_exact")
