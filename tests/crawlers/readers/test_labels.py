"""Label files: every row is read into its offers or reported with its line, and nothing is invented."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.readers import ReadResult
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import capture, read
from tests.real_data import shared

NAMES = [
    "unique_plan_id",
    "provider_name",
    "service_plan_name",
    "tier_plan_name",
    "connection_type",
    "monthly_price",
    "intro_rate",
    "intro_rate_price",
    "intro_rate_time",
    "contract_req",
    "contract_time",
    "contract_terms_url",
    "early_termination_fee",
    "single_purchase_fee_descr",
    "single_purchase_fees",
    "monthly_provider_fee_descr",
    "monthly_provider_fee",
    "tax",
    "bundle_discounts_url",
    "typical_download_speed",
    "typical_upload_speed",
    "typical_latency",
    "monthly_data_allow",
    "over_usage_data_price",
    "additional_data_increment",
    "data_allowance_policy_url",
    "network_management_policy_url",
    "privacy_policy_url",
    "customer_support_phone",
    "customer_support_web",
]
PLAN: dict[str, str] = {
    **dict.fromkeys(NAMES, "NULL"),
    "unique_plan_id": "F0012345678FIBER5000000001",
    "provider_name": "Acme Fiber",
    "service_plan_name": "Fiber 500",
    "connection_type": "Fixed",
    "monthly_price": "65.00",
    "intro_rate": "No",
    "contract_req": "No",
    "early_termination_fee": "0.00",
    "tax": "Varies",
    "typical_download_speed": "512",
    "typical_upload_speed": "505",
    "typical_latency": "14",
}


def table(
    *rows: dict[str, str], names: list[str] | None = None, delimiter: str = ",", end: str = "\n"
) -> str:
    """Return a label file of full rows, each the usual plan with some cells changed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(names or NAMES)
    for row in rows:
        full = {**PLAN, **row}
        writer.writerow([full.get(name, "") for name in names or NAMES])
    return out.getvalue()


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def one(**cells: str) -> Offer:
    result = read("labels", table(cells))
    assert len(offers(result)) == 1, result.issues
    return offers(result)[0]


def codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


def test_template_row_gives_one_offer() -> None:
    offer = one()
    assert (offer.company, offer.provider_raw, offer.plan_id) == (
        "acme",
        "Acme Fiber",
        "F0012345678FIBER5000000001",
    )
    assert (offer.plan_key, offer.plan_name) == ("F0012345678FIBER5000000001", "Fiber 500")
    assert (offer.monthly_cents, offer.promo_cents, offer.promo_months) == (6500, None, None)
    assert (offer.down_mbps, offer.up_mbps, offer.latency_ms) == (512, 505, 14)
    assert (offer.contract_months, offer.termination_cents) == (0, 0)
    assert (offer.data_cap_gb, offer.unlimited_data) == (None, None)
    assert (offer.technology, offer.tax_raw, offer.source_row) == ("fiber", "Varies", 2)
    assert offer.market == ("US",)


def test_evidence_names_the_cell_and_the_quote_is_read_again() -> None:
    body = table({"monthly_price": "$65.00*"}).encode()
    (offer,) = offers(read("labels", body))
    price = next(each for each in offer.evidence if each.slot == "monthly_cents")
    assert price.quote == "$65.00*"
    assert price.where.model_dump() == {"at": "cell", "row": 2, "column": "monthly_price", "sheet": ""}
    for each in offer.evidence:
        assert quote_at(capture("labels"), body, each) == each.quote


