"""From what the stages found to the records that travel on: places with roles, builds, story keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.companies.lexicon import Lexicon
from market.ids import expansion_id, told_id
from market.records import Expansion, Mention, TaggedCompany, TaggedPlace, ToldEvent, ToldOffer
from nlp.document import Document, Span
from nlp.events_scene import Event
from nlp.facts import Fact
from nlp.inputs import TagInput
from nlp.keysentence import key_sentence
from nlp.offers_price import Price
from nlp.providers import usual_name
from nlp.regions import PlaceMention
from nlp.results import evidence
from nlp.roles import Judged
from nlp.roles_signs import Sign
from nlp.stories_key import StoryKey, make_key
from nlp.topics import TopicScore


def place_mention(mention: PlaceMention) -> Mention:
    """Return a place mention as the record's mention."""
    return Mention(
        text=mention.text,
        start=mention.start,
        end=mention.end,
        field=mention.field,
        kind="place",
        target=str(mention.place.id) if mention.place else None,
        method=mention.method,
        score=mention.score,
    )


def tagged_places(mentions: Sequence[PlaceMention], roles: Mapping[int, Judged]) -> tuple[TaggedPlace, ...]:
    """Return every place once, with its role; the region of "northwest Arkansas" stands before its state."""
    found: dict[int, TaggedPlace] = {}
    named = (place for mention in mentions for place in (mention.area, mention.place))
    for place in named:
        if place is None or place.id in found:
            continue
        judged = roles[place.id]
        found[place.id] = TaggedPlace(
            id=place.id,
            name=place.name,
            kind=place.kind,
            state=place.state,
            county_fips=place.county_fips,
            cbsa=place.cbsa,
            lat=place.lat,
            lon=place.lon,
            role=judged.role,
            reason=judged.reason,
        )
    return tuple(found.values())


def subjects_of(facts: Sequence[Fact]) -> dict[str, Sign | None]:
    """Return the companies of the builds, each with the words that tell its first one."""
    found: dict[str, Sign | None] = {}
    for fact in facts:
        proof = fact.proofs.get("company") or next(iter(fact.proofs.values()), None)
        if fact.company not in found:
            found[fact.company] = Sign("event", proof.field, proof.start, proof.end) if proof else None
    return found


def expansion_of(item: TagInput, fact: Fact, lexicon: Lexicon) -> Expansion:
    """Return a build as its record, with evidence for each slot."""
    place_ids = tuple(place.id for place in fact.places)
    return Expansion(
        id=expansion_id(item.id, fact.company, fact.stage, tuple(map(str, place_ids)), fact.start),
        record_id=item.id,
        company=fact.company,
        company_name=lexicon.name(fact.company) if lexicon.get(fact.company) else fact.company_name,
        partner=fact.partner,
        places=place_ids,
        stage=fact.stage,
        passings=fact.passings,
        route_miles=fact.route_miles,
        down_mbps=fact.down_mbps,
        up_mbps=fact.up_mbps,
        investment_cents=fact.investment,
        grant_cents=fact.grant,
        technology=fact.technology,
        funding=fact.funding,
        announced_on=fact.announced_on,
        target_on=fact.target_on,
        evidence=tuple(
            evidence(item, proof.slot, proof.field, proof.start, proof.end) for proof in fact.proofs.values()
        ),
    )


def told_offer(item: TagInput, price: Price, lexicon: Lexicon) -> ToldOffer:
    """Return a price as its record, with evidence for each slot."""
    known = lexicon.get(price.company)
    return ToldOffer(
        id=told_id(item.id, "offer", price.company, price.start),
        record_id=item.id,
        company=price.company,
        company_name=known.name if known else usual_name(price.company_name),
        plan_name=price.plan_name,
        monthly_cents=price.monthly_cents,
        promo_cents=price.promo_cents,
        promo_months=price.promo_months,
        autopay=price.autopay,
        down_mbps=price.down_mbps,
        up_mbps=price.up_mbps,
        contract_months=price.contract_months,
        evidence=tuple(
            evidence(item, slot, "text", span.start, span.end) for slot, span in price.proofs.items()
        ),
    )


def told_event(item: TagInput, event: Event, lexicon: Lexicon) -> ToldEvent:
    """Return an event as its record, with evidence for each slot."""
    known = lexicon.get(event.company)
    return ToldEvent(
        id=told_id(item.id, event.kind, event.company, event.start),
        record_id=item.id,
        kind=event.kind,
        company=event.company,
        company_name=known.name if known else usual_name(event.company_name),
        evidence=tuple(
            evidence(item, slot, "text", span.start, span.end) for slot, span in event.proofs.items()
        ),
        **event.slots,
    )


def key_span_of(
    document: Document,
    companies: Sequence[Mention],
    places: Sequence[PlaceMention],
    tagged_companies: Sequence[TaggedCompany],
    tagged_places: Sequence[TaggedPlace],
    facts: Sequence[Fact],
    scored: Sequence[TopicScore],
) -> Span | None:
    """Return where the key sentence stands in the text; None for an empty text."""
    about = {company.id for company in tagged_companies if company.role == "about"}
    about_places = {place.id for place in tagged_places if place.role == "about"}
    in_text = [mention for mention in companies if mention.field == "text"]
    return key_sentence(
        document.text,
        about_companies=[(m.start, m.end) for m in in_text if m.target in about],
        other_companies=[(m.start, m.end) for m in in_text if m.target not in about],
        about_places=[
            (m.start, m.end) for m in places if m.field == "text" and m.place and m.place.id in about_places
        ],
        facts=[
            (proof.start, proof.end)
            for fact in facts
            for proof in fact.proofs.values()
            if proof.field == "text"
        ],
        topic_words={word for topic in scored[:1] for phrase in topic.phrases[:8] for word in phrase.split()},
    )


def story_key_of(
    item: TagInput,
    document: Document,
    companies: Sequence[TaggedCompany],
    places: Sequence[TaggedPlace],
    scored: Sequence[TopicScore],
) -> StoryKey:
    """Return what an article brings to the clustering of stories."""
    return make_key(
        item.id,
        document.title.text,
        document.text.text,
        item.published_at,
        companies,
        places,
        [topic.topic for topic in scored],
    )
