"""What speaks for a spot naming a place: numbers from its writing, its neighbours and the whole document."""

from __future__ import annotations

import math

from market.places.gazetteer import Gazetteer
from nlp.document import Entity, Passage
from nlp.regions_context import FIRM, Context, Entities, names_beside, nation_key, people_of
from nlp.regions_spans import Spot
from nlp.regions_words import Token, vocabulary

_NEAR = (" ", "\u00a0", "\n")
_SURNAME = 0.002
"""Percent of people who bear it from which on a word counts as a surname."""


def detect_features(
    spot: Spot,
    passage: Passage,
    words: list[Token],
    entities: Entities,
    context: Context,
    gazetteer: Gazetteer,
    around: tuple[Spot | None, Spot | None],
) -> dict[str, float]:
    """Return the evidence that `spot` names a place at all, each number about 0 to 1."""
    lists = vocabulary()
    found: dict[str, float] = {"bias": 1.0}
    entity = entities.at(spot.start, spot.end)
    found[_label(entity, spot, passage)] = 1.0
    before = words[spot.first - 1] if spot.first else None
    after = words[spot.last] if spot.last < len(words) else None
    joined = before is not None and words[spot.first].gap in _NEAR
    first = words[spot.first].sentence
    if before is not None and joined and not first:
        if before.lower in lists["place_before"] and not before.text.isupper():
            found["before_place"] = 1.0
        elif before.lower in lists["direction"]:
            found["before_direction"] = 1.0
        elif before.lower in lists["title_before"] and before.capital:
            found["before_title"] = 1.0
        elif before.lower in lists["feature_before"] and before.capital:
            found["before_feature"] = 1.0
        elif before.capital and before.lower not in ("the", "a", "an"):
            given = gazetteer.word(before.lower).given
            found["before_given" if given > 0.004 else "before_capital"] = 1.0
        if before.text[0].isdigit():
            found["before_number"] = 1.0
        if before.lower in ("the", "a", "an"):
            found["before_article"] = 1.0
        if before.lower == "of" and spot.first > 1 and words[spot.first - 2].lower in lists["body_of"]:
            found["body_of"] = 1.0
    if before is not None and words[spot.first].gap == "-" and before.text in ("D", "R", "I"):
        found["before_party"] = 1.0
    if after is not None and after.gap in _NEAR:
        if after.lower in lists["street_after"] and after.capital:
            found["after_street"] = 1.0
        elif after.lower in lists["person_after"]:
            found["after_person"] = 1.0
        elif after.lower in lists["feature_after"] and after.capital:
            found["after_feature"] = 1.0
        elif after.lower in lists["firm_after"] and after.capital:
            found["after_firm"] = 1.0
        elif after.lower in lists["team_after"] and after.capital:
            found["after_team"] = 1.0
        elif after.lower in lists["school_after"] and after.capital:
            found["after_school"] = 1.0
        elif after.lower in lists["body_after"]:
            found["after_body"] = 1.0
        elif after.capital:
            found["after_capital"] = 1.0
            if " " not in spot.key and gazetteer.word(after.lower).surname > _SURNAME:
                found["after_surname"] = 1.0
        if after.text[0].isdigit():
            found["after_number"] = 1.0
    elif after is not None and after.gap.startswith(","):
        found["after_comma"] = 1.0
    found.update(_form(spot))
    if passage.text[spot.end : spot.end + 2] in ("'s", "’s"):
        found["saint_own" if spot.key.startswith("saint ") else "own"] = 1.0
    left, right = around
    if left is not None and left.last == spot.first and "," in passage.text[left.end : spot.start]:
        found["after_spot"] = 1.0
    if right is not None and spot.last == right.first and "," in passage.text[spot.end : right.start]:
        found["before_spot"] = 1.0
    if first:
        found["sentence_first"] = 1.0
    if spot.text.isupper() and len(spot.text) > 4:
        found["capitals"] = 1.0
    _word(spot, context, gazetteer, found)
    # A name that returns has mostly the very senses that it had.
    known = (spot.key, spot.form, *map(id, spot.senses))
    if known not in context.judged:
        context.judged[known] = _senses(spot, context)
    found.update(context.judged[known])
    return found


