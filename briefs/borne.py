"""Whether a quote bears out the words of a build's line that are no figures: technology, stage, date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from market.records import Evidence

_TARGET = re.compile(r"[:,] target (?P<words>[^:]+)\.$")


@cache
def _words() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return (name, what says it in a line, what bears it out in a quote) of borne.toml."""
    table = tomllib.loads(files("briefs").joinpath("borne.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            entry["name"],
            re.compile(entry["says"]),
            # Long alternatives are broken into lines; no word of them holds a line break.
            re.compile(re.sub(r"\n\s*", "", entry["needs"]), re.I),
        )
        for entry in table["word"]
    )


def not_borne(text: str, evidence: Sequence[Evidence]) -> str | None:
    """Return the first word of a build's line that no quote bears out, or None when all are borne out.

    A date of completion has to stand in a quote as the line writes it.
    """
    quotes = [item.quote for item in evidence]
    for name, says, needs in _words():
        if says.search(text) and not any(needs.search(quote) for quote in quotes):
            return name
    if target := _TARGET.search(text):
        words = target["words"]
        if not any(words in " ".join(quote.split()) for quote in quotes):
            return words
    return None
