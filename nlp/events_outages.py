"""Outages: whose network failed, where, for how many, why, and whether it works again."""

from __future__ import annotations

from market.records import Mention
from nlp.document import Span
from nlp.events_scene import Event, Scene, pattern


def outage(scene: Scene, main: Mention | None) -> Event | None:
    """Return the outage that a sentence tells."""
    if pattern("outage", "lost").search(scene.text, scene.span.start, scene.span.end) is None:
        return None
    if pattern("outage", "not_ours").search(scene.words):
        return None
    company = next((m for m in scene.companies if m.target), None) or main
    if company is None or company.target is None:
        return None
    event = Event("outage", company.target, company.text, scene.span.start)
    if company.field == "text" and scene.span.start <= company.start < scene.span.end:
        event.proofs["company"] = Span(company.start, company.end)
    add_to_outage(scene, event)
    return event


def add_to_outage(scene: Scene, event: Event) -> None:
    """Fill what another sentence of the article says of its outage."""
    lost = pattern("outage", "lost").search(scene.text, scene.span.start, scene.span.end)
    if lost is not None or pattern("outage", "hit").search(scene.text, scene.span.start, scene.span.end):
        counted = scene.counted("outage") or _number_of(scene)
        if counted is not None:
            event.put("count", counted[0], counted[1].start, counted[1].end)
    if cause := pattern("outage", "cause").search(scene.text, scene.span.start, scene.span.end):
        event.put("cause", scene.text[slice(*cause.span("cause"))], *cause.span("cause"))
    if lost is not None and (places := scene.local()):
        event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    for again in pattern("outage", "restored").finditer(scene.text, scene.span.start, scene.span.end):
        if not pattern("outage", "not_yet").search(
            scene.text[max(scene.span.start, again.start() - 60) : again.start()]
        ):
            event.put("stage", "restored", *again.span())


def _number_of(scene: Scene) -> tuple[int, Span] | None:
    """Return the count of "put the number of homes that were dark at 3,300"."""
    match = pattern("outage", "counted").search(scene.words)
    number = next((n for n in scene.numbers() if match and n.start == match.end()), None)
    if match is None or number is None or number.value != int(number.value) or number.value < 1:
        return None
    return int(number.value), Span(scene.span.start + match.start(), scene.span.start + number.end)
