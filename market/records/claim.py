"""Claim: a sentence of a brief with its proof."""

from __future__ import annotations

from market.records.base import Record
from market.records.evidence import Evidence


class Claim(Record):
    """A sentence made by a template from facts, or a quote. The gate refuses it when its proof fails."""

    text: str
    evidence: tuple[Evidence, ...]
    """At least one; the quotes stand in archived captures."""
    numbers: tuple[str, ...] = ()
    """Each number of the text as written there ("$59.99", "12,000"); each must stand in a quote."""
    kind: str = ""
    """"price", "build" or "news": which template made it."""
    record_ids: tuple[str, ...] = ()
    """The articles, offers or expansions it rests on."""
    also: tuple[str, ...] = ()
    """URLs of other copies of the same story."""
