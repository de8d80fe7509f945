"""The ledger's records: readings, articles in versions, tags, offers, and the queue to the index."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert

from index import tables
from index.ledger import Ledger
from index.migrate import SCRIPTS
from market.errors import UsageError
from market.records import (
    Account,
    Brief,
    Citation,
    Claim,
    Coverage,
    Delivery,
    Evidence,
    Section,
    TextSpan,
)
from tests.index.facts import article, at, capture, issue, offer, reading, tagged

PAGE = {"url": "https://acme.example/news/1", "reader": "article"}


def _taken(ledger: Ledger, engine: str = "e", limit: int = 100) -> list[tuple[str, str, bool]]:
    """Index everything there is and return what it was."""
    batch = ledger.unindexed(engine, limit)
    ledger.mark_indexed(engine, batch)
    return [(entry.kind, entry.id, entry.gone) for entry in batch.entries]


def test_captures_are_unread_until_their_reader_has_seen_them_at_its_version(ledger: Ledger) -> None:
    plans, page = capture(0), capture(1, at(3), **PAGE)
    for one in (plans, page, capture(2, reader=None), capture(3, changed=False, same_as=plans.id)):
        ledger.capture(one)
    assert ledger.unread({"offers": 1}) == [plans]
    assert ledger.unread({"offers": 1, "article": 1}) == [plans, page]
    ledger.record_reading(reading(plans), [], [])
    assert ledger.unread({"offers": 1, "article": 1}) == [page]
    assert ledger.unread({"offers": 2}) == [plans]
    assert ledger.unread({}) == []


def test_a_newer_reader_replaces_and_an_older_one_changes_nothing(ledger: Ledger) -> None:
    one = capture(0)
    ledger.capture(one)
    ledger.record_reading(
        reading(one), [offer(one, "gig"), offer(one, "old")], [issue("bad row", stage="read")]
    )
    ledger.record_reading(reading(one, 2), [offer(one, "gig", 6500)], [])
    ledger.record_reading(reading(one, 1), [offer(one, "old")], [])
    assert ledger.offers() == [offer(one, "gig", 6500)]
    assert ledger.readings() == [reading(one, 2)]
    assert ledger.issues() == []


def test_an_issue_of_a_reading_belongs_to_the_capture_and_its_run(ledger: Ledger) -> None:
    one = capture(0)
    ledger.capture(one)
    ledger.record_reading(reading(one), [], [issue("bad row", stage="read", run_id="")])
    (found,) = ledger.issues()
    assert (found.run_id, found.capture_id) == ("run-1", one.id)


def test_a_reading_of_an_unknown_capture_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="no capture"):
        ledger.record_reading(reading(capture(0)), [], [])


def test_a_record_of_another_capture_is_refused_and_nothing_is_kept(ledger: Ledger) -> None:
    one, other = capture(0), capture(1)
    ledger.capture(one)
    with pytest.raises(UsageError, match="another capture"):
        ledger.record_reading(reading(one), [offer(one), offer(other)], [])
    assert (ledger.readings(), ledger.offers()) == ([], [])


def test_an_article_has_versions_and_the_latest_counts(ledger: Ledger) -> None:
    old, new = capture(0, at(2), **PAGE), capture(1, at(3), **PAGE)
    first, second = article(old, "Acme builds."), article(new, "Acme builds more.")
    for one, found in ((new, second), (old, first)):
        ledger.capture(one)
        ledger.record_reading(reading(one), [found], [])
    assert ledger.articles() == [second]
    assert ledger.article(first.id) == second
    assert ledger.article_version(first.id, old.id) == first
    assert ledger.text(first.text_sha256) == "Acme builds."


def test_an_undated_article_falls_on_the_day_it_was_fetched(ledger: Ledger) -> None:
    undated = capture(0, at(9), url="https://acme.example/a", reader="article")
    dated = capture(1, at(9), url="https://acme.example/b", reader="article")
    ledger.capture(undated)
    ledger.capture(dated)
    ledger.record_reading(reading(undated), [article(undated)], [])
    ledger.record_reading(reading(dated), [article(dated, published_at=at(4))], [])
    assert [found.capture_id for found in ledger.articles()] == [dated.id, undated.id]
    assert [found.capture_id for found in ledger.articles(since=at(9), until=at(10))] == [undated.id]
    assert ledger.articles(since=at(9))[0].published_at is None


def test_a_text_once_cited_is_kept_when_a_reader_reads_another(ledger: Ledger) -> None:
    one = capture(0, **PAGE)
    ledger.capture(one)
    before = article(one, "Old reading.\x00 é")
    ledger.record_reading(reading(one), [before], [])
    ledger.record_reading(reading(one, 2), [article(one, "New reading.")], [])
    assert ledger.text(before.text_sha256) == before.text
    assert ledger.article(before.id) == article(one, "New reading.")


def test_an_article_is_untagged_until_a_tagger_of_that_version_has_seen_its_text(ledger: Ledger) -> None:
    one = capture(0, **PAGE)
    ledger.capture(one)
    found = article(one)
    ledger.record_reading(reading(one), [found], [])
    assert ledger.untagged(1) == [found]
    ledger.record_tagged([tagged(found)])
    assert ledger.untagged(1) == []
    assert ledger.untagged(2) == [found]
    ledger.record_reading(reading(one, 2), [found], [])
    assert ledger.untagged(1) == []
    ledger.record_reading(reading(one, 3), [article(one, "Other words.")], [])
    assert ledger.untagged(1) == [article(one, "Other words.")]
    assert ledger.tagged([found.id]) == {}


def test_tags_replace_earlier_ones_with_their_facts(ledger: Ledger) -> None:
    one = capture(0, **PAGE)
    ledger.capture(one)
    found = article(one, published_at=at(4))
    ledger.record_reading(reading(one), [found], [])
    ledger.record_tagged([tagged(found, 1, ("announced", "live"))])
    newer = tagged(found, 2, ("construction", "live"))
    ledger.record_tagged([newer])
    ledger.record_tagged([tagged(found, 1, ("announced",))])
    assert ledger.tagged([found.id]) == {found.id: newer}
    assert {fact.stage for fact in ledger.expansions()} == {"construction", "live"}
    assert len(ledger.expansions(since=at(4), until=at(5), company="acme")) == 2
    assert ledger.expansions(since=at(5)) == []
    assert ledger.story(found.id) == [found.id]


def test_tags_of_a_version_the_ledger_lacks_change_nothing(ledger: Ledger) -> None:
    ledger.record_tagged([tagged(article(capture(0, **PAGE)), 1, ("live",))])
    assert ledger.expansions() == []


def test_current_offers_are_those_of_each_urls_latest_whole_reading(ledger: Ledger) -> None:
    looks = [
        capture(0, at(2)),
        capture(1, at(3)),
        capture(2, at(4)),
        capture(3, at(2), url="https://acme.example/b"),
    ]
    for one in looks:
        ledger.capture(one)
    ledger.record_reading(reading(looks[0]), [offer(looks[0], "gig", 7000), offer(looks[0], "gone")], [])
    ledger.record_reading(reading(looks[1]), [offer(looks[1], "gig", 7500)], [])
    ledger.record_reading(reading(looks[2], outcome="failed", records=0), [], [])
    ledger.record_reading(reading(looks[3]), [offer(looks[3], "half", company="other")], [])
    assert {(o.plan_key, o.monthly_cents) for o in ledger.offers(current=True)} == {
        ("gig", 7500),
        ("half", 7000),
    }
    assert len(ledger.offers(company="acme")) == 3
    assert ledger.offers(capture_id=looks[1].id) == [offer(looks[1], "gig", 7500)]


def test_offers_that_a_page_no_longer_shows_go_from_the_engines_and_come_back_with_it(ledger: Ledger) -> None:
    first, second = capture(0, at(2)), capture(1, at(3))
    for one in (first, second):
        ledger.capture(one)
        ledger.record_reading(reading(one), [offer(one, "gig")], [])
    assert ledger.note_current_offers() == 1
    assert sorted(_taken(ledger)) == sorted(
        [("offer", offer(first, "gig").id, True), ("offer", offer(second, "gig").id, False)]
    )
    assert ledger.note_current_offers() == 0
    assert _taken(ledger) == []
    ledger.capture(capture(2, at(4), changed=False, same_as=first.id))
    assert ledger.offers(current=True) == [offer(first, "gig")]
    assert ledger.note_current_offers() == 2
    assert sorted(_taken(ledger)) == sorted(
        [("offer", offer(first, "gig").id, False), ("offer", offer(second, "gig").id, True)]
    )


def test_only_what_changed_is_unindexed_and_each_engine_has_its_own_cursor(ledger: Ledger) -> None:
    one = capture(0)
    ledger.capture(one)
    ledger.record_reading(reading(one), [offer(one, "a"), offer(one, "b")], [])
    assert ledger.unindexed_count("e") == 2
    first = ledger.unindexed("e", 1)
    assert [entry.offer for entry in first.entries] == [offer(one, "a")]
    assert ledger.unindexed("e", 1, after=first.upto).entries[0].id == offer(one, "b").id
    ledger.mark_indexed("e", first)
    assert _taken(ledger) == [("offer", offer(one, "b").id, False)]
    ledger.record_reading(reading(one), [offer(one, "a"), offer(one, "b")], [])
    assert _taken(ledger) == []
    ledger.record_reading(reading(one, 2), [offer(one, "a"), offer(one, "b", 1)], [])
    assert _taken(ledger) == [("offer", offer(one, "b").id, False)]
    assert ledger.unindexed_count("another") == 2
    ledger.forget_index("e")
    assert ledger.unindexed_count("e") == 2


def test_what_is_gone_is_told_to_the_index(ledger: Ledger) -> None:
    one, page = capture(0), capture(1, **PAGE)
    ledger.capture(one)
    ledger.capture(page)
    ledger.record_reading(reading(one), [offer(one)], [])
    found = article(page)
    ledger.record_reading(reading(page), [found], [])
    ledger.record_tagged([tagged(found, 1, ("live",))])
    (fact,) = ledger.expansions()
    assert {kind for kind, _, gone in _taken(ledger) if not gone} == {"offer", "article", "expansion"}
    ledger.record_reading(reading(one, 2), [], [])
    ledger.record_reading(reading(page, 2), [], [])
    assert set(_taken(ledger)) == {
        ("offer", offer(one).id, True),
        ("expansion", fact.id, True),
        ("article", found.id, True),
    }


def test_an_article_is_indexed_with_the_tags_of_its_version(ledger: Ledger) -> None:
    page = capture(0, **PAGE)
    ledger.capture(page)
    found = article(page)
    ledger.record_reading(reading(page), [found], [])
    assert ledger.unindexed("e", 9).entries[0].tagged is None
    _taken(ledger)
    ledger.record_tagged([tagged(found)])
    (entry,) = ledger.unindexed("e", 9).entries
    assert (entry.article, entry.tagged, entry.capture) == (found, tagged(found), page)


def _brief(week: str, subscriber: str = "ann") -> Brief:
    return Brief(
        id=f"b-{subscriber}-{week}",
        subscriber_id=subscriber,
        subscriber_name="Ann",
        market_name="Front Range",
        week=week,
        starts_on="2026-11-09",
        ends_on="2026-11-15",
        sections=(),
        coverage=Coverage(),
        generated_at=at(16),
    )


def test_what_one_capture_gave_is_asked_for_by_its_id(ledger: Ledger) -> None:
    old, new = capture(0, at(2), **PAGE), capture(1, at(3), **PAGE)
    for one, words in ((old, "Acme plans."), (new, "Acme builds.")):
        ledger.capture(one)
        ledger.record_reading(
            reading(one), [article(one, words)], [issue(f"odd: {words}", stage="read", run_id="")]
        )
    assert ledger.articles(capture_id=old.id) == [article(old, "Acme plans.")]
    assert ledger.articles(capture_id=new.id) == ledger.articles() == [article(new, "Acme builds.")]
    assert ledger.readings(capture_id=old.id) == [reading(old)]
    assert [found.capture_id for found in ledger.issues(capture_id=new.id)] == [new.id]
    assert (ledger.articles(capture_id="none"), ledger.readings(capture_id="none")) == ([], [])


def _citing(week: str, *captures: str, page: str | None = None) -> Brief:
    """A brief with a line for each capture, and one that cites `page` without a quote of it."""
    claims = [_claim(one) for one in captures]
    if page is not None:
        cited = Citation(
            capture_id=page, url="https://acme.example/", publisher="Acme", on=at(4), dated="captured"
        )
        claims.append(_claim(captures[0]).model_copy(update={"citations": (cited,)}))
    return _brief(week).model_copy(
        update={"sections": (Section(id="news", title="News", claims=tuple(claims)),)}
    )


def _claim(of: str) -> Claim:
    where = TextSpan(text_sha256="0" * 64, start=0, end=4)
    proof = Evidence(capture_id=of, quote="Acme", where=where, reader="article", reader_version=1)
    return Claim(text="Acme", evidence=(proof,))


def test_briefs_are_found_by_the_captures_they_rest_on(ledger: Ledger) -> None:
    first, second = _citing("2026-W46", "a", "b"), _citing("2026-W47", "b", page="gone")
    for brief in (first, second, _brief("2026-W48")):
        ledger.save_brief(brief)
    assert ledger.briefs_citing(["a"]) == [first]
    assert ledger.briefs_citing(["b", "a"]) == [second, first]
    assert ledger.briefs_citing(["gone"]) == [second]
    assert ledger.briefs_citing([]) == ledger.briefs_citing(["c"]) == []
    ledger.save_brief(_citing("2026-W46", "c"))
    assert [b.week for b in ledger.briefs_citing(["a", "c"])] == ["2026-W46"]
    assert ledger.briefs_citing(["a"]) == []


def test_migrating_an_older_ledger_finds_what_its_briefs_rest_on(ledger_url: str) -> None:
    brief = _citing("2026-W46", "a", page="gone")
    engine = create_engine(ledger_url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = {"id": brief.id, "subscriber_id": brief.subscriber_id, "week": brief.week}
        made = {"generated_at": brief.generated_at, "payload": brief.model_dump_json()}
        connection.execute(insert(tables.briefs).values(row | made))
    engine.dispose()
    ledger = Ledger(ledger_url)
    ledger.migrate()
    assert ledger.briefs_citing(["gone"]) == ledger.briefs_citing(["a"]) == [brief]
    ledger.close()


def test_briefs_are_kept_and_the_latest_week_is_found(ledger: Ledger) -> None:
    for brief in (_brief("2026-W47"), _brief("2026-W46"), _brief("2026-W48", "bob"), _brief("2026-W46")):
        ledger.save_brief(brief)
    assert ledger.brief("b-ann-2026-W46") == _brief("2026-W46")
    assert ledger.latest_brief("ann") == _brief("2026-W47")
    assert ledger.latest_brief() == _brief("2026-W48", "bob")
    assert (ledger.brief("none"), ledger.latest_brief("none")) == (None, None)


def test_a_delivery_is_claimed_once_and_again_only_after_it_failed(ledger: Ledger) -> None:
    claim = Delivery(brief_id="b1", recipient="ann@example.com", message_id="<1>", status="claimed")
    assert ledger.claim_delivery(claim)
    assert not ledger.claim_delivery(claim)
    ledger.finish_delivery(claim.model_copy(update={"status": "failed", "error": "refused"}))
    assert ledger.claim_delivery(claim)
    ledger.finish_delivery(claim.model_copy(update={"status": "sent", "sent_at": at(9)}))
    assert not ledger.claim_delivery(claim)
    (kept,) = ledger.deliveries("b1")
    assert (kept.status, kept.attempts, kept.sent_at) == ("sent", 2, at(9))


def test_accounts_are_kept_by_id(ledger: Ledger) -> None:
    ledger.save_accounts([Account(id="a", name="A"), Account(id="b", name="B")])
    ledger.save_accounts([Account(id="a", name="Anew")])
    assert [account.name for account in ledger.accounts()] == ["Anew", "B"]
    assert ledger.account("b") == Account(id="b", name="B")
    ledger.save_accounts([Account(id="c", name="C")], replace=True)
    assert ledger.account("a") is None
