"""Corrections of builds and of published plans: by command and by file, shown wherever the record is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crowsnest.correcting import apply_corrections, correction_issues
from crowsnest.correction_names import Names
from crowsnest.corrections import read_corrections
from crowsnest.known import companies
from crowsnest.settings import load
from market.errors import SettingsError
from market.places.gazetteer import Gazetteer
from market.records import Issue, PlanSeries, Tagged
from tests.crowsnest.command import Done, ask
from tests.crowsnest.web.client import Site, words
from tests.crowsnest.web.market import Market, build_market

URL = "https://bluewater.example/news/easley"
PAGE = "https://bluewater.example/plans"
SIGNED = ("--author", "N. N.", "--reason", "I asked them")
TOLD = "by N. N.: I asked them"
ENTRY = f"""[[correction]]
record = "{PAGE}"
plan = "Business 300"
action = "replace"
kind = "company"
name = "bluewater"
new = "att"
author = "N. N."
reason = "I asked them"
"""


@pytest.fixture
def market(tmp_path: Path) -> Market:
    return build_market(tmp_path)


def correct(folder: Path, *arguments: str) -> Done:
    return ask(folder, "correct", *arguments)


def made(folder: Path, *arguments: str) -> Done:
    done = correct(folder, *arguments, *SIGNED)
    assert (done.returncode, done.stderr) == (0, "")
    return done


def tags(market: Market) -> Tagged:
    return market.context.ledger.tagged([market.build.id])[market.build.id]


def plan(market: Market, name: str) -> PlanSeries:
    [found] = [each for each in market.context.ledger.plans() if name in each.names]
    return found


def issues(folder: Path, market: Market) -> list[Issue]:
    settings = load(folder / "market.toml")
    names = Names(companies(settings), Gazetteer.load())
    return correction_issues(apply_corrections(settings, market.context.ledger, names))


def test_a_builds_company_changes_and_the_articles_own_stays(market: Market, tmp_path: Path) -> None:
    done = made(tmp_path, URL, "--build", "Bluewater", "--replace", "Bluewater Fiber", "AT&T")
    assert f"build of Bluewater Fiber: company Bluewater Fiber corrected to AT&T {TOLD}" in done.stdout
    [fact] = tags(market).expansions
    assert (fact.company, fact.company_name) == ("att", "AT&T")
    assert [(each.id, each.role) for each in tags(market).companies] == [
        ("bluewater", "about"),
        ("att", "about"),
    ]
    [build] = json.loads(ask(tmp_path, "builds", "--json").stdout)["builds"]
    assert build["company"] == "att"
    assert build["history"][0]["corrections"] == [
        f"build of Bluewater Fiber: company Bluewater Fiber corrected to AT&T {TOLD}"
    ]
    assert f"corrected to AT&T {TOLD}" in ask(tmp_path, "builds").stdout
    assert f"corrected to AT&T {TOLD}" in ask(tmp_path, "builds", "--csv").stdout
    assert f"corrected to AT&T {TOLD}" in ask(tmp_path, "builds", "--geojson").stdout
    assert ask(tmp_path, "builds", "--company", "bluewater").stdout.startswith("no build fits")


def test_a_builds_place_changes_by_the_builds_id(market: Market, tmp_path: Path) -> None:
    [build] = json.loads(ask(tmp_path, "builds", "--json").stdout)["builds"]
    made(tmp_path, build["id"], "--replace", "Easley", "Greer, SC")
    assert [place.name for place in tags(market).places] == ["Easley", "Greer"]
    assert "Bluewater Fiber: Greer, SC" in ask(tmp_path, "builds").stdout
    made(tmp_path, build["history"][0]["fact"]["id"], "--add", "place", "Clemson, SC")
    assert "Bluewater Fiber: Greer, SC; Clemson, SC" in ask(tmp_path, "builds").stdout
    made(tmp_path, URL, "--build", "bluewater", "--reject", "place", "Greer")
    assert "Bluewater Fiber: Clemson, SC" in ask(tmp_path, "builds").stdout


def test_what_is_no_build_is_rejected_and_comes_back_when_that_is_undone(
    market: Market, tmp_path: Path
) -> None:
    before = tags(market)
    done = json.loads(
        made(tmp_path, URL, "--build", "bluewater", "--reject", "company", "Bluewater Fiber", "--json").stdout
    )
    assert tags(market).expansions == ()
    assert ask(tmp_path, "builds").stdout.startswith("no build fits")
    correct(tmp_path, "--undo", done["corrections"][0]["id"], *SIGNED)
    assert tags(market) == before


def test_a_plans_company_and_market_are_shown_everywhere(market: Market, tmp_path: Path) -> None:
    made(tmp_path, PAGE, "--plan", "business 300", "--replace", "Bluewater Fiber", "AT&T")
    made(tmp_path, plan(market, "Business 300").id, "--add", "place", "Clemson, SC")
    told = f"plan Business 300: company Bluewater Fiber corrected to AT&T {TOLD}"
    now = plan(market, "Business 300").offer
    assert (now.company, now.market[-1]) == ("att", "Clemson, SC")
    assert [one.words() for one in now.corrections] == [
        told,
        f"plan Business 300: place Clemson, SC added {TOLD}",
    ]
    [shown] = json.loads(ask(tmp_path, "prices", "--company", "att", "--json").stdout)["plans"]
    assert (shown["plan_name"], len(shown["offer"]["corrections"])) == ("Business 300", 2)
    text = " ".join(ask(tmp_path, "prices", "--company", "att").stdout.split())
    assert "corrected to AT&T by N. N.: I asked" in text
    assert told in ask(tmp_path, "prices", "--company", "att", "--history").stdout
    assert told in ask(tmp_path, "prices", "--company", "att", "--csv").stdout
    assert ask(tmp_path, "index").returncode == 0
    assert told in ask(tmp_path, "search", "business 300", "--kind", "offer", "--company", "att").stdout
    client = Site(market).signed_in()
    assert told in words(client.get("/prices", params={"company": "att"}))
    assert told in words(client.get(f"/capture/{now.capture_id}"))


def test_all_plans_of_a_page_and_one_by_its_offer(market: Market, tmp_path: Path) -> None:
    offer = plan(market, "Business 300").offer
    made(tmp_path, PAGE, "--plan", "*", "--add", "place", "Clemson, SC")
    ledger = market.context.ledger
    assert {each.offer.market[-1] for each in ledger.plans(["bluewater-plans"])} == {"Clemson, SC"}
    assert all("Clemson, SC" not in each.offer.market for each in ledger.plans(["pinnacle-labels"]))
    made(tmp_path, offer.id, "--reject", "place", "Clemson, SC")
    assert plan(market, "Business 300").offer.market == offer.market


def test_taking_back_a_plans_correction_leaves_no_trace(market: Market, tmp_path: Path) -> None:
    ledger = market.context.ledger
    before, offers = ledger.plans(), ledger.offers()
    done = json.loads(
        made(tmp_path, PAGE, "--plan", "Business 300", "--replace", "bluewater", "att", "--json").stdout
    )
    assert done["plans"] == [plan(market, "Business 300").id]
    assert ledger.plans() != before
    assert ledger.offers() != offers
    correct(tmp_path, "--undo", done["corrections"][0]["id"], *SIGNED)
    assert (ledger.plans(), ledger.offers(), ledger.corrected_offers()) == (before, offers, {})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((PAGE, "--replace", "bluewater", "att"), "is a price page; add --plan"),
        ((PAGE, "--plan", "Business 301", "--replace", "bluewater", "att"), "lists no plan 'Business 301'"),
        ((PAGE, "--plan", "Business 300", "--replace", "AT&T", "Cox"), "it has: Greenville, SC; Blue"),
        ((PAGE, "--plan", "Business 300", "--role", "bluewater", "about"), "no roles"),
        ((PAGE, "--plan", "Business 300", "--reject", "company", "bluewater"), "--replace"),
        ((PAGE, "--plan", "Business 300", "--build", "x", "--add", "place", "Greer, SC"), "not both"),
        (("https://x.test/", "--plan", "Any", "--add", "place", "Greer, SC"), "no price was read from"),
        ((URL, "--build", "AT&T", "--add", "place", "Greer, SC"), "it tells of builds of: Bluewater Fiber"),
        ((URL, "--build", "bluewater", "--add", "company", "att"), "--replace"),
        (("b" + "0" * 20, "--add", "place", "Greer, SC"), "no build is"),
        (("p" + "0" * 20, "--add", "place", "Greer, SC"), "no price was read"),
    ],
)
def test_what_cannot_be_meant_is_told(
    market: Market, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = correct(tmp_path, *arguments, *SIGNED)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "corrections.toml").exists()


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        ((f'record = "{PAGE}"', 'record = "pages"'), 2, "URL of the page"),
        (('plan = "Business 300"', 'plan = "Business 300"\nbuild = "att"'), 1, "not both"),
        (('action = "replace"', 'action = "add"'), 1, "takes no new ="),
        (('new = "att"\n', 'new = "att"\nrole = "about"\n'), 1, "a plan has no roles"),
        (('action = "replace"', 'action = "reject"'), 1, "takes no new ="),
        (('plan = "Business 300"', 'plam = "Business 300"'), 3, 'did you mean "plan"'),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    market: Market, tmp_path: Path, change: tuple[str, str], line: int, told: str
) -> None:
    assert change[0] in ENTRY
    (tmp_path / "corrections.toml").write_text(ENTRY.replace(*change), "utf-8")
    settings = load(tmp_path / "market.toml")
    with pytest.raises(SettingsError) as raised:
        read_corrections(settings, Names(companies(settings), Gazetteer.load()))
    assert f"corrections.toml:{line}: " in raised.value.message
    assert told in raised.value.message
    assert "{" not in raised.value.message


def test_what_has_vanished_waits_or_is_told_to_change_nothing(market: Market, tmp_path: Path) -> None:
    gone = ENTRY.replace("Business 300", "Business 150")
    build = f"""[[correction]]
