"""Corrections through whole runs: applied, kept through re-tagging and rebuilding, read before all else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crowsnest.run import Run, run
from crowsnest.settings import Settings, load
from crowsnest.ship import board
from market.errors import SettingsError
from market.ids import article_id
from market.records import RunReport, Tagged
from tests.crowsnest.command import ask
from tests.crowsnest.small_web import settings_for, small_web


@dataclass(frozen=True)
class Web:
    """A market over the small web, and the article that is corrected."""

    folder: Path
    settings: Settings
    url: str

    def run(self) -> RunReport:
        with board(self.settings) as ship:
            return run(ship)

    def tags(self) -> Tagged:
        with board(self.settings, alone=False) as ship:
            record = article_id(self.url)
            return ship.ledger.tagged([record])[record]

    def places(self) -> list[str]:
        return [place.name for place in self.tags().places if place.kind == "city"]

    def correct(self) -> None:
        signed = ("--author", "N. N.", "--reason", "The other mill")
        done = ask(self.folder, "correct", self.url, "--replace", "Clemson", "Greer, SC", *signed)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with small_web() as base:
        yield Web(tmp_path, load(settings_for(tmp_path, base)), f"{base}/news/clemson")


def test_a_correction_outlives_a_newer_tagger_and_a_lost_ledger(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.run()
    assert web.places() == ["Clemson"]
    own = web.tags()
    web.correct()
    corrected = web.tags()
    assert web.places() == ["Greer"]
    assert "corrected" not in web.run().counts["tag"]

    monkeypatch.setattr("nlp.tag.VERSION", 1_000)
    monkeypatch.setattr("nlp.results.VERSION", 1_000)
    web.run()
    assert web.tags() == corrected.model_copy(update={"tagger_version": 1_000})

    monkeypatch.undo()
    for file in web.settings.data.glob("ledger.sqlite*"):
        file.unlink()
    web.run()
    assert web.tags() == corrected

    (web.folder / "corrections.toml").unlink()
    assert web.run().counts["tag"]["corrected"] == 1
    assert web.tags() == own


def test_the_index_follows_with_the_next_run(web: Web) -> None:
    web.run()
    web.correct()
    report = web.run()
    assert report.counts["index"]["documents"] == 2
    with board(web.settings) as ship:
        found = ship.engine.count()
        assert found == 21
    hit = ask(web.folder, "search", "title:clemson", "--place", "Greer, SC")
    assert "corrected to Greer, SC by N. N.: The other mill" in hit.stdout


def test_a_correction_may_come_before_its_article(web: Web) -> None:
    entry = f"""[[correction]]
record = "{web.url}"
action = "reject"
kind = "place"
name = "Clemson, SC"
author = "N. N."
reason = "The other mill"
"""
    (web.folder / "corrections.toml").write_text(
        entry.replace("clemson", "nowhere", 1) + "\n" + entry, "utf-8"
    )
    report = web.run()
    assert web.places() == []
    [issue] = [issue for issue in report.issues if issue.code == "correction-waiting"]
    assert (issue.level, "/news/nowhere" in issue.message) == ("info", True)


def test_a_broken_file_stops_a_run_before_anything_is_asked_for(web: Web) -> None:
    (web.folder / "corrections.toml").write_text("[[correction]]\nrecord = 3\n", "utf-8")
    with board(web.settings) as ship:
        with pytest.raises(SettingsError, match=r"corrections\.toml:2: "):
            run(ship)
        assert ship.ledger.captures() == []
        assert Run(ship).counts == {}
