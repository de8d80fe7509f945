"""Prices, speeds and terms in a plan page's visible text, each with what the words beside it make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crawlers.readers.visible import Flat, words
from market.units import SPEED_UNIT, TERM, decimal, speed_factor, term_months, to_cents

Role = Literal[
    "main",
    "promo",
    "range",
    "regular",
    "autopay",
    "no autopay",
    "conditional",
    "saving",
    "fee",
    "termination",
    "other product",
    "other period",
    "prose",
]


@dataclass(frozen=True)
class Price:
    """An amount of money: text[start:end] and what it is."""

    start: int
    end: int
    cents: int
    role: Role
    monthly: bool
    """Whether the words beside it say that it is the price of a month."""
    currency: str | None
    least: bool = False


@dataclass(frozen=True)
class Speed:
    """A speed, or a pair or range of them, in Mbps."""

    start: int
    end: int
    down: float | None
    up: float | None
    down_max: float | None = None


@dataclass(frozen=True)
class Term:
    """A number of months and what it says: a promotion's length or a contract's (0: none required)."""

    start: int
    end: int
    months: int
    kind: Literal["promo", "contract"]


_PRICE = re.compile(
    r"(?P<sign>US\$|CA\$|C\$|A\$|\$|€|£|USD\s|CAD\s)\s*(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,6}(?:\s*\.\s*\d{2})?(?!\d))"
    r"(?:[ \n](?P<cents>\d{2})(?=\s*(?:/|per\b|a month|mo\b|monthly)))?(?!,?\d)"
    r"(?!\s?(?:million|billion|bn\b|[MBK]\b))"
    r"|(?:(?P<euro>€)\s*)?(?<![\d.,$])(?P<euros>\d{1,3}(?:\.\d{3})*,\d{2})(?!\d)(?(euro)|\s*(?P<after>€|EUR\b))"
    r"|(?<![\d.,$])(?P<bare>\d{1,4}\.\d{2})\s*(?P<behind>€|EUR\b|USD\b|CAD\b|dollars\b)?(?=\s*(?:/|per|a)\s*mo(?:nth)?\b|\s*(?:€|EUR|USD|CAD|dollars)\b)",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"€\s*\d{1,4},\d{2}(?!\d)|\d,\d{2}\s*€")
_FIG = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPEED = re.compile(
    rf"(?<![\d.,$€£/x])(?P<low>{_FIG})\s*(?P<unit1>{SPEED_UNIT}\b)?(?:\s*(?P<join>/|x|by|-|–|—|to|\|)\s*(?P<high>{_FIG}))?\s*[-‑]?\s*(?P<unit2>{SPEED_UNIT}\b)",
    re.IGNORECASE,
)
_SHORT_PAIR = re.compile(
    r"(?<![\w.$/])(?P<low>\d{1,4}(?:\.\d)?)\s?(?P<unit1>[KMG])\s?[/x]\s?(?P<high>\d{1,4}(?:\.\d)?)\s?(?P<unit2>[KMG])"
    r"(?![\w/])"
)
_BARE_PAIR = re.compile(r"^(?P<low>\d{1,4})\s?/\s?(?P<high>\d{1,4})$", re.MULTILINE)
_SERVICE = re.compile(r"\b(?:internet|broadband|data|download|wireless)\b", re.IGNORECASE)
_BOTH_WAYS = re.compile(
    r"\W{0,3}(?:(?:max(?:imum)?|wired|speeds?|symmetric(?:al)?)\s+)*"
    r"(?:up(?:load)?s?\s*(?:and|&|/|\+)\s*down(?:load)?s?|down(?:load)?s?\s*(?:and|&|/|\+)\s*up(?:load)?s?"
    r"|both ways|in both directions|symmetric(?:al)?)\b(?!\s*(?:speeds?\s*)?(?:of|up to|:)?\s*\d)",
    re.IGNORECASE,
)
_TERM_ANY = re.compile(r"(?<![\d.$])\b" + TERM + r"(?![a-z])", re.IGNORECASE)
_CURRENCY = {
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "A$": "AUD",
    "€": "EUR",
    "£": "GBP",
    "USD": "USD",
    "CAD": "CAD",
    "EUR": "EUR",
}
_WINDOW = 90


def _line(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of the same line before and after text[start:end]."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    high = len(text) if high < 0 else high
    return text[max(low, start - _WINDOW) : start], text[end : min(high, end + _WINDOW)]


def _line_length(text: str, at: int) -> int:
    high = text.find("\n", at)
    return (len(text) if high < 0 else high) - (text.rfind("\n", 0, at) + 1)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after; where the line holds none, those of the line before or behind."""
    before, after = _line(text, start, end)
    if not after.strip():
        following = text[end:].lstrip("\n ")[:_WINDOW].split("\n")[0]
        after = f" {following}"
    if not before.strip():
        above = text[:start].rstrip("\n ").rsplit("\n", 1)[-1][-_WINDOW:]
        # Only a label such as "Installation:" or "Starting at" speaks for the line below it.
        before = above if len(above) <= 45 and not re.search(r"[$€£]\s*\d", above) else ""
    return before, after


