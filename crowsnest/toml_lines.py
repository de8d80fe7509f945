"""Where a key stands in a TOML file, which tomllib does not tell: needed to name the line of a mistake."""

from __future__ import annotations

import re
import tomllib

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_STRING = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')

Path = tuple[str | int, ...]


class TomlLines:
    """The 1-based line of each key and table of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._scan(text)

    def line(self, path: Path) -> int:
        """Return the line of `path` ("source", 2, "url"), of its nearest written ancestor, or 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def _scan(self, text: str) -> None:
        table: Path = ()
        seen: dict[Path, int] = {}
        depth, inside = 0, ""
        for number, line in enumerate(text.splitlines(), start=1):
            if inside:
                inside, depth = _after(line, inside, depth)
                continue
            if depth == 0:
                if header := _HEADER.match(line):
                    table = self._table(header, seen)
                    if isinstance(table[-1], int):
                        self._lines.setdefault(table[:-1], number)
                    self._lines.setdefault(table, number)
                    continue
                if key := _KEY.match(line):
                    self._lines.setdefault(table + _names(key.group(1)), number)
            inside, depth = _after(line, inside, depth)

    @staticmethod
    def _table(header: re.Match[str], seen: dict[Path, int]) -> Path:
        names = _names(header.group(2))
        path: Path = ()
        for position, name in enumerate(names):
            path = (*path, name)
            last = position == len(names) - 1
            if last and header.group(1) == "[[":
                seen[path] = seen.get(path, -1) + 1
            if path in seen:
                path = (*path, seen[path])
        return path


def _names(dotted: str) -> tuple[str, ...]:
    """Split a dotted key, whose parts may be quoted, by letting tomllib read it."""
    try:
        node: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return (dotted,)
    names: list[str] = []
    while isinstance(node, dict):
        name = next(iter(node))
        names.append(name)
        node = node[name]
    return tuple(names)


def _after(line: str, inside: str, depth: int) -> tuple[str, int]:
    """Return the open multi-line string (or "") and the bracket depth after `line`."""
    position = 0
    while position < len(line):
        if inside:
            end = line.find(inside, position)
            if end < 0:
                return inside, depth
            position, inside = end + 3, ""
            continue
        token = _STRING.match(line, position)
        if token is None:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(line[position], 0)
            position += 1
        elif token.group() in ('"""', "'''"):
            inside, position = token.group(), position + 3
        else:
            position = token.end()
    return inside, max(depth, 0)
