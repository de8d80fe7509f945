"""How figures and kinds are written for a reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from market.records import Offer, PlanMove, PlanPoint

_SEGMENTS = {"unknown": "segment not stated"}
_STAGES = {"construction": "under construction"}
_TOPICS = {"m&a": "M&A"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_TECHNOLOGIES = {"hfc": "cable (HFC)", "dsl": "DSL"}


def monthly(cents: int) -> str:
    """Return a monthly price as price lists write it, with its cents: "$60.00"."""
    return f"${cents / 100:,.2f}"


def price_terms(point: PlanPoint) -> str:
    """Return what a plan costs a month and on what terms: "$49.99 for 12 months, then $69.99" and so on;
    "from $49.00" where its page gives the price as the lowest of several.
    """
    terms = _terms(point)
    return f"from {terms}" if point.price_from and point.entry_cents is not None else terms


def _terms(point: PlanPoint) -> str:
    regular = monthly(point.monthly_cents) if point.monthly_cents is not None else ""
    if point.promo_cents is not None:
        months = f" for {point.promo_months} months" if point.promo_months else " on promotion"
        then = f", then {regular}" if regular else ", regular price not published"
        return f"{monthly(point.promo_cents)}{months}{then}"
    if regular:
        return regular
    if point.autopay_cents is not None:
        return f"{monthly(point.autopay_cents)} with AutoPay only"
    return "on request" if point.quote_only else "none published"


def move_words(move: PlanMove) -> str:
    """Return a move as a history tells it: "fee, Modem rental $10.00 to $15.00", "promo, ... $39.99"."""
    cents = (move.before_cents, move.after_cents)
    was, now = (move.before_words, move.after_words) if move.before_words else map(_money, cents)
    if was and now and was != now:
        return f"{move.kind}, {move.what} {was} to {now}"
    known = was or now
    return f"{move.kind}, {move.what}{f' {known}' if known else ''}"


def _money(cents: int | None) -> str:
    return "" if cents is None else monthly(cents)


def mbps(low: float | None, high: float | None = None) -> str:
    """Return a speed or a range of them without its unit: "500", "67–622", "up to 500"; "" for none."""
    if low is None:
        return "" if high is None else f"up to {high:g}"
    return f"{low:g}" if high in (None, low) else f"{low:g}–{high:g}"


def segment_label(segment: str) -> str:
    """Return the segment as shown to a reader."""
    return _SEGMENTS.get(segment, segment)


def technology_label(technology: str) -> str:
    """Return the technology as shown to a reader, "" when it is unknown."""
    return "" if technology == "unknown" else _TECHNOLOGIES.get(technology, technology)


def stage_label(stage: str) -> str:
    """Return a build's stage as shown to a reader: "under construction"."""
    return _STAGES.get(stage, stage)


def topic_label(topic: str) -> str:
    """Return a topic as shown to a reader: "M&A", "Pricing"."""
    return _TOPICS.get(topic, topic[:1].upper() + topic[1:])


def market_label(market: Sequence[str]) -> str:
    """Return where a price holds, in words."""
    if not market:
        return "market not stated"
    if any(name.upper() in ("US", "USA") for name in market):
        return "nationwide"
    return "; ".join(market)


def offer_detail(offer: Offer) -> str:
    """Return "residential · fiber · Greenville, SC"."""
    parts = (segment_label(offer.segment), technology_label(offer.technology), market_label(offer.market))
    return " · ".join(part for part in parts if part)


def clean(text: str) -> str:
    """Return text without characters that neither XML nor a mail may carry."""
    return _CONTROL.sub("", text)


def day_words(day: date, year: bool = True) -> str:
    """Return "Nov 16, 2026"."""
    return f"{day:%b} {day.day}, {day.year}" if year else f"{day:%b} {day.day}"


def counted(number: int, one: str, many: str) -> str:
    """Return "1 build" or "2 builds"."""
    return f"{number} {one if number == 1 else many}"
