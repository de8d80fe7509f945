"""How well places are found and resolved, on a corpus of texts with hand-placed toponyms.

`python -m bench.places` prints the tables for LGL (588 local-news articles) where ../shared/data has it.
Span-strict: a predicted place counts when its characters are a gold toponym's and it lies within 161 km.
US view: gold toponyms in the United States, the country itself left out, against predictions in the United
States. Predictions where gold has no coordinates (streets, buildings) count as wrong.
"""

from __future__ import annotations

import csv
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from bench.bootstrap import interval
from bench.table import Table, skipped
from market.places.distance import distance_km
from market.places.gazetteer import Gazetteer
from market.records import Place
from nlp.build import build_pipeline, passages
from nlp.document import Field, Passage, Span
from nlp.regions import PlaceMention, Regions

WITHIN_KM = 161.0
_COMMAND = "python -m bench.places"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "geoparsing"


@dataclass(frozen=True)
class Toponym:
    """A gold mention; lat and lon are None where its annotators found no coordinates."""

    start: int
    end: int
    lat: float | None
    lon: float | None
    country: str | None
    kind: str | None
    state: str | None
    geonames: int | None = None


@dataclass
class Text:
    """A document with its gold toponyms and, when known, the state its outlet writes from."""

    id: str
    group: str
    home: str | None
    text: str
    gold: list[Toponym]
    passage: Passage | None = None

    def parsed(self) -> Passage:
        """Return the passage. Raises ValueError before parse() has seen the text."""
        if self.passage is None:
            raise ValueError("parse the texts first")
        return self.passage


@dataclass
class Counts:
    """Per document: right, predicted and gold."""

    rows: list[tuple[int, int, int]] = field(default_factory=list)

    def f1(self, rows: Sequence[tuple[int, int, int]] | None = None) -> tuple[float, float, float]:
        """Return (precision, recall, F1) over the documents, each from 0 to 1."""
        right, predicted, gold = (sum(column) for column in zip(*(rows or self.rows), strict=True))
        precision, recall = right / max(1, predicted), right / max(1, gold)
        return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)

    def interval(self, pick: Callable[[tuple[float, float, float]], float]) -> tuple[float, float]:
        """Return the 95% interval by bootstrap over documents (1,000 draws, fixed seed)."""
        return interval(self.rows, lambda rows: pick(self.f1(rows)), seed=7)


def read_lgl(folder: Path = SHARED) -> list[Text]:
    """Return LGL's articles with their outlets' home states."""
    with (folder / "outlets.csv").open(encoding="utf-8", newline="") as lines:
        homes = {row["domain"]: row["home"] for row in csv.DictReader(lines)}
    found = []
    for article in etree.parse(str(folder / "lgl.xml")).getroot().findall("article"):
        domain = article.findtext("domain") or ""
        home = homes.get(domain, "")
        gold = [_toponym(node) for node in article.findall("toponyms/toponym")]
        state = home.removeprefix("US-") if home.startswith("US-") else None
        found.append(Text(article.get("docid") or "", domain, state, article.findtext("text") or "", gold))
    return found


def _toponym(node: Any) -> Toponym:
    tag = node.find("gaztag")
    start, end = int(node.findtext("start")), int(node.findtext("end"))
    if tag is None:
        return Toponym(start, end, None, None, None, None, None)
    return Toponym(
        start,
        end,
        float(tag.findtext("lat")),
        float(tag.findtext("lon")),
        tag.findtext("country"),
        tag.findtext("fcode"),
        tag.findtext("admin1"),
        int(tag.get("geonameid")) if (tag.get("geonameid") or "").isdigit() else None,
    )


def parse(texts: Sequence[Text]) -> None:
    """Give every text its passage (sentences and entities)."""
    pipeline = build_pipeline()
    for text, (_, passage) in zip(texts, passages(pipeline, (("", t.text) for t in texts)), strict=True):
        text.passage = passage


def in_us(toponym: Toponym) -> bool:
    """Return whether a toponym counts in the US view."""
    return toponym.country == "United States" and toponym.kind != "PCLI"


def hit(place: Place, toponym: Toponym, limit: float = WITHIN_KM) -> bool:
    """Return whether `place` lies within `limit` km of the toponym's coordinates."""
    if toponym.lat is None or toponym.lon is None:
        return False
    return distance_km(place.lat, place.lon, toponym.lat, toponym.lon) <= limit


def end_to_end(texts: Iterable[Text], find: Callable[[Text], Iterable[PlaceMention]]) -> Counts:
    """Return the span-strict counts of the US view."""
    counts = Counts()
    for text in texts:
        gold = {(t.start, t.end): t for t in text.gold if in_us(t)}
        named = [m for m in find(text) if m.place and m.place.country == "US" and m.place.kind != "country"]
        right = sum(
            1 for m in named if m.place and (m.start, m.end) in gold and hit(m.place, gold[m.start, m.end])
        )
        counts.rows.append((right, len(named), len(gold)))
    return counts


def finder(regions: Regions, home: bool) -> Callable[[Text], tuple[PlaceMention, ...]]:
    """Return what finds a text's places, told its outlet's home state or not."""
    return lambda text: regions.find([text.parsed()], home_state=text.home if home else None)


