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
    if lost is not None and (counted := scene.counted(pattern("outage", "whom"))):
        event.put("count", counted[0], counted[1].start, counted[1].end)
    if cause := pattern("outage", "cause").search(scene.text, scene.span.start, scene.span.end):
        event.put("cause", cause["cause"], *cause.span("cause"))
    if lost is not None and (places := scene.local()):
        event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    if again := pattern("outage", "restored").search(scene.text, scene.span.start, scene.span.end):
        event.put("stage", "restored", *again.span())
