"""Where an article is that its places alone do not say: those of its builds, and the city it speaks of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from nlp.document import Span
from nlp.regions import PlaceMention
from nlp.roles_signs import Scene, Sign, found, may_lead, right_after, right_before, rules

_ELSEWHERE = ("before", "not there", "far")
_WIDE = ("state", "country")


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
    found_places = {
        key: "event"
        for key, given in signs.items()
        if key in told and any(sign.reason not in _ELSEWHERE for sign in given)
    }
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

    If it is about another place of the same state, its lead must speak so. Without a dateline it is the one
    whose officers speak ("the mayor of Easley").
    """
    city = next((m.place for m in mentions if m.place is not None and _in_dateline(scene, m)), None)
    if city is None:
        return _governed(scene, mentions, about)
    if scene.topic in rules()["nowhere"]:
        return None
    if city.id in about or city.kind in _WIDE or city.state == "DC":
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


def first_named(
    scene: Scene, mentions: Sequence[PlaceMention], signs: Sequence[Sign | None]
) -> dict[int, Sign]:
    """Return the places of the first sentence that names any without a reason why it only names them.

    For a text that says nowhere where it is: a scene set slowly names its place late, but not far down.
    """
    if scene.topic in rules()["nowhere"]:
        return {}
    first = scene.lead[-1] + int(rules()["first_within"])
    named: dict[int, Sign] = {}
    for mention, sign in zip(mentions, signs, strict=True):
        place = mention.place
        if mention.field != "text" or place is None or place.kind in _WIDE:
            continue
        if sign is not None and sign.reason == "passing":
            sentence = scene.text.sentence_at(mention.start)
            if sentence > first or scene.in_sentence("place", "earlier", sentence) is not None:
                break
            first = sentence
            named.setdefault((mention.area or place).id, sign)
    return named


def _governed(
    scene: Scene, mentions: Sequence[PlaceMention], about: Collection[int]
) -> tuple[int, Sign] | None:
    """Return the only city or county whose officers a text names, if it is about no city otherwise."""
    if any(m.place.kind == "city" for m in mentions if m.place is not None and m.place.id in about):
        return None
    governed: dict[int, Sign] = {}
    for mention in mentions:
        if (
            mention.place is None
            or mention.place.kind in _WIDE
            or mention.attached
            or mention.start >= scene.boilerplate
        ):
            continue
        passage = scene.passage(mention.field)
        is_led = may_lead("place", passage.text, mention.start)
        words = right_before("home", "officer_before", passage, mention.start) if is_led else None
        words = words or right_after("home", "officer_after", passage, mention.end)
        if words is not None:
            span = Span(min(words.start, mention.start), max(words.end, mention.end))
            governed.setdefault(mention.place.id, Sign("home", mention.field, span.start, span.end))
    return next(iter(governed.items())) if len(governed) == 1 and not governed.keys() & set(about) else None
