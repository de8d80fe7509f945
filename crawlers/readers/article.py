"""A news page read into an Article: body by trafilatura, the rest from JSON-LD and meta data of the same
tree.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml.html import HtmlElement

from crawlers.readers.page import Page, Trouble, clean, json_types, walk_json
from crawlers.readers.visible import flatten
from market.dates import Moment, date_in_url, parse_date
from market.ids import article_id, text_sha256, url_key
from market.records import Article, Capture, Source
from market.records.article import DateFrom

VERSION = 1
"""Raised whenever an article can be read differently."""
MAX_TITLE = 500
LINES_BEFORE, LINES_AFTER = 150, 350
"""Characters around the headline in which a line with a date is taken for the article's."""
MIN_BODY = 80
"""Characters. A shorter text is a notice such as "enable scripts", unless the page calls itself an article.
"""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@cache
def _words() -> dict[str, Any]:
    with Path(__file__).with_name("article.toml").open("rb") as handle:
        table = tomllib.load(handle)
    table["published_class"] = re.compile(table["published_class"])
    table["other_class"] = re.compile(table["other_class"])
    table["english"] = frozenset(table["english"])
    return table


@dataclass(frozen=True)
class Dated:
    """A publication date, the words it was read from, and where they stood."""

    moment: Moment
    raw: str
    how: DateFrom


def body_text(page: Page) -> str:
    """Return the article's paragraphs, one a line, or "" when the page shows none."""
    if page.tree is None:
        return ""
    document = trafilatura.bare_extraction(page.tree, include_comments=False, with_metadata=False)
    # The call returns None, or a Document unless asked for a dictionary.
    text = str(getattr(document, "text", None) or "")
    if not text:
        bodies = [node.get("articleBody") for node in _article_nodes(page)]
        text = next((body for body in bodies if isinstance(body, str)), "")
    lines = [line for line in map(clean, text.split("\n")) if line]
    title = title_of(page).lower()
    if len(lines) > 1 and title and lines[0].lower() == title:
        del lines[0]
    return "\n".join(lines)


def _json_objects(page: Page) -> Iterator[dict[str, Any]]:
    for value in page.json_ld:
        for _, node in walk_json(value):
            yield node


def _article_nodes(page: Page) -> list[dict[str, Any]]:
    """Return the page's JSON-LD objects of an article type, best type first, then those that stand for the
    page.
    """
    words = _words()
    order = {kind: rank for rank, kind in enumerate([*words["article_types"], *words["page_types"]])}
    ranked = []
    for node in _json_objects(page):
        ranks = [order[kind] for kind in json_types(node) if kind in order]
        if ranks:
            ranked.append((min(ranks), node))
    return [node for _, node in sorted(ranked, key=lambda pair: pair[0])]


