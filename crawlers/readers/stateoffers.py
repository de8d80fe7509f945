"""Offers in a page's embedded state (`__NEXT_DATA__`, `window.X = {...}`): objects with a plan's keys."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from crawlers.readers.labeljson import quote_of
from crawlers.readers.page import Page, walk_json
from crawlers.readers.visible import words
from market.ids import offer_id, slug
from market.records import Evidence, JsonPointer, Offer
from market.units import SPEED_UNIT, Span, parse_money, parse_speed, parse_term

MAX_DEPTH = 24
"""Levels of nesting that are looked at; a page builder's state has some twenty."""
MAX_OFFERS = 200
"""A state with more plans is a catalogue of all regions, not what the page offers."""
MIN_BARE_MBPS = 10
"""A bare figure below may be gigabits."""
MAX_BARE_DOLLARS = 2_000
"""A bare whole number above may be cents."""

Slots = dict[str, tuple[str, Any]]


@cache
def _slot_of_key() -> dict[str, str]:
    with Path(__file__).with_name("stateoffers.toml").open("rb") as handle:
        table = tomllib.load(handle)["keys"]
    return {key: slot for slot, keys in table.items() for key in keys}


def _plain(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())


def state_offers(page: Page, shared: dict[str, Any], reader: str, version: int) -> list[Offer]:
    """Return the internet plans in the page's state; none when it holds more than MAX_OFFERS."""
    found: dict[tuple[Any, ...], Offer] = {}
    for script in range(len(page.json_ld), len(page.json_scripts)):
        for pointer, node in walk_json(page.json_scripts[script], depth=12 - MAX_DEPTH):
            offer = _offer(script, pointer, node, (shared, reader, version))
            if offer is None:
                continue
            key = (offer.plan_name, offer.monthly_cents, offer.promo_cents, offer.down_mbps)
            found.setdefault(key, offer)
            if len(found) > MAX_OFFERS:
                return []
    return list(found.values())


def _slots(node: dict[str, Any]) -> Slots:
    """Return each slot with the pointer below the object and the value; "price": {"amount": 50} is opened."""
    slots: Slots = {}
    for key, value in node.items():
        slot = _slot_of_key().get(_plain(key))
        if slot is None or slot in slots:
            continue
        step = key.replace("~", "~0").replace("/", "~1")
        if isinstance(value, dict):
            inner = [
                each for each in value if _plain(each) in ("amount", "value", "price", "current", "mbps")
            ]
            if len(inner) == 1 and not isinstance(value[inner[0]], dict | list):
                slots[slot] = (f"{step}/{inner[0]}", value[inner[0]])
        elif not isinstance(value, list | bool) and value not in (None, ""):
            slots[slot] = (step, value)
    return slots


def _offer(
    script: int, pointer: str, node: dict[str, Any], frame: tuple[dict[str, Any], str, int]
) -> Offer | None:
    shared, reader, version = frame
    slots = _slots(node)
    if "name" not in slots or not {"price", "promo", "regular", "autopay"} & set(slots):
        return None
    name, patterns = " ".join(str(slots["name"][1]).split())[:200], words()["patterns"]
    down, up = _speed(slots, "down"), _speed(slots, "up")
    if re.search(r"year|annual|week|day", str(slots.get("period", ("", ""))[1]), re.IGNORECASE):
        return None
    internet = down is not None or patterns["internet"].search(name)
    if not internet or patterns["tv_or_phone"].search(name) or patterns["bundle"].search(name):
        return None
    values = _prices(slots)
    if not values:
        return None
    if down is not None:
        values.update(down_mbps=down.low, down_mbps_max=down.high)
    if up is not None:
        values.update(up_mbps=up.low, up_mbps_max=up.high)
    for slot, target in (("promo_months", "promo_months"), ("contract", "contract_months")):
        months = parse_term(str(slots[slot][1])) if slot in slots else None
        if months is not None and (months or slot == "contract"):
            values[target] = months
    plan_key = slug(name) or "plan"
    ident = offer_id(shared["capture_id"], f"state {script}{pointer}", plan_key, "unknown")
    technology = next(
        (each["name"] for each in words()["technology"] if each["words"].search(name)), "unknown"
    )
    origin = {"plan_name": "name", "down_mbps": "down", "up_mbps": "up", "contract_months": "contract"}
    origin["promo_months"] = "promo_months"
    origin.update(values.pop("origin"))
    evidence = tuple(
        Evidence(
            capture_id=shared["capture_id"],
            record_id=ident,
            slot=target,
            quote=quote_of(slots[slot][1]),
            where=JsonPointer(script=script, pointer=f"{pointer}/{slots[slot][0]}"),
            reader=reader,
            reader_version=version,
        )
        for target, slot in origin.items()
        if target == "plan_name" or target in values
    )
    return Offer(
        id=ident,
        plan_key=plan_key,
        plan_name=name,
        technology=technology,
        evidence=evidence,
        **shared,
        **values,
    )


def _prices(slots: Slots) -> dict[str, Any]:
    """Return the price slots and, as "origin", the slot each was read from; {} without a price."""
    cents = {slot: _cents(slots, slot) for slot in ("price", "promo", "regular", "autopay")}
    price, promo, regular = cents["price"], cents["promo"], cents["regular"]
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    if promo is None and price is not None and regular is not None and regular > price:
        values, origin = {"promo_cents": price, "monthly_cents": regular}, {
            "promo_cents": "price", "monthly_cents": "regular",
        }  # fmt: skip
    else:
        base = "regular" if regular is not None else "price"
        if cents[base] is not None:
            values["monthly_cents"], origin["monthly_cents"] = cents[base], base
        if promo is not None and promo != cents[base]:
            values["promo_cents"], origin["promo_cents"] = promo, "promo"
    if cents["autopay"] is not None:
        values["autopay_cents"], origin["autopay_cents"] = cents["autopay"], "autopay"
    if not values:
        return {}
    first = next(iter(origin.values()))
    return {**values, "price_raw": quote_of(slots[first][1]), "origin": origin}


def _cents(slots: Slots, slot: str) -> int | None:
    if slot not in slots:
        return None
    value = slots[slot][1]
    if isinstance(value, int) and value > MAX_BARE_DOLLARS:
        return None
    money = parse_money(str(value))
    return money.cents if money is not None and money.cents_max is None and money.cents else None


def _speed(slots: Slots, slot: str) -> Span | None:
    if slot not in slots:
        return None
    key, value = slots[slot]
    unit = str(slots.get("speed_unit", ("", ""))[1]).strip()
    if unit:
        return parse_speed(str(value), default_unit=unit) if re.fullmatch(SPEED_UNIT, unit, re.I) else None
    speed = parse_speed(str(value), default_unit="Mbps")
    bare = bool(re.fullmatch(r"[\d.]+", str(value).strip()))
    if speed is None or (bare and speed.low < MIN_BARE_MBPS and "mbps" not in key.lower()):
        return None
    return speed
