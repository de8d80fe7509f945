"""What the name of a column or of a label's row means: its slot, by whole names and by the words in it.

The names and the words are data (labels.toml and columnwords.toml).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from market.units import CURRENCIES

_UNITS = {"kbps": "kbps", "mbps": "Mbps", "gbps": "Gbps", "gb": "GB", "mb": "MB", "tb": "TB"}
_NOISE = re.compile(r"(?:kbps|mbps|gbps|milliseconds|ms|gb|usd|dollars|months|inmonths)$")
_PER_AMOUNT = re.compile(
    r"\b(?:prices?|cost|rate|charge)\s*(?:\(\$\)\s*)?(?:per|/)\s*(?:[mgt]b|[mg]bps)\b", re.IGNORECASE
)
"""A price by amount ("Price per GB") is none of a month."""
_NUMBER = re.compile(r"\d{4}")
MAX_NAME = 120
"""Characters. What is longer is a sentence and names no column."""
MIN_PART = 3
"""Letters. Shorter words are not looked for inside of a word that is written together."""


@cache
def words() -> dict[str, Any]:
    """Return labels.toml with its column names normalised and its patterns compiled."""
    with Path(__file__).with_name("labels.toml").open("rb") as handle:
        table = tomllib.load(handle)
    table["known"] = {
        normal(name): slot for slot, names in table["columns"].items() for name in [*names, slot]
    } | {normal(name): "" for name in table["passed"]["names"]}
    for name in ("monthly", "monthly_named", "one_time", "one_time_named"):
        table["fee_columns"][name] = re.compile(table["fee_columns"][name])
    for name in ("words", "opens", "others", "internet", "nationwide", "apart", "two_of_a_kind", "bundles"):
        table["rows"][name] = re.compile(table["rows"][name], re.IGNORECASE)
    table["tokens"] = {
        slot: [frozenset(each) for each in sets] for slot, sets in table.get("tokens", {}).items()
    }
    for group in ("technology", "segment"):
        for entry in table[group]:
            entry["words"] = re.compile(entry["words"], re.IGNORECASE)
    return table


@dataclass(frozen=True)
class Meaning:
    """The words by which a name tells its slot: all of one of `cores`, and beside them none but `beside`."""

    slot: str
    cores: tuple[frozenset[str], ...]
    beside: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words that names of columns are made of."""

    same: dict[str, str]
    """Word -> the word that stands for it: "dl" -> "download"."""
    idle: frozenset[str]
    """Words that tell nothing: "the", "typical", units."""
    meanings: tuple[Meaning, ...]
    known: frozenset[str]
    """All of these words, as they are written."""


@cache
def vocabulary() -> Vocabulary:
    """Return columnwords.toml."""
    with Path(__file__).with_name("columnwords.toml").open("rb") as handle:
        table = tomllib.load(handle)
    same = {word: meant for meant, listed in table["same"].items() for word in [*listed, meant]}
    meanings = tuple(
        Meaning(
            slot.removesuffix("_too"),
            tuple(frozenset(core) for core in entry["cores"]),
            frozenset(entry["beside"]),
        )
        for slot, entry in table["slots"].items()
    )
    told = {word for each in meanings for word in (*each.beside, *(w for core in each.cores for w in core))}
    idle = frozenset(table["idle"]["words"])
    return Vocabulary(same, idle, meanings, frozenset({*same, *idle, *told}))


def normal(name: str) -> str:
    """Return a column's name without case, blanks and punctuation: "Unique_Plan_ID " -> "uniqueplanid"."""
    return re.sub(r"[^a-z0-9]+", "", name.replace("\ufeff", "").lower())


_ABBREVIATED = {"nm": "name", "amt": "", "amount": "", "ind": "", "flg": "", "flag": "", "indicator": ""}
"""Endings that data warehouses give to the names of their columns, and the word that they leave."""


def _spelled_out(name: str) -> str:
    stem, _, ending = name.strip().rpartition("_")
    return f"{stem}_{_ABBREVIATED[ending.lower()]}" if stem and ending.lower() in _ABBREVIATED else name


def slot_of(name: str) -> str | None:
    """Return the slot of a column's name, "" for a known column without a slot, None for an unknown one."""
    return meaning_of(name)[0]


def names_column(cell: str) -> bool:
    """Say whether a cell among rows names a column; what holds a long number does not (and is no lookup)."""
    return _NUMBER.search(cell) is None and slot_of(cell) is not None


