"""Ctrl-C and kill -9: what was captured is kept, nothing is lost, nothing comes twice."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive.reader import Archive
from crawlers.spiders.source import SourceSpider
from tests.crawlers.fakes import DurableWorld, World, feed_source, item, page_source
from tests.hostile import Web, after, http

ARTICLES = 25


def _site(web: Web, pause: float = 0.0) -> None:
    web.feed("/feed", *(item(f"Story {number}", f"/a/{number}") for number in range(ARTICLES)), etag='"f"')
    for number in range(ARTICLES):
        web.answer(f"/a/{number}", after(pause, http(f"<p>Story {number}</p>".encode())))
    web.page("/plans", "<p>$50</p>", etag='"p"')


def _collect_in_a_child(folder: Path, run: int, web: Web) -> int:
    pid = os.fork()
    if pid:
        return pid
    world = DurableWorld(folder)
    world.runs = run
    world.recover(f"run{run}")
    world.collect(feed_source(web.url("/feed")), page_source(web.url("/plans")))
    os._exit(0)


def test_killed_at_random_moments_nothing_is_lost_or_doubled(tmp_path: Path, web: Web) -> None:
    _site(web, pause=0.01)
    folder = tmp_path / "archive"
    chance = random.Random(20261102)
    killed = run = 0
    while killed < 20:
        run += 1
        assert run < 100
        pid = _collect_in_a_child(folder, run, web)
        time.sleep(chance.uniform(0.0, 0.09))
        os.kill(pid, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    world = DurableWorld(folder)
    world.runs = 100
    world.recover("run100")
    world.collect(feed_source(web.url("/feed")), page_source(web.url("/plans")))
    articles = sorted(c.url for c in world.captures.values() if c.reader == "article")
    assert articles == sorted(web.url(f"/a/{number}") for number in range(ARTICLES))
    assert [c.changed for c in world.of(web.url("/plans"))].count(True) == 1
    assert {link.state for link in world.links.values()} == {"done"}
    archive = Archive(folder)
    for capture in world.captures.values():
        assert archive.record(capture.warc_file, capture.warc_offset).tags.asked_url == capture.url
    assert list(folder.glob("*.open")) == []


def test_what_the_ledger_lacks_is_taken_in_from_the_archive(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/plans", "<p>$50</p>", etag='"p"')
    world = DurableWorld(tmp_path / "archive")
    with monkeypatch.context() as patch:

        def away(*args: object, **kwargs: object) -> None:
            raise OSError("the ledger is away")

        patch.setattr(world, "capture", away)
        with pytest.raises(OSError, match="away"):
            world.collect(page_source(web.url("/plans")))
    assert world.captures == {}
    assert world.recover("run2")["captures"] == 1
    assert world.recover("run3") == {}
    (capture,) = world.captures.values()
    assert (capture.run_id, capture.source_id, capture.reader, capture.changed) == (
        "run1",
        "harbor-plans",
        "offers",
        True,
    )
    world.collect(page_source(web.url("/plans")))
    assert [c.status for c in world.of(web.url("/plans"))] == [200, 304]


def test_an_article_recovered_is_not_asked_for_again(tmp_path: Path, web: Web) -> None:
    _site(web)
    world = DurableWorld(tmp_path / "archive")
    world.collect(feed_source(web.url("/feed")))
    lost = world.of(web.url("/a/3"))[0]
    path = world.folder / lost.warc_file
    path.rename(path.with_name(path.name + ".open"))
    del world.captures[lost.id]
    world.links[lost.source_id, lost.url] = lost.hint
    assert world.recover("run2") == {"files": 1, "captures": 1}
    assert world.captures[lost.id] == lost
    web.asked.clear()
    world.collect(feed_source(web.url("/feed")))
    assert web.paths == ["/feed"]


def test_a_damaged_archive_file_is_told_and_read_as_far_as_it_goes(tmp_path: Path, web: Web) -> None:
    web.page("/plans")
    world = DurableWorld(tmp_path / "archive")
    world.collect(page_source(web.url("/plans")))
    (path,) = world.folder.glob("*.warc.gz")
    torn = path.rename(path.with_name(path.name + ".open"))
    torn.write_bytes(torn.read_bytes() + gzip.compress(b"no record at all\r\n\r\n") + b"\x1f\x8b half")
    world.captures.clear()
    assert world.recover("run2") == {"files": 1, "captures": 1, "cut_bytes": 7}
    assert [issue.code for issue in world.issues] == ["archive-damaged", "archive-cut"]
    assert world.recover("run3") == {}


def test_a_lost_ledger_is_rebuilt_from_the_archive(tmp_path: Path, web: Web) -> None:
    _site(web)
    world = DurableWorld(tmp_path / "archive")
    for _ in range(2):
        world.collect(feed_source(web.url("/feed")))
    before = dict(world.captures)
    (tmp_path / "ledger.jsonl").unlink()
    new = DurableWorld(tmp_path / "archive")
    assert new.recover("run3") == {"files": 2, "captures": len(before)}
    assert set(new.captures) == set(before)
    articles = [link.url for link in new.links.values() if link.state == "done"]
    assert sorted(articles) == sorted(link.url for link in world.links.values())
    assert new.recover("run4") == {}


def _interrupt_when(condition: object, times: int = 1) -> threading.Thread:
    def watch() -> None:
        for _ in range(times):
            while not condition():
                time.sleep(0.005)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_a_first_ctrl_c_ends_the_run_and_keeps_what_came(web: Web, world: World) -> None:
    _site(web, pause=0.02)
    watcher = _interrupt_when(lambda: len(world.captures) >= 5)
    with pytest.raises(KeyboardInterrupt):
        world.collect(feed_source(web.url("/feed")))
    watcher.join()
    done = [c for c in world.captures.values() if c.reader == "article"]
    assert 0 < len(done) < ARTICLES
    assert list(world.folder.glob("*.open")) == []
    world.collect(feed_source(web.url("/feed")))
    assert len([c for c in world.captures.values() if c.reader == "article"]) == ARTICLES


@pytest.mark.timeout(20)
def test_ctrl_c_while_a_crawler_starts_ends_the_run(
    web: Web, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/plans")
    build = SourceSpider.from_crawler.__func__

    def interrupted(cls: type[SourceSpider], *args: object, **kwargs: object) -> SourceSpider:
        os.kill(os.getpid(), signal.SIGINT)
        return build(cls, *args, **kwargs)

    monkeypatch.setattr(SourceSpider, "from_crawler", classmethod(interrupted))
    with pytest.raises(KeyboardInterrupt):
        world.collect(page_source(web.url("/plans")))


def test_collect_gives_signal_handlers_back(web: Web, world: World) -> None:
    web.page("/plans")

    def mine(number: int, frame: object) -> None:
        pass

    before = signal.signal(signal.SIGTERM, mine)
    try:
        world.collect(page_source(web.url("/plans")))
        assert signal.getsignal(signal.SIGTERM) is mine
    finally:
        signal.signal(signal.SIGTERM, before)


def test_ctrl_c_does_not_wait_out_a_retry_after(web: Web, world: World) -> None:
    web.answer("/plans", http(b"", 503, {"Retry-After": "100"}))
    watcher = _interrupt_when(lambda: len(world.captures) >= 1)
    with pytest.raises(KeyboardInterrupt):
        world.collect(page_source(web.url("/plans")), retries=1)
    watcher.join()
    assert web.paths.count("/plans") == 1


def test_a_second_ctrl_c_breaks_off(web: Web, world: World) -> None:
    web.answer("/plans", web.silence)
    watcher = _interrupt_when(lambda: "/plans" in web.paths, times=2)
    with pytest.raises(KeyboardInterrupt):
        world.collect(page_source(web.url("/plans")), timeout=60)
    watcher.join()
    # Waited out, the silence would have become an issue.
    assert world.issues == []
    assert len(list(world.folder.glob("*.open"))) == 1


def test_scrapy_crawl_archives_and_prints(tmp_path: Path, web: Web) -> None:
    web.feed("/feed", item("One", "/a/1"))
    web.page("/a/1")
    root = Path(__file__).parents[2]
    command = ["-m", "scrapy", "crawl", "feed", "-a", f"url={web.url('/feed')}"]
    settings = ["-s", f"CROWSNEST_ARCHIVE={tmp_path}", "-s", "AUTOTHROTTLE_START_DELAY=0"]
    done = subprocess.run(
        [sys.executable, *command, *settings],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.count('"reader"') for line in done.stdout.splitlines()] == [1, 1]
    assert web.url("/a/1") in done.stdout.splitlines()[0]
    assert len(list(tmp_path.glob("*.warc.gz"))) == 1


def test_a_full_disk_ends_the_run_with_a_clear_error(
    web: Web, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    web.page("/plans")
    monkeypatch.setattr("archive.writer.os.fdatasync", full)
    with pytest.raises(Exception, match="No space left") as caught:
        world.collect(page_source(web.url("/plans")))
    assert caught.value.code == "archive-write"
