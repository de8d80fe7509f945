"""The state of reading an article for builds, and what one of its sentences gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from market.records import Place
from market.records.expansion import Stage
from nlp.document import Document
from nlp.expansions_discourse import Discourse, Named
from nlp.expansions_sentences import Sentence
from nlp.facts import Fact
from nlp.figures import Figure
from nlp.patterns import pattern
from nlp.stages import Cue, tells_of_network

LEAD = 12
"""So far into an article the words of a build need no figures."""
REACH = 6
"""So many sentences after its last one may still add figures to a build."""
FIRM: tuple[Stage, ...] = ("cancelled", "live", "construction", "permitted")
"""Stages that are told of something that happened."""
SUBJECT = 4
"""A name so near to the beginning is what the sentence is about."""


@dataclass(slots=True)
class Told:
    """A sentence (or clause) and what it states: figures, words of a stage, its own companies and places."""

    sentence: Sentence
    counted: list[Figure]
    found: Cue | None
    who: list[Named]
    explicit: list[Place]

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.sentence.text

    @property
    def sure(self) -> list[Figure]:
        """Figures whose words say what they count."""
        return [figure for figure in self.counted if figure.kind != "amount"]

    @property
    def is_of_state(self) -> bool:
        """True when it names places, and none smaller than a state."""
        return bool(self.explicit) and not self.is_local

    @property
    def is_local(self) -> bool:
        """True when it names a town, a county or a region to build in."""
        return any(place.kind != "state" for place in self.explicit)

    @property
    def goes_on(self) -> bool:
        """True when it begins with "it" or "the company"."""
        return pattern("discourse", "company").match(self.text) is not None

    @property
    def goes_on_by_length(self) -> bool:
        """True when it only says how long the line told before is: towns in it lie on its way."""
        return bool(self.sure) and all(figure.kind == "miles" for figure in self.sure) and self.goes_on_about

    @property
    def goes_on_about(self) -> bool:
        """True when it begins with "the network" or "this project"."""
        return pattern("discourse", "goes_on").match(self.text) is not None

    @property
    def is_early(self) -> bool:
        """True when it stands near the beginning and speaks of a network."""
        return self.sentence.number <= LEAD and tells_of_network(self.text)

    @property
    def leads(self) -> bool:
        """True when its first company is its subject, not behind "from", "by" or "with"."""
        if not self.sentence.companies:
            return False
        start = self.sentence.companies[0].start - self.sentence.span.start
        if start <= SUBJECT:
            return pattern("discourse", "beside_the_matter").search(self.text) is None
        return re.search(r"\b(?:from|by|with|to|of|against|for|at)\s+$", self.text[:start]) is None

    @property
    def is_of_state_body(self) -> bool:
        """True when it begins with what a state has or does: "Ohio now expects to spend $700 million"."""
        first = self.sentence.places[0] if self.sentence.places else None
        return (
            first is not None
            and first.place.kind == "state"
            and first.start - self.sentence.span.start <= SUBJECT
            and pattern("places", "state_body").match(self.sentence.passage.text, first.end, first.end + 60)
            is not None
        )


@dataclass(slots=True)
class Reading:
    """What reading an article has brought so far."""

    document: Document
    state: Discourse
    facts: list[Fact] = field(default_factory=list)
    current: list[Fact] = field(default_factory=list)
    """The builds that a sentence without company or place goes on about; several after a list."""
    header: int = -100
    """The sentence that heads a table of places and homes."""
    pending: Told | None = None
    """Places and award of a sentence that did not say whose they are."""

    def note(self, told: Told) -> None:
        """Remember whom and where a sentence spoke of, for "it" and "there" in the next."""
        state, sentence = self.state, told.sentence
        builders = {fact.company for fact in self.facts}
        if state.main is not None:
            builders.add(state.main.company)
        first = sentence.companies[0].start if sentence.companies else -1
        near = bool(told.explicit) or first == sentence.span.start
        speaks = state.company is None or bool(told.counted) or (near and told.leads)
        state.note(sentence, [name for name in told.who if speaks or name.company in builders], told.explicit)

    def titles(self, company: str) -> bool:
        """Tell whether the title names a company."""
        title = self.state.title
        return title is not None and any(self.state.named(m).company == company for m in title.companies)

    def is_history(self, text: str) -> bool:
        """Tell whether all years that a sentence names are past."""
        published = self.document.published_at
        if published is None:
            return False
        years = pattern("discourse", "year").findall(text)
        return bool(years) and all(int(year) < published.year for year in years)

    def is_vague(self, fact: Fact) -> bool:
        """Tell whether a build without figures is a mere word: about a whole state, or beside other news.

        A state is too wide for what is live, or of a company that the title lacks; a title about a suit, a
        prize or a pipeline makes whatever else is said an aside.
        """
        if fact.has_figures:
            return False
        wide = all(place.kind == "state" for place in fact.places)
        title = self.document.title.text
        unsaid = fact.stage == "live" or not self.titles(fact.company)
        return (wide and unsaid) or pattern("context", "other_title").search(title) is not None

    def has_local_build_of(self, companies: Sequence[Named]) -> bool:
        """Tell whether a build of one of some companies in a town or county is known."""
        wanted = {name.company for name in companies}
        return any(
            fact.company in wanted and any(place.kind != "state" for place in fact.places)
            for fact in self.facts
        )