def _text_of(value: object) -> str:
    """Return the words of a JSON-LD value: a string, an object's name, or a list's first that has words."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return _text_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return next((words for words in map(_text_of, value) if words), "")
    return ""


def _first_meta(page: Page, names: list[str]) -> str:
    for name in names:
        for content in page.meta.get(name, ()):
            words = clean(content)
            if words:
                return words
    return ""


def title_of(page: Page) -> str:
    """Return the headline: JSON-LD, og:title, the only h1, or the title element without the site's name."""
    for node in _article_nodes(page):
        headline = _text_of(node.get("headline"))
        if headline:
            return headline[:MAX_TITLE]
    title = _first_meta(page, _words()["title_meta"])
    if title:
        return _without_site(title, page)[:MAX_TITLE]
    if page.tree is None:
        return ""
    headings = [clean(h.text_content()) for h in page.tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    if len(set(headings)) == 1:
        return headings[0][:MAX_TITLE]
    element = page.tree.find(".//title")
    return _without_site(clean(element.text_content()), page)[:MAX_TITLE] if element is not None else ""


def _without_site(title: str, page: Page) -> str:
    """Return `title` without " | Site name" at its end, where the page itself names the site or repeats the
    rest.
    """
    parts = re.split(r"\s+[|\u2013\u2014·•»-]\s+", title)
    if len(parts) < 2:
        return title
    site = _first_meta(page, _words()["publisher_meta"]).lower()
    rest = title[: title.rindex(parts[-1])].rstrip(" |\u2013\u2014·•»-")
    if site and parts[-1].lower() == site:
        return rest
    headings = (
        {clean(h.text_content()) for h in page.tree.iter("h1", "h2")} if page.tree is not None else set()
    )
    return rest if rest in headings else title


def author_of(page: Page) -> str | None:
    """Return the author's name, several joined by ", ", or None.

    Addresses and the site's own name are none.
    """
    names: list[str] = []
    for node in _article_nodes(page):
        authors = node.get("author")
        for author in authors if isinstance(authors, list) else [authors]:
            name = _text_of(author)
            if name and name not in names:
                names.append(name)
        if names:
            break
    if not names:
        names = [clean(name) for key in _words()["author_meta"] for name in page.meta.get(key, ())][:1]
    if not names and page.tree is not None:
        for element in page.tree.xpath("//*[@rel='author' or @itemprop='author']")[:1]:
            names = [clean(element.text_content())]
    good = [re.sub(r"^by\s+", "", name, flags=re.IGNORECASE) for name in names]
    good = [name for name in good if name and "://" not in name and "@" not in name and len(name) <= 100]
    return ", ".join(good) or None


def language_of(page: Page, text: str) -> str | None:
    """Return "en" when the function words are English, else the ISO 639-1 code the page declares, or None.

    The words come first because templates declare the wrong language.
    """
    tokens = re.findall(r"[^\W\d_]+", text[:2000].lower())
    if len(tokens) >= 20 and sum(token in _words()["english"] for token in tokens) >= len(tokens) / 4:
        return "en"
    declared = page.tree.get("lang") if page.tree is not None else None
    for raw in (declared, _first_meta(page, _words()["language_meta"])):
        code = re.match(r"[a-z]{2}(?=$|[-_,; ])", (raw or "").strip().lower())
        if code:
            return code[0]
    return None


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
    for name in _words()["published_meta"]:
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
    return (
        declared.lower().replace("_", "-") == "en-us" or _first_meta(page, ["og:locale"]).lower() == "en_us"
    )


def _dated(raw: str, how: DateFrom, month_first: bool | None) -> Iterator[Dated]:
    moment = parse_date(raw, month_first=month_first)
    if moment is not None:
        yield Dated(moment, clean(raw), how)


def _json_dates(page: Page, types: str) -> Iterator[str]:
    """Yield datePublished, then dateCreated, of the JSON-LD objects whose type is in the named list."""
    kinds = frozenset(_words()[types])
    nodes = [node for node in _article_nodes(page) if not kinds.isdisjoint(json_types(node))]
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
    pattern = _words()["published_class"]
    found: list[Dated] = []
    for element in page.tree.xpath(
        "//*[@class or @id][self::span or self::div or self::p or self::li or self::small or self::em]"
    ):
        named = f"{element.get('class', '')} {element.get('id', '')}".lower()
        if len(element) > 6 or not pattern.search(named) or _belongs_elsewhere(element):
            continue
        words = clean(element.text_content())
        if words and len(words) <= 80:
            found.extend(_dated(words, "text", month_first))
    # Several days are those of other articles' teasers.
    if len({dated.moment.at.date() for dated in found}) == 1:
        yield found[0]


def _line_dates(page: Page, month_first: bool | None) -> Iterator[Dated]:
    """Yield the one day that short lines beside the headline state ("By A. Reed on November 3, 2026")."""
    title = title_of(page)
    if page.tree is None or not title:
        return
    text = flatten(page.tree).text
    at = text.find(title, text.find("\n"))
    if at < 0:
        return
    lines = text[max(0, at - LINES_BEFORE) : at + len(title) + LINES_AFTER].split("\n")[1:-1]
    found = [dated for line in lines if 6 <= len(line) <= 80 for dated in _dated(line, "text", month_first)]
    if len({dated.moment.at.date() for dated in found}) == 1:
        yield found[0]


def _belongs_elsewhere(element: HtmlElement) -> bool:
    """Say whether the element or one it lies in is marked as a comment, an update, a teaser or the like."""
    other = _words()["other_class"]
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


def page_url(page: Page, capture: Capture) -> str:
    """Return the page's URL: the canonical one it names if that is plainly itself, else the one that
    answered.
    """
    answered = capture.final_url or capture.url
    if page.tree is None:
        return url_key(answered)
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            try:
                canonical = urljoin(answered, link.get("href", "").strip())
                ours, theirs = urlsplit(answered), urlsplit(canonical)
                same_host = _bare(ours.hostname) == _bare(theirs.hostname)
            except ValueError:
                break
            # A template's canonical that points to the front page would make all articles one.
            if same_host and theirs.scheme in ("http", "https") and _path(ours.path) == _path(theirs.path):
                return url_key(canonical)
            break
    return url_key(answered)


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _path(path: str) -> str:
    return path.lower().rstrip("/").removesuffix("/amp").removesuffix("/index.html")


def is_declared_article(page: Page) -> bool:
    """Say whether the page calls itself an article, by JSON-LD type or og:type."""
    kinds = {kind for node in _article_nodes(page) for kind in json_types(node)}
    return (
        not kinds.isdisjoint(_words()["article_types"]) or _first_meta(page, ["og:type"]).lower() == "article"
    )


def read_article(
    capture: Capture, body: bytes, source: Source, now: datetime
) -> tuple[list[Article], list[Trouble]]:
    """Read one page; `now` is not used, since no date of an article may come from the clock.

    A page without body text gives no article and the trouble "article-empty".
    """
    page = Page(body)
    troubles = list(page.troubles)
    text = body_text(page)
    if not text or (len(text) < MIN_BODY and not is_declared_article(page)):
        troubles.append(_empty(page, text, body))
        return [], troubles
    url = page_url(page, capture)
    dated = published_of(page, capture, url)
    title = title_of(page) or (clean(capture.hint.title) if capture.hint else "")
    publisher = (
        source.publisher or _first_meta(page, _words()["publisher_meta"]) or urlsplit(url).hostname or ""
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
