"""Runs the migrations on the connection that was handed in. Alembic executes this file, so it acts when loaded."""

from alembic import context

from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
