"""Articles: body, title, date and author from invented pages; bad pages become issues."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.readers import VERSIONS, ReadResult
from crawlers.readers.quote import quote_at
from market.ids import text_sha256
from market.records import Article, Evidence, TextSpan
from tests.crawlers.readers.build import NOW, capture, link, read
from tests.real_data import shared

LD = '<script type="application/ld+json">'
BODY = (
    "<p>The county council of Larkspur voted Tuesday to let Juniper Broadband lay conduit on Mill Road.</p>"
    "<p>Work begins in March and reaches 4,200 homes, the company said; first customers follow in June.</p>"
    "<p>A second phase would take in the villages on the ridge, where two older networks end today.</p>"
)
DAY = datetime(2026, 11, 3, tzinfo=UTC)


def page(head: str = "", before: str = "", body: str = BODY, lang: str = "en") -> str:
    return (
        f"<!doctype html><html lang='{lang}'><head><title>Council clears Juniper | Larkspur Post</title>"
        f"{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Council clears Juniper</h1>{before}{body}</article>"
        "<footer>© 2026 Larkspur Post</footer></body></html>"
    )


def article(body: bytes | str, **changes: Any) -> Article:
    result = read("article", body, **changes)
    assert len(result.records) == 1, result.issues
    (found,) = result.records
    assert isinstance(found, Article)
    return found


def codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


def test_body_and_title() -> None:
    found = article(page())
    assert found.text.split("\n")[0].startswith("The county council of Larkspur")
    assert len(found.text.split("\n")) == 3
    assert (found.title, found.language, found.author, found.published_at) == (
        "Council clears Juniper",
        "en",
        None,
        None,
    )
    assert found.text_sha256 == text_sha256(found.text)


@pytest.mark.parametrize(
    ("head", "before", "how", "moment"),
    [
        (
            LD + '{"@type":"NewsArticle","datePublished":"2026-11-03T08:00:00-05:00"}</script>',
            "",
            "json-ld",
            datetime(2026, 11, 3, 13, 0, tzinfo=UTC),
        ),
        (
            LD + '{"@graph":[{"@type":["WebPage"],"datePublished":"2026-11-03"}]}</script>',
            "",
            "json-ld",
            DAY,
        ),
        (
            LD + '{"@type":"NewsArticle","headline":"a "quoted" word","datePublished":"2026-11-03"}</script>',
            "",
            "json-ld",
            DAY,
        ),
        ('<meta property="article:published_time" content="2026-11-03">', "", "meta", DAY),
        ('<meta name="pubdate" content="November 3, 2026">', "", "meta", DAY),
        ("", '<time datetime="2026-11-03">3 Nov</time>', "time-tag", DAY),
        ("", '<span class="posted-on">Posted on November 3, 2026</span>', "text", DAY),
        ("", '<p class="fecha">Publicado el 3 de noviembre de 2026</p>', "text", DAY),
        # The update's day beside the publication's, in lines of their own and in one.
        ("", "<p>Updated: Nov 5, 2026<br>Posted: Nov 3, 2026</p>", "text", DAY),
        ("", '<span class="date">Last updated Nov. 5, 2026 | Published Nov. 3, 2026</span>', "text", DAY),
        ("", "<p>Published November 3, 2026, updated November 5, 2026</p>", "text", DAY),
    ],
)
def test_where_the_date_comes_from(head: str, before: str, how: str, moment: datetime) -> None:
    found = article(page(head, before))
    assert (found.date_from, found.published_at) == (how, moment)


def test_a_date_of_the_page_beats_the_feeds_and_the_feeds_beats_the_urls() -> None:
    url = "https://post.example/2026/11/01/council"
    hint = link("From the feed", "Mon, 02 Nov 2026 09:00 GMT")
    meta = '<meta property="article:published_time" content="2026-11-03">'
    assert article(page(meta), url=url, final_url=url, hint=hint).date_from == "meta"
    assert article(page(), url=url, final_url=url, hint=hint).date_from == "feed"
    found = article(page(), url=url, final_url=url)
    assert (found.date_from, found.published_at, found.published_day_only) == (
        "url",
        datetime(2026, 11, 1, tzinfo=UTC),
        True,
    )


@pytest.mark.parametrize(
    "notice",
    [
        "<h3>Subscribe to continue reading</h3><p>Already a subscriber? Log in.</p>",
        "<p>This article is only available to subscribers.</p>",
        "<p>Sign in or create an account to read the full story.</p>",
    ],
)
def test_a_plea_for_a_subscription_is_no_text(notice: str) -> None:
    assert article(page(body=BODY + notice)).text == article(page()).text


def test_words_of_subscribers_within_the_text_stay() -> None:
    last = "<p>Subscribers to the old cable service will keep their plans until June, the company said.</p>"
    assert article(page(body=BODY + last)).text.endswith("until June, the company said.")


@pytest.mark.parametrize(
    ("head", "before"),
    [
        # Dates of other things.
        ("", '<div class="comment"><time datetime="2026-11-20">20 Nov</time></div>'),
        ('<meta property="article:modified_time" content="2026-11-05">', ""),
        (LD + '{"@type":"VideoObject","uploadDate":"2026-10-01"}</script>', ""),
        # The day of the capture, as many pages print it; and a day after it.
        ("", '<span class="date">Tuesday, November 24, 2026</span>'),
        ("", '<time datetime="2026-11-24">today</time>'),
        ('<meta property="article:published_time" content="2027-03-01">', ""),
        # Template defaults.
        (
            LD + '{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00Z"}</script>',
            "",
        ),
        ("", '<span class="date">03/04/2026</span>'),
        # When it was updated, which tells nothing of its first day.
        ("", '<span class="date">Updated November 5, 2026</span>'),
        ("", "<p>Last updated: November 5, 2026</p>"),
    ],
)
def test_what_is_no_publication_date(head: str, before: str) -> None:
    found = article(page(head, before))
    assert (found.published_at, found.date_from, found.published_raw) == (None, None, "")


def test_numeric_dates_of_pages_that_call_themselves_american() -> None:
    found = article(page(before='<span class="date">03/04/2026</span>', lang="en-US"))
    assert found.published_at == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "before", "author"),
    [
        (
            LD + '{"@type":"NewsArticle","author":[{"name":"Ada Reed"},{"name":"Bo Lund"}]}</script>',
            "",
            "Ada Reed, Bo Lund",
        ),
        ('<meta name="author" content="By Ada Reed">', "", "Ada Reed"),
        ("", '<a rel="author">Ada Reed</a>', "Ada Reed"),
        ('<meta property="article:author" content="https://social.example/ada">', "", None),
    ],
)
def test_author(head: str, before: str, author: str | None) -> None:
    assert article(page(head, before)).author == author


def test_feed_title_when_the_page_has_none() -> None:
    bare = f"<html><body><div>{BODY}</div></body></html>"
    assert article(bare, hint=link("Council clears Juniper's plan")).title == "Council clears Juniper's plan"


def test_canonical_url_only_when_it_is_the_page_itself() -> None:
    url = "https://post.example/news/council?utm_source=feed"
    own = '<link rel="canonical" href="https://www.post.example/news/council">'
    front = '<link rel="canonical" href="https://post.example/">'
    assert article(page(own), url=url, final_url=url).url == "https://www.post.example/news/council"
    assert article(page(front), url=url, final_url=url).url == url


def test_template_language_yields_to_the_words() -> None:
    assert article(page(lang="de")).language == "en"


@pytest.mark.parametrize(
    ("encode", "meta"),
    [
        ("utf-8", ""),
        ("utf-8", "iso-8859-1"),
        ("utf-16", ""),
        ("cp1252", ""),
        ("iso-8859-1", "iso-8859-1"),
        ("utf-8-sig", "windows-1251"),
        ("cp1252", "no-such-charset"),
        ("cp1252", "utf-16"),
    ],
)
def test_charsets(encode: str, meta: str) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    found = article(page(head, body=BODY.replace("villages", "cafés")).encode(encode))
    assert "cafés" in found.text


def test_bytes_that_are_no_utf8_spoil_only_themselves() -> None:
    body = page(body=BODY.replace("ridge", "crête")).encode().replace(b"Tuesday", b"Tues\xffday")
    assert "crête" in article(body).text


def test_a_character_cut_at_the_end_of_a_truncated_body() -> None:
    body = page(body=BODY.replace("ridge", "crête")).encode() + "é".encode()[:1]
    result = read("article", body, truncated=True)
    assert codes(result) == ["capture-truncated"]
    assert isinstance(result.records[0], Article)
    assert "crête" in result.records[0].text


def test_nul_bytes_are_dropped() -> None:
    assert "Mill Road" in article(page().replace("Mill", "Mi\x00ll")).text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "article-empty"),
        (b"   \n ", "article-empty"),
        (
            b"<html><body><div id=app></div><script>boot()</script><noscript>Enable</noscript></body></html>",
            "article-empty",
        ),
        (bytes(range(256)) * 400, "page-not-text"),
        ("<div>" * 30_000 + BODY, "page-too-deep"),
        ("<i>x</i>" * 50_000, "page-too-large"),
        ("<p>" + "word " * 1_700_000, "page-too-large"),
    ],
)
def test_bad_pages_become_issues(body: bytes | str, code: str) -> None:
    result = read("article", body)
    assert code in codes(result)
    assert "reader-failed" not in codes(result)
    assert result.reading.outcome in ("empty", "read")


def test_broken_json_ld_does_not_matter() -> None:
    assert article(page(LD + "[" * 50_000 + "</script>")).title == "Council clears Juniper"


def test_quotes_are_cut_from_the_text_read_anew() -> None:
    body = page().encode()
    found = article(body)
    start = found.text.index("4,200 homes")
    where = TextSpan(text_sha256=found.text_sha256, start=start, end=start + 11)
    evidence = Evidence(
        capture_id="c0",
        quote="4,200 homes",
        where=where,
        reader="article",
        reader_version=VERSIONS["article"],
    )
    assert quote_at(capture("article"), body, evidence) == "4,200 homes"
    title = evidence.model_copy(
        update={"where": where.model_copy(update={"field": "title", "start": 0, "end": 7})}
    )
    assert quote_at(capture("article"), body, title) == "Council"
    assert quote_at(capture("article"), body.replace(b"4,200", b"4,300"), evidence) is None


def test_an_older_readers_quote_holds_while_its_words_stand_in_the_page() -> None:
    body = page().encode()
    where = TextSpan(text_sha256="0" * 64, start=3, end=14)
    older = Evidence(capture_id="c0", quote="4,200 homes", where=where, reader="article", reader_version=0)
    assert quote_at(capture("article"), body, older) == "4,200 homes"
    assert quote_at(capture("article"), body.replace(b"4,200", b"4,300"), older) is None
    of_today = older.model_copy(update={"reader_version": VERSIONS["article"]})
    assert quote_at(capture("article"), body, of_today) is None


def test_links_to_the_pages_before_and_after_are_no_body() -> None:
    ended = "<p>Crews return in the spring, when the last streets are wired.</p>"
    links = (
        '<p class="pager">« <a href="/a">Council votes on poles</a> « <a href="/b">Fair opens Friday</a></p>'
    )
    body = page().replace("</article>", ended + links + "</article>")
    assert body != page()
    assert article(body).text.endswith("when the last streets are wired.")


def test_an_unknown_reader_is_an_issue() -> None:
    result = read("feed", page())
    assert (codes(result), result.reading.outcome) == (["no-reader"], "failed")


def test_same_input_gives_the_same_records() -> None:
    assert read("article", page()) == read("article", page())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    result = read("article", body)
    assert "reader-failed" not in codes(result)
    assert result.reading.read_at == NOW


@pytest.mark.real
def test_real_pages_reach_the_body_score() -> None:
    from bench.read import article_of, body_score, load_pages

    pages = load_pages(shared("data", "articles"))
    found = [(truth, article_of(body, url)) for url, body, truth in pages]
    assert body_score([(truth, each.text if each else "") for truth, each in found]).f1 >= 0.955
