"""Alembic's entry: runs the versions on the connection that `migrate` hands over."""

from alembic import context

from hoso.migrations.tables import TABLES

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=TABLES,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
