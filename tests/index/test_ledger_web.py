"""The ledger as Sink, Validators and Frontier."""

from __future__ import annotations

import pytest

from index.ledger import Ledger
from market.ports import Frontier, Sink, Validators
from market.records import Capture, Validator
from tests.index.facts import at, capture, issue, link, offer, reading

PAGE = "https://acme.example/news/1"


def _validator(of: Capture, etag: str = '"1"') -> Validator:
    return Validator(url=of.url, etag=etag, sha256=of.sha256, capture_id=of.id)


def test_it_is_what_the_ports_ask_for(ledger: Ledger) -> None:
    sink: Sink = ledger
    validators: Validators = ledger
    frontier: Frontier = ledger
    assert sink is validators is frontier


def test_a_capture_comes_back_as_it_was(ledger: Ledger) -> None:
    kept = capture(0, hint=link(PAGE, title="Builds", published_raw="Mon"))
    ledger.capture(kept)
    ledger.capture(kept)
    assert ledger.capture(kept.id) == kept
    assert ledger.captures() == [kept]
    assert ledger.capture("cnone") is None


def test_a_feed_counts_as_seen_together_with_its_links(ledger: Ledger) -> None:
    feed = capture(0, reader="feed")
    ledger.capture(feed, validator=_validator(feed), links=[link(PAGE)])
    assert ledger.validator(feed.url) == _validator(feed)
    assert [found.url for found in ledger.pending("acme")] == [PAGE]


def test_a_captured_link_is_done_and_a_feed_telling_of_it_again_does_not_reopen_it(ledger: Ledger) -> None:
    feed = capture(0, reader="feed")
    ledger.capture(feed, links=[link(PAGE)])
    ledger.capture(capture(100, url=PAGE, reader="article", hint=link(PAGE)))
    ledger.capture(capture(200, reader="feed"), links=[link(PAGE, at(5))])
    assert ledger.pending("acme") == []


@pytest.mark.parametrize("change", ["title", "published_raw", "updated_raw"])
@pytest.mark.parametrize("state", ["pending", "done", "failed"])
def test_a_link_of_which_its_feed_tells_anew_is_pending_as_if_new(
    ledger: Ledger, change: str, state: str
) -> None:
    ledger.capture(capture(0, reader="feed"), links=[link(PAGE, title="Builds")])
    if state == "done":
        ledger.capture(capture(100, url=PAGE, reader="article", hint=link(PAGE, title="Builds")))
    else:
        ledger.link_failed(link(PAGE, title="Builds"), give_up=state == "failed")
    new = link(PAGE, at(5), title="Builds").model_copy(update={change: "told anew"})
    ledger.capture(capture(200, reader="feed"), links=[new, link("https://acme.example/news/2")])
    assert ledger.pending("acme")[-1] == new
    ledger.capture(capture(300, reader="feed"), links=[new])
    assert ledger.pending("acme")[-1] == new


def test_an_answer_with_nothing_to_read_leaves_the_link_pending(ledger: Ledger) -> None:
    ledger.capture(capture(0, reader="feed"), links=[link(PAGE)])
    ledger.capture(capture(100, url=PAGE, status=301, reader=None, hint=link(PAGE)))
    assert [found.url for found in ledger.pending("acme")] == [PAGE]


def test_an_unchanged_article_page_makes_its_link_done(ledger: Ledger) -> None:
    ledger.capture(capture(0, reader="feed"), links=[link(PAGE)])
    first = capture(100, url=PAGE, reader="article")
    ledger.capture(first)
    again = capture(200, url=PAGE, status=304, reader=None, changed=False, same_as=first.id, hint=link(PAGE))
    ledger.capture(again)
    assert ledger.pending("acme") == []


def test_failed_attempts_are_counted_once_each_until_given_up(ledger: Ledger) -> None:
    ledger.capture(capture(0, reader="feed"), links=[link(PAGE)])
    (pending,) = ledger.pending("acme")
    ledger.link_failed(pending, give_up=False)
    ledger.link_failed(pending, give_up=False)
    (pending,) = ledger.pending("acme")
    assert pending.attempts == 1
    ledger.link_failed(pending, give_up=True)
    assert ledger.pending("acme") == []


def test_a_failure_does_not_reopen_a_link_that_is_done(ledger: Ledger) -> None:
    ledger.capture(capture(0, url=PAGE, reader="article", hint=link(PAGE)))
    ledger.link_failed(link(PAGE), give_up=False)
    assert ledger.pending("acme") == []


