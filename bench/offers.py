"""How well prices in prose are found, slot by slot, on labelled texts.

The comparison is that of bench/slots.py: offers pair one to one so that most slots agree; a report without a
partner costs all its slots unless the labels let it be told or left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from bench.slots import Identity, Score
from nlp.tag import TagResult

PRICE_SLOTS = ("monthly_cents", "promo_cents", "promo_months", "down_mbps", "up_mbps")
OFFER_SLOTS = ("company", *PRICE_SLOTS)


def score_offers(result: TagResult, gold: Mapping[str, Any], identity: Identity) -> Score:
    """Compare the offers that an article tells with its labels by the best one-to-one pairing.

    A label of the short form [company, cents] speaks of these two slots only.
    """
    labels = [_label(label) for label in gold.get("offers", ())]
    optional = gold.get("offers_optional") or ()
    reported = result.to_json()["offers"]
    # Greedily, the best agreement first: plans of one text differ by price, so that ties mean nothing.
    pairs = sorted(
        itertools.product(range(len(reported)), range(len(labels))),
        key=lambda pair: -_agreement(reported[pair[0]], labels[pair[1]], identity),
    )
    score, done, met = Score(), set(), set()
    for number, target in pairs:
        if number in done or target in met:
            continue
        if _agreement(reported[number], labels[target], identity) <= 0:
            continue
        done.add(number)
        met.add(target)
        score.add(_pair(reported[number], labels[target], identity))
    for number, offer in enumerate(reported):
        if number not in done and not _is_optional(offer, optional, identity):
            for slot in OFFER_SLOTS:
                score.wrong[slot] += offer[slot] is not None
    for target, label in enumerate(labels):
        if target not in met:
            for slot in OFFER_SLOTS:
                score.missed[slot] += label.get(slot) is not None
    return score


def _label(label: Any) -> Mapping[str, Any]:
    if isinstance(label, Mapping):
        return label
    company, cents = label
    return {"company": company, "monthly_cents": cents, "short": True}


def _pair(offer: Mapping[str, Any], label: Mapping[str, Any], identity: Identity) -> Score:
    score = Score()
    accept = label.get("accept", {})
    names = (label["company"], *accept.get("company", ()))
    if identity(offer["company_name"]) in {identity(name) for name in names}:
        score.right["company"] += 1
    else:
        score.wrong["company"] += 1
        score.missed["company"] += 1
    for slot in PRICE_SLOTS:
        if slot not in label:
            continue
        found, wanted, accepted = offer[slot], label[slot], accept.get(slot, ())
        if found is not None and (found == wanted or found in accepted):
            score.right[slot] += 1
        elif found is None:
            score.missed[slot] += wanted is not None and None not in accepted
        else:
            score.wrong[slot] += 1
            score.missed[slot] += wanted is not None and None not in accepted
    return score


def _agreement(offer: Mapping[str, Any], label: Mapping[str, Any], identity: Identity) -> int:
    score = _pair(offer, label, identity)
    same_price = {offer["monthly_cents"], offer["promo_cents"]} & {
        label.get("monthly_cents"),
        label.get("promo_cents"),
    } - {None}
    return 10 * bool(same_price) + sum(score.right.values()) - sum(score.wrong.values())


def _is_optional(offer: Mapping[str, Any], optional: Any, identity: Identity) -> bool:
    prices = {offer["monthly_cents"], offer["promo_cents"]} - {None}
    return any(
        identity(offer["company_name"]) == identity(item["company"]) and item["cents"] in prices
        for item in optional
    )