@pytest.mark.parametrize(
    ("cells", "slots"),
    [
        ({"monthly_price": '="95.00"'}, {"monthly_cents": 9500}),
        ({"monthly_price": "$1,295.50"}, {"monthly_cents": 129550}),
        ({"monthly_price": "110*"}, {"monthly_cents": 11000}),
        ({"typical_download_speed": "67  - 622 "}, {"down_mbps": 67, "down_mbps_max": 622}),
        ({"typical_download_speed": "Up to 1 Gig"}, {"down_mbps": 1000}),
        ({"typical_download_speed": "768 kbps"}, {"down_mbps": 0.768}),
        ({"typical_download_speed": "12-78 Mpbs"}, {"down_mbps": 12, "down_mbps_max": 78}),
        ({"typical_latency": "35-58"}, {"latency_ms": 35, "latency_ms_max": 58}),
        ({"typical_latency": "< 30 ms"}, {"latency_ms": 30}),
        ({"monthly_data_allow": "1.5 TB"}, {"data_cap_gb": 1500, "unlimited_data": False}),
        ({"monthly_data_allow": "20"}, {"data_cap_gb": 20, "unlimited_data": False}),
        ({"monthly_data_allow": "Unlimited"}, {"data_cap_gb": None, "unlimited_data": True}),
        ({"monthly_data_allow": "0"}, {"data_cap_gb": None, "unlimited_data": None}),
        ({"contract_req": "Yes", "contract_time": "24"}, {"contract_months": 24}),
        ({"contract_req": "Yes", "contract_time": "2 years"}, {"contract_months": 24}),
        ({"contract_req": "Yes"}, {"contract_months": None}),
        ({"connection_type": "Mobile"}, {"technology": "mobile"}),
        ({"service_plan_name": "Internet 50 (Copper)"}, {"technology": "dsl"}),
        ({"service_plan_name": "Business Fiber 1 Gig"}, {"segment": "business", "technology": "fiber"}),
        ({"monthly_price": "Contact us for pricing"}, {"monthly_cents": None, "quote_only": True}),
    ],
)
def test_cells(cells: dict[str, str], slots: dict[str, Any]) -> None:
    offer = one(**cells)
    assert {name: getattr(offer, name) for name in slots} == slots


@pytest.mark.parametrize(
    ("cells", "slots"),
    [
        # The template: the introductory rate has a column of its own.
        ({"intro_rate_price": "45.00"}, {"monthly_cents": 6500, "promo_cents": 4500, "promo_months": 12}),
        # Some files put the price afterwards there; an introductory price is never the higher one.
        ({"intro_rate_price": "85.00"}, {"monthly_cents": 8500, "promo_cents": 6500, "promo_months": 12}),
        # Nothing says what follows: the price is the introductory one and the regular one is unknown.
        ({}, {"monthly_cents": None, "promo_cents": 6500, "promo_months": 12}),
    ],
)
def test_introductory_rates(cells: dict[str, str], slots: dict[str, Any]) -> None:
    offer = one(intro_rate="Yes", intro_rate_time="12", **cells)
    assert {name: getattr(offer, name) for name in slots} == slots


def test_fee_lists_are_paired_by_position() -> None:
    offer = one(
        single_purchase_fee_descr="Activation;Late Fee;Pro Install",
        single_purchase_fees="30.00;Up to 8.95;Included",
        monthly_provider_fee_descr="Optional WiFi;Cost Recovery",
        monthly_provider_fee="10.00;1.25 - 3.50",
    )
    once = [(fee.name, fee.cents, fee.cents_max, fee.up_to) for fee in offer.one_time_fees]
    assert once == [
        ("Activation", 3000, None, False),
        ("Late Fee", 895, 895, True),
        ("Pro Install", None, None, False),
    ]
    monthly = [(fee.name, fee.cents, fee.cents_max, fee.optional) for fee in offer.monthly_fees]
    assert monthly == [("Optional WiFi", 1000, None, True), ("Cost Recovery", 125, 350, False)]


def test_fee_lists_of_unequal_length_are_reported_and_not_guessed() -> None:
    result = read(
        "labels", table({"single_purchase_fee_descr": "Activation;Late Fee", "single_purchase_fees": "30.00"})
    )
    assert offers(result)[0].one_time_fees == ()
    (issue,) = result.issues
    assert issue.code == "cell-unreadable"
    assert issue.data == {"line": 2, "cells": {"single_purchase_fees": "30.00"}}


def test_fees_have_the_cells_of_their_names_and_amounts_as_evidence() -> None:
    body = table(
        {
            "monthly_provider_fee_descr": "Modem rental;Wi-Fi",
            "monthly_provider_fee": "14.00;10.00",
            "single_purchase_fee_descr": "Installation",
            "single_purchase_fees": "95.00",
        }
    )
    (offer,) = offers(read("labels", body))
    found = {each.slot: (each.where.model_dump()["column"], each.quote) for each in offer.evidence}
    assert found["monthly_fees"] == ("monthly_provider_fee", "14.00;10.00")
    assert found["monthly_fees.name"] == ("monthly_provider_fee_descr", "Modem rental;Wi-Fi")
    assert found["one_time_fees"] == ("single_purchase_fees", "95.00")


