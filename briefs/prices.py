"""Price moves that reach a reader: one line a move, however many plans and pages tell it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from briefs.changes import PriceChange
from briefs.desk import Desk
from briefs.gather import WeekFacts
from briefs.price_words import price_claim
from briefs.reach import Reach
from market.records import Claim

_KIND_ORDER = (
    "rise",
    "fee",
    "fall",
    "promo",
    "new",
    "withdrawn",
    "on-request",
    "published",
    "reappeared",
    "renamed",
)


def price_claims(desk: Desk, facts: WeekFacts, reach: Reach, rivals: Collection[str]) -> list[Claim]:
    """Return the claims of the price changes of `rivals` that hold in reach, the weightiest first."""
    wanted = [
        change
        for change in facts.prices
        if change.offer.company in rivals and reach.market(change.offer.market) != "elsewhere"
    ]
    found = [
        (group[0], price_claim(group, desk.lexicon.name(group[0].offer.company), facts.pages, desk.zone))
        for group in _by_move(wanted)
    ]
    found.sort(key=lambda pair: (_KIND_ORDER.index(pair[0].move.kind), -_size(pair[1]), pair[1].text))
    return _told_once([claim for _, claim in found])


def latest_first(claims: Sequence[Claim]) -> list[Claim]:
    """Return price claims by the day of the page that shows the change, the latest first."""
    return sorted(claims, key=lambda claim: claim.citations[-1].on, reverse=True)


def _by_move(changes: Sequence[PriceChange]) -> list[list[PriceChange]]:
    """Put together one fee's same move on several plans of one page; every other change stands alone."""
    groups: dict[tuple[object, ...], list[PriceChange]] = {}
    for number, change in enumerate(changes):
        key: tuple[object, ...] = (number,)
        move, offer = change.move, change.offer
        if move.kind == "fee":
            figures = (move.before_cents, move.after_cents, move.unit)
            kind = (offer.company, offer.segment, offer.bundled_with, offer.market)
            key = (move.seen_capture, *kind, move.what, *figures)
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def _told_once(claims: Sequence[Claim]) -> list[Claim]:
    """Fold claims of one sentence (a plan page and a label file both show the move) into the first."""
    told: dict[str, Claim] = {}
    for claim in claims:
        first = told.get(claim.text)
        if first is None:
            told[claim.text] = claim
            continue
        update = {
            "evidence": tuple(dict.fromkeys((*first.evidence, *claim.evidence))),
            "citations": tuple(dict.fromkeys((*first.citations, *claim.citations))),
            "record_ids": tuple(dict.fromkeys((*first.record_ids, *claim.record_ids))),
            "detail": "; ".join(dict.fromkeys((first.detail, claim.detail))),
        }
        told[claim.text] = first.model_copy(update=update)
    return list(told.values())


def _size(claim: Claim) -> float:
    move = claim.move
    if move is None or not move.before_cents or move.after_cents is None:
        return 0.0
    return abs(move.after_cents - move.before_cents) / move.before_cents
