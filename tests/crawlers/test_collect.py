from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from archive.reader import Archive
from crawlers.politeness import CrawlOptions
from market.records import Capture, Source
from market.records.source import SourceOptions, Terms
from tests.crawlers.fakes import MONDAY, World, feed_source, item, page_source
from tests.hostile import Web, http, rss


def test_a_feed_leads_to_its_articles(web: Web, world: World) -> None:
    web.feed("/feed", item("Fiber in Easley", "/a/1"), item("Fiber in Greer", web.url("/a/2")))
    web.page("/a/1")
    web.page("/a/2")
    world.collect(feed_source(web.url("/feed")))
    assert world.issues == []
    readers = {capture.url: capture.reader for capture in world.captures.values()}
    assert readers == {
        web.url("/feed"): "feed",
        web.url("/a/1"): "article",
        web.url("/a/2"): "article",
    }
    hint = world.of(web.url("/a/1"))[0].hint
    assert (hint.title, hint.published_raw) == ("Fiber in Easley", "Mon, 02 Nov 2026 08:00:00 GMT")
    assert {link.state for link in world.links.values()} == {"done"}


def test_pages_and_label_files_name_their_readers(web: Web, world: World) -> None:
    web.page("/plans")
    web.page("/labels.csv", "a,b\n1,2\n", Content_Type="text/csv")
    labels = Source(id="harbor-labels", kind="labels", url=web.url("/labels.csv"))
    world.collect(page_source(web.url("/plans")), labels)
    readers = {capture.source_id: capture.reader for capture in world.captures.values()}
    assert readers == {"harbor-plans": "offers", "harbor-labels": "labels"}


def test_every_request_says_who_we_are(web: Web, world: World) -> None:
    web.page("/plans")
    world.collect(page_source(web.url("/plans")))
    assert all("content-length" not in asked.headers for asked in web.asked)
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert len(web.asked) == 2
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("Crowsnest/")
    assert "ops@harbor.example" in agent


def test_an_unchanged_web_costs_one_conditional_request_a_source(web: Web, world: World) -> None:
    web.feed("/feed", item("One", "/a/1"), item("Two", "/a/2"), etag='"f1"')
    web.page("/a/1", etag='"a"')
    web.page("/a/2", etag='"b"')
    web.page("/plans", modified="Mon, 02 Nov 2026 07:00:00 GMT")
    sources = feed_source(web.url("/feed")), page_source(web.url("/plans"))
    world.collect(*sources)
    web.asked.clear()
    counts = world.collect(*sources)
    assert sorted(web.paths) == ["/feed", "/plans"]
    assert counts == {"asked": 2, "captures": 2, "done": 2, "requests": 2, "responses": 2, "unchanged": 2}
    first, second = world.of(web.url("/plans"))
    assert (second.status, second.changed, second.same_as, second.reader) == (304, False, first.id, "offers")


def test_a_body_with_the_same_hash_is_unchanged(web: Web, world: World) -> None:
    web.page("/plans")
    source = page_source(web.url("/plans"))
    world.collect(source)
    world.collect(source)
    first, second = world.of(web.url("/plans"))
    assert (second.status, second.changed, second.same_as) == (200, False, first.id)


def test_a_page_that_returns_to_an_earlier_state_has_changed(web: Web, world: World) -> None:
    source = page_source(web.url("/plans"))
    for body in ("<p>$50</p>", "<p>$60</p>", "<p>$50</p>"):
        web.page("/plans", body)
        world.collect(source)
    assert [capture.changed for capture in world.of(web.url("/plans"))] == [True, True, True]


def test_only_new_and_changed_items_are_fetched_again(web: Web, world: World) -> None:
    source = feed_source(web.url("/feed"))
    web.feed("/feed", item("One", "/a/1"), item("Two", "/a/2"))
    web.page("/a/1")
    web.page("/a/2")
    web.page("/a/3")
    world.collect(source)
    web.asked.clear()
    web.feed("/feed", item("Three", "/a/3"), item("One, corrected", "/a/1"), item("Two", "/a/2"))
    world.collect(source)
    assert sorted(web.paths) == ["/a/1", "/a/3", "/feed"]


def test_the_clock_gives_captures_and_warc_records_their_dates(web: Web, world: World) -> None:
    web.page("/plans", "<p>Harbor Fiber $50</p>")
    world.collect(page_source(web.url("/plans")))
    capture: Capture = world.of(web.url("/plans"))[0]
    record = Archive(world.folder).record(capture.warc_file, capture.warc_offset)
    assert capture.fetched_at == MONDAY
    assert record.at == MONDAY
    assert (record.tags.source_id, record.tags.run_id, record.tags.reader) == (
        "harbor-plans",
        "run1",
        "offers",
    )
    assert Archive(world.folder).body(capture.warc_file, capture.warc_offset) == b"<p>Harbor Fiber $50</p>"


def test_the_archive_holds_the_bytes_of_the_wire(web: Web, world: World) -> None:
    packed = gzip.compress(b"<p>Harbor Fiber $50</p>", mtime=0)
    web.page("/plans", packed, Content_Encoding="gzip")
    world.collect(page_source(web.url("/plans")))
    capture = world.of(web.url("/plans"))[0]
    archive = Archive(world.folder)
    assert archive.record(capture.warc_file, capture.warc_offset).body == packed
    assert archive.body(capture.warc_file, capture.warc_offset) == b"<p>Harbor Fiber $50</p>"


