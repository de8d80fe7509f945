"""Price lists in PDF and in the tables of a page: offers by column, section and term; the rest is named."""

from __future__ import annotations

import io
import random
import time
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from crawlers.readers import ReadResult, pdftext
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import capture, read
from tests.crawlers.readers.paper import drawn, lines

RATES = [
    ["Larch Telephone price list"],
    ["Residential Internet"],
    ["Plan", "Download/Upload", "Monthly Rate", "Installation Fee"],
    ["Fiber 100", "100/100 Mbps", "$49.95", "$50.00"],
    ["Fiber Gig", "1 Gbps/500 Mbps", "$89.95", "Waived"],
    ["Home Phone", "", "$20.00"],
    ["Router rental", "", "$5.00"],
    ["Business Internet"],
    ["Copper 25", "25/3 Mbps", "$99.95", "$150.00"],
]
TERMS = [
    ["Dedicated Internet Access rate card"],
    ["", "Month to", "1 Year", "3 Year"],
    ["Bandwidth", "Month", "Term", "Term"],
    ["50 Mbps", "$600.00", "$500.00", "$450.00"],
    ["1 Gbps", "$1,800.00", "$1,700.00", "ICB"],
]


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def held(body: bytes) -> ReadResult:
    result = read("offers", body)
    for offer in offers(result):
        assert offer.evidence
        assert offer.source_row is None
        for each in offer.evidence:
            assert quote_at(capture("offers"), body, each) == each.quote
    return result


def codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


def test_rows_below_a_header_by_section() -> None:
    result = held(drawn(lines(RATES)))
    found = offers(result)
    assert [
        (o.plan_name, o.segment, o.technology, o.down_mbps, o.up_mbps, o.monthly_cents) for o in found
    ] == [
        ("Fiber 100", "residential", "fiber", 100, 100, 4995),
        ("Fiber Gig", "residential", "fiber", 1000, 500, 8995),
        ("Copper 25", "business", "dsl", 25, 3, 9995),
    ]
    assert [(fee.name, fee.cents) for fee in found[0].one_time_fees] == [("installation", 5000)]
    assert result.reading.counts["other_products"] == 2
    price = next(each for each in found[0].evidence if each.slot == "monthly_cents")
    assert price.quote == "Fiber 100 100/100 Mbps $49.95 $50.00"
    assert price.where.model_dump() == {"at": "page", "page": 1, "line": 4}


def test_columns_of_terms_are_offers_each() -> None:
    found = offers(held(drawn(lines(TERMS))))
    assert [(o.plan_name, o.down_mbps, o.contract_months, o.monthly_cents, o.quote_only) for o in found] == [
        ("50 Mbps", 50, 0, 60000, False),
        ("50 Mbps", 50, 12, 50000, False),
        ("50 Mbps", 50, 36, 45000, False),
        ("1 Gbps", 1000, 0, 180000, False),
        ("1 Gbps", 1000, 12, 170000, False),
        ("1 Gbps", 1000, 36, None, True),
    ]
    assert len({offer.plan_key for offer in found}) == 6
    assert {offer.segment for offer in found} == {"business"}


def test_a_header_holds_on_the_next_page() -> None:
    more = [["Fiber 2500", "2.5 Gbps/2.5 Gbps", "$129.95", "$50.00"]]
    found = offers(held(drawn(lines(RATES[:4]), lines(more))))
    assert [(o.plan_name, o.down_mbps, o.monthly_cents) for o in found] == [
        ("Fiber 100", 100, 4995),
        ("Fiber 2500", 2500, 12995),
    ]
    pages = {each.slot: each.where.model_dump()["page"] for each in found[1].evidence}
    # The heading of its section stands on the page before.
    assert pages.pop("segment") == 1
    assert set(pages.values()) == {2}


def test_lines_without_a_header() -> None:
    rows = [["Internet, monthly prices"], ["Starter", "25/3 Mbps", "$39.95"], ["TV Basic", "", "$30.00"]]
    result = held(drawn(lines(rows)))
    assert [(o.plan_name, o.down_mbps, o.up_mbps, o.monthly_cents) for o in offers(result)] == [
        ("Starter", 25, 3, 3995)
    ]
    (issue,) = result.issues
    assert (issue.code, issue.data["part"], issue.data["lines"]) == ("tariff-unread", "page 1", [3])


def test_a_label_on_paper() -> None:
    rows = [
        ["Broadband Facts"],
        ["Plan Name", "Larch 100"],
        ["Monthly Price", "$44.99"],
        ["Provider Monthly Fees"],
        ["Typical Download Speed", "110 Mbps"],
        ["Typical Upload Speed", "20 Mbps"],
    ]
    found = offers(held(drawn(lines(rows, (50, 300)))))
    assert [(o.plan_name, o.monthly_cents, o.down_mbps, o.up_mbps) for o in found] == [
        ("Larch 100", 4499, 110, 20)
    ]


def test_amounts_in_no_table_are_named_with_their_page_and_lines() -> None:
    prose = [["Fiber 100 costs $49.95 and Fiber 500 (500 Mbps) costs $69.95 a month."]]
    result = held(drawn(lines([["Nothing here"]]), lines(prose)))
    assert offers(result) == []
    (issue,) = result.issues
    assert (issue.code, issue.level) == ("tariff-unread", "warning")
    assert issue.message.startswith("Page 2:")
    assert issue.data["lines"] == [1]


