"""From a feed's items to the links that go into the frontier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from crawlers.landing import Landing
from crawlers.politeness import url_problem
from crawlers.readers.feed import FeedItem, FeedReading
from crawlers.run import CrawlRun
from market.records import Capture, Link, Source

MOST_TOLD = 5


def take_feed(
    run: CrawlRun, source: Source, landing: Landing, reading: FeedReading
) -> tuple[Landing, list[Link]]:
    """Return the landing and the links of a feed; what cannot be followed becomes issues.

    What is no feed at all comes back unread and without a validator, so that it is asked for whole again.
    """
    capture = landing.capture
    tell = partial(run.issue, source, url=source.url, capture_id=capture.id)
    if reading.problem:
        tell(reading.problem.code, reading.problem.message)
        if not reading.items:
            unread = capture.model_copy(update={"reader": None})
            return landing.model_copy(update={"capture": unread, "validator": None}), []
    if len(reading.items) < source.expect.min:
        tell(
            "source-drifted",
            f"The feed has {len(reading.items)} items; {source.expect.min} or more were expected: "
            "look whether it has moved.",
            level="warning",
        )
    run.counts["feed_items"] += len(reading.items)
    links: dict[str, Link] = {}
    told: dict[str, list[tuple[FeedItem, str]]] = defaultdict(list)
    for item in reading.items:
        code, problem = _item_problem(run, source, item)
        if problem:
            told[code].append((item, problem))
            continue
        links.setdefault(item.url, _link(source, capture, item))
        if not item.published_raw:
            told["feed-item-without-date"].append((item, "has no date: only its page can tell one"))
    for code, items in told.items():
        _tell_items(tell, code, items)
    return landing, list(links.values())[: source.options.max_items]


def _item_problem(run: CrawlRun, source: Source, item: FeedItem) -> tuple[str, str]:
    if not item.url:
        return "feed-item-without-link", "has no link to a page"
    problem = url_problem(item.url, private_ok=run.private_ok(source))
    told = f"leads to {item.url[:200]!r}, which was not followed: {problem}" if problem else ""
    return "link-refused", told


def _tell_items(tell: Callable[..., None], code: str, items: list[tuple[FeedItem, str]]) -> None:
    """Tell of each item that lacks something; of many in one, so that a bad feed does not bury the others."""
    if len(items) > MOST_TOLD:
        titles = [item.title for item, _ in items[:MOST_TOLD]]
        message = f"{len(items)} items of the feed are like the first, which {items[0][1]}."
        tell(code, message, level="warning", data={"items": len(items), "titles": titles})
        return
    for item, problem in items:
        data = {"item": item.number, "title": item.title, "published": item.published_raw}
        message = f"Item {item.number} of the feed, {item.title[:80]!r}, {problem}."
        tell(code, message, level="warning", data=data)


def _link(source: Source, capture: Capture, item: FeedItem) -> Link:
    return Link(
        source_id=source.id,
        url=item.url,
        title=item.title,
        published_raw=item.published_raw,
        updated_raw=item.updated_raw,
        seen_at=capture.fetched_at,
    )
