"""Kill -9, Ctrl-C or SIGTERM at any moment, run again: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index.ledger import Ledger
from tests.crowsnest.small_web import TOWNS, settings_for, small_web

KILLS = 20
WINDOW = 0.6
"""Part of a whole run's time in which a kill comes; what is kept makes the next run reach further."""


def _command(settings: Path) -> list[str]:
    return [sys.executable, "-m", "crowsnest", "--settings", str(settings), "run"]


def _content(folder: Path) -> dict[str, list[str]]:
    """Return what a reader would find, without ids that depend on where a capture lies."""
    ledger = Ledger(f"sqlite:///{folder}/data/ledger.sqlite")
    try:
        articles = ledger.articles()
        tagged = ledger.tagged([article.id for article in articles])
        return {
            "articles": sorted(
                f"{article.url.split('/', 3)[3]} {article.text_sha256}" for article in articles
            ),
            "offers": sorted(
                f"{offer.plan_key} {offer.segment} {offer.monthly_cents}"
                for offer in ledger.offers(current=True)
            ),
            "expansions": sorted(
                f"{fact.company} {fact.passings} {fact.places}"
                for tags in tagged.values()
                for fact in tags.expansions
            ),
            "tagged": sorted(tagged),
            "pending": [link.url for link in ledger.pending("news")],
        }
    finally:
        ledger.close()


def _run(settings: Path) -> None:
    done = subprocess.run(_command(settings), capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with small_web(delay=0.05) as base:
        yield base


@pytest.fixture(scope="module")
def whole(web: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], float]:
    """What a run that nobody disturbs leaves, and the seconds it takes."""
    folder = tmp_path_factory.mktemp("whole")
    settings = settings_for(folder, web)
    started = time.monotonic()
    _run(settings)
    length = time.monotonic() - started
    found = _content(folder)
    assert len(found["articles"]) == len(found["tagged"]) == len(TOWNS)
    assert len(found["offers"]) == 5
    return found, length


def _warcio_finds_no_fault(folder: Path) -> None:
    assert list(folder.glob("*.open")) == []
    archive = [str(path) for path in sorted(folder.glob("*.warc.gz"))]
    command = [sys.executable, "-m", "warcio.cli", "check", *archive]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.timeout(600)
def test_kill_at_random_moments_loses_and_repeats_nothing(
    web: str, whole: tuple[dict[str, list[str]], float], tmp_path: Path
) -> None:
    """A market whose run got to its end is left for a new one, so that every kill has work to disturb."""
    expected, length = whole
    chance = random.Random(20261124)
    markets: list[Path] = []
    kills, ended = 0, True
    while kills < KILLS:
        if ended:
            markets.append(tmp_path / str(len(markets)))
            markets[-1].mkdir()
            settings = settings_for(markets[-1], web)
        with subprocess.Popen(_command(settings), stdout=subprocess.DEVNULL, start_new_session=True) as run:
            try:
                assert run.wait(timeout=chance.uniform(0.1, WINDOW * length)) == 0
                ended = True
            except subprocess.TimeoutExpired:
                run.kill()
                ended = run.wait() != -signal.SIGKILL
                kills += not ended
    _run(settings)
    for market in markets:
        assert _content(market) == expected
    _warcio_finds_no_fault(markets[-1] / "data" / "archive")


STAGES = {
    "collect": "SELECT count(*) FROM captures",
    "read": "SELECT count(*) FROM readings",
    "tag": "SELECT count(*) FROM tagged",
    "index": "SELECT count(*) FROM cursors",
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_any_stage_exits_130_and_the_next_run_goes_on(
    number: signal.Signals, web: str, whole: tuple[dict[str, list[str]], float], tmp_path: Path
) -> None:
    expected, _ = whole
    settings = settings_for(tmp_path, web)
    codes = []
    for query in STAGES.values():
        with subprocess.Popen(
            _command(settings), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        ) as run:
            while run.poll() is None and not _rows(tmp_path / "data" / "ledger.sqlite", query):
                time.sleep(0.005)
            # As a terminal and a service manager do it: to the workers as well.
            with suppress(ProcessLookupError):
                os.killpg(run.pid, number)
            told = run.communicate(timeout=60)[1].decode()
        codes.append(run.returncode)
        # A run may end before its last stages are seen; Python itself ends some by the signal.
        assert run.returncode in (0, 130, -signal.SIGINT), told
        assert "Traceback" not in told
        if run.returncode:
            assert "run the same command to go on" in told
    assert codes[0] != 0
    _run(settings)
    assert _content(tmp_path) == expected


def _rows(path: Path, query: str) -> int:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query).fetchone()[0])
    return 0
