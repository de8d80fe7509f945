"""Place: an entry of the gazetteer."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record

PlaceKind = Literal["city", "county", "state", "metro", "country", "region", "neighborhood"]


class Place(Record):
    """A toponym's referent. Coordinates are WGS 84 degrees."""

    id: int
    """GeoNames id; negative ids of our own for places GeoNames has no entry for (metros)."""
    name: str
    kind: PlaceKind
    state: str | None = None
    """Two-letter postal code; None outside the US and for the country itself."""
    country: str = "US"
    """ISO 3166-1 alpha-2; ZZ for a sea or region of several countries or of none."""
    county_fips: str | None = None
    """5-digit county FIPS code; of Connecticut the planning region's (091xx)."""
    cbsa: str | None = None
    """5-digit CBSA code of the metropolitan or micropolitan area its county belongs to."""
    lat: float
    lon: float
    population: int = 0
