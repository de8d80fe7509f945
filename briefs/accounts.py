"""Accounts from a CSV file: tolerant of headers, strict about what it cannot place, silent about nothing."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from market.errors import UsageError
from market.ids import slug
from market.places.gazetteer import Gazetteer
from market.records import Account, Issue

_NEAR, _MOST_NEAR = 0.7, 3
"""How alike a name must be to be meant (as `_likeness` has it), and how many are named."""


@dataclass
class AccountsRead:
    """What a file gave: accounts, and what was wrong with which line."""

    accounts: list[Account] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("briefs").joinpath("accounts.toml").read_text(encoding="utf-8"))


def _key(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def read_accounts(data: bytes, name: str, gazetteer: Gazetteer) -> AccountsRead:
    """Read a CSV file's bytes; `name` is how messages call it.

    Raises UsageError when no column holds the accounts' names. A line that cannot be read whole becomes an
    issue with its number; what could be placed is kept.
    """
    text = _decode(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str] = []
    for cells in rows:
        if any(cell.strip() for cell in cells):
            header = cells
            break
    columns = _columns(header)
    if "name" not in columns:
        found = ", ".join(repr(cell.strip()) for cell in header) or "nothing"
        raise UsageError(
            "accounts-header",
            f'{name}: no column holds the accounts\' names; call it "name" or "account". Found: {found}',
        )
    read = AccountsRead()
    taken: dict[str, int] = {}
    start = rows.line_num + 1
    for cells in rows:
        line, start = start, rows.line_num + 1
        if any(cell.strip() for cell in cells):
            _row(cells, header, columns, line, name, gazetteer, read, taken)
    return read


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t|", key=first.count)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return field -> column; the first column of several that fit one field counts."""
    columns: dict[str, int] = {}
    known = {_key(word): field for field, words in _vocabulary()["columns"].items() for word in words}
    for number, cell in enumerate(header):
        field = known.get(_key(cell))
        if field is not None:
            columns.setdefault(field, number)
    return columns


def _row(
    cells: Sequence[str],
    header: Sequence[str],
    columns: dict[str, int],
    line: int,
    file: str,
    gazetteer: Gazetteer,
    read: AccountsRead,
    taken: dict[str, int],
) -> None:
    def trouble(code: str, message: str, level: str = "warning") -> None:
        read.issues.append(
            Issue.model_validate(
                {
                    "stage": "settings",
                    "code": code,
                    "level": level,
                    "message": f"{file} line {line}: {message}",
                    "data": {"line": line, "cells": list(cells)},
                }
            )
        )

    values = {name: cells[number].strip() if number < len(cells) else "" for name, number in columns.items()}
    if not values["name"]:
        trouble("account-nameless", "the account has no name; the line was left out", "error")
        return
    if any(cell.strip() for cell in cells[len(header) :]):
        trouble("account-cells", "it has more cells than the header; put quotes around commas", "error")
        return
    state = gazetteer.state(values.get("state", "")) if values.get("state") else None
    code = state.state if state and state.state else ""
    if values.get("state") and not code:
        trouble("account-state", f'"{values["state"]}" is no state; write its postal code, as in SC')
    zip_code = _zip(values.get("zip", ""))
    county = _county(gazetteer, values.get("city", ""), code, zip_code)
    if county is None and (code or not values.get("state")):
        where = ", ".join(part for part in (values.get("city", ""), code, zip_code) if part) or "no place"
        trouble("account-place", f"its county is not known from {where}; give city and state, or a ZIP code")
    segment = _segment(values.get("segment", ""))
    if segment is None:
        trouble("account-segment", f'"{values["segment"]}" is no segment we know; taken as business')
    key = "\x1f".join(values.get(column, "").casefold() for column in ("id", "name", "city", "state", "zip"))
    if key in taken:
        trouble("account-twice", f"the account stands on line {taken[key]} already; left out", "error")
        return
    taken[key] = line
    base = slug(values.get("id", "")) or slug(values["name"]) or f"line-{line}"
    identity = base if base not in taken else f"{base}-{slug(values.get('city', '')) or line}"
    if identity in taken:
        trouble("account-twice", f"the account stands on line {taken[identity]} already; left out", "error")
        return
    taken[identity] = line
    read.accounts.append(
        Account(
            id=identity,
            name=values["name"],
            city=values.get("city", ""),
            state=code,
            county_fips=county,
            zip=zip_code,
            segment=segment or "business",
            current_provider=values.get("current_provider", ""),
            notes=values.get("notes", ""),
        )
    )


def _zip(text: str) -> str:
    """Return a ZIP code's five digits; spreadsheets drop leading zeros and append ".0"."""
    match = re.fullmatch(r"(\d{3,5})(?:\.0)?(?:-\d{4})?", text)
    return match.group(1).zfill(5) if match else ""


def _county(gazetteer: Gazetteer, city: str, state: str, zip_code: str) -> str | None:
    """Return the county of a ZIP code, else of a city with its state; None when neither tells it."""
    place, fips = gazetteer.zip(zip_code) if zip_code else (None, None)
    if fips is not None and (not state or place is None or place.state == state):
        return fips
    if not city or not state:
        return None
    found = gazetteer.find(f"{city}, {state}")
    if found is None or found.kind not in ("city", "county", "neighborhood"):
        return None
    if found.county_fips:
        return found.county_fips
    shares = gazetteer.counties_of(found)
    return max(shares, key=lambda fips: shares[fips]) if shares else None


def _segment(text: str) -> str | None:
    wanted = _key(text)
    for segment, words in _vocabulary()["segments"].items():
        if wanted in words:
            return segment
    return None


def find_account(accounts: Sequence[Account], wanted: str) -> Account:
    """Return the account of this id or name, or the only one whose name holds it; raise UsageError else."""
    for account in accounts:
        if account.id == wanted:
            return account
    key = _key(wanted)
    same = [account for account in accounts if _key(account.name) == key]
    found = same or [account for account in accounts if key and key in _key(account.name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(account.id for account in found[:10])
        raise UsageError("account-ambiguous", f'"{wanted}" fits several accounts; name one by its id: {ids}')
    raise UsageError("account-unknown", f'no account is called "{wanted}"; {_nearest(accounts, key)}')


def _nearest(accounts: Sequence[Account], key: str) -> str:
    """Return a hint that names the accounts whose names or ids are nearest to what was asked for."""
    if not accounts:
        return "import them first: crowsnest accounts import FILE.csv"
    scored = [(_likeness(key, f"{account.name} {account.id}"), account) for account in accounts]
    near = [pair for pair in sorted(scored, key=lambda pair: -pair[0]) if pair[0] >= _NEAR][:_MOST_NEAR]
    if not near:
        return "see them all: crowsnest accounts list"
    return "did you mean " + " or ".join(f'"{account.name}" ({account.id})' for _, account in near) + "?"


def _likeness(key: str, words: str) -> float:
    """Return how well each word of `key` is met by one of `words`, 0 to 1, on average."""
    known = set(_key(words).split())
    asked = key.split()
    best = [max(SequenceMatcher(None, word, other).ratio() for other in known) for word in asked]
    return sum(best) / len(best) if best else 0.0
