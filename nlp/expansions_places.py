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

_LARGEST = 500_000
"""Passings of one place of a list; more are a company's."""


_TO_PLACE = re.compile(r"(?:,\s+[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?,?\s+to\s+[A-Z]")


def where_built(sentence: Sentence) -> list[Place]:
    """The places a sentence builds in: no seat, no speaker's title, no part of a company's name."""
    text, base = sentence.text, sentence.span.start
    kept: list[PlaceHit] = []
    likened = -1
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
        if pattern("places", "seat_before").search(before) or _is_of_company(sentence, hit):
            continue
        if pattern("places", "seat_after").match(after):
            continue
        joined = likened >= 0 and re.fullmatch(r"(?:,| and|, and) (?:\w+ )?", text[likened:start]) is not None
        near = text[max(0, start - 60) : start]
        # "from Easley to Greer" is a route.
        route = near.endswith("from ") and _TO_PLACE.match(text, end) is not None
        if not route and (joined or pattern("places", "likened_before").search(near)):
            likened = end
            continue
        if hit.place.kind in ("state", "county", "city") and pattern(
            "places", f"qualifies_{hit.place.kind}"
        ).match(after):
            continue
        if pattern("places", "served_before").search(text[max(0, start - 90) : start]):
            continue
        if pattern("places", "office_after").match(after):
            continue
        if hit.place.kind == "state" and pattern("places", "payer_after").match(after):
            continue
        if pattern("places", "product_before").search(before):
            continue
        if pattern("places", "office_before").search(before):
            continue
        kept.append(hit)
    counties = [hit for hit in kept if hit.place.kind == "county"]
    loose = [
        hit
        for hit in kept
        if hit.place.kind in ("city", "neighborhood")
        and any(other.start < hit.start and contains(other.place, hit.place) for other in counties)
        and pattern("places", "loosely_before").search(text[max(0, hit.start - base - 80) : hit.start - base])
    ]
    return narrowest([hit.place for hit in kept if hit not in loose])


def _is_of_company(sentence: Sentence, hit: PlaceHit) -> bool:
    """Tell whether a place only says which company is meant: "Acme Cable of Easley"."""
    text = sentence.passage.text
    aside = text[hit.end : hit.end + 1] == ","
    return any(
        (gap := text[mention.end : hit.start]) in (" of ", ", of ", " in nearby ") or (gap == ", " and aside)
        for mention in sentence.companies
        if mention.end <= hit.start
    )


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
    sentence: Sentence, where: Sequence[Place], counted: Sequence[Figure], *, listing: bool = False
) -> list[tuple[list[Place], Figure]]:
    """Pairs of places and passings in a list: "12,000 in Greenville, 8,000 in Easley", "Greer (1,000)".

    Figures need a unit somewhere in the sentence, unless it goes on with a list (`listing`).
    """
    if len(where) < (1 if listing else 2):
        return []
    text, base = sentence.text, sentence.span.start
    wanted = {place.id for place in where}
    hits = [hit for hit in sentence.places if hit.place.id in wanted]
    pairs: dict[int, tuple[list[Place], Figure]] = {}
    if (respective := _respectively(text, hits)) is not None:
        return respective
    for number in numbers_in(text):
        if number.is_money or not 20 <= number.value <= _LARGEST or number.value != int(number.value):
            continue
        if 1990 <= number.value <= 2040 and "," not in number.raw:
            continue
        if pattern("places", "not_homes").match(text, number.end):
            continue
        figure = Figure("passings", number.value, number.start, number.end)
        after = next((hit for hit in hits if hit.start - base >= number.end), None)
        before = next((hit for hit in reversed(hits) if hit.end - base <= number.start), None)
        if after is not None:
            gap = text[number.end : after.start - base]
            if pattern("places", "figure_place").fullmatch(gap):
                pairs.setdefault(after.place.id, (_joined_places(text, base, hits, after), figure))
                continue
        between = text[before.end - base : number.start] if before is not None else ""
        if before is not None and pattern("places", "place_figure").fullmatch(between):
            pairs.setdefault(before.place.id, (_joined_places(text, base, hits, before, -1), figure))
    units = (
        listing
        or any(figure.kind == "passings" for figure in counted)
        or re.search(r"\b(?:homes|addresses|locations|households|premises|passings)\b", text, re.IGNORECASE)
    )
    return list(pairs.values()) if len(pairs) >= (1 if listing else 2) and units else []


def _respectively(text: str, hits: Sequence[PlaceHit]) -> list[tuple[list[Place], Figure]] | None:
    """Pair places and counts in order where the sentence says so: "1,900 and 400 homes respectively"."""
    if "respectively" not in text:
        return None
    counts = [n for n in numbers_in(text) if not n.is_money and 20 <= n.value <= _LARGEST]
    if len(counts) != len(hits):
        return None
    return [
        ([hit.place], Figure("passings", number.value, number.start, number.end))
        for hit, number in zip(hits, counts, strict=True)
    ]


def _joined_places(
    text: str, base: int, hits: Sequence[PlaceHit], first: PlaceHit, step: int = 1
) -> list[Place]:
    """The places that share a figure: "a combined 1,300 in Easley, Liberty and Pickens"; before it by -1."""
    found = [first]
    at = hits.index(first)
    for hit in hits[at + 1 :] if step > 0 else reversed(hits[:at]):
        pair = (found[-1], hit) if step > 0 else (hit, found[-1])
        gap = text[pair[0].end - base : pair[1].start - base]
        joint = r"\s*(?:,|and|&|,\s*and)\s+(?:in\s+)?" if step > 0 else r"\s*(?:and|&)\s+"
        if re.fullmatch(joint, gap) is None:
            break
        found.append(hit)
    return list({hit.place.id: hit.place for hit in found}.values())
