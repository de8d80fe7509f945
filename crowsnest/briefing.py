"""The brief stage: which briefs are due, composing them, and sending or writing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crowsnest.settings import Settings, secret
from crowsnest.settings_fields import DAYS
from market.records import Brief, Subscriber

if TYPE_CHECKING:
    from pathlib import Path

    from briefs.deliver import MailServer
    from briefs.desk import Desk
    from briefs.render import Rendered
    from crowsnest.run import Run
    from crowsnest.ship import Ship
    from index.ledger import Ledger
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer


def desk_of(ship: Ship) -> Desk:
    """Return the desk that briefs and sheets are written at, its price ledger up to what was read.

    The analyst's corrections are followed. Raises SettingsError for a file of them that is not understood.
    """
    from briefs.follow import follow_plans
    from crowsnest.correcting import apply_corrections

    for issue in follow_plans(ship.ledger, ship.settings.sources).corrections:
        ship.ledger.issue(issue.model_copy(update={"run_id": "prices", "at": ship.clock.now()}))
    apply_corrections(ship.settings, ship.ledger, ship.names)
    return market_desk(ship.settings, ship.ledger, ship.lexicon, ship.gazetteer)


def market_desk(settings: Settings, ledger: Ledger, lexicon: Lexicon, gazetteer: Gazetteer) -> Desk:
    """Return the desk of a market whose parts are open."""
    from briefs.desk import Desk

    return Desk(
        ledger=ledger,
        lexicon=lexicon,
        gazetteer=gazetteer,
        market_name=settings.market.name,
        zone=settings.market.zone,
        own_company=settings.market.own_company,
        sources=settings.sources,
        territories=settings.territories,
        companies=tuple(entry.id for entry in settings.competitor if entry.id != settings.market.own_company),
    )


def last_due(subscriber: Subscriber, settings: Settings, now: datetime) -> datetime:
    """Return the latest moment at or before `now` at which the subscriber's brief is due."""
    local = now.astimezone(settings.market.zone)
    hour, minute = map(int, subscriber.time.split(":"))
    days_ago = (local.weekday() - DAYS.index(subscriber.day)) % 7
    due = (local - timedelta(days=days_ago)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=7)


def mail_server(settings: Settings) -> MailServer | None:
    """Return how mail leaves, with its secret from the environment; None when no [mail] is set."""
    from briefs.deliver import MailServer

    mail = settings.mail
    if mail is None:
        return None
    return MailServer(
        host=mail.host,
        port=mail.port,
        tls=mail.tls,
        user=mail.user,
        secret=secret("CROWSNEST_MAIL_PASSWORD"),
        sender=mail.from_,
    )


def due_briefs(run: Run) -> dict[str, int]:
    """Compose what is due and not yet final, write it to files, and send what nobody has got yet."""
    from briefs.week import Week
    from briefs.weekly import Weekly

    ship, settings = run.ship, run.ship.settings
    now = ship.clock.now()
    counts = {"composed": 0, "sent": 0, "failed": 0}
    desk = desk_of(ship)
    weeks: dict[str, Weekly] = {}
    for number, subscriber in enumerate(settings.subscribers, start=1):
        week = Week.before(last_due(subscriber, settings, now), settings.market.zone)
        if week.id not in weeks:
            weeks[week.id] = Weekly(desk, week)
        composed = weeks[week.id].publish(subscriber, now, note=run.issue)
        counts["composed"] += composed.fresh
        _hand_out(run, composed.brief, subscriber, counts)
        ship.progress("briefs", number, len(settings.subscribers))
    return counts


def _hand_out(run: Run, brief: Brief, subscriber: Subscriber, counts: dict[str, int]) -> None:
    from briefs.deliver import deliver
    from briefs.render import render_brief

    ship, settings = run.ship, run.ship.settings
    rendered = render_brief(brief, settings.market.zone, settings.web.url or "")
    write(settings.data / "briefs", brief, rendered)
    server = mail_server(settings)
    if server is None:
        return
    delivery, issue = deliver(
        brief, rendered, subscriber.email, server=server, ledger=ship.ledger, clock=ship.clock
    )
    if issue is not None:
        run.issue(issue)
        counts["failed"] += 1
    elif delivery is not None:
        counts["sent"] += 1


def page_path(folder: Path, brief: Brief) -> Path:
    """Return where a brief's page lies in a folder of briefs."""
    return folder / f"{brief.week}-{brief.subscriber_id}.html"


def unsent(ship: Ship) -> list[Path]:
    """Return the page of each subscriber's latest brief where no [mail] is set, none where it is."""
    settings = ship.settings
    if settings.mail is not None:
        return []
    latest = [ship.ledger.latest_brief(subscriber.id) for subscriber in settings.subscribers]
    return [page_path(settings.data / "briefs", brief) for brief in latest if brief is not None]


def write(folder: Path, brief: Brief, rendered: Rendered) -> tuple[Path, Path]:
    """Write a brief as HTML and text and return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    html = page_path(folder, brief)
    text = html.with_suffix(".txt")
    html.write_text(rendered.html, encoding="utf-8")
    text.write_text(rendered.text, encoding="utf-8")
    return html, text
