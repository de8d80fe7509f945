"""A plan page read into Offers: JSON-LD offers and plan cards, one price and one speed each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawlers.readers.cards import MAX_CARDS, Card, Sheet
from crawlers.readers.companies import company_id
from crawlers.readers.jsonoffers import json_offers
from crawlers.readers.page import Page, Trouble, clean
from crawlers.readers.tokens import Price, Speed, Term
from crawlers.readers.visible import css_path, tidy, visible_text, words
from market.ids import offer_id, slug
from market.records import Capture, CssPath, Evidence, Fee, Offer, Source
from market.records.offer import Technology
from market.records.source import Segment
from market.units import parse_data

VERSION = 1
"""Raised whenever a plan page can be read differently."""
READER = "offers"
MAX_NAME = 90
MIN_PLAN_CENTS = 500
"""An amount below $5 that no word calls the month's price is a tax or an add-on."""


@dataclass
class PlanPage:
    """What a page gave."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class UnclearError(Exception):
    """A card whose price or speed cannot be told; the message says why."""


def read_offers(capture: Capture, body: bytes, source: Source, now: datetime) -> PlanPage:
    """Read one plan page; `now` is not used, since an offer is observed when its page was captured."""
    page = Page(body)
    result = PlanPage(troubles=list(page.troubles))
    if page.tree is None:
        result.troubles.append(_nothing("The answer holds no HTML"))
        return result
    frame = Frame(page, capture, source)
    sheet = Sheet(page.tree)
    result.counts["cards"] = len(sheet.cards)
    result.counts["prices"] = len(sheet.prices)
    if sheet.cut:
        result.troubles.append(
            Trouble(
                "offers-cut",
                f"The page lists more than {MAX_CARDS} plans; the rest was not read. Split the source.",
            )
        )
    for card in sheet.cards:
        try:
            offer = CardReader(card, sheet, frame).offer()
        except UnclearError as unclear:
            result.troubles.append(_unclear(card, sheet, str(unclear)))
            continue
        if offer is not None:
            result.offers.append(offer)
        else:
            result.counts["other_products"] += 1
    for offer in json_offers(page, frame.shared, READER, VERSION):
        if not _told(offer, result.offers):
            result.offers.append(offer)
    result.offers = list(_distinct(result.offers))
    result.counts["offers"] = len(result.offers)
    if not result.offers and not result.troubles:
        seen = (
            f"; it shows {len(sheet.prices)} amounts and {len(sheet.speeds)} speeds"
            if sheet.prices or sheet.speeds
            else ""
        )
        result.troubles.append(_nothing(f"The page holds no plan with a price{seen}"))
    return result


def _nothing(why: str) -> Trouble:
    return Trouble(
        "offers-empty", f"{why}. Point the source at a page whose plans and prices are in the HTML."
    )


def _unclear(card: Card, sheet: Sheet, why: str) -> Trouble:
    low, high = card.spans[0]
    shown = " ".join(sheet.flat.text[low:high].split())[:300]
    element = sheet.flat.element_of(low, high)
    return Trouble(
        "offer-unclear",
        f"A plan was not read: {why}. Open the page and compare; it begins {shown[:60]!r}.",
        data={"text": shown, "css": css_path(element), "prices": [price.cents for price in card.prices]},
    )


def _told(offer: Offer, others: Iterable[Offer]) -> bool:
    """Say whether a card already gave this JSON-LD offer: the same price, and no other speed."""
    for other in others:
        amounts = {other.monthly_cents, other.promo_cents, other.autopay_cents}
        if offer.monthly_cents in amounts and offer.down_mbps in (None, other.down_mbps):
            return True
    return False


def _distinct(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Leave out a plan shown twice (tabs, sticky bars) and give plans of one name keys of their own."""
    seen: set[tuple[Any, ...]] = set()
    keys: Counter[str] = Counter()
    for offer in offers:
        facts = (
            offer.plan_key, offer.monthly_cents, offer.promo_cents, offer.promo_months, offer.autopay_cents,
            offer.down_mbps, offer.up_mbps, offer.contract_months, offer.quote_only,
        )  # fmt: skip
        if facts in seen:
            continue
        seen.add(facts)
        keys[offer.plan_key] += 1
        if keys[offer.plan_key] > 1 and offer.down_mbps is not None:
            # Same name, another plan: the speed parts them as a reader would.
            key = f"{offer.plan_key}-{offer.down_mbps:g}".replace(".", "-")
            keys[key] += 1
            offer = offer.model_copy(update={"plan_key": key if keys[key] == 1 else f"{key}-{keys[key]}"})
        elif keys[offer.plan_key] > 1:
            offer = offer.model_copy(update={"plan_key": f"{offer.plan_key}-{keys[offer.plan_key]}"})
        yield offer


