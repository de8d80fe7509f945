"""The meeting sheet: what an account executive should know before she visits one client."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from briefs.accounts import find_account
from briefs.builds import build_claims
from briefs.claims import Gate, Refusal
from briefs.corrected import with_corrections
from briefs.coverage import source_checks
from briefs.desk import Desk
from briefs.gather import WeekFacts, gather
from briefs.news import story_claims
from briefs.pages import page_of
from briefs.price_words import list_price_claim
from briefs.pricebook import BookPlan, read_book
from briefs.prices import latest_first, price_claims
from briefs.rates import rate_claims
from briefs.reach import Reach
from briefs.render import render_sheet
from briefs.retellings import fold_into_builds
from briefs.rules import rules
from briefs.week import Period
from market.ids import sheet_id
from market.records import Account, Claim, ListPrice, Sheet, Territory

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Prepared:
    """A sheet and the claims that the gate kept out of it."""

    sheet: Sheet
    refused: tuple[Refusal, ...]


def prepare(desk: Desk, account: str, now: datetime, days: int | None = None, command: str = "") -> Prepared:
    """Make the sheet of the account of this id or name and keep it in the ledger with what was typed for it.

    Raises UsageError for an account that is unknown.
    """
    made = meeting_sheet(desk, find_account(desk.ledger.accounts(), account), now, days)
    made = Prepared(made.sheet.model_copy(update={"command": command}), made.refused)
    desk.ledger.save_sheet(made.sheet)
    return made


def write_sheet(sheet: Sheet, path: Path, zone: tzinfo, web_url: str = "") -> None:
    """Write a sheet as an HTML file; folders are made, an older file of the name gives way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_sheet(sheet, zone, web_url), encoding="utf-8")


def meeting_sheet(desk: Desk, account: Account, now: datetime, days: int | None = None) -> Prepared:
    """Return the sheet of one account, looking back `days` days from `now`."""
    period = Period.until(now, days or rules().sheet.days, desk.zone)
    county = desk.gazetteer.county(account.county_fips) if account.county_fips else None
    # A territory without entries holds nothing but national prices: right for an account nobody can place.
    home = Territory(id="account", counties=(account.county_fips,) if account.county_fips and county else ())
    reach = Reach([home], desk.gazetteer)
    facts = gather(desk, period)
    gate = Gate(desk.ledger, desk.lexicon.name)
    follows = desk.follows(None, period.last_day)
    ours, rivals = follows.ours, follows.rivals
    refused: list[Refusal] = []
    corrected = desk.ledger.corrected_offers()

    def admitted(claims: Sequence[Claim]) -> tuple[Claim, ...]:
        held, bad = gate.admit(claims)
        refused.extend(bad)
        return tuple(with_corrections(held, facts.tags, corrected))

    book = read_book(desk, reach=reach, listed_only=True, until=now)
    prices = _prices(desk, account, book, reach, ours, now)
    good = {claim.key: claim for claim in admitted([price.claim for price in prices])}
    prices = [
        price.model_copy(update={"claim": good[price.claim.key]})
        for price in prices
        if price.claim.key in good
    ]
    builds = admitted(build_claims(desk, facts, reach, follows, known_too=True))
    spoken = {record for claim in builds for record in claim.record_ids}
    stories = admitted(story_claims(desk, facts, reach, follows, spoken))
    told, other_stories = fold_into_builds(builds, stories, facts)
    here = {price.offer.company for price in prices} | {claim.company for claim in builds}
    other_stories = [story for story in other_stories if _concerns(story, facts, here)]
    checks = source_checks(desk, period)
    most = rules().sheet
    sheet = Sheet(
        id=sheet_id(account.id, now.astimezone(UTC).isoformat()),
        account=account,
        county=f"{county.name}, {county.state}" if county else "",
        starts_on=period.first_day.isoformat(),
        ends_on=period.last_day.isoformat(),
        sellers=_sellers(desk, prices, told),
        prices=tuple(prices[: most.most_prices]),
        more_prices=max(0, len(prices) - most.most_prices),
        moves=admitted(latest_first(price_claims(desk, facts, reach, rivals)))[: most.most_moves],
        rates=admitted(
            rate_claims(desk, [p for p in book if p.segment == account.segment], reach, ours, rivals)
        )[: most.most_rates],
        builds=tuple(with_corrections(told, facts.tags, corrected)),
        stories=tuple(with_corrections(other_stories[: most.most_stories], facts.tags, corrected)),
        checks=checks,
        made_at=now,
    )
    unknown = tuple(_unknown(desk, sheet, prices, ours))
    return Prepared(sheet.model_copy(update={"unknown": unknown}), tuple(refused))


