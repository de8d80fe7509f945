"""The cells of one label row read into values; what cannot be read is kept as a problem of its column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from crawlers.readers.columnnames import counts_cents, counts_years, currency_in, in_seconds, unit_in
from crawlers.readers.columns import Columns, FeeColumns
from crawlers.readers.labelfees import by_comma, entries_of, fee, named_fee, titled_fee
from crawlers.readers.speedpair import speed_pair
from market.records import Fee
from market.units import (
    MAX_CENTS,
    DataAllowance,
    Money,
    Span,
    cell_text,
    parse_data,
    parse_latency,
    parse_money,
    parse_speed,
    parse_term,
    split_list,
)

_YES = re.compile(r"^(?:yes\b.*|y|true|t|1|is|required|x|✓|requires?\b(?! no).*)$", re.IGNORECASE)
_NO = re.compile(
    r"^(?:no\b.*|n|false|f|0|is not|not required|does not require a(?:n annual)? contract\.?)$",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"^(?:please )?(?:call|contact|custom|request|quote|individual case|icb|negotiat|varies by contract).*",
    re.IGNORECASE,
)
MAX_UNITLESS_MBPS = 100_000
"""Labels are for the mass market: a figure that would be more than 100 Gbps is in another unit."""
_PRICES = frozenset({"price", "intro_price", "after_price", "intro", "regular_price"})
"""The columns whose amounts a column "price unit" or "currency" speaks of."""
_CENTS = re.compile(r"(?P<figure>\d{1,12})\s*(?P<unit>cents?|¢)?", re.IGNORECASE)
_CENT = re.compile(r"(?:us |usd |minor )?(?:cents?|¢|minor(?: units?)?)", re.IGNORECASE)
_DOLLARS = re.compile(r"(?:us |u\.s\. )?dollars?", re.IGNORECASE)
_DAY = re.compile(r"[3-7]\d{4}")
"""A day as spreadsheets count them (1982 to 2119), no amount of money that anybody writes without a sign."""
_PACKED = re.compile(r"\s*(?:[;|\n]|,(?=\s*\D*\d[^,;|]*\())\s*")
_LABELLED = re.compile(
    r"^(?P<value>.*?)\s*\((?P<label>[^()]*)\)\s*$"
    r"|^(?P<label2>[A-Za-z0-9+/ .-]*[A-Za-z+])\s*:\s*(?P<value2>.+)$",
    re.DOTALL,
)


@dataclass
class Cells:
    """One row behind its columns. `problems` maps a column's name to the cell that could not be read."""

    columns: Columns
    cells: tuple[str, ...]
    units: tuple[str, str] = ("Mbps", "Mbps")
    """Units of down- and upload speeds that stand without one."""
    decimal_comma: bool = False
    """Whether the file's figures have decimal commas, and points between thousands."""
    problems: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """Of an offer's field the slot whose cell it was read from, where it is not its own."""

    def raw(self, slot: str) -> str:
        """Return the slot's cell as it stands in the file; "" when the file has no such column."""
        at = self.columns.slots.get(slot)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def text(self, slot: str) -> str:
        """Return the slot's words, "" for NULL and the like."""
        return cell_text(self.raw(slot))

    def figure(self, slot: str) -> str:
        """Return the slot's words with figures as the parsers take them: 1049.5 for "1.049,5" among decimal
        commas.
        """
        words = self.text(slot)
        return with_points(words) if self.decimal_comma else words

    def name(self, slot: str) -> str:
        """Return the slot's column name as it stands in the file."""
        return self.columns.names[self.columns.slots[slot]]

    def problem(self, slot: str) -> None:
        """Record that the slot's cell could not be read."""
        self.problems[self.name(slot)] = self.raw(slot)

    def money(self, slot: str) -> Money | None:
        """Return the slot's exact amount. Ranges and "up to" are no exact amount and become problems."""
        if not self.figure(slot):
            return None
        amount = self.amount(slot)
        if amount is None:
            self.problem(slot)
        return amount

    def asks_for_quote(self, slot: str) -> bool:
        """Say whether the cell says that the price is given on request."""
        return asks_for_quote(self.text(slot))

    def flag(self, slot: str) -> bool | None:
        """Return what a yes/no cell says; None for an empty one, and a problem for one that says neither."""
        words = self.text(slot)
        if not words:
            return None
        if _NO.match(words):
            return False
        if _YES.match(words):
            return True
        self.problem(slot)
        return None

    def in_cents(self) -> bool:
        """Say whether a cell of its own gives the unit of prices as cents."""
        return _CENT.fullmatch(self.text("price_unit")) is not None

    def amount(self, slot: str) -> Money | None:
        """Return the slot's exact amount as `money` does, without a word on a cell that holds none."""
        words = self.figure(slot)
        if not words:
            return None
        unit = self.text("price_unit") if slot in _PRICES else ""
        in_cents = _CENTS.fullmatch(words)
        if in_cents and (in_cents["unit"] or counts_cents(self.name(slot)) or _CENT.fullmatch(unit)):
            return Money(int(in_cents["figure"])) if int(in_cents["figure"]) <= MAX_CENTS else None
        if counts_cents(self.name(slot)):
            return None
        told = [unit, self.text("currency") if slot in _PRICES else ""]
        found, units = stated_money(words), [known for each in told if (known := _unit_of_money(each))]
        if found is None or len(units) < len(told):
            return None
        named = (found.currency, *(known.currency for known in units), currency_in(self.name(slot)))
        return replace(found, currency=next(filter(None, named), None))

    def months(self, slot: str) -> int | None:
        """Return the slot's months; bare figures are years where the column's name says so."""
        words = self.text(slot)
        if not words:
            return None
        months = parse_term(words)
        if months is None:
            self.problem(slot)
        elif words.replace(".", "").isdigit() and counts_years(self.name(slot)):
            months *= 12
        return months

    def data(self) -> DataAllowance | None:
        """Return the data allowance; a bare 0 says nothing (the template uses it for "none stated")."""
        words = self.figure("data")
        if not words or re.fullmatch(r"0(?:\.0+)?", words):
            return None
        if "unlimited" in self.name("data").lower() and _YES.match(words):
            return DataAllowance(None, unlimited=True)
        unit = self.text("data_unit") or unit_in(self.name("data")) or "GB"
        allowance = parse_data(words, default_unit=unit)
        if allowance is None:
            self.problem("data")
        return allowance

    def speeds(self) -> dict[str, dict[str, Span]]:
        """Return the figures of "down", "up" and "latency", each by label: {"": one figure}, or of a packed
        cell {"4G LTE": ..., "5G": ...}. A column of both speeds ("100/20") fills what the others leave open.
        """
        found = {slot: self._spans(slot) for slot in ("up", "latency")}
        pair = None
        if not found["up"] and not self.text("up"):
            pair = self._pair("down")
        found["down"] = self._spans("down") if pair is None else {}
        origin = "down"
        if pair is None and not found["down"] and not self.text("down") and self.text("speed"):
            pair, origin = self._pair("speed"), "speed"
            if pair is None:
                found["down"] = self._spans("speed")
                self.origins["down_mbps"] = origin
        if pair is not None:
            found["down"], found["up"] = {"": pair[0]}, found["up"] or {"": pair[1]}
            self.origins |= {"down_mbps": origin, "up_mbps": "up" if self.text("up") else origin}
        return found

    def _unit(self, slot: str) -> str:
        told = self.text("up_unit") if slot == "up" else ""
        told = told or self.text("down_unit")
        if told and slot != "latency" and parse_speed(f"1 {told}") is not None:
            return told
        return unit_in(self.name(slot)) or self.units[slot == "up"]

    def _pair(self, slot: str) -> tuple[Span, Span] | None:
        """Return a cell's download and upload speed ("100/20 Mbps", "1 Gig x 50 Meg"), or None."""
        words = self.figure(slot)
        if not words:
            return None
        upload_first = re.search(r"up.*down|ul.*dl", self.name(slot), re.IGNORECASE) is not None
        return speed_pair(words, self._unit(slot), upload_first=upload_first)

    def _spans(self, slot: str) -> dict[str, Span]:
        words = self.figure(slot)
        if not words:
            return {}
        unit = self._unit(slot)
        found: dict[str, Span] = {}
        entries, kinds = _PACKED.split(words.strip(" ;|")), split_list(self.raw("technology"))
        for at, entry in enumerate(entries):
            label, value = _label(entry)
            if not label and len(entries) == len(kinds) > 1:
                # The technology's cell is packed alike and tells which figure is whose.
                label = kinds[at]
            span = self._latency(value) if slot == "latency" else stated_speed(value, unit)
            if span is None or label in found:
                self.problem(slot)
                return {}
            found[label] = span
        return found

    def _latency(self, words: str) -> Span | None:
        span = parse_latency(words)
        if span is None or not in_seconds(self.name("latency")):
            return span
        return Span(span.low * 1000, span.high * 1000 if span.high is not None else None, span.up_to)

    def parted_fees(self) -> list[tuple[FeeColumns, Fee]]:
        """Return the fees that have columns of their own; a fee without an amount in this row is none."""
        found = []
        for columns in self.columns.fees:
            at, amount = columns.name_at, self._at(columns.amount_at)
            title = cell_text(self._at(at)) if at is not None else columns.title
            if cell_text(amount):
                found.append((columns, fee(title, cell_text(amount))))
        return found

    def _at(self, at: int | None) -> str:
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def fees(self, names: str, amounts: str) -> tuple[Fee, ...]:
        """Return the fees of two packed columns; lists of unequal length are a problem and give none."""
        if names not in self.columns.slots and amounts not in self.columns.slots:
            return ()
        titles, figures = entries_of(self.raw(names)), entries_of(self.raw(amounts))
        if names not in self.columns.slots or not titles:
            return tuple(named_fee(figure) for figure in figures if figure)
        if not figures:
            told = [named_fee(title) for title in titles]
            if any(each.cents is not None for each in told):
                return tuple(each for each in told if each.name or each.raw)
        if len(titles) != len(figures) and titles and figures:
            titles, figures = by_comma(titles, len(figures)), by_comma(figures, len(titles))
        elif len(titles) == 1 and not self.decimal_comma:
            # "Installation,Activation" beside "99,35" are two fees.
            both = by_comma(titles, titles[0].count(",") + 1), by_comma(figures, titles[0].count(",") + 1)
            if len(both[0]) == len(both[1]) and all(parse_money(each) for each in both[1]):
                titles, figures = both
        if not figures:
            figures = [""] * len(titles)
        if len(titles) != len(figures):
            self.problem(amounts)
            return ()
        return tuple(
            titled_fee(title, figure)
            for title, figure in zip(titles, figures, strict=True)
            if title or figure
        )