def test_several_technologies_in_one_cell_are_several_offers() -> None:
    result = read(
        "labels",
        table(
            {
                "connection_type": "Mobile",
                "typical_download_speed": "10-40 Mbps (4G LTE); 60-300 Mbps (5G); 170-480 (5G+)",
                "typical_upload_speed": "1-9 Mbps (4G LTE); 3-20 Mbps (5G); 6-30 Mbps (5G+)",
                "typical_latency": "30-50 ms (4G LTE); 25-45 ms(5G); 20-39 ms (5G+)",
            }
        ),
    )
    found = [
        (o.technology_raw, o.down_mbps, o.down_mbps_max, o.up_mbps, o.latency_ms) for o in offers(result)
    ]
    assert found == [("4G LTE", 10, 40, 1, 30), ("5G", 60, 300, 3, 25), ("5G+", 170, 480, 6, 20)]
    assert len({o.id for o in offers(result)}) == len({o.plan_key for o in offers(result)}) == 3
    assert result.reading.counts["rows"] == result.reading.counts["rows_read"] == 1


def test_a_speed_in_words_is_reported_and_the_rest_is_read() -> None:
    result = read("labels", table({"typical_download_speed": "3 Mbps, then slowed to 1.5 Mbps"}))
    (offer,) = offers(result)
    assert (offer.down_mbps, offer.up_mbps, offer.monthly_cents) == (None, 505, 6500)
    assert codes(result) == ["cell-unreadable"]


def test_a_row_without_a_price_is_reported_with_its_cells() -> None:
    result = read("labels", table({}, {"monthly_price": "see website"}))
    assert len(offers(result)) == 1
    (issue,) = result.issues
    assert (issue.code, issue.data["line"]) == ("row-unreadable", 3)
    assert issue.data["cells"]["monthly_price"] == "see website"
    assert {name: result.reading.counts[name] for name in ("rows", "rows_read", "rows_reported")} == {
        "rows": 2,
        "rows_read": 1,
        "rows_reported": 1,
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    fees = {"single_purchase_fee_descr": "Activation;Late", "single_purchase_fees": "1.00;2.00"}
    result = read("labels", table(fees, delimiter=delimiter))
    assert [fee.cents for fee in offers(result)[0].one_time_fees] == [100, 200]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("512", "51\x002").encode(),
        lambda text: ("\n\n" + text.replace("\n", "\n\n")).encode(),
    ],
)
def test_encodings_and_line_ends(encode: Any) -> None:
    (offer,) = offers(read("labels", encode(table({"service_plan_name": "Café 500"}))))
    assert (offer.plan_name, offer.monthly_cents, offer.down_mbps) == ("Café 500", 6500, 512)


@pytest.mark.parametrize(
    "rename",
    [
        str.upper,
        lambda name: name + "  ",
        lambda name: "".join(part.capitalize() for part in name.split("_")),
        lambda name: name.replace("_", " ").title(),
        lambda name: '"' + name + '"',
        lambda name: name.replace("monthly_provider_fee", "monthly_provider_fees").replace(
            "_increment", "_increments"
        ),
    ],
)
def test_header_spellings(rename: Any) -> None:
    lines = table({"monthly_provider_fee_descr": "WiFi", "monthly_provider_fee": "10.00"}).split("\n")
    header = ",".join(rename(name) for name in NAMES)
    (offer,) = offers(read("labels", "\n".join([header, *lines[1:]])))
    assert (offer.monthly_cents, offer.down_mbps, offer.monthly_fees[0].cents) == (6500, 512, 1000)


def test_reordered_and_extra_columns() -> None:
    names = [*reversed(NAMES), "load_date_time_est", "marketing_note"]
    result = read("labels", table({"marketing_note": "new"}, names=names))
    assert (offers(result)[0].monthly_cents, offers(result)[0].up_mbps) == (6500, 505)
    (issue,) = result.issues
    assert (issue.code, issue.level, issue.data["columns"]) == ("column-unknown", "info", ["marketing_note"])


def test_units_in_column_names() -> None:
    names = [name.replace("typical_download_speed", "Typical Download Speed (kbps)") for name in NAMES]
    body = table({"Typical Download Speed (kbps)": "512000"}, names=names)
    assert offers(read("labels", body))[0].down_mbps == 512


