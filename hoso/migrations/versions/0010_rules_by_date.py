"""Rules by date: versions of the catalogue, what stands against a paper, papers asked for again."""

import sqlalchemy as sa
from alembic import op

from hoso.db import Moment

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _date_the_catalogue()
    op.add_column("dossier", sa.Column("catalogue_version", sa.String(length=64), nullable=True))
    op.add_column("dossier", sa.Column("cases", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("component", sa.Column("scope", sa.String(length=40), nullable=True))
    op.drop_column("component", "revoked_at")
    _add_marks()
    op.create_table(
        "asked_again",
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("requirement", sa.String(length=80), nullable=False),
        sa.Column("component_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_asked_again_dossier_code_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_asked_again_component_id_component")
        ),
        sa.PrimaryKeyConstraint("dossier_code", "requirement", name=op.f("pk_asked_again")),
    )


def _date_the_catalogue() -> None:
    """What was imported so far has held from the beginning."""
    op.rename_table("catalogue_file", "catalogue_file_undated")
    op.create_table(
        "catalogue_file",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", "valid_from", name="pk_catalogue_file_dated"),
    )
    op.execute(
        "INSERT INTO catalogue_file (name, valid_from, text, sha256, imported_at) "
        "SELECT name, '2000-01-01', text, sha256, imported_at FROM catalogue_file_undated"
    )
    op.drop_table("catalogue_file_undated")
    op.create_table(
        "catalogue_version",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("first_used_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_version")),
    )


def _add_marks() -> None:
    op.create_table(
        "component_mark",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("component_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("newer_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("lift_reason", sa.String(length=500), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_component_mark_component_id_component"),
        ),
        sa.ForeignKeyConstraint(
            ["newer_id"], ["component.id"], name=op.f("fk_component_mark_newer_id_component")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_mark")),
    )
    standing = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_component_mark_standing",
        "component_mark",
        ["component_id", "kind"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    op.drop_table("asked_again")
    op.drop_table("component_mark")
    op.add_column("component", sa.Column("revoked_at", Moment(), nullable=True))
    op.drop_column("component", "scope")
    op.drop_column("dossier", "cases")
    op.drop_column("dossier", "catalogue_version")
    op.drop_table("catalogue_version")
    with op.batch_alter_table("catalogue_file") as files:
        files.drop_column("valid_from")
