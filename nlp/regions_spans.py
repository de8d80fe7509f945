"""Where a text may name a place: a scan with the gazetteer's names, before anything is decided."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from market.places.gazetteer import Gazetteer, Named
from market.places.names import name_key
from nlp.document import Passage

# A word: letters with inner apostrophes or full stops ("O'Fallon", "S.C."), without a possessive.
_WORD = re.compile(r"\bW\. ?Va\.|\bD\. ?C\.|(?:\b[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W\d_]{1,})*")
_JOIN = re.compile(r"[ \u00a0]|-|\.[ \u00a0]|\r?\n")
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain"}
# Between a city and its state: a comma, a parenthesis, or two blanks where punctuation got lost.
_STATE_GAP = re.compile(r",[ \u00a0\n]{1,2}|[ \u00a0]\(|[ \u00a0]{1,2}")
LIST_GAP = re.compile(r",?\s(?:and|or|&)\s|,\s{1,2}|\s{2}")
_COUNTY = ("county", "parish", "borough")
_COUNTIES = ("counties", "parishes", "boroughs")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")

Form = Literal["name", "state", "county", "counties", "township", "zip", "region"]


@dataclass(slots=True)
class Token:
    """A word of a passage."""

    start: int
    end: int
    text: str
    lower: str
    gap: str
    """What stands between it and the word before, at most three characters of it."""
    sentence: bool = False
    """True for the first word of a sentence."""

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(slots=True)
class Spot:
    """Words that may name a place, and what follows from how they are written."""

    passage: int
    """Number of the passage."""
    first: int
    """Number of its first word in the passage."""
    last: int
    """One past its last word."""
    start: int
    end: int
    text: str
    key: str
    senses: tuple[Named, ...]
    form: Form = "name"
    state: str | None = None
    """Postal code that stands with it: "Fort Smith, Ark."."""
    country: str | None = None
    """ISO code of the country that stands with it: "Paris, France"."""
    wide: str | None = None
    """Key of the region or metro that its neighbours make of it: "northwest" Arkansas, "metro" Atlanta."""
    series: int | None = None
    """Number of its list of counties: "Lamar, Fannin and Red River counties"."""
    attached: bool = False
    """True for the state in "Fort Smith, Ark."."""
    features: dict[str, float] = field(default_factory=dict)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return data/regions.toml with its word lists as sets."""
    data = tomllib.loads(files("nlp.data").joinpath("regions.toml").read_text("utf-8"))
    for group in (data, data["scan"]):
        for name, value in group.items():
            if isinstance(value, list):
                group[name] = frozenset(value)
    return data


def tokens(passage: Passage) -> list[Token]:
    """Return the words of a passage in order."""
    starts = set(passage.sentence_starts)
    found: list[Token] = []
    text = passage.text
    last = 0
    fresh = True
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        lower = word.lower()
        for tail in ("'s", "’s"):
            if lower.endswith(tail):
                word, end = word[: -len(tail)], end - len(tail)
                lower = word.lower()
        fresh = (
            fresh or any(position in starts for position in range(last, start + 1))
            if start - last < 64
            else True
        )
        found.append(Token(start, end, word, lower, text[last : min(start, last + 3)], fresh))
        fresh = False
        last = end
    return found