def _above(text: str, start: int) -> str:
    """Return the end of the line above: "Per month for" over "12 months"."""
    return text[:start].rstrip("\n ").rsplit("\n", 1)[-1][-_WINDOW:]


def prices_in(flat: Flat) -> list[Price]:
    """Return all amounts of money in the text, in order."""
    text, patterns = flat.text, words()["patterns"]
    found = []
    for match in _PRICE.finditer(text):
        figure = match["figure"] or match["bare"] or match["euros"]
        figure = re.sub(r"\s+", "", figure)
        if match["euros"]:
            figure = figure.replace(".", "").replace(",", ".")
        end = match.end(next(group for group in ("figure", "bare", "euros") if match[group]))
        if match["cents"] and "." not in figure:
            figure, end = f"{figure}.{match['cents']}", match.end("cents")
        cents = to_cents(figure)
        if cents is None:
            continue
        before, after = _line(text, match.start(), end)
        wide_before, wide_after = _around(text, match.start(), end)
        sign = (match["sign"] or match["behind"] or (match["euros"] and "€") or "").strip().upper()
        monthly = bool(
            patterns["monthly_after"].match(wide_after) or patterns["monthly_before"].search(wide_before)
        )
        following = _following(text, end)
        role = _role(before, after, wide_before, following)
        if role in ("main", "promo") and (_RANGE_ON.match(after) or _RANGE_BEFORE.search(before)):
            role = "range"
        if role != "saving" and _line_length(text, match.start()) > _MAX_PROSE:
            role = "prose"
        least = bool(
            re.search(
                r"(?:from|starting at|as low as|starts at)\s*:?\s*(?:only|just)?\s*$",
                wide_before,
                re.IGNORECASE,
            )
        )
        found.append(Price(match.start(), end, cents, role, monthly, _CURRENCY.get(sign), least))
    return found


_RANGE_ON = re.compile(r"^\s*(?:-|–|—|to\b)\s*(?:US)?[$€£]\s*\d", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"[$€£]\s*\d[\d.,]*\s*(?:-|–|—|to\b)\s*$", re.IGNORECASE)
_MAX_PROSE = 260
"""Characters. A line as long is a paragraph of terms: its amounts belong to no card."""
_MONTH_ONLY = re.compile(
    r"^[\s*†()]*(?:/|per|a)?\s*(?:mo(?:nth)?(?:ly)?\b\.?)?[\s*†()+]*"
    r"(?:plus tax(?:es)?(?: (?:and|&) fees)?)?[\s*†.]*$",
    re.IGNORECASE,
)


def _following(text: str, end: int) -> str:
    """Return the words on the line below: past lines that only say "/mo", and on when a "with" breaks off."""
    at = text.find("\n", end)
    if at < 0:
        return ""
    lines = [line.strip() for line in text[at : at + 3 * _WINDOW].split("\n") if line.strip()]
    first = next((at for at, line in enumerate(lines) if not _MONTH_ONLY.match(line)), len(lines))
    count = 2 if first < len(lines) and re.match(r"with\b|w/", lines[first], re.IGNORECASE) else 1
    return " ".join(lines[: first + count])[: 2 * _WINDOW]


def _role(before: str, after: str, wide_before: str, following: str) -> Role:
    if words()["patterns"]["other_period"].match(after):
        return "other period"
    # Words on the next line tell what a price is only when nothing but "/mo" stands between.
    joined = f"{after} {following}" if _MONTH_ONLY.match(after) else ""
    for entry in words()["price_roles"]:
        role: Role = entry["role"]
        left = before if role in ("saving", "other product") else wide_before
        if "before" in entry and entry["before"].search(left):
            return role
        if "after" in entry and entry["after"].match(after):
            return role
        if "next" in entry and joined and entry["next"].match(joined):
            return role
    return "main"


def speeds_in(flat: Flat) -> list[Speed]:
    """Return all speeds in the text, in order: pairs ("940/880 Mbps", "10M/1M"), ranges ("6 - 45 Mbps").

    On a page without a unit lines that hold nothing but a pair ("25/3") are speeds in Mbps, as they are sold.
    """
    found = _spelled_speeds(flat) + list(_short_pairs(flat.text))
    return sorted(found or _bare_pairs(flat.text), key=lambda speed: speed.start)


def _short_pairs(text: str) -> Iterator[Speed]:
    for match in _SHORT_PAIR.finditer(text):
        low, high = decimal(match["low"]), decimal(match["high"])
        units = match["unit1"] + match["unit2"]
        # "4G/5G" are generations of mobile networks, "2K x 4K" is a picture.
        if (
            low
            and high
            and not (units == "GG" and low != high and max(low, high) <= 6)
            and (units != "KK" or low >= 64)
        ):
            down, up = low * speed_factor(match["unit1"]), high * speed_factor(match["unit2"])
            yield Speed(match.start(), match.end(), float(down), float(up))


