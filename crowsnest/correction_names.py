"""The places and companies that a correction names, found in gazetteer and lexicon."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

from crowsnest.settings_errors import NEAR
from market.companies.lexicon import Lexicon
from market.ids import slug
from market.places.gazetteer import Gazetteer
from market.places.territory_words import near_cities
from market.records import Place
from market.records.correction import CorrectionKind

_BY_ID = re.compile(r"#(-?\d{1,12})")
_SHOWN = 5


class Name(NamedTuple):
    """What a name means."""

    target: str
    """Place id as text, or company id."""
    name: str
    """In words."""


class Names:
    """Looks names up for corrections."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self.lexicon = lexicon
        self.gazetteer = gazetteer

    def resolve(self, kind: CorrectionKind, text: str, *, must_be_known: bool) -> Name | None:
        """Return what `text` means; None for what names nothing known, or several places.

        A place is a name ("Columbus, GA"), a FIPS code or "#" and its gazetteer id. A company that the
        lexicon lacks is its name's slug, as the tagger calls it, unless it `must_be_known`.
        """
        text = text.strip()
        if kind == "place":
            by_id = _BY_ID.fullmatch(text)
            place = self.gazetteer.place(int(by_id.group(1))) if by_id else self.gazetteer.find(text)
            return Name(str(place.id), place_name(place)) if place else None
        company = self.lexicon.get(text) or self.lexicon.get(text.lower()) or self.lexicon.by_name(text)
        if company is not None:
            return Name(company.id, company.name)
        made = slug(text)
        return None if must_be_known or not made else Name(made, text)

    def problem(self, kind: CorrectionKind, text: str) -> str:
        """Return why a name is not understood, with what could be meant."""
        if kind == "place":
            near = near_cities(text, self.gazetteer)
            hint = f"; nearest: {', '.join(map(repr, near))}" if near else ""
            return f"{text!r} names no single place; write 'Greenville, SC' or 'Greenville County, SC'{hint}"
        known = {company.name.casefold(): company.name for company in self.lexicon}
        close = difflib.get_close_matches(text.casefold(), known, n=_SHOWN, cutoff=NEAR)
        hint = f"; nearest: {', '.join(repr(known[name]) for name in close)}" if close else ""
        advice = "`crowsnest companies` lists them, a [[competitor]] adds one"
        return f"no company is called {text!r}; {advice}{hint}"

    def written(self, kind: CorrectionKind, name: Name) -> str:
        """Return how the file names it: in words where they mean it alone, by its id where not."""
        found = self.resolve(kind, name.name, must_be_known=False)
        if found is not None and found.target == name.target:
            return name.name
        return f"#{name.target}" if kind == "place" else name.target


def place_name(place: Place) -> str:
    """Return a place in words: "Columbus, GA", "South Carolina", "Charlotte-Concord-Gastonia, NC-SC"."""
    if place.state and place.kind not in ("state", "metro"):
        return f"{place.name}, {place.state}"
    return place.name
