"""One plan card read into an Offer, with the words that prove each slot and the rule that read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crawlers.readers.bundled import bundle_key, bundled, with_own_price
from crawlers.readers.cards import Card, Sheet
from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.frame import Frame
from crawlers.readers.merged import is_told
from crawlers.readers.namedrates import NamedRates
from crawlers.readers.plandata import data_slots
from crawlers.readers.planname import Product, plan_name, product
from crawlers.readers.planprice import NO_SIGN, price_slots
from crawlers.readers.planspeed import speed_slots
from crawlers.readers.planterms import contract_slots, fee_slots
from crawlers.readers.sheet import Span
from crawlers.readers.tokens import Price
from crawlers.readers.told import Proofs, Said, Told
from crawlers.readers.visible import css_path
from market.ids import offer_id, slug
from market.records import Evidence, Offer


class CardReader:
    """Reads one card; `proofs` makes the evidence."""

    def __init__(self, card: Card, sheet: Sheet, frame: Frame, proofs: Proofs, rates: NamedRates) -> None:
        self._draft = Draft(card, sheet)
        self._rates = rates
        self._frame = frame
        self._proofs = proofs
        self.name = plan_name(self._draft)
        """What the card calls what it sells; "" when no line can be a name."""
        self.is_bundle = False
        """Whether it sells internet with other services in one price; known once it is read."""

    @property
    def sells(self) -> Product:
        """What the card sells."""
        return product(self._draft, self.name)

    def read(self, told: Sequence[Offer] = ()) -> Offer | Product:
        """Return the offer, of a bundle with internet too; for another card, what it sells. Raises
        UnclearError.

        `told` are the internet plans of the page's JSON-LD: a card of the same name and price is one.
        """
        draft, frame = self._draft, self._frame
        name = self.name
        kind = self.sells
        if kind == "unknown" and name and is_told(name, (price.cents for price in draft.card.prices), told):
            kind = "internet"
        if (
            kind == "unknown"
            and name
            and frame.internet
            and any(price.role == "main" and price.monthly for price in draft.card.prices)
        ):
            raise UnclearError("nothing in it says that it is an internet plan")
        if kind not in ("internet", "floor", "bundle"):
            return kind
        values: dict[str, Any] = dict(frame.shared)
        self.is_bundle = kind == "bundle"
        if self.is_bundle:
            with_own_price(draft)
            values["bundled_with"] = bundled(draft)
            if not values["bundled_with"]:
                raise UnclearError("it does not say which services it bundles")
        values.update(speed_slots(draft))
        values.update(price_slots(draft, self._currency(), self._rates.of(name)))
        if "currency" in frame.told and draft.rules.get("currency") == NO_SIGN:
            # The page's address or language tells it, not the price.
            del draft.marks["currency"]
        values.update(contract_slots(draft))
        values.update(data_slots(draft))
        values.update(fee_slots(draft))
        down = values.get("down_mbps")
        plan = name or (f"{down:g} Mbps" if down else "")
        if not plan:
            raise UnclearError("it has neither a name nor a speed")
        if not name:
            draft.marks["plan_name"], draft.rules["plan_name"] = (
                draft.marks["down_mbps"],
                "its speed: no name",
            )
        about = self._about(name)
        values.update({slot: told.value for slot, told in about.items()})
        option = draft.card.option
        plan_key = bundle_key(slug(f"{plan} {option}") or "plan", values.get("bundled_with", ()))
        where = css_path(draft.flat.element_of(*draft.card.spans[0]), draft.sheet.paths)
        place = f"{where}#{draft.card.spans[0][0]}" + (f"#{slug(option)}" if "," in draft.card.how else "")
        ident = offer_id(values["capture_id"], place, plan_key, values.get("technology", "unknown"))
        evidence = tuple(self._proof(ident, about))
        return Offer(id=ident, plan_key=plan_key, plan_name=plan, evidence=evidence, **values)

    def _about(self, name: str) -> dict[str, Told]:
        """Return what tells the segment and the technology: the plan's own words, else the tab and the
        headings above it; of the technology also the page.
        """
        draft, frame = self._draft, self._frame
        start = draft.card.spans[0][0]
        tabs = draft.sheet.outline.tabs(draft.flat.element_of(*draft.card.spans[0]))
        above = draft.sheet.outline.above(start, draft.sheet.ranges)
        if draft.card.section:
            above = [self._here(draft.card.section, "the row above it in its table"), *above]
        named = Said(name, "the plan's name", draft.marks.get("plan_name"))
        card = Said(draft.text, f"words of its {draft.card.how or 'card'}")
        found: dict[str, Told] = {}
        technology = frame.technology(named, card, (*(said for said, _ in tabs), *above))
        if technology is not None:
            found["technology"] = self._placed(technology) if technology.said is card else technology
        option = self._here(draft.card.option, "the choice it is the price of")
        own = frame.segment(Said(f"{name} {draft.card.option}", named.rule, named.span), "in_name")
        if len(own) == 1:
            own = [*frame.segment(named, "in_name"), *frame.segment(option, "in_name"), *own][:1]
        opened = [frame.segment(said, *(("words", "in_tab") if tab else ("words",))) for said, tab in tabs]
        # "Home" above the plans of homes; as the page's own heading it names the site's first page.
        headed = [frame.segment(said, "words", "in_tab") for said in above[:-1]]
        for told in (own, *opened, *headed, *(frame.segment(said, "words") for said in above[-1:])):
            if len(told) == 1:
                found["segment"] = told[0]
                break
        return found

    def _here(self, text: str, rule: str) -> Said:
        """Return words that the card's structure gave it, with their place, where they are found again."""
        flat, first = self._draft.flat, self._draft.card.spans[0]
        if not text:
            return Said("", rule)
        for low, high in (label for _, label in self._draft.card.labels):
            if text in " ".join(flat.text[low:high].split()):
                return Said(text, rule, (low, high))
        at = flat.text.rfind(text, 0, self._draft.card.spans[-1][1])
        return Said(text, rule, (at, at + len(text)) if at >= 0 else first)

    def _placed(self, told: Told) -> Told:
        """Return what the card's words told with their range in the page's text."""
        low = told.at[0]
        for start, end in self._draft.card.spans:
            if low <= end - start:
                place = (start + low, start + low + told.at[1] - told.at[0])
                return told._replace(said=told.said._replace(span=place))
            low -= end - start + 1
        return told

    def _currency(self) -> str:
        """Return the currency of prices without a sign that names one: the page's only one, or its land's."""
        draft = self._draft
        named = {price.currency: price for price in reversed(draft.sheet.prices) if price.currency}
        if len(named) != 1:
            return self._frame.currency
        code, price = next(iter(named.items()))
        draft.marks["currency"] = (price.start, price.end)
        draft.rules["currency"] = "the only currency that the page names"
        return str(code)

    def _proof(self, record: str, about: dict[str, Told]) -> Iterator[Evidence]:
        for slot, span, rule in self._marks():
            yield self._proofs.mark(record, slot, span, rule)
        for slot, told in about.items():
            yield from self._proofs.told(record, slot, told)

    def _marks(self) -> Iterator[tuple[str, Span, str]]:
        draft = self._draft
        by_start = {price.start: price for price in draft.sheet.prices}
        for slot, (start, end) in draft.marks.items():
            rule = (
                draft.rules.get(slot)
                or _rule_of(by_start.get(start))
                or f"the only one in its {draft.card.how}"
            )
            yield slot, (start, end), rule


def _rule_of(price: Price | None) -> str:
    return price.rule if price is not None else ""
