"""What is said around a plan of whom it is for and over what: the words, where they stand, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from crawlers.readers.sheet import Span, TokenSheet
from crawlers.readers.visible import css_path, visible_text, words
from market.records import CssPath, Evidence, JsonPointer
from market.records.evidence import Locator

ADDRESS = "the page's address"
SETTINGS = "the source's settings"


class Said(NamedTuple):
    """Words that may tell a slot, and their place; what stands in no document has a rule alone."""

    text: str
    rule: str
    """What the words are: "the page's title", "a tab above it"."""
    span: Span | None = None
    """Their range in the page's flat text."""
    element: HtmlElement | None = None
    attribute: str = ""
    """The attribute of `element` that holds them."""
    pointer: tuple[int, str, str] | None = None
    """Document, pointer and quote, where they stand in the page's state."""


class Told(NamedTuple):
    """A slot's value, and the words that told it."""

    value: Any
    words: str
    said: Said
    at: Span = (0, 0)
    """The range of the words in the text of `said`."""


class Step(NamedTuple):
    """Why one slot of an offer has its value."""

    record_id: str
    slot: str
    words: str
    """The words themselves; the evidence's quote is all that their element shows."""
    css: str
    """"" for what stands in no element: a value of the state, the page's address, the source's settings."""
    rule: str


Found = tuple[Any, str, Span]
"""A value, the words that tell it, and their range in the text."""


class Vocabulary:
    """The words that tell a segment or a technology; what one text tells is looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, tuple[str, ...]], tuple[Found, ...]] = {}

    def told(self, said: Said, kind: str, *keys: str) -> list[Told]:
        """Return what each entry of offers.toml's list `kind` whose words stand in `said` tells, in the
        list's order. Each entry is looked for by those of its patterns that `keys` name.
        """
        asked = (said.text, kind, keys)
        if asked not in self._found:
            self._found[asked] = tuple(_find(*asked))
        return [Told(value, text, said, at) for value, text, at in self._found[asked]]


def _find(text: str, kind: str, keys: tuple[str, ...]) -> Iterator[Found]:
    for entry in words()[kind] if text else ():
        for key in keys:
            match = entry[key].search(text) if key in entry else None
            if match:
                yield entry["name"], " ".join(match[0].split()), match.span()
                break


@dataclass
class Proofs:
    """Makes the evidence and the steps of a page's offers."""

    sheet: TokenSheet
    capture_id: str
    reader: str
    version: int
    steps: list[Step] = field(default_factory=list)
    """Of all that was proved, in order."""
    _quotes: dict[HtmlElement, str] = field(default_factory=dict)
    """Visible text of the elements that were quoted; several slots, and plans, share some."""

    def mark(self, record: str, slot: str, span: Span, rule: str) -> Evidence:
        """Return the evidence of a slot by a range of the page's flat text."""
        flat = self.sheet.flat
        element = flat.element_of(*span)
        path = css_path(element, self.sheet.paths)
        self.steps.append(Step(record, slot, " ".join(flat.text[span[0] : span[1]].split()), path, rule))
        return self.evidence(record, slot, self._quote(element), CssPath(path=path))

    def told(self, record: str, slot: str, told: Told) -> list[Evidence]:
        """Return the evidence of what words around a plan told; none where no document holds them."""
        said, path = told.said, ""
        element = said.element
        if element is None and said.span is not None:
            element = self.sheet.flat.element_of(*said.span)
        if element is not None:
            path = css_path(element, self.sheet.paths)
        self.steps.append(Step(record, slot, told.words, path, said.rule))
        if said.pointer is not None:
            script, pointer, quote = said.pointer
            return [self.evidence(record, slot, quote, JsonPointer(script=script, pointer=pointer))]
        quote = ""
        if element is not None:
            quote = (element.get(said.attribute) or "") if said.attribute else self._quote(element)
        return (
            [self.evidence(record, slot, quote, CssPath(path=path, attribute=said.attribute))]
            if quote
            else []
        )

    def evidence(self, record: str, slot: str, quote: str, where: Locator) -> Evidence:
        """Return the evidence of a slot by words and their place."""
        return Evidence(
            capture_id=self.capture_id,
            record_id=record,
            slot=slot,
            quote=quote,
            where=where,
            reader=self.reader,
            reader_version=self.version,
        )

    def _quote(self, element: HtmlElement) -> str:
        if element not in self._quotes:
            self._quotes[element] = visible_text(element)
        return self._quotes[element]
