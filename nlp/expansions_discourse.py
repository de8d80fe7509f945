"""What the sentences of an article leave unsaid: whose build it is, and where, carried over from before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from market.records import Mention, Place
from nlp.document import Document
from nlp.expansions_places import narrowest, where_built
from nlp.expansions_sentences import Sentence
from nlp.patterns import node, pattern
from nlp.providers import usual_name
from nlp.stages import Cue, tells_of_network
from nlp.stems import may_match

_LEAD_CHARS = 600
_ON_NETWORKS_CHARS = 3_000
_NEAR = 60
_TITLED = 6
"""So far into an article a sentence with figures and no place is about the places of the title."""


class Named(NamedTuple):
    """A company's id (lexicon or slug) and the name that a build carries."""

    company: str
    name: str


@dataclass(slots=True)
class Discourse:
    """Company and places that "it", "the co-op", "there" and "the three cities" stand for."""

    main: Named | None
    title: Sentence | None
    on_networks: bool
    """True when title or lead speak of broadband: award and reach then need no such word beside them."""
    on_awards: bool
    """True when title or lead speak of grants: a list of names and amounts then is one of awards."""
    first_at: dict[str, int]
    """Where each company is named first: in the title (-1) or at which character of the text."""
    aliases: dict[str, Named]
    """Companies that the text also names in full: "Acme" for "Acme Telecom"."""
    dateline: list[Place]
    titled: list[Place]
    """The places of the title that are built in."""
    company: Named | None = None
    company_at: int = 0
    """The sentence that named it."""
    places: list[Place] = field(default_factory=list)
    places_at: int = 0
    """The sentence that named them."""

    def note(self, sentence: Sentence, who: Sequence[Named], where: Sequence[Place]) -> None:
        """Remember of whom and of which places a sentence spoke."""
        if len(who) == 1:
            self.company, self.company_at = who[0], sentence.number
        named = [place for place in where if place.kind != "state"] or [
            hit.place for hit in sentence.places if hit.body
        ]
        if named:
            self.places, self.places_at = narrowest(named), sentence.number
        elif where and not self.places:
            self.places = list(where)

    def subjects(self, sentence: Sentence, found: Cue | None) -> list[Named]:
        """The companies a sentence names as its own: two in "Acme and Zeta are both digging", maybe none."""
        text, base = sentence.text, sentence.span.start
        if pattern("discourse", "company").match(text) and self.company is not None:
            return []
        own = [m for m in sentence.companies if not _is_aside(text, m, base)]
        if not own:
            return []
        start = found.start if found is not None else len(text)
        before = [m for m in own if m.start - base <= start]
        if (chosen := _chosen(text, own, base)) is not None:
            return [self.named(chosen)]
        if len(before) >= 2 and _are_coordinated(text, before, base):
            return list({name.company: name for name in map(self.named, before)}.values())
        if self.main is not None and any(self.named(m).company == self.main.company for m in own):
            return [self.main]
        return [self.named(before[-1] if before and found is not None else own[0])]

    def named(self, mention: Mention) -> Named:
        """The company of a mention, under the full name where the text has one."""
        company = mention.target or ""
        if company in self.aliases:
            return self.aliases[company]
        return Named(company, _usual(mention.text))

    def meant(self, sentence: Sentence) -> list[Place]:
        """The places that the words of a sentence without any stand for; empty when they stand for none."""
        match = pattern("discourse", "place").search(sentence.text)
        if match is None:
            return []
        if match.group(0).endswith((" county", " parish")):
            # "The county" is none of the towns spoken of before.
            counties = [place for place in (*self.places, *self.titled) if place.kind == "county"]
            return counties[:1]
        return self.places or self.titled or self.dateline

    def in_full(self, company: str, name: str) -> Named:
        """A company under the fuller name that the text has for it: "Acme" is "Acme Telecom"."""
        if company in self.aliases:
            return self.aliases[company]
        words = name.split()
        for full in (*self.aliases.values(), *([self.main] if self.main else [])):
            if full.name.split()[: len(words)] == words:
                return full
        return Named(company, name)

    def is_known(self, name: Named, sentence: Sentence) -> bool:
        """Tell whether a company is named before a sentence's end."""
        return self.first_at.get(name.company, -1) < sentence.span.end

    def unnamed(self, sentence: Sentence) -> list[Place]:
        """The places of a build whose sentence names none: those of the title, or spoken of before.

        In a list of awards the places before are another's, unless the sentence right before named them and
        the title has a state only.
        """
        titled = self.titled if sentence.number <= _TITLED or self.on_awards else []
        if self.on_awards:
            wide = bool(titled) and all(place.kind == "state" for place in titled)
            return self.places if wide and sentence.number - self.places_at <= 1 else titled
        known = {place.id for place in self.places}
        return self.places if titled and all(place.id in known for place in titled) else titled or self.places


