"""What `crowsnest status` shows: each source's health, the queues, the last run and its issues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crowsnest.ship import Ship
from market.records import Issue, SourceCheck

MOST_ALIKE = 3
EARLIER = timedelta(days=7)
_GRAVEST = ("error", "warning", "info")


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
        "earlier_issues": [_issue(issue) for issue in _earlier(ship, runs[0].run_id if runs else "")],
        "last_brief": {"id": brief.id, "subscriber": brief.subscriber_id, "week": brief.week}
        if brief
        else None,
    }


def _earlier(ship: Ship, last_run: str) -> list[Issue]:
    """Return what earlier runs of the last days recorded and the last one did not, once each."""
    issues = ship.ledger.issues(since=ship.clock.now() - EARLIER)
    told = {_what(issue) for issue in issues if issue.run_id == last_run}
    return list({_what(issue): issue for issue in issues if _what(issue) not in told}.values())


def _what(issue: Issue) -> tuple[str, str, str | None, str | None]:
    return issue.stage, issue.code, issue.source_id, issue.url


def status_text(found: dict[str, Any]) -> str:
    """Return the status as a table of sources, then queues, the last run and its issues."""
    width = max([len(source["id"]) for source in found["sources"]] + [len("source")])
    lines = [f"{'source':{width}}  {'state':8}  {'last good (UTC)':16}  {'to fetch':>8}  what is wrong"]
    for source in found["sources"]:
        good = (source["last_good"] or "never")[:16].replace("T", " ")
        start = f"{source['id']:{width}}  {source['state']:8}  {good:16}  {source['pending_links']:8}"
        lines.append(f"{start}  {_wrong(source)}".rstrip())
    if not found["sources"]:
        lines = ["no source is set up: add a [[source]] table to the settings, or use = [...]"]
    queues = found["queues"]
    lines.append(f"pages to read: {queues['unread']}, articles to tag: {queues['untagged']}")
    run, brief = found["last_run"], found["last_brief"]
    if run is None:
        lines.append("no run yet: crowsnest run")
    else:
        ended = f"to {run['finished_at']}" if run["finished_at"] else "not finished (interrupted or going on)"
        lines.append(f"last run {run['id']}: {run['started_at']} {ended}, {len(run['issues'])} issue(s)")
        lines += issue_lines([Issue.model_validate(issue) for issue in run["issues"]])
    if found["earlier_issues"]:
        lines.append(f"{len(found['earlier_issues'])} other issue(s) of the last {EARLIER.days} days:")
        lines += issue_lines([Issue.model_validate(issue) for issue in found["earlier_issues"]])
    lines.append(f"last brief: {brief['subscriber']} {brief['week']}" if brief else "no brief yet")
    return "\n".join(lines)


def issue_lines(issues: Sequence[Issue], most: int = MOST_ALIKE) -> list[str]:
    """Return one line an issue, the gravest first; of one source's issues of one code the first `most`."""
    alike: dict[tuple[str, str, str], list[Issue]] = defaultdict(list)
    for issue in issues:
        alike[issue.level, issue.code, issue.source_id or ""].append(issue)
    lines = []
    for level, code, source in sorted(alike, key=lambda key: _GRAVEST.index(key[0])):
        same = alike[level, code, source]
        start = " ".join(filter(None, (f"  {level:7}", source, code)))
        lines += [f"{start}: {issue.message}" + _where(issue) for issue in same[:most]]
        if len(same) > most:
            lines.append(f"{start}: and {len(same) - most} more like these; --json lists them all")
    return lines


def _where(issue: Issue) -> str:
    return f" ({issue.url})" if issue.url and issue.url not in issue.message else ""


def _wrong(source: dict[str, Any]) -> str:
    """Return the reason of a source's state: why it is disabled, else its last issue and when that was."""
    issue = source["last_issue"]
    if issue is None or source["state"] == "disabled":
        return str(source["note"])
    at = f"{issue['at'][:16].replace('T', ' ')} " if issue["at"] else ""
    return f"{at}{issue['code']}: {issue['message']}"


def _issue(issue: Issue) -> dict[str, Any]:
    return issue.model_dump(mode="json")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
