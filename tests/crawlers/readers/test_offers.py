"""Plan pages: recorded cases with expectations by hand, and what must never be invented."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.planpages import real_pages, score
from crawlers.readers import ReadResult
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import CASES, capture, read
from tests.real_data import shared

REAL = Path(__file__).parents[2] / "real" / "plans.jsonl"
PAGES = sorted((CASES / "plans").glob("*.html"))


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def slots(offer: Offer, names: list[str]) -> dict[str, Any]:
    """Return the named slots as the expectation writes them: fees by their amounts."""
    values = {name: getattr(offer, name) for name in names}
    return {
        name: [fee.cents for fee in value]
        if name.endswith("_fees")
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def page(cards: str) -> str:
    return f"<!doctype html><html lang='en'><head><title>Plans</title></head><body>{cards}</body></html>"


def card(name: str = "Fiber 500", speed: str = "500 Mbps", price: str = "$65/mo") -> str:
    return f"<div class='card'><h3>{name}</h3><p>{speed}</p><p>{price}</p></div>"


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_recorded_page(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = offers(read("offers", path.read_bytes()))
    assert [slots(offer, list(want)) for offer, want in zip(found, expected, strict=False)] == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_quotes_are_read_again_and_hold_the_price(path: Path) -> None:
    body = path.read_bytes()
    for offer in offers(read("offers", body)):
        for each in offer.evidence:
            assert quote_at(capture("offers"), body, each) == each.quote
            if each.slot in ("monthly_cents", "promo_cents", "autopay_cents"):
                cents = getattr(offer, each.slot)
                # Dollars and cents may stand in two places.
                parts = [other.quote for other in offer.evidence if other.slot == each.slot]
                quote = "".join(parts).replace(",", "")
                assert f"{cents // 100}" in quote
                # A decimal comma, and state that keeps cents of its own, leave the digits together.
                assert cents % 100 == 0 or f"{cents / 100:.2f}" in quote or f"{cents}" in quote
            elif each.slot in ("promo_months", "contract_months") and getattr(offer, each.slot):
                months = getattr(offer, each.slot)
                assert re.search(
                    rf"\b(?:{months}|{months // 12}|one|two|three|(?:first|a) year)\b",
                    each.quote,
                    re.IGNORECASE,
                )


def test_what_is_unclear_is_an_issue_with_its_place() -> None:
    result = read("offers", (CASES / "plans" / "ambiguous.html").read_bytes())
    assert [issue.code for issue in result.issues] == ["offer-unclear", "offer-unclear"]
    assert result.issues[0].data["prices"] == [4500, 6500]
    assert result.issues[0].data["css"].startswith("html > body")
    assert result.reading.outcome == "empty"


def test_a_page_without_plans_says_so() -> None:
    result = read("offers", page("<p>Welcome.</p>"))
    assert [issue.code for issue in result.issues] == ["offers-empty"]


@pytest.mark.parametrize(
    ("price", "cents"),
    [
        ("$65/mo", 6500),
        ("$65.50 per month", 6550),
        ("$1,250.00/month", 125000),
        ("Only $65 a month*", 6500),
        ("Monthly price: $65", 6500),
        ("$65", 6500),
        ("65.50/mo USD", 6550),
    ],
)
def test_ways_to_write_a_price(price: str, cents: int) -> None:
    (offer,) = offers(read("offers", page(card(price=price))))
    assert offer.monthly_cents == cents


@pytest.mark.parametrize(
    "price",
    [
        "Save $20/mo",
        "$100 gift card",
        "$65 off",
        "Free",
        "$3",
        "$5 per GB",
        "$600/year",
        "$50 activation",
        "$2 million network",
    ],
)
def test_amounts_that_are_no_monthly_price(price: str) -> None:
    assert offers(read("offers", page(card(price=price)))) == []


@pytest.mark.parametrize(
    ("speed", "down", "up"),
    [
        ("500 Mbps", 500, None),
        ("Up to 1 Gig", 1000, None),
        ("1.5 Gbps / 50 Mbps", 1500, 50),
        ("500/500 Mbps", 500, 500),
        ("768 kbps download, 128 kbps upload", 0.768, 0.128),
        ("Symmetrical 500 Mbps", 500, 500),
        ("500 Mbps with 500 GB of data", 500, None),
        ("Upload 20 Mbps, download 200 Mbps", 200, 20),
    ],
)
def test_ways_to_write_a_speed(speed: str, down: float, up: float | None) -> None:
    (offer,) = offers(read("offers", page(card(name="Home Internet", speed=speed))))
    assert (offer.down_mbps, offer.up_mbps) == (down, up)


def test_price_and_speed_of_different_cards_never_meet() -> None:
    body = page(
        "<div>"
        + card()
        + "<div class='card'><h3>Home Phone</h3><p>$20/mo</p></div>"
        + "<div class='card'><p>100 Mbps</p></div></div>"
    )
    found = [
        (offer.plan_name, offer.monthly_cents, offer.down_mbps) for offer in offers(read("offers", body))
    ]
    assert found == [("Fiber 500", 6500, 500)]


def test_a_plan_shown_twice_is_one_offer_and_namesakes_keep_apart() -> None:
    body = page("<div>" + card() * 2 + card(speed="800 Mbps", price="$75/mo") + "</div>")
    found = [(offer.plan_key, offer.monthly_cents) for offer in offers(read("offers", body))]
    assert found == [("fiber-500", 6500), ("fiber-500-800", 7500)]


def test_plan_key_stays_when_the_price_changes_and_the_page_is_rearranged() -> None:
    before = offers(
        read("offers", page("<div>" + card() + card("Fiber 1000", "1 Gbps", "$80/mo") + "</div>"))
    )
    after = offers(
        read(
            "offers",
            page("<main><section>" + card("Fiber 1000", "1 Gbps", "$85/mo") + card() + "</section></main>"),
        )
    )
    assert (
        {offer.plan_key for offer in before}
        == {offer.plan_key for offer in after}
        == {"fiber-500", "fiber-1000"}
    )


def test_canadian_dollars() -> None:
    (offer,) = offers(read("offers", page(card()).replace("lang='en'", "lang='en-CA'")))
    assert offer.currency == "CAD"


def test_each_fee_has_its_own_evidence() -> None:
    body = page(
        "<div class='card'><h3>Fiber 500</h3><p>500 Mbps</p><p>$65/mo</p>"
        "<p>Modem rental $12/mo</p><p>Wi-Fi extender rental $5/mo</p><p>Activation fee $49</p></div>"
    )
    (offer,) = offers(read("offers", body))
    quotes = {each.slot: each.quote for each in offer.evidence}
    assert [fee.cents for fee in offer.monthly_fees] == [1200, 500]
    assert (quotes["monthly_fees[0]"], quotes["monthly_fees[1]"], quotes["one_time_fees[0]"]) == (
        "Modem rental $12/mo",
        "Wi-Fi extender rental $5/mo",
        "Activation fee $49",
    )


@pytest.mark.parametrize(
    ("lines", "monthly", "promo", "months"),
    [
        (["$49/mo", "after 12 months $80/mo"], 8000, 4900, None),
        (["$49/mo for 12 months", "$80/mo", "after 12 months"], 8000, 4900, 12),
        (["First 6 months: $29/mo", "Then $59/mo"], 5900, 2900, 6),
        (["$29/mo for the first year, $59/mo after"], 5900, 2900, 12),
        (["Free unlimited data for 6 months.", "$29/mo", "$59/mo", "Reg Rate"], 5900, 2900, None),
        (["Regular price $59/mo"], 5900, None, None),
        (["$59/mo", "Modem rental $12/mo"], 5900, None, None),
        (["$59/mo", "2-year price guarantee"], 5900, None, None),
    ],
)
def test_promotional_and_regular_price(
    lines: list[str], monthly: int, promo: int | None, months: int | None
) -> None:
    (offer,) = offers(read("offers", page(card(price="</p><p>".join(lines)))))
    assert (offer.monthly_cents, offer.promo_cents, offer.promo_months) == (monthly, promo, months)


def test_state_counts_only_where_the_page_shows_no_plan() -> None:
    state = '{"plans": [{"planName": "Fiber 900", "speed": "900 Mbps", "price": "95.00"}]}'
    script = f"<script type='application/json'>{state}</script>"
    assert [offer.plan_name for offer in offers(read("offers", page(script)))] == ["Fiber 900"]
    assert [offer.plan_name for offer in offers(read("offers", page(card() + script)))] == ["Fiber 500"]


@pytest.mark.parametrize("price", ["$49 - $89/mo", "$49 to $89/mo", "&euro;49,99 - &euro;59,99/Monat"])
def test_a_price_that_is_no_single_amount_is_an_issue(price: str) -> None:
    result = read("offers", page(card(price=price)))
    assert offers(result) == []
    assert result.issues
    assert {issue.code for issue in result.issues} <= {"offer-unclear", "offers-empty"}


def test_real_pages_reach_the_slot_score() -> None:
    table = {line["name"]: line for line in score(list(real_pages(shared("data", "plans"), REAL)))}
    assert table["price slots"]["F1"] >= 0.90
    assert table["all slots"]["F1"] >= 0.90
    assert table["invented prices"]["right"] == 0


def test_same_input_gives_the_same_records() -> None:
    body = (CASES / "plans" / "promotion.html").read_bytes()
    assert read("offers", body) == read("offers", body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "offers-empty"),
        (b"\x00\x01\x02\xff" * 2000, "page-not-text"),
        ("<div>" * 30_000 + "$65/mo 500 Mbps", "page-too-deep"),
        ("<i>x</i>" * 50_000, "page-too-large"),
        (page(card()) + "<p>" + "x" * 8_100_000, "page-too-large"),
        (page("".join(card(f"Plan {n}", f"{n} Mbps") for n in range(1, 520))), "offers-cut"),
    ],
)
def test_hostile_pages_are_bounded_and_reported(body: bytes | str, code: str) -> None:
    assert code in [issue.code for issue in read("offers", body).issues]


def test_a_tag_with_very_many_attributes_is_read_in_time() -> None:
    flood = " ".join(f"a{number}='1'" for number in range(60_000))
    (offer,) = offers(read("offers", page(f"<div {flood}>{card()}</div>")))
    assert offer.monthly_cents == 6500


PIECES = st.lists(
    st.sampled_from(
        [
            "$",
            "49",
            ".99",
            "/mo",
            " for 12 months",
            "500 Mbps",
            "940/880",
            "<div>",
            "</div>",
            "<p>",
            "<sup>1</sup>",
            "<s>$80</s>",
            "up to",
            "1 Gig",
            "<h3>Fiber</h3>",
            "<table><tr><td>",
            "</td></tr></table>",
            "with AutoPay",
            "contact us",
            "&nbsp;",
            "€",
            "—",
        ]
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_no_digit_is_invented(pieces: list[str]) -> None:
    """Whatever the page, it is read without an error, and each price's digits stand in it."""
    body = page("".join(pieces))
    result = read("offers", body)
    assert "reader-failed" not in [issue.code for issue in result.issues]
    digits = re.sub(r"\D", "", re.sub(r"<s>.*?</s>", "", body))
    for offer in offers(result):
        for cents in (offer.monthly_cents, offer.promo_cents, offer.autopay_cents):
            if cents is not None:
                assert str(cents // 100) in digits
        for each in offer.evidence:
            assert quote_at(capture("offers"), body.encode(), each) == each.quote
