"""The broadband label of 47 CFR 8.1(a) as it stands in an HTML page: nested rows under "Broadband Facts"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawlers.readers.bundled import bundle_key
from crawlers.readers.cells import stated_money, stated_speed
from crawlers.readers.columnnames import words as label_words
from crawlers.readers.labelbundle import is_untold_bundle, is_untold_pair, services_of
from crawlers.readers.labelfees import checked, fee
from crawlers.readers.labelwords import LabelWords, Region, label_patterns
from crawlers.readers.visible import Flat, css_path, tidy, visible_text
from market.ids import offer_id, slug
from market.records import CssPath, Evidence, Fee, Offer
from market.records.offer import Service, Technology
from market.units import cell_text, parse_data, parse_latency, parse_money, parse_term, term_months

_IDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{4,39}")
HEAD = 300
"""Characters of a label that may name the technology."""


class LabelPage:
    """Reads one label of a page into an Offer."""

    def __init__(self, flat: Flat, region: Region) -> None:
        self._flat = flat
        self._words = LabelWords(flat, region)
        self._marks: dict[str, tuple[int, int]] = {}
        self.problems: dict[str, str] = {}
        """Names of rows whose words could not be read, with those words."""
        self.notes: list[str] = []
        """What was read but should be looked at, as `labelnotes` has it."""
        self._named = self._names()

    @property
    def provider(self) -> str:
        """The provider's name as the label gives it."""
        return str(self._named["provider_raw"])

    @property
    def begins(self) -> str:
        """The label's first words."""
        return " ".join(self._words.text.split())[:120]

    def offer(self, shared: dict[str, Any], reader: str, version: int) -> Offer | None:
        """Return the offer, with the slots in `shared`; None when the label states no price."""
        values: dict[str, Any] = dict(shared)
        values.update(self._named)
        prices = self._prices()
        if not prices:
            return None
        values.update(prices)
        values.update(self._figures())
        monthly, once = tuple(self._fees("monthly")), tuple(self._fees("once"))
        (monthly, said), (once, more) = (checked(fees, values["currency"]) for fees in (monthly, once))
        self.notes.extend([*said, *more])
        values.update(monthly_fees=monthly, one_time_fees=once)
        services = self._services(values["plan_name"])
        values["bundled_with"] = services
        key = bundle_key(values["plan_id"] or slug(values["plan_name"]) or "plan", services)
        technology = self._technology(str(values["plan_name"]))
        ident = offer_id(values["capture_id"], f"label {self._words.start}", key, technology)
        return Offer(
            id=ident,
            plan_key=key,
            technology=technology,
            evidence=tuple(self._evidence(ident, values["capture_id"], reader, version)),
            **values,
        )

    def _services(self, plan: str) -> tuple[Service, ...]:
        """Return the services of a bundle, and mark its name, which states them."""
        services = services_of(plan, mobile="mobile" in plan.lower())
        if is_untold_pair(plan) or is_untold_bundle(plan):
            self.notes.append("bundle-untold")
        for number in range(len(services)):
            self._marks[f"bundled_with[{number}]"] = self._marks["plan_name"]
        return services

    def _technology(self, plan: str) -> Technology:
        """Return the technology that the plan's name or the label's first words tell, and mark them."""
        text = f"{plan} {self._words.text[:HEAD]}"
        for entry in label_words()["technology"]:
            match = entry["words"].search(text)
            if match:
                start = self._words.start + match.start() - len(plan) - 1
                inside = match.start() > len(plan)
                place = (start, start + len(match[0])) if inside else self._marks.get("plan_name")
                if place:
                    self._marks["technology"] = place
                technology: Technology = entry["name"]
                return technology
        return "unknown"

    def _names(self) -> dict[str, Any]:
        head = [
            line
            for line in self._words.lines()
            if not re.search(r"consumer disclosure", line[2], re.IGNORECASE)
        ]
        names = []
        for start, end, line in head[1:6]:
            if re.match(r"monthly price", line, re.IGNORECASE):
                break
            names.append((start, end, line))
        found = label_patterns()["plan_id"].search(self._words.text)
        ident = found[0] if found else None
        shown = None if found else self._words.row("row_plan_id")
        if found:
            self._marks["plan_id"] = (self._words.start + found.start(), self._words.start + found.end())
        elif shown and _IDENT.fullmatch(shown[2]):
            ident, self._marks["plan_id"] = shown[2], shown[:2]
        plan = names[1] if len(names) > 1 else names[0] if names else None
        if plan:
            self._marks["plan_name"] = plan[:2]
        elif ident:
            self._marks["plan_name"] = self._marks["plan_id"]
        return {
            "provider_raw": names[0][2] if len(names) > 1 else "",
            "plan_name": plan[2][:200] if plan else (ident or "plan"),
            "plan_id": ident,
        }

    def _prices(self) -> dict[str, Any]:
        shown = self._words.value("monthly price")
        money = stated_money(tidy(shown[2])) if shown else None
        if shown is None or money is None:
            self._problem("Monthly Price", shown)
            return {}
        mark = shown[:2]
        told = {
            "price-from": money.least,
            "price-zero": money.cents == 0,
            "currency": money.currency not in (None, "USD"),
        }
        self.notes.extend(code for code, holds in told.items() if holds)
        intro = label_patterns()["intro"].search(self._words.text)
        values: dict[str, Any] = {
            "price_raw": tidy(shown[2]),
            "currency": money.currency or "USD",
            "price_from": money.least,
        }
        self._marks["currency"] = mark
        if money.least:
            self._marks["price_from"] = mark
        if intro is None or not _is_introductory(intro):
            self._marks["monthly_cents"] = mark
            return values | {"monthly_cents": money.cents}
        self._marks["promo_cents"] = mark
        values["promo_cents"] = money.cents
        behind = self._words.text[intro.end() : intro.end() + 400]
        length, after = label_patterns()["expires"].search(behind), label_patterns()["after"].search(behind)
        base = self._words.start + intro.end()
        if length:
            values["promo_months"] = term_months(length["figure"], length["unit"])
            self._marks["promo_months"] = (base + length.start(), base + length.end())
        later = parse_money(tidy(after["amount"])) if after else None
        if after and later:
            values["monthly_cents"] = later.cents
            self._marks["monthly_cents"] = (base + after.start(), base + after.end())
        return values | self._introductory_rows()

    def _introductory_rows(self) -> dict[str, Any]:
        """Return what rows of their own say of the introductory rate: its length and the price afterwards."""
        found: dict[str, Any] = {}
        shown = self._words.row("row_intro_months")
        months = parse_term(shown[2]) if shown else None
        if shown and months:
            found["promo_months"], self._marks["promo_months"] = months, shown[:2]
        shown = self._words.row("row_after_price")
        later = parse_money(tidy(shown[2])) if shown else None
        if shown and later and later.cents_max is None:
            found["monthly_cents"], self._marks["monthly_cents"] = later.cents, shown[:2]
        return found

    def _figures(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for slot, key in (("down_mbps", "typical download speeds?"), ("up_mbps", "typical upload speeds?")):
            shown = self._words.value(key)
            speed = stated_speed(shown[2], "Mbps") if shown else None
            if not speed:
                self._problem(key.title().rstrip("S?"), shown)
            elif shown:
                values[slot], values[f"{slot}_max"] = speed.low, speed.high
                self._mark_span(slot, speed.high, shown[:2])
        shown = self._words.value("typical latency")
        latency = parse_latency(shown[2]) if shown else None
        if not latency:
            self._problem("Typical Latency", shown)
        elif shown:
            values["latency_ms"], values["latency_ms_max"] = latency.low, latency.high
            self._mark_span("latency_ms", latency.high, shown[:2])
        shown = self._words.value("data included(?: with monthly price)?")
        data = parse_data(shown[2]) if shown else None
        if not data:
            self._problem("Data Included", shown)
        elif shown:
            values["data_cap_gb"], values["unlimited_data"] = data.gb, data.unlimited
            self._marks["unlimited_data" if data.unlimited else "data_cap_gb"] = shown[:2]
        shown = self._words.value("early termination fee")
        ends = stated_money(tidy(shown[2])) if shown else None
        if not ends:
            self._problem("Early Termination Fee", shown)
        elif shown:
            values["termination_cents"] = ends.cents
            self._marks["termination_cents"] = shown[:2]
        contract = label_patterns()["contract"].search(self._words.text)
        if contract and (contract["not"] or contract["figure"]):
            months = 0 if contract["not"] else term_months(contract["figure"], contract["unit"])
            values["contract_months"] = months
            self._marks["contract_months"] = (
                self._words.start + contract.start(),
                self._words.start + contract.end(),
            )
        shown = self._words.row("row_contract")
        term = parse_term(_no_contract(shown[2])) if shown else None
        if shown and term is not None and "contract_months" not in values:
            values["contract_months"], self._marks["contract_months"] = term, shown[:2]
        return values

    def _problem(self, name: str, shown: tuple[int, int, str] | None) -> None:
        """Note a row's words that could not be read; the next row's name behind an empty one is none."""
        words = cell_text(tidy(shown[2])) if shown else ""
        heads = (label_patterns()[head] for head in ("head_monthly", "head_once", "head_other"))
        if words and not any(head.match(words) for head in heads):
            self.problems[name] = words[:80]

    def _mark_span(self, slot: str, high: float | None, mark: tuple[int, int]) -> None:
        self._marks[slot] = mark
        if high is not None:
            self._marks[f"{slot}_max"] = mark

    def _fees(self, section: str) -> Iterator[Fee]:
        inside, name, count = False, "", 0
        slot = "monthly_fees" if section == "monthly" else "one_time_fees"
        for start, end, line in self._words.lines():
            heads = ("monthly", "once", "other")
            other = next((key for key in heads if label_patterns()[f"head_{key}"].match(line)), None)
            if other:
                inside, name = other == section, ""
                line = re.sub(
                    r"^.*?\bfees?(?: at the time of purchase)?[\s:]*", "", line, flags=re.IGNORECASE
                )
            if not inside or not line:
                continue
            found = label_patterns()["amount"].match(line)
            if found is None:
                name = line
                continue
            title = found["name"].strip(" :") or name
            yield fee(title[:120], tidy(found["amount"]))
            self._marks[f"{slot}[{count}]"] = (start, end)
            name, count = "", count + 1

    def _evidence(self, record: str, capture: str, reader: str, version: int) -> Iterator[Evidence]:
        for slot, (start, end) in self._marks.items():
            element: HtmlElement = self._flat.element_of(start, end)
            yield Evidence(
                capture_id=capture,
                record_id=record,
                slot=slot,
                quote=visible_text(element),
                where=CssPath(path=css_path(element)),
                reader=reader,
                reader_version=version,
            )


def _is_introductory(told: re.Match[str]) -> bool:
    if told["flag"]:
        return told["flag"].lower() == "yes"
    return told["not"].lower() == "is" and not told["no"]


def _no_contract(words: str) -> str:
    """Return the words of a contract's row; a plain "No" or "None" is a contract of no months."""
    return "no contract" if re.fullmatch(r"(?:no|none|not required|n/a)\.?", words, re.IGNORECASE) else words
