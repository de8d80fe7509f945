"""A source of plans, whatever it serves: a page of plans, tables of prices, or a price list in PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from lxml.html import HtmlElement

from crawlers.readers import offers
from crawlers.readers.labelfile import table_rows
from crawlers.readers.labels import with_own_ids
from crawlers.readers.offers import PlanPage
from crawlers.readers.page import Page, Trouble
from crawlers.readers.pdftext import is_pdf, read_pdf
from crawlers.readers.tariff import Tariff, read_parts
from crawlers.readers.tariffgrid import Cellule
from crawlers.readers.tariffparts import Line, Part, pdf_parts
from crawlers.readers.visible import css_path, visible_text
from market.records import Capture, CssPath, Source

_UNCLEAR = "offer-unclear"
_TABLE = re.compile(rb"<\0?t\0?a\0?b\0?l\0?e", re.IGNORECASE)
"""In UTF-16 too. Most pages have no table."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "caption")


def read_offers(capture: Capture, body: bytes, source: Source, now: datetime) -> PlanPage:
    """Read a plan page, or the price list served in its place; `now` is not used."""
    if is_pdf(body):
        return _read_pdf(capture, body, source)
    html = Page(body)
    page = offers.read_page(html, capture, source)
    unclear = [str(trouble.data.get("css", "")) for trouble in page.troubles if trouble.code == _UNCLEAR]
    plans = page.plans
    if (plans and not unclear) or _TABLE.search(body) is None:
        return page
    # What stands above a plan may tell whom it is for; its own words are in the table it is read from.
    taken = [
        each.where.path
        for offer in plans
        for each in offer.evidence
        if isinstance(each.where, CssPath) and each.slot not in ("segment", "technology")
    ]

    def is_wanted(path: str) -> bool:
        read = any(inside(each, path) for each in taken)
        return not read and (not plans or any(inside(each, path) for each in unclear))

    wanted = list(html_parts(html, is_wanted))
    tariff = read_parts([part for _, part in wanted], capture, source, offers.VERSION)
    return _with_tables(page, tariff, [path for path, _ in wanted]) if tariff.offers else page


def inside(path: str, table: str) -> bool:
    """Say whether an element's CSS path leads into a table's."""
    return path == table or path.startswith(f"{table} > ")


def _with_tables(page: PlanPage, tariff: Tariff, tables: list[str]) -> PlanPage:
    """Add what a page's tables of prices gave to what its cards did, in place of their unclear lines."""
    kept = [
        trouble
        for trouble in page.troubles
        if trouble.code != "offers-empty"
        and not any(inside(str(trouble.data.get("css", "")), table) for table in tables)
    ]
    both = PlanPage(
        list(with_own_ids([*page.offers, *tariff.offers])),
        [*kept, *tariff.troubles],
        page.counts + tariff.counts,
        page.steps,
    )
    both.counts["offers"] = len(both.offers)
    return both


def _read_pdf(capture: Capture, body: bytes, source: Source) -> PlanPage:
    pdf = read_pdf(body)
    tariff = read_parts(list(pdf_parts(pdf.pages)), capture, source, offers.VERSION)
    page = PlanPage(list(with_own_ids(tariff.offers)), [*pdf.troubles, *tariff.troubles], tariff.counts)
    page.counts["offers"] = len(page.offers)
    if not page.offers and not page.troubles:
        page.troubles.append(
            Trouble(
                "offers-empty",
                f"None of the PDF's {len(pdf.pages)} pages holds a table of internet plans with prices. "
                "Point the source at the price list.",
            )
        )
    return page


def html_parts(page: Page, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, Part]]:
    """Yield the tables of a page whose CSS path is wanted as parts of a price list, each with that path; so
    have the cells.
    """
    if page.tree is None:
        return
    heading: HtmlElement | None = None
    number = 0
    for element in page.tree.iter("table", *_HEADINGS):
        if element.tag != "table":
            heading = element
            continue
        number += 1
        path = css_path(element)
        if not is_wanted(path):
            continue
        lines = [] if heading is None else [_heading_line(heading)]
        for row in table_rows(element, 0):
            filled = [(at, cell) for at, cell in enumerate(row.cells) if cell.strip()]
            cells = tuple(Cellule(text, 10 * at, 10 * at + 9) for at, text in filled)
            proofs = tuple(proof for at, _ in filled if (proof := (row.proofs or ())[at]) is not None)
            lines.append(Line(row.line, cells, proofs))
        if len(lines) > 1:
            yield path, Part(f"table {number}", tuple(lines))


def _heading_line(heading: HtmlElement) -> Line:
    words = visible_text(heading)
    return Line(0, (Cellule(words, 0, 9),), ((words, CssPath(path=css_path(heading))),))