def discourse(document: Document, companies: Sequence[Mention], sentences: Sequence[Sentence]) -> Discourse:
    """Return the state at an article's beginning."""
    lead = f"{document.title.text} {document.text.text[:_LEAD_CHARS]}"
    awards = ("discourse", "awards")
    head = f"{document.title.text} {document.text.text[:_ON_NETWORKS_CHARS]}"
    on_networks = _speaks_of_networks(head) or (
        any(m.target and (m.field == "title" or m.start < _LEAD_CHARS) for m in companies)
        and (tells_of_network(lead) or pattern("discourse", "builds").search(lead) is not None)
    )
    title = next((s for s in sentences if s.passage.field == "title"), None)
    first = next((s for s in sentences if s.passage.field == "text"), None)
    main = _main_company(companies, document)
    aliases = _aliases(companies)
    return Discourse(
        aliases.get(main.company, main) if main is not None else None,
        title,
        on_networks,
        may_match(lead, *awards) and pattern(*awards).search(lead) is not None,
        _first_places(companies, document.company),
        aliases,
        list(first.dateline) if first is not None else [],
        where_built(title) if title is not None else [],
    )


def _speaks_of_networks(head: str) -> bool:
    small = head.casefold()
    stems: list[str] = node("stems", "discourse", "networks")
    return any(map(small.__contains__, stems)) and pattern("discourse", "networks").search(head) is not None


def _main_company(companies: Sequence[Mention], document: Document) -> Named | None:
    """The company the article is most about: its source's, else by the title, else first and most often."""
    counts: dict[str, float] = {}
    names: dict[str, str] = {}
    for mention in companies:
        if mention.target:
            weight = 5.0 if mention.field == "title" else 1.0 + 2.0 * (mention.start < 400)
            counts[mention.target] = counts.get(mention.target, 0.0) + weight
            if mention.target not in names:
                names[mention.target] = _usual(mention.text)
    if document.company:
        return Named(document.company, names.get(document.company, document.company))
    if not counts:
        return None
    best = max(counts, key=lambda company: counts[company])
    return Named(best, names[best])


def _first_places(companies: Sequence[Mention], source: str | None) -> dict[str, int]:
    """Where companies are named first; whose newsroom it is everybody knows from the start."""
    first: dict[str, int] = {source: -1} if source else {}
    for mention in companies:
        if mention.target:
            at = -1 if mention.field == "title" else mention.start
            first[mention.target] = min(at, first.get(mention.target, at))
    return first


_usual = lru_cache(maxsize=256)(usual_name)


def _aliases(companies: Sequence[Mention]) -> dict[str, Named]:
    """Which companies are another one by a shorter name: its words begin the other's."""
    names: dict[str, list[str]] = {}
    for mention in companies:
        if mention.target:
            names.setdefault(mention.target, _usual(mention.text).split())
    return {
        short: Named(full, " ".join(names[full]))
        for short in names
        for full in names
        if short != full
        and len(names[short]) < len(names[full])
        and names[full][: len(names[short])] == names[short]
    }


def _is_aside(text: str, mention: Mention, base: int) -> bool:
    """Tell whether a company stands beside the matter: owner, rival, partner or hired hand of the builder."""
    start, end = mention.start - base, mention.end - base
    return (
        pattern("discourse", "aside_before").search(text[max(0, start - _NEAR) : start]) is not None
        or pattern("discourse", "aside_after").match(text, end, end + _NEAR) is not None
    )


def _are_coordinated(text: str, mentions: Sequence[Mention], base: int) -> bool:
    gaps = [text[a.end - base : b.start - base] for a, b in pairwise(mentions) if a.target != b.target]
    last = text[mentions[-1].end - base :]
    return (
        bool(gaps)
        and all(re.fullmatch(r"\s*(?:,|and|&|,\s+and)\s*(?:the\s+)?", gap) for gap in gaps)
        and pattern("discourse", "both").match(last) is not None
    )


def _chosen(text: str, mentions: Sequence[Mention], base: int) -> Mention | None:
    """The company that another one chooses or signs with: it builds."""
    return next(
        (
            second
            for first, second in pairwise(mentions)
            if first.target != second.target
            and pattern("discourse", "chosen").search(text[first.end - base : second.start - base])
        ),
        None,
    )