def _label(entity: Entity | None, spot: Spot, passage: Passage) -> str:
    if entity is None:
        return "ner_none"
    begin = entity.start
    if passage.text[begin : begin + 4].lower() == "the ":
        begin += 4
    tail = passage.text[spot.end : entity.end].strip(" .,'’s")
    exact = begin >= spot.start and not tail
    label = {"LOC": "GPE", "FAC": "FAC", "GPE": "GPE", "ORG": "ORG", "PERSON": "PERSON", "NORP": "NORP"}.get(
        entity.label, "OTHER"
    )
    where = "exact" if exact else "first" if begin >= spot.start else "last" if not tail else "inside"
    return f"ner_{label}_{where}"


def _form(spot: Spot) -> dict[str, float]:
    found = {f"form_{spot.form}": 1.0}
    if spot.state:
        found["has_state"] = 1.0
    if spot.country:
        found["has_country"] = 1.0
    if spot.attached:
        found["attached"] = 1.0
    if spot.wide:
        found["wide"] = 1.0
    if spot.listed and any(n.place.state == spot.listed and n.flag in FIRM for n in spot.senses):
        found["listed_state"] = 1.0
    return found


def _word(spot: Spot, context: Context, gazetteer: Gazetteer, found: dict[str, float]) -> None:
    # "Mobile, Ala." is the town, whatever else the word means.
    if spot.form not in ("name", "counties") or spot.state or spot.country:
        return
    if " " in spot.key:
        found["several_words"] = 1.0
        return
    use = gazetteer.word(spot.key)
    found["common"] = (
        max(-6.0, min(6.0, use.lower - use.title)) / 6 if use.title > -20 or use.lower > -20 else -1.0
    )
    found["rare"] = (-use.title - 10) / 10
    found["surname"] = math.log1p(use.surname * 1000) / 7
    found["given"] = math.log1p(use.given * 1000) / 8
    if spot.key in context.small:
        found["small_too"] = 1.0
    if spot.key in context.people:
        found["person_too"] = 1.0


def _senses(spot: Spot, context: Context) -> dict[str, float]:
    found: dict[str, float] = {}
    flags = {named.flag for named in spot.senses}
    kinds = {named.place.kind for named in spot.senses}
    for name, bare in (("people", False), ("people_bare", True)):
        top = max((people_of(n) for n in spot.senses if (n.flag == "b") is bare), default=0)
        found[name] = math.log10(top + 10) / 7
    if flags == {"b"}:
        found["only_bare"] = 1.0
    if flags <= {"w", "x"} and flags:
        found["only_weak"] = 1.0
    if all(named.place.country != "US" for named in spot.senses):
        found["only_abroad"] = 1.0
    for kind in ("state", "country", "region"):
        if kind in kinds:
            found[f"can_{kind}"] = 1.0
    states = {named.place.state for named in spot.senses if named.place.state and named.flag not in ("w",)}
    if context.home:
        found["in_home" if context.home in states else "not_home"] = 1.0
    if any(context.states.get(state, 0) for state in states if state is not None):
        found["in_named"] = 1.0
    if context.nations:
        abroad = {named.place.country for named in spot.senses} & context.nations.keys()
        if any((nation_key(country), spot.key) not in context.own for country in abroad):
            found["in_nation"] = 1.0
    if spot.key in context.counties:
        found["county_too"] = 1.0
    if spot.form == "name":
        inside = [n.place for n in spot.senses if n.place.kind == "city" and n.flag in FIRM]
        if any(place.county_fips in context.named_counties for place in inside):
            found["in_county"] = 1.0
        if any(names_beside(place, spot.key, context) for place in inside):
            found["beside"] = 1.0
    if context.strong[spot.key]:
        found["strong_too"] = 1.0
    found["alone"] = 1.0 if len(spot.senses) == 1 else 0.0
    return found
