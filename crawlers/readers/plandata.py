"""The data allowance of one card: what it says itself, else what the page says once of all its plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from crawlers.readers.draft import Draft
from market.units import DataAllowance, parse_data

_LABEL = re.compile(r"^(?:monthly )?(?:data|usage|bandwidth)\b(?! speeds?)", re.IGNORECASE)
"""Begins the label of a table's cell that holds the data allowance."""
_FIGURE = re.compile(r"\d\s*[TG]B\b", re.IGNORECASE)
"""Stands in every text that states an allowance; most state none, and are not looked through for one."""
_OF_DATA = re.compile(r"data|usage|bandwidth|transfer|/ *mo|month|plan", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:[^.!;\n]|\.(?=\d))+")
_SPOKEN_OF = re.compile(r"\b(?:data|usage|bandwidth|transfer|allowance)\b", re.IGNORECASE)
_EXTRA = re.compile(
    r"(?:[$€£]\d[\d.,]*|\b(?:per|each|every|additional|extra|over|exceed\w*|beyond|after|blocks? of))"
    r"\s*(?:\w+ )?$",
    re.IGNORECASE,
)
"""Stands before a figure that is sold on top of the allowance, or from which something else holds."""


def data_slots(draft: Draft) -> dict[str, Any]:
    """Return the data allowance in gigabytes, or that it is unlimited; nothing when neither the card nor its
    notes nor the lines about all plans say either.
    """
    own = _in_card(draft)
    return _in_notes(draft) if own is None else own


def _in_card(draft: Draft) -> dict[str, Any] | None:
    """Return what the card says itself: {} where it says several things, None where it says nothing."""
    text, patterns = draft.text, draft.patterns
    endless = patterns["unlimited"].search(text)
    # "Add unlimited data for $10" offers it as an extra; "unlimited at reduced speeds" is a cap's other half.
    if (
        endless
        and not patterns["extra_before"].search(text[: endless.start()][-30:])
        and not patterns["extra_after"].search(text[endless.end() :][:80])
    ):
        draft.mark_words("unlimited_data", endless[0])
        return {"unlimited_data": True}
    for (start, end, one), (_, last, two) in pairwise(draft.lines()):
        # "Daily traffic" above "Unlimited", or below it.
        pair = (one, two) if one.lower() == "unlimited" else (two, one)
        if pair[0].lower() == "unlimited" and patterns["data_label"].match(pair[1]):
            draft.marks["unlimited_data"] = (start, max(end, last))
            return {"unlimited_data": True}
    for (start, end), (low, high) in draft.card.labels:
        beside = " ".join(draft.flat.text[low:high].split())
        allowance = parse_data(draft.flat.text[start:end]) if _LABEL.search(beside) else None
        if allowance is not None:
            slot = "unlimited_data" if allowance.unlimited else "data_cap_gb"
            draft.marks[slot] = (start, end)
            return {"data_cap_gb": allowance.gb, "unlimited_data": allowance.unlimited}
    stated = patterns["data_cap"].finditer(text) if _FIGURE.search(text) else ()
    found = [m for m in stated if re.search(r"[a-z]", m[0][-4:], re.IGNORECASE)]
    caps = {_allowance(match) for match in found if _OF_DATA.search(match[0])} - {None}
    if len(caps) != 1:
        return {} if caps else None
    draft.mark_words("data_cap_gb", found[0][0])
    return {"data_cap_gb": next(cap.gb for cap in caps if cap), "unlimited_data": False}


def _in_notes(draft: Draft) -> dict[str, Any]:
    """Return what the card's notes and the lines about all plans say, where they agree."""
    patterns = draft.patterns
    for low, high in draft.card.notes if patterns["unlimited"].search(draft.text) is None else ():
        noted = patterns["unlimited"].search(draft.flat.text, low, high)
        if noted:
            draft.marks["unlimited_data"] = noted.span()
            draft.rules["unlimited_data"] = "a note of the card, or a line about all plans"
            return {"unlimited_data": True}
    caps = dict(_caps_in_notes(draft))
    if len(caps) != 1:
        return {}
    cap, draft.marks["data_cap_gb"] = next(iter(caps.items()))
    draft.rules["data_cap_gb"] = "a note of the card, or a line about all plans"
    return {"data_cap_gb": cap.gb, "unlimited_data": False}


def _caps_in_notes(draft: Draft) -> Iterator[tuple[DataAllowance, tuple[int, int]]]:
    """Yield each allowance with its place, from sentences that speak of data and set no condition."""
    text = draft.flat.text
    for low, high in draft.card.notes:
        if not _FIGURE.search(text, low, high):
            continue
        for sentence in _SENTENCE.finditer(text, low, high):
            said = sentence[0]
            if not _SPOKEN_OF.search(said) or draft.patterns["for_some"].search(said):
                continue
            for match in draft.patterns["data_cap"].finditer(said):
                allowance = _allowance(match)
                if allowance is not None and not _EXTRA.search(said[: match.start("figure")]):
                    start = sentence.start()
                    yield allowance, (start + match.start("figure"), start + match.end("unit"))


def _allowance(match: re.Match[str]) -> DataAllowance | None:
    return parse_data(f"{match['figure']} {match['unit']}")
