"""A brief as its reader sees it: lines, sources and derived figures, ready for any template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from briefs.lines import Line, line_of
from briefs.wording import clean, counted, day_words
from market.records import Brief, Section, SourceCheck

# How things stand is no news: "rates" is not counted.
_NOUNS = {
    "prices": ("price move", "price moves"),
    "builds": ("build", "builds"),
    "news": ("story", "stories"),
}


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
