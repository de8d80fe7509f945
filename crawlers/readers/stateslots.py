"""The slots of a plan in an object of a page's state, through nested groups, lists and references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawlers.readers.embedded import escape_step
from crawlers.readers.statewords import plain, slot_of, vocabulary, words_of

MAX_NESTING = 4
"""Levels of groups below a plan's own object that are opened: plan -> pricing -> promo -> price -> amount."""
MAX_ENTRIES = 12
"""Entries of a list of prices, fees or sentences that are looked at."""
MAX_TOLD = 60
"""Characters. A longer string beside an amount does not name it."""
MAX_KEYS = 4
"""Keys of an object that is no more than a sentence with its picture."""
_SAID = ("text", "label", "description", "title", "value")
MIN_SENTENCE = 8
"""Characters. A shorter string is a value and no sentence."""
PRICES = frozenset({"price", "promo", "regular", "autopay"})


@dataclass(frozen=True)
class StateValue:
    """One value of the state: where it stands (RFC 6901, from the document's root) and what it is."""

    pointer: str
    value: Any
    unit: str = ""
    """The unit that stands beside it in an object of its own: {"value": 1, "unit": "Gbps"}."""
    key: str = ""
    """The key it stands under, in letters only."""
    raw: Any = None
    """What stands at `pointer`, where `value` is made of it: the dollars whose cents have their own key."""
    beside: tuple[str, Any] | None = None
    """Where those cents stand, and what they are."""

    def places(self) -> Iterator[tuple[str, Any]]:
        """Yield each pointer with what stands there."""
        yield self.pointer, self.value if self.raw is None else self.raw
        if self.beside is not None:
            yield self.beside


def has_name(node: dict[str, Any]) -> bool:
    """Say whether an object has a key that names a plan; a quick test before its slots are collected."""
    ranks = vocabulary().ranks
    return any(plain(str(key)) in ranks for key in node)


@dataclass
class StateSlots:
    """Collects the slots of one object. `document` is the state it stands in."""

    document: Any
    slots: dict[str, StateValue] = field(default_factory=dict)
    fees: list[tuple[StateValue, dict[str, Any], tuple[str, ...]]] = field(default_factory=list)
    """Amounts of fees, each with the object it stands in and the words that lead to it."""
    texts: list[StateValue] = field(default_factory=list)
    """Sentences about the plan."""

    def collect(
        self,
        node: dict[str, Any],
        pointer: str,
        path: tuple[str, ...] = (),
        words: tuple[str, ...] = (),
    ) -> None:
        """Take the slots of `node` and of the groups below it; the first value of a slot stands.

        `path` are the keys of the groups that matter ("promo" over "price"), `words` all their words.
        """
        vocab = vocabulary()
        taken = self._split_amounts(node, pointer, words) if len(node) > 1 else frozenset[str]()
        for key, value in node.items():
            name = plain(str(key))
            where = f"{pointer}/{escape_step(str(key))}"
            slot = vocab.slots.get("".join(path) + name)
            here = words if name in vocab.neutral else (*words, *words_of(str(key)))
            if isinstance(value, list):
                if len(value) == 1 and (slot or name in vocab.groups):
                    value, where = value[0], f"{where}/0"
                    if isinstance(value, dict) and frozenset(here) & vocab.words["lists"]:
                        here = (*here, *_told(value))
                else:
                    self._list(value, where, path, here)
                    continue
            if isinstance(value, dict):
                value, where = self._referred(value, where)
            if not isinstance(value, dict):
                if key not in taken:
                    self._scalar(node, StateValue(where, value, key=name), slot, here, words)
                continue
            if slot:
                self._value_object(slot, value, where, name)
            if len(path) >= MAX_NESTING or len(here) > 3 * MAX_NESTING or not _opens(value, here):
                continue
            self.collect(value, where, path if name in vocab.groups else (*path, name), here)

    def _scalar(
        self,
        node: dict[str, Any],
        found: StateValue,
        slot: str | None,
        words: tuple[str, ...],
        above: tuple[str, ...],
    ) -> None:
        value = found.value
        if value in (None, ""):
            return
        if slot == "name":
            # The name of a promotion or of a fee is not the plan's.
            if not above:
                self._named(found)
            return
        if slot is None or isinstance(value, bool):
            slot = slot_of(words, value)
        if slot == "fee":
            self.fees.append((found, node, words))
        elif slot and slot not in self.slots and (slot not in PRICES or _counts(value)):
            unit = _unit_of(node if above else {}, words)
            self.slots[slot] = StateValue(*_minor(found, words), unit, found.key, value)
        if isinstance(value, str) and len(value) >= MIN_SENTENCE and " " in value:
            self.texts.append(found)

    def _named(self, found: StateValue) -> None:
        ranks = vocabulary().ranks
        known = self.slots.get("name")
        if isinstance(found.value, bool) or (known and ranks[known.key] <= ranks[found.key]):
            return
        self.slots["name"] = found

    def _list(self, value: list[Any], where: str, path: tuple[str, ...], words: tuple[str, ...]) -> None:
        """Take sentences, fees and prices of a list; lists of anything else hold other plans, or parts."""
        vocab, found = vocabulary().words, frozenset(words)
        listed = bool(found & (vocab["fee"] | vocab["lists"]))
        for at, each in enumerate(value[:MAX_ENTRIES]):
            if isinstance(each, str) and len(each) >= MIN_SENTENCE:
                self.texts.append(StateValue(f"{where}/{at}", each))
                continue
            each, pointer = self._referred(each, f"{where}/{at}") if isinstance(each, dict) else (each, where)
            if isinstance(each, dict) and listed and len(path) < MAX_NESTING:
                told = tuple(_told(each))
                charged = found & vocab["fee"] and not vocab["base"].intersection(told)
                self.collect(each, pointer, (*path, "entry"), (*words, *told, *(("fee",) if charged else ())))
            elif isinstance(each, dict) and len(each) <= MAX_KEYS:
                # {"icon": "wifi", "text": "Up to 300 Mbps download"} is a sentence.
                said = [key for key in _SAID if isinstance(each.get(key), str)]
                if said and len(each[said[0]]) >= MIN_SENTENCE:
                    self.texts.append(StateValue(f"{pointer}/{said[0]}", each[said[0]]))

    def _split_amounts(self, node: dict[str, Any], pointer: str, words: tuple[str, ...]) -> frozenset[str]:
        """Join dollars and cents that have a key each: {"priceDollars": "44", "priceCents": "95"}."""
        vocab, taken = vocabulary().words, set[str]()
        parted = [(key, value, words_of(str(key))) for key, value in node.items() if _digits(value)]
        cents = {
            parts[:-1]: (key, value)
            for key, value, parts in parted
            if parts and parts[-1] in vocab["cents"] and len(str(value)) <= 2
        }
        for key, value, parts in parted if cents else ():
            if not parts or parts[-1] not in vocab["dollars"] or parts[:-1] not in cents:
                continue
            other, behind = cents[parts[:-1]]
            taken |= {key, other}
            slot = slot_of((*words, *parts[:-1], "price"), value)
            found = StateValue(
                f"{pointer}/{escape_step(str(key))}",
                f"{value}.{int(behind):02d}",
                key=plain(str(key)),
                raw=value,
                beside=(f"{pointer}/{escape_step(str(other))}", behind),
            )
            if slot == "fee":
                self.fees.append((found, node, (*words, *parts)))
            elif slot:
                self.slots.setdefault(slot, found)
        return frozenset(taken)

    def _referred(self, value: dict[str, Any], where: str) -> tuple[Any, str]:
        """Follow {"__ref": "Price:71"} to the object of that key at the document's root."""
        key = value.get("__ref")
        if isinstance(key, str) and isinstance(self.document, dict) and key in self.document:
            return self.document[key], f"/{escape_step(key)}"
        return value, where

    def _value_object(self, slot: str, value: dict[str, Any], where: str, name: str) -> None:
        """Open {"amount": 50, "currency": "USD"}: an object that holds one figure and says of what."""
        vocab = vocabulary()
        inner = [key for key, each in value.items() if plain(str(key)) in vocab.values and _is_scalar(each)]
        last = {words_of(str(key))[-1:] for key in value} if len(value) > 1 else set()
        parted = any(word[0] in vocab.words["cents"] for word in last if word)
        if len(inner) != 1 or slot in self.slots or parted:
            return
        unit = next(
            (str(each) for key, each in value.items() if plain(str(key)) in vocab.units and _is_scalar(each)),
            "",
        )
        if not unit and plain(inner[0]) in vocab.words["unit"]:
            unit = plain(inner[0])
        self.slots[slot] = StateValue(f"{where}/{escape_step(inner[0])}", value[inner[0]], unit, name)


