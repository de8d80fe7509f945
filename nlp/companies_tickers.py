"""Exchange symbols: "(NASDAQ: CHTR)", "(CHTR)", and bare ones beside words of the stock market."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from market.companies.lexicon import Lexicon
from market.records import Mention
from nlp.companies_words import word_set
from nlp.document import Document, Passage

_WITH_EXCHANGE = re.compile(
    r"\((?:[^()]{0,30}\b(?:NYSE|NASDAQ|Nasdaq|TSX|AMEX|OTC)[^():]{0,20}:\s*([A-Z]{1,5})\b"
    r"|\s*([A-Z]{1,5})\.[NO]\s*\))"
)
_ENCLOSED = re.compile(r"\(([A-Z]{4,5})\)")
# The first capital stands before the rest: so the search passes over small letters in one go.
_BARE = re.compile(
    r"([A-Z](?:(?<![\w@$#./-][A-Z])|(?<=\$[A-Z])(?<![\w@$#./-]\$[A-Z]))[A-Z]{3,4})(?![\w@/-]|\.\w)"
)
_SCORE = 0.9


@lru_cache(maxsize=1)
def _moving() -> re.Pattern[str]:
    """Match a symbol that moves: "CHTR sank 8%", "VSAT up 12%", "IRDM 6%"."""
    moves = "|".join(sorted(word_set("moves"), key=lambda word: (-len(word), word)))
    return re.compile(
        rf"(?<![\w@$#./-])\$?([A-Z]{{1,5}})\s(?:also\s|had\s)?"
        rf"(?:(?:{moves})\s(?:[a-z]+\s){{0,3}}?(?:at\s)?\$?\d|\d[\d.]*\s?(?:%|percent\b))"
    )


class Tickers:
    """The symbols of the lexicon's companies."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._owners = {symbol: company.id for company in lexicon for symbol in company.ticker}

    def anchors(self, passage: Passage) -> set[str]:
        """Return the companies whose symbols stand in brackets: as sure as their names."""
        return {owner for _, _, owner in self._enclosed(passage.text)}

    def mentions(self, document: Document, named: set[str | None]) -> list[Mention]:
        """Return the symbols by which a text names companies that it does not name otherwise.

        One with its exchange is sure; one of four letters or more that is no word needs brackets, a word of
        the market or a move; one that is a word or shorter moves beside another.
        """
        passage = document.text
        found: dict[str, Mention] = {}
        for start, end, owner in [*self._enclosed(passage.text), *self._bare(passage)]:
            if owner not in named and owner not in found:
                found[owner] = Mention(
                    text=passage.text[start:end],
                    start=start,
                    end=end,
                    field=passage.field,
                    kind="company",
                    target=owner,
                    method="lexicon",
                    score=_SCORE,
                )
        return list(found.values())

    def _enclosed(self, text: str) -> Iterator[tuple[int, int, str]]:
        if "(" not in text:
            return
        for match in _WITH_EXCHANGE.finditer(text):
            yield from self._known(text, *(match.span(1) if match.group(1) else match.span(2)))
        for match in _ENCLOSED.finditer(text):
            if match.group(1) not in word_set("ticker_words"):
                yield from self._known(text, *match.span(1))

    def _bare(self, passage: Passage) -> Iterator[tuple[int, int, str]]:
        text, words = passage.text, passage.words
        market = not word_set("market").isdisjoint(words)
        if not market and "%" not in text and "percent" not in words and "$" not in text:
            return
        plain = [span for match in _BARE.finditer(text) for span in self._known(text, *match.span(1))]
        sure = [span for span in plain if text[span[0] : span[1]] not in word_set("ticker_words")]
        if not sure:
            return
        moving = [span for match in _moving().finditer(text) for span in self._known(text, *match.span(1))]
        if not (market or moving):
            return
        yield from sure
        yield from moving if len({owner for _, _, owner in (*sure, *moving)}) > 1 else ()
        if market:
            yield from plain

    def _known(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        owner = self._owners.get(text[start:end])
        if owner is not None:
            yield start, end, owner
