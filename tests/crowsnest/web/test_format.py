"""How values are written on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crowsnest.web import format as written
from market.records import Article, Offer

EASTERN = ZoneInfo("America/New_York")


def _article(at: datetime | None, *, day_only: bool) -> Article:
    return Article(
        id="a1",
        capture_id="c1",
        source_id="s",
        url="https://x.example/",
        title="",
        text="",
        text_sha256="",
        published_at=at,
        published_day_only=day_only,
    )


def _offer(**values: object) -> Offer:
    base = {
        "id": "o1",
        "capture_id": "c1",
        "company": "x",
        "plan_key": "k",
        "plan_name": "Plan",
        "observed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Offer.model_validate(base | values)


def test_days_are_those_of_the_market() -> None:
    assert written.day(datetime(2026, 11, 24, 3, tzinfo=UTC), EASTERN) == "Nov 23, 2026"
    assert written.day(date(2026, 3, 5)) == "Mar 5, 2026"
    assert written.day(None, EASTERN) == "date unknown"


def test_moments_have_their_zone() -> None:
    assert written.moment(datetime(2026, 11, 24, 14, 5, tzinfo=UTC), EASTERN) == "Nov 24, 2026, 9:05 AM EST"
    assert written.moment(datetime(2026, 7, 4, 4, 0, tzinfo=UTC), EASTERN) == "Jul 4, 2026, 12:00 AM EDT"
    assert written.moment(None, EASTERN) == "never"


def test_date_without_a_time_is_not_shifted() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert written.published(_article(midnight, day_only=True), EASTERN) == "Nov 24, 2026"
    assert written.published(_article(midnight, day_only=False), EASTERN) == "Nov 23, 2026"
    assert written.published(_article(None, day_only=False), EASTERN) == "date unknown"


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (5999, "$59.99"),
        (6000, "$60"),
        (5, "$0.05"),
        (123456789, "$1,234,567.89"),
        (-250, "-$2.50"),
        (None, "–"),
    ],
)
def test_money(cents: int | None, text: str) -> None:
    assert written.money(cents) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (940, None, "940 Mbps"),
        (1000, None, "1 Gbps"),
        (1200, 1200, "1.2 Gbps"),
        (67, 622, "67–622 Mbps"),
        (0.5, None, "0.5 Mbps"),
        (None, 300, "up to 300 Mbps"),
        (None, None, "–"),
    ],
)
def test_speed(low: float | None, high: float | None, text: str) -> None:
    assert written.speed(low, high) == text


def test_price_says_what_is_not_known() -> None:
    assert written.price(_offer(monthly_cents=7999)) == "$79.99/mo"
    assert written.price(_offer(quote_only=True)) == "Contact sales"
    assert written.price(_offer()) == "price not stated"


def test_a_price_that_holds_on_a_condition_says_so() -> None:
    autopay = _offer(autopay_cents=5000)
    assert written.price(autopay) == "$50/mo with AutoPay"
    assert written.price_notes(autopay) == []
    promotion = _offer(promo_cents=4999, promo_months=12)
    assert written.price(promotion) == "$49.99/mo promotional"
    assert written.price_notes(promotion) == ["$49.99 promotional for 12 months"]
    assert written.speeds(_offer()) == "speed not stated"
    assert written.speeds(_offer(down_mbps=300, up_mbps=20)) == "300 Mbps down / 20 Mbps up"
    assert written.markets(_offer()) == "market not stated"
    assert written.markets(_offer(market=("US",))) == "nationwide"


def test_price_notes_tell_promotion_autopay_and_contract() -> None:
    offer = _offer(
        monthly_cents=7999, promo_cents=4999, promo_months=12, autopay_cents=7499, contract_months=24
    )
    assert written.price_notes(offer) == [
        "$49.99 promotional for 12 months",
        "$74.99 with autopay",
        "24-month contract",
    ]
    assert written.price_notes(_offer(contract_months=0)) == ["no contract"]
    assert written.price_notes(_offer()) == []


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (timedelta(days=1), "day"),
        (timedelta(hours=6), "6 hours"),
        (timedelta(weeks=2), "2 weeks"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_every(period: timedelta, text: str) -> None:
    assert written.every(period) == text


def test_capture_addresses_keep_any_words() -> None:
    assert written.capture_url("c1") == "/capture/c1"
    assert written.capture_url("c1", ["a & b", "#"], "o1") == (
        "/capture/c1?record=o1&quote=a+%26+b&quote=%23#quote"
    )


def test_only_web_addresses_become_links() -> None:
    assert written.is_web("HTTPS://x.example/")
    assert not written.is_web("javascript:alert(1)")
    assert not written.is_web("data:text/html,x")