def _opens(value: dict[str, Any], words: tuple[str, ...]) -> bool:
    """Say whether a group belongs to the plan: one with a name of its own is another plan, or a part that is
    sold apart, unless its key calls it a price, a term or the like.
    """
    vocab = vocabulary().words
    own = vocab["price"] | vocab["promo"] | vocab["regular"] | vocab["contract"] | vocab["lists"]
    return not has_name(value) or bool(frozenset(words) & own)


def _told(entry: dict[str, Any]) -> Iterator[str]:
    """Yield the words by which an entry of a list of prices calls itself: "promotional", "Installation"."""
    for key in ("type", "kind", "label", "name", "title", "category", "tier", "description"):
        value = entry.get(key)
        if isinstance(value, str) and len(value) <= MAX_TOLD:
            yield from words_of(value)


def _unit_of(node: dict[str, Any], words: tuple[str, ...]) -> str:
    """Return the unit of a figure: that beside it in its object, or its own key ("mbps", "gb")."""
    vocab = vocabulary()
    last = words[-1] if words else ""
    if last in vocab.words["unit"]:
        return last
    return next(
        (str(each) for key, each in node.items() if plain(str(key)) in vocab.units and isinstance(each, str)),
        "",
    )


def _minor(found: StateValue, words: tuple[str, ...]) -> tuple[str, Any]:
    """Return where a value stands and itself, in dollars where its key says that it counts cents."""
    if words[-1:] == ("cents",) and isinstance(found.value, int) and found.value >= 100:
        return found.pointer, f"{found.value // 100}.{found.value % 100:02d}"
    return found.pointer, found.value


def _counts(value: Any) -> bool:
    return not isinstance(value, bool) and any(character.isdigit() for character in str(value))


def _digits(value: Any) -> bool:
    return not isinstance(value, bool) and str(value).strip().isascii() and str(value).strip().isdigit()


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list | bool) and value not in (None, "")
