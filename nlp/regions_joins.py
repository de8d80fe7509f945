"""What neighbouring spots and words add to a spot: a state, a direction, a place in a list of counties."""

from __future__ import annotations

import re
from typing import Any

from market.places.gazetteer import Gazetteer
from nlp.document import Passage
from nlp.regions_spans import LIST_GAP, Spot
from nlp.regions_words import Token, vocabulary

# Between a city and its state: a comma, a parenthesis, or two blanks where punctuation got lost.
_STATE_GAP = re.compile(r",[ \u00a0\n]{1,2}|[ \u00a0]\(|[ \u00a0]{1,2}")
_COUNTIES = ("counties", "parishes", "boroughs")


def join(gazetteer: Gazetteer, passage: Passage, words: list[Token], spots: list[Spot]) -> None:
    """Let neighbouring spots and words say more: the state after a city, "counties", directions."""
    for number, spot in enumerate(spots):
        after = spots[number + 1] if number + 1 < len(spots) else None
        if after is not None and after.first == spot.last and spot.form != "state":
            gap = passage.text[spot.end : after.start]
            wide = next(
                (n.place for n in after.senses if n.place.kind in ("state", "country", "region")), None
            )
            if _STATE_GAP.fullmatch(gap) and wide is not None:
                comma = gap not in (" ", "\u00a0")
                inside = _inside(spot, wide)
                if comma and inside and wide.kind == "state" and wide.country == "US":
                    spot.state, after.attached, after.form = wide.state, True, "state"
                    after.senses = tuple(n for n in after.senses if n.place.id == wide.id)
                elif comma and inside and wide.kind in ("country", "region") and wide.id > 0:
                    spot.country, after.attached = wide.country, True
                elif not comma and after.text.isupper() and len(after.text) == 2 and inside and wide.state:
                    spot.state, after.attached = wide.state, True
        _whole_state(words, spot)
        _wide(gazetteer, words, spot)
    _lists(passage, words, spots)
    _listed(passage, spots)


def _listed(passage: Passage, spots: list[Spot]) -> None:
    """Tell the names of "Greenville, Anderson and Easley, South Carolina" of the state at the list's end."""
    for number, spot in enumerate(spots):
        if spot.state is None or spot.attached or not number:
            continue
        gap = passage.text[spots[number - 1].end : spot.start]
        if not re.fullmatch(r",?\s(?:and|or|&)\s", gap):
            continue
        for back in range(number - 1, -1, -1):
            member = spots[back]
            if member.state is not None or member.attached or member.form != "name":
                break
            if not LIST_GAP.fullmatch(passage.text[member.end : spots[back + 1].start]):
                break
            member.listed = spot.state


def _whole_state(words: list[Token], spot: Spot) -> None:
    """Keep only the state of "Washington state" and "the state of New York"."""
    after = words[spot.last] if spot.last < len(words) else None
    before = [word.lower for word in words[max(0, spot.first - 2) : spot.first]]
    said = after is not None and after.text == "state" and after.gap in (" ", "\u00a0")
    if said or before == ["state", "of"]:
        whole = tuple(named for named in spot.senses if named.place.kind == "state")
        spot.senses = whole or spot.senses


def _inside(spot: Spot, wide: Any) -> bool:
    if wide.kind == "state":
        return any(n.place.state == wide.state and n.place.kind != "state" for n in spot.senses)
    return any(n.place.country == wide.country and n.place.id != wide.id for n in spot.senses)


def _wide(gazetteer: Gazetteer, words: list[Token], spot: Spot) -> None:
    before = words[spot.first - 1] if spot.first else None
    if before is None or spot.form != "name" or words[spot.first].gap not in (" ", "\u00a0", "-"):
        direction = words[spot.first].lower
        rest = spot.key.partition(" ")[2]
        if spot.last - spot.first > 1 and direction in vocabulary()["direction"]:
            _shrink(gazetteer, words, spot, rest, f"{vocabulary()['direction'][direction]} {rest}")
        return
    direction = vocabulary()["direction"].get(words[spot.first].lower)
    if direction and spot.last - spot.first > 1:
        rest = spot.key.partition(" ")[2]
        _shrink(gazetteer, words, spot, rest, f"{direction} {rest}")
    elif before.lower in vocabulary()["direction"]:
        key = f"{vocabulary()['direction'][before.lower]} {spot.key}"
        if key in gazetteer.starting(key.partition(" ")[0]) and any(
            n.place.kind == "state" for n in spot.senses
        ):
            spot.wide = key
    elif before.lower in ("metro", "greater", "metropolitan"):
        key = f"metro {spot.key}"
        if key in gazetteer.starting("metro"):
            spot.wide = key


def _shrink(gazetteer: Gazetteer, words: list[Token], spot: Spot, rest: str, wide: str) -> None:
    """Make of "Northwest Arkansas" the spot "Arkansas" that means the region."""
    senses = gazetteer.named(rest)
    regions = [n for n in spot.senses if n.place.kind == "region" and n.place.id < 0]
    if not regions or len(regions) < len(spot.senses) or not any(n.place.kind == "state" for n in senses):
        return
    spot.first += 1
    spot.start = words[spot.first].start
    spot.text = spot.text[len(spot.text) - (spot.end - spot.start) :]
    spot.key, spot.senses, spot.wide = rest, senses, wide


def _lists(passage: Passage, words: list[Token], spots: list[Spot]) -> None:
    """Mark every name of "Lamar, Fannin and Red River counties" as a county's."""
    for number, spot in enumerate(spots):
        following = words[spot.last] if spot.last < len(words) else None
        if following is None or following.lower not in _COUNTIES or following.gap not in (" ", "\u00a0"):
            continue
        member = spot
        back = number
        while True:
            counties = [n for n in member.senses if n.place.kind == "county"]
            if counties:
                member.form, member.senses, member.series = "counties", tuple(counties), number
            if back == 0:
                break
            gap = passage.text[spots[back - 1].end : member.start]
            if not LIST_GAP.fullmatch(gap):
                break
            back -= 1
            member = spots[back]
