"""Whose offer it is: the source's company, else the lexicon's for the provider's name, else its slug."""

from __future__ import annotations

from functools import cache

from market.companies.lexicon import Lexicon
from market.ids import slug
from market.records import Source

UNKNOWN = "unknown"
"""The company of an offer whose source names no provider at all."""


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load()


def company_id(source: Source, provider_raw: str) -> str:
    """Return the company's id for an offer of `source` whose provider is written as `provider_raw`."""
    if source.company:
        return source.company
    if provider_raw:
        known = _lexicon().by_name(provider_raw)
        return known.id if known is not None else slug(provider_raw) or UNKNOWN
    return slug(source.publisher) or UNKNOWN
