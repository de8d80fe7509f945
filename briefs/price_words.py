"""What is said of a price, by template: each figure stands in a quote of the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from briefs.changes import AUTOPAY, LIST, PROMO, TERMINATION, PriceChange
from briefs.charts import price_chart
from briefs.claims import figures
from briefs.wording import monthly, offer_detail
from market.ids import digest, slug
from market.records import Citation, Claim, Evidence, Move, Offer
from market.services import plan_label


def slot_evidence(offer: Offer | None, *slots: str) -> list[Evidence]:
    """Return the offer's evidence for slots; "monthly_fees" also takes "monthly_fees[0]"."""
    if offer is None:
        return []
    wanted = tuple(slots)
    return [item for item in offer.evidence if _slot(item) in wanted]


def _slot(item: Evidence) -> str:
    """Return the slot without its place in a list: "monthly_fees" of "monthly_fees[0]"."""
    return re.split(r"[\[./:]", item.slot)[0]


_SLOTS = {LIST: "monthly_cents", AUTOPAY: "autopay_cents", PROMO: "promo_cents"}
_CONDITIONS = {AUTOPAY: " with AutoPay", PROMO: " on promotion"}
_SPEEDS = ("down_mbps", "down_mbps_max", "up_mbps", "up_mbps_max")
_LISTED = ("price_from", "monthly_cents", "autopay_cents", "promo_cents", "promo_months", "segment", *_SPEEDS)
"""What a sheet prints of a plan beside its name."""
_CHARTED = ("rise", "fall", "promo", "reappeared")
_MOST_PLANS = 3
"""A fee that moved on more plans than these names the first of them only."""


def price_claim(
    changes: Sequence[PriceChange], company: str, pages: Mapping[str, Citation], zone: tzinfo
) -> Claim:
    """Return the claim of a price change; `pages` holds the citation of each capture involved.

    Several changes are one fee's move on several plans of one page: the sentence names the plans, the first
    change gives the figures. Days of the chart are those of `zone`.
    """
    change = changes[0]
    move, before, after, offer = change.move, change.before, change.after, change.offer
    text, slots = _price_text(change, company, _plans(changes))
    evidence = [
        item
        for each in changes[:_MOST_PLANS]
        for side in (each.before, each.after)
        for item in slot_evidence(side, *name_slots(side), *slots, "price_from", "segment")
    ]
    evidence = _needed(evidence, text)
    captures = [side.capture_id for each in changes for side in (each.before, each.after) if side]
    # A withdrawn plan is proved by where it stood last; the page that lacks it has no words to quote.
    captures.append(move.seen_capture)
    detail = offer_detail(offer) + (f" · on {len(changes)} plans" if len(changes) > 1 else "")
    plan = (offer.source_id, offer.company, slug(offer.plan_name), offer.segment, offer.technology)
    told = (move.kind, slug(move.what), move.before_cents, move.after_cents, move.seen_capture)
    return Claim(
        text=text,
        evidence=tuple(evidence),
        kind="price",
        company=offer.company,
        record_ids=tuple(side.id for each in changes for side in (each.before, each.after) if side),
        key="price:" + digest(*plan, *offer.bundled_with, *told),
        detail=detail,
        citations=tuple(pages[capture] for capture in dict.fromkeys(captures) if capture in pages),
        move=Move(
            kind=move.kind,
            what=move.what,
            before_cents=move.before_cents,
            after_cents=move.after_cents,
            before_capture=before.capture_id if before else None,
            after_capture=after.capture_id if after else None,
        ),
        chart=price_chart(f"{company} {plan_label(offer)}", change.history, zone)
        if move.kind in _CHARTED
        else None,
    )


def list_price_claim(offer: Offer, company: str, page: Citation) -> Claim:
    """Return the claim that a plan is listed at its price: regular, with autopay, and on promotion."""
    least = "from" if offer.price_from else "at"
    text = f"{company} lists {plan_label(offer)} {least} {_listed(offer)}."
    return Claim(
        text=text,
        evidence=tuple(_needed(slot_evidence(offer, *name_slots(offer), *_LISTED), text)),
        kind="price",
        company=offer.company,
        record_ids=(offer.id,),
        key=f"list:{offer.id}",
        detail=offer_detail(offer),
        citations=(page,),
    )


def _listed(offer: Offer) -> str:
    """Return "$49.99 a month for 12 months, then $79.99 a month" and the like."""
    regular = f"{monthly(offer.monthly_cents)} a month" if offer.monthly_cents is not None else ""
    autopay = f"{monthly(offer.autopay_cents)}" if offer.autopay_cents is not None else ""
    if offer.promo_cents is not None:
        months = f" for {offer.promo_months} months" if offer.promo_months else ""
        promo = f"{monthly(offer.promo_cents)} a month{months}"
        return f"{promo}, then {regular}" if regular else f"{promo} on promotion"
    if autopay and regular:
        return f"{regular}, {autopay} with AutoPay"
    return regular or (f"{autopay} a month with AutoPay" if autopay else "a price on request")


def name_slots(offer: Offer | None) -> tuple[str, ...]:
    """Return the slots whose words say which plan it is and what it holds.

    A label row without a plan name is called by its identifier.
    """
    by_id = offer is not None and offer.plan_name == offer.plan_id
    return ("plan_name", *(("plan_id",) if by_id else ()), "bundled_with")


