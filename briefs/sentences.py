"""Claims of builds and stories by template. A figure goes into a sentence only if a quote can carry it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefs.borne import not_borne
from briefs.claims import figures, unquoted
from briefs.reach import place_names
from briefs.targets import target_words
from briefs.wording import stage_label, technology_label
from market.ids import digest
from market.records import (
    Article,
    Citation,
    Claim,
    Evidence,
    Expansion,
    Place,
    TextSpan,
)

_UNITS = re.compile(
    r"\s+((?:[a-z]+ ){0,2}?(?:homes and businesses|homes|households|addresses|locations|premises|passings"
    r"|businesses|residences|properties|customers))\b",
    re.I,
)
_STAGES = {
    "announced": "announced a {build} in {places}",
    "funded": "won funding for a {build} in {places}",
    "permitted": "has permits for a {build} in {places}",
    "construction": "is building {network} in {places}",
    "live": "is live with {network} in {places}",
    "cancelled": "cancelled a {build} in {places}",
}
_SPEED = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)[\s-]*(gbps|gigabits?|gigs?|mbps|megabits?)(?: per second)?\b", re.I
)


def build_claim(
    lead: Expansion,
    company: str,
    partner: str,
    places: Sequence[Place],
    article: Article,
    pages: Sequence[Citation],
    sentence: Evidence | None = None,
) -> Claim:
    """Return the claim of a network build, as its best teller tells it.

    `sentence` is the article's key sentence, quoted where the fact itself rests on the title alone.
    """
    evidence = _build_evidence(lead, article)
    if sentence is not None and all(item.quote == article.title for item in evidence):
        evidence.append(sentence)
    who = f"{company}, with {partner}," if partner else company
    text = _line(lead.stage, technology_label(lead.technology or "unknown"), who, place_names(places))
    if not_borne(text, evidence):
        # The tagger may know the technology from the whole article; the line names it only if a quote does.
        text = _line(lead.stage, "", who, place_names(places))
    told = [part for part in figure_phrases(lead) if unquoted(part, evidence, company) is None]
    if told:
        text += ": " + ", ".join(told)
    figures_told = (lead.passings, lead.route_miles, lead.investment_cents, lead.grant_cents, lead.target_on)
    return Claim(
        text=text + ".",
        evidence=tuple(evidence),
        kind="build",
        company=lead.company,
        record_ids=(lead.id, lead.record_id),
        key="build:" + digest(lead.company, lead.stage, *sorted(lead.places), *figures_told),
        headline=article.title,
        citations=tuple(pages),
        tags=(stage_label(lead.stage), *told[: int(lead.passings is not None)]),
    )


def _line(stage: str, technology: str, who: str, places: str) -> str:
    build, network = (
        (f"{technology} build", f"a {technology} network") if technology else ("network build", "a network")
    )
    return f"{who} " + _STAGES[stage].format(build=build, network=network, places=places)


def _build_evidence(lead: Expansion, article: Article) -> list[Evidence]:
    """Return the sentences the fact stands in, each once, and the title; shorter quotes within them go."""
    spans = [item for item in lead.evidence if isinstance(item.where, TextSpan)]
    longest = sorted(spans, key=lambda item: -len(item.quote))
    kept: list[Evidence] = []
    for item in longest:
        if not any(_inside(item, other) for other in kept):
            kept.append(item)
    own = article.capture_id
    kept.sort(key=lambda item: (item.capture_id != own, getattr(item.where, "start", 0)))
    title = (
        title_evidence(article, kept[0].reader, kept[0].reader_version) if kept and article.title else None
    )
    return kept + ([title] if title and all(item.quote != title.quote for item in kept) else [])


def _inside(item: Evidence, other: Evidence) -> bool:
    a, b = item.where, other.where
    return (
        isinstance(a, TextSpan)
        and isinstance(b, TextSpan)
        and (a.text_sha256, a.field) == (b.text_sha256, b.field)
        and b.start <= a.start
        and a.end <= b.end
    )


def title_evidence(article: Article, reader: str, version: int) -> Evidence:
    """Return the evidence of an article's whole title."""
    span = TextSpan(field="title", text_sha256=article.text_sha256, start=0, end=len(article.title))
    return Evidence(
        capture_id=article.capture_id,
        record_id=article.id,
        slot="title",
        quote=article.title,
        where=span,
        reader=reader,
        reader_version=version,
    )


