"""Unknown names in lists and rows: among known providers, of awards, and behind the head of a table's row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from market.records import Mention
from nlp.companies_words import word_set
from nlp.document import Passage

_LEAST_KNOWN = 2
_ITEM = re.compile(
    r"(?P<lead>,\s(?:and\s|or\s)?|\s(?:and|or)\s)"
    r"(?P<name>[A-Z][\w&-]*[a-z][\w&-]*(?:\s[A-Z][\w&-]*){0,2})(?=[,.;:)\n]|\s(?:and|or)\s|\s[a-z]|$)"
)
_NEXT = re.compile(r"(?:\s\([^()\n]{0,40}\))?(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)")
_LONGEST = 60
_NAME = r"[A-Z][\w&’'-]*(?:\s(?:&\s)?[A-Z][\w&’'-]*){0,4}"
# "Acme took 1,480 locations, Pine Mutual 611, and Oak Telecom 290": the verb is said once.
_COUNTED = re.compile(
    r"\b(?:took|won|wins|got|gets|received|receives|landed|claimed|drew|has|had|picked up|"
    r"will (?:reach|get|build|receive))"
    r"\s(?:about\s)?\$?\d[\d.,]*\d(?:\s(?:million|locations|homes|addresses|sites|miles|subscribers|customers)){0,2}"
)
_ELIDED = re.compile(
    rf"(?:[,;]\s(?:and\s)?|\sand\s)(?P<name>{_NAME})\s(?:got\s|took\s)?\$?\d[\d.,]*\d?(?:\s(?:million|locations|homes))?(?=[,;.\n]|\sand\s|$)"
)
_MOST_ROWS = 300


def listed_names(passage: Passage, known: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Yield where names stand that follow two or more known providers in one list, or stand between two.

    A list may as well go on with others: people, places, bodies and the makers of equipment are left out.
    """
    text = passage.text
    ordered = sorted(known, key=lambda mention: mention.start)
    starts = {mention.start: mention.end for mention in ordered}
    people = {
        entity.start for entity in passage.entities if entity.label in ("PERSON", "GPE", "LOC", "FAC", "NORP")
    }
    run: dict[int, set[str]] = {}
    for mention in ordered:
        run.setdefault(mention.end, set()).add(mention.target or "")
        position, seen = mention.end, run[mention.end]
        # What follows: a known name takes the list over, an unknown one may be one of it.
        while (gap := _NEXT.match(text, position, position + _LONGEST)) is not None:
            if gap.end() in starts:
                run.setdefault(starts[gap.end()], set()).update(seen)
                break
            item = _ITEM.match(text, gap.end() - len(gap.group().split(")")[-1]), gap.end() + _LONGEST)
            if item is None or item.start("name") in people or not _is_name(item["name"]):
                break
            behind = _NEXT.match(text, item.end())
            between = behind is not None and behind.end() in starts
            if len(seen) < _LEAST_KNOWN and not between:
                break
            yield item.span("name")
            position = item.end()


def _is_name(name: str) -> bool:
    words = {word.casefold() for word in re.findall(r"[\w-]+", name)}
    kinds = ("others", "exclude", "exclude_last")
    not_ours = word_set("states").union(*(word_set("providers", kind) for kind in kinds))
    return not words & not_ours and not words <= word_set("providers", "generic") | word_set("leaders")


def counted_names(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield where names stand that share the verb of a list of awards or counts."""
    text = passage.text
    for verb in islice(_COUNTED.finditer(text), _MOST_ROWS):
        position = verb.end()
        while (item := _ELIDED.match(text, position, position + 2 * _LONGEST)) is not None:
            if not _is_place(item["name"]) and _is_name(item["name"]):
                yield item.span("name")
            position = item.end()


def row_names(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield where names stand behind a row's head: "Grantee: Acme Net | Award $8 million"."""
    text = passage.text
    if ":" not in text or word_set("providers", "row_heads").isdisjoint(passage.words):
        return
    others = {entity.start for entity in passage.entities if entity.label in ("PERSON", "GPE", "LOC")}
    trade = word_set("providers", "strong") | word_set("providers", "weak")
    for match in islice(_row().finditer(text), _MOST_ROWS):
        name = match["name"]
        is_ours = not trade.isdisjoint(name.casefold().split())
        if (is_ours or match.start("name") not in others) and not _is_place(name) and _is_name(name):
            yield match.span("name")


@lru_cache(maxsize=1)
def _row() -> re.Pattern[str]:
    heads = "|".join(sorted(word_set("providers", "row_heads")))
    return re.compile(
        rf"(?i:\b(?:{heads})(?: name)?):[ \t]+(?P<name>{_NAME})(?=,? (?:Inc|LLC)|\s*[|;\n\t]|\s–|\s-\s|$)"
    )


def _is_place(name: str) -> bool:
    words = name.casefold().split()
    return words[-1] in word_set("providers", "place_ends") or words[0] in word_set("providers", "place_ends")
