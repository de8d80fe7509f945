"""Alembic's entry: runs the versions on the connection that `index/migrate.py` hands over."""

from __future__ import annotations

from alembic import context

from index.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
