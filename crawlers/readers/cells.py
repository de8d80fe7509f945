"""The cells of one label row read into values; what cannot be read is kept as a problem of its column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawlers.readers.columns import Columns, FeeColumns, unit_in
from market.records import Fee
from market.units import (
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

_YES = re.compile(r"^(?:yes|y|true|1|is|required|requires?\b(?! no).*)$", re.IGNORECASE)
_NO = re.compile(
    r"^(?:no|n|false|0|is not|not required|does not require a(?:n annual)? contract\.?|no contract.*)$",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"^(?:please )?(?:call|contact|custom|request|quote|individual case|icb|negotiat|varies by contract).*",
    re.IGNORECASE,
)
_FEE = re.compile(
    r"^(?P<amount>(?:up to\s*)?\$?\s*[\d,.]+(?:\s*-\s*\$?\s*[\d,.]+)?\*?)"
    r"\s*(?P<rest>(?:\(|per\b|each\b|/|if\b|one[- ]time\b)[^\d]*)$",
    re.IGNORECASE,
)
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
    default_speed: str = "Mbps"
    """Unit of speeds that stand without one."""
    problems: dict[str, str] = field(default_factory=dict)

    def raw(self, slot: str) -> str:
        """Return the slot's cell as it stands in the file; "" when the file has no such column."""
        at = self.columns.slots.get(slot)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def text(self, slot: str) -> str:
        """Return the slot's words, "" for NULL and the like."""
        return cell_text(self.raw(slot))

    def name(self, slot: str) -> str:
        """Return the slot's column name as it stands in the file."""
        return self.columns.names[self.columns.slots[slot]]

    def problem(self, slot: str) -> None:
        """Record that the slot's cell could not be read."""
        self.problems[self.name(slot)] = self.raw(slot)

    def money(self, slot: str) -> Money | None:
        """Return the slot's exact amount. Ranges and "up to" are no exact amount and become problems."""
        words = self.text(slot)
        if not words:
            return None
        amount = parse_money(words)
        if amount is None or amount.cents_max is not None:
            self.problem(slot)
            return None
        return amount

    def asks_for_quote(self, slot: str) -> bool:
        """Say whether the cell says that the price is given on request."""
        return bool(_QUOTE.match(self.text(slot)))

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

    def months(self, slot: str) -> int | None:
        """Return the slot's months."""
        words = self.text(slot)
        if not words:
            return None
        months = parse_term(words)
        if months is None:
            self.problem(slot)
        return months

    def data(self) -> DataAllowance | None:
        """Return the data allowance; a bare 0 says nothing (the template uses it for "none stated")."""
        words = self.text("data")
        if not words or re.fullmatch(r"0(?:\.0+)?", words):
            return None
        allowance = parse_data(words, default_unit=unit_in(self.name("data")) or "GB")
        if allowance is None:
            self.problem("data")
        return allowance

    def spans(self, slot: str) -> dict[str, Span]:
        """Return the slot's figures by label: {"": one figure} or {"4G LTE": ..., "5G": ...} for a packed
        cell.
        """
        words = self.text(slot)
        if not words:
            return {}
        unit = unit_in(self.name(slot)) or self.default_speed
        found: dict[str, Span] = {}
        entries, kinds = _PACKED.split(words.strip(" ;|")), split_list(self.raw("technology"))
        for at, entry in enumerate(entries):
            label, value = _label(entry)
            if not label and len(entries) == len(kinds) > 1:
                # The technology's cell is packed alike and tells which figure is whose.
                label = kinds[at]
            span = parse_latency(value) if slot == "latency" else parse_speed(value, default_unit=unit)
            if span is None or label in found:
                self.problem(slot)
                return {}
            found[label] = span
        return found

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
        titles, figures = split_list(self.raw(names)), split_list(self.raw(amounts))
        if names not in self.columns.slots:
            return tuple(_named_fee(figure) for figure in figures if figure)
        if len(titles) != len(figures) and titles and figures:
            titles, figures = _by_comma(titles, len(figures)), _by_comma(figures, len(titles))
        if not titles:
            titles = [""] * len(figures)
        if not figures:
            figures = [""] * len(titles)
        if len(titles) != len(figures):
            self.problem(amounts)
            return ()
        return tuple(
            fee(title, figure) for title, figure in zip(titles, figures, strict=True) if title or figure
        )


def fee(name: str, raw: str) -> Fee:
    """Return a Fee; words such as "Included" or "varies" have no cents, "15.00 (in stores)" has."""
    amount = parse_money(raw)
    if amount is None:
        qualified = _FEE.match(raw)
        amount = parse_money(qualified["amount"]) if qualified else None
    return Fee(
        name=name,
        raw=raw,
        cents=amount.cents if amount else None,
        cents_max=amount.cents_max if amount else None,
        up_to=amount.up_to if amount else False,
        optional="optional" in name.lower(),
    )


_NAME_FIRST = re.compile(r"^(?P<name>[^$:]*[A-Za-z][^$:]*?)\s*(?::\s*(?P<amount>.+)|(?P<dollars>\$\s*\d.*))$")


def _named_fee(entry: str) -> Fee:
    """Return the fee of an entry that holds name and amount: "Gateway: $15.00", "Device charge $35.00"."""
    found = _NAME_FIRST.match(entry)
    if not found or parse_money(entry) is not None:
        return fee("", entry)
    name, amount = found["name"].strip(), found["amount"] or found["dollars"]
    bound = re.search(r"\s*\bup to$", name, re.IGNORECASE)
    return fee(name[: bound.start()], f"up to {amount}") if bound else fee(name, amount)


def _by_comma(entries: list[str], wanted: int) -> list[str]:
    if len(entries) == 1 and entries[0].count(",") == wanted - 1:
        return [part.strip() for part in entries[0].split(",")]
    return entries


def _label(entry: str) -> tuple[str, str]:
    """Part "53-304 Mbps (5G)" or "5G: 53-304 Mbps" into label and value; the label of a bare value is ""."""
    found = _LABELLED.match(entry.strip())
    if not found:
        return "", entry
    if found["label"] is not None:
        return " ".join(found["label"].split()), found["value"]
    return " ".join(found["label2"].split()), found["value2"]
