"""Label files whose values need care: units of money, bundles, plans stated twice, mixed encodings, fees."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.readers import ReadResult
from crawlers.readers.labelbundle import services_of
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import capture, read

HEADER = "Unique Plan ID,Plan Name,Monthly Price,Download Speed,Upload Speed"
IDENT = "F0012345678ABCDEFGHIJKLMNO"


def held(body: bytes) -> ReadResult:
    """Return what a file gave; every row is read or reported, every quote stands."""
    result = read("labels", body)
    counts = result.reading.counts
    assert counts.get("rows", 0) == counts.get("rows_read", 0) + counts.get("rows_reported", 0)
    for offer in offers(result):
        for each in offer.evidence:
            assert quote_at(capture("labels"), body, each) == each.quote
    return result


def rows(*lines: str, header: str = HEADER) -> ReadResult:
    return held("\n".join([header, *lines, ""]).encode())


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def said(result: ReadResult, code: str) -> list[str]:
    return [issue.message for issue in result.issues if issue.code == code]


@pytest.mark.parametrize(
    ("price", "cents", "currency"),
    [
        ({"monthlyPrice": 4999, "priceUnit": "cents"}, 4999, "USD"),
        ({"monthlyPrice": 49.99, "priceUnit": "USD"}, 4999, "USD"),
        ({"monthlyPrice": 49.99, "priceUnit": "dollars per month"}, 4999, "USD"),
        ({"monthlyPrice": 49.99, "currency": "CAD"}, 4999, "CAD"),
        ({"monthlyPrice": {"amount": 4999, "currency": "USD", "unit": "cents"}}, 4999, "USD"),
        ({"monthlyPrice": {"value": 4999, "unit": "cents"}}, 4999, "USD"),
        ({"monthlyPriceCents": 4999}, 4999, "USD"),
        ({"monthlyPrice": 49.99, "priceUnit": "cents"}, None, ""),
        ({"monthlyPrice": 49, "priceUnit": "per GB"}, None, ""),
        ({"monthlyPrice": 49, "priceUnit": "thousands"}, None, ""),
    ],
)
def test_the_unit_of_money_beside_a_price(price: dict[str, Any], cents: int | None, currency: str) -> None:
    result = held(json.dumps([{"planName": "A", "downloadSpeed": 100, **price}]).encode())
    if cents is None:
        assert offers(result) == []
        assert said(result, "row-unreadable")
    else:
        (offer,) = offers(result)
        assert (offer.monthly_cents, offer.currency) == (cents, currency)


@pytest.mark.parametrize(
    ("name", "mobile", "services"),
    [
        ("Triple Play 300", False, ("tv", "phone")),
        ("Internet + TV", False, ("tv",)),
        ("Fiber 500 & Phone", False, ("phone",)),
        ("Cable 100 + Phone", False, ("phone",)),
        ("Cable 100", False, ()),
        ("DSL 10 (no phone line)", False, ()),
        ("Standalone DSL, phone optional", False, ()),
        ("Streaming 500", False, ()),
        ("Unlimited Phone Plan", True, ()),
        ("Fern 300", False, ()),
    ],
)
def test_services_in_the_name_of_a_label(name: str, mobile: bool, services: tuple[str, ...]) -> None:
    assert services_of(name, mobile=mobile) == services


def test_bundles_have_their_services_and_keys_of_their_own() -> None:
    result = rows(f"{IDENT},Triple Play,150,300,20", ",Internet 300,60,300,20", ",Double Play,90,300,20")
    bundle, plain = offers(result)
    assert (bundle.bundled_with, bundle.plan_key) == (("tv", "phone"), f"{IDENT}~tv-phone")
    assert {each.slot for each in bundle.evidence} >= {"bundled_with[0]", "bundled_with[1]"}
    assert (plain.bundled_with, plain.plan_key) == ((), "internet-300")
    assert "does not say of which services" in said(result, "row-unreadable")[0]


def test_a_bundle_that_names_nothing_is_read_and_told() -> None:
    result = rows(f"{IDENT},Starter Bundle,50,300,20")
    assert offers(result)[0].bundled_with == ()
    assert said(result, "label-bundle-untold")


def test_a_bundle_on_a_page() -> None:
    body = (
        "<html><body><div><h2>Broadband Facts</h2><p>Quillfern Net</p><p>Internet + TV</p>"
        "<div>Monthly Price <b>Starting at $99</b></div><p>One-time Fees at the Time of Purchase</p>"
        "<div>Installation <b>$49</b></div><div>Typical Download Speed <b>300 Mbps</b></div></div>"
        "</body></html>"
    )
    (offer,) = offers(held(body.encode()))
    assert (offer.bundled_with, offer.plan_key, offer.price_from) == (("tv",), "internet-tv~tv", True)


def test_one_plan_at_two_prices_names_both_rows() -> None:
    result = rows(f"{IDENT},A,50,100,20", f"{IDENT},A,50,100,20", f"{IDENT},A,55,100,20", ",B,60,200,20")
    assert len(offers(result)) == 4
    (message,) = said(result, "plan-twice")
    assert "Line 2: USD 50.00, Line 4: USD 55.00" in message


def test_a_plan_at_other_prices_elsewhere_is_no_slip() -> None:
    lines = [f"{IDENT},A,50,100,20,OH", f"{IDENT},A,55,100,20,TX"]
    assert said(rows(*lines, header=f"{HEADER},State"), "plan-twice") == []


def test_lines_of_another_encoding() -> None:
    lines = ["1,Café,50,100,20".encode(), "2,Olé,60,200,20".encode("cp1252"), b"3,Plain,70,300,20"]
    result = held(b"\n".join([HEADER.encode(), *lines, b""]))
    assert [offer.plan_name for offer in offers(result)] == ["Café", "Olé", "Plain"]
    (issue,) = (issue for issue in result.issues if issue.code == "encoding-mixed")
    assert issue.data["lines"] == [3]


def test_a_file_of_windows_1252_alone_is_no_mixture() -> None:
    body = "\n".join([HEADER, "1,Café,50,100,20", "2,Olé,60,200,20", ""]).encode("cp1252")
    result = held(body)
    assert [offer.plan_name for offer in offers(result)] == ["Café", "Olé"]
    assert said(result, "encoding-mixed") == []


def test_a_bare_fee_beside_a_price_in_cents_has_no_unit() -> None:
    plan = {"planName": "A", "downloadSpeed": 100, "monthlyPrice": 4999, "priceUnit": "cents"}
    fees = {"installationFee": 5000, "activationFee": "$35.00"}
    result = held(json.dumps([{**plan, **fees}]).encode())
    (offer,) = offers(result)
    assert {each.raw: each.cents for each in offer.one_time_fees} == {"5000": None, "$35.00": 3500}
    assert said(result, "label-fee-unit")


def test_fees_that_start_at_an_amount_and_fees_in_another_currency() -> None:
    header = f"{HEADER},Installation Fee,Gateway Fee,Early Termination Fee"
    result = rows("1,A,50,100,20,from $49,C$10,€200", header=header)
    (offer,) = offers(result)
    fees = {each.name: (each.raw, each.cents) for each in (*offer.one_time_fees, *offer.monthly_fees)}
    assert fees == {"installation": ("from $49", 4900), "gateway": ("C$10", None)}
    assert offer.termination_cents is None
    assert said(result, "label-fee-from")
    assert said(result, "label-fee-currency")
    assert "Early Termination Fee" in said(result, "cell-unreadable")[0]


@pytest.mark.parametrize("words", ["from $49", "Starting at $49.00/mo*", "$49+", "$49 and up"])
def test_a_price_from_which_a_plan_starts_is_one(words: str) -> None:
    first, second = offers(rows(f"1,A,{words},100,20", "2,B,$59,200,20"))
    assert (first.monthly_cents, first.price_from, second.price_from) == (4900, True, False)
    assert {each.quote for each in first.evidence if each.slot == "price_from"} == {words}
