"""A market whose web answers badly in every way we know of, and what a run must record of each answer."""

from __future__ import annotations

import gzip
import socket
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import Asked, Web, http, reset

WORDS = (
    "Bluewater Fiber said on Tuesday that its crews will bring fiber to {town} next spring, a plan that "
    "reaches {homes} homes and shops east of the river. The company has set aside ${cost} million "
    "for the work, and a spokeswoman said that each yard would be restored before the crews move on. Council "
    "members asked for a schedule by street, which the company promised to publish this year."
)
MEDIA = {"feed": "application/rss+xml", "labels": "text/csv", "page": "text/html"}


@dataclass(frozen=True)
class Expected:
    """One issue that a run must record: code, stage and level, and the URL's path."""

    code: str
    path: str
    stage: str = "collect"
    level: str = "error"


@dataclass
class Bad:
    """One source of the market and the issues it must lead to."""

    id: str
    kind: str
    url: str
    issues: list[Expected] = field(default_factory=list)


def story(title: str, town: str = "Easley", *, head: str = "", extra: str = "") -> str:
    """Return an article page with three paragraphs of text."""
    body = "".join(f"<p>{WORDS.format(town=town, homes=n * 1000, cost=n)}</p>" for n in (3, 4, 5))
    return (
        f"<html><head><title>{title}</title>{head}"
        '<meta property="article:published_time" content="2026-11-12T09:00:00Z"></head>'
        f"<body><article><h1>{title}</h1>{body}{extra}</article></body></html>"
    )


def entry(title: str, link: str | None, date: str | None = "12 Nov 2026 09:00:00 GMT") -> str:
    """Return the inside of an RSS item, without link or date where they are None."""
    parts = [f"<title>{title}</title>"]
    parts += [f"<link>{link}</link>"] if link else []
    parts += [f"<pubDate>{date}</pubDate>"] if date else []
    return "".join(parts)


