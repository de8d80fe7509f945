"""Kill -9 at any moment, run again: nothing lost, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.ledger import Ledger
from tests.crowsnest.small_web import TOWNS, settings_for, small_web

KILLS = 20


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


@pytest.mark.timeout(600)
def test_kill_at_random_moments_loses_and_repeats_nothing(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    with small_web(delay=0.05) as base:
        whole = settings_for(tmp_path / "whole", base)
        started = time.monotonic()
        done = subprocess.run(_command(whole), capture_output=True, text=True, check=False, timeout=120)
        length = time.monotonic() - started
        assert done.returncode == 0, done.stdout + done.stderr
        killed = settings_for(tmp_path / "killed", base)
        chance = random.Random(20261124)
        deaths = 0
        for _ in range(KILLS):
            process = subprocess.Popen(
                _command(killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            )
            time.sleep(chance.uniform(0.1, length))
            process.kill()
            deaths += process.wait() == -signal.SIGKILL
        last = subprocess.run(_command(killed), capture_output=True, text=True, check=False, timeout=120)
        assert last.returncode == 0, last.stdout + last.stderr
    assert deaths >= 10, "the kills came after the end: nothing was tested"
    expected, found = _content(tmp_path / "whole"), _content(tmp_path / "killed")
    assert len(expected["articles"]) == len(TOWNS)
    assert len(expected["offers"]) == 5
    assert found == expected
    folder = tmp_path / "killed" / "data" / "archive"
    assert list(folder.glob("*.open")) == []
    archive = sorted(folder.glob("*.warc.gz"))
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, archive)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
