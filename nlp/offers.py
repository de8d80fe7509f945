"""Prices in prose: "starting at $49.99 a month for 500 Mbps for 12 months", with a quote for every slot.

An amount counts when a company asks it monthly for service now. What an amount is, the words beside it decide
(see data/offers.toml): not ranges, averages, discounts, fees, devices or what somebody pays. A promotional
price takes the one that follows it ("then $95") as its regular price.

This module reads a text sentence by sentence; a price and its slots are in `offers_price`, what is said of
several prices or after them in `offers_later`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from market.records import Mention
from nlp.document import Document, Span
from nlp.offers_amounts import MOST_AMOUNTS, Amount, amounts, signs_of_money
from nlp.offers_companies import Askers
from nlp.offers_connections import SpeedAt, speeds
from nlp.offers_later import give_later, share_terms
from nlp.offers_patterns import pattern
from nlp.offers_price import Price, put_speed, put_terms, put_uploads, term_beside
from nlp.offers_rules import is_asked, is_line, is_list_line, is_price
from nlp.offers_speeds import card_above, is_card, respective, speed_of
from nlp.offers_tables import TableRow, grid_rows, table_rows
from nlp.offers_terms import WIDE, later_prices, regular_before, term_after, term_of

_NEAR, _NEXT_DOOR = 300, 130
"""Characters back to a price that shows those without "a month" to be monthly too."""
_LEADERS = 100
"""Characters of a line before its dot leaders: "100 Mbps ........ $45"."""
_WITHOUT = 40
_LONGEST_LINE = 120
_LONGEST_SENTENCE = 2_000
"""A longer one is no sentence: a table or a text without stops; its amounts are read in the first part."""


def find_prices(document: Document, companies: Sequence[Mention]) -> list[Price]:
    """Return the prices that a text tells, in order; none where no company can be held to them."""
    if document.company is None and not any(mention.target for mention in companies):
        return []
    money = signs_of_money(document.text.text)
    return _Reader(document, companies).read(money) if money else []


def _is_label(line: str) -> bool:
    """Tell whether a line is "Price: $50 per month"."""
    said = pattern("price_label").match(line.lstrip(" -–—•*|#"))
    return said is not None and line.find("$") >= 0


class _Reader:
    """Reads one text's prices."""

    def __init__(self, document: Document, companies: Sequence[Mention]) -> None:
        self._passage = document.text
        self._text = document.text.text
        self._askers = Askers(document, companies)
        self._found: list[Price] = []
        self._group: list[Price] = []
        """The prices of the last sentence that told some."""
        self._card: tuple[int, bool] = 0, False
        """Where the last plan card's price ended, and whether cards here have their speeds below."""

    def read(self, money: Sequence[int]) -> list[Price]:
        """Return the prices in order; `money` says where dollars may be named."""
        rows = [*table_rows(self._text), *islice(grid_rows(self._text), MOST_AMOUNTS)]
        left, sign = MOST_AMOUNTS, 0
        for row in rows:
            self._add_row(row)
        for sentence in self._passage.sentences:
            if left <= 0:
                break
            while sign < len(money) and money[sign] < sentence.start:
                sign += 1
            if sign == len(money) or money[sign] >= sentence.end:
                if self._group:
                    self._read_following(sentence)
                continue
            sentence = Span(self._line_start(sentence), min(sentence.end, sentence.start + _LONGEST_SENTENCE))
            told = [
                amount
                for amount in amounts(self._text, sentence.start, sentence.end)
                if not any(row.start <= amount.start < row.end for row in rows)
            ]
            left -= len(told)
            if any(amount.cents for amount in told):
                self._read_sentence(sentence, told)
        if self._found:
            put_uploads(self._text, self._found)
        return self._found

    def _line_start(self, sentence: Span) -> int:
        """Return where a sentence starts, with the words of its line that dot leaders seem to end."""
        text = self._text
        if text.startswith("..", sentence.start - 3) or text.startswith("..", sentence.start - 2):
            line = text.rfind("\n", max(0, sentence.start - _LEADERS), sentence.start) + 1
            return line if line and "$" not in text[line : sentence.start] else sentence.start
        return sentence.start

    def _read_following(self, sentence: Span) -> None:
        """Give the speed of "That gets you 300 Mbps" to the price of the sentence before."""
        if len(self._group) != 1 or self._group[0].down_mbps is not None:
            return
        price, text = self._group[0], self._text
        if not 0 <= sentence.start - price.end < _NEXT_DOOR or "\n" in text[price.end : sentence.start]:
            return
        if pattern("that_gives").match(text, sentence.start, sentence.end):
            told = [speed for speed in speeds(text, sentence.start, sentence.end) if speed.down]
            if len({speed.down for speed in told}) == 1:
                put_speed(text, price, told[0], price.end, sentence, told)

    def _add_row(self, row: TableRow) -> None:
        asker = self._askers.of(row.end, Span(row.start, row.end), row.end)
        if asker is None or not (row.monthly_cents or row.promo_cents):
            return
        price = Price(*asker[:2], row.start, row.end)
        whole = Span(row.start, row.end)
        for slot in ("monthly_cents", "promo_cents", "down_mbps", "up_mbps"):
            if (value := getattr(row, slot)) is not None:
                price.put(slot, value, whole)
        if row.promo_months is not None:
            price.put("promo_months", row.promo_months, Span(row.header_start, row.header_end))
        self._found.append(price)

    def _read_sentence(self, sentence: Span, told: list[Amount]) -> None:
        text = self._text
        if pattern("sentence_not").search(text, sentence.start, sentence.end):
            return
        fast = list(speeds(text, sentence.start, sentence.end))
        if not fast and self._is_content(sentence):
            return
        prices = [n for n in range(len(told)) if is_price(text, sentence, told, n, bool(fast))]
        done = give_later(text, sentence, self._group, [told[n] for n in prices], fast)
        prices = [number for number in prices if told[number] not in done]
        ahead = {
            number + 1: number
            for number in range(len(told) - 1)
            if number + 1 in prices and regular_before(text, sentence, told[number], told[number + 1])
        }
        prices = [number for number in prices if number not in ahead.values()]
        lists = respective(text, sentence, told, prices, fast)
        later = {number: later_prices(text, sentence, told, number) for number in prices}
        used: set[int] = set()
        group: list[Price] = []
        taken: set[int] = set()
        for number in prices:
            if number in taken:
                continue
            chain = later[number] or ([ahead[number]] if number in ahead else [])
            alone = len([n for n in prices if n not in chain]) == 1
            speed = lists.get(number) or self._speed_of(
                sentence, told, number, fast, used, group, alone=alone
            )
            price = self._price_of(sentence, told, number, chain, speed, prices)
            if price is None:
                continue
            put_speed(text, price, speed, told[number].unit_end, sentence, fast)
            taken.update(chain)
            group.append(price)
        share_terms(text, sentence, told, prices, group, self._group, lists=bool(lists))
        if group:
            self._group = [kept for price in group if (kept := self._keep(price))]

    def _speed_of(
        self,
        sentence: Span,
        told: Sequence[Amount],
        number: int,
        fast: Sequence[SpeedAt],
        used: set[int],
        group: Sequence[Price],
        *,
        alone: bool,
    ) -> SpeedAt | None:
        amount, below = told[number], False
        if is_card(self._text, amount):
            end, below = self._card
            if not end or amount.start - end > _NEAR:
                below = card_above(self._text, amount) is None
            self._card = amount.unit_end, below
        speed = speed_of(self._text, sentence, told, number, fast, used, alone=alone, below=below)
        return speed or self._same_speed(sentence, amount, group)

    def _price_of(
        self,
        sentence: Span,
        told: Sequence[Amount],
        number: int,
        chain: Sequence[int],
        speed: SpeedAt | None,
        prices: Sequence[int],
    ) -> Price | None:
        """Return the price of an amount, with the last of those it becomes; None where nobody asks it."""
        text, amount = self._text, told[number]
        gap = sentence.start - self._found[-1].end if self._found else _NEAR
        regular = told[chain[-1]] if chain else None
        behind = told[number + 1] if number + 1 < len(told) else None
        term = term_beside(text, sentence, amount, behind, followed=regular is not None)
        if term is None and regular:
            term = term_after(text, sentence, regular)
            if term is None and regular.start > amount.start:
                term = term_of(text, regular.unit_end, min(sentence.end, regular.unit_end + _WITHOUT))
        listed = any(told[n].is_monthly for n in prices if n != number)
        near = listed or amount.is_monthly or gap < _NEAR
        next_door = gap < _NEXT_DOOR or term is not None
        asker = self._askers.of(amount.start, sentence, amount.unit_end)
        if asker is None:
            return None
        if not is_asked(
            text, sentence, amount, speed, listed=listed, near=near, next_door=next_door
        ) and not (speed and is_list_line(text, sentence, amount, speed)):
            return None
        price = Price(*asker[:2], amount.start, amount.unit_end)
        paragraph = text.rfind("\n", 0, sentence.start) + 1
        near_company = asker[2] is not None and paragraph <= asker[2].start < amount.start
        if asker[2] is not None and sentence.start <= asker[2].start < sentence.end:
            price.proofs["company"] = asker[2]
        elif speed is None and not (
            near_company
            or pattern("priced").search(text, sentence.start, sentence.end)
            or (amount.is_monthly and self._is_listed(sentence))
        ):
            return None
        before = text[max(sentence.start, amount.start - WIDE) : amount.start]
        promo = pattern("introductory").search(before) is not None
        price.put_price(amount, term, regular, promo=promo)
        price.of_line = speed is None and is_line(text, sentence, amount)
        put_terms(text, price, sentence, amount)
        return price

    def _is_listed(self, sentence: Span) -> bool:
        """Tell whether a sentence is a short line with the price of one plan, under a heading or another."""
        text = self._text
        line = text.rfind("\n", 0, sentence.start) + 1
        end = text.find("\n", sentence.start)
        end = len(text) if end < 0 else end
        above = text[max(0, line - _LONGEST_LINE) : max(0, line - 1)].rstrip().rpartition("\n")[2]
        listed = "$" in above or above.endswith(":") or above.startswith(("#", "*"))
        return line > 0 and end - line <= _LONGEST_LINE and (listed or _is_label(text[line : sentence.end]))

    def _keep(self, price: Price) -> Price | None:
        """Add a price unless it says less than one found; those that say less than it go."""
        if any(price.says_less_than(other) for other in self._found):
            return None
        self._found = [other for other in self._found if not other.says_less_than(price)]
        self._found.append(price)
        return price

    def _same_speed(self, sentence: Span, amount: Amount, group: Sequence[Price]) -> SpeedAt | None:
        """Return the speed of the price before, where "the same speed" or "without it" says that it is."""
        last = group[-1] if group else self._found[-1] if self._found else None
        if last is None or last.down_mbps is None or amount.start - last.end > _NEAR:
            return None
        proof = last.proofs["down_mbps"]
        if group and pattern("without").search(
            self._text, last.end, min(sentence.end, amount.end + _WITHOUT)
        ):
            return SpeedAt(proof.start, proof.end, last.down_mbps, last.up_mbps)
        said = pattern("same_speed").search(self._text, sentence.start, sentence.end)
        return SpeedAt(said.start(), said.end(), last.down_mbps, last.up_mbps) if said else None

    def _is_content(self, sentence: Span) -> bool:
        """Tell whether the line up to a sentence's end sells films and channels, not service."""
        text = self._text
        if pattern("service").search(text, sentence.start, sentence.end):
            return False
        line = max(text.rfind("\n", 0, sentence.start) + 1, sentence.start - _NEAR)
        return pattern("content").search(text, line, sentence.end) is not None
