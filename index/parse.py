"""From what a user types to the query tree (index/query.py), by luqum's Lucene grammar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from luqum import tree
from luqum.exceptions import ParseError
from luqum.thread import parse as luqum_parse

from index.operands import (
    escape_slashes,
    joined,
    near,
    phrase,
    plain,
    syntax,
    unescaped,
    unquoted,
    wild,
    wildcards,
)
from index.query import And, Everything, Fuzzy, Node, Not, Or, Term, TextField
from index.stems import terms
from index.synonyms import Synonyms
from index.values import FIELDS, KINDS, TEXT, TOPICS, known_field, ranged, value
from market.errors import QueryError

__all__ = ["FIELDS", "KINDS", "MAX_DEPTH", "MAX_LENGTH", "MAX_PARTS", "TOPICS", "parse"]

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_PARTS = 256


def parse(text: str, *, zone: tzinfo = UTC, synonyms: Synonyms | None = None) -> Node:
    """Return the tree of a query; days begin at midnight in `zone`. An empty text or "*" finds everything.

    Raises QueryError for what cannot be understood, saying where and what to write instead.
    """
    if text.strip() in ("", "*", "*:*"):
        return Everything()
    if len(text) > MAX_LENGTH:
        raise QueryError("query-too-long", f"the query is longer than {MAX_LENGTH} characters; shorten it")
    try:
        # Our language has no regular expressions, so that a slash is a character like any other.
        parsed = luqum_parse(escape_slashes(text))
    except ParseError as error:
        raise QueryError("query-syntax", f"{syntax(str(error))} in the query {text.strip()!r}") from error
    parser = _Parser(zone, synonyms or Synonyms.load())
    node = parser.node(parsed, None, 0)
    if node is None:
        raise QueryError("query-empty", f"the query {text.strip()!r} holds no word or number to search for")
    return node


class _Parser:
    def __init__(self, zone: tzinfo, synonyms: Synonyms) -> None:
        self._zone = zone
        self._synonyms = synonyms
        self._parts = 0

    def node(self, item: tree.Item, field: str | None, depth: int) -> Node | None:
        """Return the node of a luqum item inside `field`, or None when it holds no word."""
        self._count()
        if depth > MAX_DEPTH:
            raise QueryError("query-too-complex", f"the query nests deeper than {MAX_DEPTH}; simplify it")
        below = depth + 1
        match item:
            case tree.SearchField():
                if field is not None:
                    raise QueryError(
                        "query-field", f"{field}:{item.name}: is two fields; quote the words after {field}:"
                    )
                return self.node(item.expr, known_field(item.name), below)
            case tree.Group() | tree.FieldGroup() | tree.Plus():
                return self.node(item.children[0], field, below)
            case tree.Not() | tree.Prohibit():
                part = self.node(item.a, field, below)
                return None if part is None else Not(part)
            case tree.OrOperation() | tree.AndOperation() | tree.UnknownOperation():
                return self._operation(item, field, below)
            case tree.Word() | tree.Phrase() | tree.Proximity() | tree.Fuzzy():
                return self._operand(item, field)
            case tree.Range() | tree.From() | tree.To():
                return ranged(item, field, self._zone)
            case tree.Boost():
                raise QueryError(
                    "query-boost", "weights (^) are not part of the query language; leave them out"
                )
            case _:
                raise QueryError("query-syntax", f"{str(item).strip()!r} is not part of the query language")

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise QueryError("query-too-complex", f"the query has over {MAX_PARTS} parts; simplify it")

    def _operation(self, item: tree.BaseOperation, field: str | None, depth: int) -> Node | None:
        """Build AND and OR. luqum lets OR bind tighter than a blank; here a blank is an AND."""
        runs: list[list[tree.Item]] = [[]]
        _flatten(item, runs)
        options = [node for run in runs if (node := self._all_of(run, field, depth)) is not None]
        return joined(Or, options)

    def _all_of(self, run: Sequence[tree.Item], field: str | None, depth: int) -> Node | None:
        nodes: list[Node] = []
        words: list[str] = []
        worded = field in (None, "text", "title")
        for item in run:
            if worded and isinstance(item, tree.Word) and (found := plain(item.value)):
                self._count()
                if len(found) == 1:
                    words += found
                    continue
                nodes += [*self._words(words, field), *self._words(found, field, together=True)]
            else:
                nodes += self._words(words, field)
                part = self.node(item, field, depth)
                nodes += [] if part is None else [part]
            words = []
        nodes += self._words(words, field)
        useful = [node for node in nodes if not self._passed_over(node)]
        return joined(And, useful if any(not isinstance(node, Not) for node in useful) else nodes)

    def _passed_over(self, node: Node) -> bool:
        return isinstance(node, Term) and not node.exact and node.term in self._synonyms.stop

    def _words(self, found: Sequence[str], field: str | None, *, together: bool = False) -> list[Node]:
        """Return nodes of consecutive words, each known phrase with its synonyms.

        With `together` the words were written as one ("wi-fi", "AT&T") and stand side by side.
        """
        name: TextField = "title" if field == "title" else "text"
        nodes: list[Node] = []
        start = 0
        while start < len(found):
            length, others = self._synonyms.at(found, start)
            if together and length != len(found):
                return [phrase(name, found)]
            step = max(length, 1)
            part = tuple(found[start : start + step])
            own = phrase(name, part) if together or len(part) == 1 else self._each(name, part)
            nodes.append(Or((own, *(phrase(name, other) for other in others))) if others else own)
            start += step
        return nodes

    def _each(self, name: TextField, part: Sequence[str]) -> Node:
        kept = [word for word in part if word not in self._synonyms.stop] or list(part)
        return And(tuple(Term(name, word) for word in kept))

    def _operand(self, item: tree.Item, field: str | None) -> Node | None:
        if isinstance(item, tree.Proximity):
            words = terms(unquoted(item.term.value))
            slop = int(item.degree)
            if field not in (None, *TEXT) or slop > 100:
                raise QueryError(
                    "query-proximity", f'{str(item).strip()!r}: write "two words"~N with N up to 100'
                )
            return near(TEXT[field or "text"], words, slop)
        if isinstance(item, tree.Fuzzy):
            return self._fuzzy(item, field)
        quoted = isinstance(item, tree.Phrase)
        raw = unquoted(item.value) if quoted else item.value
        if not quoted:
            if raw in ("&&", "||", "!"):
                word = {"&&": "AND", "||": "OR", "!": "NOT"}[raw]
                raise QueryError("query-syntax", f"write {word} instead of {raw}")
            if raw.startswith("!") and len(raw) > 1:
                part = self._operand(tree.Word(raw[1:]), field)
                return None if part is None else Not(part)
        if field is None or field in TEXT:
            return self._text(raw, TEXT[field or "text"], quoted)
        return value(field, raw if quoted else unescaped(raw), self._zone)

    def _text(self, raw: str, name: TextField, quoted: bool) -> Node | None:
        if not quoted and (pieces := wild(raw)) is not None:
            return wildcards(name, pieces, raw)
        found = terms(raw)
        if not found:
            return None
        if quoted or name == "publisher":
            return phrase(name, found, exact=True)
        return joined(And, self._words(found, name, together=True))

    def _fuzzy(self, item: tree.Fuzzy, field: str | None) -> Node | None:
        found = terms(item.term.value)
        if field not in (None, *TEXT) or len(found) != 1:
            raise QueryError(
                "query-fuzzy", f"{str(item).strip()!r}: ~ follows one word, as in charter~ or charter~1"
            )
        given = str(item).strip().rpartition("~")[2]
        distance = int(given) if given.isdigit() else (1 if len(found[0]) <= 5 else 2)
        if distance not in (1, 2) or (given and not given.isdigit()):
            raise QueryError(
                "query-fuzzy", f"{str(item).strip()!r}: write ~1 or ~2, the letters that may differ"
            )
        return Fuzzy(TEXT[field or "text"], found[0], distance)


def _flatten(item: tree.Item, runs: list[list[tree.Item]]) -> None:
    """Spread an operation over runs: the last run goes on with an AND, an OR begins a new one."""
    if isinstance(item, tree.OrOperation):
        for number, child in enumerate(item.children):
            if number:
                runs.append([])
            _flatten(child, runs)
    elif isinstance(item, tree.AndOperation | tree.UnknownOperation):
        for child in item.children:
            _flatten(child, runs)
    else:
        runs[-1].append(item)