def _prices(
    desk: Desk,
    account: Account,
    plans: Sequence[BookPlan],
    reach: Reach,
    ours: frozenset[str],
    until: datetime,
) -> list[ListPrice]:
    """Return what is on sale at the account's county or may be: its segment first, then the nearest.

    Bundles stand behind the internet plans of their segment.
    """
    # A page that could not be read since shows what it showed last.
    last = {
        plan.source_id: max(p.last_seen for p in plans if p.source_id == plan.source_id) for plan in plans
    }
    found: list[ListPrice] = []
    for plan in plans:
        offer = plan.offer
        origin = desk.ledger.capture(offer.capture_id)
        if (
            plan.company in ours
            or plan.price_cents is None
            or origin is None
            or plan.last_seen < last[plan.source_id]
        ):
            continue
        name = plan.company_name
        claim = list_price_claim(offer, name, page_of(origin, plan.publisher))
        fits = offer.segment == account.segment
        seen = min(plan.last_seen, until)
        holds = reach.market(offer.market)
        found.append(ListPrice(claim=claim, company=name, offer=offer, seen_at=seen, holds=holds, fits=fits))
    order = ("territory", "national", "unknown")
    found.sort(
        key=lambda price: (
            not price.fits,
            bool(price.offer.bundled_with),
            order.index(price.holds),
            price.company,
            -(price.offer.down_mbps or 0),
            price.offer.plan_name,
        )
    )
    return found


def _concerns(story: Claim, facts: WeekFacts, here: Collection[str]) -> bool:
    """Say whether a story is about a place, or about a company that sells or builds where the account is."""
    tags = facts.tags[story.record_ids[0]]
    local = any(place.role == "about" and place.kind != "country" for place in tags.places)
    return local or any(company.role == "about" and company.id in here for company in tags.companies)


def _sellers(desk: Desk, prices: Sequence[ListPrice], builds: Sequence[Claim]) -> tuple[tuple[str, str], ...]:
    """Return who sells or builds in the county, with what shows it; the best ground first."""
    grounds: dict[str, list[str]] = {}
    for price in prices:
        if price.holds == "territory":
            grounds.setdefault(price.company, ["lists prices for the area"])
    for name, where, stages in _histories(desk, builds):
        # One build's history is told once: "builds here: announced → under construction".
        grounds.setdefault(name, []).append(f"{where}: {' → '.join(stages)}")
    for price in prices:
        if price.holds == "national":
            nationwide = "lists nationwide prices; whether it serves the address is not known"
            grounds.setdefault(price.company, [nationwide])
    return tuple((name, "; ".join(shown)) for name, shown in grounds.items())


def _histories(desk: Desk, builds: Sequence[Claim]) -> list[tuple[str, str, list[str]]]:
    """Return (company, "builds here" or "builds nearby", stages in order of time, each once)."""
    found: dict[tuple[str, str], list[str]] = {}
    for claim in sorted(builds, key=lambda claim: claim.citations[0].on if claim.citations else _NEVER):
        where = "builds nearby" if claim.detail else "builds here"
        stages = found.setdefault((desk.lexicon.name(claim.company), where), [])
        stage = claim.tags[0] if claim.tags else "told"
        if stage not in stages:
            stages.append(stage)
    return [(name, where, stages) for (name, where), stages in found.items()]


def _unknown(desk: Desk, sheet: Sheet, prices: Sequence[ListPrice], ours: frozenset[str]) -> list[str]:
    """Return what the sheet cannot say, in plain sentences."""
    account, missing = sheet.account, []
    if not sheet.county:
        missing.append("Which county the account is in: prices and builds near it cannot be chosen.")
    if not account.current_provider:
        missing.append("Who serves the account now.")
    missing.append("What the account pays now: list prices are no quotes.")
    if "contract" not in account.notes.casefold():
        missing.append("When its contract ends.")
    fitting = [price for price in prices if price.fits]
    if prices and not fitting:
        missing.append(f"Any {account.segment} list price here: those shown are for other segments.")
    elif prices and all(price.offer.bundled_with for price in fitting):
        missing.append(f"Any {account.segment} price of internet alone here: those shown are of bundles.")
    elif not prices:
        missing.append("Any list price here: no price source holds one for the area.")
    priced = {price.company for price in prices}
    builders = dict.fromkeys(desk.lexicon.name(claim.company) for claim in sheet.builds)
    missing += [
        f"What {name} charges: no list price of it is on file for the area."
        for name in builders
        if name not in priced
    ]
    if vague := sum(price.holds == "unknown" for price in prices):
        missing.append(f"Where {vague} of the list prices hold: their pages do not say.")
    company = desk.lexicon.by_name(account.current_provider) if account.current_provider else None
    known = {*priced, *builders}
    if company is not None and company.id not in ours and company.name not in known:
        missing.append(f"What {company.name}, its present provider, lists for the area.")
    return missing + [
        f"What {check.publisher} published of late: {check.note or check.state}."
        for check in sheet.checks
        if check.state in ("blocked", "failed", "stale")
    ]
