"""What decided, for reading: the explanation of `crowsnest tag --explain --text`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from market.records import Place
from nlp.importance import base
from nlp.regions import PlaceMention
from nlp.regions_explain import Reason
from nlp.roles import Judged

if TYPE_CHECKING:
    from nlp.results import TagResult

_CANDIDATES = 4
_WORDS = 100
"""Characters shown of the words that a role rests on."""


def explained(result: TagResult) -> str:
    """Return companies, places, topics and importance of an article with what decided each, as lines."""
    title = " ".join(result.input.title.split())
    return "\n".join([f"# {result.id}  {title}".rstrip(), *_lines(result), ""])


def _lines(result: TagResult) -> Iterator[str]:
    yield from _companies(result)
    for company in result.companies:
        yield f"    role of {company.id}: {_role(result, result.roles.companies[company.id])}"
    for place in result.place_mentions:
        yield from _place(place)
        if place.place is not None:
            yield f"    role: {_role(result, result.roles.places[place.place.id])}"
    for topic in result.topics:
        yield f"topic {topic.topic}: {topic.score:.1f}, by {', '.join(topic.phrases) or 'facts'}"
    yield f"importance {result.importance.score:.2f}: every article has {base():.2f}"
    for rule in result.weighed:
        yield f"    {rule.points:+.2f} {rule.reason} ({rule.rule})"


def _companies(result: TagResult) -> Iterator[str]:
    """Yield each company mention, and each name that was passed over, with what spoke for it and against."""
    methods = {(m.field, m.start): m for m in result.mentions if m.kind == "company"}
    known = {(each.field, each.start): each for each in result.company_grounds}
    for at in sorted({*methods, *known}, key=lambda at: (at[0] == "text", at[1])):
        mention, grounds = methods.get(at), known.get(at)
        if mention is not None:
            score = "" if mention.score is None else f"; score {mention.score:.2f}"
            target = mention.target or "unknown"
            yield f"company {_at(mention.text, *at)}: {target}{score}, by {mention.method}"
        elif grounds is not None:
            yield f"no company {_at(grounds.text, *at)}: passed over"
        if grounds is None:
            continue
        if len(grounds.candidates) > (1 if grounds.taken else 0):
            yield f"    bears this name: {', '.join(grounds.candidates)}"
        for side, told in (("for", grounds.speaks_for), ("against", grounds.against)):
            if told:
                yield f"    {side}: {'; '.join(told)}"


def _role(result: TagResult, judged: Judged) -> str:
    """Return 'about (lead: "in Greenville")': the role, its reason and the words that it rests on."""
    if judged.sign is None:
        return f"{judged.role} ({judged.reason})"
    sign = judged.sign
    passage = result.input.title if sign.field == "title" else result.input.text
    words = shorten(passage[sign.start : sign.end], _WORDS, placeholder=" ...")
    return f'{judged.role} ({judged.reason}: "{words}", {sign.field} {sign.start})'


def _at(text: str, field: str, start: int) -> str:
    words = " ".join(text.split())
    return f'"{words}" ({field} {start})'


def _place(mention: PlaceMention) -> Iterator[str]:
    meant = _named(mention.place) if mention.place is not None else "unknown"
    yield (
        f"place {_at(mention.text, mention.field, mention.start)}: {meant}; score {mention.score:.2f}, "
        f"by {mention.method}"
    )
    if mention.grounds is None:
        return
    yield from _told(f"    a place ({mention.chance:.2f}):", mention.grounds.is_place)
    senses = mention.grounds.senses
    for number, sense in enumerate(senses[:_CANDIDATES], 1):
        yield from _told(f"    {number}. {_named(sense.place)}: {sense.share:.2f};", sense.reasons)
    if len(senses) > _CANDIDATES:
        yield f"    and {len(mention.candidates) - _CANDIDATES} less likely"
    yield from _told("    first before second:", mention.grounds.decided)


def _named(place: Place) -> str:
    where = place.state if place.country == "US" and place.state else place.country
    county = f", county {place.county_fips}" if place.county_fips and place.kind != "county" else ""
    return f"{place.name}, {where} ({place.kind}{county}, {place.population:,} people)"


def _told(head: str, reasons: Sequence[Reason]) -> Iterator[str]:
    """Yield "HEAD for: a (+1.2), b (+0.3); against: c (-0.4)", or the head alone."""
    sides = (
        ("for", _weighed(reason for reason in reasons if reason.weight > 0)),
        ("against", _weighed(reason for reason in reasons if reason.weight < 0)),
    )
    words = "; ".join(f"{side}: {told}" for side, told in sides if told)
    if words or not head.endswith("second:"):
        yield f"{head} {words}".rstrip(" ;")


def _weighed(reasons: Iterable[Reason]) -> str:
    return ", ".join(f"{reason.evidence} ({reason.weight:+.1f})" for reason in reasons)
