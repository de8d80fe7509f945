"""Offers in a page's embedded state (`__NEXT_DATA__`, `window.X = {...}`): objects with a plan's keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.readers.bundled import bundle_key, services_in
from crawlers.readers.embedded import escape_step, resolve_pointer, walk_json
from crawlers.readers.frame import Frame
from crawlers.readers.labeljsoncells import quote_of
from crawlers.readers.page import Page, Trouble
from crawlers.readers.statefees import Proof, shown, state_fees, state_sentences
from crawlers.readers.stateslots import PRICES, StateSlots, StateValue, has_name
from crawlers.readers.statewords import plain, vocabulary
from crawlers.readers.told import Proofs, Said, Told
from crawlers.readers.visible import words
from market.ids import offer_id, slug
from market.records import JsonPointer, Offer
from market.records.offer import Service
from market.units import SPEED_UNIT, Span, parse_data, parse_money, parse_speed, parse_term

MAX_DEPTH = 24
"""Levels of nesting that are looked at; a page builder's state has some twenty."""
MAX_OFFERS = 200
"""A state with more plans is a catalogue of all regions, not what the page offers."""
MAX_OBJECTS = 20_000
"""Objects of the state that are looked at."""
MIN_BARE_MBPS = 10
"""A bare figure below may be gigabits."""
MAX_BARE_DOLLARS = 2_000
"""A bare whole number above may be cents."""

Slots = dict[str, StateValue]
PRICE_SLOTS = ("monthly_cents", "promo_cents", "autopay_cents")
_BY_KEY = "a value of the page's state, by its key"
_KEYS = "the keys above it in the page's state"
_ISO_LENGTH = re.compile(r"P(\d{1,3})([MY])")


def state_offers(page: Page, frame: Frame, proofs: Proofs) -> tuple[list[tuple[str, Offer]], list[Trouble]]:
    """Return the internet plans and bundles in the page's state, each with the list or group it stands in,
    and what was too large to be read; none when it holds more than MAX_OFFERS plans or MAX_OBJECTS objects.
    """
    found: dict[tuple[Any, ...], tuple[str, Offer]] = {}
    looked = 0
    for script in range(len(page.json_ld), len(page.json_scripts)):
        document = page.json_scripts[script]
        for pointer, node in walk_json(document, depth=12 - MAX_DEPTH):
            looked += 1
            if looked > MAX_OBJECTS:
                return [], [_too_large(f"more than {MAX_OBJECTS:,} objects")]
            if not has_name(node):
                continue
            collected = StateSlots(document)
            collected.collect(node, pointer)
            if "name" not in collected.slots or not PRICES & set(collected.slots):
                continue
            offer = _StatePlan(script, pointer, collected, frame).offer(proofs)
            if offer is None:
                continue
            key = (offer.plan_name, offer.monthly_cents, offer.promo_cents, offer.down_mbps)
            found.setdefault(key, (f"{script}{pointer.rpartition('/')[0]}", offer))
            if len(found) > MAX_OFFERS:
                return [], [_too_large(f"more than {MAX_OFFERS} plans")]
    if not found and page.long_scripts:
        return [], [_too_large(f"a script of {page.long_scripts[0]:,} characters")]
    return list(found.values()), []


def _too_large(what: str) -> Trouble:
    return Trouble(
        "state-too-large",
        f"The state that the page keeps for its scripts holds {what} and was not read; point the source at a "
        "page for one place or at the provider's broadband labels.",
    )


