"""The first tables."""

import sqlalchemy as sa
from alembic import op

# What is searched, one row a page, folded by hoso (hoso/ocr/search.py).
SEARCH_ON_SQLITE = """
CREATE VIRTUAL TABLE page_search USING fts5(
    folded, exact, tokenize="unicode61 remove_diacritics 0"
)
"""
SEARCH_ON_POSTGRESQL = """
CREATE TABLE page_search (
    page_id bigint PRIMARY KEY REFERENCES page (id) ON DELETE CASCADE,
    folded tsvector NOT NULL,
    exact tsvector NOT NULL
);
CREATE INDEX ix_page_search_folded ON page_search USING gin (folded)
"""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    op.create_table(
        "answered_request",
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_answered_request")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("way_in", sa.String(length=20), nullable=False),
        sa.Column("taken_in_by", sa.String(length=80), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier_code", sa.String(length=40), nullable=True),
        sa.Column("component_type", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("failure", sa.String(length=500), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("sha256", name=op.f("uq_batch_sha256")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_dossier_code"), ["dossier_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_taken_in_at"), ["taken_in_at"], unique=False)

    op.create_table(
        "catalogue_file",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catalogue_file")),
    )
    op.create_table(
        "code_counter",
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "day", name=op.f("pk_code_counter")),
    )
    op.create_table(
        "owner",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
        sa.UniqueConstraint("number", name=op.f("uq_owner_number")),
    )
    op.create_table(
        "page",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("source", "place", name=op.f("uq_page_source_place")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("executor_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_name"], ["account.name"], name=op.f("fk_access_token_account_name_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_token")),
    )
    op.create_table(
        "dossier",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("submitter", sa.JSON(), nullable=False),
        sa.Column("procedure_code", sa.String(length=40), nullable=False),
        sa.Column("procedure", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_steps", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tracking_token", sa.String(length=40), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_dossier_owner_id_owner")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
        sa.UniqueConstraint("tracking_token", name=op.f("uq_dossier_tracking_token")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_received_at"), ["received_at"], unique=False)

    op.create_table(
        "signed_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=80), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_name"], ["account.name"], name=op.f("fk_signed_in_account_name_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signed_in")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("archived", sa.String(length=64), nullable=True),
        sa.Column("stamp", sa.String(length=30), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=True),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("trust", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_component_dossier_code_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_component_owner_id_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_component_dossier_code"), ["dossier_code"], unique=False
        )
        batch_op.create_index("ix_component_owner_type", ["owner_id", "type"], unique=False)

    op.create_table(
        "desk_scan",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=True),
        sa.Column("to", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_desk_scan_dossier_code_dossier")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_desk_scan")),
    )
    with op.batch_alter_table("desk_scan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_desk_scan_dossier_code"), ["dossier_code"], unique=False
        )

    op.create_table(
        "status_change",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_status_change_dossier_code_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_status_change_dossier_code"), ["dossier_code"], unique=False
        )

    op.create_table(
        "attachment",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dossier_code", sa.String(length=40), nullable=False),
        sa.Column("requirement", sa.String(length=80), nullable=True),
        sa.Column("component_id", sa.String(length=32), nullable=False),
        sa.Column("reused", sa.Boolean(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_attachment_component_id_component")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_code"], ["dossier.code"], name=op.f("fk_attachment_dossier_code_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "dossier_code", "component_id", name=op.f("uq_attachment_dossier_code_component_id")
        ),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_component_id"), ["component_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_dossier_code"), ["dossier_code"], unique=False
        )

    op.create_table(
        "component_page",
        sa.Column("component_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["component.id"],
            name=op.f("fk_component_page_component_id_component"),
        ),
        sa.ForeignKeyConstraint(
            ["page_id"], ["page.id"], name=op.f("fk_component_page_page_id_page")
        ),
        sa.PrimaryKeyConstraint("component_id", "position", name=op.f("pk_component_page")),
        sa.UniqueConstraint("page_id", name=op.f("uq_component_page_page_id")),
    )

    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(SEARCH_ON_SQLITE if on_sqlite else SEARCH_ON_POSTGRESQL)


def downgrade() -> None:
    op.execute("DROP TABLE page_search")
    op.drop_table("component_page")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_dossier_code"))
        batch_op.drop_index(batch_op.f("ix_attachment_component_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_status_change_dossier_code"))

    op.drop_table("status_change")
    with op.batch_alter_table("desk_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_scan_dossier_code"))

    op.drop_table("desk_scan")
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.drop_index("ix_component_owner_type")
        batch_op.drop_index(batch_op.f("ix_component_dossier_code"))
        batch_op.drop_index(batch_op.f("ix_component_batch_id"))

    op.drop_table("component")
    op.drop_table("signed_in")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_received_at"))
        batch_op.drop_index(batch_op.f("ix_dossier_owner_id"))

    op.drop_table("dossier")
    op.drop_table("access_token")
    op.drop_table("worker_beat")
    op.drop_table("page")
    op.drop_table("owner")
    op.drop_table("code_counter")
    op.drop_table("catalogue_file")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_taken_in_at"))
        batch_op.drop_index(batch_op.f("ix_batch_state"))
        batch_op.drop_index(batch_op.f("ix_batch_source"))
        batch_op.drop_index(batch_op.f("ix_batch_dossier_code"))

    op.drop_table("batch")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))

    op.drop_table("audit_entry")
    op.drop_table("answered_request")
    op.drop_table("account")
