"""A price of one plan, and what fills its slots: the term, AutoPay, contract, name and speeds told beside it.

The speeds up that a text tells of all its plans at once are here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.document import Span
from nlp.offers_amounts import Amount, months_of
from nlp.offers_connections import SpeedAt
from nlp.offers_patterns import pattern
from nlp.offers_speeds import symmetric_behind, symmetric_span, uploads_told
from nlp.offers_terms import TERM, WIDE, Term, term_before, term_of

_NEAR = 300
"""Characters from a price to words that tell the speed up of all plans."""
_FAR = 600
"""Characters to where the speed up of a plan with the same speed down is told."""
_LONGEST_QUOTE = 160


@dataclass(slots=True)
class Price:
    """A price of one plan; `proofs` maps a slot to where it stands in the text."""

    company: str
    company_name: str
    start: int
    end: int
    monthly_cents: int | None = None
    promo_cents: int | None = None
    promo_months: int | None = None
    plan_name: str | None = None
    autopay: bool | None = None
    down_mbps: float | None = None
    up_mbps: float | None = None
    contract_months: int | None = None
    of_line: bool = False
    """It buys a phone's line."""
    proofs: dict[str, Span] = field(default_factory=dict)

    def put(self, slot: str, value: object, proof: Span) -> None:
        """Fill a slot and say where it stands."""
        setattr(self, slot, value)
        self.proofs[slot] = proof

    def put_price(self, amount: Amount, term: Term | None, regular: Amount | None, *, promo: bool) -> None:
        """Fill the price: a promotional one where a term, a later price or its own words say so."""
        own = Span(amount.start, amount.unit_end)
        if term is None and regular is None and not promo:
            self.put("monthly_cents", amount.cents, own)
            return
        self.put("promo_cents", amount.cents, own)
        if term is not None:
            self.put("promo_months", *term)
        if regular is not None:
            self.put_regular(regular.cents, regular)
            self.end = max(self.end, regular.unit_end)

    def put_regular(self, cents: int, amount: Amount) -> None:
        """Fill the regular price, told by an amount or, as a rise, made with it."""
        self.put("monthly_cents", cents, Span(amount.start, amount.unit_end))

    def make_promotional(self, term: Term | None) -> None:
        """Take the only price told so far for one that holds at first."""
        if self.promo_cents is None and self.monthly_cents is not None:
            self.put("promo_cents", self.monthly_cents, self.proofs.pop("monthly_cents"))
            self.monthly_cents = None
        if term is not None and self.promo_months is None:
            self.put("promo_months", *term)

    def says_less_than(self, other: Price) -> bool:
        """Tell whether this says nothing that another does not."""
        return (
            (self.company, self.monthly_cents) == (other.company, other.monthly_cents)
            and self.promo_cents in (None, other.promo_cents)
            and self.down_mbps in (None, other.down_mbps)
            and (self.of_line == other.of_line or self.down_mbps is not None)
        )


def term_beside(
    text: str, sentence: Span, amount: Amount, behind: Amount | None, *, followed: bool
) -> Term | None:
    """Return the term of an amount: behind it, up to the amount behind that, or before it."""
    if pattern("perfect").search(text, max(sentence.start, amount.start - WIDE), amount.start):
        return None
    if not followed and pattern("holds").search(text, sentence.start, amount.start):
        return None
    limit = min(sentence.end, amount.unit_end + TERM, behind.start if behind else sentence.end)
    term = term_of(text, amount.unit_end, limit)
    return term if term is not None else term_before(text, sentence, amount)


def put_terms(text: str, price: Price, sentence: Span, amount: Amount) -> None:
    """Fill AutoPay, contract and name of a plan from the words beside its amount."""
    limit = min(sentence.end, amount.unit_end + TERM)
    another = text.find("$", amount.end, limit)
    limit = another if another >= 0 else limit
    start = max(sentence.start, amount.start - WIDE)
    if match := pattern("without_autopay").search(text, amount.unit_end, limit):
        price.put("autopay", False, Span(*match.span()))
    elif match := pattern("autopay").search(text, start, limit):
        price.put("autopay", True, Span(*match.span()))
    if match := pattern("no_contract").search(text, sentence.start, min(len(text), sentence.end + WIDE)):
        price.put("contract_months", 0, Span(*match.span()))
    elif match := pattern("contract").search(text, sentence.start, sentence.end):
        price.put("contract_months", months_of(match["figure"], match["unit"]), Span(*match.span()))
    if match := pattern("plan_name").search(text, start, limit):
        name = match["name"].strip()
        price.put("plan_name", name, Span(match.start("name"), match.start("name") + len(name)))


def put_speed(
    text: str, price: Price, speed: SpeedAt | None, end: int, sentence: Span, fast: Sequence[SpeedAt]
) -> None:
    """Fill the speeds of a price that ends at `end`; `fast` are all speeds of the sentence."""
    if speed is None or speed.down is None:
        return
    span = Span(speed.start, speed.end)
    price.put("down_mbps", speed.down, span)
    again = [speed, *(other for other in fast if other.down == speed.down)]
    told = next((other for other in again if other.up is not None), None)
    if told is not None:
        price.put("up_mbps", told.up, Span(told.start, told.end))
    elif both := next(filter(None, (_symmetric(text, sentence, other) for other in again)), None):
        price.put("up_mbps", speed.down, both)
    elif behind := symmetric_behind(text, end):
        price.put("up_mbps", speed.down, behind)
    whole = Span(min(speed.start, price.start), max(speed.end, end))
    if whole.end - whole.start <= _LONGEST_QUOTE:
        # One quote shows that this speed has this price.
        slot = "promo_cents" if price.promo_cents is not None else "monthly_cents"
        price.proofs[slot] = price.proofs["down_mbps"] = whole


def _symmetric(text: str, sentence: Span, speed: SpeedAt) -> Span | None:
    """Return the words that make a speed hold both ways: in the sentence, or on its line of a card."""
    if not sentence.start <= speed.start < sentence.end:
        end = text.find("\n", speed.end)
        start = text.rfind("\n", 0, speed.start) + 1
        sentence = Span(start, end if end >= 0 else len(text))
    return symmetric_span(text, sentence, speed)


def put_uploads(text: str, found: Sequence[Price]) -> None:
    """Give the speeds up that the text tells of all plans at once, or of one elsewhere."""
    without = [price for price in found if price.down_mbps and price.up_mbps is None]
    for said in pattern("symmetric_all").finditer(text) if without else ():
        for price in without:
            if price.up_mbps is None and abs(said.start() - price.end) < _NEAR:
                price.put("up_mbps", price.down_mbps, Span(*said.span()))
    if without and (all_up := pattern("upload_all").search(text)):
        for price in without:
            if price.up_mbps is None and abs(all_up.start() - price.end) < _FAR:
                price.put("up_mbps", float(all_up["up"] or all_up["up_too"]), Span(*all_up.span()))
    for price in without:
        end = min(len(text), price.end + _FAR)
        if price.up_mbps is None and pattern("upload").search(text, price.end, end):
            told = uploads_told(text, price.end, end).get(price.down_mbps or 0)
            if told is not None and "$" not in text[told.start : told.end]:
                price.put("up_mbps", told.up, Span(told.start, told.end))
