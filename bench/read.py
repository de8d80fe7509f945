"""Reading measured on real pages: body F1, dates, label rows, and time beside one bare trafilatura call."""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.frame import NOW, frame
from bench.labelfiles import label_slots
from bench.planpages import case_pages, check_pages, real_pages, score
from bench.table import Table, skipped
from crawlers.readers import read_capture
from market.records import Article

SHINGLE = 4
"""Tokens a shingle, as the article extraction benchmark describes its measure."""
REPEATS = 5


@dataclass(frozen=True)
class Score:
    """Mean precision and recall over pages, of counted shingles, and the F1 of the two means."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the overlapping runs of SHINGLE word tokens of `text`; a shorter text is one run."""
    tokens = re.findall(r"\w+", text)
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[at : at + SHINGLE]) for at in range(max(1, len(tokens) - SHINGLE + 1)))


def body_score(pairs: Sequence[tuple[str, str]]) -> Score:
    """Return the score of (truth, read) bodies.

    A page that neither holds nor yields text counts for neither.
    """
    precisions, recalls = [], []
    for truth, read in pairs:
        wanted, found = shingles(truth), shingles(read)
        hit = sum((wanted & found).values())
        if found:
            precisions.append(hit / sum(found.values()))
        elif wanted:
            precisions.append(0.0)
        if wanted:
            recalls.append(hit / sum(wanted.values()))
    return Score(statistics.mean(precisions), statistics.mean(recalls))


def article_of(body: bytes, url: str) -> Article | None:
    """Return the article of a page, or None."""
    capture, source = frame("article", url)
    found = read_capture(capture, body, source, NOW).records
    return found[0] if found and isinstance(found[0], Article) else None


def interleaved(
    ours: Callable[[Any], Any], control: Callable[[Any], Any], pages: Sequence[Any], repeats: int = REPEATS
) -> tuple[float, float]:
    """Return the processor seconds of both over all pages, each page's median of `repeats`.

    Both read the same page in turn, so that they meet the same machine.
    """
    totals = [0.0, 0.0]
    for page in pages:
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(repeats):
            for call, kept in ((ours, times[0]), (control, times[1])):
                started = time.process_time()
                call(page)
                kept.append(time.process_time() - started)
        for at, kept in enumerate(times):
            totals[at] += statistics.median(kept)
    return totals[0], totals[1]