class _StatePlan:
    """One object of the state on its way to an Offer."""

    def __init__(self, script: int, pointer: str, collected: StateSlots, frame: Frame) -> None:
        self._script, self._pointer, self._frame = script, pointer, frame
        self._collected, self._slots = collected, collected.slots
        self._name = shown(self._slots["name"].value)[:200]

    def offer(self, proofs: Proofs) -> Offer | None:
        """Return the offer; None when the object is no internet plan or states no price of a month."""
        slots, shared = self._slots, self._frame.shared
        period = str(slots["period"].value) if "period" in slots else ""
        if re.search(r"year|annual|week|day", period, re.IGNORECASE) or not self._name:
            return None
        values, proof = _prices(slots)
        if not values:
            return None
        values.update(self._terms(proof))
        added, told = state_sentences(self._collected, values)
        values.update(added)
        # A sentence may say what the price is; the price itself stands where it stood.
        priced = proof.get("promo_cents") or proof.get("monthly_cents")
        proof |= {slot: priced for slot in ("promo_cents", "autopay_cents") if priced and slot in added}
        proof.update(told)
        services = self._services()
        if services is None or not self._is_internet(values.get("down_mbps") is not None):
            return None
        fees, told = state_fees(self._collected)
        values.update(fees)
        proof.update(told)
        values["currency"] = self._frame.currency
        price = next((proof[slot] for slot in PRICE_SLOTS if slot in proof), None)
        if price is not None:
            proof["currency"] = price
        for number in range(len(services)):
            proof[f"bundled_with[{number}]"] = slots["name"]
        for slot in ("down_mbps", "up_mbps"):
            if slot in proof and values.get(f"{slot}_max") is not None:
                proof[f"{slot}_max"] = proof[slot]
        proof["plan_name"] = slots["name"]
        key = bundle_key(slug(self._name) or "plan", services)
        ident = offer_id(shared["capture_id"], f"state {self._script}{self._pointer}", key, "unknown")
        evidence = [
            proofs.evidence(ident, target, quote_of(value), JsonPointer(script=self._script, pointer=pointer))
            for target, found in proof.items()
            if "[" in target or target == "plan_name" or values.get(target) is not None
            for pointer, value in found.places()
        ]
        about = self._about()
        for slot, proved in about.items():
            evidence.extend(proofs.told(ident, slot, proved))
        return Offer(
            id=ident,
            plan_key=key,
            plan_name=self._name,
            bundled_with=services,
            evidence=tuple(evidence),
            **{**shared, **values, **{slot: told.value for slot, told in about.items()}},
        )

    def _about(self) -> dict[str, Told]:
        """Return what tells the segment and the technology: the plan's values, those around it, the page."""
        slots, around = self._slots, list(self._around())
        name = self._said(self._name, slots["name"].pointer, slots["name"].value)
        medium = Said("", _BY_KEY)
        if "technology" in slots:
            found = slots["technology"]
            medium = self._said(str(found.value), found.pointer, found.value)
        told = {"technology": self._frame.technology(name, medium, around)}
        segments = self._segments(around)
        told["segment"] = segments[0] if len(segments) == 1 else None
        return {slot: found for slot, found in told.items() if found is not None}

    def _said(self, text: str, pointer: str, value: Any) -> Said:
        return Said(text, _BY_KEY, pointer=(self._script, pointer, quote_of(value)))

    def _terms(self, proof: Proof) -> dict[str, Any]:
        """Return speeds, lengths and the data allowance; what proves each goes into `proof`."""
        slots = self._slots
        values: dict[str, Any] = {}
        for slot in ("down", "up"):
            speed = _speed(slots, slot)
            if speed is not None:
                values[f"{slot}_mbps"], values[f"{slot}_mbps_max"] = speed.low, speed.high
                proof[f"{slot}_mbps"] = slots[slot]
        if "symmetrical" in slots and "up_mbps" not in values and values.get("down_mbps_max", 0) is None:
            values["up_mbps"], proof["up_mbps"] = values["down_mbps"], slots["symmetrical"]
        length = "promo_months" if "promo_months" in slots or "promo" not in slots else "price_months"
        for slot, target in ((length, "promo_months"), ("contract", "contract_months")):
            months = _months(slots[slot]) if slot in slots else None
            if months is not None and (months or slot == "contract"):
                values[target], proof[target] = months, slots[slot]
        if "contract_months" not in values and "no_contract" in slots:
            values["contract_months"], proof["contract_months"] = 0, slots["no_contract"]
        if "data" in slots:
            unit = slots["data"].unit
            allowance = parse_data(f"{shown(slots['data'].value)} {unit}".strip())
            if allowance is not None:
                values.update(data_cap_gb=allowance.gb, unlimited_data=allowance.unlimited)
                proof["data_cap_gb" if allowance.gb else "unlimited_data"] = slots["data"]
        if "unlimited" in slots and values.get("data_cap_gb") is None:
            values["unlimited_data"], proof["unlimited_data"] = True, slots["unlimited"]
        return values

    def _services(self) -> tuple[Service, ...] | None:
        """Return the services beside internet in a bundle; None for other products and unnamed services."""
        patterns = words()["patterns"]
        if not (patterns["tv_or_phone"].search(self._name) or patterns["bundle"].search(self._name)):
            return ()
        found = services_in(self._name)
        joined = patterns["bundle"].search(self._name) or patterns["internet"].search(self._name)
        return found if found and joined else None

    def _is_internet(self, fast: bool) -> bool:
        return fast or bool(words()["patterns"]["internet"].search(self._name))

    def _around(self) -> Iterator[Said]:
        """Yield what the objects around the plan say of whom and what it is for, nearest first."""
        vocab, pointer = vocabulary(), self._pointer
        for _ in range(MAX_DEPTH):
            pointer = pointer.rpartition("/")[0]
            if not pointer:
                return
            node = resolve_pointer(self._collected.document, pointer)
            if not isinstance(node, dict):
                continue
            for key, value in node.items():
                told = vocab.slots.get(plain(str(key))) in ("kind", "technology")
                if told and isinstance(value, str) and len(value) <= 60:
                    yield self._said(_spaced(value), f"{pointer}/{escape_step(str(key))}", value)

    def _segments(self, around: list[Said]) -> list[Told]:
        """Return the segments that the plan's own kind, the keys above it or what stands there names."""
        own = Said("", _BY_KEY)
        if "kind" in self._slots:
            kind = self._slots["kind"]
            own = self._said(_spaced(str(kind.value)), kind.pointer, kind.value)
        steps = Said(re.sub(r"[^A-Za-z]+", " ", _spaced(self._pointer)), _KEYS)
        for said in (Said(f"{steps.text} . {own.text}", _KEYS), *around):
            found = self._frame.segment(said, "words")
            if len(found) == 1:
                return [*self._frame.segment(own, "words"), *found][:1] if said.rule == _KEYS else found
            if found:
                return found
        return []


