"""Why each slot of an offer has its value: words, element and rule, for every slot that says something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bench.frame import frame
from bench.planpages import case_url
from crawlers.readers import read_capture
from crawlers.readers.explain import NATIONWIDE, Explainer, slot_value, valued_slots
from crawlers.readers.quote import quote_at
from crawlers.readers.told import ADDRESS, SETTINGS
from market.records import Offer
from market.records.capture import ReaderName
from market.records.source import SourceOptions
from tests.crawlers.readers.build import CASES, NOW, capture, source
from tests.crawlers.readers.paper import drawn, lines

PAGES = sorted((CASES / "plans").glob("*.html"))
FILES = [path for path in sorted((CASES / "labels-check").iterdir()) if path.suffix not in (".md", ".jsonl")]
UNWRITTEN = (ADDRESS, SETTINGS, NATIONWIDE, "the keys above it")
"""Rules of what stands in no document, or in the names of its keys."""


def explained(
    reader: ReaderName, body: bytes | str, url: str = "https://www.acme-fiber.example/1", **options: Any
) -> list[tuple[Offer, list[dict[str, Any]]]]:
    raw = body.encode() if isinstance(body, str) else body
    shot = capture(reader, url)
    frames = source("labels" if reader == "labels" else "page", options=SourceOptions(**options))
    explainer = Explainer(shot, raw, frames, NOW)
    records = read_capture(shot, raw, frames, NOW).records
    return [(offer, list(explainer.offer(offer))) for offer in records if isinstance(offer, Offer)]


def rows(body: str, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of the page's only offer by slot."""
    ((_, found),) = explained("offers", body, **more)
    return {row["slot"]: row for row in found}


def page(inner: str, title: str = "Plans", attributes: str = "") -> str:
    return f"<!doctype html><html {attributes}><head><title>{title}</title></head><body>{inner}</body></html>"


def card(name: str = "Basic 500", more: str = "") -> str:
    return f"<div class='card'><h3>{name}</h3><p>500 Mbps</p><p>$65/mo</p>{more}</div>"


def check(body: bytes, reader: ReaderName, url: str) -> None:
    shot, frames = frame(reader, url)
    explainer = Explainer(shot, body, frames, NOW)
    for offer in read_capture(shot, body, frames, NOW).records:
        assert isinstance(offer, Offer)
        found = list(explainer.offer(offer))
        told = {row["slot"] for row in found}
        for slot in valued_slots(offer):
            # One cell of a label file holds all of a row's fees.
            assert told & {slot, slot.partition("[")[0]}, (slot, offer)
        for row in found:
            assert row["rule"], row
            assert row["words"] or row["rule"] == NATIONWIDE, row
            if row["where"] is None:
                assert row["rule"].startswith(UNWRITTEN), row
            elif row["where"]["at"] == "css":
                assert letters(row["words"]) in letters(row["quote"]), row
        for each in offer.evidence:
            assert each.record_id == offer.id
            assert quote_at(shot, body, each) == each.quote


def letters(text: str) -> str:
    """Return letters and digits alone: a price over two elements, or a name in an attribute, is joined."""
    return re.sub(r"[\W_]", "", text).lower()


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_every_slot_of_a_plan_page_is_explained(path: Path) -> None:
    check(path.read_bytes(), "offers", case_url(path.stem))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_slot_of_a_label_file_is_explained(path: Path) -> None:
    check(path.read_bytes(), "labels", "https://www.acme-fiber.example/labels")


def test_every_slot_of_a_price_list_is_explained() -> None:
    rows = [
        ["Business Internet"],
        ["Plan", "Download/Upload", "Monthly Rate", "Installation Fee"],
        ["Fiber 100", "100/100 Mbps", "$49.95", "$50.00"],
        ["Fiber Gig", "1 Gbps/500 Mbps", "$89.95", "Waived"],
    ]
    body = drawn(lines(rows))
    check(body, "offers", "https://www.acme-fiber.example/rates.pdf")
    found = explained("offers", body)
    segment = next(row for row in found[0][1] if row["slot"] == "segment")
    assert (segment["quote"], segment["where"]["line"]) == ("Business Internet", 1)


def test_explanation_names_words_element_and_rule() -> None:
    found = explained("offers", (CASES / "plans" / "footnotes-far-below.html").read_bytes())
    shown = {row["slot"]: row for row in found[0][1]}
    assert {slot: row["words"] for slot, row in shown.items()} == {
        "plan_name": "Ferrous 250",
        "down_mbps": "250 Mbps",
        "currency": "$39.99",
        "promo_cents": "$39.99",
        "promo_months": "12 months",
        "monthly_cents": "$64.99",
        "one_time_fees[0]": "$30",
    }
    assert shown["monthly_cents"]["rule"] == "regular: words before"


