"""Claims made from facts by template. A figure goes into a sentence only if a quote can carry it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence

from briefs.changes import TERMINATION, PriceChange
from briefs.claims import figures, unquoted
from briefs.reach import place_names
from market.ids import digest, slug
from market.records import (
    Article,
    Capture,
    Citation,
    Claim,
    Evidence,
    Expansion,
    Move,
    Offer,
    Place,
    TextSpan,
)

_SEGMENTS = {"unknown": "segment not stated"}
_TECHNOLOGIES = {"hfc": "cable (HFC)", "dsl": "DSL"}
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
_STAGE_LABELS = {"construction": "under construction"}
_SPEED = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)[\s-]*(gbps|gigabits?|gigs?|mbps|megabits?)(?: per second)?\b", re.I
)
_MONTHS = tuple(calendar.month_name)


def money(cents: int) -> str:
    """Return "$59.99", "$15" for whole dollars."""
    dollars, rest = divmod(abs(cents), 100)
    return f"${dollars:,}.{rest:02d}" if rest else f"${dollars:,}"


def monthly(cents: int) -> str:
    """Return a monthly price as price lists write it, with its cents: "$60.00"."""
    return f"${cents / 100:,.2f}"


def segment_label(segment: str) -> str:
    """Return the segment as shown to a reader."""
    return _SEGMENTS.get(segment, segment)


def technology_label(technology: str) -> str:
    """Return the technology as shown to a reader, "" when it is unknown."""
    return "" if technology == "unknown" else _TECHNOLOGIES.get(technology, technology)


def market_label(market: Sequence[str]) -> str:
    """Return where a price holds, in words."""
    if not market:
        return "market not stated"
    if any(name.upper() in ("US", "USA") for name in market):
        return "nationwide"
    return "; ".join(market)


def offer_detail(offer: Offer) -> str:
    """Return "residential · fiber · Greenville, SC"."""
    parts = (segment_label(offer.segment), technology_label(offer.technology), market_label(offer.market))
    return " · ".join(part for part in parts if part)


def page_of(capture: Capture, publisher: str) -> Citation:
    """Return the citation of a page that carries no date of its own."""
    return Citation(
        capture_id=capture.id,
        url=capture.final_url,
        publisher=publisher or _host(capture.final_url),
        on=capture.fetched_at,
        dated="captured",
    )


def article_page(article: Article, capture: Capture | None) -> Citation | None:
    """Return an article's citation, or None when neither page nor capture gives a day."""
    on = article.published_at or (capture.fetched_at if capture else None)
    if on is None:
        return None
    return Citation(
        capture_id=article.capture_id,
        url=article.url,
        publisher=article.publisher or _host(article.url),
        title=article.title,
        on=on,
        dated="published" if article.published_at else "captured",
        day_only=article.published_day_only,
    )