def _spaced(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")


def _prices(slots: Slots) -> tuple[dict[str, Any], Proof]:
    """Return the price slots and what proves each; nothing without a price."""
    cents = {slot: _cents(slots, slot) for slot in ("price", "promo", "regular", "autopay")}
    if cents["regular"] is None and "struck" in slots and "promo_months" in slots:
        slots["regular"], cents["regular"] = slots["struck"], _cents(slots, "struck")
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
        return {}, {}
    values["price_raw"] = quote_of(slots[next(iter(origin.values()))].value)
    return values, {target: slots[slot] for target, slot in origin.items()}


def _cents(slots: Slots, slot: str) -> int | None:
    if slot not in slots:
        return None
    value = slots[slot].value
    if isinstance(value, bool) or (isinstance(value, int) and value > MAX_BARE_DOLLARS):
        return None
    money = parse_money(shown(value))
    return money.cents if money is not None and money.cents_max is None and money.cents else None


def _months(found: StateValue) -> int | None:
    text = shown(found.value)
    iso = _ISO_LENGTH.fullmatch(text)
    if iso:
        return int(iso[1]) * (12 if iso[2] == "Y" else 1)
    return 0 if text == "0" else parse_term(f"{text} {found.unit}".strip().lower())


def _speed(slots: Slots, slot: str) -> Span | None:
    if slot not in slots:
        return None
    found = slots[slot]
    unit = found.unit or (str(slots["speed_unit"].value).strip() if "speed_unit" in slots else "")
    if unit:
        fits = re.fullmatch(SPEED_UNIT, unit, re.IGNORECASE)
        return parse_speed(shown(found.value), default_unit=unit) if fits else None
    speed = parse_speed(shown(found.value), default_unit="Mbps")
    bare = bool(re.fullmatch(r"[\d.]+", shown(found.value)))
    if speed is None or (bare and speed.low < MIN_BARE_MBPS and "mbps" not in found.key):
        return None
    return speed
