"""The sample sites as they lie on disk: site.toml, articles with TOML front matter, plan pages, files."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from crowsnest.demo.calendar import WEEKS, sample_week
from market.errors import SettingsError
from market.records.base import Record, UtcTime

SITES: Final = Path(__file__).parent / "sites"
"""Folder of the shipped sample sites."""

_NOT_SHOWN: Final = ("change", "from_week", "until_week")

FENCE: Final = "+++"
"""Line above and below the TOML front matter of an article."""


class Feed(Record):
    """How a site offers its articles."""

    path: str
    format: Literal["rss", "atom", "json", "broken"]
    style: Literal["full", "summary", "title-only"] = "summary"
    relative_links: bool = False
    note: str = ""
    """Title of one more item that has neither link nor date; "" for none."""


class SampleArticle(Record):
    """One article of a sample site."""

    slug: str
    title: str
    week: int
    """Sample week from which it is listed and served."""
    published: UtcTime | None = None
    """None for an article whose page and feed item carry no date."""
    author: str = ""
    kicker: str = ""
    """Short heading above the title: "Council notebook"."""
    summary: str = ""
    related: tuple[str, ...] = ()
    """Titles of stories the page links to in its margin; words of other stories, never of this one."""
    paragraphs: tuple[str, ...]
    """Body; a paragraph that begins with "## " is a heading, with "- " a list of one item a line."""


class PlanCard(Record):
    """One plan as a page shows it in one week; amounts and speeds are text as written."""

    name: str
    down: str
    up: str = ""
    price: str = ""
    was: str = ""
    """Struck-through price beside it; "" for none."""
    promo: str = ""
    note: str = ""
    badge: str = ""
    term: str = ""
    sku: str = ""
    contact: bool = False
    """True for a card without a price."""
    features: tuple[str, ...] = ()


class PlanPage(Record):
    """One page of plan cards, as TOML; `cards` works out what a week shows."""

    path: str
    title: str
    template: str
    """File of themes/plans that draws its cards."""
    texts: tuple[dict[str, Any], ...] = ()
    """Lead texts: {"week", "text"}; the last one not after the week is shown."""
    plans: tuple[dict[str, Any], ...]

    def lead(self, week: int) -> str:
        """Return the lead text shown in `week`, "" when there is none."""
        shown = [entry["text"] for entry in self.texts if entry["week"] <= week]
        return str(shown[-1]) if shown else ""

    def cards(self, week: int) -> list[PlanCard]:
        """Return the cards shown in `week`: plans on sale then, with every change up to then applied."""
        shown = []
        for plan in self.plans:
            if plan.get("from_week", 1) <= week <= plan.get("until_week", len(WEEKS)):
                card = {key: value for key, value in plan.items() if key not in _NOT_SHOWN}
                for change in plan.get("change", ()):
                    if change["week"] <= week:
                        card.update({key: value for key, value in change.items() if key != "week"})
                shown.append(PlanCard(**card))
        return shown


class SampleSite(Record):
    """One sample site with all its weeks."""

    id: str
    number: int
    """It answers on 127.0.0.<number>."""
    name: str
    theme: str
    tagline: str = ""
    place: str = ""
    nav: tuple[str, ...] = ()
    about: str = ""
    """Footer text, often the kind of boilerplate a real site repeats on every page."""
    articles_path: str = "/news/"
    feed: Feed | None = None
    robots: str = "User-agent: *\nAllow: /\n"
    refuses: int | None = None
    """HTTP status that answers every page of the site, robots.txt excepted."""
    articles: tuple[SampleArticle, ...] = ()
    plan_pages: tuple[PlanPage, ...] = ()
    files: dict[str, dict[int, bytes]] = {}
    """Path -> sample week -> bytes served from that week on."""

    @property
    def host(self) -> str:
        """The address it answers on."""
        return f"127.0.0.{self.number}"


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("sample-site", f"{path}: {error}; correct the TOML there") from error


def read_article(path: Path) -> SampleArticle:
    """Read one article file. Raises SettingsError naming the file when its head is wrong."""
    text = path.read_text(encoding="utf-8")
    parts = text.split(FENCE + "\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise SettingsError("sample-article", f"{path}: begin it with {FENCE}, TOML lines and {FENCE}")
    head = _toml(parts[1], path)
    published = head.pop("published", None)
    if isinstance(published, datetime):
        head["published"] = published
        head["week"] = sample_week(published)
    elif "week" not in head:
        raise SettingsError("sample-article", f"{path}: give `published` with a zone, or `week`")
    body = tuple(block.strip() for block in parts[2].split("\n\n") if block.strip())
    return SampleArticle(slug=path.stem, paragraphs=body, **head)


def _read_plan_page(path: Path) -> PlanPage:
    data = _toml(path.read_text(encoding="utf-8"), path)
    return PlanPage(**{"plans" if key == "plan" else key: value for key, value in data.items()})


def _read_files(folder: Path) -> dict[str, dict[int, bytes]]:
    """Read weekly files: files/2026-W46/labels/sc.csv is served as /labels/sc.csv from sample week 2 on."""
    found: dict[str, dict[int, bytes]] = {}
    for number, name in enumerate(WEEKS, start=1):
        root = folder / "files" / name
        for path in sorted(entry for entry in root.rglob("*") if entry.is_file()):
            found.setdefault("/" + path.relative_to(root).as_posix(), {})[number] = path.read_bytes()
    return found


def read_site(folder: Path) -> SampleSite:
    """Read one site folder. Raises SettingsError naming the file that is wrong."""
    head = _toml((folder / "site.toml").read_text(encoding="utf-8"), folder / "site.toml")
    articles = [read_article(path) for path in sorted((folder / "articles").glob("*.md"))]
    articles.sort(key=lambda article: (article.week, str(article.published), article.slug), reverse=True)
    return SampleSite(
        id=folder.name,
        articles=tuple(articles),
        plan_pages=tuple(_read_plan_page(path) for path in sorted((folder / "plans").glob("*.toml"))),
        files=_read_files(folder),
        **head,
    )


def read_sites(folder: Path = SITES) -> tuple[SampleSite, ...]:
    """Read all sample sites, ordered by number."""
    sites = [read_site(path.parent) for path in folder.glob("*/site.toml")]
    return tuple(sorted(sites, key=lambda site: site.number))
