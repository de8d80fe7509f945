"""Distances on the globe."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in kilometres (haversine) between two WGS 84 points in degrees."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def centre(points: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Return the weighted mean (lat, lon) of (lat, lon, weight) points, right across the 180th meridian.

    Raises ZeroDivisionError when the weights are all zero.
    """
    total = sum(weight for _, _, weight in points)
    first = points[0][1]
    lat = sum(a * weight for a, _, weight in points) / total
    turned = sum(((b - first + 180) % 360 - 180) * weight for _, b, weight in points) / total
    return lat, (first + turned + 180) % 360 - 180
