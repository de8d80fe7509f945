"""What each mention of a place says of its role, and what the places of an article say of each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from market.places.features import is_feature
from nlp.document import Span
from nlp.regions import PlaceMention
from nlp.roles_signs import Scene, Sign, found, in_quotation, place_signs, right_after, rules

_GIVING = ("event", "work", "lead")
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b|\bor\b|\bplus\b|\bas well as\b|\bto\b)*")
_HEAD = 8
"""Characters before a text's first word, blanks and marks."""
_DATED = re.compile(r"(?:, [\w. ]{2,20})? ?(?:[-–—/]|\()")
_AROUND = 70
"""Characters on either side of a place within which the words for work on it stand."""
_WIDE = ("state", "country")


def place_sign_of(scene: Scene, mentions: Sequence[PlaceMention], number: int) -> Sign:
    """Return what a resolved mention says: "title", "event", "work", "lead" for about, else why not."""
    mention = mentions[number]
    if mention.attached:
        return _sign("with-city", mention)
    if mention.place is not None and is_feature(mention.place):
        return _sign("passing", mention)
    where = scene.where(mention.field, mention.start)
    if mention.inside_org and not (where == "event" and _in_list(scene, mention)):
        agency = where in ("title", "lead") and mention.place is not None and mention.place.kind == "state"
        return _sign("agency" if agency and _is_agency(scene, mention) else "organisation", mention)
    if where in ("dateline", "boilerplate") or (where != "title" and _heads(scene, mention)):
        return _sign("boilerplate" if where == "boilerplate" else "dateline", mention)
    # A city's state stands between it and what follows: "Greenville, S.C.-based".
    state = mentions[number + 1] if number + 1 < len(mentions) and mentions[number + 1].attached else mention
    beside = dict(place_signs(scene.passage(mention.field), mention.start, mention.end, state.end))
    if "seat" in beside:
        return _sign("seat", mention, beside["seat"])
    if where == "title":
        return _sign("title", mention)
    return _in_text(scene, mention, where, beside)


def _in_text(scene: Scene, mention: PlaceMention, where: str, beside: Mapping[str, Span]) -> Sign:
    text = scene.text
    nation = mention.place is not None and mention.place.kind == "country"
    sentence = text.sentences[text.sentence_at(mention.start)]
    done = found("place", "done_before", text, Span(sentence.start, mention.start))
    if "far" in beside:
        return _sign("far", mention, beside["far"])
    if done is not None and where in ("event", "lead"):
        return _sign("before", mention, done)
    if where == "event":
        return _sign("event", mention, sentence)
    if "near" in beside and where == "lead":
        return _sign("near", mention, beside["near"])
    if in_quotation(text, mention.start):
        return _sign("quoted", mention)
    if scene.topic is not None and scene.topic in rules()["event"]:
        told = found("event", scene.topic, text, sentence)
        if told is not None and found("place", "earlier", text, sentence) is None:
            return _sign("event", mention, told)
    if where == "lead" and not nation:
        return _sign("lead", mention)
    wide = mention.place is not None and mention.place.kind in _WIDE and mention.area is None
    if not wide and scene.topic is not None and scene.topic not in rules()["nowhere"]:
        clause = Span(max(sentence.start, mention.start - _AROUND), min(sentence.end, mention.end + _AROUND))
        tense = found("work", "tense", text, clause)
        if (
            tense is not None
            and found("work", "object", text, clause) is not None
            and found("place", "earlier", text, sentence) is None
        ):
            return _sign("work", mention, tense)
    return _sign("near", mention, beside["near"]) if "near" in beside else _sign("passing", mention)


def _sign(reason: str, mention: PlaceMention, words: Span | None = None) -> Sign:
    span = words if words is not None else Span(mention.start, mention.end)
    return Sign(reason, mention.field, span.start, span.end)


def _heads(scene: Scene, mention: PlaceMention) -> bool:
    """Return whether a place stands where a dateline does, first in the text, in one of no usual form."""
    text = scene.text.text
    if mention.start > _HEAD or text[: mention.start].strip():
        return False
    return mention.text.isupper() or _DATED.match(text, mention.end) is not None


