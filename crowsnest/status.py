"""What `crowsnest status` shows: each source's health, the queues, the last run and its issues."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crowsnest.ship import Ship
from market.records import Issue, Source

if TYPE_CHECKING:
    from index.ledger import SourceState

BLOCKING = ("robots-disallow", "http-401", "http-403", "http-429", "http-451", "source-blocked")
"""Issue codes that mean that a site does not want us, or not now."""
STALE_AFTER = 3
"""A source is stale when its last good capture is older than this many of its own periods."""


def state_of(source: Source, state: SourceState, now: datetime) -> str:
    """Return a source's state in one word: disabled, never, blocked, failed, stale or checked."""
    if not source.enabled or not source.terms.allowed:
        return "disabled"
    issue = state.last_issue
    since = state.last_good
    if issue is not None and issue.at is not None and (since is None or issue.at > since):
        if issue.code in BLOCKING:
            return "blocked"
        if issue.url in (None, source.url) and issue.level == "error":
            return "failed"
    if since is None:
        return "never"
    return "stale" if now - since > STALE_AFTER * max(source.every, timedelta(hours=1)) else "checked"


def status_of(ship: Ship) -> dict[str, Any]:
    """Return everything `status` prints, as JSON values."""
    from crawlers.readers import VERSIONS
    from nlp.tag import VERSION

    ledger, now = ship.ledger, ship.clock.now()
    sources = []
    for source in ship.settings.sources:
        state = ledger.source_state(source.id)
        sources.append(
            {
                "id": source.id,
                "kind": source.kind,
                "url": source.url,
                "state": state_of(source, state, now),
                "last_check": _iso(state.last_check),
                "last_good": _iso(state.last_good),
                "last_status": state.last_status,
                "pending_links": len(ledger.pending(source.id)),
                "note": source.terms.note if not source.enabled or not source.terms.allowed else "",
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
        words = source["note"] or (f"{issue['code']}: {issue['message']}" if issue else "")
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
