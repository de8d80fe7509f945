"""Leadership and layoffs: who takes or leaves which office, how many jobs go."""

from __future__ import annotations

from market.records import Mention
from nlp.document import Entity, Span
from nlp.events_scene import Event, Scene, pattern

_NEAR = 60
"""Characters between a person and an office."""


def leadership(scene: Scene, main: Mention | None) -> Event | None:
    """Return who takes or leaves which office of which company."""
    role = pattern("leadership", "role").search(scene.text, scene.span.start, scene.span.end)
    if role is None or not scene.people:
        return None
    for name, stage in (("named", "appointed"), ("is_named", "appointed"), ("leaves", "leaving")):
        for match in pattern("leadership", name).finditer(scene.text, scene.span.start, scene.span.end):
            person = _person(scene, match.start(), match.end(), behind=name == "named")
            if person is None:
                continue
            office = _office(scene, person, match.end(), leaving=name == "leaves")
            company = scene.company_before(match.start()) or main
            if office is None or company is None or company.target is None:
                continue
            event = Event("leadership", company.target, company.text, scene.span.start)
            if scene.span.start <= company.start < scene.span.end and company.field == "text":
                event.proofs["company"] = Span(company.start, company.end)
            event.put("other", scene.text[person.start : person.end], person.start, person.end)
            event.put("role", scene.text[office.start : office.end], office.start, office.end)
            event.put("stage", stage, match.start("verb"), match.end("verb"))
            when = pattern("leadership", "effective").search(scene.text, match.end(), scene.span.end)
            if when is not None and (date := scene.date_near(when.start())):
                event.put("on", date[0], date[1].start, date[1].end)
            return event
    return None


def _person(scene: Scene, start: int, end: int, *, behind: bool) -> Entity | None:
    if behind:
        return next((p for p in scene.people if end <= p.start <= end + 3), None)
    # "its chief network officer, Ann Birch, will retire"
    return next((p for p in reversed(scene.people) if p.end <= start and start - p.end <= 40), None)


def _office(scene: Scene, person: Entity, verb_end: int, *, leaving: bool) -> Span | None:
    low = max(scene.span.start, person.start - _NEAR) if leaving else person.end
    found = None
    for match in pattern("leadership", "role").finditer(scene.text, low, scene.span.end):
        near = match.start() - max(person.end, verb_end) <= _NEAR
        former = pattern("leadership", "former").search(
            scene.text[max(low, match.start() - 20) : match.start()]
        )
        if (
            near
            and not former
            and (not leaving or match.end() <= person.start or match.start() >= person.end)
        ):
            found = Span(*match.span("role"))
            break
    return found


def layoffs(scene: Scene, main: Mention | None) -> Event | None:
    """Return how many jobs which company cuts, and where."""
    words = scene.words
    if pattern("layoffs", "not_ours").search(words) or not pattern("layoffs", "out").search(words):
        return None
    cut = pattern("layoffs", "cut").search(scene.text, scene.span.start, scene.span.end)
    counted = scene.counted(pattern("layoffs", "whom"))
    if cut is None or counted is None or abs(counted[1].start - cut.end()) > _NEAR:
        return None
    company = next((m for m in scene.companies if m.target), None) or main
    if company is None or company.target is None:
        return None
    event = Event("layoffs", company.target, company.text, scene.span.start)
    if company.field == "text" and scene.span.start <= company.start < scene.span.end:
        event.proofs["company"] = Span(company.start, company.end)
    event.put("count", counted[0], counted[1].start, counted[1].end)
    if places := scene.local():
        event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    return event
