"""The speeds of a text as offers are read from them, in Mbps: figures, words, plans named by their speed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.offers_patterns import pattern

_FASTEST = 100_000
_JOINT = 48
"""Characters between the two ways of one connection: "940 Mbps down and upload speeds of up to 35 Mbps"."""
_MOST_LISTED = 6
"""Figures before a speed that share its unit: "100, 500 and 1,000 Mbps"."""

_WORDED = {
    "one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "eight": 8, "ten": 10, "twenty-five": 25,
    "fifty": 50,
}  # fmt: skip
_PARTS = {"half": 500.0, "quarter": 250.0}
_SPEED = re.compile(
    r"(?<![$,.\d])(?P<value>\b\d{1,3}(?:,\d{3})+|\b\d{1,5}(?:\.\d+)?)(?:\s?(?:/|by\b|x\b)\s?(?P<second>\d{1,5}))?[\s-]?"
    r"(?P<unit>[gm]bps|[gm]b/s|[gm]bit/s|[gm]bits?|gigabits?|gigs?|g\b|megabits?|megs?|m(?=\s(?:plan|tier|internet|fiber|symm|for\s\$)))(?!\w)(?!\s(?:of\s)?(?:\w+\s)?(?:data|storage)\b)"
    r"(?:\s(?:per|a)\ssecond)?"
    r"(?P<way>[ \t-]?(?:up|down)(?:load\w*|stream)?\b(?!\s+and\s+(?:up|down)|/|(?:\sspeeds?)?\s?:))?"
    r"|\b(?P<part>half|quarter)(?:\s|-)(?:a\s)?gig(?:abit)?\b"
    rf"|\b(?P<worded>{'|'.join(sorted(_WORDED, key=len, reverse=True))})(?:\s|-)gig(?:abit)?s?\b"
    r"|\b(?P<gig>gigabit|gig)\b"
    # "Fiber 500 starts at $45", "the 250 plan": plans that have their speed for a name.
    r"|\b(?:fiber|internet|fios)\s(?P<named>[1-9]\d?[05]0|1000)\b"
    r"(?![,.]\d|\s?(?:%|/|[a-z]*b(?:it)?ps\b|meg|home|mile|loc|cust))"
    r"|\bthe\s(?P<called>(?!19\d\d|20[0-4]\d)[1-9]\d{1,3})\s(?:plan|tier|package|service)\b"
    # "the 500/500 plan", "100 x 20 | $39".
    r"|(?<![\d/$.])(?P<pair>(?:\d{1,2},\d{3}|\d{2,5}))\s?[/x×]\s?(?P<pair_up>(?:\d{1,2},\d{3}|\d{1,5}))(?![\d/,%])"
    r"(?=\s(?:symmetrical\s|residential\s|business\s|home\s)?(?:plan|tier|package|service|internet|connection|fiber|speeds?)\b"
    r"|\s?(?:[|:—–]|-\s)|[ \t]*(?:\n|$)|\s(?:for|at|is|costs?)\s\$)",
    re.IGNORECASE,
)
_HINT = re.compile(r"gig|meg|[mg]b|\d\s?[x/×]\s?\d|\d[gm]\b|(?:the|fiber|internet|fios)\s\d")
"""What a text in small letters has if it names a speed; far cheaper than the pattern itself."""
_MULTI = re.compile(r"(?:multi|by\sthe)[\s-]?$", re.IGNORECASE)
_LISTED = re.compile(
    r"(?<![\d/.$,])(?P<figure>\d{1,3}(?:,\d{3})+|\d{2,4})(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)$"
)
_SOLD = re.compile(r"\s(?:plan|tier|internet|fiber|symm\w*|for\s\$)", re.IGNORECASE)
_LATEST_GENERATION = 6
_LEAST_PAIRED = 40
"""Mbps; a smaller pair of figures that names no plan may be a date."""


@dataclass(frozen=True, slots=True)
class SpeedAt:
    """A speed and where it stands."""

    start: int
    end: int
    down: float | None
    up: float | None


def speeds(text: str, start: int, end: int) -> Iterator[SpeedAt]:
    """Yield the speeds between two positions; a gigabit is 1,000 Mbps. Both ways of a connection are one."""
    last: SpeedAt | None = None
    for speed in _each_speed(text, start, end):
        if last is None:
            last = speed
            continue
        both = _both_ways(text, last, speed)
        if both is None:
            yield _with_bare_up(text, last, end)
        last = both or speed
    if last is not None:
        yield _with_bare_up(text, last, end)


def listed_before(text: str, start: int, speed: SpeedAt) -> list[SpeedAt]:
    """Return the figures before a speed that share its unit, "100, 500 and 1,000 Mbps", in order."""
    unit = re.search(r"g(?:ig|b)", text[speed.start : speed.end], re.IGNORECASE)
    position, found = speed.start, list[SpeedAt]()
    while len(found) < _MOST_LISTED and (said := _LISTED.search(text, max(start, position - 16), position)):
        value = _number(said["figure"]) * (1_000 if unit else 1)
        if value > _FASTEST:
            break
        found.insert(0, SpeedAt(said.start("figure"), said.end("figure"), value, None))
        position = said.start("figure")
    return found


def worded_gigabits(word: str) -> float | None:
    """Return the Mbps of a number word that counts gigabits: "two" of "a gig for $55 and $75 for two"."""
    count = _WORDED.get(word.lower())
    return None if count is None else count * 1_000.0


def _number(figure: str) -> float:
    return float(figure.replace(",", ""))


def _both_ways(text: str, first: SpeedAt, second: SpeedAt) -> SpeedAt | None:
    """Return "940 Mbps down, 35 Mbps up" as one speed; None where the second is another connection's."""
    if second.start - first.end > _JOINT:
        return None
    gap = text[first.end : second.start]
    if first.down is None and second.up is None and second.down is not None:
        # "20 Mbps up and 300 Mbps down"
        said = pattern("ways_down").search(text, second.start, second.end + 12)
        joined = said and pattern("ways_gap").fullmatch(gap)
        return SpeedAt(first.start, second.end, second.down, first.up) if joined else None
    if first.down is None or first.up is not None:
        return None
    if second.up is None and pattern("ways_slash").fullmatch(gap):
        return SpeedAt(first.start, second.end, first.down, second.down)
    if second.up is not None and second.down is None:
        said = pattern("ways_gap").fullmatch(gap)
    else:
        said = pattern("ways_upload").fullmatch(gap) if second.up is None else None
    return SpeedAt(first.start, second.end, first.down, second.up or second.down) if said else None


