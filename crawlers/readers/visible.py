"""The visible text of a page, flat, with the element behind each character; paths of elements.

Inline elements join their words, blocks part them. Cents in a raised or marked element get their point back
("$49<sup>99</sup>" reads "$49.99"), footnote figures fall away, and text that is struck through is left out.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml.html import HtmlElement

MAX_DEPTH = 300
"""The parser nests no deeper; a guard for trees built elsewhere."""
MAX_LABEL = 60
"""Characters. A longer label of a picture describes it."""

_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2007\u2009\u202f]+")
_SPLIT_PRICE = re.compile(r"([$€£])\s*(\d[\d,]*)(?:\s*\.\s?(\d{2})(?!\d)|\s(\d{2})(?=\s*(?:/|per\b)\s*mo))?")
_GLUED = re.compile(r"[a-z][A-Z][a-z ]|\d[A-Z][a-z]|[a-z]\$?\d")
_UNIT_END = re.compile(r"\d\s?(?:[kmg]bps|gig)$", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"[-–]?\s*(?:mo(?:nth)?s?\b|years?|yrs?\b|days?|[kmgt]b|gig|%|off\b)", re.IGNORECASE)
_SPEED = re.compile(r"\d\s?(?:[kmg]bps|gig)\b", re.IGNORECASE)
_DOLLARS = re.compile(r"[$€£]\s*\d{1,4}$")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u00ad\ufeff\x00-\x08\x0e-\x1f]")


@cache
def words() -> dict[str, Any]:
    """Return offers.toml with its patterns compiled."""
    with Path(__file__).with_name("offers.toml").open("rb") as handle:
        table = tomllib.load(handle)
    markup = table["markup"]
    for name in ("struck_class", "struck_style", "cents_class", "note_class", "hidden_class"):
        markup[name] = re.compile(markup[name], re.IGNORECASE)
    for name in ("block", "skip", "struck_tags"):
        markup[name] = frozenset(markup[name])
    for group in ("price_roles", "technology", "segment", "service", "land"):
        for entry in table[group]:
            for key in (
                "words",
                "in_name",
                "in_heading",
                "in_text",
                "in_tab",
                "in_line",
                "before",
                "after",
                "next",
            ):
                if key in entry:
                    entry[key] = re.compile(entry[key], re.IGNORECASE)
    for name, pattern in table["patterns"].items():
        table["patterns"][name] = re.compile(pattern, re.IGNORECASE)
    return table


class _Classes(NamedTuple):
    """What the words of a class attribute make of an element."""

    struck: bool = False
    hidden: bool = False
    cents: bool = False
    note: bool = False


_NO_CLASS = _Classes()


@lru_cache(maxsize=4096)
def _classes(names: str) -> _Classes:
    markup = words()["markup"]
    kinds = ("struck_class", "hidden_class", "cents_class", "note_class")
    return _Classes(*(bool(markup[kind].search(names)) for kind in kinds))


def is_struck(element: HtmlElement) -> bool:
    """Say whether the element's text is shown struck through, by tag, class or style."""
    names, style = element.get("class"), element.get("style")
    markup = words()["markup"]
    return (
        element.tag in markup["struck_tags"]
        or (names is not None and _classes(names).struck)
        or (style is not None and bool(markup["struck_style"].search(style)))
    )


@dataclass
class Flat:
    """The visible text below one element. `spans` gives each element's range in `text`."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)
    marks: list[tuple[int, str]] = field(default_factory=list)
    """Footnote marks that were left out of the text: where each stood, and the mark."""
    gaps: list[int] = field(default_factory=list)
    """Where text that is shown struck through was left out."""
    _starts: list[int] = field(default_factory=list)
    _owners: list[HtmlElement] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The whole text; read it only when the walk is over."""
        return "".join(self.pieces)

    def element_of(self, start: int, end: int) -> HtmlElement:
        """Return the smallest element that holds all of text[start:end]."""
        at = max(0, bisect_right(self._starts, start) - 1)
        element = self._owners[at]
        while True:
            low, high = self.spans.get(element, (0, len(self.text)))
            parent = element.getparent()
            if (low <= start and end <= high) or parent is None:
                return element
            element = parent


