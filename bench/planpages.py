"""Plan pages scored slot by slot against labels set by hand: real pages, and our own recorded cases."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.frame import NOW, frame
from crawlers.readers import read_capture
from crawlers.readers.page import decode
from market.ids import slug
from market.records import Offer

CASES = Path(__file__).parents[1] / "tests" / "cases" / "plans"
CHECK = CASES.with_name("plans-check")
"""Pages by somebody who had not seen the reader; those of even numbers were developed on later."""
PRICES = ("monthly_cents", "promo_cents", "autopay_cents")
PLAN_SLOTS = (
    "plan_name",
    "segment",
    "technology",
    "down_mbps",
    "up_mbps",
    *PRICES,
    "promo_months",
    "contract_months",
    "quote_only",
    "data_cap_gb",
    "unlimited_data",
    "monthly_fees",
    "one_time_fees",
    "termination_cents",
)
"""The slots that are scored, in the order in which tables print them."""
BUNDLE_SLOTS = ("plan_name", "bundled_with", "monthly_cents", "promo_cents", "promo_months", "down_mbps")
"""The slots in which bundles are compared."""
CORE_SLOTS = ("monthly_cents", "promo_cents", "promo_months", "down_mbps", "up_mbps", "contract_months")
"""The price slots that the targets speak of."""
OPEN = "*"
"""A label's value where the page lets a careful reader say either: it is not scored."""
Slots = dict[str, Any]


@dataclass
class SlotTally:
    """How often one slot was read right, read wrongly or without being there (`false`), and `missed`."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, other: SlotTally) -> None:
        """Add another tally's counts."""
        self.right += other.right
        self.false += other.false
        self.missed += other.missed

    @property
    def precision(self) -> float:
        """The share of what was read that is right; 1 where nothing was read."""
        read = self.right + self.false
        return self.right / read if read else 1.0

    @property
    def recall(self) -> float:
        """The share of what was labelled that was read right; 1 where there was nothing to read."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there was nothing to read and nothing was."""
        both = 2 * self.right + self.false + self.missed
        return 2 * self.right / both if both else 1.0


@dataclass(frozen=True)
class Labelled:
    """A page with its offers as a person read them. Slots that `scored` does not name are not compared."""

    name: str
    url: str
    body: bytes
    offers: tuple[Slots, ...]
    scored: frozenset[str]
    bundles: tuple[Slots, ...] | None = None
    """Its bundles of internet with other services; None where nobody looked for them."""


def name_hash(name: str) -> str:
    """Return what a label keeps of a real plan's name: no text of a real page is stored."""
    return hashlib.sha256(slug(name).encode()).hexdigest()[:12]


def real_pages(folder: Path, labels: Path) -> Iterator[Labelled]:
    """Yield the real pages that are labelled; their plan names are hashed."""
    for line in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
        body = (folder / line["file"]).read_bytes()
        url = "https://plans.example/"
        yield Labelled(line["file"], url, body, tuple(line["offers"]), frozenset(PLAN_SLOTS))


def case_pages(folder: Path = CASES) -> Iterator[Labelled]:
    """Yield our recorded pages; a page is scored in the slots that its expectation names."""
    for path in sorted(folder.glob("*.html")):
        listed: list[Slots] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for offer in listed:
            if "plan_name" in offer:
                offer["plan_name"] = name_hash(offer["plan_name"])
        offers = [offer for offer in listed if "bundled_with" not in offer]
        bundles = tuple(offer for offer in listed if "bundled_with" in offer)
        named = {slot for offer in offers for slot in offer} or set(PLAN_SLOTS)
        for offer in offers:
            for slot in named - offer.keys():
                offer[slot] = OPEN
        scored = frozenset(named.intersection(PLAN_SLOTS))
        yield Labelled(path.stem, case_url(path.stem), path.read_bytes(), tuple(offers), scored, bundles)


def check_pages(folder: Path = CHECK) -> Iterator[Labelled]:
    """Yield the pages of odd numbers, which no rule was written on; labels also say what else is right."""
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        if int(re.sub(r"\D", "", line["file"])) % 2 == 0:
            continue
        offers = [offer | {"optional": False} for offer in line["offers"]]
        offers += [offer | {"optional": True} for offer in line["optional"]]
        for offer in offers:
            offer["plan_name"] = name_hash(offer.get("plan_name", ""))
            offer["page_fees"] = line["page_fees"]
            names = offer.get("accept", {}).get("plan_name", [])
            if names:
                offer["accept"]["plan_name"] = [name and name_hash(name) for name in names]
        scored = frozenset(PLAN_SLOTS) - {"unlimited_data", "termination_cents"}
        yield Labelled(line["file"], line["url"], (folder / line["file"]).read_bytes(), tuple(offers), scored)


def case_url(name: str) -> str:
    """Return the address under which a recorded case is read; its words must not tell the answer."""
    return f"https://www.acme-fiber.example/{len(name)}"


def slots_of(offer: Offer) -> Slots:
    """Return an offer's slots as labels write them: fees by their amounts, what is unknown left out."""
    values: Slots = {}
    for slot in PLAN_SLOTS:
        value = getattr(offer, slot)
        if slot.endswith("_fees"):
            value = sorted({fee.cents for fee in value if fee.cents})
        if not _says_nothing(value):
            values[slot] = name_hash(value) if slot == "plan_name" else value
    return values


def _plain(offer: Slots) -> Slots:
    """Return a label without the slots that say "nothing there"."""
    kept = {slot: sorted(set(v) - {0}) if isinstance(v, list) else v for slot, v in offer.items()}
    return {slot: value for slot, value in kept.items() if not _says_nothing(value)}


