from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from briefs.lines import Line, link
from briefs.meeting import meeting_sheet
from briefs.render import render_brief, render_sheet
from briefs.view import period_words, view
from briefs.week import Week
from briefs.weekly import Weekly
from briefs.wording import clean
from market.records import Account, Brief, Fee, Importance, Source
from market.records.source import Terms
from tests.briefs.build import GREENVILLE, SPARTANBURG, article, company, day, expansion, place, span
from tests.briefs.world import EASTERN, READER, SOURCES, World

GOLDEN = Path(__file__).with_name("golden")
W47 = Week.parse("2026-W47", EASTERN)
ACME, HARBOR = company("acme-fiber", "Acme Fiber"), company("harbor-cable", "Harbor Cable")
OTHERS = (
    Source(id="our-plans", kind="page", url="https://our-plans.example/", publisher="OurNet plan page"),
    Source(id="gazette", kind="feed", url="https://gazette.example/feed", publisher="Piedmont Gazette"),
    Source(
        id="harbor-labels",
        kind="labels",
        url="https://harbor-labels.example/labels.csv",
        publisher="Harbor Cable labels",
        terms=Terms(allowed=False, note="its terms forbid automated access"),
    ),
)


def fee(cents: int) -> dict[str, Any]:
    return {"monthly_fees": (Fee(name="Modem rental", raw=f"${cents / 100:.2f}", cents=cents),)}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A week with every kind of line: rises, cuts, fees, a new plan, builds, a story with a copy, gaps."""
    world = World(tmp_path, (*SOURCES, *OTHERS))
    five: dict[str, Any] = {"name": "Fiber 500", "cents": 5999}
    gig: dict[str, Any] = {"name": "Fiber Gig", "cents": 7999, "down_mbps": 1000.0, "row": 3}
    office: dict[str, Any] = {"name": "Office 300", "cents": 14900, "segment": "business", "row": 5}
    two: dict[str, Any] = {"name": "Fiber 2 Gig", "cents": 10999, "down_mbps": 2000.0, "row": 4}
    world.look(day(-3), five, gig | fee(1000), office)
    world.look(day(2), five | {"cents": 6499}, gig | fee(1500), office | {"cents": 12900}, two)
    world.look(day(-3), {"company": "our-net", "name": "OurNet 500", "cents": 5799}, source="our-plans")
    world.feed(day(1))
    world.feed(day(-6), "gazette")
    world.feed(day(2), "gazette", status=403, reader=None)
    text = (
        "Acme Fiber will wire 12,000 homes in Greenville for $15 million by late 2027.\nNo price was named."
    )
    held, item = article("Acme comes to Greenville", text, day(1))
    fact = expansion(
        item,
        passings=12000,
        investment_cents=1_500_000_000,
        technology="fiber",
        target_on="2027",
        evidence=(span(item, text.split("\n")[0]),),
    )
    world.tell((held, item), companies=(ACME,), places=(place(GREENVILLE),), expansions=(fact,))
    text = "Outage <b>& repair</b>: 3,100 Harbor Cable customers in Spartanburg had no service."
    told = article("Outage in Spartanburg ends", text, day(2))
    lead = world.tell(told, companies=(HARBOR,), places=(place(SPARTANBURG),), topics=("outage",))
    copy = article("Outage ends in Spartanburg", text, day(3), source="wire")
    world.tell(copy, companies=(HARBOR,), places=(place(SPARTANBURG),), story_id=lead.id)
    text = "Acme Fiber named Ruth Ellery, who ran sales at a rival, head of its business unit."
    told = article("Acme Fiber names a business chief", text, day(3))
    world.tell(told, companies=(ACME,), topics=("leadership",), importance=Importance(score=0.4))
    yield world
    world.ledger.close()


def made(world: World, week: Week = W47) -> Brief:
    return Weekly(world.desk, week).compose(READER.model_copy(update={"competitors": ()}), day(7)).brief


def golden(name: str, text: str) -> None:
    """Compare with the file of that name; WRITE_GOLDEN=1 writes it, to be looked at before it is kept."""
    path = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def without_pictures(html: str) -> str:
    """The page with each picture's bytes left out: they differ with the fonts of a machine."""
    return re.sub(r"base64,[\w+/=]+", "base64,...", html)


def test_a_brief_as_text(world: World) -> None:
    golden("brief.txt", render_brief(made(world), EASTERN).text)


def test_a_brief_as_html(world: World) -> None:
    rendered = render_brief(made(world), EASTERN, "http://127.0.0.1:8321")
    golden("brief.html", without_pictures(rendered.mail_html))


def test_an_empty_week_says_so(world: World) -> None:
    golden("empty.txt", render_brief(made(world, W47.shifted(-6)), EASTERN).text)


