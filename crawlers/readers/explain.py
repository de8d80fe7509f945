"""Why each slot of a plan page's offers has its value: the words, their element and the rule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crawlers.readers.offers import read_offers
from market.records import Capture, Evidence, Offer, Source


def explain_offers(
    capture: Capture, body: bytes, source: Source, now: datetime
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (offer's id, slot) -> (words, rule) of a plan page, by reading it again."""
    steps = read_offers(capture, body, source, now).steps
    return {(step.record_id, step.slot): (step.words, step.rule) for step in steps}


def explain_slot(
    offer: Offer, evidence: Evidence, told: dict[tuple[str, str], tuple[str, str]]
) -> dict[str, Any]:
    """Return the words of one slot, where they stand, and the rule that read them.

    The words are those of the slot alone; "quote" is all that their element shows, which `verify` compares.
    """
    words, rule = told.get((offer.id, evidence.slot), (evidence.quote, ""))
    if not rule:
        rule = {
            "json": "a value of the page's JSON-LD or state, by its key",
            "cell": "a cell of the file, by its column",
        }.get(evidence.where.at, "a line of a broadband label")
    return {
        "words": words,
        "quote": evidence.quote,
        "where": evidence.where.model_dump(mode="json"),
        "rule": rule,
        "reader": f"{evidence.reader} {evidence.reader_version}",
    }
