"""Prices in prose: "starting at $49.99 a month for 500 Mbps for 12 months", with a quote for every slot.

An amount counts when a company asks it monthly for service now. What an amount is, the words beside it decide
(see data/offers.toml): not ranges, averages, discounts, fees, devices or what somebody pays. A promotional
price takes the one that follows it ("then $95") as its regular price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from market.records import Mention
from nlp.document import Document, Span
from nlp.offers_amounts import MOST_AMOUNTS, Amount, SpeedAt, amounts, months_of, pattern, speeds
from nlp.offers_rules import is_asked, is_price, is_regular, term_after, term_before, term_of
from nlp.offers_speeds import speed_of, symmetric_behind, symmetric_span
from nlp.offers_tables import TableRow, table_rows
from nlp.providers import full_names

_TERM, _WIDE = 110, 90
"""Characters behind an amount in which its term stands, and before it in which its terms do."""
_NEAR, _NEXT_DOOR = 300, 130
"""Characters back to a price that shows those without "a month" to be monthly too."""
_BACK = 500
"""Characters back to the name of which "the company" stands."""
_LONGEST_QUOTE = 160
_EARLY = 0.4
"""The share of a text in which a company named once must stand to be what the text is about."""
_LONGEST_SENTENCE = 2_000
"""A longer one is no sentence: a table or a text without stops; its amounts are read in the first part."""


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
    proofs: dict[str, Span] = field(default_factory=dict)

    def put(self, slot: str, value: object, proof: Span) -> None:
        """Fill a slot and say where it stands."""
        setattr(self, slot, value)
        self.proofs[slot] = proof

    def says_less_than(self, other: Price) -> bool:
        """Tell whether this says nothing that another does not."""
        return (
            (self.company, self.monthly_cents) == (other.company, other.monthly_cents)
            and self.promo_cents in (None, other.promo_cents)
            and self.down_mbps in (None, other.down_mbps)
        )


def find_prices(document: Document, companies: Sequence[Mention]) -> list[Price]:
    """Return the prices that a text tells, in order; none where no company can be held to them."""
    if "$" not in document.text.text:
        return []
    return _Reader(document, companies).read()


def _main_company(named: Sequence[Mention], length: int) -> Mention | None:
    """Return a mention of the company named most, the first of several; none if only late and once."""
    counted = Counter(mention.target for mention in named)
    most = max(named, key=lambda mention: counted[mention.target], default=None)
    if most is None or counted[most.target] > 1 or len(counted) == 1 or most.field == "title":
        return most
    return most if most.start < _EARLY * length else None


class _Reader:
    """Reads one text's prices."""

    def __init__(self, document: Document, companies: Sequence[Mention]) -> None:
        self._passage = document.text
        self._text = document.text.text
        self._own = document.company
        named = [mention for mention in companies if mention.target]
        self._mentions = sorted((m for m in named if m.field == "text"), key=lambda mention: mention.start)
        self._names = full_names(named)
        self._main = _main_company(named, len(self._text))
        self._found: list[Price] = []

    def read(self) -> list[Price]:
        rows = list(table_rows(self._text))
        left = MOST_AMOUNTS
        for row in rows:
            self._add_row(row)
        for sentence in self._passage.sentences:
            if left <= 0:
                break
            if self._text.find("$", sentence.start, sentence.end) < 0:
                continue
            sentence = Span(sentence.start, min(sentence.end, sentence.start + _LONGEST_SENTENCE))
            told = [
                amount
                for amount in amounts(self._text, sentence.start, sentence.end)
                if not any(row.start <= amount.start < row.end for row in rows)
            ]
            left -= len(told)
            if any(amount.cents for amount in told):
                self._read_sentence(sentence, told)
        if self._found and (said := pattern("symmetric_all").search(self._text)):
            for price in self._found:
                if price.down_mbps and price.up_mbps is None and abs(said.start() - price.end) < _NEAR:
                    price.put("up_mbps", price.down_mbps, Span(*said.span()))
        return self._found

    def _add_row(self, row: TableRow) -> None:
        company = self._company(row.start, row.start)
        if company is None or not (row.monthly_cents or row.promo_cents):
            return
        price = Price(*company[:2], row.start, row.end)
        whole = Span(row.start, row.end)
        for slot in ("monthly_cents", "promo_cents", "down_mbps"):
            if (value := getattr(row, slot)) is not None:
                price.put(slot, value, whole)
        if row.promo_months is not None:
            price.put("promo_months", row.promo_months, Span(row.header_start, row.header_end))
        self._found.append(price)

    def _read_sentence(self, sentence: Span, told: list[Amount]) -> None:
        text = self._text
        if pattern("sentence_not").search(text, sentence.start, sentence.end) or self._is_content(sentence):
            return
        fast = list(speeds(text, sentence.start, sentence.end))
        prices = [n for n in range(len(told)) if is_price(text, sentence, told, n, bool(fast))]
        done = self._give_later(sentence, [told[n] for n in prices])
        monthly = any(told[n].is_monthly for n in prices)
        used: set[int] = set()
        whole, paragraph = text[sentence.start : sentence.end], text.rfind("\n", 0, sentence.start) + 1
        for number in prices:
            amount = told[number]
            if amount in done:
                continue
            gap = sentence.start - self._found[-1].end if self._found else _NEAR
            regular = told[number + 1] if number + 1 < len(told) else None
            follows = bool(regular and regular.cents and is_regular(text, sentence, amount, regular))
            alone = len(prices) - (follows and number + 1 in prices) == 1
            speed = speed_of(text, sentence, told, number, fast, used, alone=alone)
            speed = speed or self._same_speed(sentence, amount)
            term = self._term(sentence, amount, regular)
            if term is None and follows and regular:
                term = term_after(text, sentence, regular)
            near, next_door = monthly or gap < _NEAR, gap < _NEXT_DOOR or term is not None
            company = self._company(amount.start, sentence.start)
            if company is None or not is_asked(text, sentence, amount, speed, near=near, next_door=next_door):
                continue
            price = Price(*company[:2], amount.start, amount.unit_end)
            near_company = company[2] is not None and paragraph <= company[2].start < amount.start
            if company[2] is not None and sentence.start <= company[2].start < amount.start:
                price.proofs["company"] = company[2]
            elif speed is None and not (near_company or pattern("priced").search(whole)):
                continue
            if follows and regular:
                done.append(regular)
            else:
                regular = None
            self._put_price(price, amount, term, regular)
            self._put_speed(price, speed, amount, sentence)
            self._put_terms(price, sentence, amount)
            if not any(price.says_less_than(other) for other in self._found):
                self._found = [other for other in self._found if not other.says_less_than(price)]
                self._found.append(price)

    def _same_speed(self, sentence: Span, amount: Amount) -> SpeedAt | None:
        """Return the speed of the price before, where "for the same speed" says so."""
        last = self._found[-1] if self._found else None
        if last is None or last.down_mbps is None or amount.start - last.end > _NEAR:
            return None
        said = pattern("same_speed").search(self._text, sentence.start, sentence.end)
        return SpeedAt(said.start(), said.end(), last.down_mbps, last.up_mbps) if said else None

    def _is_content(self, sentence: Span) -> bool:
        """Tell whether the line up to a sentence's end sells films and channels, not service."""
        line = max(self._text.rfind("\n", 0, sentence.start) + 1, sentence.start - _NEAR)
        return pattern("content").search(self._text, line, sentence.end) is not None

    def _give_later(self, sentence: Span, prices: list[Amount]) -> list[Amount]:
        """Give the first price of "After that, $78 a month" to the promotion of the sentence before."""
        if not (prices and self._found and pattern("later").match(self._text, sentence.start, sentence.end)):
            return []
        last = self._found[-1]
        if last.promo_cents is None or last.monthly_cents is not None or sentence.start - last.end > _NEAR:
            return []
        last.put("monthly_cents", prices[0].cents, Span(prices[0].start, prices[0].unit_end))
        last.end = prices[0].unit_end
        return prices[:1]

    def _term(self, sentence: Span, amount: Amount, behind: Amount | None) -> tuple[int, Span] | None:
        if pattern("perfect").search(self._text, max(sentence.start, amount.start - _WIDE), amount.start):
            return None
        if behind is None and pattern("holds").search(self._text, sentence.start, amount.start):
            return None
        limit = min(sentence.end, amount.unit_end + _TERM, behind.start if behind else sentence.end)
        term = term_of(self._text, amount.unit_end, limit)
        return term if term is not None else term_before(self._text, sentence, amount)

    @staticmethod
    def _put_price(
        price: Price, amount: Amount, term: tuple[int, Span] | None, regular: Amount | None
    ) -> None:
        own = Span(amount.start, amount.unit_end)
        if term is None and regular is None:
            price.put("monthly_cents", amount.cents, own)
            return
        price.put("promo_cents", amount.cents, own)
        if term is not None:
            price.put("promo_months", *term)
        if regular is not None:
            price.put("monthly_cents", regular.cents, Span(regular.start, regular.unit_end))
            price.end = regular.unit_end

    def _put_speed(self, price: Price, speed: SpeedAt | None, amount: Amount, sentence: Span) -> None:
        if speed is None or speed.down is None:
            return
        span = Span(speed.start, speed.end)
        price.put("down_mbps", speed.down, span)
        if speed.up is not None:
            price.put("up_mbps", speed.up, span)
        elif both := symmetric_span(self._text, sentence, speed):
            price.put("up_mbps", speed.down, both)
        elif behind := symmetric_behind(self._text, amount.unit_end):
            price.put("up_mbps", speed.down, behind)
        whole = Span(min(speed.start, amount.start), max(speed.end, amount.unit_end))
        if whole.end - whole.start <= _LONGEST_QUOTE:
            # One quote shows that this speed has this price.
            slot = "promo_cents" if price.promo_cents is not None else "monthly_cents"
            price.proofs[slot] = price.proofs["down_mbps"] = whole

    def _put_terms(self, price: Price, sentence: Span, amount: Amount) -> None:
        text = self._text
        limit = min(sentence.end, amount.unit_end + _TERM)
        another = text.find("$", amount.end, limit)
        limit = another if another >= 0 else limit
        start = max(sentence.start, amount.start - _WIDE)
        if match := pattern("without_autopay").search(text, amount.unit_end, limit):
            price.put("autopay", False, Span(*match.span()))
        elif match := pattern("autopay").search(text, start, limit):
            price.put("autopay", True, Span(*match.span()))
        if match := pattern("no_contract").search(text, sentence.start, min(len(text), sentence.end + _WIDE)):
            price.put("contract_months", 0, Span(*match.span()))
        elif match := pattern("contract").search(text, sentence.start, sentence.end):
            price.put("contract_months", months_of(match["figure"], match["unit"]), Span(*match.span()))
        if match := pattern("plan_name").search(text, start, limit):
            name = match["name"].strip()
            price.put("plan_name", name, Span(match.start("name"), match.start("name") + len(name)))

    def _is_host(self, mention: Mention) -> bool:
        """Tell whether a company is named for its network, on which somebody else's service runs."""
        text = self._text
        if pattern("host_behind").match(text, mention.end) is None:
            return False
        start = max(0, mention.start - 24)
        return any(
            said.end() == mention.start
            for said in pattern("host_before").finditer(text, start, mention.start)
        )

    def _company(self, position: int, sentence_start: int) -> tuple[str, str, Span | None] | None:
        """Return (id, words, place) of who asks a price.

        It is whom the sentence names before it, else whose own text it is, else the last one named where it
        says "the company", else whom the paragraph names before it, else the one that the text is about.
        """
        before = [m for m in self._mentions if m.start < position and not self._is_host(m)]
        paragraph = self._text.rfind("\n", 0, position) + 1
        chosen = before[-1] if before and before[-1].start >= sentence_start else None
        if chosen is None and self._own is not None:
            return self._own, self._own, None
        another = pattern("the_company").search(self._text[sentence_start:position])
        if chosen is None and before and another and position - before[-1].end < _BACK:
            chosen = before[-1]
        if chosen is None:
            chosen = before[-1] if before and before[-1].start >= paragraph else self._main
        if chosen is None or chosen.target is None:
            return None
        place = Span(chosen.start, chosen.end) if chosen.field == "text" else None
        return chosen.target, self._names[chosen.target], place