def test_a_meeting_sheet(world: World) -> None:
    account = Account(
        id="raman-dental",
        name="Raman <Family> Dental",
        city="Greenville",
        state="SC",
        zip="29601",
        county_fips="45045",
        current_provider="Harbor Cable",
        notes="Large image files",
    )
    sheet = meeting_sheet(world.desk, account, day(7)).sheet
    golden("sheet.html", without_pictures(render_sheet(sheet, EASTERN)))


class Page(HTMLParser):
    """What matters of a page: what it loads, its outline, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.outline: list[str] = []
        self.scripts = 0
        self.lang = ""
        self.layout_tables = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("img", "link", "script", "iframe"):
            self.loads.append(str(values.get("src") or values.get("href")))
        if tag == "a":
            self.links.append(str(values.get("href")))
        if tag in ("h1", "h2", "h3"):
            self.outline.append(tag)
        if tag == "html":
            self.lang = str(values.get("lang"))
        if tag == "table" and values.get("role") not in ("presentation", "none"):
            self.layout_tables += 1


def test_the_mail_loads_nothing_has_an_outline_and_a_language(world: World) -> None:
    rendered = render_brief(made(world), EASTERN)
    html = rendered.mail_html
    page = Page(html)
    assert page.loads == [f"cid:{name}" for name, _ in rendered.pictures]
    assert all(png.startswith(b"\x89PNG") for _, png in rendered.pictures)
    assert all(load.startswith("data:image/png;base64,") for load in Page(rendered.html).loads)
    assert page.lang == "en"
    assert page.outline[0] == "h1"
    assert page.outline.count("h1") == 1
    assert page.outline.count("h2") == 5
    assert page.layout_tables == 0
    assert "prefers-color-scheme: dark" in html
    assert "@import" not in html
    assert "url(" not in html


def test_text_from_the_web_stays_text(world: World) -> None:
    html = render_brief(made(world), EASTERN).html
    assert "<b>& repair" not in html
    assert "&lt;b&gt;&amp; repair&lt;/b&gt;" in html


def test_every_line_has_its_page_and_its_capture(world: World) -> None:
    brief = made(world)
    shown = view(brief, EASTERN)
    claims = [claim for section in brief.sections for claim in section.claims]
    lines = [line for part in shown.parts for line in part.lines]
    assert len(lines) == len(claims) > 5
    text = render_brief(brief, EASTERN).text
    for claim, line in zip(claims, lines, strict=True):
        cited = {item.capture_id for item in claim.evidence}
        assert cited <= {source.capture_id for source in line.sources}
        assert all(capture in text for capture in cited)


def test_subject_and_counts(world: World) -> None:
    rendered = render_brief(made(world), EASTERN)
    assert rendered.subject == "Upstate South Carolina, week 47: 4 price moves, 1 build, 2 stories"
    assert re.search(r"4 price moves · 1 build · 2 stories", rendered.text)


def test_a_rivals_price_beside_ours_shows_the_gap_and_both_pages(world: World) -> None:
    (line,) = [line for line in all_lines(world) if "our OurNet 500" in line.text]
    assert line.text == "Acme Fiber Fiber 500 is $64.99 a month; our OurNet 500 is $57.99."
    assert (line.label, line.figure, line.direction) == ("Above ours", "$7.00", "up")
    assert [source.publisher for source in line.sources] == ["Acme Fiber plan page", "OurNet plan page"]


def test_a_price_that_moved_carries_its_chart(world: World) -> None:
    (line,) = [line for line in all_lines(world) if "raised Fiber 500" in line.text]
    assert line.chart == (("2026-11-13", 5999), ("2026-11-18", 6499))
    assert line.chart_words == "$59.99 from 2026-11-13, $64.99 from 2026-11-18"


def all_lines(world: World) -> list[Line]:
    return [line for part in view(made(world), EASTERN).parts for line in part.lines]


def test_difference_and_percentage_come_from_the_two_prices(world: World) -> None:
    lines = {line.text: line for part in view(made(world), EASTERN).parts for line in part.lines}
    rise = lines["Acme Fiber raised Fiber 500 from $59.99 to $64.99 a month."]
    assert (rise.before, rise.after, rise.delta, rise.figure) == ("$59.99", "$64.99", "+$5.00", "+8.3%")
    cut = lines["Acme Fiber cut Office 300 from $149.00 to $129.00 a month."]
    assert (cut.delta, cut.figure, cut.direction) == ("−$20.00", "−13.4%", "down")


def test_only_web_addresses_are_linked_and_control_characters_go() -> None:
    assert link("javascript:alert(1)") == ""
    assert link("https://a.example/x") == "https://a.example/x"
    assert clean("a\x00b\x1bc\nd") == "abc\nd"


def test_periods_in_words() -> None:
    def words(week: str) -> str:
        span_of = Week.parse(week, EASTERN)
        return period_words(span_of.first_day, span_of.last_day)

    assert words("2026-W47") == "Nov 16–22, 2026"
    assert words("2026-W49") == "Nov 30 – Dec 6, 2026"
    assert words("2026-W53") == "Dec 28, 2026 – Jan 3, 2027"
