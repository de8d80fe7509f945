"""Lists of places: what one of them says of the others, and lines that list where the news is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.document import Span
from nlp.regions import PlaceMention
from nlp.roles_signs import Scene, Sign, found, rules

_GIVING = ("event", "work", "lead")
_TAKING = ("organisation", "passing", "near", "quoted")
_WIDE = ("state", "country")
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b|\bor\b|\bplus\b|\bas well as\b|\bto\b)*")
_ITEM = re.compile(r"[ \t]*(?:[-*•·–▪◦]|\d{1,2}[.)]|#+)[ \t]*")
_LABEL = re.compile(r"[^\W\d_][\w’'.-]*(?:[ \t][^\W\d_][\w’'.-]*){0,4}:")
_ASIDE = re.compile(r"\([^()\n]*\)")
_SENTENCE_END = re.compile(r"(?:[a-z]{3}|\d)[.!?] +[A-Z]")
_LONGEST_LINE = 400
_LONGEST_ITEM = 60
_COUNTY = re.compile(
    r"\b(?:counties|county|parish(?:es)?|townships?|city|town|village|of|the|in|and|all|parts?)\b|\W|\d",
    re.IGNORECASE,
)


def listed(scene: Scene, mentions: Sequence[PlaceMention], signs: Sequence[Sign | None]) -> list[Sign | None]:
    """Give places the role of what they stand in: a list, lines that list them, a paragraph about them.

    A list has the news if one of its places has: "in Lee, Cook and Polk counties".
    """
    given = list(signs)
    for run, words in _lines(scene, mentions):
        for number in run:
            sign = signs[number]
            if sign is not None and sign.reason in _TAKING:
                given[number] = Sign("list", "text", words.start, words.end)
    for number, sign in _headings(scene, mentions, signs):
        given[number] = sign
    for run in _runs(scene, mentions):
        for wide in (False, True):
            same = [n for n in run if (_kind(mentions[n]) in _WIDE) == wide and not mentions[n].attached]
            giver = next((s for n in same if (s := signs[n]) is not None and s.reason in _GIVING), None)
            if giver is None:
                continue
            for number in same:
                sign = signs[number]
                if sign is not None and sign.reason in _TAKING:
                    given[number] = Sign("list", giver.field, giver.start, giver.end)
    return given


def _kind(mention: PlaceMention) -> str:
    return (mention.area or mention.place).kind if mention.place is not None else ""


def _runs(scene: Scene, mentions: Sequence[PlaceMention]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number, mention in enumerate(mentions):
        before = mentions[number - 1] if number else None
        if (
            before is not None
            and before.field == mention.field == "text"
            and mention.start - before.end < 20
            and _BETWEEN.fullmatch(scene.text.text, before.end, max(before.end, mention.start))
        ):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [run for run in runs if len(run) > 1]


def _lines(scene: Scene, mentions: Sequence[PlaceMention]) -> Iterator[tuple[list[int], Span]]:
    """Yield the places of each line that lists where the news is, with the words that announce the list.

    A list is lines of hardly more than places: items under a line that ends with a colon ("The communities
    are:"), or two and more lines that each begin with a label ("In Ohio: Lima, Warren").
    """
    text = scene.text.text
    if scene.topic in rules()["nowhere"] or ":" not in text:
        return
    by_line: dict[int, list[int]] = {}
    for number, mention in enumerate(mentions):
        if mention.field == "text" and mention.place is not None and mention.start < scene.boilerplate:
            by_line.setdefault(text.rfind("\n", 0, mention.start) + 1, []).append(number)
    labels = {start: label[0].lower() for start in by_line if (label := _LABEL.match(text, start))}
    others = {start for start, label in labels.items() if label.startswith(tuple(rules()["other_labels"]))}
    labelled = labels.keys() - others
    for start, run in by_line.items():
        if start in others or (start in labelled and len(labelled) == 1):
            continue
        intro = _intro(text, start)
        if start not in labelled and not text.endswith(":", 0, intro.end):
            continue
        if not _is_places(text, start, mentions, run) or found("place", "earlier", scene.text, intro):
            continue
        yield run, Span(start, text.index(":", start) + 1) if start in labelled else intro


def _is_places(text: str, start: int, mentions: Sequence[PlaceMention], run: Sequence[int]) -> bool:
    """Return whether at least a third of the letters of a line, without its label, are those of places."""
    end = _line_end(text, start)
    if end - start > _LONGEST_LINE:
        return False
    label = _LABEL.match(text, start, end)
    rest = _ASIDE.sub("", text[label.end() if label else start : end])
    if _SENTENCE_END.search(rest):
        return False
    named = sum(mentions[number].end - mentions[number].start for number in run)
    return named * 3 >= len(_COUNTY.sub("", rest))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _intro(text: str, start: int) -> Span:
    """Return the line that announces a list, above its items and its other lines."""
    end = start
    while end > 0:
        while end > 0 and text[end - 1].isspace():
            end -= 1
        begin = text.rfind("\n", 0, end) + 1
        is_item = _ITEM.match(text, begin, end) is not None
        if not is_item and (text.endswith(":", begin, end) or end - begin > _LONGEST_ITEM):
            return Span(begin, end)
        end = begin
    return Span(0, 0)


def _headings(
    scene: Scene, mentions: Sequence[PlaceMention], signs: Sequence[Sign | None]
) -> Iterator[tuple[int, Sign]]:
    """Yield the places that a paragraph begins with where it tells news: "Greene County is the riskiest"."""
    text = scene.text.text
    givers: dict[int, Sign] = {}
    for mention, sign in zip(mentions, signs, strict=True):
        if sign is not None and mention.field == "text" and sign.reason in ("event", "work"):
            givers.setdefault(text.rfind("\n", 0, mention.start) + 1, sign)
    for number, mention in enumerate(mentions):
        sign = signs[number]
        if sign is None or sign.reason != "passing" or mention.field != "text":
            continue
        start = text.rfind("\n", 0, mention.start) + 1
        begins = _ITEM.match(text, start)
        if mention.start == (begins.end() if begins else start) and start in givers:
            yield number, Sign("list", "text", givers[start].start, givers[start].end)
