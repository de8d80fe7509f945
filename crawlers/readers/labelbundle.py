"""Bundles among labels: which services beside internet a label's price covers, by the name of its plan."""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.readers.bundled import services_in
from crawlers.readers.columnnames import words
from crawlers.readers.visible import words as page_words
from market.records.offer import Service

_CABLE = re.compile(r"\bcable\b(?! tv)", re.IGNORECASE)
"""By itself the line that a label's internet comes over."""
_OF_MOBILE = ("phone", "mobile")
"""Services that every plan of a mobile label covers."""


@lru_cache(maxsize=4096)
def services_of(name: str, *, mobile: bool = False) -> tuple[Service, ...]:
    """Return the services beside internet that a plan's name states; () for an internet plan, as a label's is
    by itself. Calls are no other service of a `mobile` plan.
    """
    rows = words()["rows"]
    joined = page_words()["patterns"]["bundle"].search(name)
    if rows["apart"].search(name) or not (joined or rows["others"].search(name)):
        return ()
    found = services_in(name if joined else _CABLE.sub("", name))
    return tuple(service for service in found if not (mobile and service in _OF_MOBILE))


def is_untold_pair(name: str) -> bool:
    """Say whether a name is that of a bundle of two services that names neither: "Double Play 200"."""
    return bool(words()["rows"]["two_of_a_kind"].search(name)) and not services_in(name)


def is_untold_bundle(name: str) -> bool:
    """Say whether a name calls its plan a bundle without naming another service: "Starter Bundle"."""
    return bool(words()["rows"]["bundles"].search(name)) and not services_in(name)
