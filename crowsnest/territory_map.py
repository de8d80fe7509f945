"""A small map of a territory from the points and reaches of its counties: as text, and as SVG.

County outlines are not at hand; each spot of the map belongs to the county whose centre is nearest in terms
of how far that county reaches, close enough to see where a territory lies and what is around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from crowsnest.covering import is_old_county

_KM = 111.2
"""Kilometres of a degree of latitude."""
_COLUMNS, _ROWS = 56, 16
_MARGIN = 0.12
_REACH = 1.25
"""How many times its reach a county may fill the map where no other is nearer; beyond is sea, or abroad."""
_LEAST_REACH = 6.0
_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
UNICODE = {"in": "▓", "near": "░", "out": "·", "point": "●"}
ASCII = {"in": "#", "near": ":", "out": ".", "point": "o"}
_FILLS = {"in": "#1f6f8b", "near": "#b9d3dc", "out": "#e8e8e4"}
_WIDTH = 760.0
_MOST_LABELS = 60


@dataclass(frozen=True)
class _Spot:
    county: dict[str, Any]
    relation: str
    x: float
    y: float
    reach: float


@dataclass(frozen=True)
class _Frame:
    spots: tuple[_Spot, ...]
    left: float
    top: float
    width: float
    height: float


def keys(counties: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return the sign of each county on the text map, by FIPS code; {} for more counties than signs."""
    shown = [county["fips"] for county in counties if not is_old_county(county["fips"])]
    return dict(zip(shown, _KEYS, strict=False)) if len(shown) <= len(_KEYS) else {}


def text_map(found: dict[str, Any], signs: dict[str, str] = UNICODE) -> str:
    """Return the map as lines of text, "" for a territory without counties; `signs` are UNICODE or ASCII."""
    frame = _frame(found)
    if frame is None:
        return ""
    # A character is about twice as high as wide.
    step = max(frame.width / _COLUMNS, frame.height / (2 * _ROWS), 1.0)
    columns, rows = math.ceil(frame.width / step), math.ceil(frame.height / (2 * step))
    grid = [
        [
            signs[spot.relation]
            if (spot := _owner(frame, frame.left + (column + 0.5) * step, frame.top - (2 * row + 1) * step))
            else " "
            for column in range(columns)
        ]
        for row in range(rows)
    ]
    named = keys(found["counties"])
    for spot in frame.spots:
        if spot.relation == "in":
            row = min(rows - 1, int((frame.top - spot.y) / (2 * step)))
            column = min(columns - 1, int((spot.x - frame.left) / step))
            grid[row][column] = named.get(spot.county["fips"], signs["point"])
    return "\n".join("".join(line).rstrip() for line in grid)


def svg_map(found: dict[str, Any]) -> str:
    """Return the map as an SVG document: a disc a county, its name as a tooltip."""
    frame = _frame(found)
    title = f"{found['name']}: counties covered"
    if frame is None:
        empty = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
        return f"{empty}<title>{escape(title)}</title></svg>\n"
    scale = _WIDTH / frame.width
    height = frame.height * scale
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f"aria-label={quoteattr(title)}>",
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fbfbf9"/>',
    ]
    order = {"out": 0, "near": 1, "in": 2}
    for spot in sorted(frame.spots, key=lambda spot: (order[spot.relation], -spot.reach)):
        x, y = (spot.x - frame.left) * scale, (frame.top - spot.y) * scale
        words = f"{spot.county['name']}, {spot.county['state']}"
        size, fill = spot.reach * scale * 0.8, _FILLS[spot.relation]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{fill}" '
            f'fill-opacity="0.9" stroke="#fff"><title>{escape(words)}</title></circle>'
        )
    inside = [spot for spot in frame.spots if spot.relation == "in"]
    for spot in inside if len(inside) <= _MOST_LABELS else ():
        x, y = (spot.x - frame.left) * scale, (frame.top - spot.y) * scale
        label = spot.county["name"].removesuffix(" County").removesuffix(" Parish")
        parts.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-family="sans-serif" font-size="13" '
            f'font-weight="600" fill="#fff">{escape(label)}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame(found: dict[str, Any]) -> _Frame | None:
    """Project all counties to kilometres and cut out the part around the territory."""
    inside = [county for county in found["counties"] if not is_old_county(county["fips"])]
    if not inside:
        return None
    # West of the date line the Aleutians go on beyond 180 degrees.
    lons = [county["lon"] for county in inside]
    wraps = max(lons) - min(lons) > 180
    middle = sum(county["lat"] for county in inside) / len(inside)
    across = _KM * math.cos(math.radians(middle))

    def spot(county: dict[str, Any], relation: str) -> _Spot:
        lon = county["lon"] - 360 if wraps and county["lon"] > 0 else county["lon"]
        return _Spot(
            county, relation, lon * across, county["lat"] * _KM, max(county["reach_km"], _LEAST_REACH)
        )

    own = [spot(county, "in") for county in inside]
    left, right = min(s.x - s.reach for s in own), max(s.x + s.reach for s in own)
    bottom, top = min(s.y - s.reach for s in own), max(s.y + s.reach for s in own)
    margin = _MARGIN * max(right - left, top - bottom)
    left, right, bottom, top = left - margin, right + margin, bottom - margin, top + margin
    around = [
        spot(county, relation)
        for relation in ("near", "out")
        for county in found[relation]
        if not is_old_county(county["fips"])
    ]
    seen = [
        other
        for other in around
        if left < other.x + other.reach
        and other.x - other.reach < right
        and bottom < other.y + other.reach
        and other.y - other.reach < top
    ]
    return _Frame((*own, *seen), left, top, right - left, top - bottom)


def _owner(frame: _Frame, x: float, y: float) -> _Spot | None:
    best = min(frame.spots, key=lambda spot: math.hypot(spot.x - x, spot.y - y) / spot.reach)
    return best if math.hypot(best.x - x, best.y - y) <= _REACH * best.reach else None
