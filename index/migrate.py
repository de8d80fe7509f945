"""Brings a ledger to this version's tables, by Alembic, without a configuration file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from index.tables import HEAD
from market.errors import UnavailableError

SCRIPTS = Path(__file__).parent / "migrations"
# Any constant will do as long as all of our processes ask PostgreSQL for the same one.
_LOCK = 7_218_845


def revision(connection: Connection) -> str | None:
    """Return the revision of the ledger behind `connection`, or None when it holds no ledger yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def upgrade(connection: Connection, where: str) -> None:
    """Run the missing steps inside the caller's transaction; nothing happens when there are none.

    Raises UnavailableError when a newer Crowsnest wrote the ledger.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    present = revision(connection)
    if present == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise UnavailableError(
            "ledger-newer",
            f"the ledger {where} was written by a newer Crowsnest (revision {present}; this one knows "
            f"{HEAD}); install the newer version, or point [ledger] url elsewhere",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