def _bare_pairs(text: str) -> list[Speed]:
    pairs = [
        Speed(match.start(), match.end(), float(match["low"]), float(match["high"]))
        for match in _BARE_PAIR.finditer(text)
        if int(match["low"]) > int(match["high"]) > 0 and match[0] != "24/7"
    ]
    # One pair alone may be a date or a count of slides.
    return pairs if len({speed.down for speed in pairs}) >= 2 and _SERVICE.search(text) else []


def _figure(raw: str, dotted: bool) -> Decimal | None:
    return decimal(re.sub(r"\.(?=\d{3}$)", "", raw) if dotted else raw)


def _spelled_speeds(flat: Flat) -> list[Speed]:
    text = flat.text
    # Where prices are in euros with a decimal comma, "1.000 Mbit/s" is a thousand.
    dotted = bool(_DECIMAL_COMMA.search(text)) and "$" not in text
    found: list[Speed] = []
    label_first = False
    for match in _SPEED.finditer(text):
        unit2, unit1 = match["unit2"], match["unit1"] or match["unit2"]
        # Upper-case B is bytes: "500 GB" is an amount of data.
        if (
            re.fullmatch(r"[MGTK]B", unit2)
            or len(unit2) == 1
            or _line_length(text, match.start()) > _MAX_PROSE
        ):
            continue
        low, high = _figure(match["low"], dotted), _figure(match["high"], dotted) if match["high"] else None
        if low is None:
            continue
        first = float(low * speed_factor(unit1))
        second = float(high * speed_factor(unit2)) if high is not None else None
        if not 0 < first <= 1_000_000 or (second is not None and not 0 < second <= 1_000_000):
            continue
        join = (match["join"] or "").lower()
        if second is not None and join in ("/", "x", "by", "|"):
            found.append(Speed(match.start(), match.end(), first, second))
            continue
        if _BOTH_WAYS.match(text, match.end()):
            found.append(Speed(match.start(), match.end(), first, first))
            continue
        up, label_first = _is_upload(text, match.start(), match.end(), label_first)
        if up:
            found.append(Speed(match.start(), match.end(), None, first))
        else:
            top = second if second is not None and second > first else None
            found.append(Speed(match.start(), match.end(), first, None, top))
    return found


def _is_upload(text: str, start: int, end: int, label_first: bool) -> tuple[bool, bool]:
    """Say whether the words beside a speed call it an upload speed, and whether labels stand above figures
    here.
    """
    before, after = _line(text, start, end)
    told = _direction(re.split(r"[,/;&]| and ", after[:24])[0])
    if told is None:
        told = _direction(re.split(r"[,;&]| and |\d", before[-32:])[-1])
    if told is not None:
        return told == "up", label_first
    above = text[:start].rstrip("\n ").rsplit("\n", 2) if not before.strip() else []
    below = text[end:].lstrip("\n ").split("\n", 1)[0] if not after.strip() else ""
    over = _direction(above[-1]) if above and len(above[-1]) <= 30 else None
    under = _direction(below) if 0 < len(below) <= 30 else None
    if over and under:
        figure_above_label = len(above) > 1 and bool(_SPEED.search(above[-2]))
        label_first = label_first or not figure_above_label
        return (over if label_first else under) == "up", label_first
    if over:
        return over == "up", True
    return under == "up", False if under else label_first


def _direction(piece: str) -> Literal["up", "down"] | None:
    patterns = words()["patterns"]
    piece = re.sub(r"\bup to\b", "", piece, flags=re.IGNORECASE)
    # "50 Mbps up", but not "sign up for 50 Mbps": the bare word counts only at once behind the figure.
    up = patterns["direction_up"].search(piece) or re.match(r"\s*up\b", piece, re.IGNORECASE)
    down = patterns["direction_down"].search(piece)
    if bool(down) == bool(up):
        return None
    return "up" if up else "down"


def terms_in(flat: Flat) -> list[Term]:
    """Return promotion lengths and contract terms in the text, in order."""
    text, patterns = flat.text, words()["patterns"]
    found = [Term(m.start(), m.end(), 0, "contract") for m in patterns["no_contract"].finditer(text)]
    for match in _TERM_ANY.finditer(text):
        months = term_months(match["figure"], match["unit"])
        if months is None or months > 120:
            continue
        before, after = _line(text, match.start(), match.end())
        before = before if before.strip() else _above(text, match.start())
        if patterns["guarantee"].search(before[-30:]) or patterns["guarantee"].search(after[:30]):
            continue
        if patterns["contract_after"].match(after) or patterns["contract_before"].search(before):
            found.append(Term(match.start(), match.end(), months, "contract"))
        elif patterns["promo_before"].search(before) or patterns["promo_after"].match(after):
            found.append(Term(match.start(), match.end(), months, "promo"))
    return sorted(found, key=lambda term: term.start)