def _needed(evidence: list[Evidence], text: str) -> list[Evidence]:
    """Return the evidence without fee lines that the sentence does not speak of, and without repeats."""
    kept: dict[tuple[str, str], Evidence] = {}
    values = {figure.value for figure in figures(text)}
    for item in evidence:
        fee = item.slot.startswith(("monthly_fees", "one_time_fees"))
        if fee and not values & {figure.value for figure in figures(item.quote)}:
            continue
        kept.setdefault((item.capture_id, item.quote), item)
    # The plan's name leads each page's quotes; within a page they keep the reader's order else.
    pages = list(dict.fromkeys(capture for capture, _ in kept))
    names = ("plan_name", "plan_id", "bundled_with")
    return sorted(kept.values(), key=lambda item: (pages.index(item.capture_id), _slot(item) not in names))


def _plans(changes: Sequence[PriceChange]) -> str:
    """Return the plans' names: "A, B and C", "A, B, C and others"."""
    names = list(dict.fromkeys(plan_label(change.offer) for change in changes))
    if len(names) > _MOST_PLANS:
        names = [*names[:_MOST_PLANS], "others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _price_text(change: PriceChange, company: str, plans: str) -> tuple[str, tuple[str, ...]]:
    """Return the sentence and the slots whose quotes carry its figures."""
    move, plan = change.move, plan_label(change.offer)
    old, new = move.before_cents, move.after_cents
    slot, condition = _SLOTS.get(move.what, ""), _CONDITIONS.get(move.what, "")
    if move.kind in ("rise", "fall") and old is not None and new is not None:
        verb = "raised" if move.kind == "rise" else "cut"
        what = plan if move.what == LIST else f"the {AUTOPAY} of {plan}"
        what = what.replace("autopay", "AutoPay")
        return f"{company} {verb} {what} from {monthly(old)} to {monthly(new)} a month.", (slot,)
    if move.kind == "promo":
        return _promo_text(change, company)
    if move.kind == "fee":
        return _fee_text(change, company, plans)
    least = "from" if change.after is not None and change.after.price_from else "at"
    price = "" if new is None else f" {least} {monthly(new)} a month{condition}"
    last = "" if old is None else f", last listed at {monthly(old)} a month{condition}"
    if move.kind == "new":
        on_request = ", price on request" if change.offer.quote_only else ""
        return f"{company} added {plan}{price or on_request}.", (slot,)
    if move.kind == "reappeared":
        return f"{company} lists {plan} again{price}.", (slot,)
    if move.kind == "on-request":
        return f"{company} no longer prints a price for {plan}{last}; it asks to be called.", (
            slot,
            "quote_only",
        )
    if move.kind == "published":
        return f"{company} now prints a price for {plan}{price.replace(' at ', ': ', 1)}.", (
            slot,
            "quote_only",
        )
    if move.kind == "renamed" and change.before is not None:
        stays = "" if new is None or new != old else f"; it stays{price}"
        return f"{company} renamed {change.before.plan_name} to {plan}{stays}.", (slot,)
    return f"{company} no longer lists {plan}{last}.", (slot,)


def _promo_text(change: PriceChange, company: str) -> tuple[str, tuple[str, ...]]:
    move, plan = change.move, plan_label(change.offer)
    old, new = move.before_cents, move.after_cents
    slots = ("promo_cents", "promo_months")
    months = change.after.promo_months if change.after else None
    term = f" for {months} months" if months else ""
    if new is None:
        was = "" if old is None else f" of {monthly(old)} a month"
        regular = change.after.monthly_cents if change.after else None
        now = "" if regular is None else f", which is {monthly(regular)} now"
        return f"{company} ended its promotional price{was} on {plan}{now}.", (*slots, "monthly_cents")
    if old is None:
        return f"{company} now promotes {plan} at {monthly(new)} a month{term}.", slots
    if old == new:
        return f"{company} changed the term of its {monthly(new)} promotion on {plan}, now{term}.", slots
    verb = "raised" if new > old else "cut"
    return (
        f"{company} {verb} the promotional price of {plan} from {monthly(old)} to {monthly(new)} a month.",
        slots,
    )


def _fee_text(change: PriceChange, company: str, plans: str) -> tuple[str, tuple[str, ...]]:
    move = change.move
    old, new = move.before_cents, move.after_cents
    slots: tuple[str, ...] = ("monthly_fees",)
    if move.unit != "a month":
        slots = ("termination_cents",) if move.what == TERMINATION else ("one_time_fees",)
    name = move.what if re.search(r"\bfees?$", move.what, re.I) else f"{move.what} fee"
    name = name[:1].lower() + name[1:] if name[1:].islower() else name
    unit = " a month" if move.unit == "a month" else ""
    if old is None and new is not None:
        return f"{company} now lists a {name} of {monthly(new)}{unit} on {plans}.", slots
    if new is None and old is not None:
        return f"{company} no longer lists the {name} of {monthly(old)}{unit} on {plans}.", slots
    verb = "raised" if (new or 0) > (old or 0) else "cut"
    text = f"{company} {verb} the {name} on {plans} from {monthly(old or 0)} to {monthly(new or 0)}{unit}"
    before, after = change.before, change.after
    alone = plans == plan_label(change.offer)
    if alone and before and after and before.monthly_cents and before.monthly_cents == after.monthly_cents:
        return f"{text}; its list price stays {monthly(after.monthly_cents)}.", (*slots, "monthly_cents")
    return f"{text}.", slots
