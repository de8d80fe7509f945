"""Companies: which words name one, by the lexicon with its context rules; unknown organisations by the model.

An ambiguous alias ("Spectrum", "Frontier", "Cox") counts when the words beside it do not make it another name
and the article either uses an unambiguous name of the same company or plainly is about networks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import compress, count

from market.companies.lexicon import Alias, Company, Lexicon
from market.records import Mention
from nlp.companies_names import (
    Candidate,
    Context,
    begins_sentence,
    has_case,
    inside_person,
    same_case,
    strength,
)
from nlp.companies_rules import agrees, is_clean, is_listed, speaks_of_company, stands_out
from nlp.companies_tickers import Tickers
from nlp.companies_traps import is_other_thing
from nlp.companies_words import word_set
from nlp.document import Document, Passage
from nlp.patterns import Folded

_WORD = re.compile(r"[^\W_]+")
_DOMAIN = Folded(r"\b((?:[a-z0-9-]++\.)+(?:com|net|org|biz|us|coop|gov|tv))\b")
_DOMAIN_END = Folded(r"\.(?:com|net|org|biz|us|coop|gov|tv)\b")
_PRICE = re.compile(r"\$\s?\d[\d.,]*\s?(?:a month|per month|/\s?mo\b|/\s?month|monthly|a mo\b)")
_POSSESSIVE = re.compile("['’]s$")
_MAX_GAP = 3
_PER_PAIR = 2
_LETTER = re.compile(r"[^\W\d_]")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_SHOWING = 4_000
"""So many characters show whether a text tells capital from small letters."""


def trade_strength(document: Document) -> int:
    """Return how plainly an article is about networks: its words of the trade, telling ones twice."""
    return strength({*document.title.words, *document.text.words})


class CompanyFinder:
    """Finds company mentions. Built once from a lexicon; keeps nothing between documents."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._sizes: dict[str, list[int]] = {}
        self._named: dict[tuple[str, ...], list[tuple[Alias, Company]]] = {}
        self._domains: dict[str, str] = {}
        self._tickers = Tickers(lexicon)
        for company in lexicon:
            self._domains.update(dict.fromkeys(company.domains, company.id))
            for alias in company.names if company.kind == "provider" else ():
                words = tuple(_WORD.findall(alias.text.casefold()))
                if words:
                    self._named.setdefault(words, []).append((alias, company))
        for words, entries in self._named.items():
            entries.sort(key=lambda entry: entry[0].ambiguous)
            self._sizes.setdefault(words[0], []).append(len(words))
        for first, sizes in self._sizes.items():
            self._sizes[first] = sorted(set(sizes), reverse=True)

    def find(self, document: Document) -> list[Mention]:
        """Return the mentions in order: lexicon companies with their id, other organisations without one."""
        context = Context(words=set())
        candidates = [item for passage in document.passages for item in self._scan(passage, context)]
        self._gather(document, candidates, context)
        clean = [item for item in candidates if not item.alias.ambiguous and is_clean(item, context)]
        sure = {item.company.id for item in clean if stands_out(item)}
        accepted = [
            item
            for item in clean
            if item.company.id in sure | context.anchors or speaks_of_company(item, clean, context)
        ]
        context.anchors.update(item.company.id for item in accepted)
        doubtful = [item for item in candidates if item.alias.ambiguous]
        in_text = [item for item in doubtful if item.passage.field == "text"]
        kept = [item for item in in_text if agrees(item, context)]
        if kept:
            context.anchors.update(item.company.id for item in kept if not begins_sentence(item))
            # A company that some sentence names within is the one that others begin with.
            known = {id(item) for item in kept}
            kept += [item for item in in_text if id(item) not in known and agrees(item, context)]
        kept += [item for item in doubtful if item.passage.field == "title" and agrees(item, context)]
        accepted += kept
        known = {id(item) for item in kept}
        accepted += _listed([item for item in doubtful if id(item) not in known], accepted, context)
        mentions = [_mention(item) for item in accepted]
        mentions += self._tickers.mentions(document, {mention.target for mention in mentions})
        mentions += _unknown(document, mentions)
        return sorted(mentions, key=lambda mention: (mention.field == "text", mention.start))

    def _scan(self, passage: Passage, context: Context) -> Iterator[Candidate]:
        text, tokens, words = passage.text, passage.word_spans, passage.words
        context.words.update(words)
        context.size += len(words)
        free = 0
        for position in compress(count(), map(self._sizes.__contains__, words)):
            if position < free:
                continue
            found = self._match(text, tokens, words, position)
            if found is not None:
                length, candidate = found
                yield Candidate(passage, *candidate)
                free = position + length

    def _match(
        self, text: str, tokens: Sequence[tuple[int, int]], words: tuple[str, ...], position: int
    ) -> tuple[int, tuple[int, int, Alias, Company]] | None:
        """Return the longest alias at `position`; of those with equal words the one written like the text."""
        best: tuple[tuple[bool, int, bool], tuple[int, int, Alias, Company]] | None = None
        for size in self._sizes[words[position]]:
            if best is not None and best[0][0]:
                break
            written = words[position : position + size]
            for alias, company in self._named.get(written, ()) if len(written) == size else ():
                start, end = tokens[position][0], tokens[position + size - 1][1]
                if end - start > len(alias.text) + _MAX_GAP:
                    continue
                surface = text[start:end]
                bare = alias.text.rstrip("!.")
                tail = alias.text[len(bare) :]
                has_tail = text.startswith(tail, end)
                exact = surface == bare and has_tail
                # "Acme fiber" is Acme's fiber: a longer name in another case gives way to a shorter one.
                rank = (exact or alias.any_case or same_case(alias, surface), size, exact)
                end += len(tail) if has_tail else 0
                # Of "DISH" and the doubtful "Dish", "dish" is the doubtful one.
                if best is None or rank > best[0] or (rank == best[0] and not rank[0] and alias.ambiguous):
                    best = rank, (start, end, alias, company)
        return (best[0][1], best[1]) if best else None

    def _gather(self, document: Document, candidates: Sequence[Candidate], context: Context) -> None:
        if document.company:
            context.anchors.add(document.company)
        whole = document.text.text
        context.small = _is_small(whole[:_SHOWING], context)
        context.caseless = context.small or _is_caseless(whole[:_SHOWING])
        context.signs = _signs(candidates, context)
        context.priced = context.brief and "$" in whole and _PRICE.search(whole) is not None
        context.anchors |= self._tickers.anchors(document.text)
        for match in _DOMAIN.finditer(whole) if _DOMAIN_END.search(whole) else ():
            parts = match.group(1).split(".")
            for size in (2, 3):
                if owner := self._domains.get(".".join(parts[-size:])):
                    context.anchors.add(owner)
        doubtful = {item.alias.text.casefold() for item in candidates if not stands_out(item)}
        doubtful |= {item.alias.text.casefold() for item in candidates if item.alias.ambiguous}
        if not doubtful:
            return
        for passage in document.passages:
            for entity in passage.entities:
                if entity.label == "PERSON":
                    name = _POSSESSIVE.sub("", passage.text[entity.start : entity.end]).split()
                    title = passage.text[: entity.start].rstrip(". ").rpartition(" ")[2].casefold()
                    if len(name) > 1 or title in word_set("person_titles"):
                        context.surnames.add(name[-1].casefold())
        context.lower = {
            word
            for word in doubtful
            if word in whole and re.search(rf"(?<![\w.@/#-]){re.escape(word)}\b(?![.@]\w)", whole)
        }


