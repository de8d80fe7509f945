"""Which column of a label file holds which slot, by normalised name; the names are data (labels.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_UNITS = {"kbps": "kbps", "mbps": "Mbps", "gbps": "Gbps", "gb": "GB", "mb": "MB", "tb": "TB"}
_NOISE = re.compile(r"(?:kbps|mbps|gbps|milliseconds|ms|gb|usd|dollars|months|inmonths)$")


@cache
def words() -> dict[str, Any]:
    """Return labels.toml with its column names normalised and its patterns compiled."""
    with Path(__file__).with_name("labels.toml").open("rb") as handle:
        table = tomllib.load(handle)
    table["known"] = {
        normal(name): slot for slot, names in table["columns"].items() for name in [*names, slot]
    } | {normal(name): "" for name in table["passed"]["names"]}
    for name in ("monthly", "one_time", "one_time_named"):
        table["fee_columns"][name] = re.compile(table["fee_columns"][name])
    table["totals"]["words"] = re.compile(table["totals"]["words"], re.IGNORECASE)
    table["tokens"] = {
        slot: [frozenset(each) for each in sets] for slot, sets in table.get("tokens", {}).items()
    }
    for group in ("technology", "segment"):
        for entry in table[group]:
            entry["words"] = re.compile(entry["words"], re.IGNORECASE)
    return table


def normal(name: str) -> str:
    """Return a column's name without case, blanks and punctuation: "Unique_Plan_ID " -> "uniqueplanid"."""
    return re.sub(r"[^a-z0-9]+", "", name.replace("\ufeff", "").lower())


_ABBREVIATED = {"nm": "name", "amt": "", "amount": "", "ind": "", "flg": "", "flag": "", "indicator": ""}
"""Endings that data warehouses give to the names of their columns, and the word that they leave."""


def _spelled_out(name: str) -> str:
    stem, _, ending = name.strip().rpartition("_")
    return f"{stem}_{_ABBREVIATED[ending.lower()]}" if stem and ending.lower() in _ABBREVIATED else name


@lru_cache(maxsize=4096)
def slot_of(name: str) -> str | None:
    """Return the slot of a column's name, "" for a known column without a slot, None for an unknown one."""
    known: dict[str, str] = words()["known"]
    bare = normal(name)
    candidates = [bare, normal(re.sub(r"[(\[].*?[)\]]", "", name)), normal(_spelled_out(name))]
    candidates += [_NOISE.sub("", candidate) for candidate in candidates]
    for candidate in candidates:
        if candidate in known:
            return known[candidate]
    tokens = {token for token in _tokens(name) if token.isalpha()}
    if tokens & set(words()["token_exclude"]["words"]):
        return None
    for slot, sets in words()["tokens"].items():
        if any(required <= tokens for required in sets):
            return str(slot)
    return None


def _tokens(name: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())


@dataclass
class FeeColumns:
    """Where one fee stands that has columns of its own."""

    once: bool
    title: str
    """Its name as its column's name tells it; "" where a column holds it."""
    name_at: int | None = None
    amount_at: int | None = None


def _fee_column(name: str) -> tuple[bool, str, str] | None:
    """Return of a fee's column whether it is a one-time fee, its number, and the rest of its name."""
    table, tokens = words()["fee_columns"], _tokens(name)
    if set(tokens) & {*words()["token_exclude"]["words"], *table["exclude"]}:
        return None
    numbers = [token for token in tokens if token.isdigit()]
    if len(numbers) > 1:
        return None
    bare = "_".join(token for token in tokens if token not in numbers)
    for key in ("monthly", "one_time", "one_time_named"):
        found = table[key].match(bare)
        if found:
            return key != "monthly", "".join(numbers), found["rest"] or ""
    return None


def unit_in(name: str) -> str | None:
    """Return the unit that a column's name states ("Download Speed (kbps)"), or None."""
    found = re.search(r"(?<![a-z])(kbps|mbps|gbps|gb|mb|tb)(?![a-z])", name.lower().replace("_", " "))
    return _UNITS[found[1]] if found else None


