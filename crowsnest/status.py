"""What `crowsnest status` shows: each source's health, the queues, the last run and its issues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crowsnest.ship import Ship
from market.records import Issue, SourceCheck


def source_checks(ship: Ship) -> dict[str, SourceCheck]:
    """Return how each source stands now, by the same rules as a brief's coverage footer."""
    from briefs.coverage import source_checks as checks
    from briefs.week import Week
    from crowsnest.briefing import desk_of

    now = ship.clock.now()
    return {
        check.source_id: check for check in checks(desk_of(ship), Week.of(now, ship.settings.market.zone))
    }


def status_of(ship: Ship) -> dict[str, Any]:
    """Return everything `status` prints, as JSON values."""
    from crawlers.readers import VERSIONS
    from nlp.tag import VERSION

    ledger, now = ship.ledger, ship.clock.now()
    sources = []
    checks = source_checks(ship)
    for source in ship.settings.sources:
        check = checks[source.id]
        state = ledger.source_state(source.id)
        sources.append(
            {
                "id": source.id,
                "kind": source.kind,
                "url": source.url,
                "state": check.state,
                "last_check": _iso(state.last_check),
                "last_good": _iso(check.last_good),
                "last_status": state.last_status,
                "pending_links": len(ledger.pending(source.id)),
                "note": check.note,
                "last_issue": _issue(state.last_issue) if state.last_issue else None,
            }
        )
    runs = ledger.run_reports(limit=1)
    brief = ledger.latest_brief()
    return {
        "now": _iso(now),
        "sources": sources,
        "queues": {
            "unread": len(ledger.unread(VERSIONS)),
            "untagged": len(ledger.untagged(VERSION)),
        },
        "last_run": (
            {
                "id": runs[0].run_id,
                "started_at": _iso(runs[0].started_at),
                "finished_at": _iso(runs[0].finished_at),
                "counts": runs[0].counts,
                "issues": [_issue(issue) for issue in runs[0].issues],
            }
            if runs
            else None
        ),
        "last_brief": {"id": brief.id, "subscriber": brief.subscriber_id, "week": brief.week}
        if brief
        else None,
    }


def status_text(found: dict[str, Any]) -> str:
    """Return the status as a table of sources, then queues, the last run and its issues."""
    lines = [f"{'source':28} {'state':9} {'last good':17} {'pending':>7}  last issue"]
    for source in found["sources"]:
        issue = source["last_issue"]
        words = "; ".join(
            filter(None, (source["note"], f"{issue['code']}: {issue['message']}" if issue else ""))
        )
        good = (source["last_good"] or "never")[:16].replace("T", " ")
        lines.append(f"{source['id']:28} {source['state']:9} {good:17} {source['pending_links']:7}  {words}")
    queues = found["queues"]
    lines.append(f"to read: {queues['unread']}, to tag: {queues['untagged']}")
    run, brief = found["last_run"], found["last_brief"]
    if run is None:
        lines.append("no run yet: crowsnest run")
    else:
        ended = run["finished_at"] or "not finished (interrupted or still going on)"
        lines.append(f"last run {run['id']}: {run['started_at']} to {ended}, {len(run['issues'])} issue(s)")
        for issue in run["issues"]:
            where = " ".join(filter(None, (issue["source_id"], issue["url"])))
            lines.append(f"  {issue['level']:7} {issue['code']}: {issue['message']} [{where}]")
    lines.append(f"last brief: {brief['subscriber']} {brief['week']}" if brief else "no brief yet")
    return "\n".join(lines)


def _issue(issue: Issue) -> dict[str, Any]:
    return issue.model_dump(mode="json")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