def load_pages(folder: Path) -> list[tuple[str, bytes, str]]:
    """Return (url, body, true article body) of each page of the article extraction benchmark."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        (
            entry["url"],
            gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()),
            entry["articleBody"],
        )
        for key, entry in sorted(truth.items())
    ]


def articles(folder: Path) -> list[dict[str, Any]]:
    """Measure article reading: body F1, share of pages with a date, and time beside bare trafilatura."""
    import trafilatura

    pages = load_pages(folder)
    found = [(url, truth, article_of(body, url)) for url, body, truth in pages]
    score = body_score([(truth, article.text if article else "") for _, truth, article in found])
    dated = sum(article is not None and article.published_at is not None for _, _, article in found)

    def ours(page: tuple[str, bytes, str]) -> None:
        article_of(page[1], page[0])

    def bare(page: tuple[str, bytes, str]) -> None:
        trafilatura.bare_extraction(page[1], include_comments=False, with_metadata=False)

    mine, control = interleaved(ours, bare, pages)
    return [
        {"name": "article body F1, 4-token shingles", "value": round(score.f1, 4), "target": ">= 0.955"},
        {"name": "article body precision", "value": round(score.precision, 4)},
        {"name": "article body recall", "value": round(score.recall, 4)},
        {"name": "pages with a publication date", "value": f"{dated}/{len(pages)}"},
        {"name": "read a page, ms", "value": round(1000 * mine / len(pages), 2)},
        {"name": "bare_extraction, ms", "value": round(1000 * control / len(pages), 2)},
        {"name": "read / bare_extraction", "value": round(mine / control, 3), "target": "<= 1.15"},
    ]


def dates(folder: Path, labels: Path) -> list[dict[str, Any]]:
    """Measure publication dates against days set by hand (`labels`: lines of url and day; null: none shown).

    The day is that of first publication as the page states it; where a page shows the day of an update alone
    and keeps its publication in its meta data, the latter counts.

    Right: the same day, or the next or previous one where the page gives a time of day (zones differ).
    """
    days = {
        line["url"]: line["day"] for line in map(json.loads, labels.read_text(encoding="utf-8").splitlines())
    }
    tally: Counter[str] = Counter()
    for url, body, _ in load_pages(folder):
        if url not in days:
            continue
        article = article_of(body, url)
        tally[judge(article.published_at if article else None, days[url])] += 1
    total = sum(tally.values())
    return [
        {"name": "publication date right", "value": f"{tally['right']}/{total}", "target": ">= 85%"},
        {"name": "publication date wrong", "value": f"{tally['wrong']}/{total}", "target": "<= 1%"},
        {"name": "publication date unknown", "value": f"{tally['unknown']}/{total}"},
    ]


def judge(read: datetime | None, day: str | None) -> str:
    """Return "right", "wrong" or "unknown" for a date read and the true day (ISO, or None for none)."""
    if read is None:
        return "right" if day is None else "unknown"
    if day is None:
        return "wrong"
    return "right" if abs((read.date() - datetime.fromisoformat(day).date()).days) <= 1 else "wrong"


def label_rows(folder: Path) -> list[dict[str, Any]]:
    """Return one line a label file: rows, read, reported, offers, and rows with a cell left unknown."""
    table = []
    for path in sorted(folder.glob("*.csv")):
        capture, source = frame("labels", path.name)
        result = read_capture(capture, path.read_bytes(), source, NOW)
        counts = result.reading.counts
        names = ("rows", "rows_read", "rows_reported", "rows_with_issue", "offers")
        table.append({"name": path.name, **{name: counts.get(name, 0) for name in names}})
    return table


def plans(folder: Path) -> list[dict[str, Any]]:
    """Measure plan pages: plans and bundles read, and time beside BeautifulSoup's parse and text of the same
    bytes.
    """
    from bs4 import BeautifulSoup

    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    capture, source = frame("offers", "https://plans.example/")
    counts = [read_capture(capture, body, source, NOW).reading.counts for body in pages]
    bundles = sum(each.get("bundles", 0) for each in counts)
    offers = sum(each.get("offers", 0) for each in counts) - bundles

    def ours(body: bytes) -> None:
        read_capture(capture, body, source, NOW)

    def bare(body: bytes) -> None:
        BeautifulSoup(body, "lxml").get_text()

    mine, control = interleaved(ours, bare, pages)
    return [
        {"name": "plan pages", "value": len(pages)},
        {"name": "internet plans read", "value": offers},
        {"name": "bundles read", "value": bundles},
        {"name": "read a plan page, ms", "value": round(1000 * mine / len(pages), 2)},
        {"name": "read / BeautifulSoup text pass", "value": round(mine / control, 3), "target": "<= 2"},
    ]


def run(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """Measure all that `shared` (the folder of real data) holds; what is absent is left out."""
    tables: dict[str, list[dict[str, Any]]] = {}
    data, labels = shared / "data", Path(__file__).parents[1] / "tests" / "real" / "dates.jsonl"
    if (data / "articles").exists():
        tables["articles"] = articles(data / "articles")
        if labels.exists():
            tables["dates"] = dates(data / "articles", labels)
    if (data / "labels").exists():
        tables["label rows"] = label_rows(data / "labels")
    if (data / "plans").exists():
        tables["plan pages"] = plans(data / "plans")
        slots = Path(__file__).parents[1] / "tests" / "real" / "plans.jsonl"
        if slots.exists():
            tables["slots of real plan pages"] = score(list(real_pages(data / "plans", slots)), ">= 0.90")
    return tables


def tables() -> list[Table]:
    """Return the measurements as tables, or the reason why there is nothing to measure."""
    command = "python -m bench read"
    found = run(Path(__file__).parents[2] / "shared")
    made = [] if found else [skipped("reading real pages", command, "needs ../shared/data")]
    found["slots of our recorded plan pages"] = score(list(case_pages()), ">= 0.95")
    found["slots of the check half of plan pages, by somebody else"] = score(list(check_pages()), ">= 0.95")
    found["slots of label files by somebody else"] = label_slots()
    for title, lines in found.items():
        columns = list(dict.fromkeys(key for line in lines for key in line))
        rows = tuple(tuple(_cell(line.get(column, "")) for column in columns) for line in lines)
        made.append(Table(title[:1].upper() + title[1:], command, tuple(columns), rows))
    return made


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
