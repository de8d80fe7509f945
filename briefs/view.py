"""A brief as its reader sees it: lines, sources and derived figures, ready for any template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import urlencode, urlsplit

from briefs.charts import Points, chart_id, chart_words, points_of
from briefs.wording import monthly, topic_label
from market.records import Beside, Brief, Citation, Claim, Section, SourceCheck

# How things stand is no news: "rates" is not counted.
_NOUNS = {
    "prices": ("price move", "price moves"),
    "builds": ("build", "builds"),
    "news": ("story", "stories"),
}
_LABELS = {
    "new": "New plan",
    "withdrawn": "Withdrawn",
    "reappeared": "Back again",
    "on-request": "Price gone",
    "published": "Price shown",
    "renamed": "Renamed",
    "promo": "Promotion",
    "fee": "Fee",
    "rise": "Rise",
    "fall": "Cut",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class SourceLine:
    """One cited page under a line."""

    publisher: str
    day: str
    verb: str
    """"published" or "captured"."""
    url: str
    """"" when the address is none that a mail should link to."""
    capture_id: str
    capture_url: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One claim."""

    label: str
    """The eyebrow: what kind of news it is."""
    figure: str
    """The large figure: "+8.3%"; "" where there is none."""
    direction: str
    """"up", "down" or ""."""
    before: str
    after: str
    delta: str
    text: str
    headline: str
    detail: str
    sources: tuple[SourceLine, ...]
    copies: tuple[tuple[str, str], ...] = ()
    """(publisher, URL) of further copies."""
    chart: Points = ()
    """What a new customer paid over time; empty where there is nothing to draw."""

    @property
    def chart_id(self) -> str:
        """The picture's name in a mail."""
        return chart_id(self.chart)

    @property
    def chart_words(self) -> str:
        """The chart for those who see no pictures."""
        return chart_words(self.chart)


@dataclass(frozen=True)
class Part:
    """One section."""

    id: str
    title: str
    lines: tuple[Line, ...]
    empty: str
    left_out: str


@dataclass(frozen=True)
class View:
    """A whole brief."""

    title: str
    period: str
    subject: str
    preview: str
    reader: str
    market: str
    counts: tuple[tuple[int, str], ...]
    parts: tuple[Part, ...]
    sources: str
    """"12 of 14 sources read"."""
    gaps: tuple[tuple[str, str, str], ...]
    """(state, publisher, note with the last good day) of sources that were not read well."""
    notes: tuple[str, ...] = field(default=())
    made: str = ""


def clean(text: str) -> str:
    """Return text without characters that neither XML nor a mail may carry."""
    return _CONTROL.sub("", text)


def day_words(day: date, year: bool = True) -> str:
    """Return "Nov 16, 2026"."""
    return f"{day:%b} {day.day}, {day.year}" if year else f"{day:%b} {day.day}"


def counted(number: int, one: str, many: str) -> str:
    """Return "1 build" or "2 builds"."""
    return f"{number} {one if number == 1 else many}"


def period_words(starts: date, ends: date) -> str:
    """Return "Nov 16–22, 2026", with month and year where they change."""
    if starts.year != ends.year:
        return f"{day_words(starts)} – {day_words(ends)}"
    if starts.month != ends.month:
        return f"{day_words(starts, year=False)} – {day_words(ends)}"
    return f"{starts:%b} {starts.day}–{ends.day}, {ends.year}"


def view(brief: Brief, zone: tzinfo, web_url: str = "") -> View:
    """Return what the templates show; `web_url` is the web app's address, "" when captures have none."""
    starts, ends = date.fromisoformat(brief.starts_on), date.fromisoformat(brief.ends_on)
    counts = tuple(
        (total, _NOUNS[section.id][total != 1])
        for section in brief.sections
        if section.id in _NOUNS
        for total in [len(section.claims) + section.left_out]
    )
    number = int(brief.week.rpartition("W")[2])
    summary = ", ".join(f"{total} {noun}" for total, noun in counts)
    parts = tuple(
        Part(
            id=section.id,
            title=section.title,
            lines=tuple(line_of(claim, zone, web_url) for claim in section.claims),
            empty=section.empty,
            left_out=_left_out(section),
        )
        for section in brief.sections
    )
    first = next((line for part in parts for line in part.lines), None)
    checks = [check for check in brief.coverage.sources if check.state != "disabled"]
    read = sum(check.state == "checked" for check in checks)
    return View(
        title=f"Week {number}",
        period=period_words(starts, ends),
        subject=clean(f"{brief.market_name}, week {number}: {summary}"),
        preview=clean((first.headline or first.text) if first else "Nothing to report this week."),
        reader=clean(brief.subscriber_name),
        market=clean(brief.market_name),
        counts=counts,
        parts=parts,
        sources=f"{read} of {counted(len(checks), 'source', 'sources')} read",
        gaps=tuple(_gap(check, zone) for check in brief.coverage.sources if check.state != "checked"),
        notes=_notes(brief),
        made=day_words(brief.generated_at.astimezone(zone).date()),
    )


def _left_out(section: Section) -> str:
    nouns = {"rates": ("more price", "more prices")}.get(
        section.id, ("less important story", "less important stories")
    )
    return f"{counted(section.left_out, *nouns)} not shown." if section.left_out else ""


def _notes(brief: Brief) -> tuple[str, ...]:
    coverage = brief.coverage
    articles = counted(coverage.articles_read, "article", "articles")
    prices = counted(coverage.offers_read, "list price", "list prices")
    notes = [f"{articles} and {prices} read."]
    if coverage.refused:
        lines = counted(coverage.refused, "line was", "lines were")
        notes.append(f"{lines} left out because the page did not bear out every quote and number.")
    return tuple(notes)