class Frame:
    """What holds for all offers of a page."""

    def __init__(self, page: Page, capture: Capture, source: Source) -> None:
        title = page.tree.find(".//title") if page.tree is not None else None
        self.title = clean(title.text_content()) if title is not None else ""
        site = next((clean(name) for name in page.meta.get("og:site_name", ())), "")
        headings = page.tree.iter("h1") if page.tree is not None else ()
        self.headings = " ".join(clean(heading.text_content()) for heading in headings)[:300]
        self.path = re.sub(r"[-_/.]+", " ", urlsplit(capture.final_url or capture.url).path)
        language = str(page.tree.get("lang") or "") if page.tree is not None else ""
        host = urlsplit(capture.final_url or capture.url).hostname or ""
        # "$" on a Canadian page is a Canadian dollar.
        self.currency = "CAD" if host.endswith(".ca") or language.lower().endswith("-ca") else "USD"
        segment = self.segment(f"{self.path} . {self.title} . {self.headings}") or source.options.segment
        self.shared: dict[str, Any] = {
            "capture_id": capture.id,
            "source_id": capture.source_id,
            "company": company_id(source, site),
            "provider_raw": site,
            "segment": segment,
            "market": source.options.market,
            "observed_at": capture.fetched_at,
        }

    @staticmethod
    def segment(text: str) -> Segment | None:
        """Return the segment that words tell; None when none or several do."""
        found = [entry["name"] for entry in words()["segment"] if entry["words"].search(text)]
        return found[0] if len(found) == 1 else None

    def technology(self, *texts: str) -> Technology:
        """Return the technology named first: by the plan's name, its card, the page's title and headings."""
        for text in (*texts, f"{self.title} {self.headings}"):
            for entry in words()["technology"]:
                if entry["words"].search(text):
                    technology: Technology = entry["name"]
                    return technology
        return "unknown"


