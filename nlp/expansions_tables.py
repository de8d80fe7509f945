"""Tables in the text: a line of column names, then a line for each award or each build."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from market.ids import slug
from market.numbers import numbers_in
from market.places.gazetteer import Gazetteer
from market.records import Mention, Place
from nlp.document import Document, Span
from nlp.facts import Fact, Proof, Technology
from nlp.patterns import keys, pattern, words
from nlp.providers import usual_name
from nlp.regions import PlaceMention

_SEPARATORS = {
    "|": r"\s*\|\s*",
    "\t": r"\s*\t\s*",
    " / ": r"\s+/\s+",
    "; ": r"\s*;\s+",
    " - ": r"\s+-\s+",
    " – ": r"\s+–\s+",
    " — ": r"\s+—\s+",
    "  ": r"\s{2,}",
}
"""What parts the cells of a line: a sign for a cheap test, and its pattern."""
_SAID = re.compile(r"(?i)\bcolumns\b[^:\n]{0,30}:\s*(?P<names>[^\n.]+)")
"""A sentence that names the columns of lines without separators: "Columns are: applicant, county, award."."""
_NUMBER = re.compile(r"\$?\d[\d,.]*(?:\s?(?:million|[MmKk])\b)?")
_NUMBERS = re.compile(rf"(?:\s+(?:{_NUMBER.pattern}))+\s*$")
_JOINT = re.compile(r",\s*(?:and\s+)?|\s+(?:and|&)\s+")
_ITEM = re.compile(
    r"^[\s•*·–—-]{0,4}(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})(?::| [–—-]) (?:about |some |nearly )?"
    r"\d[\d,]* (?:new |more )?(?:homes|addresses|locations|premises|households)\b",
    re.MULTILINE,
)
"""A line of a list of towns: "• Easley: 8,200 homes"."""
_LEAST_ITEMS = 3
_LEAST_COLUMNS = 3
_MOST_HEADER = 160
_MOST_ROWS = 200
_MOST_WORDS = 3
"""Words of a county's name."""
_MONEY = {"grant": "grant_cents", "match": "match_cents", "total": "investment_cents"}
_SURE = 0.9
"""Probability that a county's name in the column of counties is that county of the article's state."""


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str | None, ...]
    """What each column counts or names; None for what a build has no slot for."""
    separator: str | None
    """None where blanks alone part the cells."""
    start: int
    """Where the rows begin."""


@dataclass(frozen=True, slots=True)
class _Row:
    span: Span
    cells: dict[str, Span]
    """By column; "names" holds company and place together where nothing parts them."""


def table_places(document: Document, found: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    """Return the place mentions of a document, the bare names in columns of counties and towns among them."""
    text = document.text.text
    rows = list(_rows(text))
    items = _unresolved_items(text, found)
    state = _state(found) if rows or items else None
    if state is None:
        return tuple(found)
    named = [*(pair for row in rows for pair in _places_of(text, row, state)), *_towns_of(text, items, state)]
    added = [
        PlaceMention("text", span.start, span.end, text[span.start : span.end], place, "table", _SURE)
        for span, place in named
    ]
    taken = {position for mention in added for position in range(mention.start, mention.end)}
    kept = [m for m in found if m.field != "text" or not taken & set(range(m.start, m.end))]
    return tuple(sorted([*kept, *added], key=lambda m: (m.field == "text", m.start)))


def table_builds(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention]
) -> tuple[list[Fact], list[Span]]:
    """Return the builds of the tables that have a column of companies, and where their rows stand."""
    rows = list(_rows(document.text.text))
    facts = [_fact(document.text.text, row, companies, places) for row in rows]
    return [fact for fact in facts if fact is not None], [row.span for row in rows]


def _unresolved_items(text: str, found: Sequence[PlaceMention]) -> list[Span]:
    """The names that begin lines of towns and their homes and are no places yet, where most of them are."""
    items = [Span(*match.span("name")) for match in _ITEM.finditer(text)]
    if len(items) < _LEAST_ITEMS:
        return []
    known = {m.start for m in found if m.field == "text" and m.place is not None}
    left = [item for item in items if item.start not in known]
    return left if 2 * len(left) < len(items) else []


def _towns_of(text: str, items: Sequence[Span], state: str) -> Iterator[tuple[Span, Place]]:
    for item in items:
        towns = _gazetteer().lookup(text[item.start : item.end], state, {"city"})
        if towns:
            yield item, towns[0]


def _rows(text: str) -> Iterator[_Row]:
    for table in _tables(text):
        for line in _lines(text, table.start):
            row = _row(table, text, line)
            if row is None:
                break
            yield row


def _tables(text: str) -> Iterator[_Table]:
    if "olumns" in text:
        for match in _SAID.finditer(text):
            columns = tuple(_column(name) for name in re.split(r",\s*(?:and\s+)?", match["names"]))
            if _is_head(columns):
                end = text.find("\n", match.end())
                yield _Table(columns, None, len(text) if end < 0 else end + 1)
    if not any(map(text.__contains__, _SEPARATORS)):
        return
    for line in _lines(text, 0):
        names = text[line.start : line.end]
        if len(names) > _MOST_HEADER or any(map(str.isdigit, names)):
            continue
        for sign, separator in _SEPARATORS.items():
            if sign in names:
                columns = tuple(map(_column, re.split(separator, names.strip(" |\t"))))
                if _is_head(columns):
                    yield _Table(columns, separator, line.end + 1)
                    break