def _listed(
    doubtful: Sequence[Candidate], accepted: Sequence[Candidate], context: Context
) -> list[Candidate]:
    """Return the doubtful names that stand in a list with accepted ones, from neighbour to neighbour."""
    starts: dict[str, set[int]] = {"title": set(), "text": set()}
    ends: dict[str, set[int]] = {"title": set(), "text": set()}

    def add(item: Candidate) -> None:
        starts[item.passage.field].add(item.start)
        ends[item.passage.field].add(item.end)

    for item in accepted:
        add(item)
    found: dict[int, Candidate] = {}
    # Once forwards and once back: a list may begin or end with the name that is sure.
    for item in (*doubtful, *reversed(doubtful)) if accepted else ():
        field = item.passage.field
        if id(item) not in found and is_listed(item, starts[field], ends[field], context):
            found[id(item)] = item
            add(item)
    return list(found.values())


def _is_caseless(text: str) -> bool:
    """Tell whether a text is all in capitals, or without any."""
    upper = len(_UPPER.findall(text))
    if 0 < upper <= 0.8 * len(_LETTER.findall(text, 0, 2 * upper + 100)):
        return False
    letters = len(_LETTER.findall(text))
    return letters > 0 and (upper == 0 or upper > 0.8 * letters)


def _is_small(text: str, context: Context) -> bool:
    """Tell whether a short text is written without capitals, but for a few: "i left them, ATT is worse"."""
    letter = _LETTER.search(text) if context.brief else None
    return letter is not None and letter.group().islower() and len(_UPPER.findall(text)) * 20 < len(text)


def _signs(candidates: Sequence[Candidate], context: Context) -> int:
    """Count what shows beside its words that a short text is about providers.

    Two doubtful names say more than one; a message without capitals that has a word of the trade asks around.
    """
    if not context.brief:
        return 0
    if context.small:
        asks = not context.words.isdisjoint(word_set("asks"))
        rivals = len({item.company.id for item in candidates}) > 1
        return (asks + rivals) * (context.trade > 0)
    names = {
        item.alias.text.casefold()
        for item in candidates
        if item.alias.ambiguous
        and not item.alias.anchored
        and has_case(item, context)
        and not is_other_thing(item, context, listed=True)
        and not inside_person(item)
    }
    return _PER_PAIR * (len(names) > 1)


def _mention(item: Candidate) -> Mention:
    return Mention(
        text=item.surface,
        start=item.start,
        end=item.end,
        field=item.passage.field,
        kind="company",
        target=item.company.id,
        method="lexicon-context" if item.alias.ambiguous else "lexicon",
        score=0.9 if item.alias.ambiguous else 0.99,
    )


def _unknown(document: Document, known: Sequence[Mention]) -> list[Mention]:
    taken: dict[str, list[tuple[int, int]]] = {"title": [], "text": []}
    for mention in known:
        taken[mention.field].append((mention.start, mention.end))
    for known_spans in taken.values():
        known_spans.sort()
    found = []
    for passage in document.passages:
        spans = taken[passage.field]
        for entity in passage.entities:
            # The last known name that begins before this one's end is the only one that may meet it.
            before = bisect_left(spans, (entity.end, 0)) - 1
            if entity.label != "ORG" or (before >= 0 and spans[before][1] > entity.start):
                continue
            start, end = _trimmed(passage.text, entity.start, entity.end)
            if (
                end - start < 2
                or "\n" in passage.text[start:end]
                or not any(map(str.isalpha, passage.text[start:end]))
            ):
                continue
            found.append(
                Mention(
                    text=passage.text[start:end],
                    start=start,
                    end=end,
                    field=passage.field,
                    kind="company",
                    method="ner",
                )
            )
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start:end].casefold().startswith("the "):
        start += 4
    while end > start and (text[end - 1].isspace() or text[end - 1] in "'’,;:"):
        end -= 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    return start, end