class Scanner:
    """Finds spots in passages. Holds only look-up tables; safe to share."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = vocabulary()
        self._states: dict[str, str] = {}
        """Abbreviations of states in small letters without full stops, to postal codes."""
        self._shortened: frozenset[str] = frozenset()
        """Those that are written with a full stop: "ark", "nc"; not "ms"."""

    def _load(self) -> None:
        if self._states:
            return
        for code, name, ap in self._gazetteer.states():
            self._states[code.lower()] = code
            if ap != name:
                self._states[name_key(ap).replace(" ", "")] = code
        self._states.update(self._words["abbreviation"])
        shortened = {name_key(ap).replace(" ", "") for _, name, ap in self._gazetteer.states() if ap != name}
        self._shortened = frozenset(shortened | set(self._words["abbreviation"]) | {"dc", "pr"})

    def scan(self, number: int, passage: Passage, words: list[Token]) -> list[Spot]:
        """Return the spots of passage `number`, in order, none overlapping another."""
        self._load()
        limit = int(self._words["limits"]["mentions"])
        spots: list[Spot] = []
        at = 0
        while at < len(words) and len(spots) < limit:
            spot = self._at(number, passage, words, at)
            if spot is None:
                at += 1
                continue
            spots.append(spot)
            at = max(at + 1, spot.last)
        self._join(passage, words, spots)
        return spots

    def _at(self, number: int, passage: Passage, words: list[Token], at: int) -> Spot | None:
        word = words[at]
        if not word.capital:
            return self._zip(number, passage, words, at) if word.text.isdigit() else None
        abbreviation = self._abbreviation(passage, words, at)
        if abbreviation is not None:
            code, end = abbreviation
            key = code.lower()
            senses = tuple(n for n in self._gazetteer.named(key) if n.place.kind in ("state", "country"))
            return Spot(
                number, at, at + 1, word.start, end, passage.text[word.start : end], key, senses, "state"
            )
        key, last = self._longest(words, at)
        if not key:
            return None
        short = len(key) < 3 and "." not in word.text
        if key in self._words["scan"]["never"] or (last == at + 1 and short):
            return None
        senses = self._senses(key)
        if not senses:
            return None
        start, end = word.start, words[last - 1].end
        form: Form = "name"
        following = words[last] if last < len(words) else None
        if following is not None and following.text == "Township" and following.gap in (" ", "\u00a0", "\n"):
            form, last, end = "township", last + 1, following.end
        if form == "name" and last - at > 1 and words[last - 1].lower in _COUNTY:
            form = "county"
        return Spot(number, at, last, start, end, passage.text[start:end], key, senses, form)

    def _senses(self, key: str) -> tuple[Named, ...]:
        kept = tuple(named for named in self._gazetteer.named(key) if named.flag != "c")
        return kept[: int(self._words["limits"]["senses"])]

    def _abbreviation(self, passage: Passage, words: list[Token], at: int) -> tuple[str, int] | None:
        """Return (postal code or "US", end) of a state's or the country's abbreviation at a word, or None.

        "S.C." stands for itself; "Ark." needs its full stop and, where it is a word too ("Miss."), a place
        before it; "SC" needs a place before it or a ZIP code behind.
        """
        word = words[at]
        if word.text in ("U.S.", "US", "USA", "U.S.A."):
            return "US", word.end
        key = word.lower.replace(".", "").replace(" ", "")
        code = self._states.get(key)
        if code is None or len(word.text) > 8:
            return None
        before = words[at - 1] if at else None
        comma = (
            before is not None and before.capital and re.fullmatch(r",\s{1,2}|\s{2}", word.gap) is not None
        )
        if "." in word.text:
            return (code, word.end) if key in self._shortened else None
        if word.text == code and passage.text[word.end : word.end + 1] != "-":
            joined = before is not None and before.capital and not before.text.isupper()
            behind = words[at + 1].text if at + 1 < len(words) else ""
            plain = word.lower not in self._words["scan"]["words_too"]
            if comma or _ZIP.fullmatch(behind) or (joined and plain and word.gap in (" ", " (", "\u00a0")):
                return code, word.end
            return None
        if passage.text[word.end : word.end + 1] != "." or not word.text.istitle() or len(word.text) < 2:
            return None
        side = before is not None and before.lower in self._words["direction"]
        if key in self._shortened and (comma or side or key not in self._words["scan"]["words_too"]):
            return code, word.end + 1
        return None

    def _longest(self, words: list[Token], at: int) -> tuple[str, int]:
        """Return (key, one past the last word) of the longest name that begins at a word; ("", 0) if none."""
        head = name_key(words[at].text)
        if not head:
            return "", 0
        best, last = "", 0
        for first in {head, _SHORT.get(head, head)}:
            known = self._gazetteer.starting(first)
            if not known:
                continue
            key = first
            if key in known and len(best) < len(key):
                best, last = key, at + 1
            for number in range(at + 1, min(len(words), at + int(self._words["scan"]["longest"]))):
                word = words[number]
                if not _JOIN.fullmatch(word.gap) or (
                    word.gap.startswith(".") and words[number - 1].lower not in _SHORT
                ):
                    break
                if not word.capital and word.lower not in self._words["scan"]["inside"]:
                    break
                part = name_key(word.text)
                if not part:
                    break
                key = f"{key} {_SHORT.get(part, part)}"
                plain = f"{key[: len(key) - len(_SHORT.get(part, part))]}{part}"
                for form in (key, plain):
                    if form in known and word.capital and len(form) > len(best):
                        best, last = form, number + 1
        return best, last

    def _zip(self, number: int, passage: Passage, words: list[Token], at: int) -> Spot | None:
        """Return a ZIP code that stands after a state: "Greenville, SC 29601"."""
        word = words[at]
        if not _ZIP.fullmatch(word.text) or at == 0 or not self._stateful(words[at - 1].text):
            return None
        place, _ = self._gazetteer.zip(word.text)
        if place is None:
            return None
        return Spot(
            number,
            at,
            at + 1,
            word.start,
            word.end,
            word.text,
            word.text,
            (Named(place, "p"),),
            "zip",
            place.state,
        )

    def _stateful(self, text: str) -> bool:
        key = name_key(text)
        return key.replace(" ", "") in self._states or self._gazetteer.state(key) is not None

    def _join(self, passage: Passage, words: list[Token], spots: list[Spot]) -> None:
        """Let neighbouring spots and words say more: the state after a city, "counties", directions."""
        for number, spot in enumerate(spots):
            after = spots[number + 1] if number + 1 < len(spots) else None
            if after is not None and after.first == spot.last and spot.form != "state":
                gap = passage.text[spot.end : after.start]
                wide = next(
                    (n.place for n in after.senses if n.place.kind in ("state", "country", "region")), None
                )
                if _STATE_GAP.fullmatch(gap) and wide is not None:
                    comma = gap not in (" ", "\u00a0")
                    inside = self._inside(spot, wide)
                    if comma and inside and wide.kind == "state" and wide.country == "US":
                        spot.state, after.attached, after.form = wide.state, True, "state"
                        after.senses = tuple(n for n in after.senses if n.place.id == wide.id)
                    elif comma and inside and wide.kind in ("country", "region") and wide.id > 0:
                        spot.country, after.attached = wide.country, True
                    elif (
                        not comma and after.text.isupper() and len(after.text) == 2 and inside and wide.state
                    ):
                        spot.state, after.attached = wide.state, True
            self._whole_state(words, spot)
            self._wide(words, spot)
        self._lists(passage, words, spots)

    @staticmethod
    def _whole_state(words: list[Token], spot: Spot) -> None:
        """Keep only the state of "Washington state" and "the state of New York"."""
        after = words[spot.last] if spot.last < len(words) else None
        before = [word.lower for word in words[max(0, spot.first - 2) : spot.first]]
        said = after is not None and after.text == "state" and after.gap in (" ", "\u00a0")
        if said or before == ["state", "of"]:
            whole = tuple(named for named in spot.senses if named.place.kind == "state")
            spot.senses = whole or spot.senses

    @staticmethod
    def _inside(spot: Spot, wide: Any) -> bool:
        if wide.kind == "state":
            return any(n.place.state == wide.state and n.place.kind != "state" for n in spot.senses)
        return any(n.place.country == wide.country and n.place.id != wide.id for n in spot.senses)

    def _wide(self, words: list[Token], spot: Spot) -> None:
        before = words[spot.first - 1] if spot.first else None
        if before is None or spot.form != "name" or words[spot.first].gap not in (" ", "\u00a0", "-"):
            direction = words[spot.first].lower
            rest = spot.key.partition(" ")[2]
            if spot.last - spot.first > 1 and direction in self._words["direction"]:
                self._shrink(words, spot, rest, f"{self._words['direction'][direction]} {rest}")
            return
        direction = self._words["direction"].get(words[spot.first].lower)
        if direction and spot.last - spot.first > 1:
            rest = spot.key.partition(" ")[2]
            self._shrink(words, spot, rest, f"{direction} {rest}")
        elif before.lower in self._words["direction"]:
            key = f"{self._words['direction'][before.lower]} {spot.key}"
            if key in self._gazetteer.starting(key.partition(" ")[0]) and any(
                n.place.kind == "state" for n in spot.senses
            ):
                spot.wide = key
        elif before.lower in ("metro", "greater", "metropolitan"):
            key = f"metro {spot.key}"
            if key in self._gazetteer.starting("metro"):
                spot.wide = key

    def _shrink(self, words: list[Token], spot: Spot, rest: str, wide: str) -> None:
        """Make of "Northwest Arkansas" the spot "Arkansas" that means the region."""
        senses = self._gazetteer.named(rest)
        regions = [n for n in spot.senses if n.place.kind == "region" and n.place.id < 0]
        if not regions or len(regions) < len(spot.senses) or not any(n.place.kind == "state" for n in senses):
            return
        spot.first += 1
        spot.start = words[spot.first].start
        spot.text = spot.text[len(spot.text) - (spot.end - spot.start) :]
        spot.key, spot.senses, spot.wide = rest, senses, wide

    def _lists(self, passage: Passage, words: list[Token], spots: list[Spot]) -> None:
        """Mark every name of "Lamar, Fannin and Red River counties" as a county's."""
        for number, spot in enumerate(spots):
            following = words[spot.last] if spot.last < len(words) else None
            if following is None or following.lower not in _COUNTIES or following.gap not in (" ", "\u00a0"):
                continue
            member = spot
            back = number
            while True:
                counties = [n for n in member.senses if n.place.kind == "county"]
                if counties:
                    member.form, member.senses, member.series = "counties", tuple(counties), number
                if back == 0:
                    break
                gap = passage.text[spots[back - 1].end : member.start]
                if not LIST_GAP.fullmatch(gap):
                    break
                back -= 1
                member = spots[back]
