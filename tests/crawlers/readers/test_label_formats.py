"""Label files that are no CSV: JSON objects, and the label's own HTML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.readers import ReadResult
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import CASES, capture, read

PLAN: dict[str, Any] = {
    "planId": "F0012345678FIBER5000000001",
    "providerName": "Acme Fiber",
    "planName": "Fiber 500",
    "monthlyPrice": 65.5,
    "introductoryRate": False,
    "contractRequired": "No",
    "typicalDownloadSpeed": 512,
    "typicalUploadSpeed": "498 Mbps",
    "monthlyFees": [{"name": "Modem rental", "amount": 12.0}, {"name": "Wi-Fi extender", "amount": 5}],
    "oneTimeFees": ["49.00"],
}


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def check_quotes(result: ReadResult, body: bytes) -> None:
    for offer in offers(result):
        assert offer.evidence
        for each in offer.evidence:
            assert quote_at(capture("labels"), body, each) == each.quote


@pytest.mark.parametrize(
    "wrap",
    [lambda plans: plans, lambda plans: {"plans": plans}, lambda plans: {"a": {"b": {"labels": plans}}}],
    ids=["list", "in-object", "deep"],
)
def test_json_rows_wherever_they_stand(wrap: Any) -> None:
    body = json.dumps(wrap([PLAN, {**PLAN, "planName": "Fiber 900", "monthlyPrice": "80.00"}])).encode()
    result = read("labels", body)
    assert [(offer.plan_name, offer.monthly_cents, offer.down_mbps) for offer in offers(result)] == [
        ("Fiber 500", 6550, 512),
        ("Fiber 900", 8000, 512),
    ]
    assert result.reading.counts["rows"] == result.reading.counts["rows_read"] == 2
    check_quotes(result, body)


def test_json_fee_objects_keep_their_names_and_have_evidence() -> None:
    result = read("labels", json.dumps([PLAN]))
    (offer,) = offers(result)
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [
        ("Modem rental", 1200),
        ("Wi-Fi extender", 500),
    ]
    assert [fee.cents for fee in offer.one_time_fees] == [4900]
    quotes = {each.slot: each.quote for each in offer.evidence}
    assert "12.0" in quotes["monthly_fees"]
    assert "49.00" in quotes["one_time_fees"]


def test_a_json_row_that_cannot_be_read_is_reported_with_its_number() -> None:
    result = read("labels", json.dumps([PLAN, {**PLAN, "monthlyPrice": "see store"}]))
    assert result.reading.counts["rows_reported"] == 1
    assert [issue.data["line"] for issue in result.issues if issue.code == "row-unreadable"] == [2]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"a": 1}', b"[" * 60_000, b'[{"name": "x", "price": "y"}]'])
def test_json_without_labels_is_an_issue(body: bytes) -> None:
    result = read("labels", body)
    assert result.records == ()
    assert {"labels-no-header", "row-unreadable"} & {issue.code for issue in result.issues}


def test_html_label_is_read_and_quoted() -> None:
    body = (CASES / "plans" / "label-rows.html").read_bytes()
    result = read("labels", body)
    (offer,) = offers(result)
    assert (offer.monthly_cents, offer.promo_cents, offer.promo_months) == (8400, 5900, 12)
    assert [(fee.name, fee.cents, fee.up_to) for fee in offer.monthly_fees] == [
        ("Modem rental", 1000, False),
        ("Cost recovery fee", 250, True),
    ]
    assert {"monthly_fees[0]", "monthly_fees[1]", "one_time_fees[0]"} <= {
        each.slot for each in offer.evidence
    }
    check_quotes(result, body)


def test_two_labels_on_a_page_are_two_rows() -> None:
    page = (CASES / "plans" / "label-rows.html").read_text(encoding="utf-8")
    label = page[page.index("<div class") : page.index("</body>")]
    second = label.replace("$59.00", "$19.00").replace("Osier Gigabit", "Osier Start")
    result = read("labels", f"<html><body>{label}{second}</body></html>")
    assert [(offer.plan_name, offer.promo_cents) for offer in offers(result)] == [
        ("Osier Gigabit", 5900),
        ("Osier Start", 1900),
    ]


def test_a_label_without_a_price_is_reported() -> None:
    page = (CASES / "plans" / "label-rows.html").read_text(encoding="utf-8")
    result = read("labels", page.replace("$59.00", "ask us"))
    assert [issue.code for issue in result.issues] == ["row-unreadable"]
    assert result.reading.counts["rows_reported"] == 1


def test_json_objects_within_a_label_are_opened_and_quoted() -> None:
    label = {
        "providerName": "Acme",
        "planName": "Acme 300",
        "monthlyPrice": 55,
        "contract": {"required": True, "lengthMonths": 12},
        "fees": {
            "monthly": [{"name": "Modem", "amount": 10}],
            "oneTime": [{"name": "Install", "amount": 99}],
        },
        "speeds": {"download": "300 Mbps", "upload": "30 Mbps", "latency": "18 ms"},
        "data": {"included": "Unlimited"},
        "activationFee": 25,
    }
    body = json.dumps({"labels": [label]}).encode()
    (offer,) = [record for record in read("labels", body).records if isinstance(record, Offer)]
    assert (offer.down_mbps, offer.up_mbps, offer.latency_ms) == (300, 30, 18)
    assert (offer.contract_months, offer.unlimited_data) == (12, True)
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Modem", 1000)]
    assert [(fee.name, fee.cents) for fee in offer.one_time_fees] == [("Install", 9900), ("activation", 2500)]
    for evidence in offer.evidence:
        assert quote_at(capture("labels"), body, evidence) == evidence.quote
    assert {"down_mbps", "contract_months", "one_time_fees[1]"} <= {each.slot for each in offer.evidence}
