"""Amounts of money in a plan page's visible text, each with what the words beside it make of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from crawlers.readers.tokens import (
    MAX_PROSE,
    MAX_TOKENS,
    WINDOW,
    Price,
    Role,
    line_above,
    line_around,
    line_length,
    words_around,
)
from crawlers.readers.visible import Flat, words
from market.units import to_cents

_AMOUNT = (
    # The characters that can begin an amount come first: most places of a text are left at once.
    r"(?=[\d$€£uca])(?:(?P<sign>US\$|CA\$|C\$|A\$|\$|€|£|USD\s|CAD\s)\s*(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,6}(?:\s*\.\s*\d{2})?(?!\d))"
    r"(?:[ \n](?P<cents>\d{2})(?=\s*(?:/|per\b|a month|mo\b|monthly)))?(?!,?\d)"
    r"(?!\s?(?:million|billion|bn\b|[MBK]\b))"
    r"|(?:(?P<euro>€)\s*)?(?<![\d.,$])(?P<euros>\d{1,3}(?:\.\d{3})*,\d{2}(?!\d)WHOLE)"
    r"(?(euro)|\s*(?P<after>€|EUR\b|USD\b|CAD\b|\$(?!\s?\d)))"
    r"|(?<![\d.,$])(?P<bare>\d{1,4}\.\d{2})\s*(?P<behind>€|EUR\b|USD\b|CAD\b|dollars\b)?(?=\s*(?:/|per|a)\s*mo(?:nth)?\b|\s*(?:€|EUR|USD|CAD|dollars)\b))"
)
_PRICE = re.compile(_AMOUNT.replace("WHOLE", ""), re.IGNORECASE)
_EURO_PRICE = re.compile(_AMOUNT.replace("WHOLE", r"|\d{1,4}(?=\s?(?:€|EUR\b))"), re.IGNORECASE)
"""Also reads "29 €"; for pages in euros only, since it is slower."""
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
_CENTS = re.compile(r"(?<![\d.,$€£])(?P<cent>\d{1,2})\s?¢")
_LAND_BEFORE = re.compile(r"(?<![A-Za-z])(?:(?P<code>[A-Z]{3})\s?|(?P<mark>[A-Z]{1,2}))$")
_LAND_BEHIND = re.compile(r"\s?(?P<code>[A-Z]{3})\b")
_RANGE_ON = re.compile(r"^\s*(?:-|–|—|to\b)\s*(?:US)?[$€£]\s*\d", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"[$€£]\s*\d[\d.,]*\s*(?:-|–|—|to\b)\s*$", re.IGNORECASE)
BARE_FIGURE = "a figure below a header that names its unit"
_NEW_THING = re.compile(r"[$€£:]")
_WITH = re.compile(r"\bw/\s*(?=\w)", re.IGNORECASE)
_MONTH_ONLY = re.compile(
    r"^[\s*†()]*(?:/|per|a)?\s*(?:mo(?:nth)?(?:ly)?\b\.?)?[\s*†()+]*"
    r"(?:plus tax(?:es)?(?: (?:and|&) fees)?)?[\s*†.]*$",
    re.IGNORECASE,
)


def _amounts(text: str) -> list[re.Match[str]]:
    """Return the amounts in order; "99¢" is looked for only where the sign stands at all."""
    found = list((_EURO_PRICE if "€" in text or "EUR" in text else _PRICE).finditer(text))
    if "¢" in text:
        found = sorted([*found, *_CENTS.finditer(text)], key=lambda match: match.start())
    return found


def _figure(match: re.Match[str]) -> tuple[str, int]:
    """Return an amount in units with a decimal point, and where it ends."""
    if match.re is _CENTS:
        return f"0.{match['cent']:0>2}", match.end()
    figure = re.sub(r"\s+", "", match["figure"] or match["bare"] or match["euros"])
    if match["euros"]:
        figure = figure.replace(".", "").replace(",", ".")
    end = match.end(next(group for group in ("figure", "bare", "euros") if match[group]))
    if match["after"]:
        end = match.end("after")
    if match["cents"] and "." not in figure:
        figure, end = f"{figure}.{match['cents']}", match.end("cents")
    return figure, end


def _landed(text: str, match: re.Match[str], end: int) -> tuple[int, int, str | None]:
    """Return an amount's range with what names its land ("MX$499", "NZD $79", "$499 MXN"), and its currency;
    None for a bare "$".
    """
    start = match.start()
    if match.re is _CENTS:
        return start, end, None
    sign = match["sign"] or match["behind"] or match["after"] or (match["euros"] and "€") or ""
    currency = _CURRENCY.get(sign.strip().upper())
    if sign == "$":
        lands = words()["dollars"]
        before, behind = _LAND_BEFORE.search(text, max(0, start - 5), start), _LAND_BEHIND.match(text, end)
        if before and (code := lands.get(before["code"] or before["mark"])):
            return before.start(), end, code
        if behind and (code := lands.get(behind["code"])):
            return start, behind.end(), code
    return start, end, currency


def prices_in(flat: Flat) -> list[Price]:
    """Return all amounts of money in the text, in order."""
    text, patterns = flat.text, words()["patterns"]
    found: list[Price] = []
    for match in _amounts(text):
        figure, end = _figure(match)
        cents = to_cents(figure)
        if cents is None:
            continue
        if len(found) >= MAX_TOKENS:
            break
        start, end, currency = _landed(text, match, end)
        before, after = line_around(text, start, end)
        wide_before, wide_after = words_around(text, start, end)
        gap = flat.gaps[bisect_right(flat.gaps, start) - 1] if flat.gaps else -1
        if 0 <= gap <= start and start - gap < len(before):
            # "Reg. <s>$60</s> $40": the word speaks of the price that is struck through.
            before = wide_before = text[gap:start]
        # The line below says "per month" of this amount only where it speaks of no other thing.
        heard = after if after.strip() or _NEW_THING.search(wide_after) else wide_after
        monthly = bool(
            patterns["monthly_after"].match(heard) or patterns["monthly_before"].search(wide_before)
        )
        # Where a label stands above the figure, the line below it is the next figure's.
        labelled = not before.strip() and patterns["slot_label"].match(line_above(text, start).strip())
        told, rule = _role(before, after, wide_before, "" if labelled else _following(text, end))
        if told in ("main", "promo") and (_RANGE_ON.match(after) or _RANGE_BEFORE.search(before)):
            told, rule = "range", 'two amounts with a dash or "to" between them'
        role = told
        if role != "saving" and line_length(text, start) > MAX_PROSE:
            role = "prose"
        least = bool(patterns["least_before"].search(wide_before))
        found.append(Price(start, end, cents, role, monthly, currency, least, told, rule))
    return found


def role_within(text: str, price: Price, span: tuple[int, int]) -> Price:
    """Return the price as the words of text[low:high] alone tell it: a table's cell hears no neighbour."""
    low, high = span
    before, after = line_around(text, price.start, price.end)
    before, after = before[max(0, len(before) - (price.start - low)) :], after[: max(0, high - price.end)]
    above = text[max(low, price.start - WINDOW) : price.start].replace("\n", " ")
    below = text[price.end : min(high, price.end + 2 * WINDOW)]
    told, rule = _role(before, after, above, _following(f"{below}\n", 0))
    if price.told == "range" or price.rule == BARE_FIGURE:
        return price
    monthly = price.monthly and bool(
        words()["patterns"]["monthly_after"].match(below.replace("\n", " "))
        or words()["patterns"]["monthly_before"].search(above)
    )
    return replace(price, role=told, told=told, monthly=monthly, rule=rule)


