"""The tagger: from title and text to companies, places, topics, builds, key sentence and importance.

`Tagger` is built once a process and keeps nothing between articles but the stories it was given, so any
number of processes may tag at once; stories are then assigned afterwards, in one place (nlp/stories.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from market.companies.lexicon import Lexicon
from market.places.gazetteer import Gazetteer
from market.records import Mention, TaggedCompany
from nlp.build import MODEL, TEXT_LIMIT, build_pipeline, model_end, passages
from nlp.companies import CompanyFinder, trade_strength
from nlp.companies_explain import ExplainingFinder
from nlp.document import Document, Field, Span
from nlp.events import find_events
from nlp.expansions import find_facts
from nlp.expansions_tables import table_places
from nlp.facts import Fact
from nlp.importance import importance, weigh
from nlp.inputs import TagInput
from nlp.offers import find_prices
from nlp.providers import find_providers, full_names, usual_name
from nlp.regions import PlaceMention, Regions
from nlp.results import READER, VERSION, RoleGrounds, TagResult
from nlp.roles import Judged, Roles
from nlp.stories import Stories
from nlp.tagged import (
    expansion_of,
    key_span_of,
    place_mention,
    story_key_of,
    subjects_of,
    tagged_places,
    told_event,
    told_offer,
)
from nlp.topics import TopicScore, topic_scores, topics, with_facts

__all__ = ["READER", "TITLE_LIMIT", "VERSION", "TagInput", "TagResult", "Tagger"]

TITLE_LIMIT = 2_000
"""Characters of a title that are read."""
_BATCH = 64
_RECOUNTING = {"earnings", "outage", "m&a", "layoffs", "pricing", "leadership"}
"""Topics of articles that recount networks in passing."""


class Tagger:
    """Tags articles. Build one a process: it loads the model (about a second) and the lexicon."""

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        gazetteer: Gazetteer | None = None,
        *,
        model: str = MODEL,
        stories: Stories | None = None,
        explain: bool = False,
    ) -> None:
        """With `stories` each article is put into its story as it passes; without, it is its own story.

        With `explain` every mention of a place or company keeps the evidence that decided it.
        """
        self.lexicon = lexicon if lexicon is not None else Lexicon.load()
        self._nlp = build_pipeline(model)
        self._companies = (ExplainingFinder if explain else CompanyFinder)(self.lexicon)
        self._regions = Regions(gazetteer if gazetteer is not None else Gazetteer.load(), explain=explain)
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
                    truncated=model_end(item.text) < len(item.text),
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
        found = table_places(document, found)
        by_words = topic_scores(document)
        facts = find_facts(document, companies, found)
        facts = _plausible(facts, topics(document, by_words, trade, bool(resolved)))
        names = full_names(resolved)
        for fact in facts:
            fact.company_name = names.get(fact.company, fact.company_name)
        scored = topics(document, with_facts(by_words, facts), trade, bool(resolved))
        proofs = [
            proof for fact in facts for slot, proof in fact.proofs.items() if slot in ("places", "passings")
        ]
        roles = Roles(
            document.title,
            document.text,
            [(proof.field, Span(proof.start, proof.end)) for proof in proofs],
            {place.id for fact in facts for place in fact.places},
            scored[0].topic if scored else None,
        )
        place_roles = roles.places(found)
        source = item.company if scored and self.lexicon.get(item.company or "") is not None else None
        company_roles = roles.companies(resolved, subjects_of(facts), source)
        tagged_companies = self._tagged_companies(resolved, company_roles, facts)
        places = tagged_places(found, place_roles)
        expansions = tuple(expansion_of(item, fact, self.lexicon) for fact in facts)
        key_span = key_span_of(document, resolved, found, tagged_companies, places, facts, scored)
        weighed = weigh(document, [topic.topic for topic in scored], tagged_companies, places, expansions)
        result = TagResult(
            input=item,
            mentions=(*companies, *(place_mention(mention) for mention in found)),
            companies=tagged_companies,
            place_mentions=found,
            places=places,
            roles=RoleGrounds(companies=company_roles, places=place_roles),
            company_grounds=(
                self._companies.grounds(document, companies)
                if isinstance(self._companies, ExplainingFinder)
                else ()
            ),
            topics=scored,
            importance=importance(weighed),
            weighed=weighed,
            key_span=key_span,
            expansions=expansions,
            events=tuple(
                told_event(item, event, self.lexicon)
                for event in find_events(document, companies, found, {topic.topic for topic in scored})
            ),
            offers=tuple(told_offer(item, price, self.lexicon) for price in find_prices(document, resolved)),
            given=self._given(item, document),
            story=story_key_of(item, document, tagged_companies, places, scored),
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
        """Return every judged company once: a source that is not named before the others, then as named."""
        named: dict[str, list[Mention]] = {}
        for mention in mentions:
            named.setdefault(mention.target or "", []).append(mention)
        subjects = {fact.company: fact.company_name for fact in facts}
        order = [key for key, judged in roles.items() if judged.reason == "source"]
        order += [key for key in (*named, *subjects) if key not in order]
        return tuple(
            TaggedCompany(
                id=key,
                name=self._name(key, named[key])
                if key in named
                else subjects.get(key) or self.lexicon.name(key),
                role=roles[key].role,
                reason=roles[key].reason,
            )
            for key in dict.fromkeys(order)
        )

    def _name(self, company_id: str, mentions: Sequence[Mention]) -> str:
        """The usual name; a former one when the article uses no other; of unknown companies the text's."""
        company = self.lexicon.get(company_id)
        if company is None:
            return usual_name(full_names(mentions)[company_id])
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


def _plausible(facts: Sequence[Fact], scored: Sequence[TopicScore]) -> list[Fact]:
    """Drop builds of an article about none: earnings, outages and mergers recount networks in passing."""
    names = {topic.topic for topic in scored}
    if not facts or names & {"expansion", "funding"}:
        return list(facts)
    if not names:
        return [
            fact
            for fact in facts
            if fact.has_figures or fact.is_lead or fact.stage in ("cancelled", "live", "permitted")
        ]
    told = {fact.company for fact in facts if fact.has_figures and fact.is_lead}
    return [f for f in facts if f.has_figures and f.company in told] if not names & _RECOUNTING else []
