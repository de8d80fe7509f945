"""Figures of a build in one sentence: passings, route miles, money; each with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from market.numbers import Number, numbers_in
from nlp.patterns import pattern, source
from nlp.stems import may_match

Kind = Literal["passings", "miles", "grant", "match", "investment", "total", "amount"]

_LARGEST_BUILD = 750_000
"""Passings beyond this are a company's, not a local build's."""
_LONGEST_BUILD = 20_000
"""Miles."""
_SMALLEST_MONEY = 20_000
"""Dollars; less is a donation, a fee or a price."""
_LARGEST_MONEY = 3_000_000_000
"""Dollars; more is a whole programme, a company or a deal."""
_WINDOW = 90
_MILES_OF = re.compile(r"rout|fib|cable|plant|network|line|conduit|infrastr|highway|backbone|ring|loop")
_DIGIT = re.compile(r"\d")
_ONLY_CONNECTED = ("customers", "subscribers", "units", "members", "families", "apartments", "parcels")
"""Units that count passings only beside a verb of connecting."""
_VAGUE = ("places", "sites")
"""Words that are units of a build only in larger numbers."""
_FEWEST_VAGUE = 100
_MANY_KINDS = ("meters", "properties", "locations", "addresses", "units", "homes")
_FEWEST = 5
"""Less of these is an example: "two homes on the lake"."""
_VERB = 30
"""So near to a length stands how that part is laid."""
_MILES = re.compile(r"[\s-]+(?:[\w-]+[ -]){0,4}?miles?\b")
_BARE_MILES = re.compile(
    r"\s+(?:more |route |fiber )?miles?\b|\s+(?:underground|below|in|buried|aerial|on)\b|[.,;]?\s*$|[,;]"
)
_OF_MILES = re.compile(r"\bmiles?\b")
"""Miles before them are the total that the parts belong to."""
_IN_IT = re.compile(r"\s+in (?:it|all|the (?:ring|line|route|loop|network|system|project|design|plan))\b")
_LARGE = re.compile(r"(?i)\b(?:million|thousand|hundred|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b")
_YEARS = (1990, 2050)
_OF_A_YEAR = re.compile(
    r"(?i)\b(?:in|since|of|by|until|during|early|late|mid|spring|summer|fall|winter)[ -]$"
)
_NOUN_PHRASE = re.compile(r"(?i)\b(?:our|its|their|the|we|it|they)\b")
"""Between a year and a unit: another phrase has begun."""
_SPACED = re.compile(r"(?<![\d.,$])(\d{1,3})((?: \d{3}){1,3})(?![\d.,])")


_CHANGED = re.compile(r"(?i)from \S+(?: \w+)? to ")
_CHANGED_TO = re.compile(r"(?i)\b(?:price|cost|bill|budget|tab)\b.{0,60}from \$\S+(?: \w+)? to $")


_BEHIND_UNIT = re.compile(
    r"(?i)\b(?:homes?|addresses|dwellings?|households?|locations|premises|meters|house)\b[^.;\d$]{0,40}"
    r"[,:(]\s*(?:approximately|about|some|roughly|around|nearly|or|in all|all)\s+(?:of them\s+)?$"
)

_UNIT_OF_THEM = re.compile(
    r"(?i)\b(?:every|each|all(?: the)?) (?:[\w-]+ )?"
    r"(?:homes?|address(?:es)?|dwellings?|households?|locations?|house)\b"
    r"[^.;\d$]{0,60}[,(]\s*(?:some |about |all )?$"
)
"""Before "16,400 of them": all that there are of something, in a town."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sentence; offsets count from the sentence's start."""

    kind: Kind
    value: Decimal
    start: int
    end: int


