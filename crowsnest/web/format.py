"""How values are written on a page: dates in the market's zone, money, speeds, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crowsnest.web.marking import Piece
from market.records import Article, Evidence, Offer, Place, TaggedPlace
from market.services import bundle_words

DATE_UNKNOWN = "date unknown"
STATES = {
    "checked": "Up to date",
    "blocked": "Blocked",
    "stale": "Stale",
    "failed": "Failing",
    "disabled": "Disabled",
    "never": "Not yet collected",
}
"""How a source's state is shown: SourceCheck's states, and "never" for one that was not asked yet."""

SLOTS = {
    "monthly_cents": "regular price",
    "price_from": "lowest of several prices",
    "promo_cents": "promotional price",
    "promo_months": "months of the promotion",
    "autopay_cents": "price with autopay",
    "contract_months": "contract",
    "termination_cents": "termination fee",
    "down_mbps": "download speed",
    "up_mbps": "upload speed",
    "latency_ms": "latency",
    "data_cap_gb": "data cap",
    "on": "date",
    "announced_on": "date announced",
    "target_on": "date planned",
}
"""Record fields whose names say too little as words."""


def day(moment: date | datetime | None, zone: ZoneInfo | None = None) -> str:
    """Write a day as "Nov 24, 2026", of a time in `zone`; None is "date unknown"."""
    if moment is None:
        return DATE_UNKNOWN
    if isinstance(moment, datetime) and zone is not None:
        moment = moment.astimezone(zone)
    return f"{moment:%b} {moment.day}, {moment.year}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write a time to the minute with its zone, "Nov 24, 2026, 10:05 AM EST"; None is "never"."""
    if at is None:
        return "never"
    local = at.astimezone(zone)
    return f"{day(local)}, {local:%I:%M %p %Z}".replace(" 0", " ")


def published(article: Article, zone: ZoneInfo) -> str:
    """Write an article's date; a date without a time is that day whatever the zone."""
    return day(article.published_at, None if article.published_day_only else zone)


def iso_day(text: str | None) -> str:
    """Write an ISO date as a day; other text stays as it is."""
    try:
        return day(date.fromisoformat(text or ""))
    except ValueError:
        return text or ""


def month(text: str) -> str:
    """Write "2026-11" as "November 2026"; other text stays as it is."""
    try:
        return f"{date.fromisoformat(text + '-01'):%B %Y}"
    except ValueError:
        return text


def money(cents: int | None) -> str:
    """Write cents as dollars: "$59.99", "$60"; None is a dash."""
    if cents is None:
        return "–"
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}" + (f".{rest:02d}" if rest else "")


def speed(mbps: float | None, mbps_max: float | None = None) -> str:
    """Write a speed or a range of them: "940 Mbps", "1.2 Gbps", "67-622 Mbps"; None is a dash."""
    if mbps is None:
        return "–" if mbps_max is None else f"up to {speed(mbps_max)}"
    if mbps_max is not None and mbps_max != mbps:
        return f"{mbps:,g}–{mbps_max:,g} Mbps"
    return f"{mbps / 1000:g} Gbps" if mbps >= 1000 else f"{mbps:g} Mbps"


def speeds(offer: Offer) -> str:
    """Write an offer's speeds, "1 Gbps down / 40 Mbps up"; "speed not stated" when it has none."""
    down, up = offer.down_mbps or offer.down_mbps_max, offer.up_mbps or offer.up_mbps_max
    parts = []
    if down is not None:
        parts.append(f"{speed(offer.down_mbps, offer.down_mbps_max)} down")
    if up is not None:
        parts.append(f"{speed(offer.up_mbps, offer.up_mbps_max)} up")
    return " / ".join(parts) or "speed not stated"


