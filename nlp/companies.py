"""Companies: which words name one, by the lexicon with its context rules; unknown organisations by the model.

An ambiguous alias ("Spectrum", "Frontier", "Cox") counts when the words beside it do not make it another name
and the article either uses an unambiguous name of the same company or plainly is about networks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from market.companies.lexicon import Alias, Company, Lexicon
from market.records import Mention
from nlp.document import Document, Passage

_WORD = re.compile(r"[^\W_]+")
_TICKER = re.compile(
    r"\((?:[^()]{0,30}\b(?:NYSE|NASDAQ|Nasdaq|TSX|AMEX|OTC)[^():]{0,20}:\s*([A-Z]{1,5})\b"
    r"|\s*([A-Z]{1,5})\.[NO]\s*\))"
)
_DOMAIN = re.compile(r"\b((?:[a-z0-9-]+\.)+(?:com|net|org|biz|us|coop|gov|tv))\b", re.IGNORECASE)
_NEXT = re.compile(r"(?:['’]s?)?[®™℠*]*([ \u00a0-]|\s*\n\s*|)(\w[\w'’-]*)?")
_PREVIOUS = re.compile(r"([^\W_][\w'’-]*|&)([.]?[ \u00a0-]+)$")
_POSSESSIVE = re.compile("['’]s$")
_SPACES = re.compile(r"\s+")
_MAX_GAP = 3
_LETTER = re.compile(r"[^\W\d_]")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-Þ]")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("companies.toml").read_text("utf-8"))


@cache
def word_set(*path: str) -> frozenset[str]:
    """Return a word list of data/companies.toml as a set."""
    node: Any = _data()
    for part in path:
        node = node[part]
    return frozenset(node)


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    start: int
    end: int
    alias: Alias
    company: Company

    @property
    def surface(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(slots=True)
class _Context:
    """What the whole article says: words used, companies surely named, people's surnames."""

    words: set[str]
    anchors: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    lower: set[str] = field(default_factory=set)
    caseless: bool = False

    @property
    def trade(self) -> int:
        """See `trade_strength`."""
        return _strength(self.words)


def _strength(words: Set[str]) -> int:
    return len(words & word_set("trade")) + len(words & word_set("trade_strong"))


def trade_strength(document: Document) -> int:
    """Return how plainly an article is about networks: its words of the trade, telling ones twice."""
    return _strength({*document.title.words, *document.text.words})


