"""A small map of a territory from the points and reaches of its counties: as text, and as SVG.

County outlines are not at hand; each spot of the map belongs to the county whose centre is nearest in terms
of how far that county reaches, close enough to see where a territory lies and what is around it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
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
_KEYS = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNICODE = {"in": "▓", "near": "░", "out": "·"}
ASCII = {"in": "#", "near": ":", "out": "."}
_FILLS = {"in": "#1f6f8b", "near": "#b9d3dc", "out": "#e8e8e4"}
_WIDTH = 760
_CELL = 5
"""Side of a cell of the picture, in its units."""
_LETTER, _LINE = 8.0, 15.0
"""About how wide a letter of a label is, and how high its line."""
_ENDING = re.compile(r" (?:County|Parish|Borough|Municipio|Municipality|Census Area|Planning Region)$")


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
            # Without keys the least county still shows that it is covered.
            grid[row][column] = named.get(spot.county["fips"], signs["in"])
    return "\n".join("".join(line).rstrip() for line in grid)


def svg_map(found: dict[str, Any]) -> str:
    """Return the map as an SVG document: each county's ground with its name as a tooltip, and labels."""
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
    for spot, path in _grounds(frame, scale):
        words = escape(f"{spot.county['name']}, {spot.county['state']}")
        parts.append(
            f'<path d="{path}" fill="{_FILLS[spot.relation]}" shape-rendering="crispEdges">'
            f"<title>{words}</title></path>"
        )
    parts.append(f'<path d="{_borders(frame, scale)}" fill="none" stroke="#fff"/>')
    for x, y, label in _labels(frame, scale):
        parts.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-family="sans-serif" font-size="13" '
            f'font-weight="600" fill="#fff" stroke="{_FILLS["in"]}" stroke-width="3" paint-order="stroke">'
            f"{escape(label)}</text>"
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _cells(frame: _Frame, scale: float) -> list[list[_Spot | None]]:
    """Return, row by row from the top, the county that each cell of the picture belongs to."""
    columns, rows = math.ceil(_WIDTH / _CELL), math.ceil(frame.height * scale / _CELL)
    step = _CELL / scale
    grid: list[list[_Spot | None]] = []
    for row in range(rows):
        y = frame.top - (row + 0.5) * step
        near = [spot for spot in frame.spots if abs(spot.y - y) <= _REACH * spot.reach]
        grid.append([_nearest(near, frame.left + (column + 0.5) * step, y) for column in range(columns)])
    return grid


def _grounds(frame: _Frame, scale: float) -> list[tuple[_Spot, str]]:
    """Return each county in the picture with the path of its cells; each covered one has at least one."""
    grid = _cells(frame, scale)
    for spot in frame.spots:
        if spot.relation == "in":
            row = min(len(grid) - 1, int((frame.top - spot.y) * scale / _CELL))
            grid[row][min(len(grid[0]) - 1, int((spot.x - frame.left) * scale / _CELL))] = spot
    paths: dict[str, tuple[_Spot, list[str]]] = {}
    for row, line in enumerate(grid):
        column = 0
        for owner, run in groupby(line):
            length = len(list(run))
            if owner is not None:
                path = f"M{column * _CELL} {row * _CELL}h{length * _CELL}v{_CELL}h-{length * _CELL}z"
                paths.setdefault(owner.county["fips"], (owner, []))[1].append(path)
            column += length
    return [(spot, "".join(runs)) for spot, runs in paths.values()]


def _borders(frame: _Frame, scale: float) -> str:
    """Return the path of the lines between the cells of two counties."""
    grid = _cells(frame, scale)
    lines: list[str] = []
    for row, line in enumerate(grid):
        for column, spot in enumerate(line):
            if spot is None:
                continue
            x, y = column * _CELL, row * _CELL
            right = line[column + 1] if column + 1 < len(line) else spot
            below = grid[row + 1][column] if row + 1 < len(grid) else spot
            if right is not None and right is not spot:
                lines.append(f"M{x + _CELL} {y}v{_CELL}")
            if below is not None and below is not spot:
                lines.append(f"M{x} {y + _CELL}h{_CELL}")
    return "".join(lines)


def _labels(frame: _Frame, scale: float) -> list[tuple[float, float, str]]:
    """Return where names of covered counties stand, the largest county first; none lies over another."""
    placed: list[tuple[float, float, float, str]] = []
    inside = sorted((spot for spot in frame.spots if spot.relation == "in"), key=lambda spot: -spot.reach)
    for spot in inside:
        label = _ENDING.sub("", spot.county["name"])
        half = len(label) * _LETTER / 2
        x = min(max((spot.x - frame.left) * scale, half), _WIDTH - half)
        y = (frame.top - spot.y) * scale
        if all(abs(x - a) >= half + h or abs(y - b) >= _LINE for a, b, h, _ in placed):
            placed.append((x, y, half, label))
    return [(x, y, label) for x, y, _, label in placed]


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
    return _nearest(frame.spots, x, y)


def _nearest(spots: Sequence[_Spot], x: float, y: float) -> _Spot | None:
    """Return the county whose ground a point is: the nearest by how far each reaches, none beyond that."""
    best, least = None, _REACH
    for spot in spots:
        apart = math.hypot(spot.x - x, spot.y - y) / spot.reach
        if apart <= least:
            best, least = spot, apart
    return best