record = "{URL}"
build = "att"
action = "add"
kind = "place"
name = "Greer, SC"
author = "N. N."
reason = "I asked them"
"""
    elsewhere = build.replace("news/easley", "news/later")
    (tmp_path / "corrections.toml").write_text(f"{gone}\n{build}\n{elsewhere}", "utf-8")
    found = issues(tmp_path, market)
    assert sorted(issue.code for issue in found) == [
        "correction-idle",
        "correction-waiting",
        "correction-waiting",
    ]
    assert all(issue.level == "info" for issue in found)
    told = "\n".join(issue.message for issue in found)
    assert "no plan 'Business 150' yet" in told
    assert "crowsnest correct --undo k" in told
    listed = correct(tmp_path, "--list").stdout
    assert (listed.count("waits:"), listed.count("changes nothing:")) == (2, 1)


def test_of_two_that_disagree_the_later_stands_and_both_are_told(market: Market, tmp_path: Path) -> None:
    other = ENTRY.replace('new = "att"', 'new = "Cox Communications"').replace("N. N.", "M. M.")
    (tmp_path / "corrections.toml").write_text(f"{ENTRY}\n{other}", "utf-8")
    [issue] = issues(tmp_path, market)
    assert issue.code == "corrections-disagree"
    assert "M. M." in issue.message
    assert "N. N." in issue.message
    assert plan(market, "Business 300").offer.company == "cox"
    assert len(plan(market, "Business 300").offer.corrections) == 1
    assert "stands above k" in correct(tmp_path, "--list").stdout


def test_the_same_said_twice_is_no_disagreement(market: Market, tmp_path: Path) -> None:
    (tmp_path / "corrections.toml").write_text(f"{ENTRY}\n{ENTRY}", "utf-8")
    assert issues(tmp_path, market) == []
