"""Which column of a label file holds which slot, and which hold fees of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawlers.readers.columnnames import meaning_of, name_tokens, names_column, words

_LISTS = frozenset({"one_time_names", "one_time_amounts", "monthly_names", "monthly_amounts"})


@dataclass
class FeeColumns:
    """Where one fee stands that has columns of its own."""

    once: bool
    title: str
    """Its name as its column's name tells it; "" where a column holds it."""
    name_at: int | None = None
    amount_at: int | None = None


def _fee_column(name: str) -> tuple[bool, str, str] | None:
    """Return of a fee's column whether it is a one-time fee, its number, and the rest of its name."""
    table, tokens = words()["fee_columns"], name_tokens(name)
    if set(tokens) & {*words()["token_exclude"]["words"], *table["exclude"]}:
        return None
    numbers = [token for token in tokens if token.isdigit()]
    if len(numbers) > 1:
        return None
    bare = "_".join(token for token in tokens if token not in numbers)
    for key in ("monthly", "monthly_named", "one_time", "one_time_named"):
        found = table[key].match(bare)
        if found:
            return (
                key.startswith("one"),
                "".join(numbers),
                next((part for part in found.groups() if part), ""),
            )
    return None


@dataclass
class Columns:
    """The columns of a header: where each slot stands, and what nobody knows."""

    names: tuple[str, ...]
    """As they stand in the file."""
    slots: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    fees: list[FeeColumns] = field(default_factory=list)
    """Fees that have columns of their own, in the order of the header."""
    _numbered: dict[str, FeeColumns] = field(default_factory=dict)

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Columns:
        """Map a header's cells. Of several columns of a slot the one with the plainest name counts, then the
        first; the others are `twice`.
        """
        columns = cls(names)
        ranks: dict[str, int] = {}
        for at, name in enumerate(names):
            slot, rank = meaning_of(name)
            if slot is None:
                if not columns._fee(at, name) and name.strip():
                    columns.unknown.append(name)
            elif slot and slot in columns.slots:
                other = names[columns.slots[slot]]
                if slot in _LISTS and columns._repeated(slot, at):
                    continue
                if rank < ranks[slot]:
                    columns.slots[slot], ranks[slot], name = at, rank, other
                columns.twice.append(name)
            elif slot:
                columns.slots[slot], ranks[slot] = at, rank
        columns._settle_prices()
        columns._settle_name()
        columns.fees = [fee for fee in columns.fees if fee.amount_at is not None]
        return columns

    def _settle_prices(self) -> None:
        """Give the regular price its slot: what is paid after the promotion, or the only price."""
        at = self.slots.pop("regular_price", None)
        if at is None:
            return
        for slot in ("price", "after_price"):
            if slot not in self.slots:
                self.slots[slot] = at
                return
        self.twice.append(self.names[at])

    def _settle_name(self) -> None:
        """Take a bare "name" for the plan's where speeds stand beside it and no other column names a plan."""
        named = next((name for name in self.unknown if name.strip().lower() in ("name", "title")), None)
        fast = any(slot in self.slots for slot in ("down", "speed", "up"))
        if named is not None and fast and not {"plan", "tier"} & set(self.slots):
            self.slots["plan"] = self.names.index(named)
            self.unknown.remove(named)

    def _repeated(self, slot: str, at: int) -> bool:
        """Note a further pair of columns for a fee's name and amount, named as the first pair is."""
        if self.names[at].strip().lower() != self.names[self.slots[slot]].strip().lower():
            return False
        once, naming = slot.startswith("one"), slot.endswith("names")
        waiting = next((f for f in reversed(self.fees) if f.once == once and not f.title), None)
        if waiting is None or (waiting.name_at if naming else waiting.amount_at) is not None:
            waiting = FeeColumns(once, "")
            self.fees.append(waiting)
        if naming:
            waiting.name_at = at
        else:
            waiting.amount_at = at
        return True

    def _fee(self, at: int, name: str) -> bool:
        """Note the column of a fee; False when it is none."""
        told = _fee_column(name)
        if told is None:
            return False
        once, number, rest = told
        table = words()["fee_columns"]
        naming = rest in table["names"]
        if not naming and rest and rest not in table["amounts"]:
            self.fees.append(FeeColumns(once, rest.replace("_", " "), amount_at=at))
            return True
        if not number:
            return False
        key = f"{once} {number}"
        fee = self._numbered.get(key)
        if fee is None:
            fee = self._numbered[key] = FeeColumns(once, "")
            self.fees.append(fee)
        if naming:
            fee.name_at = at
        else:
            fee.amount_at = at
        return True

    @property
    def usable(self) -> bool:
        """Whether the columns make a label file: a price and something that names or describes the plan."""
        return all(any(slot in self.slots for slot in group) for group in words()["needed"]["groups"])


def looks_like_header(cells: tuple[str, ...]) -> bool:
    """Say whether a record is a header: at least half of its cells, and five, are known column names."""
    known = sum(names_column(cell) for cell in cells if cell.strip())
    return known >= 5 and known * 2 >= sum(1 for cell in cells if cell.strip())
