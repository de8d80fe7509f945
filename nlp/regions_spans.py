"""Where a text may name a place: a scan with the gazetteer's names, before anything is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from market.places.features import FLAGS
from market.places.gazetteer import Gazetteer, Named
from market.places.names import name_key
from nlp.document import Passage
from nlp.regions_words import Token, most_mentions, vocabulary

_JOIN = re.compile(r"[ \u00a0]|-|\.[ \u00a0]|\r?\n")
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain"}
LIST_GAP = re.compile(r",?\s(?:and|or|&)\s|,\s{1,2}|\s{2}")
_COUNTY = ("county", "parish", "borough", "municipality")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")

_COUNTRY = ("U.S.", "US", "USA", "U.S.A.")

_key_of = lru_cache(maxsize=1 << 15)(name_key)
"""`name_key` of single words, most of which return in text after text."""

Form = Literal["name", "state", "county", "counties", "township", "zip", "region", "feature"]


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
    listed: str | None = None
    """Postal code at the end of its list: "Greenville, Anderson and Easley, South Carolina"."""
    series: int | None = None
    """Number of its list of counties: "Lamar, Fannin and Red River counties"."""
    attached: bool = False
    """True for the state in "Fort Smith, Ark."."""
    features: dict[str, float] = field(default_factory=dict)
    look: dict[str, float] = field(default_factory=dict)
    """The features of the second look, where there was one."""


class Scanner:
    """Finds spots in passages. Holds only look-up tables; safe to share."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = vocabulary()
        self._states: dict[str, str] = {}
        """Abbreviations of states in small letters without full stops, to postal codes."""
        self._shortened: frozenset[str] = frozenset()
        """Those that are written with a full stop: "ark", "nc"; not "ms"."""
        self._may_begin = lru_cache(maxsize=1 << 15)(self._begins)

    def __reduce__(self) -> tuple[type[Scanner], tuple[Gazetteer]]:
        return type(self), (self._gazetteer,)

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
        limit = most_mentions()
        spots: list[Spot] = []
        free = 0
        begins = self._may_begin
        for at in [n for n, word in enumerate(words) if word.capital or word.text.isdigit()]:
            if at < free or len(spots) >= limit or not begins(words[at].text):
                continue
            spot = self._at(number, passage, words, at)
            if spot is not None:
                spots.append(spot)
                free = spot.last
        return spots

    def _begins(self, text: str) -> bool:
        """Tell whether a word can begin a spot at all, whatever stands around it: most cannot."""
        if not text[0].isupper():
            return _ZIP.fullmatch(text) is not None
        if text in _COUNTRY or _bare(text.lower()) in self._states:
            return True
        head = _key_of(text)
        return any(self._gazetteer.starting(first) for first in {head, _SHORT.get(head, head)} if first)

    def _at(self, number: int, passage: Passage, words: list[Token], at: int) -> Spot | None:
        word = words[at]
        if not word.capital:
            return self._zip(number, passage, words, at)
        abbreviation = self.abbreviation(passage, words, at)
        if abbreviation is not None:
            code, end = abbreviation
            key = code.lower()
            senses = tuple(n for n in self._gazetteer.named(key) if n.place.kind in ("state", "country"))
            return Spot(
                number, at, at + 1, word.start, end, passage.text[word.start : end], key, senses, "state"
            )
        key, last = self._tribal(words, at)
        if not key:
            key, last = self._longest(words, at)
        if not key:
            return None
        short = len(key) < 3 and "." not in word.text
        if key in self._words["scan"]["never"] or (last == at + 1 and short):
            return None
        senses = self._meant(self._senses(key), words, at, last)
        if not senses:
            return None
        start, end = word.start, words[last - 1].end
        form: Form = "name"
        following = words[last] if last < len(words) else None
        if following is not None and following.text == "Township" and following.gap in (" ", "\u00a0", "\n"):
            form, last, end = "township", last + 1, following.end
        if (
            form == "name"
            and last - at > 1
            and (words[last - 1].lower in _COUNTY or key.endswith(" census area"))
        ):
            form = "county"
        elif form == "name" and self._body(words, at) == "county":
            counties = tuple(named for named in senses if named.place.kind == "county")
            form, senses = ("counties", counties) if counties else (form, senses)
        elif form == "name" and all(named.flag in FLAGS for named in senses):
            form = "feature"
        return Spot(number, at, last, start, end, passage.text[start:end], key, senses, form)

    def _body(self, words: list[Token], at: int) -> str:
        """Return "town" for a name that follows "Town of", and so on; "" for any other."""
        of = at > 1 and words[at - 1].lower == "of"
        return words[at - 2].lower if of and words[at - 2].lower in self._words["body_of"] else ""

    def _tribal(self, words: list[Token], at: int) -> tuple[str, int]:
        """Return (key, one past the last word) of "Pueblo of Zia", in the gazetteer "Zia Pueblo"; ("", 0)."""
        if words[at].text != "Pueblo" or at + 2 >= len(words) or words[at + 1].lower != "of":
            return "", 0
        for last in range(min(at + 5, len(words)), at + 2, -1):
            name = [name_key(word.text) for word in words[at + 2 : last]]
            key = f"{' '.join(name)} pueblo"
            if key in self._gazetteer.starting(name[0]):
                return key, last
        return "", 0

    def _senses(self, key: str) -> tuple[Named, ...]:
        kept = tuple(named for named in self._gazetteer.named(key) if named.flag != "c")
        return kept[: int(self._words["limits"]["senses"])]

    def _meant(self, senses: tuple[Named, ...], words: list[Token], at: int, last: int) -> tuple[Named, ...]:
        """Return the senses that a name's article allows: "the Rhodes" is none, "the Amazon" is no town."""
        if not any(named.flag == "e" for named in senses):
            return senses
        before = at - 1
        if (
            before > 0
            and words[at].gap in (" ", "\u00a0")
            and words[before].lower in self._words["direction"]
        ):
            before -= 1
        article = at > 0 and before >= 0 and words[before].lower == "the"
        named_on = last < len(words) and words[last].capital and words[last].gap in (" ", "\u00a0", "-")
        keep = article and not named_on
        return tuple(named for named in senses if (named.flag == "e") is keep)

    def abbreviation(self, passage: Passage, words: list[Token], at: int) -> tuple[str, int] | None:
        """Return (postal code or "US", end) of a state's or the country's abbreviation at a word, or None.

        "S.C." stands for itself; "Ark." needs its full stop and, where it is a word too ("Miss."), a place
        before it; "SC" needs a place before it or a ZIP code behind.
        """
        word = words[at]
        if word.text in _COUNTRY:
            return "US", word.end
        key = _bare(word.lower)
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
        head = _key_of(words[at].text)
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
                part = _key_of(word.text)
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


def _bare(lower: str) -> str:
    """Return a word in small letters as the states' abbreviations are looked up: "w. va." is "wva"."""
    return lower.replace(".", "").replace(" ", "")
