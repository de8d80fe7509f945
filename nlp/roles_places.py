"""What each mention of a place says of its role, and what the places of an article say of each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from market.places.features import is_feature
from nlp.document import Span
from nlp.regions import PlaceMention
from nlp.roles_signs import Scene, Sign, found, in_quotation, opens, place_signs, right_after, rules

_GIVING = ("event", "work", "lead")
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b|\bor\b|\bplus\b|\bas well as\b|\bto\b)*")
_HEAD = 8
"""Characters before a text's first word, blanks and marks."""
_DATED = re.compile(r"(?:, [\w. ]{2,20})? ?(?:[-–—/]|\()")
_AROUND = 70
"""Characters on either side of a place within which the words for work on it stand."""
_CLAUSE_ENDS = (";", ", but ", ", while ", "\n")
_WIDE = ("state", "country")


def place_sign_of(scene: Scene, mentions: Sequence[PlaceMention], number: int) -> Sign:
    """Return what a resolved mention says: "title", "event", "work", "lead" for about, else why not."""
    mention = mentions[number]
    if mention.attached:
        return _sign("with-city", mention)
    if mention.place is not None and is_feature(mention.place):
        return _sign("passing", mention)
    where = scene.where(mention.field, mention.start)
    if mention.inside_org and not _in_list(scene, mention):
        acts = where in ("title", "lead") and _is_agency(scene, mention)
        return _sign("agency" if acts else "organisation", mention)
    if where in ("dateline", "boilerplate") or (where != "title" and _heads(scene, mention)):
        project = _of_project(scene, mention) if where == "boilerplate" else None
        return project or _sign("boilerplate" if where == "boilerplate" else "dateline", mention)
    # A city's state stands between it and what follows: "Greenville, S.C.-based".
    state = mentions[number + 1] if number + 1 < len(mentions) and mentions[number + 1].attached else mention
    jobs = scene.topic == "layoffs"
    beside = dict(place_signs(scene.passage(mention.field), mention.start, mention.end, state.end, jobs=jobs))
    if "seat" in beside:
        return _sign("seat", mention, beside["seat"])
    if where == "title":
        return _sign("title", mention)
    if mention.place is not None and mention.place.kind == "state" and mention.area is None:
        words = right_after("place", "city_after", scene.text, mention.end)
        if words is not None:
            return _sign("with-city", mention, Span(mention.start, words.end))
    return _in_text(scene, mention, where, beside)


def _in_text(scene: Scene, mention: PlaceMention, where: str, beside: Mapping[str, Span]) -> Sign:
    text = scene.text
    number = text.sentence_at(mention.start)
    sentence = text.sentences[number]
    if "far" in beside:
        return _sign("far", mention, beside["far"])
    if where in ("event", "lead"):
        done = opens("place", "opening", text, sentence)
        done = done or found("place", "done_before", text, Span(sentence.start, mention.start))
        if done is not None:
            return _sign("before", mention, done)
    may_deny = rules()["place"]["denial_words"]
    if any(text.text.find(word, sentence.start, sentence.end) >= 0 for word in may_deny):
        denied = found("place", "denied", text, _clause(text.text, sentence, mention))
        if denied is not None:
            return _sign("not there", mention, denied)
    if where == "event":
        return _sign("event", mention, sentence)
    if "near" in beside and where == "lead":
        return _sign("near", mention, beside["near"])
    if in_quotation(text, mention.start):
        return _sign("quoted", mention)
    happens = _happening(scene, mention, number)
    if happens is not None and happens.reason == "event":
        return happens
    if where == "lead" and not (mention.place is not None and mention.place.kind == "country"):
        return _sign("lead", mention)
    if happens is not None:
        return happens
    return _sign("near", mention, beside["near"]) if "near" in beside else _sign("passing", mention)


def _happening(scene: Scene, mention: PlaceMention, number: int) -> Sign | None:
    """Return the words beside a place that tell what happens: "event" by the topic's, "work" by a tense."""
    topic, text, sentence = scene.topic, scene.text, scene.text.sentences[number]
    if topic is not None and topic in rules()["event"]:
        told = scene.in_sentence("event", topic, number)
        if told is not None and scene.in_sentence("place", "earlier", number) is None:
            return _sign("event", mention, told)
    wide = mention.place is not None and mention.place.kind in _WIDE and mention.area is None
    if wide or topic in rules()["nowhere"] or scene.in_sentence("work", "tense", number) is None:
        return None
    around = Span(max(sentence.start, mention.start - _AROUND), min(sentence.end, mention.end + _AROUND))
    tense = found("work", "tense", text, around)
    if (
        tense is not None
        and found("work", "object", text, around) is not None
        and scene.in_sentence("place", "earlier", number) is None
    ):
        return _sign("work", mention, tense)
    return None


def _of_project(scene: Scene, mention: PlaceMention) -> Sign | None:
    """Return what the sender's own paragraph says will be at a place: "the system will land on Maui"."""
    number = scene.text.sentence_at(mention.start)
    words = scene.in_sentence("work", "project", number)
    if words is None or scene.topic in rules()["nowhere"] or (mention.place and mention.place.kind in _WIDE):
        return None
    return _sign("work", mention, words)


def _clause(text: str, sentence: Span, mention: PlaceMention) -> Span:
    """Return the part of a sentence around a mention between semicolons and the like."""
    start = max((text.rfind(mark, sentence.start, mention.start) + 1 for mark in _CLAUSE_ENDS), default=0)
    ends = [end for mark in _CLAUSE_ENDS if (end := text.find(mark, mention.end, sentence.end)) >= 0]
    return Span(max(sentence.start, start), min(ends, default=sentence.end))


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
    """Return whether a name is that of a state's agency, or of a city's or county's government."""
    if mention.place is None or mention.place.kind == "country":
        return False
    name = "agency" if mention.place.kind == "state" else "government"
    return right_after("home", name, scene.passage(mention.field), mention.end) is not None
