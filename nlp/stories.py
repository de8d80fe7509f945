"""Stories: near-duplicates, wire copies and rewrites of one event cluster under the id of the first article.

Linear in the number of articles: MinHash signatures over word shingles go into banded tables (datasketch's
MinHashLSH), so that an article is compared only with those that share a band. Articles that agree little in
their words but tell the same (a rewrite) are found by their facts: company, places and figures.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from zlib import crc32

import numpy
from datasketch import MinHash, MinHashLSH

from market.numbers import numbers_in
from market.records import Expansion, Tagged
from market.records.base import Record, UtcTime

PERMUTATIONS = 64
SHINGLE_WORDS = 4
_MOST_WORDS = 1500
_BANDS, _BAND_ROWS = 21, 3
"""Bands of signature values and values a band; articles with a Jaccard of 0.3 and more mostly share one."""
_SEED = 20_261
_SCHEME = "affine32"
"""How datasketch permutes; stored signatures compare only within one scheme."""
_SMALL = frozenset(
    tomllib.loads(files("nlp.data").joinpath("stories.toml").read_text("utf-8"))["small"].split()
)
_LEAD = 900
"""Characters of a text whose numbers are its own news, not background."""
_TELLING = 100
_TELLING_MONEY = 10_000
_MOST_NUMBERS = 20
_WORD = re.compile(r"[^\W_]+")

SAME_TEXT = 0.55
"""Estimated Jaccard of shingles from which two articles are copies whatever their facts."""
SAME_EVENT = 0.16
"""The same, when company and place or figures agree as well."""
SAME_TITLE = 0.4
"""Jaccard of title words from which two articles on one company and place tell the same."""
EVENT_DAYS = timedelta(days=5)
"""Papers write their own texts on one event within so many days."""
WINDOW = timedelta(days=21)
"""A story takes new articles for so long after its last one."""


class StoryKey(Record):
    """What an article brings to the clustering; kept, so that a story can grow over weeks."""

    article_id: str
    story_id: str = ""
    """Filled by `assign`."""
    published_at: UtcTime | None = None
    signature: tuple[int, ...]
    """MinHash values; empty for a text of fewer words than a shingle."""
    companies: tuple[str, ...] = ()
    """Ids the article is about."""
    places: tuple[int, ...] = ()
    """Ids the article is about."""
    figures: tuple[int, ...] = ()
    """Passings, route miles and cents of its facts."""
    title_words: tuple[str, ...] = ()
    topic: str = ""
    """Its first topic; "" for none."""
    numbers: tuple[int, ...] = ()
    """Telling numbers of its lead: counts of a hundred and more, amounts in cents."""


def signature(text: str) -> tuple[int, ...]:
    """Return the MinHash values over the 4-word shingles of `text`, case and punctuation aside."""
    return signature_of([match.group().casefold() for match in islice(_WORD.finditer(text), _MOST_WORDS)])


def signature_of(words: Sequence[str]) -> tuple[int, ...]:
    """Return the same for a text whose words are known: runs of letters and digits, case folded."""
    if len(words) < SHINGLE_WORDS:
        return ()
    encoded = [word.encode("utf-8", "surrogatepass") for word in words[:_MOST_WORDS]]
    shingles = map(b" ".join, zip(*(encoded[start:] for start in range(SHINGLE_WORDS)), strict=False))
    minhash = _blank().copy()
    minhash.update_batch(set(shingles))
    return tuple(minhash.hashvalues.tolist())


@lru_cache(maxsize=1)
def _blank() -> MinHash:
    """An empty MinHash; copies share its permutations, which are slow to draw."""
    return MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME, hashfunc=crc32)


def title_words(title: str) -> tuple[str, ...]:
    """Return the words of a title that carry meaning, in order and once."""
    return tuple(dict.fromkeys(word for word in _WORD.findall(title.casefold()) if word not in _SMALL))


def telling_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a text's lead that two texts share only when they tell the same."""
    told = set()
    for number in numbers_in(text[:_LEAD]):
        if number.is_money and number.value >= _TELLING_MONEY:
            told.add(int(number.value * 100))
        elif not number.is_money and number.value >= _TELLING and not 1900 <= number.value <= 2100:
            told.add(int(number.value))
    return tuple(sorted(told))[:_MOST_NUMBERS]


def _jaccard(left: Sequence[object], right: Sequence[object]) -> float:
    first, second = set(left), set(right)
    return len(first & second) / len(first | second) if first and second else 0.0


def _similarity(left: StoryKey, right: StoryKey) -> float:
    if not left.signature or not right.signature:
        return 0.0
    return sum(a == b for a, b in zip(left.signature, right.signature, strict=True)) / PERMUTATIONS