def test_pending_links_come_oldest_first(ledger: Ledger) -> None:
    links = [link("https://acme.example/b", at(3)), link("https://acme.example/c", at(2))]
    ledger.capture(capture(0, reader="feed"), links=links)
    assert [found.url[-1] for found in ledger.pending("acme")] == ["c", "b"]


def test_a_body_is_known_by_url_and_hash_from_the_capture_that_holds_it(ledger: Ledger) -> None:
    first = capture(0)
    ledger.capture(first)
    ledger.capture(capture(100, at(3), sha256=first.sha256, changed=False, same_as=first.id))
    assert ledger.has_body(first.url, first.sha256) == first.id
    assert ledger.has_body("https://acme.example/other", first.sha256) is None
    assert ledger.has_body(first.url, "f" * 64) is None


def test_captures_are_asked_for_by_source_run_and_half_open_time(ledger: Ledger) -> None:
    days = [capture(day, at(day), run_id=f"run-{day % 2}") for day in (2, 3, 4)]
    other = capture(9, at(3), source_id="other")
    for one in (*days, other):
        ledger.capture(one)
    assert ledger.captures(source_id="acme", since=at(3), until=at(4)) == [days[1]]
    assert ledger.captures(source_id="acme", run_id="run-0") == [days[0], days[2]]


def test_offsets_of_a_file_are_known(ledger: Ledger) -> None:
    ledger.capture(capture(0))
    ledger.capture(capture(517))
    assert ledger.known_offsets("one.warc.gz") == {0, 517}
    assert ledger.known_offsets("two.warc.gz") == set()


def test_an_issue_is_kept_once_per_run(ledger: Ledger) -> None:
    ledger.issue(issue())
    ledger.issue(issue())
    ledger.issue(issue(run_id="run-2", at=at(4)))
    assert [found.run_id for found in ledger.issues()] == ["run-1", "run-2"]
    assert ledger.issues(run_id="run-1") == [issue()]
    assert ledger.issues(since=at(3))[0].run_id == "run-2"
    assert ledger.issues(source_id="other") == []


def test_a_source_is_judged_by_its_own_url(ledger: Ledger) -> None:
    assert ledger.source_state("acme").last_check is None
    ledger.capture(capture(0, at(2)))
    ledger.capture(capture(1, at(3), status=403, reader=None))
    ledger.capture(capture(2, at(4), url=PAGE, reader="article", hint=link(PAGE)))
    ledger.issue(issue(at=at(3)))
    ledger.issue(issue("a note", level="info", at=at(5)))
    state = ledger.source_state("acme")
    assert (state.last_check, state.last_good, state.last_status) == (at(3), at(2), 403)
    assert state.last_issue == issue(at=at(3))


def test_an_unchanged_answer_is_a_good_one(ledger: Ledger) -> None:
    first = capture(0, at(2))
    ledger.capture(first)
    ledger.capture(capture(1, at(3), status=304, reader=None, changed=False, same_as=first.id))
    assert ledger.source_state("acme").last_good == at(3)


def test_a_run_is_shown_from_its_start_and_with_its_issues(ledger: Ledger) -> None:
    from market.records import RunReport

    ledger.start_run("run-1", at(2))
    ledger.start_run("run-1", at(3))
    (report,) = ledger.run_reports()
    assert (report.started_at, report.finished_at) == (at(2), None)
    done = RunReport(
        run_id="run-1",
        started_at=at(2),
        finished_at=at(3),
        counts={"collect": {"requests": 3}},
        issues=(issue(run_id=""),),
    )
    ledger.finish_run(done)
    ledger.finish_run(done)
    ledger.start_run("run-2", at(4))
    newest, older = ledger.run_reports(limit=2)
    assert newest.run_id == "run-2"
    assert older == done.model_copy(update={"issues": (issue(),)})


def test_observations_repeat_the_offers_of_an_unchanged_capture(ledger: Ledger) -> None:
    first = capture(0, at(2))
    same = capture(1, at(3), changed=False, same_as=first.id, sha256=first.sha256)
    third = capture(2, at(4))
    for one in (first, same, third):
        ledger.capture(one)
    ledger.record_reading(reading(first), [offer(first)], [])
    ledger.record_reading(reading(third, outcome="empty", records=0), [], [])
    seen = ledger.observations("acme")
    assert [(look.id, found.outcome, offers) for look, found, offers in seen] == [
        (first.id, "read", [offer(first)]),
        (same.id, "read", [offer(first)]),
        (third.id, "empty", []),
    ]
