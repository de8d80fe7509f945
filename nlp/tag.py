"""The tagger: from title and text to companies, places, topics, builds, key sentence and importance.

`Tagger` is built once a process and keeps nothing between articles but the stories it was given, so any
number of processes may tag at once; stories are then assigned afterwards, in one place (nlp/stories.py).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from market.companies.lexicon import Lexicon
from market.ids import expansion_id, text_sha256
from market.places.gazetteer import Gazetteer
from market.records import (
    Evidence,
    Expansion,
    Importance,
    Issue,
    Mention,
    Tagged,
    TaggedCompany,
    TaggedPlace,
    TextSpan,
)
from nlp.build import MODEL, NER_LIMIT, TEXT_LIMIT, build_pipeline, passages
from nlp.companies import CompanyFinder, trade_strength
from nlp.document import Document, Field, Span
from nlp.expansions import find_facts
from nlp.facts import Fact
from nlp.importance import importance
from nlp.keysentence import key_sentence
from nlp.providers import find_providers, usual_name
from nlp.regions import PlaceMention, Regions
from nlp.roles import Judged, Roles
from nlp.stories import Stories, StoryKey, signature, story_figures, title_words
from nlp.topics import TopicScore, topic_scores, topics, with_facts

VERSION = 1
"""Raised whenever the tagger's answers can differ; a higher one re-tags."""

READER = "article"
"""Who reads a text's evidence again: the reader that made the text."""

TITLE_LIMIT = 2_000
"""Characters of a title that are read."""
_BATCH = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TagInput:
    """What the tagger is given of one article."""

    id: str
    title: str
    text: str
    published_at: datetime | None = None
    """Aware; helps with "next year" and "today"."""
    company: str | None = None
    """Lexicon id of the company whose own source it is."""
    home_state: str | None = None
    """Two-letter state the source writes from."""
    mentions: tuple[tuple[int, int], ...] | None = None
    """Spans of the text to resolve as places, answered in `given`; None asks for none."""
    capture_id: str = ""
    reader_version: int = 1
    """Version of the article reader that made the text; stands in the evidence."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TagInput:
        """Build from one line of `crowsnest tag`. Raises ValueError that names the wrong field."""
        for name in ("id", "title", "text"):
            if not isinstance(data.get(name, "" if name == "title" else None), str):
                raise ValueError(f'"{name}" must be a string')
        spans: list[tuple[int, int]] = []
        for span in data.get("mentions") or ():
            if not isinstance(span, Mapping) or not all(
                type(span.get(key)) is int for key in ("start", "end")
            ):
                raise ValueError('"mentions" must be a list of {"start": number, "end": number}')
            start, end = span["start"], span["end"]
            if not 0 <= start < end <= len(data["text"]):
                raise ValueError(
                    f"the mention {start}..{end} does not lie in the text of {len(data['text'])} characters"
                )
            spans.append((start, end))
        return cls(
            id=_storable(data["id"]),
            title=_storable(data.get("title", "")),
            text=_storable(data["text"]),
            published_at=_moment(data.get("published_at")),
            company=data.get("company") or None,
            home_state=data.get("home_state") or None,
            mentions=tuple(spans) if "mentions" in data and data["mentions"] is not None else None,
        )


def _storable(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold, one character by one: offsets stay."""
    return _SURROGATE.sub("\ufffd", text)


