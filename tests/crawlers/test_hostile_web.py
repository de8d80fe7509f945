"""Each kind of bad answer gives a recorded issue with code, source and URL, and the run goes on."""

from __future__ import annotations

import asyncio
import gzip
import socket
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reader import Archive
from archive.response import Place, Response, Tags
from crawlers.landing import land
from crawlers.politeness import CrawlOptions, Pace
from crawlers.robots import http_wait
from crawlers.run import CrawlRun
from market.records.source import Expect
from tests.crawlers.fakes import MONDAY, World, feed_source, item, page_source
from tests.hostile import Answer, Asked, Web, http, reset


def _check(world: World, code: str, source_id: str, url: str) -> None:
    issue = world.issue_of(code)
    assert (issue.source_id, issue.url, issue.stage, issue.run_id) == (source_id, url, "collect", "run1")
    assert issue.message


def _half(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<p>half")
    reset(sock)


def _closes_early(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(http(b"<p>half", length=1000))
    sock.close()


def _closes_at_once(sock: socket.socket, asked: Asked) -> None:
    sock.close()


def _torn_chunks(sock: socket.socket, asked: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ha\r\nZZ\r\n")
    sock.close()


_RAW: dict[str, tuple[str, Answer | bytes]] = {
    "reset half way": ("connection-lost", _half),
    "closed half way": ("connection-lost", _closes_early),
    "closed without a word": ("bad-answer", _closes_at_once),
    "bad chunks": ("bad-answer", _torn_chunks),
    "no HTTP at all": ("bad-answer", b"SSH-2.0-OpenSSH_9.7\r\n\r\n"),
    "endless header": ("bad-answer", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n"),
    "length that is no number": ("bad-answer", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nxx"),
    "nothing in it": ("empty-body", http(b"")),
    "no content": ("empty-body", http(b"", 204)),
    "a 304 nobody asked for": ("http-304", http(b"", 304)),
    "forbidden": ("http-403", http(b"go away", 403)),
    "gone": ("http-410", http(b"", 410)),
    "server error": ("http-500", http(b"oops", 500)),
    "unknown coding": ("content-coding", http(b"xx", 200, {"Content-Encoding": "rot13"})),
    "gzip cut short": (
        "content-broken",
        http(gzip.compress(b"<p>" + bytes(range(256)) * 20)[:-30], 200, {"Content-Encoding": "gzip"}),
    ),
    "redirect to a file": ("redirect-refused", http(b"", 302, {"Location": "file:///etc/passwd"})),
    "redirect to nowhere": ("redirect-refused", http(b"", 302, {"Location": "http://[broken/"})),
    "redirect to itself": ("redirect-loop", http(b"", 302, {"Location": "/x"})),
}


@pytest.mark.parametrize("name", _RAW)
def test_a_bad_answer_is_an_issue(web: Web, world: World, name: str) -> None:
    code, answer = _RAW[name]
    web.answer("/x", answer)
    web.page("/fine")
    world.collect(page_source(web.url("/x")), page_source(web.url("/fine"), id="fine"))
    _check(world, code, "harbor-plans", web.url("/x"))
    assert world.of(web.url("/fine"))[0].reader == "offers"
    assert all(capture.reader is None for capture in world.of(web.url("/x")))
    assert web.url("/x") not in world.validators


def test_a_redirect_loop_over_several_pages_ends(web: Web, world: World) -> None:
    for number in range(50):
        web.answer(f"/{number}", http(b"", 302, {"Location": f"/{number + 1}"}))
    world.collect(page_source(web.url("/0")), max_redirects=5)
    _check(world, "redirect-loop", "harbor-plans", web.url("/0"))
    assert len(web.asked) == 1 + 6


def test_a_page_of_200_megabytes_is_cut_and_not_held(web: Web, world: World) -> None:
    web.feed("/feed", item("Huge", "/huge"))
    web.answer("/huge", web.endless)
    tracemalloc.start()
    world.collect(feed_source(web.url("/feed")), max_bytes=1_000_000, timeout=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    _check(world, "page-truncated", "harbor-news", web.url("/huge"))
    capture = world.of(web.url("/huge"))[0]
    assert (capture.truncated, capture.reader) == (True, "article")
    assert web.sent < 50_000_000
    assert peak < 30_000_000
    assert web.url("/huge") not in world.validators


def test_a_cut_price_page_is_not_read(web: Web, world: World) -> None:
    web.page("/plans", b"<p>plan</p>" * 1000)
    world.collect(page_source(web.url("/plans")), max_bytes=5000)
    _check(world, "page-truncated", "harbor-plans", web.url("/plans"))
    assert world.of(web.url("/plans"))[0].reader is None


def test_a_gzip_bomb_is_not_unpacked(web: Web, world: World) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    web.page("/plans", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    world.collect(page_source(web.url("/plans")), max_decoded_bytes=2_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    _check(world, "decompression-bomb", "harbor-plans", web.url("/plans"))
    assert peak < 30_000_000


def test_a_plain_page_that_claims_to_be_gzip_is_read(web: Web, world: World) -> None:
    web.page("/plans", "<p>$50</p>", Content_Encoding="gzip")
    world.collect(page_source(web.url("/plans")))
    assert world.issues == []
    assert world.of(web.url("/plans"))[0].reader == "offers"


def test_a_dripping_server_is_left_after_the_timeout(web: Web, world: World) -> None:
    web.answer("/plans", web.drip)
    world.collect(page_source(web.url("/plans")), timeout=0.5)
    _check(world, "timeout", "harbor-plans", web.url("/plans"))


def test_a_silent_server_is_left_after_the_timeout(web: Web, world: World) -> None:
    web.answer("/plans", web.silence)
    world.collect(page_source(web.url("/plans")), timeout=0.5)
    _check(world, "timeout", "harbor-plans", web.url("/plans"))


def test_a_server_that_is_not_there(world: World) -> None:
    with Web() as gone:
        url = gone.url("/plans")
    world.collect(page_source(url))
    _check(world, "connection-refused", "harbor-plans", url)


def test_a_name_that_dns_does_not_know(world: World) -> None:
    url = "http://no-such-host.invalid/plans"
    world.collect(page_source(url), start_delay=0, min_delay=0)
    _check(world, "dns-failure", "harbor-plans", url)


def test_robots_txt_is_obeyed_and_told_once(web: Web, world: World) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /a/\n", Content_Type="text/plain")
    web.feed("/feed", *(item(f"Story {number}", f"/a/{number}") for number in range(5)))
    world.collect(feed_source(web.url("/feed")))
    assert web.paths == ["/robots.txt", "/feed"]
    issue = world.issue_of("robots-disallow")
    assert issue.data == {"pages": 5}


def test_robots_txt_that_names_us(web: Web, world: World) -> None:
    web.page("/robots.txt", "User-agent: crowsnest\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    world.collect(page_source(web.url("/plans")))
    _check(world, "robots-disallow", "harbor-plans", web.url("/plans"))


def test_a_robots_txt_that_fails_allows_nothing(web: Web, world: World) -> None:
    web.answer("/robots.txt", http(b"", 500))
    world.collect(page_source(web.url("/plans")))
    assert web.paths == ["/robots.txt"]
    _check(world, "robots-unreachable", "harbor-plans", web.url("/plans"))


@pytest.mark.parametrize("body", [b"<html>not found</html>", b"\xff\xfe\x00garbage", b"Disallow", b""])
def test_a_robots_txt_of_nonsense_allows_all(web: Web, world: World, body: bytes) -> None:
    web.page("/robots.txt", body)
    web.page("/plans")
    world.collect(page_source(web.url("/plans")))
    assert world.issues == []


def test_a_robots_txt_in_a_redirect_loop_is_none(web: Web, world: World) -> None:
    web.answer("/robots.txt", http(b"", 302, {"Location": "/robots.txt"}))
    web.page("/plans")
    world.collect(page_source(web.url("/plans")))
    assert world.issues == []
    assert world.of(web.url("/plans"))[0].reader == "offers"


def test_refused_articles_are_one_issue_and_soon_left_alone(web: Web, world: World) -> None:
    web.feed("/feed", *(item(f"Story {number}", f"/a/{number}") for number in range(20)))
    for number in range(20):
        web.answer(f"/a/{number}", http(b"no bots", 403))
    world.collect(feed_source(web.url("/feed")), give_up_host=3)
    issue = world.issue_of("http-403")
    assert issue.source_id == "harbor-news"
    assert len(web.paths) < 20


def test_retry_after_is_waited_for(web: Web, world: World) -> None:
    web.answer("/plans", http(b"", 429, {"Retry-After": "1"}), http(b"<p>$50</p>"))
    world.collect(page_source(web.url("/plans")), retries=1)
    assert [capture.status for capture in world.of(web.url("/plans"))] == [429, 200]
    assert world.issues == []


def test_a_retry_after_too_long_leaves_the_host(web: Web, world: World) -> None:
    web.feed("/feed", item("One", "/a/1"), item("Two", "/a/2"))
    for number in (1, 2):
        web.answer(f"/a/{number}", http(b"", 429, {"Retry-After": "3600"}))
    world.collect(feed_source(web.url("/feed")), retries=3)
    assert len([path for path in web.paths if path.startswith("/a/")]) <= 2
    assert world.issue_of("http-429").source_id == "harbor-news"
    assert {link.state for link in world.links.values()} == {"pending"}


def test_a_broken_connection_is_tried_again(web: Web, world: World) -> None:
    web.answer("/plans", _closes_at_once, _half, http(b"<p>$50</p>"))
    world.collect(page_source(web.url("/plans")), retries=2)
    assert world.issues == []
    assert world.of(web.url("/plans"))[-1].reader == "offers"


def test_a_feed_that_is_a_web_page(web: Web, world: World) -> None:
    web.page("/feed", "<!doctype html><html><body>Just a moment...</body></html>")
    world.collect(feed_source(web.url("/feed")))
    _check(world, "feed-not-xml", "harbor-news", web.url("/feed"))
    assert world.of(web.url("/feed"))[0].reader is None


def test_an_item_without_date_is_told_and_its_page_is_read(web: Web, world: World) -> None:
    web.feed("/feed", item("Undated", "/a", None), item("Dated", "/b"))
    web.page("/a")
    web.page("/b")
    world.collect(feed_source(web.url("/feed")))
    _check(world, "feed-item-without-date", "harbor-news", web.url("/feed"))
    assert world.issue_of("feed-item-without-date").data["title"] == "Undated"
    assert world.of(web.url("/a"))[0].reader == "article"


def test_a_page_that_comes_later_than_its_feed_is_asked_for_again(web: Web, world: World) -> None:
    web.feed("/feed", item("Late", "/a"), etag='"f"')
    web.answer("/a", http(b"", 404), http(b"<p>here"))
    for _ in range(2):
        world.collect(feed_source(web.url("/feed")))
    assert [capture.status for capture in world.of(web.url("/a"))] == [404, 200]
    assert [link.state for link in world.links.values()] == ["done"]


def test_an_item_without_link_is_told_and_the_others_are_read(web: Web, world: World) -> None:
    web.feed("/feed", item("No link"), item("No date", "/a/1", None))
    web.page("/a/1")
    world.collect(feed_source(web.url("/feed")))
    issue = world.issue_of("feed-item-without-link")
    assert (issue.url, issue.data["title"]) == (web.url("/feed"), "No link")
    hint = world.of(web.url("/a/1"))[0].hint
    assert hint.published_raw == ""


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "mailto:a@b.example",
        "ftp://files.example/x",
        "file:///etc/passwd",
        "https://me:secret@a.example/",
    ],
)
def test_links_that_are_no_pages_are_refused(web: Web, world: World, link: str) -> None:
    web.feed("/feed", item("Odd", link))
    world.collect(feed_source(web.url("/feed")))
    _check(world, "link-refused", "harbor-news", web.url("/feed"))
    assert world.links == {}


def test_a_link_to_a_film_is_not_read(web: Web, world: World) -> None:
    web.feed("/feed", item("Film", "/film.mp4"))
    web.page("/film.mp4", b"\x00\x00\x00\x20ftypisom", Content_Type="video/mp4")
    world.collect(feed_source(web.url("/feed")))
    assert world.issue_of("not-a-page").level == "info"
    assert [link.state for link in world.links.values()] == ["failed"]


def test_a_feed_with_thousands_of_items_stays_bounded(web: Web, world: World) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /a/\n")
    web.feed("/feed", *(item(f"Story {number}", f"/a/{number}") for number in range(2500)))
    world.collect(feed_source(web.url("/feed")))
    assert world.issue_of("feed-too-long").source_id == "harbor-news"
    assert len(world.links) == 2000


def test_a_public_source_does_not_lead_into_a_private_network(
    web: Web, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CrawlRun, "private_ok", lambda run, source: False)
    web.feed("/feed", item("Metadata", "http://169.254.169.254/latest/"))
    web.answer("/plans", http(b"", 302, {"Location": "http://10.0.0.1/admin"}))
    world.collect(feed_source(web.url("/feed")), page_source(web.url("/plans")))
    _check(world, "link-refused", "harbor-news", web.url("/feed"))
    _check(world, "redirect-refused", "harbor-plans", web.url("/plans"))


def test_a_public_name_with_a_private_address_is_not_archived(
    web: Web, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CrawlRun, "private_ok", lambda run, source: False)
    monkeypatch.setattr(CrawlOptions, "is_local", lambda options, host: False)
    web.page("/plans")
    world.collect(page_source(web.url("/plans")), start_delay=0, min_delay=0)
    _check(world, "private-address", "harbor-plans", web.url("/plans"))
    assert world.captures == {}


def test_many_bad_items_are_one_issue(web: Web, world: World) -> None:
    web.feed("/feed", *(item(f"Story {number}") for number in range(30)), item("Good", "/a"))
    web.page("/a")
    world.collect(feed_source(web.url("/feed")))
    assert world.issue_of("feed-item-without-link").data["items"] == 30
    assert world.of(web.url("/a"))


def test_a_flood_of_pages_is_spread_over_runs(web: Web, world: World) -> None:
    web.feed("/feed", *(item(f"Story {number}", f"/a/{number}") for number in range(5)), etag='"f"')
    for number in range(5):
        web.page(f"/a/{number}")
    counts = [world.collect(feed_source(web.url("/feed")), most_pages=2)["responses"] for _ in range(3)]
    assert counts == [1 + 1 + 2, 1 + 2, 1 + 1]


def test_a_feed_with_fewer_items_than_expected_has_drifted(web: Web, world: World) -> None:
    web.feed("/feed")
    world.collect(feed_source(web.url("/feed"), expect=Expect(min=5)))
    _check(world, "source-drifted", "harbor-news", web.url("/feed"))


def test_a_plan_page_that_became_a_picture(web: Web, world: World) -> None:
    web.page("/plans", b"\x89PNG\r\n\x1a\n...", Content_Type="image/png")
    world.collect(page_source(web.url("/plans")))
    assert world.issue_of("not-a-page").level == "error"


def test_a_price_list_in_pdf_is_kept_for_the_reader_of_plans(web: Web, world: World) -> None:
    web.page("/plans", b"%PDF-1.7 ...", Content_Type="application/pdf")
    world.collect(page_source(web.url("/plans")))
    assert "not-a-page" not in world.codes
    assert [capture.reader for capture in world.of(web.url("/plans"))] == ["offers"]


def test_crawl_delay_is_heeded(web: Web, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []
    monkeypatch.setattr(Pace, "ask_delay", lambda pace, host, seconds: asked.append((host, seconds)))
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")
    web.page("/plans")
    world.collect(page_source(web.url("/plans")))
    assert asked == [("127.0.0.1", 0.3)]


def test_requests_to_a_host_are_spaced_whichever_crawler_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    async def turns() -> list[float]:
        pace = Pace(CrawlOptions(min_delay=2, max_delay=60, local_hosts=("ours.example",)))
        waits: list[float] = []

        async def pause(seconds: float) -> None:
            waits.append(round(seconds))

        monkeypatch.setattr(pace, "pause", pause)
        for host in ("harbor.example", "harbor.example", "other.example", "ours.example", "ours.example"):
            await pace.turn(host)
        pace.ask_delay("harbor.example", 3600)
        await pace.turn("harbor.example")
        await pace.turn("harbor.example")
        pace.hold("ours.example", 30)
        await pace.turn("ours.example")
        return waits

    assert asyncio.run(turns()) == [2, 4, 64, 30]


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", "", 120.0),
        (" 0 ", "", 0.0),
        ("Mon, 02 Nov 2026 09:02:00 GMT", "", 120.0),
        ("Mon, 02 Nov 2026 09:02:00 GMT", "Mon, 02 Nov 2026 09:01:00 GMT", 60.0),
        ("Mon, 02 Nov 2020 09:02:00 GMT", "", 0.0),
        ("soon", "", None),
        ("-5", "", None),
        ("", "", None),
        ("²", "", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, date: str, seconds: float | None) -> None:
    assert http_wait(value, date, MONDAY) == seconds


def test_odd_headers_and_charsets_are_archived_as_they_came(web: Web, world: World) -> None:
    odd = (
        b"HTTP/1.1 200 Sch\xf6n\r\nContent-Type: text/html; charset=klingon\r\nX-Odd: \xff\xfe caf\xe9\r\n"
        b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Empty:\r\nContent-Length: 14\r\n\r\n<p>Gr\xf6\xdfer</p>"
    )
    web.answer("/plans", odd.replace(b"Content-Length: 14", b"Content-Length: 13"))
    world.collect(page_source(web.url("/plans")))
    assert world.issues == []
    capture = world.of(web.url("/plans"))[0]
    archive = Archive(world.folder)
    assert archive.body(capture.warc_file, capture.warc_offset) == b"<p>Gr\xf6\xdfer</p>"
    assert archive.record(capture.warc_file, capture.warc_offset).header("Set-Cookie") == "a=1, b=2"


def test_warcio_finds_no_fault_in_what_a_hostile_web_left(web: Web, world: World) -> None:
    for number, (_, answer) in enumerate(_RAW.values()):
        web.answer(f"/{number}", answer)
    world.collect(*(page_source(web.url(f"/{n}"), id=f"s{n}") for n in range(len(_RAW))), retries=1)
    files = sorted(world.folder.glob("*.warc.gz"))
    tool = Path(sys.executable).with_name("warcio")
    checked = subprocess.run([tool, "check", "-v", *files], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert "failed" not in checked.stdout
    archive = Archive(world.folder)
    for capture in world.captures.values():
        assert archive.record(capture.warc_file, capture.warc_offset).status == capture.status


@settings(max_examples=60, deadline=None)
@given(
    status=st.integers(100, 599),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"Content-Type", b"Content-Encoding", b"ETag", b"Last-Modified"]),
            st.binary(max_size=20),
        )
    ),
    body=st.binary(max_size=100),
    reader=st.sampled_from([None, "feed", "article", "offers", "labels"]),
    cut_by=st.sampled_from([None, "length", "disconnect"]),
)
def test_any_response_lands(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes, reader: str | None, cut_by: str | None
) -> None:
    tags = Tags(source_id="harbor", run_id="run1", asked_url="https://harbor.example/", reader=reader)
    wire = Response(
        url="https://harbor.example/",
        status=status,
        headers=tuple(headers),
        body=body,
        at=MONDAY,
        tags=tags,
        cut_by=cut_by,
    )
    landing = land(Place(file="f.warc.gz", offset=7), wire, None, decoded_limit=1000)
    assert landing.capture.reader in (None, reader)
    assert landing.trouble or landing.validator
