"""Both speeds of a plan in one cell: "100/20 Mbps", "1 Gig x 50 Meg", "500 Mbps symmetrical"."""

from __future__ import annotations

import re

from market.units import SPEED_UNIT, Span, parse_speed

_SPEED_UNIT = re.compile(SPEED_UNIT, re.IGNORECASE)
_DIRECTIONS = re.compile(
    r"\b(?P<up>up(?:load|stream)?(?! to)|ul)\b|\b(?:down(?:load|stream)?|dl)\b|\bspeeds?\b|:", re.IGNORECASE
)


def speed_pair(words: str, unit: str, *, upload_first: bool = False) -> tuple[Span, Span] | None:
    """Return the download and upload speed that words state as a pair; `unit` is that of bare figures."""
    if re.search(r"\bsymmetric(?:al)?\b", words, re.IGNORECASE):
        both = parse_speed(re.sub(r"\bsymmetric(?:al)?\b", "", words, flags=re.IGNORECASE), default_unit=unit)
        return (both, both) if both is not None else None
    named = [
        bool(found["up"])
        for found in _DIRECTIONS.finditer(words)
        if found[0].lower() not in (":", "speed", "speeds")
    ]
    if named[:1] and len(set(named)) == 2:
        upload_first = named[0]
    bare = _DIRECTIONS.sub(" ", words)
    for cut in re.finditer(r"\s*(?:[/x×|;]|,\s|\band\b|\bby\b)\s*", bare, re.IGNORECASE):
        first, second = bare[: cut.start()], bare[cut.end() :]
        units = [found[0] if (found := _SPEED_UNIT.search(part)) else None for part in (first, second)]
        spans = [
            parse_speed(first, default_unit=units[1] or unit),
            parse_speed(second, default_unit=units[0] or unit),
        ]
        if spans[0] is not None and spans[1] is not None:
            return (spans[1], spans[0]) if upload_first else (spans[0], spans[1])
    return None
