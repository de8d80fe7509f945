"""Where a text names the operators found in it: in full, by the first words, by initials."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from market.ids import slug
from market.records import Mention
from nlp.companies_words import word_set
from nlp.document import Document, Passage
from nlp.providers_names import bare_name, usual_name
from nlp.providers_short import short_form, short_places

METHOD = "provider-name"
_SHORT_INITIALS = 2
_MOST_PLACES = 60


class Taken:
    """Spans that do not meet, in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def meets(self, start: int, end: int) -> bool:
        """Tell whether a span shares characters with one of these."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start

    def add(self, start: int, end: int) -> None:
        """Add a span that meets none."""
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)


def places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as whole words, at most `_MOST_PLACES` times."""
    end = 0
    for _ in range(_MOST_PLACES):
        start = text.find(name, end)
        if start < 0:
            return
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start, end


def _bounded(name: str, text: str) -> Iterator[tuple[int, int]]:
    r"""Yield where a name stands between word boundaries, as "\bname\b" does: many times as fast."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if _is_boundary(text, start) and _is_boundary(text, end):
            yield start, end
            start = text.find(name, end)
        else:
            start = text.find(name, start + 1)


def _is_boundary(text: str, at: int) -> bool:
    before, after = text[at - 1 : at].replace("_", "a"), text[at : at + 1].replace("_", "a")
    return before.isalnum() != after.isalnum()


def _targets(names: Sequence[str]) -> dict[str, str]:
    """Return the id of each name, longest first.

    One that begins a longer name is the same provider, and so are its initials and a cooperative's brand
    ("Pine Creek Connect" of Pine Creek Electric Cooperative).
    """
    targets: dict[str, str] = {}
    fuller: dict[str, str] = {}
    letters: dict[str, str] = {}
    for name in names:
        if name in letters:
            targets[name] = letters[name]
            continue
        own = short_form(name) or ""
        is_brand = name.rpartition(" ")[2].casefold() in word_set("providers", "brands")
        targets[name] = fuller.get(name) or (fuller.get(own) if is_brand else None) or slug(usual_name(name))
        words = name.split()
        if len(words) > _SHORT_INITIALS:
            letters.setdefault("".join(word[0] for word in words if word[0].isupper()), targets[name])
        for size in range(2, len(words)):
            fuller.setdefault(" ".join(words[:size]), targets[name])
    return targets


def occurrences(document: Document, names: dict[str, str], known: dict[str, Taken]) -> list[Mention]:
    """Return where a text names the operators in full; the places join `known` and meet none of it."""
    found: list[Mention] = []
    listed = sorted(names.values(), key=len, reverse=True)
    targets = _targets(listed)
    for name in listed:
        for passage in document.passages:
            for start, end in _bounded(name, passage.text):
                if known[passage.field].meets(start, end):
                    continue
                known[passage.field].add(start, end)
                found.append(provider_mention(passage, start, end, targets[name]))
    return found


def shortened(document: Document, mentions: Sequence[Mention], known: dict[str, Taken]) -> list[Mention]:
    """Return the places where a text names a provider by the first words of its name."""
    owners: dict[str, str] = {}
    sure: dict[str, bool] = {}
    for mention in mentions:
        if mention.target and " " in mention.text:
            name = bare_name(mention.text)
            owners.setdefault(name, mention.target)
            sure[name] = mention.method != METHOD
    found = []
    for full, field, start, end in short_places(document, list(sure.items())):
        if known[field].meets(start, end):
            continue
        known[field].add(start, end)
        passage = next(passage for passage in document.passages if passage.field == field)
        found.append(provider_mention(passage, start, end, owners[full]))
    return found


def provider_mention(passage: Passage, start: int, end: int, target: str) -> Mention:
    """Return the mention of an operator that its name shows."""
    return Mention(
        text=passage.text[start:end],
        start=start,
        end=end,
        field=passage.field,
        kind="company",
        target=target,
        method=METHOD,
        score=0.7,
    )