def test_redirects_are_captured_and_followed(web: Web, world: World) -> None:
    web.answer("/plans", http(b"moved", 301, {"Location": "/new-plans"}))
    web.page("/new-plans")
    world.collect(page_source(web.url("/plans")))
    captures = world.of(web.url("/plans"))
    assert [(c.status, c.final_url, c.reader) for c in captures] == [
        (301, web.url("/plans"), None),
        (200, web.url("/new-plans"), "offers"),
    ]
    assert world.issues == []


def test_articles_on_another_host_are_asked_for_by_that_hosts_crawler(web: Web, world: World) -> None:
    with Web(host="127.0.0.2") as other:
        other.page("/story")
        web.feed("/feed", item("Elsewhere", other.url("/story")))
        world.collect(feed_source(web.url("/feed")))
        assert other.paths == ["/robots.txt", "/story"]
    assert world.of(other.url("/story"))[0].source_id == "harbor-news"
    assert world.issues == []


def test_pending_links_of_earlier_runs_come_first(web: Web, world: World) -> None:
    source = feed_source(web.url("/feed"))
    web.feed("/feed", item("One", "/a/1"), etag='"f"')
    web.answer("/a/1", http(b"later", 503))
    world.collect(source)
    assert [link.state for link in world.links.values()] == ["pending"]
    web.page("/a/1")
    web.asked.clear()
    world.collect(source)
    assert sorted(web.paths) == ["/a/1", "/feed"]
    assert [link.state for link in world.links.values()] == ["done"]


def test_a_failing_link_is_given_up_after_the_settings_number_of_runs(web: Web, world: World) -> None:
    source = feed_source(web.url("/feed"))
    web.feed("/feed", item("One", "/a/1"), etag='"f"')
    web.answer("/a/1", http(b"no", 500))
    for _ in range(4):
        world.collect(source, attempts=3)
    assert web.paths.count("/a/1") == 3
    assert [link.state for link in world.links.values()] == ["failed"]


def test_max_items_takes_the_newest(web: Web, world: World) -> None:
    web.feed(
        "/feed",
        item("Old", "/old", "Sun, 01 Nov 2026 08:00:00 GMT"),
        item("New", "/new", "Mon, 02 Nov 2026 08:00:00 GMT"),
    )
    web.page("/new")
    world.collect(feed_source(web.url("/feed"), options=SourceOptions(max_items=1)))
    assert [link.url for link in world.links.values()] == [web.url("/new")]


@pytest.mark.parametrize(
    "fields", [{"enabled": False}, {"terms": Terms(allowed=False, note="Its terms forbid it.")}]
)
def test_a_disabled_source_is_never_asked_for(web: Web, world: World, fields: dict[str, object]) -> None:
    assert world.collect(page_source(web.url("/plans"), **fields)) == {"skipped": 1}
    assert web.asked == []


def test_progress_counts_up_to_all_that_was_asked(web: Web, world: World) -> None:
    web.feed("/feed", item("One", "/a/1"), item("Two", "/a/2"))
    web.page("/a/1")
    world.collect(feed_source(web.url("/feed")))
    assert world.seen[-1] == ("collect", 3, 3)


def test_hosts_of_one_run_are_crawled_side_by_side_in_one_process(world: World) -> None:
    with Web(host="127.0.0.3") as one, Web(host="127.0.0.4") as two:
        one.page("/plans")
        two.page("/plans")
        sources = page_source(one.url("/plans"), id="one"), page_source(two.url("/plans"), id="two")
        for _ in range(3):
            world.collect(*sources, later=timedelta(days=7))
    assert len(world.captures) == 6


def test_robots_is_believed_for_a_day(web: Web, world: World) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow:\n", etag='"r"', Content_Type="text/plain")
    web.page("/plans")
    source = page_source(web.url("/plans"))
    world.collect(source, later=timedelta(hours=1))
    world.collect(source, later=timedelta(hours=24))
    world.collect(source)
    asked = [each.headers.get("if-none-match") for each in web.asked if each.path == "/robots.txt"]
    assert asked == [None, '"r"']


def test_a_sink_that_fails_ends_the_run_and_keeps_the_archive_open_for_recovery(
    web: Web, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OSError("the ledger is away")

    web.page("/plans")
    monkeypatch.setattr(world, "capture", away)
    with pytest.raises(OSError, match="the ledger is away"):
        world.collect(page_source(web.url("/plans")))
    assert [path.suffix for path in world.folder.glob("*.open")] == [".open"]


def test_options_identify_local_hosts() -> None:
    options = CrawlOptions(local_hosts=("sample.test",))
    assert [
        options.is_local(host) for host in ("127.0.0.9", "localhost", "sample.test", "harbor.example")
    ] == [
        True,
        True,
        True,
        False,
    ]


def test_an_atom_feed_of_another_shape_is_no_surprise(web: Web, world: World) -> None:
    web.page("/feed", rss(), Content_Type="application/xml")
    world.collect(feed_source(web.url("/feed")))
    assert world.issues == []
    assert world.of(web.url("/feed"))[0].reader == "feed"
