"""Plan pages that show no price, hostile ones, and bundles."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.planpages import case_pages, score
from crawlers.readers import ReadResult
from market.records import Offer
from tests.crawlers.readers.build import CASES, read

MAX_SECONDS = 15.0
"""Processor time for the worst page below: some three seconds, and more where the machine is busy."""


def page(inner: str) -> str:
    return f"<!doctype html><html><head><title>Internet plans</title></head><body>{inner}</body></html>"


def card(name: str = "Fiber 500", speed: str = "500 Mbps", price: str = "$65/mo") -> str:
    return f"<div class='card'><h3>{name}</h3><p>{speed}</p><p>{price}</p></div>"


def codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("prices-by-address", "blank"),
        ("prices-unfilled-template", "template"),
    ],
)
def test_a_page_without_prices_says_why(name: str, said: str) -> None:
    result = read("offers", (CASES / "plans" / f"{name}.html").read_bytes())
    (issue,) = result.issues
    assert issue.code == "prices-not-in-page"
    assert said in issue.message
    assert result.reading.outcome == "empty"


def test_a_page_that_asks_for_an_address_says_so() -> None:
    result = read("offers", page("<h1>Internet</h1><p>500 Mbps</p><p>Enter your address to see plans.</p>"))
    assert codes(result) == ["prices-not-in-page"]


def test_bundles_are_records_of_their_own() -> None:
    result = read("offers", (CASES / "plans" / "bundle-terms.html").read_bytes())
    plan, bundle = (record for record in result.records if isinstance(record, Offer))
    assert (plan.plan_key, plan.bundled_with) == ("internet-400", ())
    assert (bundle.plan_key, bundle.bundled_with) == ("internet-400-tv-plus~tv", ("tv",))
    proofs = {each.slot: each.quote for each in bundle.evidence}
    assert proofs["bundled_with[0]"] == "Internet 400 + TV Plus"
    assert result.reading.counts["bundles"] == 1
    assert not result.issues


def test_a_bundle_of_unknown_services_or_price_is_no_record() -> None:
    inner = "".join(
        card(name, "300 Mbps", price) for name, price in (("Bundle A", "$99/mo"), ("Basic", "$50/mo"))
    )
    result = read("offers", page(f"<div>{inner}</div>"))
    assert [o.plan_name for o in result.records if isinstance(o, Offer)] == ["Basic"]
    assert codes(result) == ["bundle-unclear"]
    assert "services" in result.issues[0].message


def test_a_bundle_has_a_key_that_no_plan_has() -> None:
    inner = card("Internet TV ready", "300 Mbps", "$99/mo") + card("Internet + TV", "300 Mbps", "$120/mo")
    found = [o for o in read("offers", page(f"<div>{inner}</div>")).records if isinstance(o, Offer)]
    assert all(("~" in offer.plan_key) == bool(offer.bundled_with) for offer in found)
    assert len({offer.plan_key for offer in found}) == len(found)


def test_a_card_that_is_not_read_does_not_spoil_its_neighbour() -> None:
    body = page(f"<div>{card('Mobile', '100 Mbps', '$40/mo per line')}{card()}</div>")
    found = [(o.plan_name, o.monthly_cents) for o in read("offers", body).records if isinstance(o, Offer)]
    assert found == [("Fiber 500", 6500)]


def test_a_price_of_zero_is_an_issue() -> None:
    result = read("offers", page(f"<div>{card(price='$0/mo')}{card('Fast', '900 Mbps', '$80/mo')}</div>"))
    assert [o.monthly_cents for o in result.records if isinstance(o, Offer)] == [8000]
    assert codes(result) == ["offer-unclear"]


@pytest.mark.parametrize(
    "price",
    ["FREE", "50% off for 6 months", "Rs. 999/month", "&#8377;499", "$5/day", "$0/mo after $30 ACP credit",
     "As low as $19.99/mo with ACP", "$49,99/mo", "$10 per GB"],
)  # fmt: skip
def test_a_plan_without_an_understood_price_is_an_issue_that_shows_it(price: str) -> None:
    body = page(f"<div>{card(price=price)}{card('Fast', '900 Mbps', '$80/mo')}</div>")
    result = read("offers", body)
    assert [o.plan_name for o in result.records if isinstance(o, Offer)] == ["Fast"]
    (issue,) = result.issues
    assert issue.code == "offer-unclear"
    assert "Fiber 500" in issue.message
    assert issue.data["text"].startswith("Fiber 500 500 Mbps")
    assert issue.data["css"].endswith("div:nth-of-type(1) > div:nth-of-type(1)")


def test_every_plan_of_a_recorded_page_without_a_price_is_named() -> None:
    named = {}
    for name in ("prices-that-are-none", "rows-without-a-price"):
        result = read("offers", (CASES / "plans" / f"{name}.html").read_bytes())
        named[name] = {str(issue.data.get("name", "")) for issue in result.issues}
    assert named["prices-that-are-none"] == {"Half", "Abroad", "Aided", "Aided too", "Reef"}
    assert named["rows-without-a-price"] == {"Reed"}


def test_what_stands_among_plans_and_is_none_is_no_issue() -> None:
    extra = "<div class='card'><h3>Mesh extender</h3><p>Covers every room up to 1 Gig</p></div>"
    note = "<p>Speeds up to 100 Mbps are not guaranteed.</p>"
    result = read("offers", page(f"<div>{card()}{card('Fast', '900 Mbps', '$80/mo')}{extra}</div>{note}"))
    assert [o.plan_name for o in result.records if isinstance(o, Offer)] == ["Fiber 500", "Fast"]
    assert not result.issues


def test_cents_are_read_and_quoted_as_they_stand() -> None:
    result = read("offers", page(f"<div>{card(price='99¢/mo')}{card('Fast', '900 Mbps', '$80/mo')}</div>"))
    cheap = next(o for o in result.records if isinstance(o, Offer) and o.plan_name == "Fiber 500")
    assert (cheap.monthly_cents, cheap.price_raw) == (99, "99¢")
    assert [each.quote for each in cheap.evidence if each.slot == "monthly_cents"] == ["99¢/mo"]


def test_the_words_that_call_a_price_the_lowest_are_its_evidence() -> None:
    result = read("offers", (CASES / "plans" / "lowest-of-several.html").read_bytes())
    quotes = {
        offer.plan_name: [each.quote.lower() for each in offer.evidence if each.slot == "price_from"]
        for offer in result.records
        if isinstance(offer, Offer)
    }
    assert quotes["Ocean"] == []
    for name, said in (("Brook", "from"), ("River", "starting at"), ("Delta", "as low as")):
        assert said in quotes[name][0]


def test_prices_for_screen_readers_alone_leave_an_issue() -> None:
    hidden = "<div class='card'><h3>Fiber 500</h3><p>500 Mbps</p><p class='sr-only'>$65/mo</p></div>"
    result = read("offers", page(f"<div>{hidden}</div>"))
    assert not result.records
    assert codes(result)
    shown = read("offers", page(f"<div>{hidden.replace('sr-only', 'hidden')}</div>"))
    assert [o.monthly_cents for o in shown.records if isinstance(o, Offer)] == [6500]


HOSTILE = {
    "nested 100,000 deep": ("<div>" * 100_000 + "$65/mo 500 Mbps", "page-too-large"),
    "nested 10,000 deep": ("<div>" * 10_000 + card() + "</div>" * 10_000, "page-too-deep"),
    "a script of 3 MB": (
        "<script>window.a={" + "'x':1," * 500_000 + "};</script>",
        "state-too-large",
    ),
    "state of 60,000 objects": (
        '<script type="application/json">{"a":[' + '{"name":"Fiber","price":"1"},' * 60_000 + "1]}</script>",
        "state-too-large",
    ),
    "state nested 300,000 deep": (
        '<script type="application/json">' + '{"a":' * 300_000 + "1" + "}" * 300_000 + "</script>",
        "offers-empty",
    ),
    "a table of values that holds itself": (
        '<script type="application/json" id="__NUXT_DATA__">[[' + "0," * 400 + "0]]</script>",
        "offers-empty",
    ),
    "an island nested 900 deep": (
        '<astro-island props="' + "[1,[" * 450 + "0" + "]]" * 450 + '"></astro-island>',
        "offers-empty",
    ),
    "dollars and cents in 3,000 keys": (
        '<script type="application/json">{"name":"Fiber 1",'
        + ",".join(f'"a{n}Dollars":"1","a{n}Cents":"2"' for n in range(1500))
        + "}</script>",
        "",
    ),
    "promises without end": (card() * 3 + "<p>" + "no fees, no caps or " * 100_000, ""),
    "rates without names": (card() * 3 + "<p>" + "After that $50 and $60. " * 2_000, ""),
    "5 million cells": ("<table><tr>" + "<td>1</td>" * 5_000_000, "page-too-large"),
    "18,000 priced cells": (
        "<table>" + ("<tr>" + "<td>$50</td>" * 130 + "</tr>") * 140 + "</table>",
        "offers-cut",
    ),
    "100,000 prices in a line": ("<p>" + "$50/mo 50 Mbps " * 100_000, "offers-cut"),
    "two million digits": ("<p>$" + "1" * 2_000_000, "offers-empty"),
    "two million signs": ("<p>" + "$" * 2_000_000, "offers-empty"),
    "a million braces": ("<p>" + "{{" * 500_000, "offers-empty"),
    "15,000 headings": (
        "<h2>Plans</h2>" * 15_000 + "".join(card(f"P {n}", f"{n} Mbps", f"${n}/mo") for n in range(10, 600)),
        "offers-cut",
    ),
    "tags that never end": ("<table><tr><td><table><div></tr><p><td>$50/mo<<<>>< 50 Mbps<p>" * 3_000, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_bounded_in_time_and_reported(name: str) -> None:
    inner, code = HOSTILE[name]
    started = time.process_time()
    result = read("offers", page(inner))
    assert time.process_time() - started < MAX_SECONDS
    assert "reader-failed" not in codes(result)
    assert not code or code in codes(result)


def wrapped(text: str) -> str:
    opened = re.sub(r"(<(?:div|section|article|li)\b[^>]*>)", r"\1<div>", text)
    return re.sub(r"</(div|section|article|li)>", r"</div></\1>", opened)


MENU = "<nav><ul><li><a>Internet</a></li><li><a>TV</a></li></ul><a>Call 555-0100</a></nav>"
FOOT = (
    "<footer><p>Call us at 555-0100. Open 24/7. Copyright 2026.</p><ul><li><a>Privacy</a></li></ul></footer>"
)


def framed(text: str) -> str:
    opened = re.sub(r"(<body[^>]*>)", rf"\1{MENU}", text, flags=re.IGNORECASE)
    return opened.replace("</body>", f"{FOOT}</body>")


CHANGES: dict[str, Callable[[str], str]] = {
    "blanks between all tags": lambda text: re.sub(r">\s*<", ">\n   <", text),
    "a wrapper in every block": wrapped,
    "paragraphs and lists as blocks": lambda text: re.sub(r"<(/?)(?:p|li|ul|ol)\b", r"<\1div", text),
    "no headings": lambda text: re.sub(r"<(/?)h[1-6]\b", r"<\1div", text),
    "a menu and a foot": framed,
}


@pytest.mark.parametrize("change", CHANGES)
def test_prices_do_not_hang_on_how_a_page_is_marked_up(change: str) -> None:
    """The recorded pages in other markup that shows the same: every price slot is read as before."""
    pages = [replace(each, body=CHANGES[change](each.body.decode()).encode()) for each in case_pages()]
    table = {line["name"]: line for line in score(pages)}
    assert table["price slots"]["F1"] >= 0.995
    assert table["invented prices"]["right"] == 0
