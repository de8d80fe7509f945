"""What a sample site answers in a week: every path with its bytes, drawn by the site's theme."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from crowsnest.demo.calendar import TIME_ZONE, run_time
from crowsnest.demo.content import Feed, SampleArticle, SampleSite
from market.records.base import Record

THEMES: Final = Path(__file__).parent / "themes"

LABEL: Final = "Sample page written for the Crowsnest demo"
"""Stands visibly on every page."""

MEDIA_TYPES: Final = {".csv": "text/csv; charset=utf-8", ".txt": "text/plain; charset=utf-8"}


class Page(Record):
    """One answer: a 200 with these bytes."""

    body: bytes
    media_type: str
    modified: datetime
    """When the bytes became what they are, in sample time."""

    @property
    def etag(self) -> str:
        """Strong validator made from the bytes."""
        return '"' + hashlib.sha256(self.body).hexdigest()[:20] + '"'


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(THEMES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    zone = ZoneInfo(TIME_ZONE)

    def local(moment: datetime, form: str) -> str:
        return moment.astimezone(zone).strftime(form).replace(" 0", " ")

    environment.filters["local"] = local
    environment.filters["rfc822"] = lambda moment: format_datetime(moment.astimezone(zone))
    environment.filters["iso"] = lambda moment: moment.astimezone(zone).isoformat()
    return environment


def _theme(site: SampleSite, name: str) -> Template:
    return _environment().get_template(f"{site.theme}/{name}.html")


def _article_url(site: SampleSite, article: SampleArticle) -> str:
    return f"{site.articles_path}{article.slug}"


def _json_feed(site: SampleSite, feed_url: str, base: str, articles: list[SampleArticle]) -> bytes:
    items: list[dict[str, Any]] = []
    for article in articles:
        url = base + _article_url(site, article)
        item: dict[str, Any] = {"id": url, "url": url, "title": article.title, "summary": article.summary}
        if article.published is not None:
            item["date_published"] = article.published.astimezone(ZoneInfo(TIME_ZONE)).isoformat()
        if article.author:
            item["authors"] = [{"name": article.author}]
        item["content_text"] = "\n\n".join(article.paragraphs[:2])
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": base + "/",
        "feed_url": feed_url,
        "description": LABEL,
        "items": items,
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _draw_feed(site: SampleSite, feed: Feed, base: str, articles: list[SampleArticle]) -> tuple[bytes, str]:
    if feed.format == "json":
        return _json_feed(site, base + feed.path, base, articles), "application/feed+json; charset=utf-8"
    media = {
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "broken": "application/rss+xml; charset=utf-8",
    }[feed.format]
    template = _environment().get_template(f"feeds/{feed.format}.xml")
    prefix = "" if feed.relative_links else base
    text = template.render(
        site=site, feed=feed, base=base, prefix=prefix, articles=articles, label=LABEL, url=_article_url
    )
    return text.encode(), media


def _draw(site: SampleSite, week: int, port: int) -> dict[str, tuple[bytes, str]]:
    """Draw every path of a site in a week: path -> (bytes, media type)."""
    base = f"http://{site.host}:{port}"
    shown = [article for article in site.articles if article.week <= week]
    html = "text/html; charset=utf-8"
    common = {"site": site, "base": base, "label": LABEL, "url": _article_url}
    drawn: dict[str, tuple[bytes, str]] = {"/robots.txt": (site.robots.encode(), MEDIA_TYPES[".txt"])}
    drawn["/"] = (_theme(site, "front").render(articles=shown, **common).encode(), html)
    for article in shown:
        others = [other for other in shown if other.slug != article.slug and other.week <= article.week][:4]
        text = _theme(site, "article").render(article=article, others=others, **common)
        drawn[_article_url(site, article)] = (text.encode(), html)
    if site.feed is not None:
        drawn[site.feed.path] = _draw_feed(site, site.feed, base, shown)
    for page in site.plan_pages:
        text = (
            _environment()
            .get_template(f"plans/{page.template}.html")
            .render(
                page=page,
                lead=page.lead(week),
                cards=page.cards(week),
                theme=f"{site.theme}/base.html",
                **common,
            )
        )
        drawn[page.path] = (text.encode(), html)
    for path, versions in site.files.items():
        weeks = [number for number in versions if number <= week]
        if weeks:
            drawn[path] = (versions[max(weeks)], MEDIA_TYPES[Path(path).suffix])
    return drawn


def pages(site: SampleSite, week: int, port: int) -> dict[str, Page]:
    """Return every path that answers 200 in sample week `week`; unchanged bytes keep their older date."""
    previous = pages(site, week - 1, port) if week > 1 else {}
    answer: dict[str, Page] = {}
    for path, (body, media_type) in _draw(site, week, port).items():
        before = previous.get(path)
        kept = before is not None and before.body == body
        modified = before.modified if kept and before else run_time(week) - timedelta(days=1)
        answer[path] = Page(body=body, media_type=media_type, modified=modified)
    return answer
