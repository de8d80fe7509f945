"""A news page read into an Article: body by trafilatura, the rest from JSON-LD and meta data of the same
tree.
"""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import urlsplit

import trafilatura

from crawlers.readers.page import Page, Trouble, clean
from crawlers.readers.pagemeta import (
    article_nodes,
    article_words,
    author_of,
    first_meta,
    is_declared_article,
    language_of,
    page_url,
    title_of,
)
from crawlers.readers.published import published_of
from market.ids import article_id, text_sha256
from market.records import Article, Capture, Source

VERSION = 3
"""Raised whenever an article can be read differently."""
MAX_NOTICE = 200
"""Characters of a line that asks for a subscription."""
MIN_BODY = 80
"""Characters. A shorter text is a notice such as "enable scripts", unless the page calls itself an article.
"""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def body_text(page: Page) -> str:
    """Return the article's paragraphs, one a line, or "" when the page shows none."""
    if page.tree is None:
        return ""
    document = trafilatura.bare_extraction(page.tree, include_comments=False, with_metadata=False)
    # The call returns None, or a Document unless asked for a dictionary.
    text = str(getattr(document, "text", None) or "")
    if not text:
        bodies = [node.get("articleBody") for node in article_nodes(page)]
        text = next((body for body in bodies if isinstance(body, str)), "")
    lines = [line for line in map(clean, text.split("\n")) if line]
    title = title_of(page).lower()
    if len(lines) > 1 and title and lines[0].lower() == title:
        del lines[0]
    while len(lines) > 1 and len(lines[-1]) <= MAX_NOTICE and _is_notice(page, lines[-1]):
        del lines[-1]
    return "\n".join(lines)


def _is_notice(page: Page, line: str) -> bool:
    """Say whether a last line asks for a subscription, or only links to the pages before and after."""
    if article_words()["paywall"].match(line):
        return True
    rest = line
    for link in page.link_texts:
        if len(link) > 3 and link in rest:
            rest = rest.replace(link, "")
    return rest != line and not any(map(str.isalnum, rest))


def read_article(
    capture: Capture, body: bytes, source: Source, now: datetime
) -> tuple[list[Article], list[Trouble]]:
    """Read one page; `now` is not used, since no date of an article may come from the clock.

    A page without body text gives no article and the trouble "article-empty", unless another says why.
    """
    page = Page(body)
    troubles = list(page.troubles)
    text = body_text(page)
    if not text or (len(text) < MIN_BODY and not is_declared_article(page)):
        if not any(trouble.code in ("page-too-large", "page-not-text") for trouble in troubles):
            troubles.append(_empty(page, text, body))
        return [], troubles
    url = page_url(page, capture)
    dated = published_of(page, capture, url)
    title = title_of(page) or (clean(capture.hint.title) if capture.hint else "")
    publisher = (
        source.publisher
        or first_meta(page, article_words()["publisher_meta"])
        or urlsplit(url).hostname
        or ""
    )
    article = Article(
        id=article_id(url),
        capture_id=capture.id,
        source_id=capture.source_id,
        url=url,
        title=title,
        text=text,
        text_sha256=text_sha256(text),
        published_at=dated.moment.at if dated else None,
        published_day_only=dated.moment.day_only if dated else False,
        published_raw=dated.raw if dated else "",
        date_from=dated.how if dated else None,
        author=author_of(page),
        publisher=publisher,
        language=language_of(page, text),
    )
    return [article], troubles


def _empty(page: Page, text: str, body: bytes) -> Trouble:
    if not body.strip():
        why = "The answer was empty"
    elif page.tree is not None and len(page.tree.findall(".//script")) > 0:
        why = "The page holds no article text; it is filled in by scripts or is no article"
    else:
        why = "The page holds no article text"
    return Trouble(
        "article-empty",
        f"{why}. Point the source at a feed or page whose text is in the HTML.",
        data={"text": text[:200], "bytes": len(body)},
    )