def price(offer: Offer) -> str:
    """Write an offer's monthly price: "$59.99/mo", "$50.00/mo with AutoPay", "Contact sales".

    A page that prints no regular price may print the one with AutoPay or the promotional one.
    """
    least = "from " if offer.price_from else ""
    if offer.monthly_cents is not None:
        return f"{least}{money(offer.monthly_cents)}/mo"
    if offer.autopay_cents is not None:
        return f"{least}{money(offer.autopay_cents)}/mo with AutoPay"
    if offer.promo_cents is not None:
        return f"{least}{money(offer.promo_cents)}/mo promotional"
    return "Contact sales" if offer.quote_only else "price not stated"


def price_notes(offer: Offer) -> list[str]:
    """Write what else holds for the price: the services besides internet, promotion, autopay, contract."""
    notes = [bundle_words(offer.bundled_with)] if offer.bundled_with else []
    if offer.promo_cents is not None:
        months = f" for {offer.promo_months} months" if offer.promo_months else ""
        notes.append(f"{money(offer.promo_cents)} promotional{months}")
    if offer.autopay_cents is not None and offer.monthly_cents is not None:
        notes.append(f"{money(offer.autopay_cents)} with autopay")
    if offer.contract_months is not None:
        notes.append(f"{offer.contract_months}-month contract" if offer.contract_months else "no contract")
    return notes


def markets(offer: Offer) -> str:
    """Write where an offer's price holds: "nationwide", the places, or "market not stated"."""
    if offer.market == ("US",):
        return "nationwide"
    return "; ".join(offer.market) or "market not stated"


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: "1 source", "1,204 sources"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(octets: int) -> str:
    """Write a number of bytes: "812 bytes", "41 KB", "3.2 MB"."""
    if octets < 1000:
        return count(octets, "byte")
    if octets < 1_000_000:
        return f"{octets / 1000:.0f} KB"
    return f"{octets / 1_000_000:.1f} MB"


def every(period: timedelta) -> str:
    """Write how often: "day", "6 hours", "2 weeks"."""
    minutes = int(period.total_seconds() // 60)
    for unit, length in (("week", 10080), ("day", 1440), ("hour", 60)):
        if minutes and minutes % length == 0:
            number = minutes // length
            return unit if number == 1 else f"{number} {unit}s"
    return f"{minutes} minutes"


def words(slot: str) -> str:
    """Write a field's name as words: "monthly_cents" is "regular price", "route_miles" is "route miles"."""
    return SLOTS.get(slot) or slot.removesuffix("_cents").removesuffix("_raw").replace("_", " ")


def place_name(place: Place | TaggedPlace) -> str:
    """Write a place with its state, "Greenville, SC"; states and countries stand alone."""
    return (
        f"{place.name}, {place.state}"
        if place.state and place.kind not in ("state", "country")
        else place.name
    )


def is_web(url: str) -> bool:
    """Tell whether `url` can be followed without harm: http(s), not a script."""
    return url.lower().startswith(("http://", "https://"))


def anchored(lines: Iterable[Sequence[Piece]]) -> bool:
    """Tell whether a text has a marked piece."""
    return any(piece.first for line in lines for piece in line)


def capture_url(capture_id: str, quotes: Sequence[str] = (), record_id: str = "") -> str:
    """Return the address of a capture's page with `quotes` marked, at the first of them."""
    query: list[tuple[str, str]] = [("record", record_id)] if record_id else []
    query += [("quote", quote) for quote in quotes if quote]
    fragment = "#quote" if any(quotes) else ""
    return f"/capture/{capture_id}" + (f"?{urlencode(query)}" if query else "") + fragment


def chart_url(points: Iterable[tuple[str, int]]) -> str:
    """Return the address of the picture of (ISO date, cents) points."""
    return "/prices/chart.png?" + urlencode(
        [pair for day, cents in points for pair in (("on", day), ("cents", cents))]
    )


def evidence_url(evidence: Evidence) -> str:
    """Return the address of the capture page that shows the words of `evidence`."""
    return capture_url(evidence.capture_id, (evidence.quote,), evidence.record_id)


def query_url(path: str, parameters: Mapping[str, Sequence[str]]) -> str:
    """Return `path` with `parameters` as its query; empty values are left out."""
    pairs = [(name, value) for name, values in parameters.items() for value in values if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path
