"""Why a page of plans shows no price: it fills them in by address, or its template was not filled at all."""

from __future__ import annotations

from crawlers.readers.cards import Sheet
from crawlers.readers.page import Trouble
from crawlers.readers.visible import words

_WHY = {
    "price_template": (
        "the page's template was not filled in: a script of the page does that in a browser",
        "Point the source at the address from which that script takes the plans, or at the labels.",
    ),
    "price_placeholder": (
        "prices stand blank, as on a page that fills them in by address",
        "Point the source at the provider's broadband labels or at a page for one place.",
    ),
    "price_by_address": (
        "the page asks for an address before it shows any",
        "Point the source at the provider's broadband labels or at a page for one place.",
    ),
}


def unpriced(sheet: Sheet) -> Trouble | None:
    """Return an issue that says why no price stands on the page, or None when the page does not tell."""
    if sheet.price_at:
        return None
    for name, (why, what) in _WHY.items():
        found = words()["patterns"][name].search(sheet.flat.text)
        if found:
            return Trouble(
                "prices-not-in-page",
                f"The page shows no price of a plan: {why}. {what}",
                data={"words": " ".join(found[0].split()), "speeds": len(sheet.speeds)},
            )
    return None
