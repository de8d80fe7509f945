"""Which elements a page's own style sheets strike through: their class is marked, as if it said so itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

MARK = "line-through"
"""The class given to such elements; the vocabulary of struck classes knows it."""
MAX_STYLE = 400_000
"""Characters. What a longer style element says is passed over."""
MAX_SELECTORS = 200
"""Selectors of a page that are followed."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;{}]*line-through", re.IGNORECASE)
_STEP = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)


@dataclass(frozen=True)
class _Selector:
    """The last step of a selector, and the names that elements around it must bear."""

    tag: str
    names: frozenset[str]
    around: frozenset[str]

    def matches(self, element: HtmlElement, own: frozenset[str]) -> bool:
        if self.tag not in ("", "*", element.tag) or not self.names <= own:
            return False
        missing = set(self.around)
        node = element.getparent()
        while missing and node is not None:
            missing -= _names(node)
            node = node.getparent()
        return not missing


def mark_struck(tree: HtmlElement) -> None:
    """Give the class MARK to each element that a style sheet of the page strikes through.

    Selectors with pseudo-classes or attributes are passed over, as are those that name no class at all.
    """
    selectors = [each for style in tree.iter("style") for each in _selectors(style.text or "")][
        :MAX_SELECTORS
    ]
    if not selectors:
        return
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        own = _names(element)
        if any(selector.matches(element, own) for selector in selectors):
            element.set("class", f"{element.get('class') or ''} {MARK}".strip())


def _names(element: HtmlElement) -> frozenset[str]:
    named = [f".{name}" for name in (element.get("class") or "").split()]
    return frozenset([*named, f"#{element.get('id')}"] if element.get("id") else named)


def _selectors(sheet: str) -> list[_Selector]:
    if "line-through" not in sheet or len(sheet) > MAX_STYLE:
        return []
    sheet = _COMMENT.sub("", sheet)
    found = []
    for listed in dict.fromkeys(_selectors_before(sheet, match.start()) for match in _STRUCK.finditer(sheet)):
        for selector in listed.split(","):
            steps = [_STEP.fullmatch(step) for step in re.split(r"\s*[\s>+~]\s*", selector.strip())]
            last = steps[-1]
            if last is None or not all(steps) or not any(step and step["names"] for step in steps):
                continue
            names = [frozenset(re.findall(r"[.#][\w-]+", step["names"])) for step in steps if step]
            around = frozenset().union(*names[:-1])
            found.append(_Selector((last["tag"] or "").lower(), names[-1], around))
    return found


def _selectors_before(sheet: str, at: int) -> str:
    """Return what stands before the braces around a declaration at `at`, or "" outside of any.

    Looked for backwards from the few declarations that strike through: a sheet is long and has few of them.
    """
    opened = sheet.rfind("{", 0, at)
    if opened < 0 or sheet.rfind("}", opened, at) >= 0:
        return ""
    return sheet[1 + max(sheet.rfind("{", 0, opened), sheet.rfind("}", 0, opened)) : opened]
