"""The tag stage: untagged articles through the pipeline in batches, each batch kept in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from crowsnest.ship import Ship
from market.errors import UnavailableError
from market.records import Article, Importance, Issue, Source, Tagged

if TYPE_CHECKING:
    from market.corrections import Corrector
    from nlp.stories import Stories
    from nlp.tag import TagInput, TagResult

logger = logging.getLogger(__name__)


def tag_all(ship: Ship, batch: int, run_id: str, correct: Corrector | None = None) -> dict[str, int]:
    """Tag what the present tagger has not seen, oldest first, and return counts; tags are kept corrected.

    Articles that a change of the companies touches are tagged again. Those of earlier weeks are remembered,
    so that a story grows: a late copy joins its first article.
    """
    from crowsnest.retagging import retag_changed
    from nlp.tag import VERSION

    retag_changed(ship, VERSION, run_id)
    counts = {"articles": 0, "expansions": 0}
    waiting = ship.ledger.untagged(VERSION)
    if not waiting:
        return counts
    total, first = len(waiting), waiting[0]
    del waiting
    known = {source.id: source for source in ship.settings.sources}
    stories = _stories(ship, first.published_at)
    seen: set[str] = set()
    while articles := ship.ledger.untagged(VERSION, limit=batch):
        if seen.issuperset(article.id for article in articles):
            raise UnavailableError(
                "tag-stuck", "the ledger keeps asking for the same tags; `crowsnest status`"
            )
        seen.update(article.id for article in articles)
        tags = []
        for article, result in _results(ship, articles, known):
            if isinstance(result, Issue):
                ship.ledger.issue(_placed(result, article, ship, run_id))
                tags.append(_nothing(article, VERSION))
                continue
            if (issue := result.issue()) is not None:
                ship.ledger.issue(_placed(issue, article, ship, run_id))
            tags.append(result.with_story(stories.assign(result.story).story_id).tagged())
        ship.ledger.record_tagged(tags, correct)
        counts["articles"] += len(tags)
        counts["expansions"] += sum(len(tag.expansions) for tag in tags)
        ship.progress("tagging", counts["articles"], total)
    return counts


def _results(
    ship: Ship, articles: list[Article], known: dict[str, Source]
) -> Iterator[tuple[Article, TagResult | Issue]]:
    """Yield each article's result; one that the tagger breaks on costs itself only, and is an issue."""
    inputs = [_input(article, known) for article in articles]
    try:
        yield from zip(articles, list(ship.tagger.tag(inputs)), strict=True)
        return
    except Exception:
        logger.debug("a batch could not be tagged; its articles are tried one by one", exc_info=True)
    for article, item in zip(articles, inputs, strict=True):
        try:
            result: TagResult | Issue = next(iter(ship.tagger.tag([item])))
        except Exception as error:
            logger.debug("an article could not be tagged", exc_info=True)
            words = f"{type(error).__name__}: {error}"
            message = (
                f"The article could not be tagged ({words}); it can be searched by its words. Please report."
            )
            result = Issue(stage="tag", code="tag-failed", message=message)
        yield article, result


def _placed(issue: Issue, article: Article, ship: Ship, run_id: str) -> Issue:
    update = {
        "run_id": run_id,
        "source_id": article.source_id,
        "url": article.url,
        "capture_id": article.capture_id,
        "at": ship.clock.now(),
    }
    return issue.model_copy(update=update)


def _nothing(article: Article, version: int) -> Tagged:
    """Return tags without content, so that an article that breaks the tagger waits for its next version."""
    return Tagged(
        record_id=article.id,
        capture_id=article.capture_id,
        importance=Importance(score=0.0, reasons=("could not be tagged",)),
        story_id=article.id,
        tagger_version=version,
    )


def _input(article: Article, known: dict[str, Source]) -> TagInput:
    from crawlers.readers import VERSIONS
    from nlp.tag import TagInput

    source = known.get(article.source_id)
    return TagInput(
        id=article.id,
        title=article.title,
        text=article.text,
        published_at=article.published_at,
        company=source.company if source else None,
        home_state=source.home_state if source else None,
        capture_id=article.capture_id,
        reader_version=VERSIONS["article"],
    )


def _stories(ship: Ship, oldest: datetime | None) -> Stories:
    """Return the stories that articles from `oldest` on may join; all of them when that is unknown."""
    from nlp.stories import WINDOW, Stories, story_key

    articles = ship.ledger.articles(since=oldest - WINDOW if oldest else None)
    # A story is made of what the tagger saw, so that a rebuilt ledger has the same ones.
    tagged = ship.ledger.uncorrected([article.id for article in articles])
    return Stories(
        story_key(article.id, article.title, article.text, article.published_at, tagged[article.id])
        for article in articles
        if article.id in tagged
    )