def test_state_is_explained_by_its_key() -> None:
    found = explained("offers", (CASES / "plans" / "state-apollo.html").read_bytes())
    price = next(row for row in found[0][1] if row["slot"] == "monthly_cents")
    assert (price["words"], price["where"]["pointer"]) == ("79.99", "/Price:71/amount")
    assert "key" in price["rule"]


TOLD = {
    "name": (page(card("Fiber 500 Business")), "Business", "Fiber"),
    "card": (page(card("Business 500", "<p>Delivered over fiber</p>")), "Business", "fiber"),
    "heading": (page(f"<h2>Business fiber plans</h2><div>{card()}</div>"), "Business", "fiber"),
    "title": (page(card(), "Business fiber | Acme"), "Business", "fiber"),
    "first heading": (page(f"<h1>Fiber for your business</h1>{card()}"), "business", "Fiber"),
}


@pytest.mark.parametrize("place", TOLD)
def test_segment_and_technology_have_the_element_that_told_them(place: str) -> None:
    body, segment, technology = TOLD[place]
    shown = rows(body)
    assert (shown["segment"]["value"], shown["segment"]["words"]) == ("business", segment)
    assert (shown["technology"]["value"], shown["technology"]["words"]) == ("fiber", technology)
    path = shown["segment"]["where"]["path"].rpartition(" > ")[2]
    assert path.partition(":")[0] == {
        "name": "h3", "card": "h3", "heading": "h2", "title": "title", "first heading": "h1",
    }[place]  # fmt: skip


def test_a_tab_and_the_attribute_of_a_panel_are_elements_too() -> None:
    tabs = "<ul><li role='tab' aria-controls='b'>Business</li></ul>"
    shown = rows(page(f"{tabs}<div id='b'>{card()}</div>"))
    assert (shown["segment"]["quote"], shown["segment"]["rule"]) == ("Business", "a tab above it")
    shown = rows(page(f"<div id='plans-business'>{card()}</div>"))
    assert shown["segment"]["quote"] == "plans-business"
    assert shown["segment"]["where"]["attribute"] == "id"


def test_what_no_document_says_has_a_rule_and_no_evidence() -> None:
    shown = rows(page(card()), url="https://www.acme.example/business/plans")
    assert (shown["segment"]["rule"], shown["segment"]["words"]) == (ADDRESS, "business")
    assert shown["segment"]["where"] is None
    ((offer, found),) = explained("offers", page(card()), segment="business", market=("Greenville, SC",))
    shown = {row["slot"]: row for row in found}
    assert {shown[slot]["rule"] for slot in ("segment", "market")} == {SETTINGS}
    assert shown["market"]["words"] == "Greenville, SC"
    assert not {"segment", "market"}.intersection(each.slot for each in offer.evidence)


def test_homes_beside_businesses_say_why() -> None:
    inner = f"<h1>Home and business internet</h1><div>{card()}{card('Business 500')}</div>"
    ((_, first), _) = explained("offers", page(inner))
    row = next(row for row in first if row["slot"] == "segment")
    assert (row["value"], row["quote"]) == ("residential", "Home and business internet")
    assert "businesses" in row["rule"]


def test_a_canadian_dollar_says_why() -> None:
    shown = rows(page(card(), attributes="lang='en-CA'"))
    assert (shown["currency"]["value"], shown["currency"]["words"]) == ("CAD", "en-CA")
    assert shown["currency"]["where"] == {"at": "css", "path": "html", "attribute": "lang"}
    shown = rows(page(card()), url="https://www.acme.ca/plans")
    assert (shown["currency"]["value"], shown["currency"]["words"]) == ("CAD", "www.acme.ca")


def test_the_segment_of_a_label_file_comes_from_a_cell_or_the_settings() -> None:
    text = "unique_plan_id,plan,state,monthly_price,download,upload,taxes\n,{},SC,55.00,100,20,Varies\n"
    ((offer, found),) = explained("labels", text.format("Business Fiber 100"))
    shown = {row["slot"]: row for row in found}
    assert {slot: shown[slot]["quote"] for slot in ("segment", "technology", "market", "tax_raw")} == {
        "segment": "Business Fiber 100",
        "technology": "Business Fiber 100",
        "market": "SC",
        "tax_raw": "Varies",
    }
    assert slot_value(offer, "market") == ["SC"]
    ((_, found),) = explained("labels", text.format("Fiber 100"), segment="residential")
    assert next(row["rule"] for row in found if row["slot"] == "segment") == SETTINGS
