"""Where a text's news begins and ends: behind its dateline, before the sender's own paragraphs."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

from nlp.document import Passage, Span
from nlp.roles_signs import rules

# "GREENVILLE, S.C. (AP) -- ", "Fort Smith, Ark., Nov. 3, 2026 /PRNewswire/ - ", "DENTON — ".
_DATELINE = re.compile(r"\s*[^\W\d_][^\n]{0,110}?(?:\s(?:--|[-–—])\s?|\s?[–—]\s?|--\s?|\)\s(?=[\"“A-Z]))")
_LINE = re.compile(r"(?m)^[ \t#*]*([^\n]{3,80})$")
_DATELINE_WORDS = 14
_HEADLINES = 5
"""So many short lines may stand before a dateline: a label, a headline, its second line, a date."""
_LONGEST_HEADLINE = 220


def dateline_span(text: Passage) -> Span:
    """Return the span of the text's dateline, which may stand below headlines; an empty one at 0 without."""
    return _dateline_span(text.text)


# Several stages ask of the same text in turn.
@lru_cache(maxsize=4)
def _dateline_span(text: str) -> Span:
    start = 0
    for _ in range(_HEADLINES):
        line_end = text.find("\n", start)
        end = _dateline_end(text, start)
        if end:
            return Span(start, end)
        if line_end < 0 or line_end - start > _LONGEST_HEADLINE:
            break
        start = line_end + 1
    return Span(0, 0)


def _dateline_end(text: str, start: int) -> int:
    match = _DATELINE.match(text, start)
    if match is None:
        return 0
    head = match.group()
    words = re.findall(r"[^\W\d_]+", head)
    if not words or len(words) > _DATELINE_WORDS:
        return 0
    shouted = words[0].isupper() and len(words[0]) > 2
    wired = re.search(r"/|\b(?:AP|Reuters)\b", head) is not None
    dated = start == 0 and re.search(r"\b\d{4}\b", head) is not None
    short = start == 0 and len(words) <= 5 and all(word[0].isupper() for word in words)
    return match.end() if shouted or wired or dated or short else 0


def boilerplate_start(text: Passage) -> int:
    """Return where the sender's own paragraphs begin ("About Acme Fiber"); the text's length without any."""
    return _boilerplate_start(text.text)


@lru_cache(maxsize=4)
def _boilerplate_start(text: str) -> int:
    earliest = ceil(float(rules()["boilerplate_after"]) * len(text))
    for match in _LINE.finditer(text, earliest):
        line = match.group(1).strip(" :#*").lower()
        if len(line.split()) > 8:
            continue
        for opening in rules()["boilerplate"]:
            if line == opening or (
                line.startswith(f"{opening} ") and not match.group(1).rstrip().endswith(".")
            ):
                return match.start()
    return len(text)