def test_speeds_that_can_only_be_kbps() -> None:
    rows = [
        {"typical_download_speed": speed, "typical_upload_speed": speed}
        for speed in ("6000", "512000", "2000000")
    ]
    result = read("labels", table(*rows))
    assert [offer.down_mbps for offer in offers(result)] == [6, 512, 2000]
    assert "speed-unit-assumed" in codes(result)


def test_header_glued_to_the_first_row() -> None:
    header, row = table({}).split("\n")[:2]
    result = read("labels", header + row + "\n" + row + "\n")
    assert [(offer.plan_id, offer.monthly_cents) for offer in offers(result)] == [
        (PLAN["unique_plan_id"], 6500)
    ] * 2
    assert [offer.source_row for offer in offers(result)] == [1, 2]
    assert codes(result) == ["header-glued"]


def test_second_file_appended_without_a_line_break() -> None:
    text = table({}).rstrip("\n")
    result = read("labels", text + table({"monthly_price": "70.00"}) + table({"monthly_price": "75.00"}))
    assert [offer.monthly_cents for offer in offers(result)] == [6500, 7000, 7500]
    # All three state the price of one plan.
    assert codes(result) == ["plan-twice"]


def test_header_names_without_delimiters() -> None:
    row = table({}).split("\n")[1]
    result = read("labels", "".join(NAMES) + "\n" + row)
    assert offers(result)[0].down_mbps == 512
    assert codes(result) == ["header-glued"]


def test_two_names_glued_in_the_middle_are_parted_when_the_rows_ask_for_it() -> None:
    header, row = table({}).split("\n")[:2]
    glued = header.replace("provider_name,service_plan_name", "provider_nameservice_plan_name")
    assert glued != header
    result = read("labels", f"{glued}\n{row}\n")
    assert [offer.plan_name for offer in offers(result)] == [PLAN["service_plan_name"]]
    [issue] = result.issues
    assert (issue.code, issue.level) == ("header-glued", "warning")
    assert issue.data == {"cells": ["provider_nameservice_plan_name"]}


def test_lines_above_the_header() -> None:
    result = read("labels", "Acme Fiber broadband labels,,\nas of November\n" + table({}))
    assert offers(result)[0].source_row == 4
    assert codes(result) == ["labels-preamble"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda cells: cells[:25] + cells[24:], "more than the header"),
        (lambda cells: cells[:18], "before the header does"),
        (lambda cells: [*cells[:5], '"' + cells[5], *cells[6:]], "never closed"),
    ],
)
def test_shifted_and_torn_rows_are_reported_and_the_next_is_read(change: Any, why: str) -> None:
    header, row = table({}).split("\n")[:2]
    broken = ",".join(change(row.split(",")))
    result = read("labels", "\n".join([header, row, broken, row, ""]))
    assert [offer.source_row for offer in offers(result)] == [2, 4]
    (issue,) = result.issues
    assert (issue.code, issue.data["line"]) == ("row-unreadable", 3)
    assert why in issue.message
    assert "F0012345678FIBER5000000001" in issue.data["all"]


def test_missing_links_at_the_end_do_not_spoil_a_row() -> None:
    header, row = table({}).split("\n")[:2]
    result = read("labels", header + "\n" + ",".join(row.split(",")[:27]) + "\n" + row + ",,,\n")
    assert len(offers(result)) == 2
    assert result.issues == ()


def test_line_breaks_and_doubled_quotes_inside_cells() -> None:
    body = table({"service_plan_name": 'Fiber "500"\nMetro'}, {"service_plan_name": "Fiber, fast"})
    result = read("labels", body)
    assert [(o.plan_name, o.source_row) for o in offers(result)] == [
        ('Fiber "500" Metro', 2),
        ("Fiber, fast", 4),
    ]


