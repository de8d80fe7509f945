from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.readers.feed import MOST_BYTES, MOST_ITEMS, FeedReading, read_feed
from tests.crawlers.fakes import item
from tests.hostile import rss

HERE = "https://news.harbor.example/press/feed.xml"


def read(text: str | bytes, media_type: str = "") -> FeedReading:
    return read_feed(text.encode() if isinstance(text, str) else text, HERE, media_type)


def links(text: str | bytes) -> list[str]:
    return [each.url for each in read(text).items]


def atom(inside: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>News</title>{inside}</feed>'


def test_rss_2() -> None:
    (got,) = read(rss(item("Fiber &amp; more", "https://harbor.example/a#top"))).items
    assert (got.url, got.title, got.published_raw) == (
        "https://harbor.example/a",
        "Fiber & more",
        "Mon, 02 Nov 2026 08:00:00 GMT",
    )


def test_rss_1() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>News</title></channel>'
        '<item rdf:about="https://harbor.example/a"><title>One</title><link>https://harbor.example/a</link>'
        "<dc:date>2026-11-02</dc:date></item></rdf:RDF>"
    )
    (got,) = read(text).items
    assert (got.url, got.title, got.published_raw) == ("https://harbor.example/a", "One", "2026-11-02")


def test_atom_takes_the_alternate_link_and_leaves_enclosures() -> None:
    text = atom(
        '<entry><title>One</title><link rel="enclosure" href="https://harbor.example/a.mp3"/>'
        '<link rel="alternate" type="text/html" href="https://harbor.example/a"/>'
        "<updated>2026-11-02T08:00:00Z</updated></entry>"
    )
    (got,) = read(text).items
    assert (got.url, got.published_raw, got.updated_raw) == (
        "https://harbor.example/a",
        "2026-11-02T08:00:00Z",
        "2026-11-02T08:00:00Z",
    )


def test_atom_with_only_an_enclosure_has_no_page() -> None:
    text = atom(
        '<entry><title>One</title><link rel="enclosure" href="https://harbor.example/a.mp3"/></entry>'
    )
    assert links(text) == [""]


def test_atom_keeps_published_and_updated_apart() -> None:
    text = atom(
        '<entry><title>One</title><link href="https://harbor.example/a"/>'
        "<published>2026-11-01T08:00:00Z</published><updated>2026-11-02T08:00:00Z</updated></entry>"
    )
    (got,) = read(text).items
    assert (got.published_raw, got.updated_raw) == ("2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z")


def test_json_feed_1_1() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": 7, "url": "/a", "title": "One", "date_published": "2026-11-02T08:00:00-05:00"},
            {"id": "x", "content_text": "no link"},
        ],
    }
    one, two = read(json.dumps(document)).items
    assert (one.url, one.published_raw) == ("https://news.harbor.example/a", "2026-11-02T08:00:00-05:00")
    assert two.url == ""


def test_wordpress_posts_say_that_their_gmt_is_gmt() -> None:
    posts = [
        {
            "link": "https://harbor.example/a",
            "title": {"rendered": "A &#8217;B"},
            "date_gmt": "2026-11-02T08:00:00",
        }
    ]
    (got,) = read(json.dumps(posts)).items
    assert (got.title, got.published_raw) == ("A ’B", "2026-11-02T08:00:00Z")