def _gap(check: SourceCheck, zone: tzinfo) -> tuple[str, str, str]:
    good = f"last read {_short(check.last_good, zone)}" if check.last_good else "never read"
    note = "; ".join(part for part in (check.note, "" if check.state == "disabled" else good) if part)
    return check.state.capitalize(), clean(check.publisher), clean(note)


def _short(moment: datetime, zone: tzinfo) -> str:
    return day_words(moment.astimezone(zone).date())


def line_of(claim: Claim, zone: tzinfo, web_url: str) -> Line:
    """Return one claim as shown; `web_url` as for `view`."""
    label, figure, direction, before, after, delta = _figures(claim)
    quoted = claim.text if claim.kind == "news" and claim.text != claim.headline else ""
    return Line(
        label=label,
        figure=figure,
        direction=direction,
        before=before,
        after=after,
        delta=delta,
        text=clean(quoted if claim.kind == "news" else claim.text),
        headline=clean(claim.headline if claim.kind == "news" else ""),
        detail=_detail(claim),
        sources=tuple(_source(page, claim, zone, web_url) for page in claim.citations),
        copies=tuple((name, link(url)) for name, url in _copies(claim) if link(url)),
        chart=points_of(claim.chart) if claim.chart else (),
    )


def _detail(claim: Claim) -> str:
    """Return what a claim holds for, and what the analyst corrected on the records it rests on."""
    parts = [clean(part) for part in (claim.detail, *claim.corrections) if part]
    return "; ".join(part if number else part[:1].upper() + part[1:] for number, part in enumerate(parts))


def _figures(claim: Claim) -> tuple[str, str, str, str, str, str]:
    """Return (label, large figure, direction, before, after, difference) of a claim."""
    move = claim.move
    if claim.beside is not None:
        return _gap_to_ours(claim.beside)
    if move is None:
        label = claim.tags[0] if claim.tags else claim.kind
        if claim.kind == "build" and len(claim.tags) > 1:
            # "12,000 homes": the figure large, its unit beside the stage.
            figure, _, unit = claim.tags[1].partition(" ")
            return clean(f"{unit} · {label}"), clean(figure), "", "", "", ""
        return topic_label(clean(label)), "", "", "", "", ""
    before = "" if move.before_cents is None else monthly(move.before_cents)
    after = "" if move.after_cents is None else monthly(move.after_cents)
    if move.before_cents is None or move.after_cents is None or move.kind in ("renamed", "reappeared"):
        figure = before if move.kind in ("withdrawn", "on-request") else after
        return _LABELS[move.kind], figure, "", "", "", ""
    apart = move.after_cents - move.before_cents
    if not apart:
        return _LABELS[move.kind], after, "", "", "", ""
    sign = "+" if apart > 0 else "−"
    percent = abs(apart) / move.before_cents * 100 if move.before_cents else 0
    share = f"{sign}{percent:.1f}%" if move.before_cents else ""
    label = f"{_LABELS[move.kind]} {'raised' if apart > 0 else 'cut'}"
    if move.kind in ("rise", "fall"):
        label = "Price raised" if apart > 0 else "Price cut"
    return label, share, "up" if apart > 0 else "down", before, after, f"{sign}{monthly(abs(apart))}"


def _gap_to_ours(beside: Beside) -> tuple[str, str, str, str, str, str]:
    """Return the figures of a rival's price beside ours: what lies between, and on which side it is."""
    apart = beside.rival_cents - beside.own_cents
    if not apart:
        return "Same price", monthly(beside.rival_cents), "", "", "", ""
    label, direction = ("Above ours", "up") if apart > 0 else ("Below ours", "down")
    return label, monthly(abs(apart)), direction, "", "", ""


def _source(page: Citation, claim: Claim, zone: tzinfo, web_url: str) -> SourceLine:
    here = [item.quote for item in claim.evidence if item.capture_id == page.capture_id]
    # Only a news line prints its headline and its quoted sentence themselves.
    shown = {claim.headline, claim.text} if claim.kind == "news" else set()
    quotes = [clean(quote.strip()) for quote in here if quote not in shown]
    day = page.on.astimezone(UTC if page.day_only else zone).date()
    return SourceLine(
        publisher=clean(page.publisher),
        day=day_words(day),
        verb=page.dated,
        url=link(page.url),
        capture_id=page.capture_id,
        capture_url=_capture_url(web_url, page.capture_id, here) if web_url else "",
        quotes=tuple(dict.fromkeys(quotes)),
    )


def _capture_url(web_url: str, capture_id: str, quotes: Sequence[str]) -> str:
    """Return the web app's page of a capture, with the quoted words marked.

    A page that shows that something is gone has no words to mark.
    """
    query = urlencode([("quote", quote) for quote in dict.fromkeys(quotes)])
    return f"{web_url.rstrip('/')}/capture/{capture_id}" + (f"?{query}" if query else "")


def link(url: str) -> str:
    """Return a URL that may be linked from a mail or a page: http and https only, else ""."""
    return clean(url) if urlsplit(url).scheme in ("http", "https") else ""


def _copies(claim: Claim) -> list[tuple[str, str]]:
    """Return (publisher, URL) of the other tellers, each publisher once; its site where none is kept."""
    names = (*claim.also_by, *("" for _ in claim.also[len(claim.also_by) :]))
    told: dict[str, str] = {}
    for name, url in zip(names, claim.also, strict=False):
        told.setdefault(clean(name) or _site(url), url)
    return list(told.items())


def _site(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")
