"""A meeting sheet as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from briefs.lines import Line, line_of
from briefs.view import Part
from briefs.wording import clean, counted, day_words, market_label, mbps, monthly, segment_label
from market.records import Claim, ListPrice, Offer, Sheet
from market.services import bundle_words


@dataclass(frozen=True)
class PriceRow:
    """One list price."""

    company: str
    plan: str
    amount: str
    note: str
    speed: str
    flag: str
    bundle: str
    """"bundle with TV" of a price that holds more than internet, else ""."""
    where: str
    seen: str
    line: Line


@dataclass(frozen=True)
class SheetView:
    """A whole sheet."""

    name: str
    place: str
    county: str
    segment: str
    provider: str
    notes: str
    made: str
    sellers: tuple[tuple[str, str], ...]
    prices: tuple[PriceRow, ...]
    more_prices: str
    parts: tuple[Part, ...]
    unknown: tuple[str, ...]
    footer: str


def sheet_view(sheet: Sheet, zone: tzinfo, web_url: str = "") -> SheetView:
    """Return what the template shows."""
    account = sheet.account
    first, last = date.fromisoformat(sheet.starts_on), date.fromisoformat(sheet.ends_on)
    days = (last - first).days + 1
    since = f"{day_words(first)} to {day_words(last)}"

    def part(name: str, title: str, claims: tuple[Claim, ...], empty: str) -> Part:
        lines = tuple(line_of(claim, zone, web_url) for claim in claims)
        return Part(id=name, title=title, lines=lines, empty=empty, left_out="")

    read = sum(check.state == "checked" for check in sheet.checks)
    enabled = sum(check.state != "disabled" for check in sheet.checks)
    return SheetView(
        name=clean(account.name),
        place=clean(" ".join(part for part in (_city(sheet), account.zip) if part)) or "place not given",
        county=clean(sheet.county),
        segment=account.segment,
        provider=clean(account.current_provider),
        notes=clean(account.notes),
        made=day_words(sheet.made_at.astimezone(zone).date()),
        sellers=sheet.sellers,
        prices=tuple(_row(price, zone, web_url) for price in sheet.prices),
        more_prices=f"{counted(sheet.more_prices, 'more list price', 'more list prices')} not shown."
        if sheet.more_prices
        else "",
        parts=(
            part(
                "rates",
                "Our prices beside theirs",
                sheet.rates,
                f"No {account.segment} price of ours and of a competitor here could be set side by side.",
            ),
            part("builds", f"Builds, last {days} days", sheet.builds, "No build here or nearby was told of."),
            part(
                "moves",
                f"Price moves, last {days} days",
                sheet.moves,
                "No list price that reaches here moved.",
            ),
            part(
                "news", f"News, last {days} days", sheet.stories, "No story about the place or its providers."
            ),
        ),
        unknown=sheet.unknown,
        footer=f"Covers {since}. {read} of {counted(enabled, 'source', 'sources')} read at its end. "
        "Prices are list prices as published, before taxes; each quotes the archived page it stands on.",
    )


def _city(sheet: Sheet) -> str:
    return ", ".join(part for part in (sheet.account.city, sheet.account.state) if part)


def _row(price: ListPrice, zone: tzinfo, web_url: str) -> PriceRow:
    offer = price.offer
    amount, note = _amount(offer)
    flag = "" if price.fits else _flag(offer.segment)
    where = market_label(offer.market) if price.holds != "territory" else ""
    return PriceRow(
        company=clean(price.company),
        plan=clean(offer.plan_name),
        amount=amount,
        note=note,
        speed=_speed(offer),
        flag=flag,
        bundle=bundle_words(offer.bundled_with),
        where=where,
        seen=_still_there(price, zone),
        line=line_of(price.claim, zone, web_url),
    )


def _amount(offer: Offer) -> tuple[str, str]:
    """Return the price to be paid now and on what terms."""
    regular, promo, autopay = offer.monthly_cents, offer.promo_cents, offer.autopay_cents
    least = "from " if offer.price_from else ""
    if promo is not None:
        months = f" for {offer.promo_months} months" if offer.promo_months else ""
        return least + monthly(promo), f"promotion{months}" + (
            f", then {monthly(regular)}" if regular else ""
        )
    if regular is None:
        return (least + monthly(autopay), "with AutoPay") if autopay is not None else ("", "")
    return least + monthly(regular), f"{monthly(autopay)} with AutoPay" if autopay is not None else ""


def _still_there(price: ListPrice, zone: tzinfo) -> str:
    """Return the day on which the price was last seen, "" when that is the cited capture's own day."""
    first = price.claim.citations[0].on.astimezone(zone).date()
    last = price.seen_at.astimezone(zone).date()
    return day_words(last) if last > first else ""


def _flag(segment: str) -> str:
    return segment_label(segment) if segment == "unknown" else f"{segment} price"


def _speed(offer: Offer) -> str:
    down, up = mbps(offer.down_mbps, offer.down_mbps_max), mbps(offer.up_mbps, offer.up_mbps_max)
    return f"{f'{down} / {up}' if up else down} Mbps" if down else ""
