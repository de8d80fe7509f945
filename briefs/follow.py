"""Bringing the price ledger up to the observations: each source goes on from where it was left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from briefs.tracking import track
from index.ledger import Ledger
from market.records import Issue, PlanPoint, PlanSeries, Source


@dataclass
class Followed:
    """What following brought."""

    plans: int = 0
    """How many plans came, changed or went; one that was merely seen again does not count."""
    corrections: list[Issue] = field(default_factory=list)
    """One for each source whose pages a new reader version reads differently."""


def follow_plans(
    ledger: Ledger, sources: Iterable[Source], progress: Callable[[str, int, int], None] | None = None
) -> Followed:
    """Follow the looks that are new since the last time. Doing it again changes nothing.

    A source one of whose looks was read anew is followed from its start: what the new reading says otherwise
    is a correction, and no change of price.
    """
    chosen = [source for source in sources if source.kind != "feed"]
    followed = Followed()
    for number, source in enumerate(chosen, 1):
        state = ledger.plan_state(source.id)
        looks = ledger.observations(source.id, after=state)
        if looks:
            kept = ledger.plans([source.id], corrected=False)
            found = track(looks, plans=kept if state else (), state=state)
            changed = [plan.record(source.id) for plan in found.plans if plan.touched]
            if found.state is not None:
                ledger.put_plans(found.state, changed, anew=state is None)
            before = {plan.id: _weight(plan) for plan in kept}
            followed.plans += sum(before.get(plan.id) != _weight(plan) for plan in changed)
            if state is None and kept and (wrong := _corrected(kept, changed)):
                followed.corrections.append(_issue(source, wrong))
        if progress is not None:
            progress("following prices", number, len(chosen))
    return followed


def _weight(plan: PlanSeries) -> tuple[int, int, str]:
    return len(plan.points), len(plan.moves), plan.standing


def _corrected(before: Sequence[PlanSeries], after: Sequence[PlanSeries]) -> list[str]:
    """Return the names of plans whose kept terms a new reading of the same pages does not bear out."""
    now = {_told(plan, point) for plan in after for point in plan.points}
    told = (point.plan_name for plan in before for point in plan.points if _told(plan, point) not in now)
    return list(dict.fromkeys(told))


def _told(plan: PlanSeries, point: PlanPoint) -> tuple[object, ...]:
    """What a capture is said to show of a plan: pages print two plans of one name, alone and in a bundle."""
    return (point.capture_id, point.plan_name, plan.offer.bundled_with, point.entry_cents)


def _issue(source: Source, wrong: Sequence[str]) -> Issue:
    names = ", ".join(wrong[:5]) + (" and others" if len(wrong) > 5 else "")
    return Issue(
        stage="read",
        code="prices-corrected",
        level="info",
        source_id=source.id,
        url=source.url,
        message=f"read anew, its pages say otherwise of {names}; the price history is corrected, and no "
        "change of price is told for it",
        data={"plans": list(wrong)},
    )
