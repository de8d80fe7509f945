"""Recall and precision of a brief's lines against the sample web's list of what happened.

Run: python -m bench.recall [--market FOLDER of a finished demo]
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal

from bench.happened import Learn, May, Never, WhatHappened, company_names, load, page_of
from bench.table import Table
from crowsnest.demo.settings import WHAT_HAPPENED
from market.numbers import numbers_in
from market.records import Brief, Claim
from market.records.base import Record

COMMAND = "python -m bench.recall"


class Line(Record):
    """One claim of one brief and how it was judged."""

    subscriber: str
    week: str
    section: str
    text: str
    pages: tuple[str, ...]
    meets: tuple[str, ...] = ()
    """Ids of the [[learn]] entries it satisfies."""
    verdict: Literal["right", "wrong"]
    reason: str = ""
    """Why it is wrong, or "misplaced" when a right one stands in another section."""


class Score(Record):
    """Recall and precision, with what lies behind them."""

    wanted: int
    learnt: int
    lines: tuple[Line, ...]
    missed: tuple[str, ...]
    """"subscriber week id" of each [[learn]] entry that no claim satisfies."""

    @property
    def recall(self) -> float:
        """Share of what should be learnt that was; 1.0 when nothing was wanted."""
        return self.learnt / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """Share of lines that are right; 1.0 when there is none."""
        right = sum(line.verdict == "right" for line in self.lines)
        return right / len(self.lines) if self.lines else 1.0

    def table(self) -> Table:
        """Return the figures beside their targets, what was missed and what was wrong in the note."""
        right = sum(line.verdict == "right" for line in self.lines)
        wrong = [line for line in self.lines if line.verdict == "wrong"]
        note = [f"missed {entry}" for entry in self.missed]
        note += [f"wrong in {line.subscriber} {line.week}: {line.text} ({line.reason})" for line in wrong]
        return Table(
            title="Brief lines against what happened",
            command=COMMAND,
            columns=("what", "measured", "target"),
            rows=(
                ("recall", f"{self.recall:.3f} ({self.learnt} of {self.wanted})", ">= 0.95"),
                ("precision", f"{self.precision:.3f} ({right} of {len(self.lines)})", "1.0"),
            ),
            note="; ".join(note)
            or "Nothing missed, nothing wrong. The list was written by hand before the extractors.",
        )

    def render(self) -> str:
        """Return the figures, then every miss, every wrong line and every misplaced one, as plain text."""
        out = [f"brief lines, {name}: {value}" for name, value, _ in self.table().rows]
        out += [f"missed: {entry}" for entry in self.missed]
        for line in self.lines:
            if line.reason:
                where = f"{line.subscriber} {line.week} {line.section}"
                out.append(f"{line.verdict}: {where}: {line.reason}: {line.text} [{', '.join(line.pages)}]")
        return "\n".join(out)


def _values(text: str) -> set[Decimal]:
    return {number.value for number in numbers_in(text)}


def _holds_words(text: str, words: Sequence[str]) -> bool:
    return all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in words)


def _says(text: str, phrase: str) -> bool:
    """Say whether `text` holds the phrase: as words, or as its number where it is nothing but a number."""
    return _holds_words(text, (phrase,)) or (
        re.fullmatch(r"\$?[\d.,]+(?: (?:thousand|million|billion))?", phrase) is not None
        and _values(phrase) <= _values(text)
    )


def _meets(learn: Learn, text: str, pages: frozenset[str]) -> bool:
    names = company_names()[learn.company]
    return (
        not pages.isdisjoint(learn.pages)
        and any(_holds_words(text, (name,)) for name in names)
        and (not learn.places or any(_holds_words(text, (place,)) for place in learn.places))
        and _holds_words(text, learn.words)
        and all(_values(number) <= _values(text) for number in learn.numbers)
    )


def _judge(
    brief: Brief, section: str, claim: Claim, happened: WhatHappened, url: Callable[[str], str]
) -> Line:
    cited = [page_of(url(evidence.capture_id)) for evidence in claim.evidence]
    pages = frozenset((*cited, *(page_of(copy) for copy in claim.also)))
    told = "\n".join((claim.text, *(evidence.quote for evidence in claim.evidence)))

    def applies(entry: Learn | May | Never, *, anywhere: bool = False) -> bool:
        return (
            brief.subscriber_id in entry.subscribers
            and entry.week in (None, brief.week)
            and (anywhere or entry.section in (None, section))
            and not pages.isdisjoint(entry.pages)
        )

    learns = [entry for entry in happened.learn if applies(entry, anywhere=True)]
    met = [entry for entry in learns if _meets(entry, told, pages)]
    line = Line(
        subscriber=brief.subscriber_id,
        week=brief.week,
        section=section,
        text=claim.text,
        pages=tuple(dict.fromkeys(cited)),
        meets=tuple(entry.id for entry in met),
        verdict="right",
    )
    for never in happened.never:
        if applies(never) and (not never.says or any(_says(claim.text, phrase) for phrase in never.says)):
            return line.model_copy(update={"verdict": "wrong", "reason": never.reason})
    if met:
        placed = any(entry.section == section for entry in met)
        return line if placed else line.model_copy(update={"reason": "misplaced"})
    if any(applies(entry) for entry in happened.may):
        return line
    if any(entry.section == section for entry in learns):
        lacking = ", ".join(entry.id for entry in learns)
        return line.model_copy(update={"verdict": "wrong", "reason": f"tells of {lacking} without its facts"})
    return line.model_copy(update={"verdict": "wrong", "reason": "no entry of the list allows this line"})


def score(
    briefs: Sequence[Brief], url_of: Callable[[str], str], what_happened: Path = WHAT_HAPPENED
) -> Score:
    """Score the briefs of the demo; `url_of` gives the URL of a capture id.

    Entries count for the subscribers and weeks that have a brief among `briefs`.
    """
    happened = load(what_happened)
    lines = [
        _judge(brief, section.id, claim, happened, url_of)
        for brief in briefs
        for section in brief.sections
        for claim in section.claims
    ]
    given = {(brief.subscriber_id, brief.week) for brief in briefs}
    wanted = [
        (subscriber, entry.week, entry.id)
        for entry in happened.learn
        for subscriber in entry.subscribers
        if (subscriber, entry.week) in given
    ]
    met = {(line.subscriber, line.week, entry) for line in lines for entry in line.meets}
    missed = [" ".join(entry) for entry in wanted if entry not in met]
    return Score(
        wanted=len(wanted), learnt=len(wanted) - len(missed), lines=tuple(lines), missed=tuple(missed)
    )


def score_market(folder: Path) -> Score:
    """Score the stored briefs of a finished demo."""
    from crowsnest.settings import load as load_settings
    from index.ledger import Ledger

    ledger = Ledger(load_settings(folder / "market.toml").ledger_url)
    try:
        urls = {capture.id: capture.url for capture in ledger.captures()}
        return score(ledger.briefs(), lambda capture: urls.get(capture, ""))
    finally:
        ledger.close()


def run(market: Path | None = None) -> Score:
    """Score the finished demo in `market`; without one, play it first in a temporary folder."""
    if market is not None:
        return score_market(market)
    from crowsnest.demo.play import play
    from crowsnest.ship import silent

    with tempfile.TemporaryDirectory() as folder:
        play(Path(folder), progress=silent, say=lambda words: None)
        return score_market(Path(folder))


def tables() -> list[Table]:
    """Score a demo played for it."""
    return [run().table()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both figures and every line that counts against them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--market", type=Path)
    sys.stdout.write(run(parser.parse_args(arguments).market).render() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
