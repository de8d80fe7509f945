"""Citations: which page a claim stands on, who published it and when."""

from __future__ import annotations

from urllib.parse import urlsplit

from market.records import Article, Capture, Citation


def page_of(capture: Capture, publisher: str) -> Citation:
    """Return the citation of a page that carries no date of its own."""
    return Citation(
        capture_id=capture.id,
        url=capture.final_url,
        publisher=publisher or host(capture.final_url),
        on=capture.fetched_at,
        dated="captured",
    )


def article_page(article: Article, capture: Capture | None, publisher: str) -> Citation | None:
    """Return an article's citation, or None when neither page nor capture gives a day."""
    on = article.published_at or (capture.fetched_at if capture else None)
    if on is None:
        return None
    return Citation(
        capture_id=article.capture_id,
        url=article.url,
        publisher=publisher,
        title=article.title,
        on=on,
        dated="published" if article.published_at else "captured",
        day_only=article.published_day_only,
    )


def host(url: str) -> str:
    """Return an address's host without "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