def _half(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half")
    reset(sock)


def _endless_headers(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        sock.sendall(b"X-%d: more of the same\r\n" % number)


GLUED = (
    "unique_plan_id,provider_name,tier_plan_name,connection_type,monthly_priceintro_rate,intro_rate_price,"
    "dl_speed_kbpsul_speed_kbps,latency_ms\n"
    "F0099999999BLUEWTERHOME300,Bluewater Fiber,Home 300,Fixed,55.00No,NULL,310305,9\n"
)


def bad_sources(web: Web, closed: Web, busy: Web) -> list[Bad]:
    """Set up what `web`, `closed` (by robots.txt) and `busy` (429) answer; return the sources."""
    found: list[Bad] = []

    def feed(name: str, items: dict[str, bytes | str], *issues: Expected) -> None:
        entries = []
        for path, page in items.items():
            if isinstance(page, str):
                web.page(path, page)
            else:
                web.answer(path, page)
            entries.append(entry(f"Story of {path}", path))
        web.feed(f"/{name}/feed", *entries)
        found.append(Bad(name, "feed", web.url(f"/{name}/feed"), list(issues)))

    def page(name: str, *issues: Expected, kind: str = "page", url: str | None = None) -> str:
        path = f"/{name}"
        found.append(Bad(name, kind, url or web.url(path), list(issues)))
        return path

    web.page(page("feed-html", Expected("feed-not-xml", "/feed-html"), kind="feed"), story("No feed at all"))
    gaps = page(
        "gaps",
        Expected("feed-item-without-link", "/gaps", level="warning"),
        Expected("feed-item-without-date", "/gaps", level="warning"),
        kind="feed",
    )
    web.page("/gaps/undated", story("An undated story"))
    web.feed(gaps, entry("Nowhere to go", None), entry("An undated story", "/gaps/undated", None))
    feed(
        "huge",
        {"/huge/page": ""},
        Expected("page-truncated", "/huge/page", level="warning"),
        Expected("capture-truncated", "/huge/page", stage="read", level="warning"),
    )
    web.answer("/huge/page", web.endless)
    bomb = http(gzip.compress(bytes(80_000_000), 9), 200, {"Content-Encoding": "gzip"})
    feed("bomb", {"/bomb/page": bomb}, Expected("decompression-bomb", "/bomb/page"))
    text = story("Le café près de l’hôtel", "Peña’s Crossing")
    liar = {"Content-Type": "text/html; charset=utf-8"}
    meta = '<meta charset="utf-8">'
    feed(
        "charset",
        {
            "/charset/cp1252": http(text.encode("cp1252"), 200, liar),
            "/charset/utf-8": http(
                text.replace("<head>", f"<head>{meta}").encode(),
                200,
                {"Content-Type": "text/html; charset=iso-8859-1"},
            ),
            "/charset/utf-16": http(text.encode("utf-16"), 200, {"Content-Type": "text/html"}),
        },
    )
    web.answer(page("loop", Expected("redirect-loop", "/loop")), http(b"", 302, {"Location": "/loop/2"}))
    web.answer("/loop/2", http(b"", 302, {"Location": "/loop"}))
    closed.page("/robots.txt", "User-agent: *\nDisallow: /private\n", Content_Type="text/plain")
    page("disallowed", Expected("robots-disallow", "/private"), url=closed.url("/private"))
    web.answer(page("forbidden", Expected("http-403", "/forbidden")), http(b"no", 403))
    busy.answer("/later", http(b"", 429, {"Retry-After": "3600"}))
    page("too-often", Expected("http-429", "/later"), url=busy.url("/later"))
    web.answer(page("reset", Expected("connection-lost", "/reset")), _half)
    glued = page(
        "glued",
        Expected("row-unreadable", "/glued", stage="read", level="warning"),
        Expected("column-unknown", "/glued", stage="read", level="info"),
        kind="labels",
    )
    web.page(glued, GLUED, Content_Type="text/csv")
    page("unreachable", Expected("connection-refused", "/"), url="http://127.0.0.1:9/")
    page("no-name", Expected("dns-failure", "/"), url="http://crowsnest-test.invalid/")
    page("no-tls", Expected("tls-failure", "/no-tls"), url=web.url("/no-tls").replace("http:", "https:"))
    web.answer(page("drip", Expected("timeout", "/drip")), web.drip)
    web.answer(page("headers", Expected("bad-answer", "/headers")), _endless_headers)
    deep = story("Deep down", extra="<div>" * 100_000)
    wide = story("A single line", extra="<p>" + "and so on and on " * 100_000 + "</p>")
    nuls = story("Zeroes all over").replace("fiber", "fi\0ber").replace("<p>", "<p>\0")
    feed(
        "markup",
        {"/markup/deep": deep, "/markup/line": wide, "/markup/nul": nuls},
        Expected("page-too-large", "/markup/deep", stage="read", level="warning"),
    )
    feed(
        "empty",
        {"/empty/body": http(b""), "/empty/page": "<html><body></body></html>"},
        Expected("empty-body", "/empty/body"),
        Expected("article-empty", "/empty/page", stage="read", level="warning"),
    )
    web.page("/twice/story", story("Told twice"))
    links = ("/twice/story", "/twice/story#comments", "/twice/story")
    web.feed("/twice-a", *(entry("Told twice", link) for link in links))
    web.feed("/twice-b", entry("Told twice", web.url("/twice/story")))
    page("twice-a", kind="feed")
    page("twice-b", kind="feed")
    web.answer("/changing/late", http(b"not yet", 404), http(story("Late").encode(), 200, liar))
    web.page("/changing/edited", story("First words"))
    changing = page("changing", Expected("http-404", "/changing/late"), kind="feed")
    web.feed(changing, entry("Late", "/changing/late"), entry("First words", "/changing/edited"))
    return found


def write_market(folder: Path, sources: list[Bad], *, crawl: str = "") -> Path:
    """Write the market.toml of these sources into `folder` and return its path."""
    tables = [
        f'[[source]]\nid = "{bad.id}"\nkind = "{bad.kind}"\nurl = "{bad.url}"\npublisher = "{bad.id}"\n'
        for bad in sources
    ]
    head = """[market]
name = "Upstate"
own_company = "charter"

[[territory]]
id = "upstate"
counties = ["Greenville County, SC", "Pickens County, SC"]

[[competitor]]
id = "bluewater"
name = "Bluewater Fiber"
aliases = ["Bluewater Fiber"]

[[subscriber]]
id = "leader"
name = "Leader"
email = "leader@example.com"
territories = ["upstate"]
"""
    path = folder / "market.toml"
    path.write_text("\n".join([head, f"[crawl]\n{crawl}", *tables]), encoding="utf-8")
    return path