@lru_cache(maxsize=8192)
def meaning_of(name: str) -> tuple[str | None, int]:
    """Return what `slot_of` does, and how far the name is from the plain one of its slot (0: it is one)."""
    if len(name) > MAX_NAME or _PER_AMOUNT.search(name.replace("_", " ")):
        return None, 0
    known: dict[str, str] = words()["known"]
    bare = normal(name)
    candidates = [bare, normal(re.sub(r"[(\[].*?[)\]]", "", name)), normal(_spelled_out(name))]
    candidates += [_NOISE.sub("", candidate) for candidate in candidates]
    for candidate in candidates:
        if candidate in known:
            return known[candidate], 0
    tokens = name_words(name)
    slot, rest = _told_by(tokens)
    if slot is None and "(" in name:
        slot, rest = _told_by(name_words(re.sub(r"\(.*?\)", "", name)))
    if slot is not None:
        return slot, 1 + rest
    plain = {token for token in name_tokens(name) if token.isalpha()}
    exclude = words()["token_exclude"]
    if plain & {*exclude["words"], *exclude["loose"]}:
        return None, 0
    for slot, sets in words()["tokens"].items():
        if any(required <= plain for required in sets):
            return str(slot), 100
    return None, 0


def _told_by(tokens: tuple[str, ...]) -> tuple[str | None, int]:
    """Return the slot whose words are those of a name, all of them, and how many stand beside the core; of
    several slots the one with the larger core.
    """
    wanted = frozenset(tokens) - vocabulary().idle
    best, most = None, 0
    if not any(token.isdigit() for token in wanted):
        for meaning in vocabulary().meanings:
            for core in meaning.cores:
                if len(core) > most and core <= wanted and wanted - core <= meaning.beside:
                    best, most = meaning.slot, len(core)
    return best, len(wanted) - most


def name_tokens(name: str) -> list[str]:
    """Return the words of a name in lower case, parted by blanks, punctuation, digits and CamelCase."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.findall(r"[a-z]+|\d+", spread.lower())


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """Return a name's words as the vocabulary has them: of "DL speed" and "downloadspeed" download, speed."""
    table = vocabulary()
    found: list[str] = []
    for token in name_tokens(name):
        parts = [token] if token in table.known else _parts(token) or [token]
        found.extend(table.same.get(part, part) for part in parts)
    return tuple(found)


def _parts(token: str) -> list[str] | None:
    """Return the known words that a word written together is made of, as few as can be, or None."""
    best: dict[int, list[str]] = {len(token): []}
    for start in range(len(token) - MIN_PART, -1, -1):
        for end in range(start + MIN_PART, len(token) + 1):
            rest = best.get(end)
            if rest is None or token[start:end] not in vocabulary().known:
                continue
            if start not in best or len(rest) + 1 < len(best[start]):
                best[start] = [token[start:end], *rest]
    return best.get(0) if len(token) > MIN_PART else None


def unit_in(name: str) -> str | None:
    """Return the unit that a column's name states ("Download Speed (kbps)"), or None."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower().replace("_", " ")
    found = re.search(r"(?<![a-z])(kbps|mbps|gbps|gb|mb|tb)(?![a-z/])", spread)
    if found:
        return _UNITS[found[1]]
    slashed = re.search(r"(?<![a-z])([kmg])(?:bit|b)?s?/s", spread)
    return {"k": "kbps", "m": "Mbps", "g": "Gbps"}[slashed[1]] if slashed else None


def currency_in(name: str) -> str | None:
    """Return the ISO 4217 code of the currency in a column's name ("Monthly Price (CAD)"), or None."""
    tokens = [token.upper() for token in name_tokens(name)]
    signs = (sign for sign in ("C$", "CA$", "US$", "€", "£") if sign in name.upper())
    return next((CURRENCIES[word] for word in (*tokens, *signs) if word in CURRENCIES), None)


def counts_cents(name: str) -> bool:
    """Say whether a column's name says that its figures are cents ("Monthly Price (cents)")."""
    return "¢" in name or "cents" in name_tokens(name)


def in_seconds(name: str) -> bool:
    """Say whether a column's name says that its figures are seconds ("Latency (s)"), not thousandths."""
    return bool(re.search(r"\bs(?:ec(?:ond)?s?)?\)|(?<![a-z])(?:sec|seconds)$", name.strip(), re.IGNORECASE))


def counts_years(name: str) -> bool:
    """Say whether a column's name says that its bare figures are years ("Contract Term (Years)")."""
    return bool({"year", "years", "yr", "yrs"} & set(name_tokens(name)))