class CompanyFinder:
    """Finds company mentions. Built once from a lexicon; keeps nothing between documents."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._first: dict[str, list[tuple[tuple[str, ...], Alias, Company]]] = {}
        self._domains: dict[str, str] = {}
        self._tickers: dict[str, str] = {}
        for company in lexicon:
            self._domains.update(dict.fromkeys(company.domains, company.id))
            self._tickers.update(dict.fromkeys(company.ticker, company.id))
            for alias in company.names if company.kind == "provider" else ():
                words = tuple(_WORD.findall(alias.text.casefold()))
                if words:
                    self._first.setdefault(words[0], []).append((words, alias, company))
        for entries in self._first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[1].ambiguous))

    def find(self, document: Document) -> list[Mention]:
        """Return the mentions in order: lexicon companies with their id, other organisations without one."""
        context = _Context(words=set())
        candidates = [item for passage in document.passages for item in self._scan(passage, context)]
        self._gather(document, candidates, context)
        clean = [item for item in candidates if not item.alias.ambiguous and _is_clean(item, context)]
        sure = {item.company.id for item in clean if _stands_out(item)}
        accepted = [
            item
            for item in clean
            if item.company.id in sure | context.anchors or _speaks_of_company(item, clean, context)
        ]
        context.anchors.update(item.company.id for item in accepted)
        doubtful = [item for item in candidates if item.alias.ambiguous]
        in_text = [item for item in doubtful if item.passage.field == "text"]
        kept = [item for item in in_text if _agrees(item, context)]
        if kept:
            context.anchors.update(item.company.id for item in kept if not _begins_sentence(item))
        kept += [item for item in doubtful if item.passage.field == "title" and _agrees(item, context)]
        accepted += kept
        mentions = [_mention(item) for item in accepted]
        mentions += _unknown(document, mentions)
        return sorted(mentions, key=lambda mention: (mention.field == "text", mention.start))

    def _scan(self, passage: Passage, context: _Context) -> Iterator[_Candidate]:
        text, tokens, words = passage.text, passage.word_spans, passage.words
        context.words.update(words)
        position = 0
        while position < len(words):
            entries = self._first.get(words[position])
            found = self._match(text, tokens, words, position, entries) if entries else None
            if found is None:
                position += 1
                continue
            length, candidate = found
            yield _Candidate(passage, *candidate)
            position += length

    @staticmethod
    def _match(
        text: str,
        tokens: Sequence[tuple[int, int]],
        words: Sequence[str],
        position: int,
        entries: Sequence[tuple[tuple[str, ...], Alias, Company]],
    ) -> tuple[int, tuple[int, int, Alias, Company]] | None:
        """Return the longest alias at `position`; of those with equal words the one written like the text."""
        best: tuple[tuple[bool, int, bool], tuple[int, int, Alias, Company]] | None = None
        for wanted, alias, company in entries:
            size = len(wanted)
            if best is not None and best[0][0] and size < best[0][1]:
                break
            if tuple(words[position : position + size]) != wanted:
                continue
            start, end = tokens[position][0], tokens[position + size - 1][1]
            if end - start > len(alias.text) + _MAX_GAP:
                continue
            surface = text[start:end]
            exact = surface == alias.text.rstrip("!.")
            # "Acme fiber" is Acme's fiber: a longer name in another case gives way to a shorter one.
            rank = (exact or _same_case(alias, surface), size, exact)
            tail = len(alias.text) - len(alias.text.rstrip("!."))
            if tail and text[end : end + tail] == alias.text[-tail:]:
                end += tail
            if best is None or rank > best[0]:
                best = rank, (start, end, alias, company)
        return (best[0][1], best[1]) if best else None

    def _gather(self, document: Document, candidates: Sequence[_Candidate], context: _Context) -> None:
        if document.company:
            context.anchors.add(document.company)
        whole = document.text.text
        upper, letters = len(_UPPER.findall(whole, 0, 4000)), len(_LETTER.findall(whole, 0, 4000))
        context.caseless = letters > 0 and (upper == 0 or upper > 0.8 * letters)
        for match in _TICKER.finditer(whole):
            if owner := self._tickers.get(match.group(1) or match.group(2)):
                context.anchors.add(owner)
        for match in _DOMAIN.finditer(whole):
            parts = match.group(1).lower().split(".")
            for size in (2, 3):
                if owner := self._domains.get(".".join(parts[-size:])):
                    context.anchors.add(owner)
        doubtful = {item.alias.text.casefold() for item in candidates if not _stands_out(item)}
        doubtful |= {item.alias.text.casefold() for item in candidates if item.alias.ambiguous}
        if not doubtful:
            return
        for passage in document.passages:
            for entity in passage.entities:
                if entity.label == "PERSON":
                    name = _POSSESSIVE.sub("", passage.text[entity.start : entity.end]).split()
                    if len(name) > 1:
                        context.surnames.add(name[-1].casefold())
        context.lower = {
            word for word in doubtful if re.search(rf"(?<![\w.@/#-]){re.escape(word)}\b(?![.@]\w)", whole)
        }


def _neighbours(item: _Candidate) -> tuple[str, str, str, str]:
    """Return (previous word, its gap, next gap, next word); "" where punctuation stands between."""
    text = item.passage.text
    following = _NEXT.match(text, item.end)
    gap, after = (following.group(1), following.group(2) or "") if following else ("", "")
    if "\n" in gap:
        gap, after = "", ""
    before = _PREVIOUS.search(text[max(0, item.start - 40) : item.start])
    if before is None:
        return "", "", gap, after
    return before.group(1), before.group(2), gap, after


def _is_address(item: _Candidate) -> bool:
    text = item.passage.text
    before, after = text[item.start - 1 : item.start], text[item.end : item.end + 2]
    return (
        before in ("@", "/", "_", "#")
        or (before == "." and text[item.start - 2 : item.start - 1].isalnum())
        or (len(after) == 2 and after[0] in ".@_" and after[1].isalnum() and after[1].islower())
    )


def _is_capitals(item: _Candidate) -> bool:
    return item.surface.isupper()


def _has_case(item: _Candidate, context: _Context) -> bool:
    return item.alias.any_case or context.caseless or _same_case(item.alias, item.surface)


def _same_case(alias: Alias, written: str) -> bool:
    surface = _SPACES.sub(" ", written).replace("\u2011", "-").replace("–", "-")
    wanted = alias.text.rstrip("!.").replace("–", "-")
    if surface.rstrip("!.").replace("-", " ") == wanted.replace("-", " "):
        return True
    return surface.isupper() and len(surface) > 2


def _is_clean(item: _Candidate, context: _Context) -> bool:
    """Tell whether an unambiguous alias stands for the company and not for a venue or an address."""
    if _is_address(item) or not _has_case(item, context):
        return False
    _, _, gap, after = _neighbours(item)
    word = after.casefold()
    if gap and (word in item.alias.not_followed_by or (word in word_set("venues") and after[:1].isupper())):
        return False
    return not item.alias.anchored or item.company.id in context.anchors


def _stands_out(item: _Candidate) -> bool:
    """Tell whether a name is known to be no common word: of several words, with figures or inner capitals."""
    words = _WORD.findall(item.alias.text)
    plain = len(words) == 1 and item.alias.text.isalpha() and item.alias.text[1:].islower()
    return item.alias.checked or not plain


def _speaks_of_company(item: _Candidate, clean: Sequence[_Candidate], context: _Context) -> bool:
    """Tell whether a name of one plain word ("Ninebark") is a company's here, and not a plant's or a team's.

    The article is about networks, or the name stands in capitals within a sentence, or does what companies
    do; where the word also stands in small letters, only the first counts.
    """
    small = item.alias.text.casefold() in context.lower
    if context.trade >= (4 if small else 2):
        return True
    same = [other for other in clean if other.company.id == item.company.id]
    return not small and any(
        _neighbours(other)[3].casefold() in word_set("verbs")
        or not (_begins_sentence(other) or _is_headline(other.passage) or _is_shouted(other))
        for other in same
    )


def _is_shouted(item: _Candidate) -> bool:
    return item.surface.isupper() and not item.alias.text.isupper()


def _begins_sentence(item: _Candidate) -> bool:
    sentences = item.passage.sentences
    if not sentences:
        return True
    sentence = sentences[item.passage.sentence_at(item.start)]
    return not any(char.isalnum() for char in item.passage.text[sentence.start : item.start])


def _is_headline(passage: Passage) -> bool:
    words = re.findall(r"[^\W\d_]{4,}", passage.text)
    return passage.field == "title" and sum(word[0].isupper() for word in words) * 3 >= len(words) * 2


def _agrees(item: _Candidate, context: _Context) -> bool:
    """Decide an ambiguous alias by its neighbours, then by what the article as a whole says."""
    if _is_address(item) or not _has_case(item, context):
        return False
    before, before_gap, gap, after = _neighbours(item)
    alias, name = item.alias, item.alias.text.casefold()
    previous, following = before.casefold(), after.casefold()
    if gap and (
        following in alias.not_followed_by or (following in word_set("venues") and after[:1].isupper())
    ):
        return False
    if before_gap and (previous in alias.not_preceded_by or previous in word_set("person_titles")):
        return False
    if before == "&" or _inside_person(item):
        return False
    shouting = _is_capitals(item) and not alias.text.isupper()
    free_case = shouting or context.caseless or _is_headline(item.passage)
    if not free_case and _is_longer_name(item, before, before_gap, gap, after):
        return False
    if item.company.id in context.anchors:
        return True
    if alias.anchored or name in context.surnames or context.words & set(alias.against):
        return False
    if name in context.lower and (free_case or _begins_sentence(item)):
        return False
    if free_case or _begins_sentence(item):
        return context.trade >= 5 and (
            following in word_set("verbs") or "'" in item.passage.text[item.end : item.end + 1]
        )
    return context.trade >= 4


def _is_longer_name(item: _Candidate, before: str, before_gap: str, gap: str, after: str) -> bool:
    if gap == " " and after[:1].isupper() and after.casefold() not in word_set("followers"):
        return True
    if gap == "-" and after[:1].isupper():
        return False
    if before_gap == " " and before[:1].isupper() and before.casefold() not in word_set("leaders"):
        return not before.isupper() or len(before) > 3
    return False


def _inside_person(item: _Candidate) -> bool:
    for entity in item.passage.entities:
        if entity.start > item.start:
            return False
        if entity.end >= item.end and entity.label == "PERSON":
            return " " in item.passage.text[entity.start : item.start]
    return False


def _mention(item: _Candidate) -> Mention:
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
    found = []
    for passage in document.passages:
        spans = taken[passage.field]
        for entity in passage.entities:
            if entity.label != "ORG" or any(
                start < entity.end and entity.start < end for start, end in spans
            ):
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
