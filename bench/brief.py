"""Briefs: how long a thousand subscribers' take, and whether every claim's quotes and numbers hold.

Run: python -m bench.brief [--subscribers N] [--market FOLDER of a finished demo]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.table import Table
from briefs.render import render_brief
from briefs.week import Week
from briefs.weekly import Weekly
from crowsnest.briefing import desk_of
from crowsnest.proof import verify
from crowsnest.settings import load
from crowsnest.ship import Ship, board, silent
from market.clock import FixedClock
from market.records import Brief, Subscriber
from market.records.base import Record


class BriefFigures(Record):
    """What was measured."""

    subscribers: int
    distinct: int
    """How many different briefs they were, by content."""
    claims: int
    gather_seconds: float
    """Reading the week from the ledger, once for all."""
    compose_seconds: float
    render_seconds: float
    refused: int
    verified_claims: int
    verified_quotes: int
    broken: str | None
    """The first claim that does not hold, None when all do."""

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.gather_seconds + self.compose_seconds + self.render_seconds


def subscribers(ship: Ship, count: int) -> list[Subscriber]:
    """Return readers that differ in territory, competitors and sections."""
    settings = ship.settings
    territories = [(), *((item.id,) for item in settings.territories)]
    rivals = [entry.id for entry in settings.competitor if entry.id != settings.market.own_company]
    lists = [(), *((one,) for one in rivals), *(tuple(rivals[:n]) for n in range(2, len(rivals)))]
    sections = [("prices", "builds", "news"), ("prices",), ("builds", "news")]
    # Strides that share no factor, so that every choice meets every other.
    return [
        Subscriber(
            id=f"reader-{number}",
            name=f"Reader {number}",
            email=f"reader-{number}@example.com",
            territories=territories[number % len(territories)],
            competitors=lists[number // len(territories) % len(lists)],
            sections=sections[number % len(sections)],
        )
        for number in range(count)
    ]


def measure(ship: Ship, week: Week, count: int) -> BriefFigures:
    """Compose and render the week's briefs for `count` invented subscribers; nothing is stored or sent."""
    readers = subscribers(ship, count)
    now = ship.clock.now()
    weekly = Weekly(desk_of(ship), week)
    start = time.perf_counter()
    if not (weekly.facts.articles and weekly.checks):
        raise SystemExit("bench.brief: the market holds nothing for this week; play the demo into it first")
    gathered = time.perf_counter()
    composed = [weekly.compose(reader, now) for reader in readers]
    made = time.perf_counter()
    for each in composed:
        render_brief(each.brief, ship.settings.market.zone)
    rendered = time.perf_counter()
    briefs = [each.brief for each in composed]
    verdict = verify(ship, [*_distinct(briefs).values(), *ship.ledger.briefs()])
    return BriefFigures(
        subscribers=count,
        distinct=len(_distinct(briefs)),
        claims=sum(len(part.claims) for brief in briefs for part in brief.sections),
        gather_seconds=gathered - start,
        compose_seconds=made - gathered,
        render_seconds=rendered - made,
        refused=sum(brief.coverage.refused for brief in briefs),
        verified_claims=verdict.claims,
        verified_quotes=verdict.quotes,
        broken=str(verdict.broken) if verdict.broken else None,
    )


def _distinct(briefs: Sequence[Brief]) -> dict[tuple[str, ...], Brief]:
    return {tuple(claim.key for part in brief.sections for claim in part.claims): brief for brief in briefs}


def run(market: Path | None, count: int) -> BriefFigures:
    """Measure on the finished demo in `market`; without one, play it first in a temporary folder."""
    from crowsnest.demo.calendar import RUN_TIMES, WEEKS

    with tempfile.TemporaryDirectory() as folder:
        place = market or Path(folder)
        if market is None:
            from crowsnest.demo.play import play

            play(place, progress=silent, say=lambda words: None)
        settings = load(place / "market.toml")
        clock = FixedClock(RUN_TIMES[-1] + timedelta(hours=1))
        with board(settings, clock=clock, alone=False) as ship:
            return measure(ship, Week.parse(WEEKS[-1], settings.market.zone), count)


COMMAND = "python -m bench.brief"


def table(figures: BriefFigures) -> Table:
    """Return the figures beside their targets."""
    share = f"{figures.gather_seconds:.1f} read, {figures.compose_seconds:.1f} composed, "
    share += f"{figures.render_seconds:.1f} rendered"
    held = "all hold" if figures.broken is None else figures.broken
    return Table(
        title="Briefs",
        command=COMMAND,
        columns=("what", "measured", "target"),
        rows=(
            (
                f"{figures.subscribers:,} subscribers' briefs, rendered",
                f"{figures.seconds:.1f} s",
                "<= 120 s",
            ),
            ("claims whose quotes and numbers hold", held, "100%"),
        ),
        note=f"{figures.distinct:,} distinct briefs with {figures.claims:,} claims: {share} seconds. Read "
        f"again in the archive: {figures.verified_claims:,} claims with {figures.verified_quotes:,} quotes. "
        f"The gate had refused {figures.refused:,}.",
    )


def tables() -> list[Table]:
    """Measure 1,000 subscribers on a demo played for it."""
    return [table(run(None, 1000))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit 1 when a claim does not hold or the briefs take longer than 120 seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--market", type=Path)
    options = parser.parse_args(arguments)
    figures = run(options.market, options.subscribers)
    sys.stdout.write(table(figures).markdown())
    return 0 if figures.broken is None and figures.seconds <= 120 else 1


if __name__ == "__main__":
    raise SystemExit(main())
