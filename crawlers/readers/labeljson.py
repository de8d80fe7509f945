"""A label file in JSON as rows: each object with label names for keys is one, with what its inner objects
say; lists are packed as in CSV.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.readers.columnnames import slot_of
from crawlers.readers.columns import Columns
from crawlers.readers.labelgrid import Found
from crawlers.readers.labeljsoncells import Cells, Told, escaped, listed_cells, quote_of, with_unit
from crawlers.readers.labeljsonfile import loaded
from crawlers.readers.labeloptions import find_labels
from crawlers.readers.table import Row
from market.records import JsonPointer

MAX_ROWS = 200_000
"""The largest provider's file has some tens of thousands."""
MAX_OPENED = 4
"""So deep lie the inner objects that are read with the one around them."""
MAX_QUOTED = 200
"""Characters of a broken line that are kept."""
MAX_DEPTH = 40
"""Deeper lies no label."""
MAX_CELLS = 400
"""Values of one object, its inner ones included."""
_KEY = "\x00key"
"""Under this name an object is told its key."""
_HANDED_DOWN = ("provider", "connection", "technology", "segment", "place", "city", "county", "state", "zip")


def read_json_table(text: str) -> Found | None:
    """Return the rows of a JSON label file; None when it is no JSON or holds no object with label names.

    A row's `line` is its 1-based number among the objects; its cells have pointers (RFC 6901) as places.
    """
    value, broken = loaded(text)
    if value is None:
        return None
    rows = list(_object_rows(value))
    if rows:
        columns = rows[0][0]
        for line in broken:
            words = text.split("\n", line)[line - 1].strip()[:MAX_QUOTED]
            rows.append((columns, Row(line, (words,), "it is no JSON", named=f"Line {line}")))
        return Found(rows[0][0], rows, [])
    return _listed(value)


def _object_rows(value: Any) -> Iterator[tuple[Columns, Row]]:
    """Yield the rows of a file of objects; an outer object's provider and place hold for inner ones."""
    opener = _Opener()
    for count, (cells, columns) in enumerate(opener.labels(value, "", {}, 0), 1):
        proofs = tuple(
            (told.quote, JsonPointer(script=0, pointer=told.pointer)) if told.pointer else None
            for told in cells.values()
        )
        words = tuple(told.cell for told in cells.values())
        yield columns, Row(count, words, proofs=proofs, named=f"Object {count}")
        if count >= MAX_ROWS:
            return


class _Opener:
    """Finds the objects that are labels, each with what its inner objects say under joined names."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], Columns] = {}

    def _of(self, names: tuple[str, ...]) -> Columns:
        found = self._columns.get(names)
        if found is None:
            found = self._columns[names] = Columns.of(names)
        return found

    def labels(self, value: Any, pointer: str, outer: Cells, depth: int) -> Iterator[tuple[Cells, Columns]]:
        """Yield the cells and the columns of each label at or below `value`."""
        if depth > MAX_DEPTH:
            return
        if isinstance(value, list):
            pairs = dict(_pairs(value, pointer))
            if self._of(tuple(pairs)).usable:
                yield pairs, self._of(tuple(pairs))
                return
            for number, inner in enumerate(value):
                if isinstance(inner, dict | list):
                    yield from self.labels(inner, f"{pointer}/{number}", outer, depth + 1)
        elif isinstance(value, dict):
            cells: Cells = {}
            named = outer.get(_KEY)
            outer = {name: told for name, told in outer.items() if name != _KEY}
            inside: list[tuple[str, Any]] = []
            self._open(value, pointer, "", cells, inside, 0)
            columns = self._of(tuple(cells))
            if columns.usable:
                if named is not None and not {"plan", "tier", "plan_id"} & set(columns.slots):
                    # Plans by name: the key is the name, and has no place of its own.
                    cells["plan_name"] = named
                    columns = self._of(tuple(cells))
                handed = {
                    name: told
                    for name, told in outer.items()
                    if name not in cells and slot_of(name) not in columns.slots
                }
                whole = {**cells, **handed}
                yield whole, self._of(tuple(whole))
            handed_down = {name: told for name, told in cells.items() if slot_of(name) in _HANDED_DOWN}
            siblings = sum(isinstance(inner, dict) for _, inner in inside)
            for where, inner in inside:
                key = where.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
                below = {**outer, **handed_down}
                if isinstance(inner, dict) and siblings > 1:
                    below[_KEY] = Told(key, "", "")
                yield from self.labels(inner, where, below, depth + 1)

    def _open(
        self,
        node: dict[str, Any],
        pointer: str,
        path: str,
        cells: Cells,
        inside: list[tuple[str, Any]],
        deep: int,
    ) -> None:
        """Put the values of an object and of its inner ones into `cells`; {"speed": {"download": 300}} is
        "speed_download". Inner objects that are labels themselves, and lists, go to `inside`.
        """
        for key, value in node.items():
            name, where = f"{path}_{key}" if path else str(key), f"{pointer}/{escaped(str(key))}"
            if len(cells) > MAX_CELLS:
                return
            if isinstance(value, dict):
                joined = with_unit(value)
                if joined is not None:
                    cells.setdefault(name, Told(joined, quote_of(value), where))
                elif deep >= MAX_OPENED or self._is_label(value, where):
                    inside.append((where, value))
                else:
                    self._open(value, where, name, cells, inside, deep + 1)
            elif isinstance(value, list):
                for each, told in listed_cells(name, value, where):
                    cells.setdefault(each, told)
                if any(isinstance(inner, dict | list) for inner in value):
                    inside.append((where, value))
            else:
                cells.setdefault(name, Told(quote_of(value), quote_of(value), where))

    def _is_label(self, node: dict[str, Any], pointer: str) -> bool:
        cells: Cells = {}
        self._open(node, pointer, "", cells, [], 1)
        return self._of(tuple(cells)).usable


def _pairs(value: list[Any], pointer: str) -> Iterator[tuple[str, Told]]:
    """Yield what a list of names and values says: [{"name": "Monthly Price", "value": "65.00"}, ...]."""
    for number, each in enumerate(value):
        if not isinstance(each, dict) or not 2 <= len(each) <= 4:
            return
        keys = {str(key).lower(): key for key in each}
        name = next((each[keys[key]] for key in ("name", "field", "label", "key") if key in keys), None)
        key = next((keys[key] for key in ("value", "val", "text") if key in keys), None)
        if not isinstance(name, str) or key is None or isinstance(each[key], dict | list):
            return
        quote = quote_of(each[key])
        yield name, Told(quote, quote, f"{pointer}/{number}/{escaped(str(key))}")


def _listed(value: Any) -> Found | None:
    """Return the labels of lists in lists: a header and its rows, wherever in the file they stand."""
    for pointer, lines in _lists(value, "", 0):
        rows = []
        for number, line in enumerate(lines):
            quotes = [quote_of(each) for each in line]
            places = [JsonPointer(script=0, pointer=f"{pointer}/{number}/{at}") for at in range(len(quotes))]
            rows.append(Row(number + 1, tuple(quotes), proofs=tuple(zip(quotes, places, strict=True))))
        found = find_labels(rows)
        if found is not None:
            return found
    return None


def _lists(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, list[list[Any]]]]:
    if depth > MAX_OPENED:
        return
    if isinstance(value, list):
        if len(value) > 1 and all(isinstance(line, list) for line in value):
            yield pointer, value
        for number, inner in enumerate(value[:50]):
            yield from _lists(inner, f"{pointer}/{number}", depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, f"{pointer}/{escaped(str(key))}", depth + 1)
