"""Speeds in a plan page's visible text: pairs, ranges, and which way each goes by the words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from crawlers.readers.tokens import MAX_PROSE, MAX_TOKENS, Speed, line_around, line_length
from crawlers.readers.visible import Flat, words
from market.units import SPEED_UNIT, decimal, speed_factor

_EUROPEAN = re.compile(r"€\s*\d|\d\s*(?:€|EUR\b)")
_FIG = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?![\d.])|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?"
_UNIT = rf"(?:{SPEED_UNIT}|gigas?|megas(?!\s*\d))"
_SPEED = re.compile(
    rf"(?=\d)(?<![\d.,$€£/x])(?P<low>{_FIG})\s*(?P<unit1>{_UNIT}\b)?(?:\s*(?P<join>/|x|by|-|–|—|to|\|)\s*(?P<high>{_FIG}))?\s*[-‑]?\s*(?P<unit2>{_UNIT}\b)",
    re.IGNORECASE,
)
_SHORT_PAIR = re.compile(
    r"(?<![\w.$/])(?P<low>\d{1,4}(?:\.\d)?)\s?(?P<unit1>[KMGkm])\s?[/x]\s?(?P<high>\d{1,4}(?:\.\d)?)\s?(?P<unit2>[KMGkm])"
    r"(?![\w/])"
)
_BARE_WAYS = re.compile(
    r"(?<![\w.,$])(?P<low>\d{1,5}(?:\.\d)?) ?(?:↓|down(?:load)?\b)[ ,/|·&+–-]*(?:and )?"
    r"(?P<high>\d{1,5}(?:\.\d)?) ?(?:↑|up(?:load)?\b)",
    re.IGNORECASE,
)
_BARE_PAIR = re.compile(r"^ ?(?P<low>\d{1,4})\s?/\s?(?P<high>\d{1,4}) ?$", re.MULTILINE)
_SERVICE = re.compile(r"\b(?:internet|broadband|data|download|wireless)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\bthan (?:an? |the |our |most |average )*(?:up to )?$", re.IGNORECASE)
_ARROWS = frozenset("↑⬆⇧▲↓⬇⇩▼")
NEAR = 400
"""Characters above and below a speed in which a line that names its direction is looked for."""
NO_DATE = 31
"""A pair that begins with a higher figure is no day and month."""
_BOTH_WAYS = re.compile(
    r"\W{0,3}(?:(?:max(?:imum)?|wired|speeds?|de|velocidad|symmetric(?:al)?)\s+)*"
    r"(?:up(?:load)?s?\s*(?:and|&|/|\+)\s*down(?:load)?s?|down(?:load)?s?\s*(?:and|&|/|\+)\s*up(?:load)?s?"
    r"|both ways|in both directions|symmetric(?:al)?|sim[ée]tric[oa]s?|sym[ée]trique)\b"
    r"(?!\s*(?:speeds?\s*)?(?:of|up to|:)?\s*\d)",
    re.IGNORECASE,
)


def speeds_in(flat: Flat) -> list[Speed]:
    """Return all speeds in the text, in order: pairs ("940/880 Mbps", "10M/1M"), ranges ("6 - 45 Mbps").

    Lines that hold nothing but a pair ("25/3") are speeds in Mbps, as they are sold: all of them on a page
    without a unit, and on any other those that can be no date.
    """
    found = _spelled_speeds(flat) + list(_short_pairs(flat.text))
    found.extend(
        Speed(match.start(), match.end(), float(match["low"]), float(match["high"]), bare=True)
        for match in _BARE_WAYS.finditer(flat.text)
        if float(match["low"]) and float(match["high"])
    )
    pairs = _bare_pairs(flat.text)
    if found:
        pairs = [speed for speed in pairs if (speed.down or 0) > NO_DATE]
    elif len({speed.down for speed in pairs}) < 2 or not _SERVICE.search(flat.text):
        # One pair alone may be a date or a count of slides.
        pairs = []
    return sorted([*found, *pairs], key=lambda speed: speed.start)


def _short_pairs(text: str) -> Iterator[Speed]:
    for match in _SHORT_PAIR.finditer(text):
        low, high = decimal(match["low"]), decimal(match["high"])
        units = (match["unit1"] + match["unit2"]).upper()
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
    pairs = []
    for match in _BARE_PAIR.finditer(text):
        down, up = int(match["low"]), int(match["high"])
        if 0 < up <= down and (up < down or down > NO_DATE) and match[0].strip() != "24/7":
            pairs.append(Speed(match.start(), match.end(), float(down), float(up), bare=True))
    return pairs


def _figure(raw: str, dotted: bool) -> Decimal | None:
    """Return a figure; "1.000" is a thousand everywhere, "1.500" and "2,5" where prices are in euros."""
    if raw.endswith(".000") or dotted:
        raw = re.sub(r"\.(?=\d{3}(?:\.|$))", "", raw)
    if re.fullmatch(r"\d+,\d{1,2}", raw):
        return decimal(raw.replace(",", ".")) if dotted else None
    return decimal(raw)


def _spelled_speeds(flat: Flat) -> list[Speed]:
    text = flat.text
    dotted = "$" not in text and bool(_EUROPEAN.search(text))
    found: list[Speed] = []
    label_first, last = False, 0
    for match in _SPEED.finditer(text):
        unit2, unit1 = match["unit2"], match["unit1"] or match["unit2"]
        # Upper-case B is bytes: "500 GB" is an amount of data.
        if re.fullmatch(r"[MGTK]B", unit2) or len(unit2) == 1 or line_length(text, match.start()) > MAX_PROSE:
            continue
        low, high = _figure(match["low"], dotted), _figure(match["high"], dotted) if match["high"] else None
        if low is None:
            continue
        if len(found) >= MAX_TOKENS:
            break
        first = float(low * speed_factor(unit1))
        second = float(high * speed_factor(unit2)) if high is not None else None
        if not 0 < first <= 1_000_000 or (second is not None and not 0 < second <= 1_000_000):
            continue
        if _COMPARED.search(text, max(0, match.start() - 24), match.start()):
            # "5 times faster than 25 Mbps".
            continue
        join = (match["join"] or "").lower()
        if second is not None and join in ("/", "x", "by", "|"):
            found.append(Speed(match.start(), match.end(), first, second))
            continue
        if _BOTH_WAYS.match(text, match.end()):
            found.append(Speed(match.start(), match.end(), first, first))
            continue
        up, label_first = _is_upload(text, match.span(), label_first, last)
        last = match.end()
        if up:
            found.append(Speed(match.start(), match.end(), None, first))
        else:
            top = second if second is not None and second > first else None
            found.append(Speed(match.start(), match.end(), first, None, top))
    return found


def _is_upload(text: str, span: tuple[int, int], label_first: bool, last: int) -> tuple[bool, bool]:
    """Say whether the words beside a speed call it an upload speed, and whether labels stand above figures
    here; `last` is where the speed before it ends.
    """
    start, end = span
    before, after = line_around(text, start, end)
    if before.rstrip()[-1:] in _ARROWS:
        return before.rstrip()[-1] in "↑⬆⇧▲", label_first
    told = _direction(re.split(r"[,/;&]| and ", after[:24])[0])
    if told is None:
        told = _direction(re.split(r"[,;&]| and |\d", before[-32:])[-1])
    if told is not None:
        return told == "up", label_first
    above = text[max(0, start - NEAR) : start].rstrip("\n ").rsplit("\n", 2) if not before.strip() else []
    below = text[end : end + NEAR].lstrip("\n ").split("\n", 1)[0] if not after.strip() else ""
    over = _direction(above[-1]) if above and _is_label(above[-1]) else None
    under = _direction(below) if _is_label(below) else None
    if over and under:
        # Is the line above the label of the figure before it?
        figure_above_label = text[last:start].strip() == above[-1].strip()
        label_first = label_first or not figure_above_label
        return (over if label_first else under) == "up", label_first
    if over:
        return over == "up", True
    return under == "up", False if under else label_first


def _is_label(line: str) -> bool:
    """Say whether a line can be the label of a figure beside it; one that states a speed speaks of that."""
    return 0 < len(line) <= 30 and not _SPEED.search(line)


def _direction(piece: str) -> Literal["up", "down"] | None:
    patterns = words()["patterns"]
    piece = re.sub(r"\bup to\b", "", piece, flags=re.IGNORECASE)
    # "50 Mbps up", but not "sign up for 50 Mbps": the bare word counts only at once behind the figure.
    up = patterns["direction_up"].search(piece) or re.match(r"\s*up\b", piece, re.IGNORECASE)
    down = patterns["direction_down"].search(piece)
    if bool(down) == bool(up):
        return None
    return "up" if up else "down"