def same_story(left: StoryKey, right: StoryKey) -> bool:
    """Tell whether two articles tell the same event.

    Articles about different places never do, however alike their words (a release re-used for another city);
    different figures of one place neither.
    """
    if left.places and right.places and not set(left.places) & set(right.places):
        return False
    if (
        left.figures
        and right.figures
        and not set(left.figures) & {*right.figures, *right.numbers}
        and not set(right.figures) & set(left.numbers)
    ):
        return False
    if left.companies and right.companies and not set(left.companies) & set(right.companies):
        return False
    similarity = _similarity(left, right)
    if similarity >= SAME_TEXT:
        return True
    company = bool(set(left.companies) & set(right.companies))
    place = bool(set(left.places) & set(right.places))
    figures = bool(set(left.figures) & set(right.figures))
    if not company:
        return False
    if similarity >= SAME_EVENT and (place or figures or not (left.places or right.places)):
        return True
    if figures and place:
        return True
    if place and _jaccard(left.title_words, right.title_words) >= SAME_TITLE:
        return True
    return _one_event(left, right, place)


def _one_event(left: StoryKey, right: StoryKey, place: bool) -> bool:
    """Tell whether two papers' own texts of the same days tell one event: topic and a telling number agree.

    An article that names no place of its own may tell of the other's.
    """
    days = (
        abs(left.published_at - right.published_at)
        if left.published_at and right.published_at
        else timedelta(0)
    )
    somewhere = place or not (left.places and right.places)
    return (
        bool(left.topic)
        and left.topic == right.topic
        and somewhere
        and days <= EVENT_DAYS
        and bool(set(left.numbers) & set(right.numbers))
    )


class Stories:
    """Known articles of the last weeks, and the stories they belong to. Grows by `assign`."""

    def __init__(self, known: Iterable[StoryKey] = ()) -> None:
        self._keys: dict[str, StoryKey] = {}
        self._by_fact: dict[tuple[str, int], list[str]] = {}
        self._lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(_BANDS, _BAND_ROWS))
        for key in known:
            self._remember(key)

    def __len__(self) -> int:
        return len(self._keys)

    def assign(self, key: StoryKey) -> StoryKey:
        """Return the key with its story id: a known story's, or its own article's id for a new one.

        An article seen before keeps its story. Of several that fit, the most similar story is taken.
        """
        if (before := self._keys.get(key.article_id)) is not None:
            return key.model_copy(update={"story_id": before.story_id})
        best: tuple[float, str] | None = None
        for other_id in self._candidates(key):
            other = self._keys[other_id]
            if not _near_in_time(key.published_at, other.published_at) or not same_story(key, other):
                continue
            score = _similarity(key, other) + _jaccard(key.title_words, other.title_words)
            if best is None or score > best[0]:
                best = score, other.story_id
        assigned = key.model_copy(update={"story_id": best[1] if best else key.article_id})
        self._remember(assigned)
        return assigned

    def _candidates(self, key: StoryKey) -> list[str]:
        found: dict[str, None] = {}
        if key.signature:
            found.update(dict.fromkeys(self._lsh.query(_minhash(key.signature))))
        for fact in _facts(key):
            # The latest of a busy pair are enough: a story's copies share its id.
            found.update(dict.fromkeys(self._by_fact.get(fact, ())[-50:]))
        return list(found)

    def _remember(self, key: StoryKey) -> None:
        self._keys[key.article_id] = key
        if key.signature and key.article_id not in self._lsh:
            self._lsh.insert(key.article_id, _minhash(key.signature))
        for fact in _facts(key):
            self._by_fact.setdefault(fact, []).append(key.article_id)


def _facts(key: StoryKey) -> list[tuple[str, int]]:
    found = [(company, place) for company in key.companies[:3] for place in key.places[:6]]
    # By number too, below zero beside the places' ids: an article may name no place of its own.
    return found + [(company, -number - 2**40) for company in key.companies[:3] for number in key.numbers[:8]]


def _minhash(values: Sequence[int]) -> MinHash:
    minhash = _blank().copy()
    minhash.hashvalues = numpy.array(values, dtype=numpy.uint32)
    return minhash


def story_key(
    article_id: str, title: str, text: str, published_at: datetime | None, tagged: Tagged
) -> StoryKey:
    """Rebuild the key of an article that was tagged earlier, from the ledger's records."""
    places = (place for place in tagged.places if place.role == "about")
    return StoryKey(
        article_id=article_id,
        story_id=tagged.story_id,
        published_at=published_at,
        signature=signature(text),
        companies=tuple(company.id for company in tagged.companies if company.role == "about"),
        places=tuple(place.id for place in places if place.kind not in ("state", "country")),
        figures=story_figures(tagged.expansions),
        title_words=title_words(title),
        topic=tagged.topics[0] if tagged.topics else "",
        numbers=telling_numbers(text),
    )


def story_figures(expansions: Iterable[Expansion]) -> tuple[int, ...]:
    """Return the figures by which two articles show that they tell the same build, or another."""
    figures = (
        figure
        for fact in expansions
        for figure in (fact.passings, fact.route_miles, fact.investment_cents)
        if figure is not None
    )
    return tuple(sorted({int(figure) for figure in figures}))


def _near_in_time(left: datetime | None, right: datetime | None) -> bool:
    return left is None or right is None or abs(left - right) <= WINDOW


def assign_stories(new: Iterable[StoryKey], known: Iterable[StoryKey] = ()) -> list[StoryKey]:
    """Return the new keys with their story ids, in order; `known` are earlier articles with theirs."""
    stories = Stories(known)
    return [stories.assign(key) for key in new]
