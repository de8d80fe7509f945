"""Where a sentence builds: places that are served, and figures that stand beside each of several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from market.numbers import numbers_in
from market.records import Place
from nlp.expansions_sentences import Sentence
from nlp.facts import PlaceHit
from nlp.figures import Figure
from nlp.patterns import pattern


def where_built(sentence: Sentence) -> list[Place]:
    """The places a sentence builds in: no seat, no speaker's title, no part of a company's name."""
    text, base = sentence.text, sentence.span.start
    kept: list[PlaceHit] = []
    for hit in sentence.places:
        if hit.body:
            continue
        start, end = hit.start - base, hit.end - base
        before, after = text[max(0, start - 45) : start], text[end : end + 40]
        if any(m.start <= hit.start and hit.end <= m.end for m in sentence.companies):
            continue
        if hit.place.state == "DC" and not re.match(r",?\s+D\.?\s?C", after):
            # The capital stands for the federal government, or is the state taken for it.
            continue
        if re.search(
            r"\b(?:headquartered|based|headquarters|offices?)\s+(?:in|near)\s+(?:[\w,.]+\s+){0,3}$",
            before,
            re.I,
        ):
            continue
        if pattern("places", "seat_after").match(after):
            continue
        if pattern("places", "served_before").search(text[max(0, start - 90) : start]):
            continue
        if pattern("places", "office_after").match(after):
            continue
        if pattern("places", "office_before").search(before):
            continue
        kept.append(hit)
    return narrowest([hit.place for hit in kept])


def narrowest(places: Iterable[Place]) -> list[Place]:
    """Leave out a state or county when a place inside it is listed too."""
    unique = list({place.id: place for place in places}.values())
    kept = []
    for place in unique:
        others = [other for other in unique if other.id != place.id]
        if place.kind == "state" and any(
            other.state == place.state and other.kind != "state" for other in others
        ):
            continue
        if place.kind == "county" and any(
            other.kind in ("city", "neighborhood") and other.county_fips == place.county_fips
            for other in others
        ):
            continue
        if place.kind == "metro" and any(
            other.kind in ("city", "county") and other.cbsa == place.cbsa for other in others
        ):
            continue
        kept.append(place)
    return kept


def contains(wide: Place, narrow: Place) -> bool:
    """Tell whether a place is another, or the state, county or metro that it lies in."""
    if wide.id == narrow.id:
        return True
    if wide.kind == "state":
        return wide.state == narrow.state
    if wide.kind == "county":
        return wide.county_fips is not None and wide.county_fips == narrow.county_fips
    return wide.kind == "metro" and wide.cbsa is not None and wide.cbsa == narrow.cbsa


def per_place(
    sentence: Sentence, where: Sequence[Place], counted: Sequence[Figure]
) -> list[tuple[Place, Figure]]:
    """Pairs of place and passings in a list: "12,000 in Greenville, 8,000 in Easley", "Greer (1,000)"."""
    if len(where) < 2:
        return []
    text, base = sentence.text, sentence.span.start
    wanted = {place.id for place in where}
    hits = [hit for hit in sentence.places if hit.place.id in wanted]
    pairs: dict[int, tuple[Place, Figure]] = {}

    for number in numbers_in(text):
        if number.is_money or not 20 <= number.value <= 1_000_000 or number.value != int(number.value):
            continue
        if 1990 <= number.value <= 2040 and "," not in number.raw:
            continue
        figure = Figure("passings", number.value, number.start, number.end)
        after = next((hit for hit in hits if hit.start - base >= number.end), None)
        before = next((hit for hit in reversed(hits) if hit.end - base <= number.start), None)
        if after is not None:
            gap = text[number.end : after.start - base]
            if pattern("places", "figure_place").fullmatch(gap):
                pairs.setdefault(after.place.id, (after.place, figure))
                continue
        between = text[before.end - base : number.start] if before is not None else ""
        if before is not None and pattern("places", "place_figure").fullmatch(between):
            pairs.setdefault(before.place.id, (before.place, figure))
    units = any(figure.kind == "passings" for figure in counted) or re.search(
        r"\b(?:homes|addresses|locations|households|premises|passings)\b", text, re.IGNORECASE
    )
    return list(pairs.values()) if len(pairs) >= 2 and units else []
