"""Label files that mislead: words in the place of amounts, slips of spreadsheets, lines that are no plan."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.readers import ReadResult
from crawlers.readers.columnnames import currency_in, slot_of
from crawlers.readers.quote import quote_at
from market.records import Offer
from market.units import parse_money
from tests.crawlers.readers.build import capture, read

HEADER = "Unique Plan ID,Plan Name,Monthly Price,Download Speed,Upload Speed"


def rows(*lines: str, header: str = HEADER) -> ReadResult:
    """Return what a file of these lines gave; every row is read or reported, every quote stands."""
    body = "\n".join([header, *lines, ""])
    result = read("labels", body)
    counts = result.reading.counts
    assert counts.get("rows", 0) == counts.get("rows_read", 0) + counts.get("rows_reported", 0)
    for offer in offers(result):
        for each in offer.evidence:
            assert quote_at(capture("labels"), body.encode(), each) == each.quote
    return result


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def said(result: ReadResult, code: str) -> list[str]:
    return [issue.message for issue in result.issues if issue.code == code]


@pytest.mark.parametrize(
    ("words", "least"),
    [
        ("from $49", True),
        ("Starting at $49.00/mo*", True),
        ("as low as $49", True),
        ("$49+", True),
        ("$49 and up", True),
        ("$49.00 (1)", False),
        ("$49.00¹", False),
        ("$49", False),
    ],
)
def test_a_price_from_which_plans_start(words: str, least: bool) -> None:
    amount = parse_money(words)
    assert amount is not None
    assert (amount.cents, amount.least) == (4900, least)


def test_a_starting_price_is_kept_and_named() -> None:
    result = rows("1,A,from $49,100,20", "2,B,$59,200,20", "3,C,Starting at $69.99/mo*,300,30")
    assert [(o.monthly_cents, o.price_raw) for o in offers(result)] == [
        (4900, "from $49"),
        (5900, "$59"),
        (6999, "Starting at $69.99/mo*"),
    ]
    (message,) = said(result, "label-price-from")
    assert message.startswith("2 rows")
    assert message.endswith("Line 2, Line 4.")


@pytest.mark.parametrize(
    "words",
    [
        "46037", "save $20", "$100 gift card", "$49.99 - $79.99", "$5/GB", "FREE", "2026-01-15", "10%",
        "$600/yr", "$49.99 or $59.99", "-49.99", "$49.999", "was $79.99",
    ],
)  # fmt: skip
def test_words_in_the_place_of_a_price_are_quoted_and_not_read(words: str) -> None:
    result = rows(f'1,A,"{words}",100,20')
    assert offers(result) == []
    (message,) = said(result, "row-unreadable")
    assert repr(words) in message


def test_one_speed_beyond_all_others_does_not_turn_the_file_to_kbps() -> None:
    result = rows(*(f"{at},Plan {at},50,{speed},20" for at, speed in enumerate((300, 500, 1000, 500000))))
    assert [offer.down_mbps for offer in offers(result)] == [300, 500, 1000, None]
    assert "'500000'" in said(result, "cell-unreadable")[0]
    in_kbps = rows(*(f"{at},Plan {at},50,{speed},20" for at, speed in enumerate((6000, 25000, 500000))))
    assert [offer.down_mbps for offer in offers(in_kbps)] == [6, 25, 500]
    # Twenty kilobits are no upload: that column is in Mbps.
    assert [offer.up_mbps for offer in offers(in_kbps)] == [20, 20, 20]


@pytest.mark.parametrize(
    ("lines", "speeds"),
    [
        (["1,Fern 50 Mbps,50,50000,5000"], [50]),
        (["1,Fern 300,50,300000,20000", "2,Fern 500,60,500000,20000"], [300, 500]),
        (["1,Fern 300,50,300,20", "2,Fern 500,60,500000,20"], [300, None]),
        (["1,Fiber 25 Gig,50,25000,25000"], [25000]),
        (["1,Fiber 2,50,2000,2000", "2,Fiber 10,90,10000,10000"], [2000, 10000]),
    ],
)
def test_speeds_in_the_names_of_plans_tell_the_unit(lines: list[str], speeds: list[float | None]) -> None:
    assert [offer.down_mbps for offer in offers(rows(*lines))] == speeds


def test_a_line_of_units_below_the_header_is_no_row_and_tells_the_units() -> None:
    result = rows(",,USD,kbps,kbps", "1,A,49.99,10000,768")
    (offer,) = offers(result)
    assert (offer.down_mbps, offer.up_mbps, offer.monthly_cents) == (10, 0.768, 4999)
    assert result.reading.counts["rows"] == 1


@pytest.mark.parametrize(
    ("name", "cell", "cents", "currency"),
    [
        ("Monthly Price (CAD)", "49.99", 4999, "CAD"),
        ("monthly_price_eur", "49.99", 4999, "EUR"),
        ("Monthly Price (cents)", "4999", 4999, "USD"),
        ("Monthly Price ($)", "49.99", 4999, "USD"),
    ],
)
def test_units_of_money_in_a_name(name: str, cell: str, cents: int, currency: str) -> None:
    (offer,) = offers(rows(f"A,{cell},100,20", header=f"Plan Name,{name},Download Speed,Upload Speed"))
    assert (offer.monthly_cents, offer.currency) == (cents, currency)


def test_names_that_are_no_monthly_price() -> None:
    assert slot_of("Price per GB") is None
    assert slot_of("Cost ($) / Mbps") is None
    assert slot_of("Price per month") == "price"
    assert currency_in("Monthly Price") is None


def test_latency_in_seconds() -> None:
    (offer,) = offers(rows("A,50,100,0.02", header="Plan Name,Price,Download Speed,Latency (s)"))
    assert offer.latency_ms == 20


@pytest.mark.parametrize("words", ["$20 off", "50%", "29.99 for 12 months"])
def test_a_promotion_that_cannot_be_read_leaves_the_regular_price(words: str) -> None:
    header = "Plan Name,Monthly Price,Intro Rate,Intro Rate Price,Intro Rate Time,Download Speed"
    result = rows(f"A,89.99,Yes,{words},12,100", header=header)
    (offer,) = offers(result)
    assert (offer.monthly_cents, offer.promo_cents, offer.promo_months) == (8999, None, None)
    assert repr(words) in said(result, "cell-unreadable")[0]


def test_lines_that_sum_up_or_sell_something_else_are_no_plans() -> None:
    lines = (",Average,55,,", "Subtotal Fiber,,180,,", ",TV Select,80,,", ",Total Internet 100,50,100,20")
    result = rows(*lines)
    assert [offer.plan_name for offer in offers(result)] == ["Total Internet 100"]
    assert len(said(result, "row-unreadable")) == 3


def test_an_id_that_a_spreadsheet_cut_is_none() -> None:
    result = rows("1.23457E+25,A,49,100,20", "1.23457E+25,B,59,200,20")
    assert [offer.plan_id for offer in offers(result)] == [None, None]
    assert len({offer.plan_key for offer in offers(result)}) == 2
    assert len(said(result, "cell-unreadable")) == 2


def test_fees_by_amount_and_lists_parted_by_commas() -> None:
    header = (
        "Plan Name,Price,Download Speed,single_purchase_fee_descr,single_purchase_fees,monthly_provider_fee"
    )
    (offer,) = offers(rows('A,50,100,"Installation,Activation","99,35",$5/GB', header=header))
    assert [(fee.name, fee.cents) for fee in offer.one_time_fees] == [
        ("Installation", 9900),
        ("Activation", 3500),
    ]
    assert [(fee.raw, fee.cents) for fee in offer.monthly_fees] == [("$5/GB", None)]


def test_a_header_without_rows_is_told() -> None:
    assert said(read("labels", HEADER + "\n"), "labels-empty")


def plan(name: str, **more: Any) -> dict[str, Any]:
    return {"planName": name, "monthlyPrice": "50", "downloadSpeed": 100} | more


def test_a_broken_line_among_json_lines_costs_no_other() -> None:
    body = "\n".join([json.dumps(plan("A")), '{"planName": ', json.dumps(plan("B")), json.dumps(plan("C"))])
    result = read("labels", body)
    assert [offer.plan_name for offer in offers(result)] == ["A", "B", "C"]
    assert said(result, "row-unreadable")[0].startswith("Line 2 was not read")
    for offer in offers(result):
        for each in offer.evidence:
            assert quote_at(capture("labels"), body.encode(), each) == each.quote


def test_damaged_json_says_where() -> None:
    (message,) = said(read("labels", '[{"planName": "A", "monthlyPrice'), "json-broken")
    assert "line 1" in message


def test_keys_of_every_json_object_are_consumed_or_told() -> None:
    result = read("labels", json.dumps([plan("A"), plan("B", priceColour="green")]))
    assert "priceColour" in said(result, "column-unknown")[0]


def test_an_old_workbook_says_what_to_do() -> None:
    (message,) = said(read("labels", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), "labels-format")
    assert "XLSX" in message


LABEL = (
    "<div><h2>Broadband Facts</h2><p>Quillfern Net</p><p>Fern 300</p><div>Monthly Price <b>{price}</b></div>"
    "<p>One-time Fees at the Time of Purchase</p><div>Installation <b>from $49</b></div>"
    "<div>Early Termination Fee <b>$10 per month remaining</b></div>"
    "<div>Typical Download Speed <b>{speed}</b></div><div>Typical Upload Speed <b>30 Mbps</b></div>"
    "<p>Unique Plan Identifier: F0012345678ABCDEFGHIJKLMNO</p></div>"
)


def test_what_a_label_on_a_page_says_and_cannot_be_read_is_told() -> None:
    body = f"<html><body>{LABEL.format(price='from $50', speed='unlimited')}</body></html>"
    result = read("labels", body)
    (offer,) = offers(result)
    assert (offer.monthly_cents, offer.down_mbps, offer.up_mbps) == (5000, None, 30)
    assert [(fee.name, fee.raw) for fee in offer.one_time_fees] == [("Installation", "from $49")]
    assert said(result, "label-price-from")
    (message,) = said(result, "cell-unreadable")
    assert "'unlimited'" in message
    assert "'$10 per month remaining'" in message


@pytest.mark.parametrize("price", ["FREE", "46037", "$49.99 - $79.99"])
def test_a_label_on_a_page_without_a_price_quotes_it(price: str) -> None:
    result = read("labels", f"<html><body>{LABEL.format(price=price, speed='300')}</body></html>")
    assert offers(result) == []
    assert repr(price) in said(result, "row-unreadable")[0]
