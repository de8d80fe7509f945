"""What an article brings to the clustering of stories, made from its text and its tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import ConfigDict

from market.records import TaggedCompany, TaggedPlace
from market.records.base import Record, UtcTime
from nlp.stories_figures import telling_figures
from nlp.stories_roundups import lists_stories
from nlp.stories_text import own_text, own_title
from nlp.stories_words import common, names, shingles, split, split_cases, stem, telling

_LEAD = 700
"""Characters of a text in which it says what it is about."""
_READ = 1_800
"""Characters of a text whose figures are read; what stands behind them is background."""
_MOST_FIGURES = 40


class StoryKey(Record):
    """What an article brings to the clustering; kept, so that a story can grow over weeks."""

    model_config = ConfigDict(extra="ignore")
    """Keys that were stored by an earlier scheme load without what only that had."""

    article_id: str
    story_id: str = ""
    """Filled by `Stories.assign`."""
    published_at: UtcTime | None = None
    companies: tuple[str, ...] = ()
    """Ids the article is about."""
    subjects: tuple[str, ...] = ()
    """Stems of those companies' names that are their own: "acme" of Acme Fiber."""
    places: tuple[int, ...] = ()
    """Ids the article is about, states and countries aside."""
    topic: str = ""
    """Its first topic; "" for none."""
    shingles: tuple[int, ...] = ()
    """A sample of the hashes of its runs of five words, in order; see nlp/stories_words.py."""
    title: tuple[str, ...] = ()
    """Stems of the title's telling words."""
    lead_names: tuple[str, ...] = ()
    """Stems of the names in title and lead."""
    names: tuple[str, ...] = ()
    """Stems of the names further on."""
    where: tuple[str, ...] = ()
    """Stems of the places' names, of title and text."""
    words: tuple[str, ...] = ()
    """Stems of the other telling words."""
    lead_figures: tuple[str, ...] = ()
    """"unit:value" in title and lead; see nlp/stories_figures.py."""
    figures: tuple[str, ...] = ()
    """The same further on."""
    roundup: bool = False
    """True for a list of several stories."""


def make_key(
    article_id: str,
    title: str,
    text: str,
    published_at: datetime | None,
    companies: Iterable[TaggedCompany],
    places: Iterable[TaggedPlace],
    topics: Sequence[str],
) -> StoryKey:
    """Return an article's key."""
    title, text = own_title(title), own_text(text)
    text_words, small = split_cases(text)
    title_words = split(title)
    heading, told = telling(title_words), telling(text_words)
    places, about = list(places), [company for company in companies if company.role == "about"]
    subjects = {stem(word) for company in about for word in split(company.name) if len(word) > 2}
    named = names(text, small)
    where = {stem(word) for place in places for word in split(place.name)} & named
    lead = {stem(word) for word in (*title_words, *split(text[:_LEAD]))} & named
    opening = len(title) + _LEAD
    figures = telling_figures(f"{title}\n{text[:_READ]}")
    return StoryKey(
        article_id=article_id,
        published_at=published_at,
        companies=tuple(company.id for company in about),
        subjects=tuple(sorted(subjects - common().keys())),
        places=tuple(p.id for p in places if p.role == "about" and p.kind not in ("state", "country")),
        topic=topics[0] if topics else "",
        shingles=shingles(text_words),
        title=tuple(heading),
        lead_names=tuple(sorted(lead)),
        names=tuple(sorted(named - lead)),
        where=tuple(sorted(where)),
        words=tuple([word for word in told if word not in named]),
        lead_figures=tuple(f for f, place in figures.items() if place <= opening),
        figures=tuple(f for f, place in figures.items() if place > opening)[:_MOST_FIGURES],
        roundup=lists_stories(title, text, heading, told),
    )
