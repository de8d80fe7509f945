"""When a page was published, as it says itself: JSON-LD, meta data, marked elements, feed, URL, text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lxml.html import HtmlElement

from crawlers.readers.page import Page, clean, json_types
from crawlers.readers.pagemeta import article_nodes, article_words, first_meta, title_of
from crawlers.readers.visible import flatten
from market.dates import Moment, date_in_url, parse_date
from market.records import Capture
from market.records.article import DateFrom

LINES_BEFORE, LINES_AFTER = 150, 350
"""Characters around the headline in which a line with a date is taken for the article's."""

_UPDATE = re.compile(
    r"\b(?:last )?(?:updated|modified|revised|actualizado)\b.*?"
    r"(?=\b(?:first |originally )?(?:posted|published|publicado)\b|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dated:
    """A publication date, the words it was read from, and where they stood."""

    moment: Moment
    raw: str
    how: DateFrom


def published_of(page: Page, capture: Capture, url: str) -> Dated | None:
    """Return when the page says it was published, else the feed's word for it, else the URL's, else None.

    A date after the capture is no publication date; from a time element or plain text the capture's own day
    is none either, since pages print the current day.
    """
    latest = capture.fetched_at + timedelta(days=1)
    for dated in _dates(page, capture, url):
        moment = dated.moment
        weak = dated.how in ("time-tag", "text") and moment.day_only
        if moment.at <= latest and not (weak and moment.at.date() == capture.fetched_at.date()):
            return dated
    return None


def _dates(page: Page, capture: Capture, url: str) -> Iterator[Dated]:
    us_order = True if _us_page(page) else None
    for raw in _json_dates(page, "article_types"):
        yield from _dated(raw, "json-ld", us_order)
    for name in article_words()["published_meta"]:
        for raw in page.meta.get(name, ()):
            yield from _dated(raw, "meta", us_order)
    for raw in _json_dates(page, "page_types"):
        yield from _dated(raw, "json-ld", us_order)
    yield from _element_dates(page, us_order)
    if capture.hint is not None and capture.hint.published_raw:
        yield from _dated(capture.hint.published_raw, "feed", us_order)
    in_url = date_in_url(url)
    if in_url:
        yield Dated(in_url[0], in_url[1], "url")
    yield from _line_dates(page, us_order)


def _us_page(page: Page) -> bool:
    declared = (page.tree.get("lang") or "") if page.tree is not None else ""
    return declared.lower().replace("_", "-") == "en-us" or first_meta(page, ["og:locale"]).lower() == "en_us"


def _dated(raw: str, how: DateFrom, month_first: bool | None) -> Iterator[Dated]:
    moment = parse_date(raw, month_first=month_first)
    if moment is not None:
        yield Dated(moment, clean(raw), how)


def _json_dates(page: Page, types: str) -> Iterator[str]:
    """Yield datePublished, then dateCreated, of the JSON-LD objects whose type is in the named list."""
    kinds = frozenset(article_words()[types])
    nodes = [node for node in article_nodes(page) if not kinds.isdisjoint(json_types(node))]
    for key in ("datePublished", "dateCreated"):
        for node in nodes:
            raw = node.get(key)
            if isinstance(raw, str):
                yield raw
    if types == "article_types":
        for raw, value in zip(page.json_ld_raw, page.json_ld, strict=True):
            if value is None:
                # Broken JSON-LD (a stray quote in the body) still states its date in plain words.
                yield from re.findall(r'"datePublished"\s*:\s*"([^"\\]{8,40})"', raw)[:1]


def _element_dates(page: Page, month_first: bool | None) -> Iterator[Dated]:
    """Yield dates of elements marked as publication dates: by itemprop, then time elements, then by class."""
    if page.tree is None:
        return
    marked = page.tree.xpath("//*[@itemprop='datePublished' or @pubdate][not(self::meta)]")
    times = page.tree.xpath("//time")
    for element in [*marked[:3], *times[:6]]:
        if _belongs_elsewhere(element):
            continue
        raw = element.get("datetime") or element.get("content") or clean(element.text_content())
        yield from _dated(raw[:200], "time-tag", month_first)
    pattern = article_words()["published_class"]
    found: list[Dated] = []
    for element in page.tree.xpath(
        "//*[@class or @id][self::span or self::div or self::p or self::li or self::small or self::em]"
    ):
        named = f"{element.get('class', '')} {element.get('id', '')}".lower()
        if len(element) > 6 or not pattern.search(named) or _belongs_elsewhere(element):
            continue
        words = clean(element.text_content())
        if words and len(words) <= 80:
            found.extend(_dated(_publication_words(words), "text", month_first))
    # Several days are those of other articles' teasers.
    if len({dated.moment.at.date() for dated in found}) == 1:
        yield found[0]


def _line_dates(page: Page, month_first: bool | None) -> Iterator[Dated]:
    """Yield the one day that short lines beside the headline state ("By A. Reed on November 3, 2026")."""
    title = title_of(page)
    if page.tree is None or not title:
        return
    text = flatten(page.tree).text
    # The first line is often a menu's; a headline that stands nowhere else stands there.
    at = text.find(title, text.find("\n"))
    at = text.find(title) if at < 0 else at
    if at < 0:
        return
    lines = text[max(0, at - LINES_BEFORE) : at + len(title) + LINES_AFTER].split("\n")[1:-1]
    lines = [_publication_words(line) for line in lines]
    found = [dated for line in lines if 6 <= len(line) <= 80 for dated in _dated(line, "text", month_first)]
    if len({dated.moment.at.date() for dated in found}) == 1:
        yield found[0]


def _publication_words(line: str) -> str:
    """Return a line without what it says of an update ("Updated: May 2 | Posted: May 1")."""
    return _UPDATE.sub("", line)


def _belongs_elsewhere(element: HtmlElement) -> bool:
    """Say whether the element or one it lies in is marked as a comment, an update, a teaser or the like."""
    other = article_words()["other_class"]
    node: HtmlElement | None = element
    for _ in range(6):
        if node is None or node.tag in ("body", "html", "main"):
            return False
        if node.tag in ("footer", "aside", "nav"):
            return True
        if other.search(f"{node.get('class', '')} {node.get('id', '')} {node.get('itemprop', '')}".lower()):
            return True
        node = node.getparent()
    return False
