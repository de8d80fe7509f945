"""The prices page: list prices with their captures, the cost over months, and the chart."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.crowsnest.web.client import Site, links, words
from tests.crowsnest.web.market import Market

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
