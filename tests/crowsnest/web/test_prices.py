"""The prices page: list prices with their captures, the cost over months, and the chart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from briefs.follow import follow_plans
from index.sync import sync
from tests.crowsnest.web.client import Site, links, words
from tests.crowsnest.web.market import Market, build_market

CHART = "/prices/chart.png?on=2026-11-02&cents=5999&on=2026-11-09&cents=6499"


@pytest.fixture
def client(market: Market) -> TestClient:
    return Site(market).signed_in()


def test_prices_stand_by_company_and_segment_and_lead_to_the_words_on_their_page(client: TestClient) -> None:
    page = client.get("/prices", params={"company": "bluewater"})
    seen = words(page)
    assert "Bluewater Fiber, business" in seen
    assert "Pinnacle Ridge Broadband, residential" not in seen
    assert "Greenville, SC" in seen
    href = links(page)["Bluewater Fiber plans"]
    assert "Found in the archived bytes" in words(client.get(href))


def test_the_cost_over_months_names_its_assumptions(client: TestClient) -> None:
    seen = words(client.get("/prices", params={"months": "24"}))
    assert "Over 24 months" in seen
    assert "taxes not counted" in seen


def test_a_place_that_nobody_knows_is_said_and_the_form_stays(client: TestClient) -> None:
    page = client.get("/prices", params={"market": "Atlantis, SC"})
    assert page.status_code == 400
    assert "'Atlantis, SC' is neither a territory" in words(page)


def test_nothing_found_leads_on(client: TestClient) -> None:
    page = client.get("/prices", params={"plan": "no such plan"})
    assert "No published price fits." in words(page)


def test_the_chart_is_a_picture_of_the_points(client: TestClient) -> None:
    page = client.get(CHART)
    assert (page.status_code, page.headers["content-type"]) == (200, "image/png")
    assert page.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "on=2026-11-02&cents=5999",
        "on=2026-11-02&on=2026-11-03&cents=1",
        "on=x&cents=1&on=y&cents=2",
        "on=2026-11-02&cents=-1&on=2026-11-03&cents=2",
        "&".join(f"on=2026-11-02&cents={n}" for n in range(100)),
    ],
)
def test_there_is_no_chart_of_nonsense(client: TestClient, query: str) -> None:
    assert client.get(f"/prices/chart.png?{query}").status_code == 404


def test_bundles_stand_in_tables_of_their_own_and_are_found_as_such(tmp_path: Path) -> None:
    market = build_market(tmp_path)
    context, labels = market.context, market.captures["labels"]
    alone = next(offer for offer in market.offers if offer.plan_name == "Ridge 300")
    duo = {"id": "o-duo", "plan_name": "Ridge Duo", "plan_key": "ridge-duo", "bundled_with": ("tv",)}
    (read,) = context.ledger.readings(capture_id=labels.id)
    context.ledger.record_reading(
        read.model_copy(update={"reader_version": read.reader_version + 1}),
        [alone, alone.model_copy(update=duo)],
        [],
    )
    follow_plans(context.ledger, context.settings.sources)
    zone = context.settings.market.zone
    sync(context.ledger, context.engine(), lexicon=context.lexicon, gazetteer=context.gazetteer, zone=zone)
    client = Site(market).signed_in()
    first, bundles = words(client.get("/prices", params={"months": "24"})).split("not stated, bundles")
    assert "Ridge 300" in first
    assert "Ridge Duo" not in first
    assert "Ridge Duo bundle with TV" in bundles
    found = words(client.get("/search", params={"q": "ridge", "bundle": "tv"}))
    assert "Ridge Duo (bundle with TV)" in found
    assert "Internet with: TV" in found
    assert "Ridge 300" not in found


def test_former_prices_stand_with_each_move_and_the_page_that_shows_it(tmp_path: Path) -> None:
    market = build_market(tmp_path)
    ledger, labels = market.context.ledger, market.captures["labels"]
    (read,) = ledger.readings(capture_id=labels.id)
    was = [offer for offer in market.offers if offer.capture_id == labels.id]
    at = labels.fetched_at + timedelta(days=1)
    later = labels.model_copy(
        update={"id": "c-later", "fetched_at": at, "warc_offset": labels.warc_offset + 1}
    )
    ledger.capture(later)
    new = {"capture_id": later.id, "observed_at": at, "monthly_cents": 5999, "down_mbps": 410.0}
    now = [offer.model_copy(update=new | {"id": f"later-{offer.id}"}) for offer in was]
    ledger.record_reading(read.model_copy(update={"capture_id": later.id}), now, [])
    follow_plans(ledger, market.context.settings.sources)
    page = Site(market).signed_in().get("/prices", params={"plan": "Ridge 300", "history": "1"})
    seen = words(page)
    assert "Nov 25, 2026: rise, list price $55.00 to $59.99" in seen
    assert "Nov 25, 2026: terms, download speed 310 Mbps to 410 Mbps" in seen
    assert "/capture/c-later" in page.text
