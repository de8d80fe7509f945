"""Feeds: RSS 2.0 and 1.0, Atom, JSON Feed and WordPress posts, as items with an absolute link each."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from market.records.base import Record

MOST_ITEMS = 2000
MOST_BYTES = 4_000_000
"""Real feeds are smaller, even with whole articles inside; the parser needs seconds for each megabyte."""
_LONGEST_TITLE = 1000
_ROOT = re.compile(rb"<(?:\?xml\b|rss\b|feed\b|rdf:RDF\b|(?:\w+:)?feed\b)", re.IGNORECASE)
_JUNK = 64 * 1024
_SPACE = re.compile(r"\s+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")


class FeedItem(Record):
    """One item of a feed."""

    number: int
    """1 for the first item as the feed gives them."""
    url: str = ""
    """Absolute URL without fragment, "" when the item has no link of any scheme."""
    title: str = ""
    published_raw: str = ""
    """The date as it stands there, "" when there is none."""
    updated_raw: str = ""
    newness: tuple[int, ...] = ()
    """The date in UTC as year to second, for ordering only; () when it cannot be read."""


class FeedProblem(Record):
    """Why a feed could not be read whole."""

    code: str
    message: str


class FeedReading(Record):
    """What a feed holds, newest first where every item has a date that can be read."""

    items: tuple[FeedItem, ...] = ()
    problem: FeedProblem | None = None


_NOT_A_FEED = FeedProblem(
    code="feed-not-xml",
    message="What came back is no RSS, Atom or JSON feed: look for the feed's new address.",
)


def read_feed(body: bytes, url: str, media_type: str = "") -> FeedReading:
    """Read a feed's decoded bytes; `url` is where it answered. Never raises; a problem is returned."""
    if len(body) > MOST_BYTES and body.lstrip()[:1] not in (b"{", b"["):
        reading = read_feed(body[:MOST_BYTES], url, media_type)
        cut = FeedProblem(
            code="feed-too-long",
            message=f"The feed has {len(body)} bytes; the first {MOST_BYTES} were read.",
        )
        return reading.model_copy(update={"problem": cut if reading.items else reading.problem})
    start = body[:_JUNK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _json_feed(body, url)
    root = _ROOT.search(body[:_JUNK])
    if root is None and not _wide(body):
        return FeedReading(problem=_NOT_A_FEED)
    # Warnings of a site's scripts and blank lines before the prolog make the XML unreadable to a parser.
    xml = body[root.start() :] if root else body
    # Without a content-location the parser leaves bare guids bare; relative links are ours to resolve.
    headers = {"content-type": media_type} if media_type else {}
    try:
        parsed = feedparser.parse(
            io.BytesIO(xml), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception:  # noqa: BLE001 - feedparser lets parser errors of many kinds out on damaged input
        return FeedReading(problem=_NOT_A_FEED)
    if not parsed.get("version") and not parsed.entries:
        return FeedReading(problem=_NOT_A_FEED)
    items = (_entry(number, entry, url) for number, entry in enumerate(parsed.entries[:MOST_ITEMS], 1))
    return _reading(items, len(parsed.entries), broken=_broken(parsed))


def _wide(body: bytes) -> bool:
    return body.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0?\0", b"\0<\0?"))


def _broken(parsed: Any) -> str | None:
    """Return the parser's complaint when the XML itself is damaged, None for harmless deviations."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    return None if error is None or isinstance(error, harmless) else str(error)


def _reading(items: Iterable[FeedItem], found: int, broken: str | None = None) -> FeedReading:
    kept = list(items)
    if kept and all(item.newness for item in kept):
        kept.sort(key=lambda item: item.newness, reverse=True)
    problem = None
    if found > MOST_ITEMS:
        problem = FeedProblem(
            code="feed-too-long", message=f"The feed has {found} items; the first {MOST_ITEMS} were taken."
        )
    elif broken and not kept:
        problem = FeedProblem(
            code="feed-broken", message=f"The feed's XML is damaged and no item could be read: {broken}."
        )
    elif broken:
        problem = FeedProblem(
            code="feed-broken",
            message=f"The feed's XML is damaged ({broken}); {len(kept)} items could be read.",
        )
    return FeedReading(items=tuple(kept), problem=problem)


def _entry(number: int, entry: Any, base: str) -> FeedItem:
    moment = entry.get("published_parsed") or dict.get(entry, "updated_parsed")
    published = entry.get("published") or ""
    # Asked for plainly, feedparser gives the publication date where an item has no update.
    updated = dict.get(entry, "updated") or ""
    return FeedItem(
        number=number,
        url=_absolute(_link(entry), base),
        title=_line(str(entry.get("title") or "")),
        published_raw=_line(published or updated),
        updated_raw=_line(updated),
        newness=tuple(moment[:6]) if moment else (),
    )


def _link(entry: Any) -> str:
    """Return the page's link: Atom's alternate, RSS's link, else a permanent guid that is a URL."""
    link = str(entry.get("link") or "")
    guid = str(entry.get("id") or "")
    if entry.get("guidislink") and link.endswith(guid):
        # A guid counts as a link unless it says otherwise, yet many are bare identifiers.
        return guid if _SCHEME.match(guid) else ""
    return link


def _absolute(link: str, base: str) -> str:
    text = re.sub(r"[\x00-\x20]+", "", unescape(link)) if link else ""
    if not text:
        return ""
    try:
        joined = urljoin(base, text)
        parts = urlsplit(joined)
    except ValueError:
        return text
    if parts.scheme in ("http", "https"):
        return parts._replace(fragment="").geturl()
    return joined


def _line(text: str) -> str:
    """Return text without markup and entities, blanks collapsed, cut at a sane length."""
    return _SPACE.sub(" ", unescape(_TAG.sub("", text))).strip()[:_LONGEST_TITLE]


def _json_feed(body: bytes, url: str) -> FeedReading:
    """Read JSON Feed 1.0 and 1.1, and a list of WordPress posts (`/wp-json/wp/v2/posts`)."""
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return FeedReading(problem=_NOT_A_FEED)
    entries = document.get("items") if isinstance(document, dict) else document
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return FeedReading(problem=_NOT_A_FEED)
    if isinstance(document, dict) and "version" not in document and "items" not in document:
        return FeedReading(problem=_NOT_A_FEED)
    items = [_json_item(number, entry, url) for number, entry in enumerate(entries[:MOST_ITEMS], 1)]
    return _reading(items, len(entries))


def _json_item(number: int, entry: dict[str, Any], base: str) -> FeedItem:
    title = entry.get("title")
    if isinstance(title, dict):
        title = title.get("rendered")
    link = entry.get("url") or entry.get("external_url") or entry.get("link") or ""
    published = entry.get("date_published") or _gmt(entry.get("date_gmt")) or ""
    updated = entry.get("date_modified") or _gmt(entry.get("modified_gmt")) or ""
    return FeedItem(
        number=number,
        url=_absolute(str(link), base),
        title=_line(str(title or "")),
        published_raw=str(published or updated),
        updated_raw=str(updated),
    )


def _gmt(value: object) -> str:
    """WordPress gives GMT times without a zone; the raw date says so, since its reader must know."""
    return f"{value}Z" if isinstance(value, str) and value and not value.endswith("Z") else ""
