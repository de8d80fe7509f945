"""Label files of the check set, row by row and slot by slot against labels set by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.frame import NOW, frame
from bench.planpages import SlotTally
from crawlers.readers import read_capture
from market.ids import slug
from market.records import Offer

CHECK = Path(__file__).parents[1] / "tests" / "cases" / "labels-check"
SLOTS = (
    "plan_name",
    "segment",
    "technology",
    "down_mbps",
    "up_mbps",
    "monthly_cents",
    "promo_cents",
    "promo_months",
    "contract_months",
    "data_cap_gb",
    "fees",
)


def label_slots(folder: Path = CHECK) -> list[dict[str, Any]]:
    """Return one line a slot with precision, recall and F1, and how many well-formed rows gave an offer."""
    tallies = {slot: SlotTally() for slot in SLOTS}
    rows = read = 0
    for line in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        offers = _read(folder / line["file"])
        found = [(offer.source_row, _slots(offer)) for offer in offers]
        rows += len(line["offers"])
        for want, got in _pairs(line["offers"], found):
            read += got is not None
            for slot in SLOTS:
                _count(tallies[slot], want, slot, (got or {}).get(slot))
    whole = SlotTally()
    for tally in tallies.values():
        whole.add(tally)
    table = [
        {"name": name, "F1": round(t.f1, 3), "P": round(t.precision, 3), "R": round(t.recall, 3), **vars(t)}
        for name, t in (*tallies.items(), ("all slots", whole))
    ]
    table[-1]["target"] = "P >= 0.98"
    share = {"name": "offers of well-formed rows read", "right": read, "missed": rows - read}
    return [*table, share | {"R": round(read / rows, 3), "target": "R >= 0.99"}]


def _read(path: Path) -> list[Offer]:
    capture, source = frame("labels", f"https://labels.example/{path.name}")
    found = read_capture(capture, path.read_bytes(), source, NOW).records
    return [record for record in found if isinstance(record, Offer)]


def _slots(offer: Offer) -> dict[str, Any]:
    values = {slot: getattr(offer, slot) for slot in SLOTS[:-1]}
    fees = {fee.cents for fee in (*offer.monthly_fees, *offer.one_time_fees) if fee.cents}
    return {slot: value for slot, value in values.items() if value not in (None, "unknown")} | {
        "fees": sorted(fees)
    }


def _pairs(
    wanted: Sequence[dict[str, Any]], found: Sequence[tuple[int | None, dict[str, Any]]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Pair each label with an offer of its row, or of its name where the label has no row."""
    left = list(found)
    for want in wanted:
        fits = [
            pair
            for pair in left
            if (want.get("row") in (None, pair[0]))
            and _same("plan_name", want.get("plan_name"), pair[1].get("plan_name"))
        ] or [pair for pair in left if want.get("row") is not None and want["row"] == pair[0]]
        best = max(fits, key=lambda pair: sum(want.get(s) == v for s, v in pair[1].items()), default=None)
        if best is not None:
            left.remove(best)
        yield want, best[1] if best else None


def _same(slot: str, want: Any, got: Any) -> bool:
    if slot == "plan_name" and want and got:
        return slug(want) == slug(got)
    return bool(want == got)


def _count(tally: SlotTally, want: dict[str, Any], slot: str, got: Any) -> None:
    if slot == "fees":
        wanted, read = set(want["fees"]), set(got or ())
        tally.add(SlotTally(len(wanted & read), len(read - wanted), len(wanted - read)))
        return
    expected, accepted = want.get(slot), want.get("accept", {}).get(slot, ())
    expected = None if expected == "unknown" else expected
    if expected is None and got is None:
        return
    if _same(slot, expected, got):
        tally.right += 1
    elif got not in accepted and not (got is None and "unknown" in accepted):
        tally.false += got is not None
        tally.missed += expected is not None
