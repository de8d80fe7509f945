"""The JSON of `crowsnest tag`: one object an article, in the form that the design fixes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from market.records import Evidence, Expansion, Place, TextSpan, ToldEvent, ToldOffer
from nlp.document import Span
from nlp.importance import base
from nlp.regions import PlaceMention
from nlp.regions_explain import Reason
from nlp.roles import Judged

if TYPE_CHECKING:
    from nlp.results import TagResult


def answer(result: TagResult, *, explain: bool = False) -> dict[str, Any]:
    """Return the answer as plain JSON values."""
    roles = {place.id: place for place in result.places}
    answered: dict[str, Any] = {
        "id": result.id,
        "companies": [_company(result, company, explain) for company in result.companies],
        "places": [
            _place(mention, roles[mention.place.id].role)
            | (_why(result, result.roles.places[mention.place.id]) if explain else {})
            for mention in result.place_mentions
            if mention.place is not None
        ],
        "topics": [topic.topic for topic in result.topics],
        "expansions": [_expansion(result, fact) for fact in result.expansions],
        "events": [_event(result, event) for event in result.events],
        "offers": [_told(offer) for offer in result.offers],
        "key_sentence": result.key_sentence.quote if result.key_sentence else None,
        "key_sentence_at": _at(result.key_span),
        "importance": {"score": result.importance.score, "reasons": list(result.importance.reasons)},
        "story_id": result.story_id,
    }
    if result.given is not None:
        answered["given"] = [_given(mention) for mention in result.given]
    if result.truncated:
        answered["truncated"] = True
    if explain:
        answered["explain"] = _explained(result)
    return answered


def _span(text: str, start: int, end: int, field: str) -> dict[str, Any]:
    span: dict[str, Any] = {"text": text, "start": start, "end": end}
    if field == "title":
        span["in"] = "title"
    return span


def _at(span: Span | None) -> dict[str, int] | None:
    return {"start": span.start, "end": span.end} if span else None


def _company(result: TagResult, company: Any, explain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": company.id,
        "name": company.name,
        "role": company.role,
        "mentions": [
            _span(m.text, m.start, m.end, m.field)
            for m in result.mentions
            if m.kind == "company" and m.target == company.id
        ],
    }
    return row | _why(result, result.roles.companies[company.id]) if explain else row


def _place(mention: PlaceMention, role: str) -> dict[str, Any]:
    return _span(mention.text, mention.start, mention.end, mention.field) | _where(mention) | {"role": role}


def _why(result: TagResult, judged: Judged) -> dict[str, Any]:
    """Return a role's reason, and the words that it rests on where there are any."""
    sign = judged.sign
    if sign is None:
        return {"reason": judged.reason}
    words = (result.input.title if sign.field == "title" else result.input.text)[sign.start : sign.end]
    return {"reason": judged.reason, "because": _span(words, sign.start, sign.end, sign.field)}


def _where(mention: PlaceMention) -> dict[str, Any]:
    place = mention.place
    names = ("id", "name", "kind", "state", "county_fips", "cbsa", "lat", "lon")
    return {name: getattr(place, name) if place is not None else None for name in names}


def _given(mention: PlaceMention) -> dict[str, Any]:
    return {"start": mention.start, "end": mention.end} | _where(mention) | {"score": mention.score}


def _quoted(evidence: Evidence) -> dict[str, Any]:
    where = evidence.where
    if not isinstance(where, TextSpan):
        raise TypeError(f"the tagger quotes texts only, not {where.at}")
    return _span(evidence.quote, where.start, where.end, where.field)


def _expansion(result: TagResult, fact: Expansion) -> dict[str, Any]:
    row = fact.model_dump(mode="json", exclude={"id", "record_id", "places", "evidence"})
    row["places"] = _places(result, fact.places)
    row["evidence"] = _proofs(fact.evidence)
    return row


def _places(result: TagResult, place_ids: Iterable[int]) -> list[dict[str, Any]]:
    places = {
        mention.place.id: mention.place for mention in result.place_mentions if mention.place is not None
    }
    names = ("id", "name", "kind", "state")
    return [{name: getattr(places[place_id], name) for name in names} for place_id in place_ids]


def _event(result: TagResult, event: ToldEvent) -> dict[str, Any]:
    row = event.model_dump(mode="json", exclude={"id", "record_id", "places", "evidence"}, exclude_none=True)
    if event.places:
        row["places"] = _places(result, event.places)
    row["evidence"] = _proofs(event.evidence)
    return row


def _told(offer: ToldOffer) -> dict[str, Any]:
    row = offer.model_dump(mode="json", exclude={"id", "record_id", "evidence"})
    row["evidence"] = _proofs(offer.evidence)
    return row


def _proofs(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [
        {"slot": proof.slot} | {("quote" if k == "text" else k): v for k, v in _quoted(proof).items()}
        for proof in evidence
    ]


def _explained(result: TagResult) -> dict[str, Any]:
    return {
        "companies": list(_named(result)),
        "places": list(_candidates(result.place_mentions)),
        "topics": [
            {"topic": topic.topic, "score": round(topic.score, 1), "phrases": list(topic.phrases)}
            for topic in result.topics
        ],
        "importance": {
            "base": base(),
            "rules": [
                {"rule": rule.rule, "points": rule.points, "reason": rule.reason} for rule in result.weighed
            ],
        },
    }


def _named(result: TagResult) -> Iterable[dict[str, Any]]:
    """Yield each company mention, and each name that was passed over, with what decided."""
    methods = {(m.field, m.start): m for m in result.mentions if m.kind == "company"}
    known = {(each.field, each.start): each for each in result.company_grounds}
    for at in sorted({*methods, *known}, key=lambda at: (at[0] == "text", at[1])):
        mention, grounds = methods.get(at), known.get(at)
        one = mention or grounds
        if one is None:
            continue
        row = _span(one.text, one.start, one.end, one.field) | {
            "id": mention.target if mention else None,
            "method": mention.method if mention else None,
            "score": mention.score if mention else None,
        }
        if grounds is not None:
            row |= {
                "taken": grounds.taken,
                "candidates": list(grounds.candidates),
                "for": list(grounds.speaks_for),
                "against": list(grounds.against),
            }
        yield row


def _candidates(mentions: Iterable[PlaceMention]) -> Iterable[dict[str, Any]]:
    for mention in mentions:
        row = _span(mention.text, mention.start, mention.end, mention.field) | {
            "id": mention.place.id if mention.place is not None else None,
            "method": mention.method,
            "score": mention.score,
            "is_place": mention.chance,
            "candidates": [_candidate(place, share) for place, share in mention.candidates],
        }
        if mention.grounds is not None:
            row["is_place_because"] = _reasons(mention.grounds.is_place)
            row["decided_by"] = _reasons(mention.grounds.decided)
            for candidate, sense in zip(row["candidates"], mention.grounds.senses, strict=True):
                candidate["because"] = _reasons(sense.reasons)
        yield row


def _candidate(place: Place, share: float) -> dict[str, Any]:
    names = ("id", "name", "kind", "state", "country", "county_fips", "population")
    return {name: getattr(place, name) for name in names} | {"share": share}


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"evidence": reason.evidence, "weight": reason.weight} for reason in reasons]
