"""The sample web: what it serves in which week, how it answers, and that its lists name pages that exist."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from lxml import html

from bench.happened import company_names, load
from crowsnest.demo.calendar import RUN_TIMES, WEEKS, sample_week
from crowsnest.demo.content import PlanPage, read_article, read_sites
from crowsnest.demo.pages import LABEL
from crowsnest.demo.server import SampleWeb
from crowsnest.demo.settings import EXPECTED_ISSUES, market_toml
from crowsnest.settings import load as load_settings
from market.errors import SettingsError, UnavailableError, UsageError


@pytest.fixture(scope="module")
def served() -> Iterator[SampleWeb]:
    with SampleWeb(1) as web:
        yield web


@pytest.fixture
def web(served: SampleWeb) -> SampleWeb:
    served.set_week(1)
    return served


def get(
    web: SampleWeb, site: str, path: str, *, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    host = next(entry.host for entry in web.sites if entry.id == site)
    connection = http.client.HTTPConnection(host, web.port, timeout=10)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_every_site_has_its_own_address_and_all_share_one_port(web: SampleWeb) -> None:
    assert len({site.number for site in web.sites}) == len(web.sites) == 13
    assert web.url("halyard", "/internet") == f"http://127.0.0.21:{web.port}/internet"


def test_each_html_page_is_labelled_as_a_sample(web: SampleWeb) -> None:
    web.set_week(3)
    for site in web.sites:
        for path in web.paths(site.id):
            status, headers, body = get(web, site.id, path)
            if status == 200 and headers["content-type"].startswith("text/html"):
                page = html.fromstring(body)
                assert LABEL in page.text_content(), (site.id, path)


def test_pages_appear_in_their_week_and_stay(web: SampleWeb) -> None:
    path = "/news/boiling-springs-construction"
    assert get(web, "brindlewave", path)[0] == 404
    web.set_week(2)
    assert get(web, "brindlewave", path)[0] == 404
    web.set_week(3)
    assert get(web, "brindlewave", path)[0] == 200
    assert get(web, "brindlewave", "/news/spartanburg-county-fiber-build")[0] == 200


@pytest.mark.parametrize(
    ("site", "path", "counts"),
    [
        ("brindlewave", "/news/feed.xml", (3, 6, 8)),
        ("tarnhollow", "/atom.xml", (2, 3, 5)),
        ("vesperlink", "/updates/rss", (1, 2, 3)),
        ("broad-river-beacon", "/atom", (3, 8, 12)),
    ],
)
def test_feeds_list_what_was_published_by_then(
    web: SampleWeb, site: str, path: str, counts: tuple[int, int, int]
) -> None:
    for week, count in enumerate(counts, start=1):
        web.set_week(week)
        feed = feedparser.parse(get(web, site, path)[2])
        assert not feed.bozo
        assert len(feed.entries) == count
        for entry in feed.entries:
            assert get(web, site, entry.link.removeprefix(web.url(site, "")))[0] == 200


def test_the_json_feed_is_one(web: SampleWeb) -> None:
    document = json.loads(get(web, "copperfinch", "/press/feed.json")[2])
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in document["items"]] == [
        "Copperfinch begins fiber upgrade in Gaston County"
    ]
    assert document["items"][0]["date_published"] == "2026-11-02T11:00:00-05:00"


def test_a_title_only_feed_gives_neither_date_nor_text(web: SampleWeb) -> None:
    feed = feedparser.parse(get(web, "vesperlink", "/updates/rss")[2])
    assert set(feed.entries[0]) & {"published", "summary", "id"} == set()
    assert feed.entries[0].title == "A tower for Columbus and Tryon"


def test_a_feed_with_relative_links(web: SampleWeb) -> None:
    channel = ElementTree.fromstring(get(web, "ninebark", "/rss")[2])
    assert [link.text for link in channel.iter("link")][1:] == ["/news/greenville-ring"]


def test_the_trade_paper_lists_a_note_without_link_and_date(web: SampleWeb) -> None:
    items = list(ElementTree.fromstring(get(web, "fiberline-weekly", "/feed")[2]).iter("item"))
    bare = [item for item in items if item.find("link") is None]
    assert len(bare) == 1
    assert bare[0].find("pubDate") is None


def test_the_broken_feed_is_not_xml(web: SampleWeb) -> None:
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(get(web, "foothills-public-notices", "/notices/rss")[2])


def test_refusals(web: SampleWeb) -> None:
    assert (
        get(web, "ridgeline-business-wire", "/robots.txt")[2].split() == b"User-agent: * Disallow: /".split()
    )
    assert get(web, "carolina-deal-desk", "/rss")[0] == 403
    assert get(web, "carolina-deal-desk", "/robots.txt")[0] == 200


def test_the_undated_article_says_no_date_anywhere(web: SampleWeb) -> None:
    web.set_week(2)
    path = "/news/flags-in-your-yard"
    body = get(web, "pacolet-valley-messenger", path)[2].decode()
    assert "2026" not in body.replace("Copyright 2026", "")
    feed = feedparser.parse(get(web, "pacolet-valley-messenger", "/feed.xml")[2])
    entry = next(entry for entry in feed.entries if entry.link.endswith(path))
    assert "published" not in entry


def test_etag_and_date_are_honoured_until_the_page_changes(web: SampleWeb) -> None:
    status, headers, _ = get(web, "brindlewave", "/plans/upstate")
    assert status == 200
    tag, date = headers["etag"], headers["last-modified"]
    status, again, body = get(web, "brindlewave", "/plans/upstate", If_None_Match=tag)
    assert (status, body, again["etag"]) == (304, b"", tag)
    assert get(web, "brindlewave", "/plans/upstate", If_Modified_Since=date)[0] == 304
    assert get(web, "brindlewave", "/plans/upstate", If_Modified_Since="last week")[0] == 200
    web.set_week(2)
    assert get(web, "brindlewave", "/plans/upstate", If_None_Match=tag)[0] == 200
    assert get(web, "brindlewave", "/plans/upstate", If_Modified_Since=date)[0] == 200
    assert get(web, "brindlewave", "/plans/upstate", If_None_Match='"x"', If_Modified_Since=date)[0] == 200


def test_an_unchanged_page_keeps_its_validators_over_the_weeks(web: SampleWeb) -> None:
    first = get(web, "halyard", "/internet")[1]
    web.set_week(3)
    third = get(web, "halyard", "/internet")[1]
    assert (first["etag"], first["last-modified"]) == (third["etag"], third["last-modified"])


def test_gzip_only_when_asked_for(web: SampleWeb) -> None:
    _, headers, plain = get(web, "halyard", "/internet")
    assert "content-encoding" not in headers
    _, headers, packed = get(web, "halyard", "/internet", Accept_Encoding="gzip, deflate")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_head_has_no_body(web: SampleWeb) -> None:
    status, headers, body = get(web, "halyard", "/internet", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000


def test_two_requests_on_one_connection(web: SampleWeb) -> None:
    connection = http.client.HTTPConnection("127.0.0.21", web.port, timeout=10)
    for _ in range(2):
        connection.request("GET", "/nowhere")
        response = connection.getresponse()
        response.read()
        assert response.status == 404
    connection.close()


def test_the_date_header_is_sample_time(web: SampleWeb) -> None:
    assert get(web, "halyard", "/")[1]["date"] == "Mon, 09 Nov 2026 12:05:00 GMT"


def test_a_taken_port_falls_back_or_is_an_error(web: SampleWeb) -> None:
    with SampleWeb(1) as other:
        assert other.port != web.port
    with pytest.raises(UnavailableError, match=f"{web.port} is in use on one of"):
        SampleWeb(1, port=web.port).__enter__()


def test_addresses_that_cannot_be_bound_say_what_to_do(tmp_path: Path) -> None:
    site = tmp_path / "far"
    site.mkdir()
    (site / "site.toml").write_text('number = 300\nname = "Far"\ntheme = "coop"\n')
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.300 cannot be used here"):
        SampleWeb(1, folder=tmp_path).__enter__()


def test_weeks_outside_of_the_sample(web: SampleWeb) -> None:
    with pytest.raises(UsageError, match="weeks 1 to 3, not 4"):
        web.set_week(4)
    with pytest.raises(UsageError, match="outside"):
        sample_week(datetime(2026, 12, 1, tzinfo=UTC))


def test_weeks_run_monday_to_sunday_and_runs_come_after_them() -> None:
    for week, at in zip(WEEKS, RUN_TIMES, strict=True):
        monday = datetime.strptime(week + "-1", "%G-W%V-%u").replace(tzinfo=UTC)
        assert (at - monday).days == 7
        for site in read_sites():
            for article in site.articles:
                if article.week == WEEKS.index(week) + 1 and article.published is not None:
                    assert article.published.strftime("%G-W%V") == week, article.slug


def test_a_plan_page_applies_changes_in_their_week() -> None:
    page = PlanPage(
        path="/p",
        title="Plans",
        template="tiles",
        plans=(
            {"name": "A", "down": "1 Gbps", "price": "$5.00", "change": [{"week": 2, "price": "$6.00"}]},
            {"name": "B", "down": "2 Gbps", "price": "$9.00", "until_week": 1},
            {"name": "C", "down": "3 Gbps", "price": "$9.00", "from_week": 3},
        ),
    )
    shown = [[(card.name, card.price) for card in page.cards(week)] for week in (1, 2, 3)]
    assert shown == [
        [("A", "$5.00"), ("B", "$9.00")],
        [("A", "$6.00")],
        [("A", "$6.00"), ("C", "$9.00")],
    ]


def test_cards_show_one_price_and_one_speed_or_ask_to_call(web: SampleWeb) -> None:
    page = html.fromstring(get(web, "brindlewave", "/plans/upstate")[2])
    text = [" ".join(tile.text_content().split()) for tile in page.find_class("tile")]
    assert text[1].startswith("Most popular Fiber 500 500 Mbps upload and download $59.99/mo.")
    assert "$79.99 $49.99/mo." in text[2]
    page = html.fromstring(get(web, "ninebark", "/products/internet")[2])
    assert "Call for pricing" in page.find_class("product")[-1].text_content()


def test_json_ld_of_the_plan_pages_is_valid(web: SampleWeb) -> None:
    for site, path, count in (("halyard", "/internet", 5), ("vesperlink", "/plans", 4)):
        page = html.fromstring(get(web, site, path)[2])
        script = page.xpath("//script[@type='application/ld+json']")[0].text
        assert len(json.loads(script)) == count


def test_label_files_have_the_template_columns_and_one_short_row(web: SampleWeb) -> None:
    body = get(web, "copperfinch", "/labels/broadband-labels-sc.csv")[2].decode()
    rows = list(csv.reader(io.StringIO(body)))
    assert [len(row) for row in rows] == [30, 30, 30, 30, 30, 10]
    assert all(re.fullmatch(r"F\d{10}[A-Z0-9]{15}", row[0]) for row in rows[1:])


def test_front_matter_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.md"
    path.write_text("no head")
    with pytest.raises(SettingsError, match=r"broken\.md: begin it with"):
        read_article(path)
    path.write_text('+++\ntitle = "x"\n+++\nbody\n')
    with pytest.raises(SettingsError, match=r"broken\.md: give `published`"):
        read_article(path)
    path.write_text("+++\ntitle = x\n+++\nbody\n")
    with pytest.raises(SettingsError, match=r"broken\.md: "):
        read_article(path)


def test_the_demo_settings_are_valid_and_every_source_answers(web: SampleWeb, tmp_path: Path) -> None:
    path = tmp_path / "market.toml"
    path.write_text(market_toml(web, data="data", mail_port=2525, web_port=0))
    settings = load_settings(path)
    assert len(settings.source) == 20
    assert [subscriber.id for subscriber in settings.subscriber] == ["upstate-desk", "foothills-desk"]
    sites = {site.host: site.id for site in web.sites}
    for source in settings.source:
        host, _, rest = source.url.removeprefix("http://").partition(":")
        assert "/" + rest.partition("/")[2] in web.paths(sites[host]), source.id


def test_the_lists_name_sources_companies_and_pages_that_exist(web: SampleWeb) -> None:
    web.set_week(3)
    known = {site.id + path for site in web.sites for path in web.paths(site.id)}
    happened = load()
    named = {page for entry in (*happened.learn, *happened.may, *happened.never) for page in entry.pages}
    assert named <= known
    articles = {
        site.id + site.articles_path + article.slug for site in web.sites for article in site.articles
    }
    assert articles <= named
    assert {entry.company for entry in happened.learn} <= set(company_names())
    sources = {source["id"] for source in tomllib.loads(market_toml(web))["source"]}
    assert {issue["source"] for issue in tomllib.loads(EXPECTED_ISSUES.read_text())["issue"]} <= sources


def shown(web: SampleWeb, page: str, week: int) -> str:
    """The words of a page in one week."""
    web.set_week(week)
    site, _, path = page.partition("/")
    raw = get(web, site, f"/{path}")[2]
    return raw.decode() if path.endswith(".csv") else str(html.fromstring(raw).text_content())


def test_what_a_reader_should_learn_stands_on_each_page_named_for_it(web: SampleWeb) -> None:
    """Numbers and words of a [[learn]] entry can be read on its first page in its week; of a price that
    moved, also as the page was the week before.
    """
    for entry in load().learn:
        week = WEEKS.index(entry.week) + 1
        weeks = (week - 1, week) if entry.section == "prices" else (week,)
        # What stands beside ours is told from two pages.
        pages = entry.pages if entry.section == "rates" else entry.pages[:1]
        body = "\n".join(shown(web, page, number) for number in weeks for page in pages)
        if entry.section != "prices":
            assert all(number in body for number in entry.numbers), entry.id
            assert not entry.places or any(place in body for place in entry.places), entry.id
        assert all(word in body for word in entry.words), entry.id