def _host(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?([^/:]+).*$", r"\1", url)


def _slot(offer: Offer | None, *slots: str) -> list[Evidence]:
    """Return the offer's evidence for slots; "monthly_fees" also takes "monthly_fees[0]"."""
    if offer is None:
        return []
    wanted = tuple(slots)
    return [item for item in offer.evidence if re.split(r"[\[./:]", item.slot)[0] in wanted]


def price_claim(change: PriceChange, company: str, pages: Mapping[str, Citation]) -> Claim:
    """Return the claim of a price change; `pages` holds the citation of each capture involved."""
    before, after, offer = change.before, change.after, change.offer
    text, slots = _price_text(change, company)
    evidence = _slot(before, *_name_slots(before), *slots) + _slot(after, *_name_slots(after), *slots)
    evidence = _needed(evidence, text)
    captures = [item.capture_id for item in (before, after) if item]
    # A withdrawn plan is proved by where it stood last; the page that lacks it has no words to quote.
    captures.append(change.seen.id)
    plan = (offer.source_id, offer.company, slug(offer.plan_name), offer.segment, offer.technology)
    figures_told = (change.before_cents, change.after_cents)
    return Claim(
        text=text,
        evidence=tuple(evidence),
        kind="price",
        company=offer.company,
        record_ids=tuple(item.id for item in (before, after) if item),
        key="price:" + digest(*plan, change.kind, slug(change.what), *figures_told, change.seen.id),
        detail=offer_detail(offer),
        citations=tuple(pages[capture] for capture in dict.fromkeys(captures) if capture in pages),
        move=Move(
            kind=change.kind,
            what=change.what,
            before_cents=change.before_cents,
            after_cents=change.after_cents,
            before_capture=before.capture_id if before else None,
            after_capture=after.capture_id if after else None,
        ),
    )


def list_price_claim(offer: Offer, company: str, page: Citation) -> Claim:
    """Return the claim that a plan is listed at its price: regular, and promotional where there is one."""
    promo = ""
    if offer.promo_cents is not None:
        months = f" for {offer.promo_months} months" if offer.promo_months else ""
        promo = f"{monthly(offer.promo_cents)} a month{months}"
    regular = f"{monthly(offer.monthly_cents)} a month" if offer.monthly_cents is not None else ""
    price = f"{promo}, then {regular}" if promo and regular else regular or f"{promo} (promotion)"
    evidence = _slot(offer, *_name_slots(offer), "monthly_cents", "promo_cents", "promo_months")
    return Claim(
        text=f"{company} lists {offer.plan_name} at {price}.",
        evidence=tuple(evidence),
        kind="price",
        company=offer.company,
        record_ids=(offer.id,),
        key=f"list:{offer.id}",
        detail=offer_detail(offer),
        citations=(page,),
    )


def _name_slots(offer: Offer | None) -> tuple[str, ...]:
    """A label row without a plan name is called by its identifier."""
    return ("plan_name", "plan_id") if offer and offer.plan_name == offer.plan_id else ("plan_name",)


def _needed(evidence: list[Evidence], text: str) -> list[Evidence]:
    """Return the evidence without fee lines that the sentence does not speak of, and without repeats."""
    kept: dict[tuple[str, str], Evidence] = {}
    values = {figure.value for figure in figures(text)}
    for item in evidence:
        fee = item.slot.startswith(("monthly_fees", "one_time_fees"))
        if fee and not values & {figure.value for figure in figures(item.quote)}:
            continue
        kept.setdefault((item.capture_id, item.quote), item)
    # The plan's name leads each page's quotes; within a page they keep the reader's order else.
    pages = list(dict.fromkeys(capture for capture, _ in kept))
    names = ("plan_name", "plan_id")
    return sorted(kept.values(), key=lambda item: (pages.index(item.capture_id), item.slot not in names))


def _price_text(change: PriceChange, company: str) -> tuple[str, tuple[str, ...]]:
    """Return the sentence and the slots whose quotes carry its figures."""
    old, new, plan = change.before_cents, change.after_cents, change.offer.plan_name
    if change.kind in ("rise", "fall") and old is not None and new is not None:
        verb = "raised" if change.kind == "rise" else "cut"
        slot = "monthly_cents" if change.what == "list price" else "autopay_cents"
        what = plan if change.what == "list price" else f"the autopay price of {plan}"
        return f"{company} {verb} {what} from {monthly(old)} to {monthly(new)} a month.", (slot,)
    if change.kind == "promo":
        return _promo_text(change, company)
    if change.kind == "fee":
        return _fee_text(change, company)
    price = "" if new is None else f" at {monthly(new)} a month"
    if change.kind == "new":
        on_request = ", price on request" if change.offer.quote_only else ""
        return f"{company} added {plan}{price or on_request}.", ("monthly_cents",)
    if change.kind == "reappeared":
        return f"{company} lists {plan} again{price}.", ("monthly_cents",)
    if change.kind == "renamed" and change.before is not None:
        stays = "" if new is None or new != old else f"; it stays{price}"
        return f"{company} renamed {change.before.plan_name} to {plan}{stays}.", ("monthly_cents",)
    last = "" if old is None else f", last listed at {monthly(old)} a month"
    return f"{company} no longer lists {plan}{last}.", ("monthly_cents",)


def _promo_text(change: PriceChange, company: str) -> tuple[str, tuple[str, ...]]:
    old, new, plan = change.before_cents, change.after_cents, change.offer.plan_name
    slots = ("promo_cents", "promo_months")
    months = change.after.promo_months if change.after else None
    term = f" for {months} months" if months else ""
    if new is None:
        was = "" if old is None else f" of {monthly(old)} a month"
        return f"{company} ended its promotional price{was} on {plan}.", slots
    if old is None:
        return f"{company} now promotes {plan} at {monthly(new)} a month{term}.", slots
    if old == new:
        return f"{company} changed the term of its {monthly(new)} promotion on {plan}, now{term}.", slots
    verb = "raised" if new > old else "cut"
    return (
        f"{company} {verb} the promotional price of {plan} from {monthly(old)} to {monthly(new)} a month.",
        slots,
    )


def _fee_text(change: PriceChange, company: str) -> tuple[str, tuple[str, ...]]:
    old, new, plan = change.before_cents, change.after_cents, change.offer.plan_name
    slots: tuple[str, ...] = ("monthly_fees",)
    if change.unit != "a month":
        slots = ("termination_cents",) if change.what == TERMINATION else ("one_time_fees",)
    name = change.what if re.search(r"\bfees?$", change.what, re.I) else f"{change.what} fee"
    name = name[:1].lower() + name[1:] if name[1:].islower() else name
    unit = " a month" if change.unit == "a month" else ""
    if old is None and new is not None:
        return f"{company} now lists a {name} of {monthly(new)}{unit} on {plan}.", slots
    if new is None and old is not None:
        return f"{company} no longer lists the {name} of {monthly(old)}{unit} on {plan}.", slots
    verb = "raised" if (new or 0) > (old or 0) else "cut"
    text = f"{company} {verb} the {name} on {plan} from {monthly(old or 0)} to {monthly(new or 0)}{unit}"
    before, after = change.before, change.after
    if before and after and before.monthly_cents and before.monthly_cents == after.monthly_cents:
        return f"{text}; its list price stays {monthly(after.monthly_cents)}.", (*slots, "monthly_cents")
    return f"{text}.", slots


def build_claim(
    lead: Expansion,
    company: str,
    partner: str,
    places: Sequence[Place],
    article: Article,
    pages: Sequence[Citation],
    also: Iterable[str],
    sentence: Evidence | None = None,
) -> Claim:
    """Return the claim of a network build, as its best teller tells it.

    `sentence` is the article's key sentence, quoted where the fact itself rests on the title alone.
    """
    evidence = _build_evidence(lead, article)
    if sentence is not None and all(item.quote == article.title for item in evidence):
        evidence.append(sentence)
    kind = technology_label(lead.technology or "unknown")
    network, build = (f"a {kind} network", f"{kind} build") if kind else ("a network", "network build")
    who = f"{company}, with {partner}," if partner else company
    text = f"{who} " + _STAGES[lead.stage].format(build=build, network=network, places=place_names(places))
    told = [part for part in _build_figures(lead) if unquoted(part, evidence, company) is None]
    if told:
        text += ": " + ", ".join(told)
    figures_told = (lead.passings, lead.route_miles, lead.investment_cents, lead.grant_cents, lead.target_on)
    return Claim(
        text=text + ".",
        evidence=tuple(evidence),
        kind="build",
        company=lead.company,
        record_ids=(lead.id, lead.record_id),
        also=tuple(also),
        key="build:" + digest(lead.company, lead.stage, *sorted(lead.places), *figures_told),
        headline=article.title,
        citations=tuple(pages),
        tags=(_STAGE_LABELS.get(lead.stage, lead.stage), *told[: int(lead.passings is not None)]),
    )


def _build_evidence(lead: Expansion, article: Article) -> list[Evidence]:
    """Return the sentences the fact stands in, each once, and the title; shorter quotes within them go."""
    spans = [item for item in lead.evidence if isinstance(item.where, TextSpan)]
    longest = sorted(spans, key=lambda item: -len(item.quote))
    kept: list[Evidence] = []
    for item in longest:
        if not any(_inside(item, other) for other in kept):
            kept.append(item)
    kept.sort(key=lambda item: item.where.start if isinstance(item.where, TextSpan) else 0)
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


def _build_figures(lead: Expansion) -> list[str]:
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
        found.append(f"up to {_speed(lead)}")
    if lead.target_on is not None:
        found.append(_target(lead))
    return [part for part in found if part]


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


def _target(lead: Expansion) -> str:
    """Return when a build should be done: in its own words where they are few, else from the parsed date."""
    for item in lead.evidence:
        if item.slot == "target_on" and len(item.quote) <= 40:
            words = item.quote.strip()
            return (
                words
                if re.match(r"(?:by|in|before|during|through|until|from)\b", words, re.I)
                else f"target {words}"
            )
    target = lead.target_on or ""
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", target):
        quarter = ("first", "second", "third", "fourth")[int(match.group(2)) - 1]
        return f"target {quarter} quarter of {match.group(1)}"
    if match := re.fullmatch(r"(\d{4})-(\d\d)(?:-\d\d)?", target):
        return f"target {_MONTHS[int(match.group(2))]} {match.group(1)}"
    return f"target {target}"


def story_claim(
    lead: Article,
    sentence: Evidence | None,
    story_id: str,
    pages: Sequence[Citation],
    *,
    record_ids: Sequence[str],
    also: Sequence[str] = (),
    tags: Sequence[str] = (),
    detail: str = "",
) -> Claim:
    """Return the claim of a story: its lead's title and key sentence, both quoted."""
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
        tags=tuple(tags),
        detail=detail,
    )