def on_given(texts: Iterable[Text], regions: Regions, home: bool, limit: float = WITHIN_KM) -> Counts:
    """Return the counts of given US mentions resolved within `limit` km (accuracy is their recall)."""
    counts = Counts()
    for text in texts:
        gold = [t for t in text.gold if in_us(t)]
        if not gold:
            continue
        spans: list[tuple[Field, Span]] = [("text", Span(t.start, t.end)) for t in gold]
        found = regions.given([text.parsed()], spans, home_state=text.home if home else None)
        right = sum(1 for m, t in zip(found, gold, strict=True) if m.place and hit(m.place, t, limit))
        counts.rows.append((right, len(gold), len(gold)))
    return counts


def by_county(texts: Iterable[Text], regions: Regions, home: bool) -> tuple[Counts, Counts]:
    """Return the counts of given US mentions whose state, and whose county, is the right one.

    The truth is the state that the corpus names, and the county of the toponym's own GeoNames entry, where
    the gazetteer has it; a city that straddles counties lies in each of them.
    """
    states, counties = Counts(), Counts()
    for text in texts:
        gold = [t for t in text.gold if in_us(t) and t.state]
        if not gold:
            continue
        spans: list[tuple[Field, Span]] = [("text", Span(t.start, t.end)) for t in gold]
        found = regions.given([text.parsed()], spans, home_state=text.home if home else None)
        right = right_county = asked = 0
        for mention, toponym in zip(found, gold, strict=True):
            state = regions.gazetteer.state(toponym.state or "")
            place = mention.place
            right += state is not None and place is not None and place.state == state.state
            truth = regions.gazetteer.place(toponym.geonames or 0)
            if truth is not None and truth.kind in ("city", "county") and truth.county_fips:
                asked += 1
                right_county += place is not None and truth.county_fips in regions.gazetteer.counties_of(
                    place
                )
        states.rows.append((right, len(gold), len(gold)))
        counties.rows.append((right_county, asked, asked))
    return states, counties


def half(text: Text) -> int:
    """Return 0 (fitted on) or 1 (checked on): whole outlets go to one side."""
    return zlib.crc32(text.group.encode()) % 2


def tables() -> list[Table]:
    """Return the tables; where LGL is missing, those of our own texts and one that says why."""
    # These build on this module, so they are loaded only here.
    from bench.places_hard import hard_table, parse_hard, read_hard
    from bench.places_sure import judged, opened, reliability_table, threshold_table
    from bench.places_world import world_tables

    regions = Regions(Gazetteer.load())
    hard = read_hard()
    parse_hard(hard)
    found = [hard_table(hard, regions), *world_tables(regions)]
    if not (SHARED / "lgl.xml").exists():
        return [*found, skipped("Places", _COMMAND, "needs ../shared/data/geoparsing/lgl.xml")]
    texts = read_lgl()
    parse(texts)
    check = [t for t in texts if half(t)]
    for title, part, fitted in (("check half", check, "the other half"), ("all", texts, "half of these")):
        rows = [row for home in (False, True) for row in _rows(part, regions, home)]
        found.append(
            Table(
                f"Places: LGL {title} ({len(part)} articles), US view",
                _COMMAND,
                ("measure", "P", "R", "F1 or accuracy", "95% interval"),
                tuple(rows),
                f"Span-strict, within 161 km unless said otherwise; weights fitted on {fitted}.",
            )
        )
    everything = opened(regions)
    wanted = sum(in_us(t) for text in check for t in text.gold)
    for home, label in ((False, "text alone"), (True, "with the outlet's home state")):
        rows_judged = judged(check, everything, home, hit)
        found.append(reliability_table(rows_judged, f"Places: reliability of the score, check half, {label}"))
        title = f"Places: thresholds, check half, {label}"
        found.append(threshold_table(rows_judged, wanted, title, regions.model["thresholds"]["accept"]))
    return found


def _rows(part: Sequence[Text], regions: Regions, home: bool) -> list[tuple[str, ...]]:
    label = "with the outlet's home state" if home else "text alone"
    counts = end_to_end(part, finder(regions, home))
    p, r, f = counts.f1()
    low, high = counts.interval(lambda v: v[2])
    rows: list[tuple[str, ...]] = [
        (f"end to end, {label}", f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", f"{low:.3f} to {high:.3f}")
    ]
    for limit in (161.0, 25.0):
        given = on_given(part, regions, home, limit)
        low, high = given.interval(lambda v: v[1])
        name = f"given mentions, {limit:.0f} km, {label}"
        rows.append((name, "", "", f"{given.f1()[1]:.3f}", f"{low:.3f} to {high:.3f}"))
    for name, given in zip(("state", "county (FIPS)"), by_county(part, regions, home), strict=True):
        low, high = given.interval(lambda v: v[1])
        asked = sum(row[2] for row in given.rows)
        label_row = f"given mentions, {name}, {label} ({asked} asked)"
        rows.append((label_row, "", "", f"{given.f1()[1]:.3f}", f"{low:.3f} to {high:.3f}"))
    return rows


def main() -> None:
    """Print the tables."""
    for table in tables():
        sys.stdout.write(f"{table.markdown()}\n")


if __name__ == "__main__":
    main()
