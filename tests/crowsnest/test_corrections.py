"""`crowsnest correct` and corrections.toml, over a small market that is tagged by hand."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crowsnest.correcting import apply_corrections
from crowsnest.correction_names import Names
from crowsnest.corrections import read_corrections
from crowsnest.engines import engine
from crowsnest.known import companies
from crowsnest.settings import load
from index.ledger import Ledger
from market.errors import SettingsError
from market.places.gazetteer import Gazetteer
from market.records import Tagged
from tests.crowsnest.command import Done, ask
from tests.crowsnest.web.client import Site, words
from tests.crowsnest.web.market import Market, build_market

URL = "https://bluewater.example/news/easley"
SIGNED = ("--author", "N. N.", "--reason", "The crews are there")
ENTRY = f"""[[correction]]
record = "{URL}"
action = "replace"
kind = "place"
name = "Easley, SC"
new = "Greer, SC"
author = "N. N."
reason = "The crews are there"
at = 2026-11-24
"""


@pytest.fixture
def market(tmp_path: Path) -> Market:
    return build_market(tmp_path)


def correct(folder: Path, *arguments: str) -> Done:
    return ask(folder, "correct", *arguments)


def tags(market: Market) -> Tagged:
    return market.context.ledger.tagged([market.build.id])[market.build.id]


def place_names(market: Market) -> list[str]:
    return [place.name for place in tags(market).places]


def entries(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "corrections.toml").read_text("utf-8"))


def write(folder: Path, text: str) -> None:
    (folder / "corrections.toml").write_text(text, "utf-8")


def follow(folder: Path, ledger: Ledger) -> list[str]:
    """Do what every run does, and return whose tags changed."""
    settings = load(folder / "market.toml")
    return list(apply_corrections(settings, ledger, Names(companies(settings), Gazetteer.load())).changed)


def test_replacing_a_place_by_its_bare_name(market: Market, tmp_path: Path) -> None:
    done = correct(tmp_path, URL, "--replace", "Easley", "Greer, SC", *SIGNED)
    assert (done.returncode, done.stderr) == (0, "")
    assert "place Easley, SC corrected to Greer, SC by N. N.: The crews are there" in done.stdout
    assert place_names(market) == ["Greer"]
    assert tags(market).expansions[0].places == (tags(market).places[0].id,)
    [entry] = entries(tmp_path)["correction"]
    assert (entry["record"], entry["name"], entry["new"], entry["role"]) == (
        URL,
        "Easley, SC",
        "Greer, SC",
        "about",
    )
    assert (entry["author"], entry["reason"]) == ("N. N.", "The crews are there")
    assert entry["at"].tzinfo is not None


@pytest.mark.parametrize("record", ["id", "capture", "url"])
def test_an_article_is_named_by_id_capture_or_url(market: Market, tmp_path: Path, record: str) -> None:
    name = {"id": market.build.id, "capture": market.build.capture_id, "url": URL}[record]
    assert correct(tmp_path, name, "--reject", "place", "Easley", *SIGNED).returncode == 0
    assert place_names(market) == []
    assert entries(tmp_path)["correction"][0]["record"] == URL


def test_a_company_is_rejected_added_and_given_a_role(market: Market, tmp_path: Path) -> None:
    correct(tmp_path, URL, "--add", "company", "AT&T", "--as", "mentioned", *SIGNED)
    correct(tmp_path, URL, "--role", "bluewater", "mentioned", *SIGNED)
    assert [(company.id, company.role) for company in tags(market).companies] == [
        ("bluewater", "mentioned"),
        ("att", "mentioned"),
    ]
    correct(tmp_path, URL, "--reject", "company", "Bluewater Fiber", *SIGNED)
    assert [company.id for company in tags(market).companies] == ["att"]
    assert tags(market).expansions == ()


def test_taking_back_restores_the_taggers_word_and_keeps_the_history(market: Market, tmp_path: Path) -> None:
    before = tags(market)
    made = json.loads(correct(tmp_path, URL, "--reject", "place", "Easley", *SIGNED, "--json").stdout)
    name = made["corrections"][0]["id"]
    done = correct(tmp_path, "--undo", name, "--author", "M. M.", "--reason", "It is Easley after all")
    assert done.returncode == 0
    assert tags(market) == before
    listed = correct(tmp_path, "--list").stdout
    assert "place Easley, SC rejected by N. N.: The crews are there" in listed
    assert "taken back by M. M.: It is Easley after all" in listed
    again = correct(tmp_path, "--undo", name, *SIGNED)
    assert (again.returncode, "already" in again.stderr) == (2, True)
    # The same correction made once more is another one.
    correct(tmp_path, URL, "--reject", "place", "Easley", *SIGNED)
    assert place_names(market) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((URL, "--reject", "place", "Easley"), "--author and --reason"),
        ((URL, "--reject", "place", "Easley", "--author", "N. N.", "--reason", " "), "--author and --reason"),
        ((URL, "--reject", "place", "Greer", *SIGNED), "it has: Easley, SC"),
        ((URL, "--reject", "town", "Easley", *SIGNED), "no kind"),
        ((URL, "--add", "place", "Springfield", *SIGNED), "Springfield, IL"),
        ((URL, "--add", "company", "Bluewatr Fiber", *SIGNED), "nearest: 'Bluewater Fiber'"),
        ((URL, "--replace", "Easley", "Easley, SC", *SIGNED), "already"),
        ((URL, "--role", "Easley", "central", *SIGNED), "about or mentioned"),
        ((URL, "--role", "Easley", "mentioned", "--as", "about", *SIGNED), "--as"),
        (("https://bluewater.example/none", "--reject", "place", "Easley", *SIGNED), "no article"),
        (("--reject", "place", "Easley", *SIGNED), "name the article"),
        ((URL, *SIGNED), "give one of"),
        (("--undo", "k1", *SIGNED), "no correction"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_written(
    market: Market, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = correct(tmp_path, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "corrections.toml").exists()
    assert tags(market).corrections == ()


def test_awkward_words_come_back_as_they_were_said(market: Market, tmp_path: Path) -> None:
    reason = 'She said "no",\n\tat \\ the café\x7f'
    correct(tmp_path, URL, "--reject", "place", "Easley", "--author", "José", "--reason", reason)
    assert tags(market).corrections[0].reason == 'She said "no", at \\ the café\x7f'
    assert "\x7f" not in correct(tmp_path, "--list").stdout


def test_what_the_analyst_wrote_herself_stays_in_the_file(market: Market, tmp_path: Path) -> None:
    write(tmp_path, "# mine\n" + ENTRY.rstrip("\n"))
    correct(tmp_path, URL, "--add", "company", "att", *SIGNED)
    text = (tmp_path / "corrections.toml").read_text("utf-8")
    assert text.startswith("# mine\n" + ENTRY)
    assert len(entries(tmp_path)["correction"]) == 2
    assert place_names(market) == ["Greer"]


def test_the_file_alone_is_enough_and_what_leaves_it_is_undone(market: Market, tmp_path: Path) -> None:
    ledger = market.context.ledger
    write(tmp_path, ENTRY)
    assert follow(tmp_path, ledger) == [market.build.id]
    assert place_names(market) == ["Greer"]
    # A date without a time is that day where the market is.
    assert tags(market).corrections[0].at.isoformat() == "2026-11-24T05:00:00+00:00"
    assert follow(tmp_path, ledger) == []
    write(tmp_path, "")
    assert follow(tmp_path, ledger) == [market.build.id]
    assert place_names(market) == ["Easley"]


def test_an_article_that_is_not_there_is_waited_for(market: Market, tmp_path: Path) -> None:
    write(tmp_path, ENTRY.replace("news/easley", "news/later"))
    assert follow(tmp_path, market.context.ledger) == []
    assert "waits" in correct(tmp_path, "--list").stdout


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (('new = "Greer, SC"\n', ""), 1, "write new ="),
        (('kind = "place"', 'kind = "plaice"'), 4, 'did you mean "place"'),
        (('name = "Easley, SC"', 'name = "Springfield"'), 5, "names no single place"),
        (('new = "Greer, SC"', 'new = "Greeer, SC"'), 6, "nearest: 'Greer, SC'"),
        (('new = "Greer, SC"', 'new = "Easley, SC"'), 6, "already"),
        (('author = "N. N."', 'author = " "'), 7, "write something"),
        (('reason = "The crews are there"\n', ""), 1, "is missing"),
        (("at = 2026-11-24", "at = yesterday"), 9, "not valid TOML"),
        ((f'record = "{URL}"', 'record = "that one"'), 2, "URL or id"),
        (("action =", "acton ="), 3, 'did you mean "action"'),
        (('reason = "The', 'role = "central"\nreason = "The'), 8, "'about' or 'mentioned'"),
        (
            ("at = 2026-11-24\n", '[[undo]]\ncorrection = "k9"\nauthor = "N"\nreason = "R"\n'),
            10,
            "no correction",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    market: Market, tmp_path: Path, change: tuple[str, str], line: int, told: str
) -> None:
    text = ENTRY.replace(*change)
    assert text != ENTRY
    write(tmp_path, text)
    settings = load(tmp_path / "market.toml")
    with pytest.raises(SettingsError) as raised:
        read_corrections(settings, Names(companies(settings), Gazetteer.load()))
    assert f"corrections.toml:{line}: " in raised.value.message
    assert told in raised.value.message
    done = ask(tmp_path, "check")
    assert (done.returncode, told in done.stderr) == (2, True)


def test_ids_are_made_of_what_the_file_says(market: Market, tmp_path: Path) -> None:
    write(tmp_path, ENTRY + "\n" + ENTRY)
    settings = load(tmp_path / "market.toml")
    names = Names(companies(settings), Gazetteer.load())
    first, second = read_corrections(settings, names)
    assert first.id != second.id
    assert [one.id for one in read_corrections(settings, names)] == [first.id, second.id]


def test_search_and_capture_page_show_the_correction(market: Market, tmp_path: Path) -> None:
    told = "place Easley, SC corrected to Greer, SC by N. N.: The crews are there"
    correct(tmp_path, URL, "--replace", "Easley", "Greer, SC", *SIGNED)
    assert ask(tmp_path, "index").returncode == 0
    found = json.loads(ask(tmp_path, "search", "kind:article easley", "--json").stdout)
    assert found["results"][0]["document"]["corrections"] == [told]
    assert told in ask(tmp_path, "search", "kind:expansion", "--place", "Greer, SC").stdout
    # The command's index is another than the one that the market was built with.
    opened = engine(load(tmp_path / "market.toml"))
    client = Site(replace(market, context=replace(market.context, engine=lambda: opened))).signed_in()
    seen = words(client.get(f"/capture/{market.build.capture_id}"))
    assert f"Corrected by the analyst {told}" in seen
    assert told in words(client.get("/search", params={"q": "easley"}))
    other = words(client.get(f"/capture/{market.undated.capture_id}"))
    assert "Corrected by" not in other


def test_a_reason_cannot_steer_the_page(market: Market, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    correct(tmp_path, URL, "--reject", "place", "Easley", "--author", "N. N.", "--reason", hostile)
    page = Site(market).signed_in().get(f"/capture/{market.build.capture_id}")
    assert hostile not in page.text
    assert hostile in words(page)


def test_check_counts_the_corrections(market: Market, tmp_path: Path) -> None:
    write(tmp_path, ENTRY)
    assert "1 correction(s) in" in ask(tmp_path, "check").stdout
