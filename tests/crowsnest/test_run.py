"""Whole runs over a small web: what they yield, what a second one changes, and what goes on without parts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crowsnest.briefing import last_due
from crowsnest.due import due_sources
from crowsnest.run import Run, run
from crowsnest.settings import Settings, load
from crowsnest.ship import board
from crowsnest.status import status_of
from market.clock import FixedClock
from market.errors import UnavailableError, UsageError
from market.records import Link, RunReport, Subscriber
from tests.crowsnest.small_web import TOWNS, settings_for, small_web

MONDAY = FixedClock(datetime(2026, 11, 23, 13, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunReport, RunReport, list[str]]:
    """Two runs, an hour apart, and the paths that the second one asked for."""
    folder = tmp_path_factory.mktemp("run")
    asked: list[str] = []
    with small_web(asked=asked) as base:
        settings = load(settings_for(folder, base))
        with board(settings, clock=MONDAY) as ship:
            first = run(ship)
            asked.clear()
            later = FixedClock(MONDAY.now() + timedelta(hours=1))
        with board(settings, clock=later) as ship:
            second = run(ship, ["news", "plans", "labels"])
    return settings, first, second, asked


def test_first_run_yields_articles_offers_facts_documents_and_briefs(
    seen: tuple[Settings, RunReport, RunReport, list[str]],
) -> None:
    _, first, _, _ = seen
    assert first.counts["read"]["records"] == len(TOWNS) + 5
    assert first.counts["tag"] == {"articles": len(TOWNS), "expansions": len(TOWNS)}
    assert first.counts["index"]["documents"] == 2 * len(TOWNS) + 5
    assert first.counts["brief"] == {"composed": 1, "sent": 0, "failed": 0}
    assert [issue for issue in first.issues if issue.level == "error"] == []


def test_second_run_changes_nothing(seen: tuple[Settings, RunReport, RunReport, list[str]]) -> None:
    _, _, second, asked = seen
    assert second.counts["collect"]["captures"] == 3
    assert "changed" not in second.counts["collect"]
    assert second.counts["read"] == {"captures": 0, "records": 0, "issues": 0, "plans": 0}
    assert second.counts["tag"] == {"articles": 0, "expansions": 0}
    assert second.counts["index"]["documents"] == 0
    assert second.counts["brief"]["composed"] == 0
    assert sorted(set(asked) - {"/robots.txt"}) == ["/feed.xml", "/labels.csv", "/plans"]


def test_without_a_mail_server_the_brief_is_written(
    seen: tuple[Settings, RunReport, RunReport, list[str]],
) -> None:
    settings, _, _, _ = seen
    text = (settings.data / "briefs" / "2026-W47-leader.txt").read_text("utf-8")
    assert "Simpsonville" in text
    assert "10,500" in text


def test_away_engine_is_an_issue_and_the_run_goes_on(tmp_path: Path) -> None:
    with small_web() as base:
        path = settings_for(tmp_path, base)
        path.write_text(path.read_text("utf-8") + '\n[search]\nurl = "http://127.0.0.1:9"\n', "utf-8")
        with board(load(path), clock=MONDAY) as ship:
            report = run(ship, ["plans"])
    assert [(issue.stage, issue.level) for issue in report.issues if issue.level == "error"] == [
        ("index", "error")
    ]
    assert report.counts["read"]["records"] == 3
    assert report.counts["brief"]["composed"] == 1


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    settings = load(settings_for(tmp_path, "http://127.0.0.1:9"))
    with board(settings), pytest.raises(UnavailableError, match=f"process {os.getpid()}"), board(settings):
        pass


def test_unknown_and_disabled_sources_are_named(tmp_path: Path) -> None:
    path = settings_for(tmp_path, "http://127.0.0.1:9")
    text = path.read_text("utf-8").replace(
        'id = "plans"', 'id = "plans"\nterms = { allowed = false, note = "no" }'
    )
    path.write_text(text, "utf-8")
    with board(load(path), clock=MONDAY) as ship:
        with pytest.raises(UsageError, match='did you mean "news"'):
            run(ship, ["nws"])
        with pytest.raises(UsageError, match="disabled: no"):
            run(ship, ["plans"])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T12:00:00+00:00", "2026-11-23T12:00:00+00:00"),
        ("2026-11-23T11:59:00+00:00", "2026-11-16T12:00:00+00:00"),
        ("2026-11-29T23:00:00+00:00", "2026-11-23T12:00:00+00:00"),
    ],
)
def test_brief_is_due_at_the_readers_day_and_local_time(tmp_path: Path, now: str, expected: str) -> None:
    settings = load(settings_for(tmp_path, "http://127.0.0.1:9"))
    reader = Subscriber(id="r", name="R", email="r@example.com", day="monday", time="07:00")
    due = last_due(reader, settings, datetime.fromisoformat(now))
    assert due.astimezone(UTC).isoformat() == expected


def test_a_clock_that_goes_back_does_not_stop_a_source(tmp_path: Path) -> None:
    with small_web() as base:
        settings = load(settings_for(tmp_path, base))
        with board(settings, clock=FixedClock(MONDAY.now() + timedelta(days=4000))) as ship:
            run(ship, ["plans"])
        with board(settings, clock=MONDAY) as ship:
            assert "plans" in [source.id for source in due_sources(ship)]
            report = run(ship, ["plans"])
        assert report.counts["collect"]["captures"] == 1
        with board(settings, clock=MONDAY) as ship:
            assert "plans" not in [source.id for source in due_sources(ship)]


def test_a_source_taken_out_of_the_settings_is_read_to_its_end_and_its_links_wait(tmp_path: Path) -> None:
    with small_web() as base:
        path = settings_for(tmp_path, base)
        text = path.read_text("utf-8")
        with board(load(path), clock=MONDAY) as ship:
            this = Run(ship)
            this.collect(["news"])
            link = Link(source_id="news", url=f"{base}/plans", seen_at=MONDAY.now())
            ship.ledger.capture(ship.ledger.captures("news")[0], links=[link])
        start, end = text.index('[[source]]\nid = "news"'), text.index('[[source]]\nid = "plans"')
        path.write_text(text[:start] + text[end:], "utf-8")
        with board(load(path), clock=MONDAY) as ship:
            report = run(ship, ["labels"])
            assert report.counts["read"]["records"] == len(TOWNS) + 2
            assert "news" not in [source["id"] for source in status_of(ship)["sources"]]
        path.write_text(text, "utf-8")
        with board(load(path), clock=MONDAY) as ship:
            assert [source.id for source in due_sources(ship)] == ["news", "plans"]
            assert ship.ledger.pending("news") == [link]


def _cli(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crowsnest", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def test_typo_in_the_settings_exits_2_and_names_the_line(tmp_path: Path) -> None:
    path = settings_for(tmp_path, "http://127.0.0.1:9")
    path.write_text(path.read_text("utf-8").replace("publisher =", "publsher ="), "utf-8")
    done = _cli("run", folder=tmp_path)
    assert done.returncode == 2
    assert 'market.toml:20: source[1].publsher: unknown key; did you mean "publisher"?' in done.stderr


def test_status_shows_an_unreachable_source_and_run_exits_1(tmp_path: Path) -> None:
    settings_for(tmp_path, "http://127.0.0.1:9")
    done = _cli("run", "--source", "plans", folder=tmp_path)
    assert done.returncode == 1
    assert "connection-refused" in done.stdout
    shown = json.loads(_cli("status", "--json", folder=tmp_path).stdout)
    states = {source["id"]: source["state"] for source in shown["sources"]}
    assert states == {"news": "stale", "plans": "failed", "labels": "stale"}


def test_init_check_and_territory_speak_of_the_same_market(tmp_path: Path) -> None:
    assert _cli("init", folder=tmp_path).returncode == 0
    assert _cli("init", folder=tmp_path).returncode == 2
    checked = _cli("check", folder=tmp_path)
    assert checked.returncode == 0
    assert "territory upstate: 3 counties" in checked.stdout
    shown = json.loads(_cli("territory", "upstate", "--json", folder=tmp_path).stdout)
    assert [county["fips"] for county in shown["counties"]] == ["45007", "45045", "45083"]
    assert _cli("territory", "upstat", folder=tmp_path).returncode == 2


def test_no_name_resolved_at_all_means_that_the_network_is_away(tmp_path: Path) -> None:
    settings_for(tmp_path, "http://no-such-host.invalid")
    assert _cli("collect", folder=tmp_path).returncode == 3
    assert _cli("collect", "--source", "plans", folder=tmp_path).returncode == 1
