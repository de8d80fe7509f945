"""The ledger when things go wrong: locked, damaged, newer, killed; and its migrations."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from index.ledger import Ledger
from index.migrate import SCRIPTS
from index.tables import HEAD, metadata
from market.errors import UnavailableError, UsageError
from market.records import Delivery
from tests.index.facts import capture

ROOT = Path(__file__).resolve().parents[2]


def test_migrations_make_the_tables_that_the_code_uses(ledger_url: str) -> None:
    ledger = Ledger(ledger_url)
    ledger.migrate()
    ledger.migrate()
    ledger.close()
    engine = create_engine(ledger_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_the_code_knows() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == HEAD


def test_processes_that_start_together_migrate_once(ledger_url: str) -> None:
    ledgers = [Ledger(ledger_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Ledger.migrate, ledgers))
    assert ledgers[0].captures() == []
    for ledger in ledgers:
        ledger.close()


def _sqlite(tmp_path: Path, busy_seconds: float = 0.1) -> tuple[Path, Ledger]:
    path = tmp_path / "deep" / "ledger.sqlite"
    ledger = Ledger(f"sqlite:///{path}", busy_seconds=busy_seconds)
    ledger.migrate()
    return path, ledger


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path, ledger = _sqlite(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnavailableError, match="newer Crowsnest") as raised:
        ledger.migrate()
    assert raised.value.code == "ledger-newer"


def test_a_ledger_that_another_process_writes_to_is_waited_for_and_then_named(tmp_path: Path) -> None:
    path, ledger = _sqlite(tmp_path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert ledger.captures() == []
    with pytest.raises(UnavailableError, match="another process is writing") as raised:
        ledger.capture(capture(0))
    assert raised.value.code == "ledger-locked"
    other.execute("ROLLBACK")
    ledger.capture(capture(0))
    other.close()


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"these are not pages of a database " * 200)
    with pytest.raises(
        UnavailableError, match=r"not a ledger.*ledger\.sqlite|ledger\.sqlite.*not a ledger"
    ) as raised:
        Ledger(f"sqlite:///{path}").migrate()
    assert raised.value.code == "ledger-corrupt"


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    path, ledger = _sqlite(tmp_path)
    for offset in range(300):
        ledger.capture(capture(offset))
    ledger.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(path.read_bytes())
    data[8192 : len(data) - 4096] = b"\xff" * (len(data) - 12288)
    path.write_bytes(data)
    with pytest.raises(UnavailableError) as raised:
        Ledger(f"sqlite:///{path}").captures()
    assert raised.value.code == "ledger-corrupt"


def test_a_database_without_tables_is_named(ledger_url: str) -> None:
    ledger = Ledger(ledger_url)
    with pytest.raises(UnavailableError) as raised:
        ledger.captures()
    assert raised.value.code == "ledger-empty"
    ledger.close()


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    ledger = Ledger("postgresql://crow:secret@127.0.0.1:9/none?connect_timeout=1")
    with pytest.raises(UnavailableError) as raised:
        ledger.migrate()
    assert "secret" not in raised.value.message
    assert "127.0.0.1:9" in raised.value.message


@pytest.mark.parametrize("url", ["ledger.sqlite", "mysql://host/name", ""])
def test_a_url_of_another_kind_is_wrong_use(url: str) -> None:
    with pytest.raises(UsageError):
        Ledger(url)


def test_of_many_claims_at_once_one_wins(ledger: Ledger) -> None:
    claim = Delivery(brief_id="b1", recipient="ann@example.com", message_id="<1>", status="claimed")
    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(lambda _: ledger.claim_delivery(claim), range(12)))
    assert won.count(True) == 1


_WRITER = """
import sys
from index.ledger import Ledger
from tests.index.facts import article, at, capture, link, reading, tagged
ledger = Ledger(sys.argv[1])
for number in range(int(sys.argv[2]), 10_000):
    url = f"https://acme.example/{number}"
    page = capture(number, url=url, reader="article", hint=link(url))
    ledger.capture(page)
    found = article(page, f"Text {number}.")
    ledger.record_reading(reading(page), [found], [])
    ledger.record_tagged([tagged(found, 1, ("live",))])
    print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_reported_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    path, ledger = _sqlite(tmp_path, busy_seconds=10)
    done = 0
    for pause in (0.0, 0.03, 0.11):
        command = [sys.executable, "-c", _WRITER, f"sqlite:///{path}", str(done)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout is not None
            reported = int(writer.stdout.readline())
            time.sleep(pause)
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read().split()
        reported = int(rest[-1]) if rest else reported
        captures, articles = ledger.captures(), ledger.articles()
        assert len(captures) >= len(articles) >= len(ledger.expansions()) >= reported + 1 - done
        done = reported + 1
        assert {f"https://acme.example/{number}" for number in range(done)} <= {a.url for a in articles}
        assert len(ledger.unindexed("e", 10**6).entries) == len(articles) + len(ledger.expansions())