def _moment(raw: object) -> datetime | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise ValueError('"published_at" must be an ISO date or time')
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise ValueError(f'"published_at" must be an ISO date or time, not {raw!r}') from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@dataclass(frozen=True)
class TagResult:
    """Everything the tagger says of one article."""

    input: TagInput
    mentions: tuple[Mention, ...]
    """Companies first, then places, each in order."""
    companies: tuple[TaggedCompany, ...]
    place_mentions: tuple[PlaceMention, ...]
    places: tuple[TaggedPlace, ...]
    topics: tuple[TopicScore, ...]
    """Heaviest first, with the phrases that gave them."""
    importance: Importance
    key_span: Span | None
    """The key sentence in the text."""
    expansions: tuple[Expansion, ...]
    given: tuple[PlaceMention, ...] | None
    story: StoryKey
    truncated: bool
    """True when the model saw only the first characters of the text; see `issue`."""

    @property
    def id(self) -> str:
        """The article's id."""
        return self.input.id

    @property
    def story_id(self) -> str:
        """The story's id; the article's own until stories are assigned."""
        return self.story.story_id or self.input.id

    @cached_property
    def key_sentence(self) -> Evidence | None:
        """The key sentence as evidence."""
        return (
            _evidence(self.input, "", "text", self.key_span.start, self.key_span.end)
            if self.key_span
            else None
        )

    def with_story(self, story_id: str) -> TagResult:
        """Return the same result under another story."""
        return dataclasses.replace(self, story=self.story.model_copy(update={"story_id": story_id}))

    def issue(self) -> Issue | None:
        """Return what was passed over: a text longer than the model is given."""
        if not self.truncated:
            return None
        return Issue(
            stage="tag",
            code="text-truncated",
            level="info",
            message=(
                f"the text of {self.input.id} has {len(self.input.text)} characters; the model sought names "
                f"in the first {NER_LIMIT} only, lexicon, gazetteer and rules in the first {TEXT_LIMIT}"
            ),
            data={"record_id": self.input.id, "limit": NER_LIMIT, "length": len(self.input.text)},
        )

    def tagged(self) -> Tagged:
        """Return the record for the ledger."""
        return Tagged(
            record_id=self.input.id,
            capture_id=self.input.capture_id,
            mentions=self.mentions,
            companies=self.companies,
            places=self.places,
            topics=tuple(topic.topic for topic in self.topics),
            importance=self.importance,
            key_sentence=self.key_sentence,
            expansions=self.expansions,
            story_id=self.story_id,
            tagger_version=VERSION,
        )

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the answer of `crowsnest tag` as plain values; offsets count characters of the text.

        What stands in the title carries "in": "title". With `explain` each decision comes with its reason.
        """
        from nlp.answer import answer

        return answer(self, explain=explain)


def _evidence(source: TagInput, slot: str, field: Field, start: int, end: int) -> Evidence:
    text = source.title if field == "title" else source.text
    return Evidence(
        capture_id=source.capture_id,
        record_id=source.id,
        slot=slot,
        quote=text[start:end],
        where=TextSpan(field=field, text_sha256=text_sha256(source.text), start=start, end=end),
        reader=READER,
        reader_version=source.reader_version,
    )


class Tagger:
    """Tags articles. Build one a process: it loads the model (about a second) and the lexicon."""

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        gazetteer: Gazetteer | None = None,
        *,
        model: str = MODEL,
        stories: Stories | None = None,
    ) -> None:
        """With `stories` each article is put into its story as it passes; without, it is its own story."""
        self.lexicon = lexicon if lexicon is not None else Lexicon.load()
        self._nlp = build_pipeline(model)
        self._companies = CompanyFinder(self.lexicon)
        self._regions = Regions(gazetteer if gazetteer is not None else Gazetteer.load())
        self._stories = stories

    def tag(self, inputs: Iterable[TagInput], *, batch_size: int = _BATCH) -> Iterator[TagResult]:
        """Yield one result an input, in order, through `nlp.pipe` in batches of `batch_size`."""
        stream = iter(inputs)
        while batch := list(islice(stream, batch_size)):
            read = passages(self._nlp, [(item.title[:TITLE_LIMIT], item.text[:TEXT_LIMIT]) for item in batch])
            for item, (title, text) in zip(batch, read, strict=True):
                document = Document(
                    id=item.id,
                    title=title,
                    text=text,
                    published_at=item.published_at,
                    company=item.company,
                    home_state=item.home_state,
                    truncated=len(item.text) > NER_LIMIT,
                )
                yield self._result(item, document)

    def _result(self, item: TagInput, document: Document) -> TagResult:
        trade = trade_strength(document)
        companies = self._companies.find(document)
        providers = find_providers(document, companies, trade)
        companies = _merged(companies, providers)
        resolved = [mention for mention in companies if mention.target]
        found = self._regions.find(
            document.passages,
            home_state=document.home_state,
            exclude={
                passage.field: [Span(m.start, m.end) for m in resolved if m.field == passage.field]
                for passage in document.passages
            },
        )
        by_words = topic_scores(document)
        facts = find_facts(document, companies, found)
        facts = _plausible(facts, topics(document, by_words, trade, bool(resolved)))
        scored = topics(document, with_facts(by_words, facts), trade, bool(resolved))
        proofs = [
            proof for fact in facts for slot, proof in fact.proofs.items() if slot in ("places", "passings")
        ]
        roles = Roles(
            document.title, document.text, [(proof.field, Span(proof.start, proof.end)) for proof in proofs]
        )
        company_roles, place_roles = roles.companies(resolved), roles.places(found)
        tagged_companies = self._tagged_companies(resolved, company_roles, facts)
        tagged_companies = self._with_source(tagged_companies, item.company if scored else None)
        tagged_places = _tagged_places(found, place_roles)
        expansions = tuple(_expansion(item, fact, self.lexicon) for fact in facts)
        key_span = _key_span(document, resolved, found, tagged_companies, tagged_places, facts, scored)
        result = TagResult(
            input=item,
            mentions=(*companies, *(_place_mention(mention) for mention in found)),
            companies=tagged_companies,
            place_mentions=found,
            places=tagged_places,
            topics=scored,
            importance=importance(
                document, [topic.topic for topic in scored], tagged_companies, tagged_places, expansions
            ),
            key_span=key_span,
            expansions=expansions,
            given=self._given(item, document),
            story=_story_key(item, document, tagged_companies, tagged_places, expansions),
            truncated=document.truncated,
        )
        if self._stories is None:
            return result
        return result.with_story(self._stories.assign(result.story).story_id)

    def _given(self, item: TagInput, document: Document) -> tuple[PlaceMention, ...] | None:
        if item.mentions is None:
            return None
        asked: list[tuple[Field, Span]] = [("text", Span(start, end)) for start, end in item.mentions]
        return self._regions.given(document.passages, asked, home_state=document.home_state)

    def _tagged_companies(
        self, mentions: Sequence[Mention], roles: Mapping[str, Judged], facts: Sequence[Fact]
    ) -> tuple[TaggedCompany, ...]:
        found: dict[str, TaggedCompany] = {}
        subjects = {fact.company: fact.company_name for fact in facts}
        for mention in mentions:
            company_id = mention.target or ""
            if company_id in found:
                continue
            judged = roles.get(company_id)
            role, reason = (judged.role, judged.reason) if judged else ("mentioned", "passing")
            if company_id in subjects and role != "about":
                role, reason = "about", "event"
            name = self._name(company_id, [m for m in mentions if m.target == company_id])
            found[company_id] = TaggedCompany(id=company_id, name=name, role=role, reason=reason)
        for company_id, name in subjects.items():
            if company_id not in found:
                found[company_id] = TaggedCompany(id=company_id, name=name, role="about", reason="event")
        return tuple(found.values())

    def _with_source(
        self, companies: tuple[TaggedCompany, ...], source: str | None
    ) -> tuple[TaggedCompany, ...]:
        """Make an article of a company's own newsroom one about it: "we" is the company, named or not."""
        if source is None or self.lexicon.get(source) is None:
            return companies
        others = tuple(company for company in companies if company.id != source)
        own = next((company for company in companies if company.id == source), None)
        if own is not None and own.role == "about":
            return companies
        name = own.name if own is not None else self.lexicon.name(source)
        return (TaggedCompany(id=source, name=name, role="about", reason="source"), *others)

    def _name(self, company_id: str, mentions: Sequence[Mention]) -> str:
        """The usual name; a former one when the article uses no other; of unknown companies the text's."""
        company = self.lexicon.get(company_id)
        if company is None:
            return usual_name(mentions[0].text)
        used = {mention.text.casefold() for mention in mentions}
        for former in company.former_names:
            if any(former.name.casefold() in text for text in used) and not any(
                company.name.casefold() in text for text in used
            ):
                return former.name
        return company.name