def _in_list(scene: Scene, mention: PlaceMention) -> bool:
    """Return whether a place is an item of a list, which the model took for one long name."""
    text = scene.passage(mention.field).text
    before, after = text[max(0, mention.start - 5) : mention.start], text[mention.end : mention.end + 6]
    starts = before.endswith((", ", " and "))
    goes_on = after.startswith((", ", " and "))
    return (starts and (goes_on or not after[1:2].isupper())) or (goes_on and after[2:3].isupper())


def _is_agency(scene: Scene, mention: PlaceMention) -> bool:
    return right_after("home", "agency", scene.passage(mention.field), mention.end) is not None


def listed(scene: Scene, mentions: Sequence[PlaceMention], signs: Sequence[Sign | None]) -> list[Sign | None]:
    """Give a list's places the role of those in it that have the news: "in Lee, Cook and Polk counties"."""
    given = list(signs)
    for run in _runs(scene, mentions):
        for wide in (False, True):
            same = [n for n in run if (_kind(mentions[n]) in _WIDE) == wide and not mentions[n].attached]
            giver = next((s for n in same if (s := signs[n]) is not None and s.reason in _GIVING), None)
            if giver is None:
                continue
            for number in same:
                sign = signs[number]
                if sign is not None and sign.reason in ("organisation", "passing", "near", "quoted"):
                    given[number] = Sign("list", giver.field, giver.start, giver.end)
    return given


def _kind(mention: PlaceMention) -> str:
    return (mention.area or mention.place).kind if mention.place is not None else ""


def _runs(scene: Scene, mentions: Sequence[PlaceMention]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number, mention in enumerate(mentions):
        before = mentions[number - 1] if number else None
        if (
            before is not None
            and before.field == mention.field == "text"
            and mention.start - before.end < 20
            and _BETWEEN.fullmatch(scene.text.text, before.end, max(before.end, mention.start))
        ):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [run for run in runs if len(run) > 1]


def beside_builds(
    mentions: Sequence[PlaceMention], signs: Mapping[int, Sequence[Sign]], told: Collection[int]
) -> dict[int, str]:
    """Return the places of the builds as "event", and as "beside" the states around them.

    A state is only where its places are, if those have the news and it is not named again and again.
    """
    if not told:
        return {}
    places = {mention.place.id: mention.place for mention in mentions if mention.place is not None}
    states = {place.state for key, place in places.items() if key in told and place.kind != "state"}
    found_places = {key: "event" for key in signs if key in told}
    for key, place in places.items():
        often = sum(sign.reason not in ("with-city", "with-area", "dateline") for sign in signs[key])
        if (
            key not in told
            and place.kind == "state"
            and place.state in states
            and often < rules()["state_often"]
        ):
            found_places[key] = "beside"
    return found_places


def home_of(
    scene: Scene, mentions: Sequence[PlaceMention], about: Collection[int]
) -> tuple[int, Sign] | None:
    """Return the dateline's city where the text speaks of "the city" and is not about one elsewhere.

    If it is about another place of the same state, its lead must speak so.
    """
    if scene.topic in rules()["nowhere"]:
        return None
    city = next((m.place for m in mentions if m.place is not None and _in_dateline(scene, m)), None)
    if city is None or city.id in about or city.kind in _WIDE or city.state == "DC":
        return None
    near = {
        m.place.state
        for m in mentions
        if m.place is not None and m.place.id in about and m.place.kind not in _WIDE
    }
    if near - {city.state}:
        return None
    end = _lead_end(scene) if near else scene.boilerplate
    words = found("home", "words", scene.text, Span(scene.dateline.end, end))
    return (city.id, Sign("home", "text", words.start, words.end)) if words else None


def _in_dateline(scene: Scene, mention: PlaceMention) -> bool:
    return mention.field == "text" and scene.where("text", mention.start) == "dateline"


def _lead_end(scene: Scene) -> int:
    sentences = scene.text.sentences
    return sentences[min(scene.lead[-1], len(sentences) - 1)].end
