"""Unknown names in a list of known providers: "Comcast, Lumen and Acme, all of which operate nearby"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
