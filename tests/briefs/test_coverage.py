from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from briefs.coverage import source_check
from briefs.rules import rules
from briefs.week import Week
from market.records import Capture, Issue, Source, SourceCheck
from market.records.source import Terms
from tests.briefs.build import capture, day
from tests.briefs.world import EASTERN

W47 = Week.parse("2026-W47", EASTERN)
FEED = Source(id="paper", kind="feed", url="https://paper.example/feed", publisher="The Paper")


def got(number: int, status: int = 200, **more: Any) -> Capture:
    reader = "feed" if status == 200 else None
    return capture(day(number), source="paper", url=FEED.url, status=status, **({"reader": reader} | more))


def trouble(number: int, code: str, **more: Any) -> Issue:
    return Issue(stage="collect", code=code, source_id="paper", message=code, at=day(number), **more)


def check(*captures: Capture, issues: tuple[Issue, ...] = (), source: Source = FEED) -> SourceCheck:
    return source_check(source, captures, issues, W47, rules().coverage)


def test_a_good_answer_in_the_week_is_checked() -> None:
    made = check(got(0), got(2))
    assert (made.state, made.last_good, made.note) == ("checked", day(2), "")


def test_an_unchanged_answer_is_as_good() -> None:
    assert check(got(-5), got(2, 304, changed=False, same_as="c1")).last_good == day(2)


@pytest.mark.parametrize("status", [401, 403, 429, 451])
def test_refused_since_is_blocked_with_the_last_good_day(status: int) -> None:
    made = check(got(-3), got(2, status))
    assert (made.state, made.last_good, made.note) == ("blocked", day(-3), f"it answers HTTP {status}")


def test_blocked_after_a_good_answer_in_the_same_week_is_blocked() -> None:
    assert check(got(1), got(4, 403)).state == "blocked"


def test_open_again_after_a_refusal_is_checked() -> None:
    assert check(got(1, 403), got(4)).state == "checked"


def test_a_server_error_or_an_unreadable_feed_is_failed() -> None:
    assert check(got(-3), got(2, 503)).state == "failed"
    broken = got(2)
    issue = trouble(2, "feed-not-xml", url=FEED.url, capture_id=broken.id)
    made = check(got(-3), broken, issues=(issue,))
    assert (made.state, made.last_good, made.note) == ("failed", day(-3), "what it answers is no feed")


def test_robots_are_a_block_and_named() -> None:
    made = check(issues=(trouble(1, "robots-disallow", url=FEED.url),))
    assert (made.state, made.note) == ("blocked", "its robots.txt asks us not to fetch it")


def test_a_lost_connection_leaves_no_capture_and_is_failed() -> None:
    assert check(got(-3), issues=(trouble(2, "connection-lost", url=FEED.url),)).state == "failed"


def test_trouble_with_one_article_page_is_not_the_sources() -> None:
    issue = trouble(3, "http-404", url="https://paper.example/story")
    page = capture(day(3), source="paper", url="https://paper.example/story", status=404, reader=None)
    assert check(got(2), page, issues=(issue,)).state == "checked"


def test_not_asked_for_long_is_stale_and_a_slow_source_is_not() -> None:
    made = check(got(-9))
    assert (made.state, made.last_good) == ("stale", day(-9))
    weekly = FEED.model_copy(update={"every": timedelta(days=7)})
    assert check(got(-3), source=weekly).state == "checked"


def test_never_fetched_is_stale_and_switched_off_is_disabled_with_its_reason() -> None:
    assert check().note == "never fetched"
    off = FEED.model_copy(update={"terms": Terms(allowed=False, note="terms forbid robots")})
    assert (check(source=off).state, check(source=off).note) == ("disabled", "terms forbid robots")


def test_a_price_page_without_prices_is_failed_and_an_unchanged_one_too() -> None:
    first, again = got(-3), got(2)
    same = got(3, 304, changed=False, same_as=again.id)
    made = source_check(FEED, [first, again, same], (), W47, rules().coverage, {again.id})
    assert (made.state, made.last_good) == ("failed", day(-3))
    assert made.note == "the page holds no prices that we can read"


def test_a_warning_or_a_reading_problem_is_no_failure_of_the_source() -> None:
    warned = trouble(2, "feed-too-long", level="warning", url=FEED.url)
    row = Issue(stage="read", code="row-unreadable", source_id="paper", message="x", at=day(3), url=FEED.url)
    assert check(got(2), issues=(warned, row)).state == "checked"


def test_a_broken_feed_recorded_at_the_moment_of_its_capture_is_failed() -> None:
    assert check(got(-3), got(2), issues=(trouble(2, "feed-broken", url=FEED.url),)).state == "failed"
