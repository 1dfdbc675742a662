"""How Alembic runs the scripts beside it: on the connection it is given, in the transaction open there."""

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
