"""Network operators that the lexicon lacks: told by their names and by what the text says they do.

A small telephone cooperative or a new fiber builder is named in a text like any organisation; it counts as a
company of the market when its name ends in a word of the trade or the words beside it say that it provides a
network. Its id is the slug of its name, so that the same provider gets the same id everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from market.records import Mention
from nlp.companies_names import brief_strength, is_brief
from nlp.companies_told import is_beside
from nlp.companies_words import word_set
from nlp.dateline import dateline_span
from nlp.document import Document
from nlp.providers_lists import counted_names, listed_names, row_names
from nlp.providers_names import full_names, usable_name, usual_name, with_of, without_generic
from nlp.providers_operator import LEAST, is_described, is_operator
from nlp.providers_places import Taken, occurrences, places_of, shortened
from nlp.providers_signs import brand, called, described_name, hired, lead, named, owned, supplies, what

__all__ = ["find_providers", "full_names", "usual_name"]

_BRAND_WORDS = frozenset({"subsidiary", "arm", "affiliate", "unit", "brand"})
_CALLED_WORDS = frozenset({"call", "called", "calls", "named", "names", "dubbed", "known"})
_MOST_NAMES = 60
_MOST_PROVIDERS = 300
"""Unknown providers of one text: a state's list of awards has fewer."""
SHORTEST = 5
_PER_COMPANY, _MOST_COMPANIES = 2, 2
"""In a short text a company surely named is as good a sign as a telling word, up to so many companies."""
_WINDOW = 130
_LEAST_CALLED = 3
_MOST_PLACES = 60


def find_providers(document: Document, mentions: Sequence[Mention], trade: int) -> list[Mention]:
    """Return mentions of unknown providers; those of nlp/companies.py, `mentions`, take precedence."""
    trade = _own_trade(document, mentions, trade)
    if trade < LEAST and not (trade and "elephone" in document.text.text.casefold()):
        return []
    known: dict[str, Taken] = {"title": Taken(), "text": Taken()}
    for mention in mentions:
        if mention.target:
            known[mention.field].add(mention.start, mention.end)
    names: dict[str, str] = {}
    for phrase in (
        *_described_organisations(document, mentions),
        *_phrases(document, mentions, trade, known["text"]),
    ):
        name = usable_name(phrase)
        if name is not None:
            names.setdefault(name.casefold(), name)
    names = dict(islice(names.items(), _MOST_PROVIDERS))
    suppliers = [name for name in names if _is_supplier(document.text.text, names[name])]
    for name in list(names):
        if any(name == supplier or supplier.endswith(f" {name}") for supplier in suppliers):
            del names[name]
    found = occurrences(document, names, known)
    return [*found, *shortened(document, [*mentions, *found], known)]


def _described_organisations(document: Document, mentions: Sequence[Mention]) -> Iterator[str]:
    """Yield the organisations of the model that the text describes as operators somewhere."""
    passage = document.text
    organisations = dict.fromkeys(mention.text for mention in mentions if mention.target is None)
    for name in list(organisations)[:_MOST_NAMES]:
        if any(is_described(passage, start, end) for start, end in places_of(name, passage.text)):
            yield name


def _phrases(document: Document, mentions: Sequence[Mention], trade: int, known: Taken) -> Iterator[str]:
    """Yield the phrases that may be operators' names and meet none that is known."""
    text = document.text.text
    for start, end in _spans(document, mentions, trade, known):
        if end - start >= SHORTEST and not known.meets(start, end):
            yield text[start:end]
    if trade >= _LEAST_CALLED:
        told = [mention for mention in mentions if mention.target and mention.field == "text"]
        for start, end in listed_names(document.text, told):
            yield text[start:end]


def _spans(
    document: Document, mentions: Sequence[Mention], trade: int, known: Taken
) -> Iterator[tuple[int, int]]:
    """Yield where such phrases stand: described, named like operators, in rows, owned, branded, called."""
    passage = document.text
    text = passage.text
    told = [mention for mention in mentions if mention.target and mention.field == "text"]
    starts, ends = {mention.start for mention in told}, {mention.end for mention in told}
    dateline = dateline_span(passage)
    for word in islice(what().finditer(text), _MOST_PLACES):
        match = described_name().search(text, max(0, word.start() - _WINDOW), word.end())
        if match is not None:
            start, end = without_generic(text, *match.span("name"))
            if not dateline.start <= start < dateline.end:
                yield start, end
    for match in named().finditer(text):
        start, end = without_generic(text, *match.span("name"))
        start = with_of(passage, start)
        if end - start >= SHORTEST and is_operator(
            passage, start, end, trade, is_beside(text, start, end, starts, ends)
        ):
            yield start, end
    if trade < LEAST:
        return
    yield from row_names(passage)
    yield from counted_names(passage)
    if not _CALLED_WORDS.isdisjoint(passage.words):
        for match in called().finditer(text):
            yield match.span("name" if match["name"] else "second")
    if trade < _LEAST_CALLED:
        return
    if any(map(text.__contains__, word_set("providers", "own_stems"))):
        for match in owned().finditer(text):
            yield without_generic(text, *match.span("name"))
    if not _BRAND_WORDS.isdisjoint(passage.words):
        for match in brand().finditer(text):
            yield match.span("name" if match["name"] else "front")


def _own_trade(document: Document, mentions: Sequence[Mention], trade: int) -> int:
    """Return how plainly a text speaks of networks; in a short one companies and plain words count too."""
    words = (*document.title.words, *document.text.words)
    if not is_brief(len(words)):
        return trade
    companies = len({mention.target for mention in mentions if mention.target})
    return trade + brief_strength(set(words)) + _PER_COMPANY * min(_MOST_COMPANIES, companies)


def _is_supplier(text: str, name: str) -> bool:
    """Tell whether a name is described as one who builds or equips networks for others."""
    return any(
        (lead().match(text, end, end + 40) is not None and supplies().match(text, end, end + 180) is not None)
        or hired().search(text[max(0, start - 70) : start]) is not None
        for start, end in places_of(name, text)
    )
