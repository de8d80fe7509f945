"""What a news page says of itself (title, author, language, address) in JSON-LD, meta data and headings."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawlers.readers.page import Page, clean, json_types
from market.ids import url_key
from market.records import Capture

MAX_TITLE = 500


@cache
def article_words() -> dict[str, Any]:
    """Return article.toml with its patterns compiled."""
    with Path(__file__).with_name("article.toml").open("rb") as handle:
        table = tomllib.load(handle)
    table["published_class"] = re.compile(table["published_class"])
    table["paywall"] = re.compile(table["paywall"], re.IGNORECASE)
    table["other_class"] = re.compile(table["other_class"])
    types = [*table["article_types"], *table["page_types"]]
    table["type_order"] = {kind: rank for rank, kind in enumerate(types)}
    table["english"] = frozenset(table["english"])
    return table


def article_nodes(page: Page) -> list[dict[str, Any]]:
    """Return the page's JSON-LD objects of an article type, best type first, then those that stand for the
    page.
    """
    order: dict[str, int] = article_words()["type_order"]
    ranked = []
    for kinds, node in page.json_ld_objects:
        ranks = [order[kind] for kind in kinds if kind in order]
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


def first_meta(page: Page, names: list[str]) -> str:
    """Return the first named meta data that has words, or ""."""
    for name in names:
        for content in page.meta.get(name, ()):
            words = clean(content)
            if words:
                return words
    return ""


def title_of(page: Page) -> str:
    """Return the headline: JSON-LD, og:title, the only h1, or the title element without the site's name."""
    for node in article_nodes(page):
        headline = _text_of(node.get("headline"))
        if headline:
            return headline[:MAX_TITLE]
    title = first_meta(page, article_words()["title_meta"])
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
    site = first_meta(page, article_words()["publisher_meta"]).lower()
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
    for node in article_nodes(page):
        authors = node.get("author")
        for author in authors if isinstance(authors, list) else [authors]:
            name = _text_of(author)
            if name and name not in names:
                names.append(name)
        if names:
            break
    if not names:
        names = [clean(name) for key in article_words()["author_meta"] for name in page.meta.get(key, ())][:1]
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
    if len(tokens) >= 20 and sum(token in article_words()["english"] for token in tokens) >= len(tokens) / 4:
        return "en"
    declared = page.tree.get("lang") if page.tree is not None else None
    for raw in (declared, first_meta(page, article_words()["language_meta"])):
        code = re.match(r"[a-z]{2}(?=$|[-_,; ])", (raw or "").strip().lower())
        if code:
            return code[0]
    return None


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
    kinds = {kind for node in article_nodes(page) for kind in json_types(node)}
    return (
        not kinds.isdisjoint(article_words()["article_types"])
        or first_meta(page, ["og:type"]).lower() == "article"
    )