def test_stray_quotes() -> None:
    header, row = table({}).split("\n")[:2]
    result = read("labels", header + "\n" + row.replace("Fiber 500", '5" Fiber 500') + "\n" + row)
    assert [offer.plan_name for offer in offers(result)] == ['5" Fiber 500', "Fiber 500"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "labels-no-header"),
        (b"<!doctype html><html><body>Access denied</body></html>", "labels-no-header"),
        (b"PK\x03\x04rest", "xlsx-broken"),
        (b"%PDF-1.7", "labels-format"),
        (b"\x00\xff\xfe" * 400, "labels-no-header"),
        (b"name,age\nAnn,3\n", "labels-no-header"),
    ],
)
def test_files_that_are_no_labels(body: bytes, code: str) -> None:
    result = read("labels", body)
    assert (result.reading.outcome, codes(result)) == ("failed", [code])


def test_many_bad_rows_are_one_issue_beyond_a_limit_and_all_have_their_line() -> None:
    result = read("labels", table(*[{"monthly_price": "?"}] * 700))
    lines = [i.data["line"] for i in result.issues if "line" in i.data] + result.issues[-1].data["lines"]
    assert lines == list(range(2, 702))


def test_a_header_as_wide_as_its_rows_is_not_parted() -> None:
    names = "uniquePlanIdentifier,downloadSpeedMbps,monthlyPriceTaxes,planName,monthlyPrice,intro_rate_notes"
    result = read("labels", f"{names}\nF1,500,x,Fiber 500,65.00,y\nF2,900,x,Fiber 900,85.00,y\n")
    assert [(o.plan_name, o.down_mbps, o.monthly_cents) for o in offers(result)] == [
        ("Fiber 500", 500, 6500),
        ("Fiber 900", 900, 8500),
    ]
    assert "header-glued" not in codes(result)


def test_names_of_a_data_warehouse() -> None:
    names = "provider_nm,plan_nm,monthly_price_amt,introductory_rate_ind,contract_required_ind,download_mbps"
    (offer,) = offers(read("labels", f"{names}\nAcme,Fiber 500,65.00,N,N,500\n"))
    assert (offer.provider_raw, offer.plan_name, offer.monthly_cents) == ("Acme", "Fiber 500", 6500)
    assert (offer.contract_months, offer.promo_cents) == (0, None)


def test_fees_with_columns_of_their_own() -> None:
    body = (
        "plan_name,monthly_price,download_speed,monthly_fee_1_name,monthly_fee_1_amt,monthly_fee_2_name,"
        "monthly_fee_2_amt,single_purchase_fee_activation,OneTimeFeeEquipment,Installation Fee,"
        "monthly_fee_policy_url\n"
        "Fiber 500,65.00,500,Gateway,15.00,,,50.00,up to 349,N/A,https://acme.example\n"
    )
    (offer,) = offers(read("labels", body))
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Gateway", 1500)]
    assert [(fee.name, fee.cents, fee.up_to) for fee in offer.one_time_fees] == [
        ("activation", 5000, False),
        ("equipment", 34900, True),
    ]
    proof = {each.slot: each for each in offer.evidence}
    assert proof["monthly_fees[0].name"].quote == "Gateway"
    for slot, quote in (("monthly_fees[0]", "15.00"), ("one_time_fees[1]", "up to 349")):
        assert proof[slot].quote == quote
        assert quote_at(capture("labels"), body.encode(), proof[slot]) == quote


def test_numbered_fees_whose_number_stands_last_and_what_is_no_fee() -> None:
    body = (
        "plan_name,monthly_price,download_speed,monthly_fee_description_1,monthly_fee_1,monthly_fee_2_amt,"
        "monthly_fees_total,one_time_fee_waived\nFiber 500,65.00,500,Modem,5.00,7.00,12.00,Yes\n"
    )
    result = read("labels", body)
    (offer,) = offers(result)
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Modem", 500), ("", 700)]
    assert offer.one_time_fees == ()
    (issue,) = [issue for issue in result.issues if issue.code == "column-unknown"]
    assert issue.data["columns"] == ["monthly_fees_total", "one_time_fee_waived"]


@pytest.mark.parametrize(
    ("cell", "fees"),
    [
        ("Gateway: $15.00; Broadcast: up to $8.95", [("Gateway", 1500, False), ("Broadcast", 895, True)]),
        ("Device Charge $35.00 | Shipping $0", [("Device Charge", 3500, False), ("Shipping", 0, False)]),
        ("Router: Included", [("Router", None, False)]),
        ("$35.00", [("", 3500, False)]),
        ("N/A", []),
    ],
)
def test_fees_named_beside_their_amounts(cell: str, fees: list[tuple[str, int | None, bool]]) -> None:
    body = f'plan_name,monthly_price,download_speed,One-Time Fees\nFiber 500,65.00,500,"{cell}"\n'
    (offer,) = offers(read("labels", body))
    assert [(fee.name, fee.cents, fee.up_to) for fee in offer.one_time_fees] == fees


