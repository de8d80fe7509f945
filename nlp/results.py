"""Everything the tagger says of one article, as record for the ledger and as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from market.ids import text_sha256
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
    ToldEvent,
    ToldOffer,
)
from nlp.build import TEXT_LIMIT, model_end
from nlp.companies_explain import CompanyGrounds
from nlp.document import Field, Span
from nlp.importance import Weighed
from nlp.inputs import TagInput
from nlp.regions import PlaceMention
from nlp.regions_words import most_mentions
from nlp.roles import Judged
from nlp.stories import StoryKey
from nlp.topics import TopicScore

VERSION = 6
"""Raised whenever the tagger's answers can differ; a higher one re-tags."""

READER = "article"
"""Who reads a text's evidence again: the reader that made the text."""


@dataclass(frozen=True)
class RoleGrounds:
    """Why each company (by its id) and each place has its role, with the words that say so."""

    companies: Mapping[str, Judged]
    places: Mapping[int, Judged]


@dataclass(frozen=True)
class TagResult:
    """Everything the tagger says of one article."""

    input: TagInput
    mentions: tuple[Mention, ...]
    """Companies first, then places, each in order."""
    companies: tuple[TaggedCompany, ...]
    place_mentions: tuple[PlaceMention, ...]
    places: tuple[TaggedPlace, ...]
    roles: RoleGrounds
    company_grounds: tuple[CompanyGrounds, ...]
    """Of each company mention and of each name passed over, what decided; () when nobody asked."""
    topics: tuple[TopicScore, ...]
    """Heaviest first, with the phrases that gave them."""
    importance: Importance
    weighed: tuple[Weighed, ...]
    """The rules that gave the importance, the weightiest first."""
    key_span: Span | None
    """The key sentence in the text."""
    expansions: tuple[Expansion, ...]
    events: tuple[ToldEvent, ...]
    offers: tuple[ToldOffer, ...]
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
            evidence(self.input, "", "text", self.key_span.start, self.key_span.end)
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
        limit = model_end(self.input.text)
        return Issue(
            stage="tag",
            code="text-truncated",
            level="info",
            message=(
                f"the text of {self.input.id} has {len(self.input.text)} characters; the model sought names "
                f"in the first {limit} only, lexicon, gazetteer and rules in the first {TEXT_LIMIT}; "
                f"of places the first {most_mentions()} were judged"
            ),
            data={"record_id": self.input.id, "limit": limit, "length": len(self.input.text)},
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
            events=self.events,
            offers=self.offers,
            story_id=self.story_id,
            tagger_version=VERSION,
        )

    def to_json(self, *, explain: bool = False) -> dict[str, Any]:
        """Return the answer of `crowsnest tag` as plain values; offsets count characters of the text.

        What stands in the title carries "in": "title". With `explain` each decision comes with its reason.
        """
        from nlp.answer import answer

        return answer(self, explain=explain)


_sha256 = lru_cache(maxsize=4)(text_sha256)
"""Of the texts just tagged: every slot's evidence names its text."""


def evidence(source: TagInput, slot: str, field: Field, start: int, end: int) -> Evidence:
    """Return the words of title or text as evidence for a slot."""
    text = source.title if field == "title" else source.text
    return Evidence(
        capture_id=source.capture_id,
        record_id=source.id,
        slot=slot,
        quote=text[start:end],
        where=TextSpan(field=field, text_sha256=_sha256(source.text), start=start, end=end),
        reader=READER,
        reader_version=source.reader_version,
    )
