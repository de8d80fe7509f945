"""Label files in XLSX, and what bad workbooks get."""

from __future__ import annotations

import datetime
import io
import random
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from crawlers.readers import ReadResult, workbook
from crawlers.readers.quote import quote_at
from market.records import Offer
from tests.crawlers.readers.build import capture, read

HEADER = ["Plan", "Monthly Price", "Download Speed (Mbps)", "Upload Speed (Mbps)", "Updated"]
DAY = datetime.date(2026, 11, 1)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *(rows or (["Larch 100", 44.99, 110, 20.5, DAY],))):
        book.active.append(row)
    return saved(book)


def offers(result: ReadResult) -> list[Offer]:
    return [record for record in result.records if isinstance(record, Offer)]


def held(body: bytes) -> ReadResult:
    result = read("labels", body)
    for offer in offers(result):
        assert offer.evidence
        for each in offer.evidence:
            assert quote_at(capture("labels"), body, each) == each.quote
    return result


def codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


def test_numbers_and_days_are_read_as_they_are_shown() -> None:
    (offer,) = offers(held(plain()))
    assert (offer.plan_name, offer.monthly_cents, offer.down_mbps, offer.up_mbps) == (
        "Larch 100",
        4499,
        110,
        20.5,
    )
    price = next(each for each in offer.evidence if each.slot == "monthly_cents")
    assert price.quote == "44.99"
    assert price.where.model_dump() == {"at": "cell", "row": 2, "column": "Monthly Price", "sheet": "Sheet"}


def test_a_speed_that_became_a_day_is_reported() -> None:
    result = held(plain(["Larch 100", 44.99, datetime.date(2026, 5, 10), 20, DAY]))
    assert [offer.down_mbps for offer in offers(result)] == [None]
    assert codes(result) == ["cell-unreadable", "column-unknown"] or codes(result) == ["cell-unreadable"]


def test_sheets_merged_cells_and_a_header_further_down() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Homes"
    sheet["A1"] = "Larch Telephone broadband labels"
    sheet.merge_cells("A1:E1")
    for cell, value in {
        "A3": "Provider",
        "B3": "Plan",
        "C3": "Monthly Price",
        "D3": "Typical Speeds",
    }.items():
        sheet[cell] = value
    sheet.merge_cells("D3:E3")
    sheet["D4"], sheet["E4"] = "Download (Mbps)", "Upload (Mbps)"
    sheet["A5"] = "Larch Telephone"
    sheet.merge_cells("A5:A6")
    for line, (plan, price, down, up) in enumerate(
        [("Larch 100", 44.99, 110, 20), ("Larch 900", 85, 900, 850)], 5
    ):
        (
            sheet.cell(line, 2, plan),
            sheet.cell(line, 3, price),
            sheet.cell(line, 4, down),
            sheet.cell(line, 5, up),
        )
    firms = book.create_sheet("Firms")
    for row in (["", "Biz 200", "Biz 500"], ["Monthly Price", 99, 199], ["Download Speed", 200, 500]):
        firms.append(row)
    book.create_sheet("Read me").append(["Questions? Call us."])
    old = book.create_sheet("Last year")
    old.append(["Plan", "Price", "Download"])
    old.append(["Larch 50", 30, 50])
    old.sheet_state = "hidden"
    result = held(saved(book))
    assert [
        (o.plan_name, o.provider_raw, o.monthly_cents, o.down_mbps, o.up_mbps) for o in offers(result)
    ] == [
        ("Larch 100", "Larch Telephone", 4499, 110, 20),
        ("Larch 900", "Larch Telephone", 8500, 900, 850),
        ("Biz 200", "", 9900, 200, None),
        ("Biz 500", "", 19900, 500, None),
    ]
    told = {issue.code: issue.message for issue in result.issues}
    assert "'Last year'" in told["sheets-hidden"]
    assert "'Read me'" in told["sheets-passed"]


def test_a_formula_without_its_result_is_told_and_no_price_is_made_up() -> None:
    result = held(plain(["Larch 100", "=B9*2", 110, 20, DAY]))
    assert offers(result) == []
    assert {"xlsx-formulas", "row-unreadable"} <= set(codes(result))


def repacked(change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> bytes:
    """Return the plain workbook with its parts changed; a part of None is left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in more:
            new.writestr(name, data)
    return out.getvalue()


def sheet_of(inside: bytes) -> bytes:
    """Return the plain workbook with `inside` for its rows."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    whole = head + inside + b"</sheetData></worksheet>"
    return repacked(lambda name, data: whole if name.endswith("sheet1.xml") else data)


ENTITIES = (
    b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c>'
    b"</row></sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (lambda: plain()[:1500], "xlsx-broken"),
        (lambda: b"PK\x03\x04" + bytes(64), "xlsx-broken"),
        (lambda: repacked(lambda name, data: data[:90] if "sheet1" in name else data), "xlsx-broken"),
        (lambda: repacked(lambda name, data: None if name == "xl/workbook.xml" else data), "xlsx-broken"),
        (lambda: repacked(lambda name, data: ENTITIES if "sheet1" in name else data), "xlsx-broken"),
        (lambda: repacked(lambda name, data: data, ("../../etc/cron.d/x", b"x")), "xlsx-unsafe"),
        (lambda: repacked(lambda name, data: data, ("C:\\x", b"x")), "xlsx-unsafe"),
        (lambda: repacked(lambda name, data: None if name.startswith("xl/") else data), "labels-format"),
        (lambda: sheet_of(b'<row r="1"><c><v>1</v></c></row><row r="999999999"><c><v>1</v></c></row>'),
         "labels-no-header"),
    ],
)  # fmt: skip
def test_bad_workbooks(body: Callable[[], bytes], code: str) -> None:
    result = read("labels", body())
    assert (result.reading.outcome, codes(result), offers(result)) == ("failed", [code], [])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    result = read("labels", sheet_of(b" " * 2_000_000))
    assert (codes(result), offers(result)) == (["xlsx-too-large"], [])


def test_five_million_cells_are_refused_within_seconds() -> None:
    body = sheet_of(b"".join(b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>" for _ in range(100_000)))
    start = time.monotonic()
    result = read("labels", body)
    assert (codes(result), offers(result)) == (["xlsx-too-large"], [])
    assert time.monotonic() - start < 20


def test_bytes_changed_at_random_never_fail_the_reader() -> None:
    chance, good = random.Random(7), plain()
    for _ in range(150):
        body = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            body[chance.randrange(4, len(body))] = chance.randrange(256)
        result = read("labels", bytes(body))
        assert "reader-failed" not in codes(result)
        assert offers(result) or result.issues
