"""What each mention of a place says of its role, and what the places of an article say of each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from nlp.document import Span
from nlp.regions import PlaceMention
from nlp.roles_signs import Scene, Sign, found, in_quotation, place_signs, right_before, rules

_GIVING = ("event", "work", "lead")
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b|\bor\b|\bplus\b|\bas well as\b|\bto\b)*")
_WIDE = ("state", "country")


def place_sign_of(scene: Scene, mentions: Sequence[PlaceMention], number: int) -> Sign:
    """Return what a resolved mention says: "title", "event", "work", "lead" for about, else why it does not."""
    mention = mentions[number]
    if mention.attached:
        return _sign("with-city", mention)
    where = scene.where(mention.field, mention.start)
    if mention.inside_org:
        agency = where in ("title", "lead") and mention.place is not None and mention.place.kind == "state"
        return _sign("agency" if agency and _is_agency(scene, mention) else "organisation", mention)
    if where in ("dateline", "boilerplate"):
        return _sign(where, mention)
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
    sentence = text.sentences[text.sentence_at(mention.start)]
    done = found("place", "done_before", text, Span(sentence.start, mention.start))
    if done is not None and where in ("event", "lead"):
        return _sign("before", mention, done)
    if where == "event":
        return _sign("event", mention, sentence)
    if "near" in beside and where == "lead":
        return _sign("near", mention, beside["near"])
    if in_quotation(text, mention.start):
        return _sign("quoted", mention)
    if scene.topic in rules()["event"]:
        told = found("event", scene.topic, text, sentence)
        if told is not None and found("place", "earlier", text, sentence) is None:
            return _sign("event", mention, told)
    if where == "lead":
        return _sign("lead", mention)
    wide = mention.place is not None and mention.place.kind in _WIDE and mention.area is None
    if not wide and scene.topic is not None and scene.topic not in rules()["nowhere"]:
        tense = found("work", "tense", text, sentence)
        if (
            tense is not None
            and found("work", "object", text, sentence) is not None
            and found("place", "earlier", text, sentence) is None
        ):
            return _sign("work", mention, tense)
    return _sign("near", mention, beside["near"]) if "near" in beside else _sign("passing", mention)


def _sign(reason: str, mention: PlaceMention, words: Span | None = None) -> Sign:
    span = words if words is not None else Span(mention.start, mention.end)
    return Sign(reason, mention.field, span.start, span.end)


def _is_agency(scene: Scene, mention: PlaceMention) -> bool:
    passage = scene.passage(mention.field)
    sentence = passage.sentences[passage.sentence_at(mention.start)]
    return found("home", "agency", passage, Span(mention.end, min(sentence.end, mention.end + 60))) is not None


def listed(
    scene: Scene,
    mentions: Sequence[PlaceMention],
    signs: Sequence[Sign | None],
    told: Collection[int],
) -> list[Sign | None]:
    """Give a list's places the role of those in it that have the news: "in Lee, Cook and Polk counties"."""
    given = list(signs)
    for run in _runs(scene, mentions):
        for wide in (False, True):
            same = [n for n in run if (_kind(mentions[n]) in _WIDE) == wide and not mentions[n].attached]
            giver = next((s for n in same if (s := signs[n]) is not None and _gives(s, mentions[n], told)), None)
            if giver is None:
                continue
            for number in same:
                sign = signs[number]
                if sign is not None and sign.reason in ("organisation", "passing", "near", "quoted"):
                    given[number] = Sign("list", giver.field, giver.start, giver.end)
    return given


def _gives(sign: Sign, mention: PlaceMention, told: Collection[int]) -> bool:
    named = {place.id for place in (mention.place, mention.area) if place is not None}
    return sign.reason in _GIVING or (sign.reason == "passing" and bool(named & set(told)))


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
    """Return the dateline's city of a text about no other place within a state, if it speaks of "the city"."""
    if scene.topic in rules()["nowhere"] and scene.topic != "regulation":
        return None
    if any(m.place is not None and m.place.id in about and m.place.kind not in _WIDE for m in mentions):
        return None
    for mention in mentions:
        if (
            mention.place is not None
            and mention.place.kind not in _WIDE
            and mention.field == "text"
            and scene.where("text", mention.start) == "dateline"
        ):
            rest = Span(scene.dateline.end, scene.boilerplate)
            words = found("home", "words", scene.text, rest)
            return (mention.place.id, Sign("home", "text", words.start, words.end)) if words else None
    return None