def _is_head(columns: Sequence[str | None]) -> bool:
    """Tell whether names of columns head a table of builds: of companies, with homes, miles or money."""
    return (
        len(columns) >= _LEAST_COLUMNS
        and columns.count("company") == 1
        and "place" in columns
        and bool({"passings", "miles", *_MONEY} & set(columns))
    )


def _column(name: str) -> str | None:
    small = re.sub(r"\W+", " ", name).strip().casefold()
    return next((kind for kind in keys("columns") if small in words("columns", kind)), None)


def _lines(text: str, start: int) -> Iterator[Span]:
    """The lines from a place on that hold something, at most so many as a table has rows."""
    for _ in range(_MOST_ROWS):
        if start >= len(text):
            return
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            yield Span(start, end)
        start = end + 1


def _row(table: _Table, text: str, line: Span) -> _Row | None:
    """The cells of a line by column; None behind the table's last row."""
    if table.separator is not None:
        cells = _parted(table.separator, text, line)
        if len(cells) != len(table.columns):
            return None
        return _Row(line, {kind: cell for kind, cell in zip(table.columns, cells, strict=True) if kind})
    numbers = _NUMBERS.search(text, line.start, line.end)
    counted = [kind for kind in table.columns if kind not in ("company", "place")]
    values = list(_NUMBER.finditer(text, numbers.start(), line.end)) if numbers is not None else []
    if numbers is None or len(values) != len(counted):
        return None
    found = {kind: Span(*value.span()) for kind, value in zip(counted, values, strict=True) if kind}
    return _Row(line, {**found, "names": Span(line.start, numbers.start())})


def _parted(separator: str, text: str, line: Span) -> list[Span]:
    whole = text[line.start : line.end]
    start = line.start + len(whole) - len(whole.lstrip(" |\t"))
    end = line.start + len(text[line.start : line.end].rstrip(" |\t"))
    cells = []
    for match in re.compile(separator).finditer(text, start, end):
        cells.append(Span(start, match.start()))
        start = match.end()
    return [*cells, Span(start, end)]


def _places_of(text: str, row: _Row, state: str) -> Iterator[tuple[Span, Place]]:
    """The counties or towns of a row; without separators the last words that name a county."""
    if (cell := row.cells.get("place")) is not None:
        start = cell.start
        bounds = [
            *((m.start(), m.end()) for m in _JOINT.finditer(text, cell.start, cell.end)),
            (cell.end,) * 2,
        ]
        for end, following in bounds:
            if (place := _place(text[start:end], state)) is not None:
                yield Span(start, end), place
            start = following
    elif (names := row.cells.get("names")) is not None:
        parts = list(re.finditer(r"\S+", text[names.start : names.end]))
        for count in range(min(_MOST_WORDS, len(parts) - 1), 0, -1):
            span = Span(names.start + parts[-count].start(), names.start + parts[-1].end())
            if (place := _place(text[span.start : span.end], state)) is not None:
                yield span, place
                return


def _fact(text: str, row: _Row, companies: Sequence[Mention], places: Sequence[PlaceMention]) -> Fact | None:
    where = row.cells.get("place", row.cells.get("names", row.span))
    named = [
        m
        for m in places
        if m.field == "text" and m.place is not None and where.start <= m.start and m.end <= where.end
    ]
    if not named:
        return None
    cell = row.cells.get("company", Span(where.start, named[-1].start))
    name = usual_name(text[cell.start : cell.end].strip(" |\t*•-"))
    if not name:
        return None
    known = next(
        (
            m
            for m in companies
            if m.field == "text" and m.target and cell.start <= m.start and m.end <= cell.end
        ),
        None,
    )
    company = known.target if known is not None and known.target else slug(name)
    fact = Fact(
        company,
        name,
        list({m.place.id: m.place for m in named if m.place is not None}.values()),
        "funded" if {"grant", "match"} & set(row.cells) else "announced",
        start=row.span.start,
    )
    proven = ["company", "places", "stage"]
    for kind, slot in (("passings", "passings"), ("miles", "route_miles"), *_MONEY.items()):
        cell = row.cells.get(kind, Span(0, 0))
        number = next(iter(numbers_in(text[cell.start : cell.end])), None)
        if number is None or number.value <= 0:
            continue
        if kind == "miles":
            fact.route_miles = float(number.value)
        else:
            value = int(number.value * (100 if kind in _MONEY else 1))
            setattr(fact, "investment" if kind == "total" else kind, value)
        proven.append(slot)
    cell = row.cells.get("technology", Span(0, 0))
    for kind in keys("technology"):
        if pattern("technology", kind).search(text[cell.start : cell.end]):
            fact.technology = cast(Technology, kind)
            proven.append("technology")
            break
    fact.proofs = {slot: Proof(slot, "text", row.span.start, row.span.end) for slot in proven}
    return fact if fact.has_figures else None


def _state(places: Sequence[PlaceMention]) -> str | None:
    """The state that most places of an article lie in, offices named after it among them."""
    states = Counter(m.place.state for m in places if m.place is not None and m.place.state)
    return states.most_common(1)[0][0] if states else None


def _place(name: str, state: str) -> Place | None:
    """A county of a state by its bare or full name, else a town of it."""
    bare = re.sub(r"(?:\s(?:Co\.|Counties))$", "", name.strip())
    if not bare[:1].isupper():
        return None
    gazetteer = _gazetteer()
    found = gazetteer.lookup(bare, state, {"county"}) or gazetteer.lookup(bare, state, {"city"})
    return found[0] if found else None


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()