@dataclass
class Columns:
    """The columns of a header: where each slot stands, and what nobody knows."""

    names: tuple[str, ...]
    """As they stand in the file."""
    slots: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    fees: list[FeeColumns] = field(default_factory=list)
    """Fees that have columns of their own, in the order of the header."""
    _numbered: dict[str, FeeColumns] = field(default_factory=dict)

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Columns:
        """Map a header's cells. The first column of a slot counts; others of the same slot are `twice`."""
        columns = cls(names)
        for at, name in enumerate(names):
            slot = slot_of(name)
            if slot is None:
                if not columns._fee(at, name) and name.strip():
                    columns.unknown.append(name)
            elif slot and slot in columns.slots:
                columns.twice.append(name)
            elif slot:
                columns.slots[slot] = at
        columns.fees = [fee for fee in columns.fees if fee.amount_at is not None]
        return columns

    def _fee(self, at: int, name: str) -> bool:
        """Note the column of a fee; False when it is none."""
        told = _fee_column(name)
        if told is None:
            return False
        once, number, rest = told
        table = words()["fee_columns"]
        naming = rest in table["names"]
        if not naming and rest and rest not in table["amounts"]:
            self.fees.append(FeeColumns(once, rest.replace("_", " "), amount_at=at))
            return True
        if not number:
            return False
        key = f"{once} {number}"
        fee = self._numbered.get(key)
        if fee is None:
            fee = self._numbered[key] = FeeColumns(once, "")
            self.fees.append(fee)
        if naming:
            fee.name_at = at
        else:
            fee.amount_at = at
        return True

    @property
    def usable(self) -> bool:
        """Whether the columns make a label file: a price and something that names or describes the plan."""
        return all(any(slot in self.slots for slot in group) for group in words()["needed"]["groups"])


def looks_like_header(cells: tuple[str, ...]) -> bool:
    """Say whether a record is a header: at least half of its cells, and five, are known column names."""
    known = sum(slot_of(cell) is not None for cell in cells if cell.strip())
    return known >= 5 and known * 2 >= sum(1 for cell in cells if cell.strip())


def unglue(cells: tuple[str, ...], *, doubted: bool = False) -> tuple[str, ...]:
    """Return a header's cells with names that were written together parted ("uniqueplanidprovidername").

    With `doubted` names that are known by some of their words only are parted as well.
    """
    parted: list[str] = []
    for cell in cells:
        whole = normal(cell) in words()["known"] if doubted else slot_of(cell) is not None
        pieces = None if whole else _segments(normal(cell))
        parted.extend(pieces or [cell])
    return tuple(parted)


def _segments(glued: str) -> list[str] | None:
    """Return known names that together are `glued`, two or more, longest first; None when there are none."""
    known = [name for name in sorted(words()["known"], key=len, reverse=True) if len(name) > 2]
    best: dict[int, list[str]] = {len(glued): []}
    for start in range(len(glued) - 1, -1, -1):
        for name in known:
            rest = best.get(start + len(name))
            if rest is not None and glued.startswith(name, start):
                best[start] = [name, *rest]
                break
    found = best.get(0)
    return found if found and len(found) > 1 else None


def cut_glued_header(cells: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Part a header from the first row when the line break between them is lost; None when it is not so.

    The last name and the row's first value then share one cell: "customer_support_webF0012...".
    """
    for at, cell in enumerate(cells):
        if slot_of(cell) is not None:
            continue
        if at < 5:
            return None
        for length in range(len(cell) - 1, 3, -1):
            name = cell[:length]
            if normal(name) in words()["known"] and not name.endswith(" "):
                return (*cells[:at], name), (cell[length:], *cells[at + 1 :])
        return None
    return None


def cut_glued_row(cells: tuple[str, ...], first: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Part a row from the header of a file that was appended without a line break; None when it is not so.

    `first` is the header's first name as it stands in the file.
    """
    for at, cell in enumerate(cells):
        if cell.endswith(first) and looks_like_header((first, *cells[at + 1 :])):
            return (*cells[:at], cell[: len(cell) - len(first)]), (first, *cells[at + 1 :])
    return None
