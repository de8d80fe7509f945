"""The database under the ledger: connections, transactions, upserts, and errors in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.errors import UndefinedTable
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from market.errors import CrowsnestError, UnavailableError, UsageError

Row = Mapping[str, Any]

# sqlite3 gives extended result codes; their low byte is the primary code (sqlite.org/rescode.html).
_SQLITE_CODES = {
    5: ("ledger-locked", "another process is writing to it; wait for it to end, then run again"),
    6: ("ledger-locked", "another process is writing to it; wait for it to end, then run again"),
    8: ("ledger-read-only", "it cannot be written; check the file's permissions"),
    10: ("ledger-unreadable", "the disk gave an input or output error"),
    11: ("ledger-corrupt", "the file is damaged; move it away and run again to rebuild it from the archive"),
    13: ("ledger-disk-full", "the disk is full"),
    14: ("ledger-unreadable", "it cannot be opened; check the path and its permissions"),
    26: ("ledger-corrupt", "the file is not a ledger; move it away or correct [ledger] url"),
}


class Store:
    """A SQL database by URL. SQLite: one writer at a time, readers beside it; PostgreSQL: as it is."""

    def __init__(self, url: str, *, busy_seconds: float = 30.0) -> None:
        """Open nothing yet. Raises UsageError for a URL that is neither sqlite nor postgresql."""
        self._url = _parse(url)
        self._engine = _engine(self._url, busy_seconds)

    @property
    def where(self) -> str:
        """The URL without its password, for messages."""
        return self._url.render_as_string(hide_password=True)

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self, *, durable: bool = False) -> Iterator[Connection]:
        """Give a transaction that commits at the end; `durable` also outlives a loss of power."""
        with self._explained(), self._engine.connect() as connection:
            connection = connection.execution_options(crowsnest_write="full" if durable else "normal")
            with connection.begin():
                yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _explain(error.orig or error, self.where) from error
        except sqlite3.Error as error:  # from the driver's own calls when a connection is opened
            raise _explain(error, self.where) from error


def upsert(
    connection: Connection,
    table: Table,
    rows: Iterable[Row],
    *,
    keep: Sequence[str] = (),
    new_only: bool = False,
) -> None:
    """Insert `rows`, or overwrite those of the same primary key; columns of `keep` stay as they are.

    With `new_only` existing rows stay untouched. Both dialects share ON CONFLICT.
    """
    batch = [dict(row) for row in rows]
    if not batch:
        return
    statement = _insert(connection, table)
    key = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in batch[0] if name not in key and name not in keep}
    if new_only or not fresh:
        connection.execute(statement.on_conflict_do_nothing(index_elements=key), batch)
    else:
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh), batch)


def insert_new(connection: Connection, table: Table, row: Row) -> bool:
    """Insert `row`; False when its key is there already."""
    statement = (
        _insert(connection, table).values(dict(row)).on_conflict_do_nothing().returning(*table.primary_key)
    )
    return connection.execute(statement).first() is not None


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def chunks(values: Iterable[str], size: int = 1000) -> Iterator[list[str]]:
    """Cut `values` so that each part fits into one statement's parameters."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UsageError(
            "ledger-url", f"{url!r} is no database URL; write sqlite:///path/to/ledger.sqlite"
        ) from error
    if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(
            "ledger-url",
            f"the ledger cannot live in {parsed.get_backend_name()!r}; use sqlite:/// or postgresql+psycopg://",
        )
    return parsed


def _engine(url: URL, busy_seconds: float) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return create_engine(url, pool_pre_ping=True)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise UsageError(
                "ledger-url", f"no driver for {url.drivername!r}; use postgresql+psycopg://"
            ) from error
    in_memory = url.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions on its own: it begins them deferred, and a reader that
        # becomes a writer is refused at once instead of waiting for the lock.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _patiently(busy_seconds)(connection.execute, "PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        level = connection.get_execution_options().get("crowsnest_write")
        if level is None:
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "do_connect")
    def _folder(_dialect: Any, _record: Any, _args: Any, _kwargs: Any) -> None:
        if not in_memory and url.database is not None and not url.database.startswith("file:"):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)

    return engine


def _patiently(seconds: float) -> Retrying:
    """Retry while the file is busy: SQLite's own timeout does not cover the change of the journal's mode."""
    return Retrying(
        retry=retry_if_exception(lambda error: getattr(error, "sqlite_errorcode", 0) & 0xFF in (5, 6)),
        stop=stop_after_delay(seconds),
        wait=wait_fixed(0.05),
        reraise=True,
    )


def _explain(cause: BaseException, where: str) -> CrowsnestError:
    words = str(cause).strip().partition("\n")[0] or type(cause).__name__
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None and number & 0xFF in _SQLITE_CODES:
        code, advice = _SQLITE_CODES[number & 0xFF]
        return UnavailableError(code, f"the ledger {where} is not available: {advice} ({words})")
    if "no such table" in words or isinstance(cause, UndefinedTable):
        return UnavailableError(
            "ledger-empty", f"{where} holds no ledger yet; `crowsnest run` makes it ({words})"
        )
    return UnavailableError("ledger-unavailable", f"the ledger {where} is not available ({words})")