def _following(text: str, end: int) -> str:
    """Return the words on the line below: past lines that only say "/mo", and on when a "with" breaks off."""
    at = text.find("\n", end)
    if at < 0:
        return ""
    lines = [line.strip() for line in text[at : at + 3 * WINDOW].split("\n") if line.strip()]
    first = next((at for at, line in enumerate(lines) if not _MONTH_ONLY.match(line)), len(lines))
    count = 2 if first < len(lines) and re.match(r"with\b|w/", lines[first], re.IGNORECASE) else 1
    return " ".join(lines[: first + count])[: 2 * WINDOW]


def _role(before: str, after: str, wide_before: str, following: str) -> tuple[Role, str]:
    """Return what the words make of an amount, and which of them did."""
    after, following = _WITH.sub("with ", after), _WITH.sub("with ", following)
    if words()["patterns"]["other_period"].match(after):
        return "other period", "other period: after"
    if words()["patterns"]["group_after"].match(after):
        return "conditional", "conditional: for some customers only"
    # Words on the next line tell what a price is only when nothing but "/mo" stands between.
    joined = f"{after} {following}" if _MONTH_ONLY.match(after) else ""
    for entry in words()["price_roles"]:
        role: Role = entry["role"]
        left = before if role in ("saving", "other product") else wide_before
        for place, pattern_finds in (
            ("before", "before" in entry and entry["before"].search(left)),
            ("after", "after" in entry and entry["after"].match(after)),
            ("next line", "next" in entry and joined and entry["next"].match(joined)),
        ):
            if pattern_finds:
                return role, f"{role}: words {place}"
    return "main", "a price that no word calls anything else"
