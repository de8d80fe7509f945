"""A claim as its reader sees it: one line with its figures, its chart and the pages it stands on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from urllib.parse import urlencode, urlsplit

from briefs.charts import Points, chart_id, chart_words, points_of
from briefs.wording import clean, day_words, monthly, stage_label, topic_label
from market.records import Beside, Citation, Claim

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


_ORDER = tuple(map(stage_label, ("announced", "funded", "permitted", "construction", "live", "cancelled")))


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
class StepLine:
    """A stage that a build went through before the one its line tells, or a figure told by one page."""

    label: str
    """"announced", or the figure: "18,500 homes"."""
    day: str
    """"Nov 3", with the year where it is another than that of the line."""
    ground: str
    """Where, if it was told of a larger build that this one is part of: "Gaston County, NC"; else ""."""
    figures: str
    """What this teller gave: "18,500 homes, target summer of 2027"; "" for none."""
    source: SourceLine
    corrections: str = ""
    """What the analyst corrected of it, in words."""


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
    steps: tuple[StepLine, ...] = ()
    """Earlier stages of a build, oldest first; empty where none is known."""
    track: str = ""
    """The earlier stages with their days in a row, "announced Nov 3 → permitted Nov 10"; "" where none is."""
    now: str = ""
    """The stage told by this line with its day: "under construction Nov 18"; with `track` only."""
    disputes: tuple[tuple[str, tuple[StepLine, ...]], ...] = ()
    """(what differs, each figure told with its page, the latest first), without quotes shown elsewhere."""
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


def line_of(claim: Claim, zone: tzinfo, web_url: str) -> Line:
    """Return one claim as shown; `web_url` as for `view`."""
    label, figure, direction, before, after, delta = _figures(claim)
    quoted = claim.text if claim.kind == "news" and claim.text != claim.headline else ""
    year = _day(claim.citations[0], zone).year if claim.citations else None
    sources = tuple(_source(page, claim, zone, web_url) for page in claim.citations)
    steps = tuple(
        _step(step, clean(step.tags[0]), figures_told(step), year, zone, web_url) for step in claim.steps
    )
    shown = {quote for source in (*sources, *(step.source for step in steps)) for quote in source.quotes}
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
        sources=sources,
        copies=tuple((name, link(url)) for name, url in _copies(claim) if link(url)),
        steps=steps,
        track=" → ".join(f"{step.label} {step.day}" for step in steps) if _advances(claim) else "",
        now=_now(claim, year, zone) if _advances(claim) else "",
        disputes=tuple(
            (
                dispute.what,
                tuple(
                    _unquoted(_step(told, figures_told(told), "", year, zone, web_url), shown)
                    for told in dispute.said
                ),
            )
            for dispute in claim.disputes
        ),
        chart=points_of(claim.chart) if claim.chart else (),
    )


def figures_told(claim: Claim) -> str:
    """Return the figures of a build's sentence: "18,500 homes, $42 million investment"; "" for none."""
    return clean(claim.text.rpartition(": ")[2].removesuffix(".")) if ": " in claim.text else ""


def _step(claim: Claim, label: str, figures: str, year: int | None, zone: tzinfo, web_url: str) -> StepLine:
    page = claim.citations[0]
    day = _day(page, zone)
    return StepLine(
        label=label,
        day=day_words(day, year=day.year != year),
        ground=clean(claim.detail),
        figures=figures,
        source=_source(page, claim, zone, web_url),
        corrections=clean("; ".join(claim.corrections)),
    )


def _unquoted(told: StepLine, shown: Collection[str]) -> StepLine:
    """Return a figure's line without quotes that are printed above it."""
    quotes = tuple(quote for quote in told.source.quotes if quote not in shown)
    return replace(told, source=replace(told.source, quotes=quotes))


def _advances(claim: Claim) -> bool:
    """Say whether the stages under a claim lead up to its own, so that they make a row with it."""
    stages = [step.tags[0] for step in (*claim.steps, claim) if step.tags]
    order = [_ORDER.index(stage) for stage in stages if stage in _ORDER]
    return len(order) > 1 and order == sorted(order)


def _now(claim: Claim, year: int | None, zone: tzinfo) -> str:
    day = min(_day(page, zone) for page in claim.citations)
    return f"{clean(claim.tags[0])} {day_words(day, year=day.year != year)}"


def _day(page: Citation, zone: tzinfo) -> date:
    """Return the day a page shows; one without a time is not shifted by a time zone."""
    return page.on.astimezone(UTC if page.day_only else zone).date()


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
    return SourceLine(
        publisher=clean(page.publisher),
        day=day_words(_day(page, zone)),
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
