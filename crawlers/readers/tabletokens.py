"""Figures in a table whose unit stands in the header only: "25/5" below "Mbps", "39.95" below "Monthly"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawlers.readers.grid import read_grid
from crawlers.readers.pricetokens import BARE_FIGURE
from crawlers.readers.tokens import Price, Speed
from crawlers.readers.visible import Flat, words
from market.units import decimal, speed_factor, to_cents

_UNIT = re.compile(r"\b(?P<unit>[kmg](?:bps|b/s|bit/s|bits?))\b", re.IGNORECASE)
_SPEED = re.compile(r"(?P<low>\d[\d,]*(?:\.\d+)?)(?:\s*[/x×]\s*(?P<high>\d[\d,]*(?:\.\d+)?))?", re.IGNORECASE)
_DOLLARS = re.compile(r"\$|\bUSD\b|\bdollars\b")
_AMOUNT_IN_LABEL = re.compile(r"[$€£]\s*\d")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d{2})?")


def table_tokens(root: HtmlElement, flat: Flat) -> Iterator[Price | Speed]:
    """Yield the prices and speeds of cells that hold a bare figure, by the label above or beside them."""
    for table in root.iter("table"):
        grid = read_grid(table)
        if grid is None:
            continue
        header = grid.rows[0]
        seen: set[HtmlElement] = set()
        for row in grid.rows[1:]:
            for at, cell in enumerate(row):
                if cell in seen or cell not in flat.spans:
                    continue
                seen.add(cell)
                labels = [header[at]] if len(header) == len(row) else []
                labels.extend([row[0]] if at else [])
                for label in labels:
                    token = _token(flat, cell, label)
                    if token is not None:
                        yield token
                        break


def _token(flat: Flat, cell: HtmlElement, label: HtmlElement) -> Price | Speed | None:
    low, high = flat.spans[cell]
    raw = flat.text[low:high]
    figure = raw.strip(" \n*")
    if not figure or not figure[0].isdigit():
        return None
    start = low + raw.index(figure[0])
    span = (start, start + len(figure))
    begin, end = flat.spans.get(label, (0, 0))
    name = flat.text[begin:end]
    patterns = words()["patterns"]
    if _AMOUNT_IN_LABEL.search(name):
        # "Basic $70/mo" above a column names a plan; what stands below is no price.
        return None
    unit, speed = _UNIT.search(name), _SPEED.fullmatch(figure)
    if unit and speed:
        first = decimal(speed["low"])
        second = decimal(speed["high"]) if speed["high"] else None
        if not first or (speed["high"] and not second):
            return None
        factor = speed_factor(unit["unit"])
        down, up = float(first * factor), float(second * factor) if second else None
        if (
            up is None
            and patterns["direction_up"].search(name)
            and not patterns["direction_down"].search(name)
        ):
            return Speed(*span, None, down)
        return Speed(*span, down, up)
    priced = patterns["price_label"].search(name) and not unit
    if priced and _AMOUNT.fullmatch(figure) and ("." in figure or _DOLLARS.search(name)):
        cents = to_cents(figure)
        if cents:
            return Price(*span, cents, "main", True, None, rule=BARE_FIGURE)
    return None