def _with_bare_up(text: str, speed: SpeedAt, end: int) -> SpeedAt:
    """Add the figure of "300 Mbps down and 20 up", whose unit stands before."""
    if speed.down is None or speed.up is not None:
        return speed
    said = pattern("ways_bare").match(text, speed.end, end)
    return SpeedAt(speed.start, said.end(), speed.down, float(said["up"])) if said else speed


def _each_speed(text: str, start: int, end: int) -> Iterator[SpeedAt]:
    if _HINT.search(text[start:end].lower()) is None:
        return
    for match in _SPEED.finditer(text, start, end):
        if match["unit"]:
            speed = _of_figure(text, match)
        elif match["pair"]:
            speed = _of_pair(text, match)
        elif match["gig"]:
            many = _MULTI.search(text[max(start, match.start() - 8) : match.start()])
            speed = None if many else SpeedAt(match.start(), match.end(), 1_000.0, None)
        else:
            speed = SpeedAt(match.start(), match.end(), _of_name(match), None)
        if speed is not None:
            yield speed


def _of_name(match: re.Match[str]) -> float:
    if match["part"]:
        return _PARTS[match["part"].lower()]
    if match["worded"]:
        return _WORDED[match["worded"].lower()] * 1_000.0
    return float(match["named"] or match["called"])


def _of_pair(text: str, match: re.Match[str]) -> SpeedAt | None:
    down, up = _number(match["pair"]), _number(match["pair_up"])
    of_plan = text[match.end() : match.end() + 2].strip()[:1].isalpha() and "$" not in text[match.end() :][:8]
    if not 1 <= up <= down <= _FASTEST or (down < _LEAST_PAIRED and not of_plan):
        return None
    return SpeedAt(match.start(), match.end(), down, up)


def _of_figure(text: str, match: re.Match[str]) -> SpeedAt | None:
    if match["unit"] in ("g", "m") or text[match.end() : match.end() + 1] == "$":
        return None
    scale = 1_000 if match["unit"][0] in "gG" else 1
    value = _number(match["value"]) * scale
    if (match["unit"] == "G" and not _is_gigabits(text, match)) or not 1 <= value <= _FASTEST:
        return None
    if (match["way"] or "").strip().lower().startswith("up"):
        return SpeedAt(match.start(), match.end(), None, value)
    second = float(match["second"]) * scale if match["second"] else None
    return SpeedAt(match.start(), match.end(), value, second)


def _is_gigabits(text: str, match: re.Match[str]) -> bool:
    """Tell whether "2G" is a speed: by what is sold so, or by its size, and not a generation of phones."""
    value = _number(match["value"])
    if value > _LATEST_GENERATION:
        return True
    return value in (1, 2) and _SOLD.match(text, match.end()) is not None