def _merged(companies: Sequence[Mention], providers: Sequence[Mention]) -> list[Mention]:
    """Put providers in the place of the plain organisation mentions that they overlap."""
    taken = {(m.field, position) for m in providers for position in range(m.start, m.end)}
    kept = [
        m for m in companies if m.target or not ((m.field, m.start) in taken or (m.field, m.end - 1) in taken)
    ]
    return sorted([*kept, *providers], key=lambda m: (m.field == "text", m.start))


_RECOUNTING = {"earnings", "outage", "m&a", "layoffs", "pricing", "leadership"}
"""Topics of articles that recount networks in passing."""


def _plausible(facts: Sequence[Fact], scored: Sequence[TopicScore]) -> list[Fact]:
    """Drop builds of an article about none: earnings, outages and mergers recount networks in passing."""
    names = {topic.topic for topic in scored}
    if not facts or names & {"expansion", "funding"}:
        return list(facts)
    if not names:
        return [
            fact for fact in facts if fact.has_figures or fact.stage in ("cancelled", "live", "permitted")
        ]
    return [fact for fact in facts if fact.has_figures and fact.is_lead] if not names & _RECOUNTING else []


def _place_mention(mention: PlaceMention) -> Mention:
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


def _tagged_places(mentions: Sequence[PlaceMention], roles: Mapping[int, Judged]) -> tuple[TaggedPlace, ...]:
    found: dict[int, TaggedPlace] = {}
    for mention in mentions:
        place = mention.place
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


def _expansion(item: TagInput, fact: Fact, lexicon: Lexicon) -> Expansion:
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
            _evidence(item, proof.slot, proof.field, proof.start, proof.end) for proof in fact.proofs.values()
        ),
    )


def _key_span(
    document: Document,
    companies: Sequence[Mention],
    places: Sequence[PlaceMention],
    tagged_companies: Sequence[TaggedCompany],
    tagged_places: Sequence[TaggedPlace],
    facts: Sequence[Fact],
    scored: Sequence[TopicScore],
) -> Span | None:
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


def _story_key(
    item: TagInput,
    document: Document,
    companies: Sequence[TaggedCompany],
    places: Sequence[TaggedPlace],
    expansions: Sequence[Expansion],
) -> StoryKey:
    return StoryKey(
        article_id=item.id,
        published_at=item.published_at,
        signature=signature(item.text),
        companies=tuple(company.id for company in companies if company.role == "about"),
        places=tuple(
            place.id for place in places if place.role == "about" and place.kind not in ("state", "country")
        ),
        figures=story_figures(expansions),
        title_words=title_words(document.title.text),
    )