class CardReader:
    """Reads one card into an Offer. Slots stand in `marks` with the range of the words that prove them."""

    def __init__(self, card: Card, sheet: Sheet, frame: Frame) -> None:
        self._card, self._sheet, self._frame = card, sheet, frame
        self._text = "\n".join(sheet.flat.text[low:high] for low, high in card.spans)
        self._marks: dict[str, tuple[int, int]] = {}
        self._patterns = words()["patterns"]

    def offer(self) -> Offer | None:
        """Return the offer; None for a card that is no internet plan. Raises UnclearError."""
        name = self._name()
        if not self._is_internet(name):
            return None
        values: dict[str, Any] = dict(self._frame.shared)
        values.update(self._speed(name))
        values.update(self._price())
        values.update(self._contract())
        values.update(self._data())
        values["one_time_fees"], values["monthly_fees"], termination = self._fees()
        if termination is not None:
            values["termination_cents"] = termination
        down = values.get("down_mbps")
        plan = name or (f"{down:g} Mbps" if down else "")
        if not plan:
            raise UnclearError("it has neither a name nor a speed")
        values["plan_name"] = plan
        own = Frame.segment(name)
        if own:
            values["segment"] = own
        technology = self._frame.technology(name, self._text)
        plan_key = slug(plan) or "plan"
        where = css_path(self._sheet.flat.element_of(*self._card.spans[0]))
        ident = offer_id(values["capture_id"], f"{where}#{self._card.spans[0][0]}", plan_key, technology)
        return Offer(
            id=ident,
            plan_key=plan_key,
            technology=technology,
            evidence=tuple(self._evidence(ident)),
            **values,
        )

    def _is_internet(self, name: str) -> bool:
        if self._card.speeds:
            return True
        return bool(self._patterns["internet"].search(name)) and not self._patterns["other_product"].search(
            name
        )

    def _evidence(self, record: str) -> Iterator[Evidence]:
        for slot, (start, end) in self._marks.items():
            element = self._sheet.flat.element_of(start, end)
            yield Evidence(
                capture_id=self._frame.shared["capture_id"],
                record_id=record,
                slot=slot,
                quote=visible_text(element),
                where=CssPath(path=css_path(element)),
                reader=READER,
                reader_version=VERSION,
            )

    def _lines(self) -> Iterator[tuple[int, int, str]]:
        for low, high in self._card.spans:
            at = low
            for line in self._sheet.flat.text[low:high].split("\n"):
                stripped = line.strip(" :*")
                if stripped:
                    start = at + line.index(stripped[0])
                    yield start, start + len(stripped), stripped
                at += len(line) + 1

    def _name(self) -> str:
        """Return the plan's name: its table header, a heading or element of such a class, else the first
        line.
        """
        if self._card.name is not None:
            low, high = self._card.name
            named = " ".join(self._sheet.flat.text[low:high].split())
            if named and len(named) <= MAX_NAME:
                self._marks["plan_name"] = (low, high)
                return named
        candidates = [line for line in self._lines() if self._may_name(line[2])]
        for wanted in (self._is_heading, self._is_named, lambda _start, _end: True):
            for start, end, line in candidates:
                if wanted(start, end):
                    self._marks["plan_name"] = (start, end)
                    return line
        return ""

    def _may_name(self, line: str) -> bool:
        return (
            2 <= len(line) <= MAX_NAME
            and not re.search(r"[$€£]|\b\d+\.\d\d\b", line)
            and bool(re.search(r"[A-Za-z]", line))
            and not self._patterns["not_name"].match(line)
        )

    def _is_heading(self, start: int, end: int) -> bool:
        node = self._sheet.flat.element_of(start, end)
        for _ in range(3):
            if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption"):
                return True
            parent = node.getparent()
            if parent is None:
                return False
            node = parent
        return False

    def _is_named(self, start: int, end: int) -> bool:
        node = self._sheet.flat.element_of(start, end)
        cls = node.get("class") or ""
        return bool(self._patterns["name_class"].search(cls)) and not self._patterns["price_class"].search(
            cls
        )

    def _speed(self, name: str) -> dict[str, Any]:
        card = self._card
        if not card.speeds:
            return {}
        in_name = self._within(card.speeds, self._marks.get("plan_name"))
        pairs = _by_value([speed for speed in card.speeds if speed.down and speed.up], "down")
        downs = _by_value(in_name, "down") or _by_value(card.speeds, "down")
        if len(pairs) == 1 and len(downs) == 1 and _near(pairs[0].down, downs[0].down):
            # "1 Gig" is the name of "940/880 Mbps".
            downs = pairs
        ups = _by_value(card.speeds, "up")
        if len(downs) > 1:
            first = self._first_in_heading(downs)
            if first is None:
                raise UnclearError(f"it states {len(downs)} download speeds")
            downs = [first]
            ups = [speed for speed in ups if speed.start == first.start]
        values: dict[str, Any] = {}
        if downs:
            values["down_mbps"], values["down_mbps_max"] = downs[0].down, downs[0].down_max
            self._marks["down_mbps"] = (downs[0].start, downs[0].end)
        if len(ups) == 1:
            values["up_mbps"] = ups[0].up
            self._marks["up_mbps"] = (ups[0].start, ups[0].end)
        elif downs and not ups:
            same = re.search(r"\bsymmetric(?:al)?\b|\bsame (?:upload|speeds? up)", self._text, re.IGNORECASE)
            if same and downs[0].down_max is None:
                values["up_mbps"] = downs[0].down
                self._marks["up_mbps"] = (downs[0].start, downs[0].end)
        return values

    def _within(self, speeds: Iterable[Speed], span: tuple[int, int] | None) -> list[Speed]:
        return [speed for speed in speeds if span and span[0] <= speed.start < span[1]]

    def _first_in_heading(self, speeds: list[Speed]) -> Speed | None:
        heads = [speed for speed in speeds if self._is_heading(speed.start, speed.end)]
        return heads[0] if len(heads) == 1 else None

    def _price(self) -> dict[str, Any]:
        own = self._own_prices()
        values: dict[str, Any] = {}
        if not own:
            asked = self._patterns["quote_only"].search(self._text)
            if asked is None or any(p.role in ("regular", "conditional") for p in self._card.prices):
                raise UnclearError("no amount in it is plainly the price of a month")
            self._mark_words("quote_only", asked[0])
            return {"quote_only": True, "price_raw": asked[0]}
        price = own[0]
        text = self._sheet.flat.text
        values["price_raw"] = tidy(text[price.start : price.end])
        values["currency"] = price.currency or self._currency()
        regular = self._one("regular")
        promo = self._promo_term(price)
        without = self._one("no autopay")
        mark = (price.start, price.end)
        if price.role == "autopay":
            values["autopay_cents"] = price.cents
            self._marks["autopay_cents"] = mark
        if promo is not None or (regular is not None and regular.cents > price.cents):
            values["promo_cents"] = price.cents
            self._marks["promo_cents"] = mark
            if promo is not None:
                values["promo_months"] = promo.months
                self._marks["promo_months"] = (promo.start, promo.end)
        elif price.role == "main":
            values["monthly_cents"] = price.cents
            self._marks["monthly_cents"] = mark
            paid = self._one("autopay")
            if paid is not None and paid.cents <= price.cents:
                values["autopay_cents"] = paid.cents
                self._marks["autopay_cents"] = (paid.start, paid.end)
        later = without or regular
        if later is not None and "monthly_cents" not in values and later.cents >= price.cents:
            values["monthly_cents"] = later.cents
            self._marks["monthly_cents"] = (later.start, later.end)
        return values

    def _own_prices(self) -> list[Price]:
        """Return the price of the plan, or nothing. Raises UnclearError when several could be it."""
        prices = [p for p in self._card.prices if p.role == "main"]
        prices = (
            [p for p in prices if p.monthly]
            or [p for p in self._card.prices if p.role == "autopay"]
            or prices
        )
        prices = [p for p in prices if p.monthly or p.cents >= MIN_PLAN_CENTS]
        amounts = {p.cents for p in prices}
        if len(amounts) > 1:
            shown = ", ".join(f"${cents / 100:.2f}" for cents in sorted(amounts))
            raise UnclearError(f"several amounts could be its price ({shown})")
        return prices[:1]

    def _one(self, role: str) -> Price | None:
        found = {
            p.cents: p
            for p in self._card.prices
            if p.role == role and (p.monthly or p.cents >= MIN_PLAN_CENTS)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _currency(self) -> str:
        codes = {p.currency for p in self._sheet.prices if p.currency}
        return str(codes.pop()) if len(codes) == 1 else self._frame.currency

    def _promo_term(self, price: Price) -> Term | None:
        """Return the promotion's length: a term that follows the price with no other price between."""
        text = self._sheet.flat.text
        for term in self._card.terms:
            if term.kind != "promo":
                continue
            low, high = (price.end, term.start) if term.start >= price.end else (term.end, price.start)
            between = text[low:high]
            if len(between) <= 90 and not re.search(
                r"[$€£]|\bon us\b|\bfree\b|included", between, re.IGNORECASE
            ):
                return term
        return None

    def _contract(self) -> dict[str, Any]:
        terms = [term for term in self._card.terms if term.kind == "contract"]
        if len({term.months for term in terms}) != 1:
            return {}
        self._marks["contract_months"] = (terms[0].start, terms[0].end)
        return {"contract_months": terms[0].months}

    def _data(self) -> dict[str, Any]:
        endless = self._patterns["unlimited"].search(self._text)
        # "Add unlimited data for $10" offers it as an extra.
        if endless and not self._patterns["extra_before"].search(self._text[: endless.start()][-30:]):
            self._mark_words("unlimited_data", endless[0])
            return {"unlimited_data": True}
        found = [
            m
            for m in self._patterns["data_cap"].finditer(self._text)
            if re.search(r"[a-z]", m[0][-4:], re.IGNORECASE)
        ]
        caps = {
            parse_data(f"{m['figure']} {m['unit']}")
            for m in found
            if re.search("data|usage|bandwidth|month|plan", m[0], re.IGNORECASE)
        }
        caps.discard(None)
        if len(caps) != 1:
            return {}
        cap = caps.pop()
        self._mark_words("data_cap_gb", found[0][0])
        return {"data_cap_gb": cap.gb, "unlimited_data": False} if cap else {}

    def _fees(self) -> tuple[tuple[Fee, ...], tuple[Fee, ...], int | None]:
        """Return one-time fees, monthly fees and the termination fee named in the card."""
        once: dict[tuple[str, int], Fee] = {}
        monthly: dict[tuple[str, int], Fee] = {}
        ends: set[int] = set()
        text = self._sheet.flat.text
        for price in self._card.prices:
            if price.role == "termination":
                ends.add(price.cents)
                self._marks["termination_cents"] = (price.start, price.end)
            if price.role != "fee":
                continue
            name = fee_name(text, price)
            optional = bool(self._patterns["extra_before"].search(name))
            raw = tidy(text[price.start : price.end])
            fee = Fee(name=name, raw=raw, cents=price.cents, optional=optional)
            (monthly if price.monthly else once)[(fee.name, price.cents)] = fee
            self._marks.setdefault(
                "monthly_fees" if price.monthly else "one_time_fees", (price.start, price.end)
            )
        return tuple(once.values()), tuple(monthly.values()), ends.pop() if len(ends) == 1 else None

    def _mark_words(self, slot: str, phrase: str) -> None:
        for low, high in self._card.spans:
            at = self._sheet.flat.text.find(phrase, low, high)
            if at >= 0:
                self._marks[slot] = (at, at + len(phrase))
                return


def _near(exact: float | None, named: float | None) -> bool:
    return exact is not None and named is not None and 0.85 * named <= exact <= 1.15 * named


def fee_name(text: str, price: Price) -> str:
    """Return the words that name a fee: those of its line without the amount, else the next or previous
    line's.
    """
    low = text.rfind("\n", 0, price.start) + 1
    high = text.find("\n", price.end)
    high = len(text) if high < 0 else high
    own = f"{text[low : price.start]} {text[price.end : high]}"
    below, above = text[high:].lstrip("\n").split("\n")[0], text[:low].rstrip("\n").rsplit("\n", 1)[-1]
    for words_ in (
        own,
        below if re.search(r"\b(?:fee|charge|cost|rental)\b", below, re.IGNORECASE) else above,
        above,
    ):
        named = re.sub(r"(?:/|\bper\b|\ba\b)\s*mo(?:nth)?\b\.?", " ", words_, flags=re.IGNORECASE)
        named = " ".join(named.split()).strip(" :-–*().,")
        if len(re.findall(r"[A-Za-z]", named)) >= 3:
            return named[:120]
    return ""


def _by_value(speeds: Iterable[Speed], field_name: str) -> list[Speed]:
    """Return one speed for each distinct value of `field_name`, in page order."""
    found: dict[Any, Speed] = {}
    for speed in speeds:
        value = getattr(speed, field_name)
        if value is not None:
            found.setdefault((value, speed.down_max) if field_name == "down" else value, speed)
    return list(found.values())
