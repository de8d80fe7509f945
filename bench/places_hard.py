"""Places in our own short texts full of traps (tests/nlp/cases/places.txt): marked by hand, half for fitting.

The US view of bench.places, but stricter: a place counts when its span, state and kind agree, and its county
where the mark names one. A mark abroad must not become a place in the United States.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.places import Counts
from bench.table import Table
from market.records import Place
from nlp.build import build_pipeline, passages
from nlp.document import Passage
from nlp.regions import PlaceMention, Regions

CASES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "cases" / "places.txt"
_HEAD = re.compile(r"== (\S+) (fit|check)")
_MARK = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


@dataclass(frozen=True)
class Mark:
    """A marked span. Without `place` in the United States and `abroad` either answer is fair."""

    start: int
    end: int
    state: str | None = None
    kind: str = "city"
    fips: str | None = None
    abroad: str | None = None

    def fits(self, mention: PlaceMention) -> bool:
        """Return whether the mention's place is the one that the mark names."""
        return any(self.names(place) for place in (mention.place, mention.area) if place is not None)

    def names(self, place: Place) -> bool:
        """Return whether the mark names this place."""
        if self.abroad is not None:
            return place.country == self.abroad
        if self.state == "DC":
            return place.state == "DC"
        kinds = ("city", "neighborhood") if self.kind == "city" else (self.kind,)
        inside = place.state == self.state or (self.kind == "region" and place.state is None)
        return inside and place.kind in kinds and self.fips in (None, place.county_fips)


@dataclass
class Marked:
    """A text of ours with its marks."""

    id: str
    part: str
    text: str
    marks: list[Mark]
    passage: Passage | None = None


def read_hard(path: Path = CASES) -> list[Marked]:
    """Return the texts in order. Raises ValueError for a heading that does not fit."""
    found = []
    for block in re.split(r"(?m)^(?=== )", path.read_text("utf-8"))[1:]:
        head, _, body = block.partition("\n")
        match = _HEAD.fullmatch(head.strip())
        if match is None:
            raise ValueError(f"not a heading: {head!r}")
        found.append(_marked(match.group(1), match.group(2), body.strip()))
    return found


def parse_hard(texts: Sequence[Marked]) -> None:
    """Give every text its passage (sentences and entities)."""
    read = passages(build_pipeline(), (("", text.text) for text in texts))
    for text, (_, passage) in zip(texts, read, strict=True):
        text.passage = passage


def parsed(text: Marked) -> Passage:
    """Return the passage. Raises ValueError before parse_hard() has seen the text."""
    if text.passage is None:
        raise ValueError("parse the texts first")
    return text.passage


def _marked(id_: str, part: str, body: str) -> Marked:
    text = ""
    marks = []
    last = 0
    for match in _MARK.finditer(body):
        text += body[last : match.start()]
        start = len(text)
        text += match.group(1)
        marks.append(_mark(start, len(text), match.group(2)))
        last = match.end()
    return Marked(id_, part, text + body[last:], marks)


def _mark(start: int, end: int, target: str) -> Mark:
    if target == "?":
        return Mark(start, end)
    if target.startswith("@"):
        return Mark(start, end, abroad=target[1:])
    where, _, fips = target.partition(" ")
    state, _, kind = where.partition(":")
    return Mark(start, end, state, kind or "city", fips or None)


def score_hard(
    texts: Iterable[Marked], find: Callable[[Marked], Iterable[PlaceMention]]
) -> tuple[Counts, Counts, list[str]]:
    """Return the US view's counts, those of the marks abroad (right: in their country), and the mistakes."""
    counts, abroad = Counts(), Counts()
    mistakes = []
    for text in texts:
        marks = {(mark.start, mark.end): mark for mark in text.marks}
        right = named = away = 0
        seen = set()
        for mention in find(text):
            mark = marks.get((mention.start, mention.end))
            fair = mention.attached if mark is None else not (mark.state or mark.abroad)
            if mention.place is None or fair:
                continue
            ok = mark is not None and mark.fits(mention)
            seen.add((mention.start, mention.end))
            if mark is not None and mark.abroad is not None:
                away += ok
            elif ok:
                right += 1
            in_us = mention.place.country == "US" and mention.place.kind != "country"
            named += in_us
            if not ok and (in_us or (mark is not None and mark.state)):
                mistakes.append(
                    f"{text.id}: {mention.text!r} read as {mention.place.name}, {_where(mention.place)}"
                )
        us = [mark for mark in text.marks if mark.state]
        mistakes += [
            f"{text.id}: {text.text[m.start : m.end]!r} missed" for m in us if (m.start, m.end) not in seen
        ]
        counts.rows.append((right, named, len(us)))
        others = sum(1 for mark in text.marks if mark.abroad)
        abroad.rows.append((away, others, others))
    return counts, abroad, mistakes


def hard_table(texts: Sequence[Marked], regions: Regions) -> Table:
    """Return the table of both halves; the texts are parsed."""
    rows = []
    for part in ("fit", "check"):
        chosen = [text for text in texts if text.part == part]
        counts, abroad, _ = score_hard(chosen, lambda text: regions.find([parsed(text)]))
        p, r, f = counts.f1()
        low, high = counts.interval(lambda v: v[2])
        size = f"{part} ({len(chosen)} texts)"
        away = f"{abroad.f1()[1]:.3f}"
        rows.append((size, f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", f"{low:.3f} to {high:.3f}", away))
    return Table(
        "Places: our own texts full of traps, text alone",
        "python -m bench places",
        ("half", "P", "R", "F1", "95% interval", "abroad in its country"),
        tuple(rows),
        "tests/nlp/cases/places.txt. State, kind and marked county must agree; whatever is not marked and "
        "read as a place in the United States counts as wrong.",
    )


def _where(place: Place) -> str:
    return f"{place.state or place.country} ({place.kind})"
