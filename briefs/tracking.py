"""The price ledger: one source's plans followed from look to look, each with its history.

A reading that failed or found nothing says nothing about a plan (unseen); a difference that comes with a new
reader version is a correction of ours, not a change of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from briefs.changes import differences, move_of
from briefs.matching import match
from briefs.rules import ChangeRules, rules
from market.ids import digest
from market.records import Capture, Offer, PlanMove, PlanPoint, PlanSeries, PlanState, Reading
from market.records.plan import Standing

Observation = tuple[Capture, Reading | None, Sequence[Offer]]
"""One look at a source: the capture, its reading (None: never read) and the offers found."""

_OBSERVED = frozenset({"id", "capture_id", "source_row", "observed_at", "evidence"})
"""What differs between two observations of unchanged terms."""
_terms = attrgetter(*(name for name in Offer.model_fields if name not in _OBSERVED))


@dataclass
class Tracked:
    """A source's plans and how far its looks were followed."""

    plans: list[Series] = field(default_factory=list)
    state: PlanState | None = None


@dataclass
class Series:
    """One plan through time; `record` and `again` turn it into what the ledger keeps and back."""

    offer: Offer
    """The terms it was last seen with."""
    points: list[PlanPoint]
    moves: list[PlanMove] = field(default_factory=list)
    present: bool = True
    doubted: bool = False
    unreadable: int = 0
    touched: bool = True
    """False for a plan that has not changed since it was read from the ledger."""
    standing: Standing = "listed"

    @classmethod
    def first(cls, offer: Offer, capture: Capture, reading: Reading) -> Series:
        """Begin with the first look that shows the plan."""
        return cls(offer, [_point(offer, capture)], unreadable=_unreadable(reading))

    @classmethod
    def again(cls, kept: PlanSeries) -> Series:
        """Go on with what the ledger keeps."""
        return cls(
            offer=kept.offer,
            points=list(kept.points),
            moves=list(kept.moves),
            present=kept.present,
            doubted=kept.doubted,
            unreadable=kept.unreadable,
            touched=False,
            standing=kept.standing,
        )

    def record(self, source_id: str) -> PlanSeries:
        """Return what the ledger keeps."""
        return PlanSeries(
            id="p" + digest(source_id, self.points[0].offer_id)[:20],
            source_id=source_id,
            names=tuple(dict.fromkeys([*(point.plan_name for point in self.points), self.offer.plan_name])),
            standing=self.standing,
            first_seen=self.points[0].first_seen,
            last_seen=self.points[-1].last_seen,
            offer=self.offer,
            present=self.present,
            doubted=self.doubted,
            unreadable=self.unreadable,
            points=tuple(self.points),
            moves=tuple(self.moves),
        )

    def see(self, offer: Offer, capture: Capture, reading: Reading) -> None:
        """Take in a look that shows the plan."""
        if _terms(offer) == _terms(self.offer):
            self.seen_again(capture)
        else:
            self.points.append(_point(offer, capture))
            self.offer = offer
        self.present, self.doubted, self.unreadable, self.touched = True, False, _unreadable(reading), True

    def seen_again(self, capture: Capture) -> None:
        """Take in a look that shows the same terms again."""
        self.points[-1] = self.points[-1].model_copy(update={"last_seen": capture.fetched_at})
        self.touched = True


def track(
    observations: Iterable[Observation],
    limits: ChangeRules | None = None,
    *,
    plans: Iterable[PlanSeries] = (),
    state: PlanState | None = None,
) -> Tracked:
    """Follow the plans of one source through its looks, oldest first, from where `state` left them.

    The first whole look is where moves start from: it brings none.
    """
    limits = limits or rules().changes
    found = Tracked([Series.again(kept) for kept in plans], state)
    whole = True
    for capture, reading, offers in observations:
        whole = reading is not None and reading.outcome == "read" and not capture.truncated
        before = found.state
        if reading is not None and whole:
            if before is None or before.whole_at is None:
                found.plans = [Series.first(offer, capture, reading) for offer in offers]
            elif _is_as_before(found.plans, reading, before):
                for plan in found.plans:
                    if plan.points[-1].last_seen == before.whole_at:
                        plan.seen_again(capture)
            else:
                _step(found, capture, reading, before, offers, limits)
        found.state = _followed(before, capture, reading if whole else None)
    if found.state is not None:
        for plan in found.plans:
            shown = whole and plan.points[-1].last_seen == found.state.whole_at
            standing: Standing = "withdrawn" if not plan.present else "listed" if shown else "unseen"
            plan.touched = plan.touched or standing != plan.standing
            plan.standing = standing
    return found