@pytest.mark.parametrize(
    ("contract", "time", "months"),
    [("Yes, 1 year", "", 12), ("24 months", "", 24), ("month-to-month", "", 0), ("Yes", "0", None)],
)
def test_a_contract_column_that_tells_the_term(contract: str, time: str, months: int | None) -> None:
    assert one(contract_req=contract, contract_time=time).contract_months == months


def test_no_months_of_contract_are_no_contract() -> None:
    (offer,) = offers(
        read("labels", "plan_name,monthly_price,download_speed,contract_length\nA,65.00,500,0\n")
    )
    assert offer.contract_months == 0


def test_technologies_packed_like_the_speeds() -> None:
    body = (
        "plan_name,monthly_price,technology,download_speed,upload_speed\n"
        "Home Plus,70.00,4G LTE | 5G,9 - 47 Mbps | 33 - 119 Mbps,1 - 8 Mbps | 6 - 31 Mbps\n"
        "Home Less,60.00,4G LTE | 5G,9 - 47 Mbps | 33 - 119 Mbps | 87 - 318 Mbps,1 - 8 Mbps\n"
    )
    result = read("labels", body)
    assert [(o.technology_raw, o.down_mbps, o.down_mbps_max, o.up_mbps) for o in offers(result)] == [
        ("4G LTE", 9, 47, 1),
        ("5G", 33, 119, 6),
        ("", None, None, 1),
    ]
    assert "cell-unreadable" in codes(result)


def test_a_row_of_totals_is_no_plan() -> None:
    body = "provider_name,plan_name,monthly_price,download_speed\nAcme,Fiber 500,65.00,500\nTotal,1,65.00,\n"
    result = read("labels", body)
    assert [offer.plan_name for offer in offers(result)] == ["Fiber 500"]
    (issue,) = [issue for issue in result.issues if issue.code == "row-unreadable"]
    assert issue.message.startswith("Line 3 was not read: it sums up the lines above")


def test_same_input_gives_the_same_records() -> None:
    body = table({}, {"service_plan_name": "Fiber 1000"})
    assert read("labels", body) == read("labels", body)


CELLS = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=34), max_size=6), st.sampled_from(",;\t|"))
def test_any_rows_are_accounted_for(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows(rows)
    result = read("labels", out.getvalue().encode("utf-8", "surrogatepass"))
    counts = result.reading.counts
    assert "reader-failed" not in codes(result)
    assert counts.get("rows", 0) == counts.get("rows_read", 0) + counts.get("rows_reported", 0)
    assert len({offer.source_row for offer in offers(result)}) == counts.get("rows_read", 0)
    reported = [issue for issue in result.issues if issue.code == "row-unreadable"]
    assert len(reported) == counts.get("rows_reported", 0)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    assert "reader-failed" not in codes(read("labels", body))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["monthly_price", "typical_download_speed", "early_termination_fee", "typical_latency"]),
    CELLS,
)
def test_no_figure_is_invented(column: str, cell: str) -> None:
    """Each number of an offer is one that the cell itself holds."""
    result = read("labels", table({column: cell}))
    slot = {
        "monthly_price": "monthly_cents",
        "typical_download_speed": "down_mbps",
        "early_termination_fee": "termination_cents",
        "typical_latency": "latency_ms",
    }[column]
    for offer in offers(result):
        value = getattr(offer, slot)
        assert value is None or any(character.isdigit() for character in cell)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "rows", "unread_cells"),
    [("spectrum_residential", 139, 0), ("spectrum_mobile", 3, 0), ("att", 348, 1)],
)
def test_real_files_are_read_whole(name: str, rows: int, unread_cells: int) -> None:
    body = shared("data", "labels", f"{name}.csv").read_bytes()
    result = read("labels", body)
    assert result.reading.counts["rows"] == result.reading.counts["rows_read"] == rows
    assert codes(result).count("cell-unreadable") == unread_cells
    for offer in offers(result)[::25]:
        for each in offer.evidence:
            assert quote_at(capture("labels"), body, each) == each.quote