def test_bare_content_and_titles_alone_are_items() -> None:
    text = rss(
        "<title>One</title><link>https://harbor.example/a</link><content>All of it</content>",
        "<title>Two</title><description /><guid>0b7c7dbe-9d5a-4a7e-93a5-000000000001</guid>"
        "<link>https://harbor.example/b</link>",
    )
    assert links(text) == ["https://harbor.example/a", "https://harbor.example/b"]


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("<guid>https://harbor.example/a</guid>", "https://harbor.example/a"),
        ('<guid isPermaLink="false">https://harbor.example/a</guid>', ""),
        ("<guid>0b7c7dbe-9d5a-4a7e-93a5-000000000001</guid>", ""),
    ],
)
def test_a_guid_is_a_link_only_if_it_is_one(guid: str, link: str) -> None:
    assert links(rss("<title>One</title>" + guid)) == [link]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/a", "https://news.harbor.example/a"),
        ("a?b=1&amp;c=2", "https://news.harbor.example/press/a?b=1&c=2"),
        ("//cdn.harbor.example/a", "https://cdn.harbor.example/a"),
        ("\n  https://harbor.example/a  \n", "https://harbor.example/a"),
        ("<![CDATA[https://harbor.example/a]]>", "https://harbor.example/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_links_are_made_absolute(written: str, meant: str) -> None:
    assert links(rss(item("One", written))) == [meant]


@pytest.mark.parametrize(
    "junk",
    ["\n\n  ", "\ufeff", "<br />\n<b>Warning</b>: include() failed\n", "<!-- cached -->\n", "\x00\x00"],
)
def test_junk_before_the_feed_is_passed_over(junk: str) -> None:
    assert links(junk + rss(item("One", "https://harbor.example/a"))) == ["https://harbor.example/a"]


def test_utf_16_and_a_wrong_charset_are_read() -> None:
    text = rss(item("Größer", "https://harbor.example/a"))
    wide = text.replace("utf-8", "utf-16").encode("utf-16")
    assert [each.title for each in read(wide).items] == ["Größer"]
    latin = read(text.encode(), "text/xml; charset=iso-8859-1")
    assert [each.url for each in latin.items] == ["https://harbor.example/a"]
    assert latin.problem is None


def test_html_and_emptiness_are_no_feeds() -> None:
    for text in (
        "<!doctype html><html><body>x</body></html>",
        "plain words",
        "",
        "{}",
        "[1]",
        '{"a":',
        "<a/>",
    ):
        assert read(text).problem is not None, text
        assert read(text).items == ()


def test_html_of_a_feed_path_that_quotes_xml_is_no_feed() -> None:
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Not found</body></html>'
    assert read(page).problem.code == "feed-not-xml"


def test_a_feed_without_items_is_a_feed() -> None:
    assert read(rss()) == FeedReading()


def test_damaged_xml_gives_what_could_be_read_and_says_so() -> None:
    whole = rss(item("One", "https://harbor.example/a"), item("Two", "https://harbor.example/b"))
    got = read(whole[: whole.index("Two")])
    assert got.problem.code == "feed-broken"
    assert got.items[0].url == "https://harbor.example/a"


def test_an_unescaped_ampersand_loses_nothing() -> None:
    got = read(rss(item("Fiber & more", "https://harbor.example/a?x=1&y=2")))
    assert [each.url for each in got.items] == ["https://harbor.example/a?x=1&y=2"]


def test_entities_that_multiply_stay_small() -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lines}]>' + rss(item("&l9;", "/a"))[38:]
    assert all(len(each.title) <= 1000 for each in read(text).items)


def test_an_external_entity_reads_no_file() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    text += rss(item("&f;", "/a"))[38:]
    assert all(each.title in ("", "&f;") for each in read(text).items)


def test_items_come_newest_first_when_all_have_dates() -> None:
    old, new = "Sun, 01 Nov 2026 08:00:00 GMT", "Mon, 02 Nov 2026 08:00:00 GMT"
    assert links(rss(item("Old", "/old", old), item("New", "/new", new)))[0].endswith("/new")
    assert links(rss(item("Old", "/old", old), item("New", "/new", None)))[0].endswith("/old")


def test_too_many_items_are_cut_and_told() -> None:
    document = {"version": "1", "items": [{"url": f"/{number}"} for number in range(MOST_ITEMS + 1)]}
    got = read(json.dumps(document))
    assert (len(got.items), got.problem.code) == (MOST_ITEMS, "feed-too-long")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_reading_never_raises(data: bytes) -> None:
    read(data)
    read(b"<rss><channel><item>" + data + b"</item></channel></rss>")
    read(b'{"items": [' + data + b"]}")


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["url", "title", "items", "link", "date_gmt", "rendered"]), x)
        ),
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    read(json.dumps({"version": "1", "items": [value] if isinstance(value, dict) else value}))


def test_a_declared_base_is_heeded() -> None:
    text = atom(
        '<entry><title>One</title><link href="a"/></entry>', 'xml:base="https://other.harbor.example/deep/"'
    )
    assert links(text) == ["https://other.harbor.example/deep/a"]


def test_a_link_beside_a_permanent_guid_wins() -> None:
    text = rss(
        "<title>One</title><guid>https://harbor.example/?p=1</guid><link>https://harbor.example/one</link>"
    )
    assert links(text) == ["https://harbor.example/one"]


def test_a_feed_of_many_megabytes_is_cut_and_told() -> None:
    text = rss(item("One", "https://harbor.example/a")).encode() + b" " * MOST_BYTES
    got = read(text)
    assert got.problem.code == "feed-too-long"
    assert [each.url for each in got.items] == ["https://harbor.example/a"]
