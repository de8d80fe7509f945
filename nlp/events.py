"""Events of the trade beside builds: acquisitions, outages, contracts, leadership, layoffs and grants.

Precision first: an event is told only of an article about its topic, from a sentence that names the company
(or of the article's one main company), in the plain words of data/events.toml. Each slot has its quote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from market.records import Mention
from market.records.told import EventKind
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Document, Span
from nlp.events_deals import (
    acquisitions,
    add_to_contract,
    add_to_grant,
    closing,
    contract,
    grants,
    priced,
    programme_in,
)
from nlp.events_outages import add_to_outage, outage
from nlp.events_people import full_name, layoff_date, layoffs, leadership
from nlp.events_scene import Event, Scene, data, pattern, scenes
from nlp.providers import full_names
from nlp.regions import PlaceMention

_MOST = 40
"""Events of one article."""
_ONCE = {"outage"}
"""Kinds of which an article tells one."""
_LEAD = 700
"""Characters in which a programme is named that is the article's, and a sure word stands."""
_FIRST = 300
"""Characters in which the event of an article begins that is not of its topic."""
_FOLLOWING = 3
"""Sentences after an event's that may add to it."""


def find_events(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention], topics: Collection[str]
) -> list[Event]:
    """Return the events of an article's topics, in order; `companies` holds other organisations too."""
    kinds = _kinds(document, topics)
    if not kinds:
        return []
    text = document.text
    main = _main_company(companies)
    programme = programme_in(text.text, 0, _LEAD) if "grant" in kinds else None
    of_awards = pattern("grant", "sign").search(text.text, 0, _LEAD) is not None
    found: list[Event] = []
    last: dict[EventKind, tuple[int, Event]] = {}
    people = [entity for entity in text.entities if entity.label == "PERSON"]
    news = dateline_span(text).end
    placed = [place for place in places if place.start >= news]
    read = scenes(text, companies, placed, document.published_at, boilerplate_start(text))
    for number, scene in enumerate(read):
        for kind, on_topic in kinds.items():
            if not on_topic and scene.span.start > _FIRST and kind not in last:
                continue
            if kind in last and (kind in _ONCE or number - last[kind][0] <= _FOLLOWING):
                _add(scene, last[kind][1])
            if kind in last and kind in _ONCE:
                continue
            for event in _read(kind, scene, main, programme, of_awards):
                if kind == "leadership":
                    full_name(event, people, text.text)
                if kind == "outage" and "places" not in event.slots:
                    _put_home(event, document, places, news)
                if len(found) < _MOST and not any(_is_same(event, other) for other in found):
                    found.append(event)
                    last[kind] = number, event
                    if kind == "acquisition":
                        closing(scene, event)
    names = full_names(companies)
    for event in found:
        event.company_name = names.get(event.company, event.company_name)
    return found


def _kinds(document: Document, topics: Collection[str]) -> dict[EventKind, bool]:
    """Return the kinds that an article may tell: True for its topics, False for those by sure words."""
    text = document.text.text
    lower = text.casefold()
    lead = lower[:_LEAD]
    stems = data()["stems"]
    return {
        kind: topic in topics
        for kind, topic in data()["topics"].items()
        if (topic in topics and any(map(lower.__contains__, stems[kind])))
        or (any(map(lead.__contains__, stems[kind])) and pattern("sure", kind).search(text, 0, _LEAD))
    }


def _main_company(companies: Sequence[Mention]) -> Mention | None:
    """Return a mention of the company of the title or, if none, of the only one or the one named far most."""
    named = [mention for mention in companies if mention.target]
    titled = {mention.target for mention in named if mention.field == "title"}
    counted = Counter(mention.target for mention in named)
    if len(titled) == 1:
        chosen = next(iter(titled))
    elif len(counted) == 1 or (counted and counted.most_common(2)[0][1] >= 2 * counted.most_common(2)[1][1]):
        chosen = counted.most_common(1)[0][0]
    else:
        return None
    return next((mention for mention in named if mention.target == chosen), None)


def _read(
    kind: EventKind,
    scene: Scene,
    main: Mention | None,
    programme: tuple[str, Span] | None,
    of_awards: bool,
) -> Iterable[Event]:
    if kind == "grant":
        return grants(scene, programme, of_awards)
    if kind == "acquisition":
        return acquisitions(scene)
    if kind == "contract":
        event = contract(scene)
    elif kind == "outage":
        event = outage(scene, main)
    elif kind == "layoffs":
        event = layoffs(scene, main)
    else:
        event = leadership(scene, main)
    return () if event is None else (event,)


def _add(scene: Scene, event: Event) -> None:
    if event.kind == "outage":
        add_to_outage(scene, event)
    elif event.kind == "acquisition":
        priced(scene, event)
        closing(scene, event)
    elif event.kind == "contract":
        add_to_contract(scene, event)
    elif event.kind == "grant":
        add_to_grant(scene, event)
    elif event.kind == "layoffs":
        layoff_date(scene, event)


def _put_home(event: Event, document: Document, places: Sequence[PlaceMention], news: int) -> None:
    """Fill where an outage is from the dateline, where its sentence names no place."""
    for mention in places:
        local = mention.place is not None and mention.place.kind not in ("state", "country")
        if mention.field == "text" and mention.start < news and local and mention.place is not None:
            event.put("places", (mention.place.id,), mention.start, mention.end)
            return


def _is_same(event: Event, other: Event) -> bool:
    """Tell whether an event tells again what another told."""
    if (event.kind, event.company) != (other.kind, other.company):
        return False
    if event.kind in ("leadership", "acquisition"):
        mine, theirs = str(event.slots.get("other", "")), str(other.slots.get("other", ""))
        return mine in theirs or theirs in mine or mine.split()[-1:] == theirs.split()[-1:]
    if event.kind == "grant":
        return event.slots.get("amount_cents") == other.slots.get("amount_cents")
    return True