def flatten(root: HtmlElement) -> Flat:
    """Return the visible text below `root`."""
    flat = Flat()
    _Flattener(flat).walk(root, 0)
    return flat


def visible_text(element: HtmlElement) -> str:
    """Return the element's visible text with blanks collapsed: the quote of a CSS path."""
    return tidy(flatten(element).text)


def tidy(text: str) -> str:
    """Return `text` with blanks collapsed and prices split over elements put together ("$ 34 .99")."""
    joined = " ".join(text.split())
    return _SPLIT_PRICE.sub(lambda m: m[1] + m[2] + (f".{m[3] or m[4]}" if m[3] or m[4] else ""), joined)


class _Flattener:
    def __init__(self, flat: Flat) -> None:
        self._flat = flat
        self._markup = words()["markup"]
        self._lines = 0
        """How many elements whose line breaks count (pre) the walk is inside of."""
        self._dropped = False
        """Whether a footnote mark was left out at the end of the text so far."""

    def _add(self, raw: str | None, owner: HtmlElement) -> None:
        if not raw:
            return
        if self._lines and "\n" in raw:
            first, *others = raw.split("\n")
            self._add(first, owner)
            for line in others:
                self._break()
                self._add(line, owner)
            return
        flat = self._flat
        if raw.isprintable():
            # Of all blanks and invisible characters only the space is printable.
            piece = _BLANKS.sub(" ", raw) if "  " in raw else raw
        else:
            piece = " " if raw.isspace() else _BLANKS.sub(" ", _INVISIBLE.sub("", raw))
        if piece.startswith(" ") and (not flat.length or flat.pieces[-1][-1] in " \n"):
            piece = piece[1:]
        if not piece:
            return
        if self._dropped and piece[0].isdigit():
            # A footnote's figure fell away between two others; they do not become one.
            piece = f" {piece}"
        self._dropped = False
        last = flat.pieces[-1][-1] if flat.length else ""
        if last and (_GLUED.search(last + piece[:2]) or (last in "sg" and self._ends_unit(piece))):
            # "5 Mbps<b>Best for ...": styles part what the text does not.
            piece = f" {piece}"
        flat._starts.append(flat.length)
        flat._owners.append(owner)
        flat.pieces.append(piece)
        flat.length += len(piece)

    def _break(self) -> None:
        flat = self._flat
        if flat.length and flat.pieces[-1][-1] != "\n":
            # A blank before the line break becomes the break itself, so that no position moves.
            if flat.pieces[-1][-1] == " ":
                flat.pieces[-1] = flat.pieces[-1][:-1] + "\n"
            else:
                flat.pieces.append("\n")
                flat.length += 1

    def _tail(self) -> str:
        return "".join(self._flat.pieces[-6:])[-16:].rstrip(" ")

    def _ends_unit(self, piece: str) -> bool:
        """Say whether a unit of speed ends here and a word begins: "250 Mbps" and "up and down"."""
        return piece[0].isalpha() and bool(_UNIT_END.search(self._tail()))

    def _after_dollars(self) -> bool:
        flat = self._flat
        return bool(flat.length) and flat.pieces[-1][-1].isdigit() and bool(_DOLLARS.search(self._tail()))

    def _after_whole(self, element: HtmlElement) -> bool:
        """Say whether blanks alone part an element from one that holds the dollars of a price."""
        if not self._flat.length or self._flat.pieces[-1] != " ":
            return False
        before = element.getprevious()
        if before is None or (before.tail or "").strip() or len(before) or before.tag != element.tag:
            return False
        whole = (before.text or "").strip()
        behind = element.getnext()
        unit = (element.tail or "").strip() or (behind.text or "" if behind is not None else "").strip()
        if _OTHER_UNIT.match(unit):
            # "$45" and "12" before "months" are two things.
            return False
        return bool(re.fullmatch(r"[$€£]?\d{1,4}", whole) and _DOLLARS.search(self._tail()))

    def walk(self, element: HtmlElement, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in self._markup["skip"] or depth > MAX_DEPTH:
            if tag == "svg":
                self._spoken(element)
            return
        if depth and is_struck(element):
            self._flat.gaps.append(self._flat.length)
            return
        if depth and self._hidden(element):
            return
        block = tag in self._markup["block"]
        if block or tag == "br":
            self._break()
        start = self._flat.length
        raised = self._raised(element) if depth else None
        self._lines += tag == "pre"
        if raised is not None:
            self._add(raised, element)
            self._dropped = not raised
            if not raised:
                self._flat.marks.append((self._flat.length, "".join(element.itertext()).strip()))
        else:
            self._add(element.text, element)
            for child in element:
                self.walk(child, depth + 1)
                self._add(child.tail, element)
            if self._flat.length == start:
                self._spoken(element)
        self._lines -= tag == "pre"
        self._flat.spans[element] = (start, self._flat.length)
        if block:
            self._break()

    def _spoken(self, element: HtmlElement) -> None:
        """Add the speed that a picture, or an element without text, shows: it stands in its label alone."""
        label = element.get("alt") or element.get("aria-label")
        if label and len(label) <= MAX_LABEL and _SPEED.search(label) and not self._within_said(label):
            self._break()
            self._add(label, element)
            self._break()

    def _within_said(self, label: str) -> bool:
        """Say whether the text just before says the same already."""
        return label.strip().casefold() in "".join(self._flat.pieces[-8:]).casefold()

    def _hidden(self, element: HtmlElement) -> bool:
        # Hidden tab panels hold real plans; what is meant for nobody's eyes or for screen readers only does
        # not.
        names = element.get("class")
        return (names is not None and _classes(names).hidden) or element.tag == "template"

    def _raised(self, element: HtmlElement) -> str | None:
        """Return what stands for a raised or cents element: ".99", "" for a footnote, None for any other."""
        names = element.get("class")
        kinds = _classes(names) if names is not None else _NO_CLASS
        cents = kinds.cents
        marked = cents or kinds.note or element.tag in ("sup", "small")
        plain = element.tag in ("span", "b", "strong", "em", "i")
        if not marked and not (plain and (self._after_dollars() or self._after_whole(element))):
            return None
        content = "".join(element.itertext()).strip()
        before = self._tail()
        if not marked:
            # "<span>$39</span><span>99</span>": nobody writes one number in two elements.
            return f".{content}" if re.fullmatch(r"\d{2}", content) else None
        # What is marked as cents may stand in a block of its own.
        whole = re.search(r"\$\s*\d{1,4}$", before.rstrip("\n ") if cents else before)
        digits = re.match(r"^[.,]?(\d{2})(?!\d)(?P<rest>.*)$", content, re.DOTALL)
        if whole and digits and (cents or element.tag in ("sup", "small")):
            rest = re.sub(r"^\s*[*†‡\d]{0,2}\s*", "", digits["rest"])
            return f".{digits[1]}{' ' + rest if rest else ''}"
        if (
            element.tag == "sup"
            and re.fullmatch(r"[\d*†‡§¹²³,; \[\]()]{1,8}|[a-z]", content)
            and re.search(r"(?:[\w%)]|[a-z]\.)\Z", before)
        ):
            return ""
        return None


def css_path(element: HtmlElement, known: dict[HtmlElement, str] | None = None) -> str:
    """Return the element's unique CSS path from the root: "html > body > div:nth-of-type(2) > p:nth-of-
    type(1)". `known` keeps the paths of a page from call to call.
    """
    if known is None:
        known = {}
    above = []
    node: HtmlElement | None = element
    while node is not None and node not in known:
        above.append(node)
        node = node.getparent()
    path = known[node] if node is not None else ""
    for each in reversed(above):
        before = len(list(each.itersiblings(str(each.tag), preceding=True))) if path else 0
        path = f"{path} > {each.tag}:nth-of-type({before + 1})" if path else str(each.tag)
        known[each] = path
    return path


def find_path(root: HtmlElement, path: str) -> HtmlElement | None:
    """Return the element at a path of `css_path`, or None when the page has none there."""
    steps = path.split(" > ")
    if not steps or steps[0] != root.tag:
        return None
    node = root
    for step in steps[1:]:
        found = re.fullmatch(r"(.+):nth-of-type\((\d+)\)", step)
        if not found:
            return None
        same = [child for child in node if child.tag == found[1]]
        number = int(found[2])
        if not 1 <= number <= len(same):
            return None
        node = same[number - 1]
    return node