def _says_nothing(value: Any) -> bool:
    # A contract of 0 months is told, and equals False.
    return value is None or value is False or value in ("unknown", [])


def align(wanted: Sequence[Slots], found: Sequence[Slots]) -> list[tuple[Slots, Slots]]:
    """Pair labelled offers with those read, one to one, most equal slots first, then in page order.

    What stays over is paired with an empty offer, so that all of its slots count as missed or false.
    """
    ranked = sorted(
        (-sum(found[b].get(slot) == value for slot, value in wanted[a].items()), a, b)
        for a in range(len(wanted))
        for b in range(len(found))
    )
    left, right = set(range(len(wanted))), set(range(len(found)))
    pairs: list[tuple[Slots, Slots]] = []
    for score, a, b in ranked:
        if a in left and b in right and score < 0:
            pairs.append((wanted[a], found[b]))
            left.remove(a)
            right.remove(b)
    return [*pairs, *((wanted[a], {}) for a in sorted(left)), *(({}, found[b]) for b in sorted(right))]


def read_page(page: Labelled) -> list[Offer]:
    """Return the offers that the reader finds on a labelled page."""
    capture, source = frame("offers", page.url)
    found = read_capture(capture, page.body, source, NOW).records
    return [record for record in found if isinstance(record, Offer)]


def mistakes(page: Labelled, offers: Sequence[Offer]) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield (slot, "right", "false", "wrong" or "missed", wanted, read) of every scored slot of a page."""
    wanted = [_plain(offer) for offer in page.offers]
    plans = [slots_of(offer) for offer in offers if not offer.bundled_with]
    for want, got in align(wanted, plans):
        for slot in PLAN_SLOTS:
            expected, read = want.get(slot), got.get(slot)
            if slot not in page.scored or expected == OPEN or expected == read is None:
                continue
            if want.get("optional") or (expected != read and _is_accepted(want, slot, read)):
                continue
            kind = (
                "right"
                if expected == read
                else "missed"
                if read is None
                else "false"
                if expected is None
                else "wrong"
            )
            yield slot, kind, expected, read


def bundle_tally(page: Labelled, offers: Sequence[Offer]) -> SlotTally:
    """Return how many bundles were read right (in all BUNDLE_SLOTS that the label names), read wrongly or
    without being there, and missed; nothing for a page on which nobody looked for them.
    """
    if page.bundles is None:
        return SlotTally()
    found = [
        slots_of(offer) | {"bundled_with": list(offer.bundled_with)} for offer in offers if offer.bundled_with
    ]
    left, right = list(found), 0
    for want in page.bundles:
        named = [slot for slot in BUNDLE_SLOTS if slot in want]
        same = next((each for each in left if all(each.get(slot) == want[slot] for slot in named)), None)
        if same is not None:
            left.remove(same)
            right += 1
    return SlotTally(right, len(left), len(page.bundles) - right)


def _is_accepted(want: Slots, slot: str, read: Any) -> bool:
    """Tell whether a label says that this reading of a slot is right beside its own value."""
    if slot.endswith("_fees"):
        # Fees said once for the page may stand with each plan.
        return bool(read) and set(read) - set(want.get("page_fees", ())) == set(want.get(slot, ()))
    accepted = want.get("accept", {}).get(slot, ())
    return read in accepted or (read is None and "unknown" in accepted)


def invented(page: Labelled, offers: Sequence[Offer]) -> int:
    """Return how many prices have digits that do not stand in the page."""
    text = decode(page.body)
    # Prices may be parted by tags, and may stand within one (a component's state).
    shown = re.sub(r"<[^>]*>|[\s.,]", "", text) + re.sub(r"[\s.,]", "", text)
    prices = [getattr(offer, slot) for offer in offers for slot in PRICES]
    return sum(str(cents // 100) not in shown for cents in prices if cents is not None)


def score(pages: Sequence[Labelled], target: str = "") -> list[dict[str, Any]]:
    """Score each slot over the pages: one line a slot, with precision, recall and F1, and the sums.

    `target` is what the F1 of the price slots should reach.
    """
    tallies = {slot: SlotTally() for slot in PLAN_SLOTS}
    made_up = offers_read = 0
    bundles = SlotTally()
    for page in pages:
        offers = read_page(page)
        offers_read += sum(not offer.bundled_with for offer in offers)
        bundles.add(bundle_tally(page, offers))
        made_up += invented(page, offers)
        for slot, kind, _, _ in mistakes(page, offers):
            tallies[slot].right += kind == "right"
            tallies[slot].false += kind in ("false", "wrong")
            tallies[slot].missed += kind in ("missed", "wrong")
    core, whole = SlotTally(), SlotTally()
    for slot, tally in tallies.items():
        whole.add(tally)
        if slot in CORE_SLOTS:
            core.add(tally)
    table = [
        {
            "name": name,
            "F1": round(tally.f1, 3),
            "P": round(tally.precision, 3),
            "R": round(tally.recall, 3),
            **vars(tally),
        }
        for name, tally in (
            *tallies.items(),
            ("bundles", bundles),
            ("price slots", core),
            ("all slots", whole),
        )
        if name != "bundles" or any(page.bundles is not None for page in pages)
    ]
    table[-2]["target"] = f"F1 {target}" if target else ""
    counts = {"pages": len(pages), "offers read": offers_read}
    table.extend({"name": name, "right": count} for name, count in counts.items())
    return [*table, {"name": "invented prices", "right": made_up, "target": "0"}]