@lru_cache(maxsize=1)
def _unit() -> re.Pattern[str]:
    return re.compile(r"\s*\+?[\s-]*" + source("passings", "units") + r"\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _businesses() -> re.Pattern[str]:
    return re.compile(r"\s*" + source("passings", "businesses") + r"\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    return re.compile(source("passings", "joined"), re.IGNORECASE)


@lru_cache(maxsize=32)
def figures(sentence: str) -> tuple[Figure, ...]:
    """Return what a sentence counts, in order. Company totals are told apart by the caller, by scope."""
    if _DIGIT.search(sentence) is None and not (
        may_match(sentence, "figures", "large") and _LARGE.search(sentence)
    ):
        return ()
    found: list[Figure] = []
    numbers = _numbers(sentence)
    laid = any(_MILES.match(sentence, number.end) for number in numbers)
    along = laid and pattern("miles", "along").search(sentence) is not None
    position = 0
    while position < len(numbers):
        number = numbers[position]
        used = 1
        if laid and (parts := _laid_in_parts(sentence, numbers, position)) is not None:
            found.append(parts)
            used = 2
        elif number.is_money:
            following = numbers[position + 1] if position + 1 < len(numbers) else None
            figure = _money(sentence, number, following)
            if figure:
                found.append(figure)
        elif (
            match := pattern("miles", "pattern").match(sentence, number.end)
        ) and number.value <= _LONGEST_BUILD:
            there = pattern("miles", "there").search(sentence[max(0, number.start - _VERB) : number.start])
            if there and _IN_IT.match(sentence, match.end()) is None:
                pass
            elif _MILES_OF.search(match.group(0).lower()) or (
                along
                and (
                    not pattern("miles", "distance").match(sentence, match.end())
                    or pattern("miles", "runs").search(
                        sentence[max(0, number.start - _WINDOW) : number.start]
                    )
                )
            ):
                found.append(Figure("miles", number.value, number.start, match.end()))
        elif figure_and_used := _passings(sentence, numbers, position):
            figure, used = figure_and_used
            found.append(figure)
        position += used
    return tuple(found)


def _laid_in_parts(sentence: str, numbers: list[Number], position: int) -> Figure | None:
    """Miles on poles and in the ground, added up: "60 miles will be aerial and another 24 underground"."""
    if position + 1 >= len(numbers):
        return None
    first, second = numbers[position : position + 2]
    if first.is_money or second.is_money or _MILES.match(sentence, first.end) is None:
        return None
    around = sentence[max(0, first.start - _VERB) : first.start] + sentence[first.end : second.start]
    after = re.split(r"[.;,]", sentence[second.end : second.end + _VERB])[0]
    between = re.split(r"[.;]", sentence[first.end : second.start])
    above, below = pattern("miles", "above"), pattern("miles", "below")
    rest = f"{between[-1]} {after}"
    parted = (above.search(around) and below.search(rest)) or (below.search(around) and above.search(rest))
    of_total = _OF_MILES.search(sentence[max(0, first.start - _WINDOW) : first.start]) is not None
    if len(between) > 1 or not parted or of_total or _BARE_MILES.match(sentence, second.end) is None:
        return None
    return Figure("miles", first.value + second.value, first.start, second.end)


def _numbers(sentence: str) -> list[Number]:
    """Numbers of the sentence; groups parted by blanks ("53 604 000", in texts without commas) join."""
    spaced = list(_SPACED.finditer(sentence))
    if not spaced:
        return numbers_in(sentence)
    found = []
    for match in spaced:
        value = Decimal(re.sub(r"\D", "", match.group(0)))
        before = sentence[max(0, match.start() - 3) : match.start()]
        after = sentence[match.end() : match.end() + 30]
        is_money = "$" in before or re.match(r"\s+(?:loan|grant|dollars)", after) is not None
        found.append(Number(value, match.start(), match.end(), match.group(0), is_money))
    covered = [(number.start, number.end) for number in found]
    found += [
        number
        for number in numbers_in(sentence)
        if not any(start <= number.start < end for start, end in covered)
    ]
    return sorted(found, key=lambda number: number.start)


def _passings(sentence: str, numbers: list[Number], position: int) -> tuple[Figure, int] | None:
    number = numbers[position]
    unit = _unit().match(sentence, number.end)
    if unit is None and (counted := _appositive(sentence, number)) is not None:
        return counted, 1
    if unit is None or not 1 < number.value <= _LARGEST_BUILD or number.value != int(number.value):
        return None
    if (
        sentence[number.end : number.end + 1] == "%"
        or sentence[number.end : number.end + 8].lower() == " percent"
    ):
        return None
    if _is_year(sentence, number, unit):
        return None
    word = unit.group("unit").lower()
    if word in _ONLY_CONNECTED and not (
        pattern("passings", "connected").search(sentence[: number.start] + word)
        or pattern("passings", "connected_after").match(sentence, unit.end())
    ):
        return None
    if word in _VAGUE and number.value < _FEWEST_VAGUE:
        return None
    if word in _MANY_KINDS and number.value < _FEWEST:
        return None
    value, end, used = number.value, unit.end(), 1
    # "8,000 homes and 400 businesses" are one figure: what the build serves.
    if position + 1 < len(numbers):
        following = numbers[position + 1]
        joined = _joined().match(sentence, unit.end())
        if (
            joined
            and joined.end() == following.start
            and word not in ("locations", "addresses", "premises", "passings")
        ):
            businesses = _businesses().match(sentence, following.end)
            if businesses and not following.is_money:
                value, end, used = value + following.value, businesses.end(), 2
    return Figure("passings", value, number.start, end), used


def _is_year(sentence: str, number: Number, unit: re.Match[str]) -> bool:
    """Tell whether a number is a year: "in 2024 our fiber-to-the-home network", "the 2026 homes tour"."""
    if not (number.raw.isdigit() and _YEARS[0] <= number.value <= _YEARS[1]):
        return False
    between = sentence[number.end : unit.start("unit")]
    return _OF_A_YEAR.search(sentence[: number.start]) is not None or _NOUN_PHRASE.search(between) is not None


def _appositive(sentence: str, number: Number) -> Figure | None:
    """A figure behind what it counts: "every dwelling in the city, approximately 3,300"."""
    if not _FEWEST_VAGUE <= number.value <= _LARGEST_BUILD:
        return None
    of_them = sentence.startswith(" of them", number.end)
    if not of_them and sentence[number.end : number.end + 1] not in (",", ".", ";", ")", ""):
        return None
    before = sentence[max(0, number.start - 90) : number.start]
    if of_them and _UNIT_OF_THEM.search(before):
        return Figure("passings", number.value, number.start, number.end)
    if _BEHIND_UNIT.search(before) is None:
        return None
    return Figure("passings", number.value, number.start, number.end)


def _money(sentence: str, number: Number, following: Number | None) -> Figure | None:
    if not _SMALLEST_MONEY <= number.value <= _LARGEST_MONEY:
        return None
    if (
        following is not None
        and following.is_money
        and _CHANGED.fullmatch(sentence[max(0, number.start - 5) : following.start])
    ):
        # "from $14 million to $17.5 million": the first is past, the second the price now.
        return None
    if _CHANGED_TO.search(sentence[max(0, number.start - 100) : number.start]):
        return Figure("total", number.value, number.start, number.end)
    before = _clause_before(sentence, number.start)
    after = _clause_after(sentence, number.end)
    near = f"{before[-45:]} $ {after[:40]}"
    if pattern("money", "not_project").search(near) or pattern("money", "programme").search(
        f"{before} $ {after}"
    ):
        return None
    if pattern("money", "own").match(after) or pattern("money", "own_before").search(before):
        return Figure("match", number.value, number.start, number.end)
    if (
        pattern("money", "project_total").search(before[-50:])
        and not pattern("money", "grant").search(after[:40])
    ) or pattern("money", "total_after").match(after):
        return Figure("total", number.value, number.start, number.end)
    if pattern("lenders", "near").search(f"{before[-60:]} {after[:60]}"):
        return Figure("investment", number.value, number.start, number.end)
    if pattern("givers", "before").search(re.split(r",\s|\band\b", before)[-1]):
        return Figure("grant", number.value, number.start, number.end)
    if pattern("money", "match").search(f"{before[-40:]} $ {after[:30]}"):
        return Figure("match", number.value, number.start, number.end)
    grant = pattern("money", "grant").search(f"{before} $ {after}")
    invest = pattern("money", "invest").search(f"{before} $ {after}")
    if grant and not (
        invest and re.match(r"\s*(?:\w+\s+){0,2}(?:investment|project|build|expansion)", after)
    ):
        return Figure("grant", number.value, number.start, number.end)
    if invest:
        return Figure("investment", number.value, number.start, number.end)
    return Figure("amount", number.value, number.start, number.end)


def _clause_before(sentence: str, position: int) -> str:
    return re.split(r"[;:]\s", sentence[max(0, position - _WINDOW) : position])[-1]


def _clause_after(sentence: str, position: int) -> str:
    return re.split(r"[;]\s", sentence[position : position + _WINDOW])[0]