def _is_as_before(plans: Iterable[Series], reading: Reading, before: PlanState) -> bool:
    """Tell whether a look repeats the last whole one and leaves nothing to decide: most looks do."""
    same = (reading.capture_id, reading.reader_version) == (before.whole_capture, before.reader_version)
    return same and not any(plan.doubted and plan.present for plan in plans)


def _followed(before: PlanState | None, capture: Capture, reading: Reading | None) -> PlanState:
    at = {"upto": capture.fetched_at, "upto_file": capture.warc_file, "upto_offset": capture.warc_offset}
    if reading is not None:
        at |= {
            "whole_at": capture.fetched_at,
            "whole_capture": reading.capture_id,
            "reader_version": reading.reader_version,
            "unreadable": _unreadable(reading),
        }
    if before is None:
        return PlanState.model_validate({"source_id": capture.source_id, **at})
    return before.model_copy(update=at)


def _step(
    found: Tracked,
    capture: Capture,
    reading: Reading,
    before: PlanState,
    offers: Sequence[Offer],
    limits: ChangeRules,
) -> None:
    """Bring the plans up to one whole look and note what changed, plan by plan."""
    corrects = reading.reader_version != before.reader_version

    def note(plan: Series, now: Iterable[PlanMove]) -> None:
        of_look = {"since": before.whole_at} | ({"kind": "correction"} if corrects else {})
        for move in now:
            plan.moves.append(move.model_copy(update=of_look))
            plan.touched = True

    present = [plan for plan in found.plans if plan.present]
    absent = [plan for plan in found.plans if not plan.present]
    pairs, gone, come = match([plan.offer for plan in present], offers)
    for index, offer in pairs:
        note(present[index], differences(present[index].offer, offer, capture))
        present[index].see(offer, capture, reading)
    for plan in _gone([present[index] for index in gone], len(present), reading, limits):
        note(plan, [move_of("withdrawn", plan.offer, None, capture)])
    back, _, fresh = match([plan.offer for plan in absent], come, exact=True)
    for index, offer in back:
        note(absent[index], [move_of("reappeared", absent[index].offer, offer, capture)])
        absent[index].see(offer, capture, reading)
    # Rows that could not be read last time may hold the plans that seem new now.
    are_new = len(fresh) > before.unreadable - _unreadable(reading)
    for offer in fresh:
        plan = Series.first(offer, capture, reading)
        found.plans.append(plan)
        if are_new:
            note(plan, [move_of("new", None, offer, capture)])


def _gone(gone: list[Series], known: int, reading: Reading, limits: ChangeRules) -> list[Series]:
    """Mark and return the plans withdrawn among those a reading lacks; the others stay, unseen."""
    # Rows that have become unreadable since may hold the plans that seem gone.
    if not gone or len(gone) <= _unreadable(reading) - min(plan.unreadable for plan in gone):
        return []
    fresh = [plan for plan in gone if not plan.doubted]
    if len(fresh) >= limits.vanish_least and len(gone) > limits.vanish_share * known:
        for plan in fresh:
            plan.doubted = plan.touched = True
        gone = [plan for plan in gone if plan not in fresh]
    for plan in gone:
        plan.present, plan.touched = False, True
    return gone


def _point(offer: Offer, capture: Capture) -> PlanPoint:
    return PlanPoint(
        first_seen=capture.fetched_at,
        last_seen=capture.fetched_at,
        offer_id=offer.id,
        capture_id=offer.capture_id,
        plan_name=offer.plan_name,
        monthly_cents=offer.monthly_cents,
        promo_cents=offer.promo_cents,
        promo_months=offer.promo_months,
        autopay_cents=offer.autopay_cents,
        quote_only=offer.quote_only,
        price_from=offer.price_from,
    )


def _unreadable(reading: Reading) -> int:
    return reading.counts.get("rows_reported", 0)
