"""Label files of any provider: names nobody listed, tables that lie on their side, packed cells, places."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.readers import ReadResult
from crawlers.readers.columnnames import slot_of, unit_in
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import capture, read


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def held(body: str) -> list[Offer]:
    """Return the offers of a file, each of whose quotes stands where its evidence says."""
    result = read("labels", body)
    counts = result.reading.counts
    assert counts["rows"] == counts.get("rows_read", 0) + counts.get("rows_reported", 0)
    for offer in offers(result):
        assert offer.evidence
        for each in offer.evidence:
            assert quote_at(capture("labels"), body.encode(), each) == each.quote
    return offers(result)


def one(header: str, row: str) -> Offer:
    (offer,) = held(f"{header}\n{row}\n")
    return offer


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("DL Mbps", "down"),
        ("typicaldownloadspeedmbps", "down"),
        ("Max Download Speed", "down"),
        ("UL_SPEED_KBPS", "up"),
        ("Speed (Down/Up)", "speed"),
        ("Ping (ms)", "latency"),
        ("MRC", "price"),
        ("Rate (monthly)", "price"),
        ("Package Price", "price"),
        ("pricing_intro_months", "intro_months"),
        ("Promo Price", "intro_price"),
        ("Promo Rate Duration (months)", "intro_months"),
        ("Price After Promo Ends", "after_price"),
        ("Monthly Cost After Intro Period", "after_price"),
        ("Contract length in years", "contract_months"),
        ("Agreement Term (Months)", "contract_months"),
        ("Internet Package", "plan"),
        ("Cancellation Fee", "termination"),
        ("Customer Type", "segment"),
        ("Service Area", "place"),
        ("ZIP", "zip"),
        ("Network Management Policy", ""),
        ("Overage Charge", ""),
        ("price_notes", None),
        ("download_speed_description", None),
        ("monthly_price_includes_equipment", None),
        ("Installation window", None),
        ("plan_price_history_of_last_year_2024", None),
    ],
)
def test_what_a_name_means(name: str, slot: str | None) -> None:
    assert slot_of(name) == slot


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Download Speed (kbps)", "kbps"), ("downloadGbps", "Gbps"), ("Down Mb/s", "Mbps"), ("Download", None)],
)
def test_the_unit_in_a_name(name: str, unit: str | None) -> None:
    assert unit_in(name) == unit


@pytest.mark.parametrize(
    ("names", "cells", "slots"),
    [
        ("Package;Speed;Rate", "Basic;100/20 Mbps;49.99", {"down_mbps": 100, "up_mbps": 20}),
        ("Package;Speed;Rate", "Basic;1 Gig x 50 Meg;49.99", {"down_mbps": 1000, "up_mbps": 50}),
        ("Package;Speed;Rate", "Basic;500 Mbps symmetrical;49.99", {"down_mbps": 500, "up_mbps": 500}),
        ("Package;Speed (Up/Down);Rate", "Basic;20/100;49.99", {"down_mbps": 100, "up_mbps": 20}),
        ("Package;Speed;Rate", "Basic;100 Mb/s;49.99", {"down_mbps": 100, "up_mbps": None}),
        ("Package;Download;Upload;Rate", "Basic;100/20;;49.99", {"down_mbps": 100, "up_mbps": 20}),
        ("Package;Download Gbps;Upload Gbps;Rate", "Basic;1;0.5;49.99", {"down_mbps": 1000, "up_mbps": 500}),
        ("Package;Download;Download Unit;Rate", "Basic;2;Gbps;49.99", {"down_mbps": 2000}),
        ("Package;Download;Contract Term (Years);Rate", "Basic;50;2;49.99", {"contract_months": 24}),
        ("Package;Download;Promo Rate;Promo Months;Regular Rate", "A;50;30.00;6;45.00",
         {"promo_cents": 3000, "promo_months": 6, "monthly_cents": 4500}),
        ("Package;Download;Monthly Price;Regular Price;Promo", "A;50;30.00;45.00;Yes",
         {"promo_cents": 3000, "monthly_cents": 4500}),
        ("Package;Download;Technology Code;Rate", "A;50;40;45.00", {"technology": "hfc"}),
        ("Package;Download;Customer Type;Rate", "A;50;Business;45.00", {"segment": "business"}),
        ("Package;Download;Rate", "A;50;€49,90", {"monthly_cents": 4990, "currency": "EUR"}),
        ("Minimum Download;Typical Download;Package;Rate", "10;50;A;45.00", {"down_mbps": 50}),
    ],
)  # fmt: skip
def test_columns_of_other_providers(names: str, cells: str, slots: dict[str, Any]) -> None:
    offer = one(names, cells)
    assert {name: getattr(offer, name) for name in slots} == slots


@pytest.mark.parametrize(
    ("cell", "fees"),
    [
        ("Activation 10.00; Install 50.00", [("Activation", 1000), ("Install", 5000)]),
        ("Activation 10.00, Install 50.00", [("Activation", 1000), ("Install", 5000)]),
        ("Activation ($10); Install - $50", [("Activation", 1000), ("Install", 5000)]),
        ("$10.00 Activation; Install: waived", [("Activation", 1000), ("Install", None)]),
        ("Activation=10|Install=50", [("Activation", 1000), ("Install", 5000)]),
    ],
)
def test_fees_packed_with_their_names(cell: str, fees: list[tuple[str, int | None]]) -> None:
    offer = one("Package\tDownload\tRate\tOne-time fees", f"A\t50\t45.00\t{cell}")
    assert [(fee.name, fee.cents) for fee in offer.one_time_fees] == fees


def test_pairs_of_columns_that_repeat() -> None:
    offer = one(
        "Plan,Download,Price,Monthly Fee Name,Monthly Fee,Monthly Fee Name,Monthly Fee",
        "A,50,45.00,Modem,10.00,Static IP,5.00",
    )
    assert [(fee.name, fee.cents) for fee in offer.monthly_fees] == [("Modem", 1000), ("Static IP", 500)]


def test_a_technology_cell_of_several_is_an_offer_each() -> None:
    found = held("Plan,Technology,Download,Price\nHome 100,Fiber; DSL,100,45.00\n")
    assert [(o.technology, o.technology_raw, o.down_mbps, o.monthly_cents) for o in found] == [
        ("fiber", "Fiber", 100, 4500),
        ("dsl", "DSL", 100, 4500),
    ]


@pytest.mark.parametrize(
    ("names", "cells", "market"),
    [
        ("City|State", "Walhalla|SC", ("Walhalla, SC",)),
        ("County|State", "Oconee|SC", ("Oconee County, SC",)),
        ("State", "SC; NC", ("SC", "NC")),
        ("Zip Code", "29691, 29696-1234; 2965", ("29691", "29696", "02965")),
        ("Market", "Upstate", ("Upstate",)),
        ("Market", "Nationwide", ("US",)),
        ("Market", "", ("US",)),
    ],
)
def test_places_of_the_file(names: str, cells: str, market: tuple[str, ...]) -> None:
    assert one(f"Plan|Download|Price|{names}", f"A|50|45.00|{cells}").market == market


def test_labels_that_give_each_value_a_line() -> None:
    body = (
        "Field,Value\nProvider Name,Larch Telephone\nPlan Name,Larch 100\nMonthly Price,$44.99\n"
        "Introductory Rate,No\nActivation Fee,25.00\nTypical Download Speed,110 Mbps\nNote,as of June\n\n"
        "Field,Value\nProvider Name,Larch Telephone\nPlan Name,Larch 900\nMonthly Price,$84.99\n"
        "Typical Download Speed,0.9 Gbps\n"
    )
    found = held(body)
    assert [(o.plan_name, o.monthly_cents, o.down_mbps, o.source_row) for o in found] == [
        ("Larch 100", 4499, 110, 2),
        ("Larch 900", 8499, 900, 11),
    ]
    assert [(fee.name, fee.cents) for fee in found[0].one_time_fees] == [("activation", 2500)]
    price = next(each for each in found[1].evidence if each.slot == "monthly_cents")
    assert price.where.model_dump() == {"at": "cell", "row": 13, "column": "Value", "sheet": ""}


@pytest.mark.parametrize("corner", ["", "Plan", "Plan Name", "Label element"])
def test_plans_as_columns(corner: str) -> None:
    body = (
        f"{corner};Larch 100;Larch 900\nMonthly price;44,99;84,99\nDownload speed (Mbps);110;900\n"
        "Upload speed (Mbps);20;850\nContract;No;12 months\n"
    )
    assert [
        (o.plan_name, o.monthly_cents, o.down_mbps, o.up_mbps, o.contract_months) for o in held(body)
    ] == [("Larch 100", 4499, 110, 20, 0), ("Larch 900", 8499, 900, 850, 12)]


def test_a_unit_beside_the_value() -> None:
    body = (
        "Field,Value,Unit,Notes\nPlan Name,Larch 100,,\nMonthly Price,44.99,USD,before taxes\n"
        "Download Speed,0.1,Gbps,typical\nUpload Speed,20,Mbps,typical\nLatency,12,ms,\n"
    )
    (offer,) = held(body)
    assert (offer.monthly_cents, offer.down_mbps, offer.up_mbps, offer.latency_ms) == (4499, 100, 20, 12)


def test_a_header_of_two_lines() -> None:
    body = "Plan,Price,Speeds,,Fees\n,Monthly,Download,Upload,\nLarch 100,44.99,110,20,0\n"
    (offer,) = held(body)
    assert (offer.monthly_cents, offer.down_mbps, offer.up_mbps) == (4499, 110, 20)


def test_plan_identifiers_under_an_unknown_name() -> None:
    offer = one("Label ref,Plan,Download,Price", "F0001234567LARCH0000000100,Larch 100,110,44.99")
    assert offer.plan_id == offer.plan_key == "F0001234567LARCH0000000100"


@pytest.mark.parametrize(
    ("price", "read_as", "code"),
    [
        ("$0", 0, "label-price-zero"),
        ("FREE", None, "row-unreadable"),
        ("see store", None, "row-unreadable"),
        ("$5/GB", None, "row-unreadable"),
        ("45.00 - 60.00", None, "row-unreadable"),
        ("1.299", None, "row-unreadable"),
        ("£30", 3000, "label-currency"),
    ],
)
def test_prices_that_need_a_second_look(price: str, read_as: int | None, code: str) -> None:
    result = read("labels", f"Plan;Download;Price\nA;50;{price}\n")
    assert [offer.monthly_cents for offer in offers(result)] == ([] if read_as is None else [read_as])
    assert code in [issue.code for issue in result.issues]


def test_a_file_of_decimal_commas() -> None:
    found = held("Plan;Price;Download;Upload\nA;1.049,50;1.000;0,5\nB;49,9;250;20\n")
    assert [(o.monthly_cents, o.down_mbps, o.up_mbps) for o in found] == [
        (104950, 1000, 0.5),
        (4990, 250, 20),
    ]


NAMES = ["Plan", "Provider", "Monthly Price", "Download Speed", "Upload Speed", "Contract", "Technology"]
WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=16)
CELLS = st.one_of(WORDS, st.sampled_from(["45.00", "100", "Fiber; DSL", "100/20", "No", "Plan", "12 months"]))


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=6), st.permutations(NAMES))
def test_rows_in_are_rows_read_and_rows_reported(rows: list[list[str]], names: list[str]) -> None:
    result = read("labels", _written([names, *rows]))
    counts = result.reading.counts
    filled = sum(any(cell.strip(" \t\r\n\x00") for cell in row) for row in rows)
    assert "reader-failed" not in [issue.code for issue in result.issues]
    assert counts.get("rows", 0) == counts.get("rows_read", 0) + counts.get("rows_reported", 0)
    # A line break in a cell can end in a row of its own where a quote is lost; none is lost altogether.
    assert counts.get("rows", 0) >= min(filled, 1)
    assert len({offer.id for offer in offers(result)}) == len(offers(result))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=14))
def test_any_table_is_read_without_an_error(rows: list[list[str]]) -> None:
    names = [*NAMES, *NAMES][: len(rows)]
    result = read("labels", _written([[name, *row] for name, row in zip(names, rows, strict=True)]))
    assert "reader-failed" not in [issue.code for issue in result.issues]
    for offer in offers(result):
        assert offer.monthly_cents is None or offer.price_raw


def test_columns_of_terms_and_of_segments_are_offers_each() -> None:
    by_term = held(
        "Plan Name,Download Speed,Month to Month,12 Months,24 Months\nA,100,60,50,45\nB,500,90,80,Call\n"
    )
    assert [(o.plan_name, o.contract_months, o.monthly_cents, o.quote_only) for o in by_term] == [
        ("A", 0, 6000, False),
        ("A", 12, 5000, False),
        ("A", 24, 4500, False),
        ("B", 0, 9000, False),
        ("B", 12, 8000, False),
        ("B", 24, None, True),
    ]
    assert len({offer.id for offer in by_term}) == len({offer.plan_key for offer in by_term}) == 6
    by_segment = held("Plan,Speed,Residential,Business\nA,100 Mbps,$50,$80\nB,500 Mbps,$70,\n")
    assert [(o.plan_name, o.segment, o.down_mbps, o.monthly_cents) for o in by_segment] == [
        ("A", "residential", 100, 5000),
        ("A", "business", 100, 8000),
        ("B", "residential", 500, 7000),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Plan,Speed,12 Months,24 Months\nA,100 Mbps,600,1200\n",
        "Plan,Speed,12 Months,24 Months\nA,100 Mbps,yes,no\n",
    ],
)
def test_columns_that_are_no_monthly_prices_are_not_read(body: str) -> None:
    result = read("labels", body)
    assert offers(result) == []
    assert result.issues
