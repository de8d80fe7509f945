"""The price ledger at size: a million observations, one plan's history and a whole market's comparison."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.table import Table
from briefs.cost import cost_over
from briefs.desk import Desk
from briefs.follow import follow_plans
from briefs.pricebook import read_book
from index.ledger import Ledger
from market.companies.lexicon import Company, Lexicon
from market.ids import capture_id, offer_id
from market.places.gazetteer import Gazetteer
from market.records import Capture, Fee, Offer, Reading, Source

SOURCES, PLANS, LOOKS, EVERY = 20, 100, 500, 10
"""Price pages, plans on each, looks at each, and of how many looks one finds the page changed."""
FIRST = datetime(2024, 1, 1, 12, tzinfo=UTC)
ROUNDS = 21


def tables() -> list[Table]:
    """Fill a ledger on SQLite, follow it, and ask it."""
    folder = Path(tempfile.mkdtemp(prefix="crowsnest-prices-"))
    try:
        ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
        try:
            return [_measure(ledger)]
        finally:
            ledger.close()
    finally:
        shutil.rmtree(folder)


def _measure(ledger: Ledger) -> Table:
    ledger.migrate()
    sources = [_source(number) for number in range(SOURCES)]
    filled = _seconds(lambda: _fill(ledger, sources, range(LOOKS)))
    followed = _seconds(lambda: follow_plans(ledger, sources))
    one_more = _seconds(lambda: _fill(ledger, sources, [LOOKS]))
    again = _seconds(lambda: follow_plans(ledger, sources))
    desk = Desk(
        ledger=ledger,
        lexicon=Lexicon.load([Company(id=f"sample-{n}", name=f"Sample {n}") for n in range(SOURCES)]),
        gazetteer=Gazetteer.load(),
        market_name="Sample",
        zone=UTC,
        own_company="sample-0",
        sources=sources,
    )
    history = _median(lambda: read_book(desk, companies={"sample-7"}, plan="plan 42"))
    market = _median(
        lambda: [cost_over(plan.offer, 24) for plan in read_book(desk, listed_only=True, history=False)], 5
    )
    observations = SOURCES * PLANS * (LOOKS + 1)
    return Table(
        "Price ledger, SQLite",
        "python -m bench prices",
        ("what", "measured", "target"),
        (
            ("observations", f"{observations:,}", ">= 1,000,000"),
            ("one plan's history, median", f"{history * 1000:.1f} ms", "<= 20 ms"),
            (f"comparison of {SOURCES * PLANS:,} plans, median", f"{market * 1000:.0f} ms", "<= 500 ms"),
            ("filling the ledger", f"{filled:.0f} s", ""),
            ("following all looks from the start", f"{followed:.1f} s", ""),
            (f"one more look at {SOURCES} sources, then following", f"{one_more:.2f} + {again:.2f} s", ""),
        ),
    )


def _source(number: int) -> Source:
    return Source(id=f"sample-{number}", kind="page", url=f"https://sample-{number}.example/plans")


def _fill(ledger: Ledger, sources: Sequence[Source], looks: Iterable[int]) -> None:
    for number in looks:
        for source in sources:
            _look(ledger, source, number)


def _look(ledger: Ledger, source: Source, number: int) -> None:
    """One look; of `EVERY` looks the first finds the page changed, the others repeat it."""
    held = _capture(source, number - number % EVERY)
    if number % EVERY:
        ledger.capture(_capture(source, number).model_copy(update={"changed": False, "same_as": held.id}))
        return
    ledger.capture(held)
    read = Reading(
        capture_id=held.id,
        reader="offers",
        reader_version=1,
        outcome="read",
        records=PLANS,
        read_at=held.fetched_at,
    )
    ledger.record_reading(read, [_offer(held, plan, number) for plan in range(PLANS)], ())


def _capture(source: Source, number: int) -> Capture:
    file = f"{source.id}-{number:05}.warc.gz"
    return Capture(
        id=capture_id(file, 0),
        source_id=source.id,
        run_id=f"run-{number}",
        url=source.url,
        final_url=source.url,
        fetched_at=FIRST + timedelta(days=number),
        status=200,
        sha256=f"{number:064}",
        warc_file=file,
        warc_offset=0,
        changed=True,
        reader="offers",
    )


def _offer(held: Capture, plan: int, number: int) -> Offer:
    """A plan whose price rises now and then, not all plans at once."""
    cents = 3000 + 100 * plan + 500 * ((number + 7 * plan) // 120)
    return Offer(
        id=offer_id(held.id, str(plan), f"plan-{plan}", "fiber"),
        capture_id=held.id,
        source_id=held.source_id,
        company=held.source_id,
        plan_key=f"plan-{plan}",
        plan_name=f"Plan {plan}",
        segment="business" if plan % 2 else "residential",
        technology="fiber",
        down_mbps=float(50 * (plan + 1)),
        monthly_cents=cents,
        monthly_fees=(Fee(name="Modem rental", raw="$10.00", cents=1000),),
        market=("SC",),
        observed_at=held.fetched_at,
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    work()
    return statistics.median(_seconds(work) for _ in range(rounds))
