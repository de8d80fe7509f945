"""What a reader finds on the pages, from the brief's line to the words in the archived bytes."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from archive.reader import Archive
from crowsnest.web.searching import label
from market.errors import UnavailableError
from market.records import Brief, Section
from tests.crowsnest.web.client import Site, links, marks, words
from tests.crowsnest.web.market import (
    BUILD_QUOTE,
    BUILD_TITLE,
    UNDATED_TITLE,
    WITHDRAWN,
    Market,
    build_market,
)


@pytest.fixture
def client(market: Market) -> TestClient:
    return Site(market).signed_in()


def test_home_shows_what_is_in_memory(client: TestClient) -> None:
    seen = words(client.get("/"))
    assert "Articles 2 List prices 4 Builds told 1 Sources 5 1 in trouble" in seen
    assert BUILD_TITLE in seen
    assert "Bluewater Fiber plans Price page 2 list prices" in seen
    assert "Dana Whitfield Nov 16, 2026 to Nov 22, 2026 3 lines" in seen
    assert "Blocked The Upstate Ledger" in seen
    assert "Last run Nov 24, 2026, 9:30 AM EST." in seen


def test_search_marks_words_and_counts_facets(client: TestClient) -> None:
    page = client.get("/search", params={"q": "easley"})
    seen = words(page)
    assert "2 hits" in seen
    assert set(marks(page)) == {"Easley", "EASLEY"}
    assert "Kind Article 1 Build 1" in seen
    assert "County Pickens County, SC 2" in seen
    assert "Month November 2026 2" in seen
    assert "Article Bluewater Fiber newsroom Nov 19, 2026" in seen


def test_hit_leads_to_its_passage_in_the_capture(client: TestClient, market: Market) -> None:
    found = links(client.get("/search", params={"q": '"open house"', "kind": "article"}))
    href = found[BUILD_TITLE]
    assert href.startswith(f"/capture/{market.build.capture_id}?")
    assert href.endswith("#quote")
    page = client.get(href)
    assert any("open house" in mark for mark in marks(page))
    assert "Found in the archived bytes" in words(page)


def test_undated_article_is_shown_as_undated(client: TestClient) -> None:
    assert "Article The Upstate Ledger date unknown" in words(client.get("/search", params={"q": "outage"}))


def test_offer_hit_shows_price_speed_market_and_day(client: TestClient) -> None:
    seen = words(client.get("/search", params={"q": "business gig", "kind": "offer"}))
    assert "List price Bluewater Fiber plans observed Nov 17, 2026" in seen
    assert "$169.99/mo 1 Gbps down business Greenville, SC" in seen


def test_hostile_title_stays_text(client: TestClient, market: Market) -> None:
    for path in ("/", "/search?q=outage", f"/capture/{market.undated.capture_id}"):
        page = client.get(path)
        assert "<script" not in page.text
        assert UNDATED_TITLE in words(page).replace("Outage &", "Outage")


def test_facet_narrows_and_comes_off_again(client: TestClient) -> None:
    page = client.get("/search", params={"q": "fiber"})
    narrowed = client.get(links(page)["List price 2"])
    assert "2 hits" in words(narrowed)
    dropped = links(narrowed)["Remove the filter Kind: List price"]
    assert parse_qs(urlsplit(dropped).query) == {"q": ["fiber"]}


def test_other_values_of_a_facet_in_force_can_be_added(client: TestClient) -> None:
    one = client.get("/search", params={"q": "", "company": "bluewater"})
    assert "Pinnacle Ridge Broadband 3" in words(one)
    both = client.get(links(one)["Pinnacle Ridge Broadband 3"])
    assert "7 hits" in words(both)


def test_facets_of_different_kinds_hold_together(client: TestClient) -> None:
    page = client.get("/search", params={"state": "SC", "county": "45077", "kind": "article"})
    assert "1 hit" in words(page)
    assert BUILD_TITLE in words(page)


def test_dates_narrow_by_whole_local_days(client: TestClient) -> None:
    def found(since: str, until: str) -> str:
        return words(client.get("/search", params={"q": "easley", "since": since, "until": until}))

    assert "2 hits" in found("2026-11-19", "2026-11-19")
    assert "0 hits" in found("2026-11-20", "")
    assert "0 hits" in found("", "2026-11-18")


def test_sorting_by_price(client: TestClient) -> None:
    page = client.get("/search", params={"kind": "offer", "sort": "price"})
    assert re.findall(r"\$[\d.]+/mo", words(page)) == ["$55/mo", "$75/mo", "$79.99/mo", "$169.99/mo"]


def test_pages_follow_one_another(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crowsnest.web.searching.PAGE", 3)
    monkeypatch.setattr("crowsnest.web.pages.search.PAGE", 3)
    seen: list[str] = []
    page = client.get("/search", params={"sort": "newest"})
    assert "Previous" not in links(page)
    while True:
        seen += re.findall(r'<h3><a href="([^"]*)"', page.text)
        if "Next" not in links(page):
            break
        page = client.get(links(page)["Next"])
    assert len(seen) == 7
    assert len(set(seen)) == 7
    assert "7 hits 7 to 7" in words(page)
    assert "page" not in parse_qs(urlsplit(links(client.get("/search?page=2"))["Previous"]).query)


def test_page_beyond_the_last_leads_back(client: TestClient) -> None:
    page = client.get("/search", params={"q": "fiber", "page": "400"})
    assert "There are no hits on this page" in words(page)
    assert links(page)["To the first"] == "/search?q=fiber"


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "٣"])
def test_odd_page_number_is_the_first_or_last(client: TestClient, number: str) -> None:
    assert client.get("/search", params={"q": "fiber", "page": number}).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "title:(fiber"}, "a bracket is left open"),
        ({"q": "titel:fiber"}, "titel"),
        ({"since": "yesterday"}, "2026-11-24"),
        ({"until": "9999-12-31"}, "9999-12-31"),
    ],
)
def test_query_that_cannot_be_understood_is_explained(
    client: TestClient, query: dict[str, str], said: str
) -> None:
    page = client.get("/search", params=query)
    assert page.status_code == 400
    assert "This search cannot be understood" in words(page)
    assert said in words(page)
    for value in query.values():
        assert value in page.text


def test_query_is_kept_as_text_in_the_form(client: TestClient) -> None:
    page = client.get("/search", params={"q": '"><script>alert(1)</script>', "company": '"><b>'})
    assert "<script" not in page.text
    assert "<b>" not in page.text


def test_engine_away_degrades_the_app_and_nothing_else(market: Market) -> None:
    client = Site(market.without_engine()).signed_in()
    search = client.get("/search", params={"q": "fiber"})
    assert search.status_code == 503
    assert "Degraded: the search engine is away" in words(search)
    assert "does not answer" in words(search)
    home = client.get("/")
    assert home.status_code == 200
    assert "Degraded" in words(home)
    assert BUILD_TITLE in words(home)
    assert "Degraded" in words(client.get("/status"))
    assert client.get(f"/capture/{market.build.capture_id}").status_code == 200


def test_every_line_of_the_brief_leads_to_its_words(client: TestClient, market: Market) -> None:
    page = client.get(f"/briefs/{market.brief.id}")
    hrefs = [html.unescape(href) for href in re.findall(r'<a href="(/capture/[^"]*)"', page.text)]
    assert ["quote" in href for href in hrefs] == [True, False, True]
    for href in hrefs:
        capture = client.get(href)
        assert capture.status_code == 200
        if "quote" not in href:
            continue
        quote = parse_qs(urlsplit(href).query)["quote"][0]
        assert quote in words(capture)
        assert "Found in the archived bytes" in words(capture)
        assert "Not found" not in words(capture)


def test_brief_shows_empty_sections_and_coverage(client: TestClient, market: Market) -> None:
    seen = words(client.get(f"/briefs/{market.brief.id}"))
    assert "No news about your territory this week." in seen
    assert "Blocked The Upstate Ledger it answers HTTP 403" in seen
    assert "1 of 2 sources read. 2 articles and 4 list prices read." in seen
    assert "published Nov 19, 2026" in seen
    assert "+6.7% Price raised" in seen
    assert "$74.99 before $79.99 now +$5" in seen


def test_quoted_sentences_stand_in_quotation_marks(tmp_path: Path) -> None:
    market = build_market(tmp_path)
    client = Site(market).signed_in()
    told = next(
        claim for claim in market.brief.claims() if claim.evidence[0].capture_id == market.build.capture_id
    )
    sentence = told.evidence[0]
    as_news = {"kind": "news", "headline": BUILD_TITLE, "text": sentence.quote, "evidence": (sentence,)}
    story = told.model_copy(update=as_news)
    news = Section(id="news", title="News", claims=(story,))
    market.context.ledger.save_brief(market.brief.model_copy(update={"sections": (news,)}))
    quoted = f"<q>{html.escape(sentence.quote)}</q>"
    assert f'<p class="said">{quoted}</p>' in client.get(f"/briefs/{market.brief.id}").text
    capture = client.get(f"/capture/{sentence.capture_id}", params={"quote": sentence.quote}).text
    assert f"<blockquote>{quoted}</blockquote>" in capture
    assert f"<li><p>{quoted}</p>" in capture


def test_topics_are_written_as_people_write_them(market: Market) -> None:
    assert label(market.context, "topic", "m&a") == "M&A"
    assert label(market.context, "topic", "pricing") == "Pricing"


def test_briefs_list_each_subscriber_and_week(client: TestClient) -> None:
    page = client.get("/briefs")
    seen = words(page)
    assert "2026-W47 Nov 16, 2026 to Nov 22, 2026 3" in seen
    assert "2026-W46" in seen
    assert "Ruth Okafor due on Monday at 07:00" in seen
    earlier = client.get(links(client.get(links(page)["2026-W47"]))["Earlier: 2026-W46"])
    assert "Later: 2026-W47" in links(earlier)


def test_capture_page_says_where_the_bytes_are(client: TestClient, market: Market) -> None:
    capture = market.captures["build"]
    seen = words(client.get(f"/capture/{capture.id}"))
    assert capture.url in seen
    assert capture.sha256 in seen
    assert f"{capture.warc_file} at {capture.warc_offset}" in seen
    assert "HTTP 200, text/html; charset=utf-8" in seen
    assert "Captured Nov 24, 2026, 9:30 AM EST" in seen
    assert "read from “2026-11-19T15:00:00Z” (meta)" in seen


def test_capture_page_marks_the_cited_place(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.build.capture_id}", params={"quote": BUILD_QUOTE})
    assert marks(page) == [BUILD_QUOTE]
    assert page.text.count('id="quote"') == 1
    assert "for passings" in words(page)


def test_capture_page_lists_what_cites_it(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.build.capture_id}")
    seen = words(page)
    assert "Bluewater Fiber plans a network in Easley, SC" in seen
    assert "Dana Whitfield, 2026-W47" in links(page)
    assert "Dana Whitfield, 2026-W46" in links(page)
    assert "investment: $11.2 million" in seen


def test_words_that_do_not_stand_there_are_called_out(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.build.capture_id}", params={"quote": "passes 9,400 homes"})
    assert "Not found in this capture" in words(page)
    assert "Found in the archived bytes" not in words(page)
    assert marks(page) == []


def test_line_about_what_is_gone_is_listed_and_not_looked_for(client: TestClient, market: Market) -> None:
    capture = market.captures["plans"].id
    page = client.get(f"/capture/{capture}", params={"quote": WITHDRAWN})
    assert WITHDRAWN in words(page)
    assert "Not found" not in words(page)


def test_article_with_another_canonical_address_is_shown(client: TestClient, market: Market) -> None:
    assert market.undated.url != market.captures["undated"].final_url
    seen = words(client.get(f"/capture/{market.undated.capture_id}"))
    assert "The text as read" in seen
    assert "a truck hit a pole on the edge of town" in seen
    assert "Publication date date unknown" in seen


def test_words_cited_from_a_price_show_that_price(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.captures['plans'].id}", params={"quote": "$169.99/mo"})
    assert "Bluewater Fiber: Business Gig, as read" in words(page)


def test_offer_is_shown_with_the_words_of_each_slot(client: TestClient, market: Market) -> None:
    offer = next(offer for offer in market.offers if offer.plan_name == "Business 300")
    page = client.get(f"/capture/{offer.capture_id}", params={"record": offer.id})
    seen = words(page)
    assert "Bluewater Fiber: Business 300, as read $79.99/mo 300 Mbps down" in seen
    assert "regular price $79.99/mo" in seen
    assert seen.count("Found in the archived bytes") == len(offer.evidence) >= 3
    frame = re.search(r'<iframe [^>]*src="([^"]*)"', page.text)
    assert frame is not None
    assert marks(client.get(frame[1].replace("&amp;", "&"))) == ["Business 300", "300 Mbps", "$79.99/mo"]


def test_same_words_are_marked_only_at_the_cited_place(client: TestClient, market: Market) -> None:
    offer = next(offer for offer in market.offers if offer.plan_name == "Ridge 600")
    page = client.get(f"/capture/{offer.capture_id}", params={"record": offer.id, "quote": "75.00"})
    assert "Line 3 of the file" in words(page)
    assert "Line 2 of the file" not in words(page)
    assert marks(page) == ["75.00"]
    assert "line 3, column monthly_price" in words(page)


def test_unchanged_capture_shows_the_body_it_repeats(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.captures['again'].id}")
    assert "answered just as it did before" in words(page)
    assert (
        links(page)["the capture of Nov 17, 2026, 9:30 AM EST"] == f"/capture/{market.captures['plans'].id}"
    )
    assert "2 list prices read here" in words(page)
    assert "HTTP 304" in words(page)


def test_archived_page_is_shown_without_anything_that_acts(client: TestClient, market: Market) -> None:
    page = client.get(f"/capture/{market.build.capture_id}/page", params={"quote": BUILD_QUOTE})
    policy = page.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "allow-" not in policy
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert "evil.example" not in page.text
    assert "<script" not in page.text
    assert marks(page) == [BUILD_QUOTE]


def test_source_is_plain_text_and_bytes_are_exact(client: TestClient, market: Market) -> None:
    capture = market.captures["build"]
    source = client.get(f"/capture/{capture.id}/source")
    assert source.headers["content-type"].startswith("text/plain")
    assert source.headers["x-content-type-options"] == "nosniff"
    assert "https://evil.example/steal" in source.text
    exact = client.get(f"/capture/{capture.id}/bytes")
    assert exact.headers["content-disposition"].startswith("attachment")
    archive = Archive(market.context.settings.archive)
    assert exact.content == archive.body(capture.warc_file, capture.warc_offset)


@pytest.mark.parametrize("path", ["", "/page", "/source", "/bytes"])
def test_unknown_capture_is_not_found(client: TestClient, path: str) -> None:
    page = client.get(f"/capture/c00000000000000000000{path}")
    assert page.status_code == 404
    assert "The ledger has no capture c00000000000000000000." in words(page)


@pytest.mark.parametrize("path", ["/nothing", "/briefs/none", "/static/nothing.css", "/static/../app.py"])
def test_unknown_address_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_missing_archive_is_said_and_the_text_still_shown(market: Market) -> None:
    gone = Archive(market.context.settings.archive / "elsewhere")
    client = Site(replace(market, context=replace(market.context, archive=gone))).signed_in()
    page = client.get(f"/capture/{market.build.capture_id}", params={"quote": BUILD_QUOTE})
    assert page.status_code == 200
    assert "The archived bytes cannot be shown" in words(page)
    assert "Not checked: the archive cannot be read" in words(page)
    assert marks(page) == [BUILD_QUOTE]
    frame = client.get(f"/capture/{market.build.capture_id}/page")
    assert frame.status_code == 503


def test_status_lists_sources_with_their_state(client: TestClient) -> None:
    seen = words(client.get("/status"))
    assert "5 sources, 1 blocked, 3 up to date, 1 disabled. Last run Nov 24, 2026, 9:30 AM EST." in seen
    assert "The Upstate Ledger feed, every day Blocked" in seen
    assert (
        "County Paper feed, every day Disabled never never The site's terms forbid automated reading." in seen
    )
    assert "Error collect upstate-ledger The site refuses us (HTTP 403)" in seen


def test_pages_use_only_this_machine(client: TestClient, market: Market) -> None:
    for path in ("/", "/search?q=fiber", "/briefs", f"/briefs/{market.brief.id}", "/status"):
        page = client.get(path).text
        for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
            assert address.startswith(("/", "#")), address
        assert "style=" not in page


def test_ledger_away_is_said_with_its_reason(
    client: TestClient, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(subscriber_id: str | None = None) -> list[Brief]:
        raise UnavailableError("ledger-locked", "another process is writing to it")

    monkeypatch.setattr(market.context.ledger, "briefs", away)
    page = client.get("/briefs")
    assert page.status_code == 503
    assert "another process is writing to it" in words(page)
