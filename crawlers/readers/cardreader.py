"""One plan card read into an Offer, with the words that prove each slot and the rule that read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawlers.readers.cards import Card, Sheet
from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.frame import Frame
from crawlers.readers.merged import is_told
from crawlers.readers.namedrates import NamedRates
from crawlers.readers.planname import Product, plan_name, product
from crawlers.readers.planprice import price_slots
from crawlers.readers.planspeed import speed_slots
from crawlers.readers.planterms import contract_slots, data_slots, fee_slots
from crawlers.readers.tokens import Price
from crawlers.readers.visible import css_path, visible_text
from market.ids import offer_id, slug
from market.records import CssPath, Evidence, Offer


@dataclass(frozen=True)
class Step:
    """Why one slot of an offer has its value."""

    record_id: str
    slot: str
    words: str
    """The words themselves; the evidence's quote is all that their element shows."""
    css: str
    rule: str


@dataclass(frozen=True)
class ReadCard:
    """A card's offer, and how each of its slots was read."""

    offer: Offer
    steps: tuple[Step, ...]


class CardReader:
    """Reads one card. `reader` and `version` stand in the evidence."""

    def __init__(
        self, card: Card, sheet: Sheet, frame: Frame, reader: tuple[str, int], rates: NamedRates
    ) -> None:
        self._draft = Draft(card, sheet)
        self._rates = rates
        self._frame = frame
        self._reader, self._version = reader
        self.name = plan_name(self._draft)
        """What the card calls what it sells; "" when no line can be a name."""

    def read(self, told: Sequence[Offer] = ()) -> ReadCard | Product:
        """Return the offer; for a card that is no internet plan, what it sells. Raises UnclearError.

        `told` are the internet plans of the page's JSON-LD: a card of the same name and price is one.
        """
        draft, frame = self._draft, self._frame
        name = self.name
        kind = product(draft, name)
        if kind == "unknown" and name and is_told(name, (price.cents for price in draft.card.prices), told):
            kind = "internet"
        if (
            kind == "unknown"
            and name
            and frame.internet
            and any(price.role == "main" and price.monthly for price in draft.card.prices)
        ):
            raise UnclearError("nothing in it says that it is an internet plan")
        if kind not in ("internet", "floor"):
            return kind
        values: dict[str, Any] = dict(frame.shared)
        values.update(speed_slots(draft))
        values.update(price_slots(draft, self._currency(), self._rates.of(name)))
        values.update(contract_slots(draft))
        values.update(data_slots(draft))
        values.update(fee_slots(draft))
        down = values.get("down_mbps")
        plan = name or (f"{down:g} Mbps" if down else "")
        if not plan:
            raise UnclearError("it has neither a name nor a speed")
        values.update(self._about(name))
        option = draft.card.option
        plan_key = slug(f"{plan} {option}") or "plan"
        where = css_path(draft.flat.element_of(*draft.card.spans[0]), draft.sheet.paths)
        place = f"{where}#{draft.card.spans[0][0]}" + (f"#{slug(option)}" if "," in draft.card.how else "")
        ident = offer_id(values["capture_id"], place, plan_key, values["technology"])
        evidence, steps = self._proof(ident)
        offer = Offer(id=ident, plan_key=plan_key, plan_name=plan, evidence=tuple(evidence), **values)
        return ReadCard(offer, tuple(steps))

    def _about(self, name: str) -> dict[str, Any]:
        """Return the segment and the technology: by the plan's own words, else by the tab and the headings
        above it, else by the page.
        """
        draft, frame = self._draft, self._frame
        start = draft.card.spans[0][0]
        element = draft.flat.element_of(*draft.card.spans[0])
        tabs = draft.sheet.outline.tabs(element)
        above = draft.sheet.outline.above(start, draft.sheet.ranges)
        above = [draft.card.section, *above] if draft.card.section else above
        texts = (*(text for text, _ in tabs), *above)
        values: dict[str, Any] = {"technology": frame.technology(name, draft.text, texts)}
        own = Frame.segments(f"{name} {draft.card.option}", "in_name")
        opened = [
            Frame.segments(text) or (Frame.segments(text, "in_tab") if tab else []) for text, tab in tabs
        ]
        # "Home" above the plans of homes; as the page's own heading it names the site's first page.
        headed = [Frame.segments(text) or Frame.segments(text, "in_tab") for text in above[:-1]]
        for told in (own, *opened, *headed, *map(Frame.segments, above[-1:])):
            if len(told) == 1:
                values["segment"] = told[0]
                break
        return values

    def _currency(self) -> str:
        codes = {price.currency for price in self._draft.sheet.prices if price.currency}
        return str(codes.pop()) if len(codes) == 1 else self._frame.currency

    def _proof(self, record: str) -> tuple[list[Evidence], list[Step]]:
        evidence, steps = [], []
        for slot, element, path, words, rule in self._marks():
            evidence.append(
                Evidence(
                    capture_id=self._frame.shared["capture_id"],
                    record_id=record,
                    slot=slot,
                    quote=visible_text(element),
                    where=CssPath(path=path),
                    reader=self._reader,
                    reader_version=self._version,
                )
            )
            steps.append(Step(record, slot, words, path, rule))
        return evidence, steps

    def _marks(self) -> Iterator[tuple[str, Any, str, str, str]]:
        draft = self._draft
        by_start = {price.start: price for price in draft.sheet.prices}
        for slot, (start, end) in draft.marks.items():
            element = draft.flat.element_of(start, end)
            words = " ".join(draft.flat.text[start:end].split())
            rule = (
                draft.rules.get(slot)
                or _rule_of(by_start.get(start))
                or f"the only one in its {draft.card.how}"
            )
            yield slot, element, css_path(element, draft.sheet.paths), words, rule


def _rule_of(price: Price | None) -> str:
    return price.rule if price is not None else ""
