"""Whose price an amount is: of the companies that a text names, the one that asks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from market.records import Mention
from nlp.document import Document, Span
from nlp.offers_patterns import pattern
from nlp.providers import full_names

_BACK = 500
"""Characters back to the name of which "the company" stands."""
_EARLY = 0.4
"""The share of a text in which a company named once must stand to be what the text is about."""
_SELLER = re.compile(
    r"(?:(?!\b(?:compar|compet|match|than|up|down|that|which|who|while)\w*\b)[^.;,:$\n]){0,40}"
    r"\b(?:from|by|with|at)\s(?:the\s)?",
    re.IGNORECASE,
)
_BEHIND = 60
_HEADING, _LINE = 60, 120
"""Characters of a heading and of a line of the list under it, at most."""

Asker = tuple[str, str, Span | None]
"""A company's id, the words for it, and where they stand."""


def _main_company(named: Sequence[Mention], length: int) -> Mention | None:
    """Return a mention of the company named most, the first of several; none if only late and once."""
    counted = Counter(mention.target for mention in named)
    most = max(named, key=lambda mention: counted[mention.target], default=None)
    if most is None or counted[most.target] > 1 or len(counted) == 1 or most.field == "title":
        return most
    return most if most.start < _EARLY * length else None


class Askers:
    """The companies of one text, as those who ask its prices."""

    def __init__(self, document: Document, companies: Sequence[Mention]) -> None:
        self._text = document.text.text
        self._own = document.company
        named = [mention for mention in companies if mention.target]
        self._mentions = sorted((m for m in named if m.field == "text"), key=lambda mention: mention.start)
        self._names = full_names(named)
        self._main = _main_company(named, len(self._text))

    def of(self, position: int, sentence: Span, end: int) -> Asker | None:
        """Return who asks the price that stands from `position` to `end`.

        It is who sells it by the words behind, "$40 from Comcast", or whom the sentence names before it, else
        whose own text it is, else the last one named where it says "the company", else whom the paragraph
        names before it, else the one that the text is about.
        """
        behind = self._seller(end, sentence)
        if behind is not None:
            return behind.target or "", self._names[behind.target or ""], Span(behind.start, behind.end)
        before = [m for m in self._mentions if m.start < position and not self._is_host(m)]
        paragraph = self._text.rfind("\n", 0, position) + 1
        chosen = before[-1] if before and before[-1].start >= sentence.start else None
        if chosen is None and self._own is not None:
            return self._own, self._own, None
        another = pattern("the_company").search(self._text[sentence.start : position])
        if chosen is None and before and another and position - before[-1].end < _BACK:
            chosen = before[-1]
        if chosen is None and before and self._heads(before[-1], paragraph, end):
            chosen = before[-1]
        if chosen is None:
            chosen = before[-1] if before and before[-1].start >= paragraph else self._main
            ours = pattern("ours").search(self._text, sentence.start, position)
            if ours and chosen and chosen.field == "text" and not before:
                # Whoever says "our price" before any name has not named itself yet.
                return None
        if chosen is None or chosen.target is None:
            return None
        place = Span(chosen.start, chosen.end) if chosen.field == "text" else None
        return chosen.target, self._names[chosen.target], place

    def _heads(self, mention: Mention, paragraph: int, end: int) -> bool:
        """Tell whether a company's name is the heading of a list in which a price stands."""
        text = self._text
        start = text.rfind("\n", 0, mention.start) + 1
        last = text.find("\n", mention.end)
        if not mention.end <= last < paragraph or paragraph - last > _BACK:
            return False
        behind = text[paragraph : text.find("\n", end) if text.find("\n", end) >= 0 else len(text)]
        heading = text[start:last].strip(" #*-•:\r")
        return len(heading) <= _HEADING and not heading.endswith((".", "!", "?")) and len(behind) <= _LINE

    def _seller(self, end: int, sentence: Span) -> Mention | None:
        for mention in self._mentions:
            if end <= mention.start < min(sentence.end, end + _BEHIND):
                return mention if _SELLER.fullmatch(self._text, end, mention.start) else None
        return None

    def _is_host(self, mention: Mention) -> bool:
        """Tell whether a company is named for its network, on which somebody else's service runs."""
        text = self._text
        if pattern("host_behind").match(text, mention.end) is None:
            return False
        start = max(0, mention.start - 24)
        return any(
            said.end() == mention.start
            for said in pattern("host_before").finditer(text, start, mention.start)
        )