def test_a_page_whose_table_has_fees_beside_prices() -> None:
    body = (
        b"<html><body><h1>Internet tariff</h1><h2>Residential Broadband</h2><table><tr><th>Service</th>"
        b"<th>Download</th><th>Monthly Recurring Charge</th><th>Nonrecurring Charge</th></tr>"
        b"<tr><td>Fiber Basic</td><td>50 Mbps</td><td>$45.00</td><td>$75.00</td></tr>"
        b"<tr><td>Fiber Max</td><td>1,000 Mbps</td><td>$95.00</td><td>$75.00</td></tr></table>"
        b"<h2>Telephone</h2><table><tr><th>Service</th><th>Monthly Rate</th></tr>"
        b"<tr><td>One-party line</td><td>$22.50</td></tr></table></body></html>"
    )
    found = offers(held(body))
    assert [(o.plan_name, o.segment, o.down_mbps, o.monthly_cents) for o in found] == [
        ("Fiber Basic", "residential", 50, 4500),
        ("Fiber Max", "residential", 1000, 9500),
    ]


def locked(user: str) -> bytes:
    out = io.BytesIO()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn(lines(RATES)))))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert len(offers(held(locked("")))) == 3


GOOD = drawn(lines(RATES))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.7", "pdf-broken"),
        (GOOD[:300], "pdf-broken"),
        (GOOD.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "pdf-broken"),
        (locked("secret"), "pdf-locked"),
        (drawn(b""), "pdf-no-text"),
        (drawn(b"q " * 900_000, packed=True), "pdf-page-too-large"),
        (drawn(b"BT /F1 9 Tf " + b"[(a)-2(b)3($5)]TJ " * 20_000 + b"ET"), "pdf-page-too-large"),
        (drawn(b" " * 90_000_000, packed=True), "pdf-page-broken"),
    ],
    ids=["head", "cut", "loop", "locked", "picture", "large", "laborious", "bomb"],
)
def test_bad_pdfs(body: bytes, code: str) -> None:
    start = time.monotonic()
    result = read("offers", body)
    assert offers(result) == []
    assert code in codes(result)
    assert time.monotonic() - start < 10


def test_a_long_pdf_is_read_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdftext, "MAX_PAGES", 2)
    result = held(drawn(*[lines(RATES)] * 5))
    assert len(offers(result)) == 6
    assert "pdf-too-long" in codes(result)


def test_bytes_changed_at_random_never_fail_the_reader() -> None:
    chance = random.Random(11)
    for _ in range(150):
        body = bytearray(GOOD)
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(9, len(body))
            if chance.random() < 0.6:
                body[at] = chance.randrange(256)
            else:
                del body[at : at + chance.randint(1, 30)]
        result = read("offers", bytes(body))
        assert "reader-failed" not in codes(result)
        assert offers(result) or result.issues


@pytest.mark.parametrize(
    ("price", "slots"),
    [
        ("$0", {"monthly_cents": 0}),
        ("FREE", None),
        ("Call", {"monthly_cents": None, "quote_only": True}),
        ("$40 - $60", None),
        ("from $49", {"monthly_cents": 4900}),
        ("CA$49.95", {"monthly_cents": 4995, "currency": "CAD"}),
    ],
)
def test_prices_that_need_a_second_look(price: str, slots: dict[str, Any] | None) -> None:
    rows = [["Plan", "Download", "Monthly Rate"], ["Fiber 100", "100 Mbps", price]]
    result = held(drawn(lines(rows)))
    if slots is None:
        assert offers(result) == []
        assert codes(result) == ["row-unreadable"]
        assert result.issues[0].message.startswith("Page 1, line 2 was not read")
    else:
        (offer,) = offers(result)
        assert {name: getattr(offer, name) for name in slots} == slots


@pytest.mark.parametrize("corner", ["Internet", "Speed", "Plan"])
def test_columns_for_homes_and_businesses_are_offers_each(corner: str) -> None:
    rows = [
        [corner, "Residential", "Business"],
        ["100 Mbps", "$49.95", "$79.95"],
        ["500 Mbps", "$69.95", "$129.95"],
    ]
    found = offers(held(drawn(lines(rows))))
    assert [(o.plan_name, o.segment, o.down_mbps, o.monthly_cents) for o in found] == [
        ("100 Mbps", "residential", 100, 4995),
        ("100 Mbps", "business", 100, 7995),
        ("500 Mbps", "residential", 500, 6995),
        ("500 Mbps", "business", 500, 12995),
    ]
    assert len({offer.plan_key for offer in found}) == 4


def test_bundles_in_a_price_list_are_marked() -> None:
    rows = [
        ["Plan", "Download", "Monthly Rate"],
        ["Fiber 100", "100 Mbps", "$49.95"],
        ["Internet + TV", "100 Mbps", "$99.95"],
        ["Triple Play", "300 Mbps", "$149.95"],
    ]
    found = offers(held(drawn(lines(rows))))
    assert [(o.plan_key, o.bundled_with) for o in found] == [
        ("fiber-100", ()),
        ("internet-tv~tv", ("tv",)),
        ("triple-play~tv-phone", ("tv", "phone")),
    ]
