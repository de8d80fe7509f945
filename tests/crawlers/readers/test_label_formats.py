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
    assert {"labels-no-header", "row-unreadable", "json-broken"} & {issue.code for issue in result.issues}


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


def read_json(value: Any) -> list[Offer]:
    body = json.dumps(value).encode()
    result = read("labels", body)
    check_quotes(result, body)
    return offers(result)


def test_provider_and_state_of_the_object_around_hold_for_its_plans() -> None:
    found = read_json({"provider": {"name": "Acme"}, "state": "SC", "plans": [{"plan": "A", "price": 50}]})
    assert [(o.provider_raw, o.market, o.monthly_cents) for o in found] == [("Acme", ("SC",), 5000)]


def test_figures_with_their_units_and_fees_that_say_how_often() -> None:
    label = {
        "plan": {"name": "Acme 500", "id": "F0012345678FIBER5000000001"},
        "pricing": {"monthly": {"amount": 65, "currency": "USD"}, "promo": {"price": 45, "months": 12}},
        "speeds": {"download": {"value": 0.5, "unit": "Gbps"}, "upload": {"value": 480, "unit": "Mbps"}},
        "fees": [
            {"name": "Activation", "amount": 20, "frequency": "one-time"},
            {"name": "Modem", "amount": 10, "frequency": "monthly"},
        ],
        "dataIncluded": {"unlimited": True},
    }
    (offer,) = read_json({"labels": [label]})
    assert (offer.plan_name, offer.plan_id) == ("Acme 500", "F0012345678FIBER5000000001")
    assert (offer.monthly_cents, offer.promo_cents, offer.promo_months) == (6500, 4500, 12)
    assert (offer.down_mbps, offer.up_mbps, offer.unlimited_data) == (500, 480, True)
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Modem", 1000)]
    assert [(fee.name, fee.cents) for fee in offer.one_time_fees] == [("Activation", 2000)]


def test_plans_by_name_but_no_wrapper_becomes_a_name() -> None:
    plan = {"price": "$50", "download_speed": "500 Mbps"}
    assert [offer.plan_name for offer in read_json({"fiber-500": plan, "fiber-900": plan})] == [
        "fiber-500",
        "fiber-900",
    ]
    assert read_json({"label": plan}) == []


def test_lists_of_names_and_values_and_lists_of_lists() -> None:
    pairs = {"Plan Name": "A", "Monthly Price": "50", "Typical Download Speed": "100 Mbps"}
    told = [{"name": name, "value": value} for name, value in pairs.items()]
    table = [["plan", "price", "download"], ["A", 50, 100]]
    for value in ([told], {"label": told}, {"rows": table}, table):
        assert [(o.plan_name, o.monthly_cents, o.down_mbps) for o in read_json(value)] == [("A", 5000, 100)]


def test_one_label_a_line() -> None:
    body = b'{"plan": "A", "price": 50, "download": 100}\n{"plan": "B", "price": 60, "download": 200}\n'
    result = read("labels", body)
    check_quotes(result, body)
    assert [(offer.plan_name, offer.monthly_cents) for offer in offers(result)] == [("A", 5000), ("B", 6000)]


ROWS = [
    ("Monthly Price", "$44.99"),
    ("This monthly price is an introductory rate", "Yes"),
    ("Time the introductory rate applies", "6 months"),
    ("Monthly price after introductory rate", "$64.99"),
    ("Length of Contract", "12 months"),
    ("Provider Monthly Fees", ""),
    ("Network fee", "$1.99"),
    ("One-time Fees at the Time of Purchase", ""),
    ("Setup", "$49.00"),
    ("Early Termination Fee", "$150.00"),
    ("Typical Download Speed", "95 - 110 Mbps"),
    ("Typical Upload Speed", "1 Gbps"),
    ("Typical Latency", "Less than 30 ms"),
    ("Data Included with Monthly Price", "1.2 TB"),
    ("Unique Plan Identifier", "LARCH-100-A"),
]


@pytest.mark.parametrize(
    ("outer", "row"),
    [
        ("<div>{}</div>", "<div class='row'><span>{}</span> <span>{}</span></div>"),
        ("<ul>{}</ul>", "<li><b>{}</b> <em>{}</em></li>"),
        ("<dl>{}</dl>", "<dt>{}</dt><dd>{}</dd>"),
        ("<table>{}</table>", "<tr><th>{}</th><td>{}</td></tr>"),
    ],
    ids=["div", "list", "definitions", "table"],
)
def test_labels_however_they_are_drawn(outer: str, row: str) -> None:
    drawn = outer.format("".join(row.format(name, value) for name, value in ROWS))
    head = "<section><h2>Broadband Facts</h2><p>Larch Telephone</p><p>Larch {}</p>"
    body = "".join(f"{head.format(speed)}{drawn}</section>" for speed in (100, 200)).encode()
    result = read("labels", b"<html><body>" + body + b"</body></html>")
    check_quotes(result, b"<html><body>" + body + b"</body></html>")
    assert [offer.plan_name for offer in offers(result)] == ["Larch 100", "Larch 200"]
    offer = offers(result)[0]
    assert (offer.promo_cents, offer.promo_months, offer.monthly_cents) == (4499, 6, 6499)
    assert (offer.contract_months, offer.termination_cents, offer.data_cap_gb) == (12, 15000, 1200)
    assert (offer.down_mbps, offer.down_mbps_max, offer.up_mbps, offer.latency_ms) == (95, 110, 1000, 30)
    assert (offer.provider_raw, offer.plan_id) == ("Larch Telephone", "LARCH-100-A")
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Network fee", 199)]
    assert [(fee.name, fee.cents) for fee in offer.one_time_fees] == [("Setup", 4900)]


def test_a_page_that_lists_labels_in_a_table() -> None:
    body = (
        b"<table><caption>Labels</caption><tr><th>Plan</th><th>Monthly Price</th><th>Download</th></tr>"
        b"<tr><td>A</td><td>$50</td><td>100 Mbps</td></tr>"
        b"<tr><td>B</td><td>ask</td><td>1 Gbps</td></tr></table>"
    )
    result = read("labels", body)
    check_quotes(result, body)
    assert [(offer.plan_name, offer.monthly_cents) for offer in offers(result)] == [("A", 5000)]
    assert result.reading.counts["rows_reported"] == 1
