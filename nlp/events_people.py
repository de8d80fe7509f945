"""Leadership and layoffs: who takes or leaves which office, how many jobs go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from market.records import Mention
from nlp.document import Entity, Span
from nlp.events_scene import Event, Scene, data, pattern
from nlp.patterns import Folded

_NEAR = 60
"""Characters between a person and an office."""


_PAST = re.compile(r"\b(?:in|since|of)\s(?:early\s|late\s|\w+\s)?(20\d\d)\b")


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
    said = pattern("leadership", "pronoun").search(scene.text[max(scene.span.start, start - 12) : start])
    reach = 160 if said else 40
    return next((p for p in reversed(scene.people) if p.end <= start and start - p.end <= reach), None)


def _office(scene: Scene, person: Entity, verb_end: int, *, leaving: bool) -> Span | None:
    low = max(scene.span.start, person.start - _NEAR) if leaving else person.end
    # "named Ann Birch, until now its treasurer, as chief executive": the office behind "as" is the new one.
    new = None if leaving else _as_office().search(scene.text, person.end, scene.span.end)
    if new is not None and new.start() - person.end <= 2 * _NEAR:
        return _of_company(scene, Span(*new.span("role")))
    found = None
    for match in pattern("leadership", "role").finditer(scene.text, low, scene.span.end):
        near = (
            match.start() - (person.end if match.start() < verb_end else max(person.end, verb_end)) <= _NEAR
        )
        former = pattern("leadership", "former").search(
            scene.text[max(low, match.start() - 20) : match.start()]
        )
        if (
            near
            and not former
            and (not leaving or match.end() <= person.start or match.start() >= person.end)
        ):
            found = _of_company(scene, Span(*match.span("role")))
            break
    return found


def _of_company(scene: Scene, role: Span) -> Span:
    """Return an office without the company whose it is: "chief executive" of "chief executive of Acme"."""
    tail = re.compile(r"\sof\s(?:the\s)?(?=[A-Z])").search(scene.text, role.start, role.end)
    named = scene.named_at(tail.end()) if tail else None
    return Span(role.start, tail.start()) if tail and named else role


@cache
def _as_office() -> Folded:
    return Folded(rf"\bas\s(?:its\s|the\s|a\s)?{data()['leadership']['role']}")


def full_name(event: Event, people: Sequence[Entity], text: str) -> None:
    """Put the full name in place of a bare surname, where the article gives it."""
    name = str(event.slots.get("other", ""))
    if not name or " " in name:
        return
    for person in people:
        told = text[person.start : person.end]
        if told.endswith(f" {name}"):
            event.slots["other"], event.proofs["other"] = told, Span(person.start, person.end)
            return


def layoffs(scene: Scene, main: Mention | None) -> Event | None:
    """Return how many jobs which company cuts, and where."""
    words = scene.words
    if pattern("layoffs", "not_ours").search(words) or not pattern("layoffs", "out").search(words):
        return None
    cut = pattern("layoffs", "cut").search(scene.text, scene.span.start, scene.span.end)
    counted = scene.counted("layoffs")
    if cut is None or counted is None or abs(counted[1].start - cut.end()) > _NEAR:
        return None
    if _is_past(scene):
        return None
    company = next((m for m in scene.companies if m.target), None) or main
    if company is None or company.target is None:
        return None
    event = Event("layoffs", company.target, company.text, scene.span.start)
    if company.field == "text" and scene.span.start <= company.start < scene.span.end:
        event.proofs["company"] = Span(company.start, company.end)
    event.put("count", counted[0], counted[1].start, counted[1].end)
    layoff_date(scene, event)
    if places := scene.local():
        event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    return event


def _is_past(scene: Scene) -> bool:
    """Say whether a sentence tells of a year before the article's."""
    years = [int(match[1]) for match in _PAST.finditer(scene.text, scene.span.start, scene.span.end)]
    return scene.published_at is not None and any(year < scene.published_at.year for year in years)


def layoff_date(scene: Scene, event: Event) -> None:
    """Fill when jobs go, from the sentence that tells how many or one close behind it."""
    for match in pattern("layoffs", "when").finditer(scene.text, scene.span.start, scene.span.end):
        date = scene.date_near(match.end())
        if date is not None and date[1].start - match.end() <= 12:
            event.put("on", date[0], date[1].start, date[1].end)
            return
