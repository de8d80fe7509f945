"""Stories: copies, rewrites and later news of one event cluster under the id of the first article.

Linear in the number of articles: an article is compared only with the few that share its rarest keys
(samples of its text, names, figures, company and place), and joins the story whose articles it agrees with
best, if surely enough (nlp/stories_score.py). Nothing is known of what comes later, and two stories never
become one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nlargest
from statistics import fmean

from market.records import Tagged
from nlp.stories_figures import weight
from nlp.stories_key import StoryKey, make_key
from nlp.stories_score import Profile, profile, same_story
from nlp.stories_words import common

__all__ = ["WINDOW", "Stories", "StoryKey", "assign_stories", "story_key"]

WINDOW = timedelta(days=21)
"""A story takes new articles for so long after its last one."""
MOST_ARTICLES = 50_000
"""Articles remembered; the first to come are the first to be forgotten."""
_PRIOR = 200
"""Texts of which the shares of common words speak."""
_LATEST = 24
"""Articles remembered by one key: of a busy name the latest are enough, the rare ones find the others."""
_COMPARED, _OF_ONE_STORY = 10, 3
"""Articles compared with at most, and those of one story among them."""
_SUREST = 2
_LEAST_FIGURE = 0.5
_LEAST_RARITY = 0.3
_SHINGLE, _FACT = 0.3, 0.5
"""What a shared sample of the text and a shared company and place weigh in the search; a name, to 1."""


class Stories:
    """Known articles of the last weeks, and the stories they belong to. Grows by `assign`."""

    def __init__(self, known: Iterable[StoryKey] = ()) -> None:
        self._keys: dict[str, StoryKey] = {}
        self._by_key: defaultdict[object, deque[str]] = defaultdict(deque)
        self._stories: Counter[str] = Counter()
        """Stories whose first article here holds a word."""
        self._common = common()
        self._firsts: dict[str, str] = {}
        """First article remembered of each story."""
        for key in known:
            self._remember(key)

    def __len__(self) -> int:
        return len(self._keys)

    def assign(self, key: StoryKey) -> StoryKey:
        """Return the key with its story id: a known story's, or its own article's id for a new one.

        An article seen before keeps its story. A story is as sure as its two surest articles on average, so
        that one that tells of two events does not tie them together; the surest of several is taken.
        """
        if (before := self._keys.get(key.article_id)) is not None:
            return key.model_copy(update={"story_id": before.story_id})
        mine = profile(key, self._rarity)
        odds: defaultdict[str, list[float]] = defaultdict(list)
        for other in self._candidates(key, mine):
            odds[other.story_id].append(same_story(mine, profile(other, self._rarity)))
        sure = {story_id: fmean(sorted(found)[-_SUREST:]) for story_id, found in odds.items()}
        best = max(sure, key=sure.__getitem__, default=key.article_id)
        story_id = best if sure.get(best, 0.0) > 0 else key.article_id
        assigned = key.model_copy(update={"story_id": story_id})
        self._remember(assigned)
        return assigned

    def _candidates(self, key: StoryKey, mine: Profile) -> list[StoryKey]:
        """Return the articles of the window that share most with this one, those that share more first."""
        shared: defaultdict[str, float] = defaultdict(float)
        for fact, worth in self._search_keys(key, mine):
            for article_id in self._by_key.get(fact, ()):
                shared[article_id] += worth
        found: list[StoryKey] = []
        of_story: Counter[str] = Counter()
        for article_id in nlargest(_COMPARED * _OF_ONE_STORY, shared, key=shared.__getitem__):
            other = self._keys[article_id]
            if of_story[other.story_id] < _OF_ONE_STORY and _near_in_time(key, other):
                of_story[other.story_id] += 1
                found.append(other)
        return found[:_COMPARED]

    def _search_keys(self, key: StoryKey, mine: Profile) -> Iterator[tuple[object, float]]:
        yield from ((shingle, _SHINGLE) for shingle in key.shingles)
        for words in (mine.names, mine.where, mine.title):
            yield from ((word, worth) for word, worth in words.items() if worth >= _LEAST_RARITY)
        for figure in (*key.lead_figures, *key.figures):
            if (worth := weight(figure)) >= _LEAST_FIGURE:
                yield figure, worth
        yield from (((company, place), _FACT) for company in key.companies[:3] for place in key.places[:6])

    def _rarity(self, word: str) -> float:
        holding = 1 + 0.5 * self._stories[word] + _PRIOR * self._common.get(word, 0.0)
        return max(0.0, 1 - _log(holding) / _log(len(self._firsts) + _PRIOR))

    def _remember(self, key: StoryKey) -> None:
        if key.article_id in self._keys:
            return
        self._keys[key.article_id] = key
        for fact in _all_keys(key):
            posted = self._by_key[fact]
            posted.append(key.article_id)
            if len(posted) > _LATEST:
                posted.popleft()
        if self._firsts.setdefault(key.story_id, key.article_id) == key.article_id:
            self._stories.update(_words(key))
        if len(self._keys) > MOST_ARTICLES:
            self._forget(next(iter(self._keys)))

    def _forget(self, article_id: str) -> None:
        key = self._keys.pop(article_id)
        for fact in _all_keys(key):
            posted = self._by_key.get(fact)
            if posted and posted[0] == article_id:
                posted.popleft()
                if not posted:
                    del self._by_key[fact]
        if self._firsts.get(key.story_id) == article_id:
            del self._firsts[key.story_id]
            self._stories.subtract(_words(key))


@lru_cache(maxsize=4096)
def _log(value: float) -> float:
    return math.log(value)


def _words(key: StoryKey) -> set[str]:
    return {*key.title, *key.lead_names, *key.names, *key.words}


def _all_keys(key: StoryKey) -> set[object]:
    facts = ((company, place) for company in key.companies[:3] for place in key.places[:6])
    told = (f for f in (*key.lead_figures, *key.figures) if weight(f) >= _LEAST_FIGURE)
    return {*key.shingles, *key.title, *key.lead_names, *key.names, *key.where, *told, *facts}


def _near_in_time(left: StoryKey, right: StoryKey) -> bool:
    """Say whether two articles can tell one story; one without a date can be of any day."""
    if left.published_at is None or right.published_at is None:
        return True
    return abs(left.published_at - right.published_at) <= WINDOW


def story_key(
    article_id: str, title: str, text: str, published_at: datetime | None, tagged: Tagged
) -> StoryKey:
    """Rebuild the key of an article that was tagged earlier, from the ledger's records."""
    made = make_key(article_id, title, text, published_at, tagged.companies, tagged.places, tagged.topics)
    return made.model_copy(update={"story_id": tagged.story_id})


def assign_stories(new: Iterable[StoryKey], known: Iterable[StoryKey] = ()) -> list[StoryKey]:
    """Return the new keys with their story ids, in order; `known` are earlier articles with theirs."""
    stories = Stories(known)
    return [stories.assign(key) for key in new]
