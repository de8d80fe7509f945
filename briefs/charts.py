"""Small charts of a plan's price over time: one picture for the mail, the sheet and the web app."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import vl_convert

from briefs.changes import entry_price
from briefs.wording import monthly
from market.ids import digest
from market.records import Chart, ChartPoint, Offer

Points = tuple[tuple[str, int], ...]
"""(ISO date, cents), oldest first; a price holds until the next point."""
WIDTH, HEIGHT = 240, 96
"""CSS pixels at which a chart is shown."""
_SCALE = 2
"""Pixels a CSS pixel: mails are read on screens of high density."""
_KEPT = 512
_MOST = 12
"""Points of one chart, the latest."""
_ABOVE, _BELOW = -9, 13
"""CSS pixels between a price and its figure."""


def price_chart(title: str, history: Sequence[Offer], zone: tzinfo) -> Chart | None:
    """Return the chart of what a new customer paid, from a plan's terms in order of time.

    None when that never moved. Terms whose price no page's words prove are left out.
    """
    points: list[ChartPoint] = []
    for offer in history:
        slot, cents = entry_price(offer)
        proof = next((item for item in offer.evidence if item.slot == slot), None)
        if cents is None or proof is None or (points and points[-1].cents == cents):
            continue
        on = offer.observed_at.astimezone(zone).date().isoformat()
        points.append(ChartPoint(on=on, cents=cents, evidence=proof))
    return Chart(title=title, points=tuple(points[-_MOST:])) if len(points) > 1 else None


def points_of(chart: Chart) -> Points:
    """Return a chart's points without their proofs."""
    return tuple((point.on, point.cents) for point in chart.points)


def chart_id(points: Points) -> str:
    """Return a name that equal charts share; used as the picture's Content-ID."""
    return "chart-" + digest(*(f"{day} {cents}" for day, cents in points))[:16]


def chart_words(points: Points) -> str:
    """Return the chart in words, for readers without pictures: "$59.99 from 2026-11-02, $64.99 from ..."."""
    return ", ".join(f"{monthly(cents)} from {day}" for day, cents in points)


@lru_cache(maxsize=_KEPT)
def chart_png(points: Points) -> bytes:
    """Return the chart as a PNG of twice `WIDTH` by `HEIGHT` pixels."""
    png: bytes = vl_convert.vegalite_to_png(_drawing(points), scale=_SCALE)
    return png


def data_url(points: Points) -> str:
    """Return the picture as a data URL, for pages that stand alone."""
    return "data:image/png;base64," + base64.b64encode(chart_png(points)).decode("ascii")


@cache
def _template() -> dict[str, Any]:
    text = files("briefs").joinpath("templates", "price_chart.vl.json").read_text(encoding="utf-8")
    template: dict[str, Any] = json.loads(text)
    return template


def _drawing(points: Points) -> dict[str, Any]:
    """Return the Vega-Lite specification."""
    drawing = deepcopy(_template())
    drawing["data"] = {"values": _values(points)}
    drawing["layer"][0]["encoding"]["x"]["axis"]["values"] = [f"{day}T00:00:00Z" for day, _ in points]
    amounts = [cents / 100 for _, cents in points]
    room = (max(amounts) - min(amounts)) or 1
    domain = [min(amounts) - 0.6 * room, max(amounts) + 0.35 * room]
    for layer in drawing["layer"]:
        layer["encoding"]["y"]["scale"]["domain"] = domain
    return drawing


def _values(points: Points) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = []
    before: int | None = None
    for day, cents in points:
        # A fall is named below the line, where nothing crosses it.
        shift = _BELOW if before is not None and cents < before else _ABOVE
        label = "" if cents == before else monthly(cents)
        values.append({"day": f"{day}T00:00:00Z", "price": cents / 100, "label": label, "shift": shift})
        before = cents
    return values