def figure_phrases(lead: Expansion) -> list[str]:
    """Return the phrases for a build's figures, as its quotes write them where they can be found there."""
    found: list[str] = []
    if lead.passings is not None:
        found.append(_counted(lead, "passings", lead.passings, "passings"))
    if lead.route_miles is not None:
        found.append(f"{_written(lead, 'route_miles', lead.route_miles)} route miles")
    if lead.investment_cents is not None and lead.investment_cents != lead.grant_cents:
        found.append(f"{_written(lead, 'investment_cents', lead.investment_cents / 100, '$')} investment")
    if lead.grant_cents is not None:
        program = f" {lead.funding}" if lead.funding in ("BEAD", "RDOF", "ReConnect", "ARPA", "CPF") else ""
        found.append(f"{_written(lead, 'grant_cents', lead.grant_cents / 100, '$')}{program} grant")
    if lead.down_mbps is not None:
        found.append(f"{_hedge(lead)}{_speed(lead)}")
    if lead.target_on is not None:
        found.append(f"target {target_words(lead.target_on, _quotes(lead, 'target_on'))}")
    return [part for part in found if part]


def _hedge(lead: Expansion) -> str:
    """Return the words by which the quotes bound a speed, "" when they state it as it is."""
    said = " ".join(_quotes(lead, "down_mbps")).casefold()
    return next((f"{words} " for words in ("at least", "up to") if words in said), "")


def _quotes(lead: Expansion, slot: str) -> list[str]:
    return [item.quote for item in lead.evidence if item.slot == slot] + [
        item.quote for item in lead.evidence
    ]


def _written(lead: Expansion, slot: str, value: float, sign: str = "") -> str:
    """Return a figure as its quote writes it ("$15 million"), else in digits."""
    for quote in _quotes(lead, slot):
        for figure in figures(quote):
            if float(figure.value) == value and (not sign or figure.kind == "money"):
                return figure.raw if figure.raw.startswith(sign) else sign + figure.raw
    return f"{sign}{value:,.0f}" if value == int(value) else f"{sign}{value:,}"


def _counted(lead: Expansion, slot: str, value: int, unit: str) -> str:
    """Return "12,000 homes" with the unit that stands behind the figure in its quote."""
    for quote in _quotes(lead, slot):
        for figure in figures(quote):
            if figure.value == value:
                after = quote[quote.index(figure.raw) + len(figure.raw) :]
                match = _UNITS.match(after)
                return f"{figure.raw} {match.group(1) if match else unit}"
    return f"{value:,} {unit}"


def _speed(lead: Expansion) -> str:
    """Return the speed as its quote writes it, else in Mbps."""
    mbps = lead.down_mbps or 0
    for quote in _quotes(lead, "down_mbps"):
        for match in _SPEED.finditer(quote):
            scale = 1000 if match.group(2).lower().startswith("g") else 1
            if float(match.group(1).replace(",", "")) * scale == mbps:
                return match.group()
    return f"{mbps:,.0f} Mbps"


def story_claim(
    lead: Article,
    sentence: Evidence | None,
    story_id: str,
    pages: Sequence[Citation],
    *,
    record_ids: Sequence[str],
    also: Sequence[str] = (),
    also_by: Sequence[str] = (),
    tags: Sequence[str] = (),
    detail: str = "",
) -> Claim:
    """Return the claim of a story: its lead's title and key sentence, both quoted."""
    sentence = _undashed(sentence)
    reader, version = (sentence.reader, sentence.reader_version) if sentence else ("article", 1)
    evidence = [sentence] if sentence else []
    if lead.title and (sentence is None or sentence.quote != lead.title):
        evidence.append(title_evidence(lead, reader, version))
    return Claim(
        text=sentence.quote if sentence else lead.title,
        evidence=tuple(evidence),
        kind="news",
        key=f"news:{story_id}",
        headline=lead.title,
        citations=tuple(pages),
        record_ids=tuple(record_ids),
        also=tuple(also),
        also_by=tuple(also_by),
        tags=tuple(tags),
        detail=detail,
    )


def _undashed(sentence: Evidence | None) -> Evidence | None:
    """Return a sentence without the dash that parts it from its dateline."""
    if sentence is None or not isinstance(sentence.where, TextSpan):
        return sentence
    quote = sentence.quote.lstrip("-\u2013\u2014 ")
    start = sentence.where.start + len(sentence.quote) - len(quote)
    where = sentence.where.model_copy(update={"start": start})
    return sentence.model_copy(update={"quote": quote, "where": where})
