"""The main job on real input: 181 real news pages and the real label files, served on loopback."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.read import body_score
from crowsnest.settings import Settings, load
from index.ledger import Ledger
from market.ids import url_key
from tests.real_data import shared

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real")]

LABELS = ("att", "spectrum_residential", "spectrum_mobile")


@dataclass(frozen=True)
class Collected:
    """One run over the real pages."""

    folder: Path
    base: str
    truth: dict[str, dict[str, str]]
    """Original path (with query) -> the page's ground truth."""
    exit_code: int
    printed: str

    @property
    def settings(self) -> Settings:
        return load(self.folder / "market.toml")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@contextmanager
def _served(pages: dict[str, tuple[str, bytes, str]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media, body, coding = pages.get(self.path, ("", b"", ""))
            self.send_response(200 if media else 404)
            if media:
                self.send_header("Content-Type", media)
            if coding:
                self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _settings(base: str) -> str:
    labels = "".join(
        f"""
[[source]]
id = "{name.replace("_", "-")}"
kind = "labels"
url = "{base}/labels/{name}.csv"
company = "{"att" if name == "att" else "charter"}"
"""
        for name in LABELS
    )
    return f"""[market]
name = "Real pages"
own_company = "charter"

[[territory]]
id = "states"
states = ["NY", "CA", "TX", "FL", "IL", "SC", "NC", "GA", "OH", "PA"]

[[source]]
id = "news"
kind = "feed"
url = "{base}/feed-of-the-test.xml"
publisher = "Real news pages"
{labels}
[[subscriber]]
id = "leader"
name = "Leader"
email = "leader@example.com"
territories = ["states"]
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("real")
    articles = shared("data", "articles")
    truth = json.loads((articles / "ground-truth.json").read_text("utf-8"))
    pages: dict[str, tuple[str, bytes, str]] = {}
    by_path = {}
    for name, entry in truth.items():
        path = _path(entry["url"])
        by_path[path] = entry
        pages[path] = ("text/html", (articles / "html" / f"{name}.html.gz").read_bytes(), "gzip")
    for name in LABELS:
        pages[f"/labels/{name}.csv"] = ("text/csv", shared("data", "labels", f"{name}.csv").read_bytes(), "")
    items = "".join(f"<item><title>A page</title><link>{escape(path)}</link></item>" for path in by_path)
    feed = f'<rss version="2.0"><channel><title>Pages</title>{items}</channel></rss>'
    pages["/feed-of-the-test.xml"] = ("application/rss+xml", feed.encode(), "")
    with _served(pages) as base:
        (folder / "market.toml").write_text(_settings(base), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "crowsnest", "--settings", str(folder / "market.toml"), "run"],
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
    return Collected(folder, base, by_path, done.returncode, done.stdout + done.stderr)


@pytest.fixture
def ledger(collected: Collected) -> Iterator[Ledger]:
    opened = Ledger(collected.settings.ledger_url)
    yield opened
    opened.close()


def test_run_ends_and_says_what_it_could_not_read(collected: Collected, ledger: Ledger) -> None:
    assert collected.exit_code in (0, 1), collected.printed
    troubles = [issue for issue in ledger.issues() if issue.level != "info"]
    assert (collected.exit_code == 1) == bool(troubles), collected.printed


def test_every_page_is_captured(collected: Collected, ledger: Ledger) -> None:
    captured = {_path(capture.url) for capture in ledger.captures(source_id="news") if capture.status == 200}
    assert set(collected.truth) <= captured
    assert ledger.pending("news") == []


def test_archive_is_readable_by_other_tools(collected: Collected, ledger: Ledger) -> None:
    files = [str(file) for file in collected.settings.archive.glob("*.warc.gz")]
    assert files
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-2000:]
    indexed = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "index", "-f", "warc-type,warc-target-uri", *files],
        capture_output=True,
        text=True,
        check=True,
    )
    responses = [json.loads(line) for line in indexed.stdout.splitlines()]
    uris = {row["warc-target-uri"] for row in responses if row["warc-type"] == "response"}
    assert {capture.url for capture in ledger.captures()} <= uris


def test_bodies_reach_the_published_measure(collected: Collected, ledger: Ledger) -> None:
    texts = {article.url: article.text for article in ledger.articles()}
    pairs = [
        (texts.get(url_key(collected.base + path), ""), entry["articleBody"])
        for path, entry in collected.truth.items()
    ]
    assert len(pairs) == 181
    assert body_score(pairs).f1 >= 0.955


@pytest.mark.parametrize("name", LABELS)
def test_every_label_row_is_accounted_for(collected: Collected, ledger: Ledger, name: str) -> None:
    text = shared("data", "labels", f"{name}.csv").read_text("utf-8-sig", errors="replace")
    rows = [row for row in csv.reader(text.splitlines()[1:]) if any(cell.strip() for cell in row)]
    source = name.replace("_", "-")
    [reading] = ledger.readings(source)
    assert reading.counts["rows"] == len(rows)
    assert reading.counts["rows_read"] + reading.counts.get("rows_reported", 0) == len(rows)
    assert reading.counts["rows_read"] >= 0.99 * len(rows)
    lines = {offer.source_row for offer in ledger.offers(source_id=source)}
    assert len(lines) == reading.counts["rows_read"]


def test_search_finds_an_article_by_a_phrase_of_its_body(collected: Collected, ledger: Ledger) -> None:
    from crowsnest.engines import engine
    from index.search import search

    long_ones = [article for article in ledger.articles() if len(article.text.split()) > 200][:5]
    assert len(long_ones) == 5
    opened = engine(collected.settings)
    try:
        for article in long_ones:
            words = [word.strip('"“”\\') for word in article.text.split()[100:108]]
            found = search(opened, '"' + " ".join(words) + '"', limit=20)
            assert article.id in {result.document.id for result in found.results}
    finally:
        opened.close()


def test_every_claim_is_verified_from_the_archive(collected: Collected) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crowsnest", "--settings", str(collected.folder / "market.toml"), "verify"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