_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.])")
_DECIMALS = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")


def with_points(words: str) -> str:
    """Return words whose figures have decimal commas with decimal points: "1.049,5" -> "1049.5"."""
    return _DECIMALS.sub(".", _THOUSANDS.sub(lambda found: found[0].replace(".", ""), words))


def stated_speed(words: str, unit: str) -> Span | None:
    """Return a label's speed; a figure without a unit of its own must be one that a label can state."""
    span = parse_speed(words, default_unit=unit)
    if span is None or (span.low == 0 and not span.high):
        return None
    unitless = not re.search("[a-z]", words, re.IGNORECASE)
    return None if unitless and (span.high or span.low) > MAX_UNITLESS_MBPS else span


def stated_money(words: str) -> Money | None:
    """Return the exact amount that words state; a day in a spreadsheet's count is none."""
    found = parse_money(words)
    return None if found is None or found.cents_max is not None or _DAY.fullmatch(words) else found


def _unit_of_money(words: str) -> Money | None:
    """Return one of the unit that words name ("USD", "dollars per month"); None for another one than of
    money, and for cents, of which a figure with a point is none.
    """
    return Money(100) if not words else parse_money(f"1 {_DOLLARS.sub('', words).strip()}")


def asks_for_quote(words: str) -> bool:
    """Say whether words in the place of a price say that it is given on request."""
    return bool(_QUOTE.match(words))


def _label(entry: str) -> tuple[str, str]:
    """Part "53-304 Mbps (5G)" or "5G: 53-304 Mbps" into label and value; the label of a bare value is ""."""
    found = _LABELLED.match(entry.strip())
    if not found:
        return "", entry
    if found["label"] is not None:
        return " ".join(found["label"].split()), found["value"]
    return " ".join(found["label2"].split()), found["value2"]
