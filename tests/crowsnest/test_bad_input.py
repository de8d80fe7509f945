"""Whole runs, by the command line, over a web that answers badly: all is recorded and the run goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crowsnest.settings import load
from crowsnest.ship import board
from index.ledger import Ledger
from tests.crowsnest.hostile_market import Bad, bad_sources, entry, story, write_market
from tests.crowsnest.small_web import settings_for
from tests.hostile import Web

CRAWL = "max_bytes = 2_000_000\ntimeout = 2\n"


def cli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in `folder`, where its market.toml lies."""
    return subprocess.run(
        [sys.executable, "-m", "crowsnest", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )


@dataclass
class Seen:
    """What two runs over the hostile web left: the second one after some answers had changed."""

    folder: Path
    web: Web
    sources: list[Bad]
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    status: dict[str, Any]
    status_text: str
    asked_again: list[str]

    @property
    def first_issues(self) -> list[dict[str, Any]]:
        return list(json.loads(self.first.stdout)["issues"])


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("hostile")
    with Web() as web, Web(host="127.0.0.2") as closed, Web(host="127.0.0.3") as busy:
        sources = bad_sources(web, closed, busy)
        write_market(folder, sources, crawl=CRAWL)
        first = cli(folder, "run", "--json")
        status = json.loads(cli(folder, "status", "--json").stdout)
        text = cli(folder, "status").stdout
        web.page("/changing/edited", story("Second words"))
        web.feed("/changing", entry("Late", "/changing/late"), entry("Second words", "/changing/edited"))
        web.asked.clear()
        second = cli(folder, "run", "--source", "changing", "--source", "twice-a")
        yield Seen(folder, web, sources, first, second, status, text, [asked.path for asked in web.asked])


@pytest.fixture
def ledger(seen: Seen) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{seen.folder}/data/ledger.sqlite")
    yield opened
    opened.close()


def test_the_run_goes_on_over_all_of_it_and_exits_1(seen: Seen) -> None:
    assert seen.first.returncode == 1, seen.first.stderr
    assert seen.first.stderr == ""
    assert json.loads(seen.first.stdout)["counts"]["brief"]["composed"] == 1


def test_each_bad_answer_is_an_issue_with_code_source_and_url(seen: Seen) -> None:
    expected = {
        (bad.id, each.code, each.stage, each.level, each.path) for bad in seen.sources for each in bad.issues
    }
    found = {
        (issue["source_id"], issue["code"], issue["stage"], issue["level"], urlsplit(issue["url"]).path)
        for issue in seen.first_issues
    }
    assert expected <= found
    assert {each[0] for each in found} == {each[0] for each in expected}
    assert all(issue["message"] and issue["at"] for issue in seen.first_issues)


def test_status_shows_each_of_them(seen: Seen) -> None:
    assert [issue["code"] for issue in seen.status["last_run"]["issues"]] == [
        issue["code"] for issue in seen.first_issues
    ]
    for bad in seen.sources:
        for each in bad.issues:
            assert any(
                each.code in line and f" {bad.id} " in line for line in seen.status_text.splitlines()
            ), f"{bad.id} {each.code}\n{seen.status_text}"


def test_status_keeps_what_earlier_runs_recorded(seen: Seen) -> None:
    shown = cli(seen.folder, "status").stdout
    assert "0 issue(s)" in shown
    earlier = shown[shown.index("other issue(s) of the last 7 days") :]
    assert all(f" {bad.id} {each.code}" in earlier for bad in seen.sources for each in bad.issues)


def test_status_tells_a_source_that_failed_from_one_that_lost_a_page(seen: Seen) -> None:
    states = {source["id"]: source["state"] for source in seen.status["sources"]}
    blocked = {"disallowed", "forbidden", "too-often"}
    good = {"gaps", "huge", "bomb", "charset", "markup", "empty", "twice-a", "twice-b", "changing"}
    assert {name for name, state in states.items() if state == "blocked"} == blocked
    assert {name for name, state in states.items() if state == "checked"} == good
    assert {name for name, state in states.items() if state == "failed"} == set(states) - blocked - good


@pytest.mark.parametrize("name", ["cp1252", "utf-8", "utf-16"])
def test_a_wrong_charset_does_not_hurt_the_text(seen: Seen, ledger: Ledger, name: str) -> None:
    (article,) = [each for each in ledger.articles() if each.url.endswith(f"/charset/{name}")]
    assert article.title == "Le café près de l’hôtel"
    assert "bring fiber to Peña’s Crossing next spring" in article.text


def test_zero_bytes_and_a_line_of_five_megabytes_are_no_obstacle(seen: Seen, ledger: Ledger) -> None:
    texts = {urlsplit(each.url).path: each.text for each in ledger.articles()}
    assert "bring fiber to Easley next spring" in texts["/markup/nul"]
    assert "\0" not in texts["/markup/nul"]
    assert len(texts["/markup/line"]) > 1_000_000


def test_a_page_told_of_twice_is_one_article(seen: Seen, ledger: Ledger) -> None:
    assert [each.title for each in ledger.articles() if "/twice/" in each.url] == ["Told twice"]
    assert [urlsplit(capture.url).path for capture in ledger.captures("twice-a")].count("/twice/story") == 1


def test_a_page_that_came_late_and_one_that_was_edited_are_asked_for_again(
    seen: Seen, ledger: Ledger
) -> None:
    assert seen.second.returncode == 0, seen.second.stdout
    assert sorted(seen.asked_again) == ["/changing", "/changing/edited", "/changing/late", "/twice-a"]
    titles = {urlsplit(each.url).path: each.title for each in ledger.articles()}
    assert titles["/changing/late"] == "Late"
    assert titles["/changing/edited"] == "Second words"
    assert ledger.pending("changing") == []


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """A folder with a market whose sources are all away."""
    settings_for(tmp_path, "http://127.0.0.1:9")
    return tmp_path


def _refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for each in words:
        assert each in done.stderr


def test_a_data_directory_that_cannot_be_made_is_a_clear_error(market: Path) -> None:
    (market / "data").write_text("in the way", "utf-8")
    for command in ("run", "status"):
        _refused(cli(market, command), f"{market}/data", "[market] data in market.toml to another folder")


def test_a_ledger_that_is_no_database_is_a_clear_error(market: Path) -> None:
    (market / "data").mkdir()
    (market / "data" / "ledger.sqlite").write_bytes(b"this is no database" * 99)
    _refused(cli(market, "run"), "ledger.sqlite", "move it away")


def test_a_ledger_of_a_newer_version_is_a_clear_error(market: Path) -> None:
    cli(market, "status")
    with closing(sqlite3.connect(market / "data" / "ledger.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    _refused(cli(market, "run"), "newer Crowsnest", "9999")


def test_a_full_disk_is_a_clear_error(market: Path) -> None:
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); "
    limited += "from crowsnest.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", limited, "run"], capture_output=True, text=True, check=False, cwd=market
    )
    _refused(done, "ledger.sqlite")


def test_a_run_beside_another_one_is_a_clear_error(market: Path) -> None:
    with board(load(market / "market.toml")):
        _refused(cli(market, "run"), "another run is under way", "wait for it or stop it")
        assert cli(market, "status").returncode == 0


def test_a_lost_ledger_is_rebuilt_from_the_archive(seen: Seen, tmp_path: Path) -> None:
    for name in ("market.toml", "data/archive"):
        copy = shutil.copytree if (seen.folder / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(seen.folder / name, tmp_path / name)
    report = json.loads(cli(tmp_path, "run", "--source", "twice-a", "--json").stdout)
    old, new = (Ledger(f"sqlite:///{folder}/data/ledger.sqlite") for folder in (seen.folder, tmp_path))
    kept = {capture.id for capture in old.captures()}
    assert report["counts"]["recover"] == {"captures": len(kept), "files": 2}
    assert kept <= {capture.id for capture in new.captures()}
    assert {(each.url, each.text_sha256) for each in new.articles()} == {
        (each.url, each.text_sha256) for each in old.articles()
    }
    old.close()
    new.close()
