"""`crowsnest search` from the command line, over a small market that a real run has collected."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crowsnest.run import run
from crowsnest.settings import load
from crowsnest.ship import board
from index.parse import FIELDS
from market.clock import FixedClock
from tests.crowsnest import small_web as web
from tests.crowsnest.command import Done, ask
from tests.crowsnest.small_web import TOWNS, settings_for, small_web

MONDAY = FixedClock(datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
KINETIC = """<html><head><title>Kinetic lights up Spartanburg</title>
<meta property="article:published_time" content="2026-11-20T09:00:00Z"></head>
<body><article><h1>Kinetic lights up Spartanburg</h1>
<p>SPARTANBURG, S.C. - Kinetic by Windstream said Friday that fiber internet is now available to 3,200 homes
in Spartanburg, South Carolina, and that more streets will follow.</p>
<p>The provider hired local crews for the work, which took most of a year, and will open a shop downtown.</p>
</article></body></html>"""
ITEM = "<item><title>Kinetic lights up Spartanburg</title><link>/news/kinetic</link></item></channel>"


@dataclass(frozen=True)
class Market:
    """The folder of a market that is searched."""

    folder: Path

    def ask(self, *arguments: str) -> Done:
        """Run the command in this process."""
        return ask(self.folder, "search", *arguments)

    def found(self, *arguments: str) -> Any:
        done = self.ask(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return json.loads(done.stdout)

    def titles(self, *arguments: str) -> list[str]:
        return [result["document"]["title"] for result in self.found(*arguments, "--limit", "100")["results"]]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    folder = tmp_path_factory.mktemp("search")
    with small_web() as base:
        path = settings_for(folder, base)
        with board(load(path), clock=MONDAY) as ship:
            run(ship)
    return Market(folder)


def _reach(town: str) -> str:
    return f"Bluewater Fiber to reach {town} with a fiber network"


def test_a_hit_is_shown_with_day_kind_publisher_passage_address_and_capture(market: Market) -> None:
    done = market.ask("Greer kind:article", "--limit", "1")
    assert done.returncode == 0
    first, title, *rest = done.stdout.splitlines()
    assert first == "2026-11-14 · article · Bluewater newsroom"
    assert title == f"  {_reach('Greer')}"
    assert any("/news/greer [capture " in line for line in rest)
    assert "1 to 1 of 1 hit" in done.stdout
    assert "company  bluewater (1)" in done.stdout
    assert "\x1b" not in done.stdout


def test_it_runs_as_a_program(market: Market) -> None:
    command = [sys.executable, "-m", "crowsnest", "search", "Mauldin homes", "--kind", "article", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=market.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] == 1


def test_as_json_a_hit_has_its_record_and_the_marked_words(market: Market) -> None:
    found = market.found('"10,500 homes" kind:article')
    assert found["total"] == 1
    (result,) = found["results"]
    assert result["document"]["title"] == _reach("Simpsonville")
    assert result["document"]["capture_id"]
    passage = result["snippet"]["text"]
    assert [passage[start:end] for start, end in result["snippet"]["marks"]] == ["10,500 homes"]
    assert dict(found["facets"]["kind"])["article"] == 1


def test_an_unknown_field_exits_2_and_names_the_known_ones(market: Market) -> None:
    done = market.ask("town:Greer")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'town' is no field" in done.stderr
    assert all(field in done.stderr for field in FIELDS)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("fiber AND",), "query"),
        (("fiber", "--company", "Nobody Telecom"), "'Nobody Telecom'"),
        (("fiber", "--place", "Atlantis, SC"), "'Atlantis, SC'"),
        (("fiber", "--territory", "midlands"), "upstate"),
        (("fiber", "--since", "yesterday"), "2026-11-24"),
        (("fiber", "--kind", "offers"), "expansion"),
        (("fiber", "--topic", "gossip"), "regulation"),
        (("fiber", "--sort", "oldest"), "newest"),
        (("fiber", "--offset", "9995"), "narrow"),
    ],
)
def test_what_cannot_be_understood_exits_2_and_says_what_to_write(
    market: Market, arguments: tuple[str, ...], named: str
) -> None:
    done = market.ask(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_days_include_both_ends(market: Market) -> None:
    asked = ("kind:article", "--since", "2026-11-12", "--until", "2026-11-13")
    assert market.titles(*asked) == [_reach("Easley"), _reach("Anderson")]


def test_a_place_finds_the_town_and_a_county_all_its_towns(market: Market) -> None:
    assert market.titles("kind:article", "--place", "Greer, SC") == [_reach("Greer")]
    county = market.titles("kind:article", "--place", "Anderson County, SC")
    assert set(county) >= {_reach("Anderson")}
    assert _reach("Spartanburg") not in county


def test_a_territory_is_its_counties(market: Market) -> None:
    inside = market.titles("kind:article", "--territory", "upstate")
    # Easley and Clemson lie in Pickens County, which the settings do not name.
    outside = {_reach("Easley"), _reach("Clemson")}
    assert {_reach(town) for town in TOWNS} - outside <= set(inside)
    assert _reach("Easley") not in inside


@pytest.mark.parametrize("name", ["bluewater", "Bluewater", "Bluewater Fiber"])
def test_a_company_is_found_by_id_name_and_alias(market: Market, name: str) -> None:
    assert len(market.titles("kind:article", "--company", name)) == len(TOWNS)
    assert market.titles("*", "--company", "charter") == []


def test_topics_and_kinds_narrow(market: Market) -> None:
    assert len(market.titles("*", "--topic", "expansion", "--kind", "article")) == len(TOWNS)
    kinds = {
        r["document"]["kind"] for r in market.found("*", "--kind", "offer", "--kind", "expansion")["results"]
    }
    assert kinds <= {"offer", "expansion"}
    assert len(market.titles("*", "--kind", "offer")) == 5


def test_orders(market: Market) -> None:
    prices = [
        result["document"]["price_cents"]
        for result in market.found("*", "--kind", "offer", "--sort", "price")["results"]
    ]
    assert prices == [5500, 7500, 7999, 11999, 16999]
    days = [r["document"]["day"] for r in market.found("kind:article", "--sort", "newest")["results"]]
    assert days == sorted(days, reverse=True)


def test_limit_and_offset_page_through_all_hits_once(market: Market) -> None:
    pages = [market.found("kind:article", "--limit", "3", "--offset", str(first)) for first in (0, 3, 6)]
    assert [len(page["results"]) for page in pages] == [3, 3, 2]
    assert len({r["document"]["id"] for page in pages for r in page["results"]}) == len(TOWNS)
    assert market.found("kind:article", "--limit", "0")["total"] == len(TOWNS)


def test_no_hits_is_no_error(market: Market) -> None:
    done = market.ask("zeppelin")
    assert (done.returncode, done.stdout.strip()) == (0, "no hits")


def test_each_list_price_is_found_once_with_its_last_price(tmp_path: Path) -> None:
    """Three weeks of one plan page whose price rises."""
    pages = web.pages()
    media, plans = pages["/plans"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "pages", lambda: pages)
        with small_web() as base:
            path = settings_for(tmp_path, base)
            for week, price in enumerate(("$79.99", "$84.99", "$89.99")):
                pages["/plans"] = (media, plans.replace("$79.99", price))
                clock = FixedClock(MONDAY.now() + timedelta(weeks=week))
                with board(load(path), clock=clock) as ship:
                    run(ship, ["plans"])
                    assert len(ship.ledger.offers(source_id="plans")) == 3 * (week + 1)
    found = Market(tmp_path).found('title:"business 300"', "--kind", "offer")
    assert [r["document"]["price_cents"] for r in found["results"]] == [8999]


def test_an_owner_a_brand_and_the_company_find_the_same_news(tmp_path: Path) -> None:
    pages = web.pages()
    pages["/news/kinetic"] = ("text/html; charset=utf-8", KINETIC)
    media, feed = pages["/feed.xml"]
    pages["/feed.xml"] = (media, feed.replace("</channel>", ITEM))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "pages", lambda: pages)
        with small_web() as base:
            path = settings_for(tmp_path, base)
            with board(load(path), clock=MONDAY) as ship:
                run(ship, ["news"])
    asked = Market(tmp_path)
    for name in ("Kinetic", "Windstream", "Uniti", "uniti"):
        assert asked.titles("kind:article", "--company", name) == ["Kinetic lights up Spartanburg"], name
    assert asked.titles("kind:article", "--company", "AT&T") == []


def test_an_engine_that_is_away_exits_3(tmp_path: Path) -> None:
    path = settings_for(tmp_path, "http://127.0.0.1:9")
    done = Market(tmp_path).ask("fiber")
    assert (done.returncode, done.stdout) == (3, "")
    assert "crowsnest index" in done.stderr
    path.write_text(path.read_text("utf-8") + '\n[search]\nurl = "http://127.0.0.1:9"\n', "utf-8")
    done = Market(tmp_path).ask("fiber")
    assert (done.returncode, done.stdout) == (3, "")
    assert "http://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
