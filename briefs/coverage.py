"""The footer that says how far a brief can be trusted: what each source answered in its week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from briefs.desk import Desk
from briefs.rules import CoverageRules, rules
from briefs.week import Period
from market.ids import url_key
from market.records import Capture, Issue, Source, SourceCheck
from market.records.brief import SourceState

_WORDS = {"blocked": "the site turns us away", "failed": "could not be read", "stale": "not seen lately"}


def source_checks(desk: Desk, week: Period, limits: CoverageRules | None = None) -> tuple[SourceCheck, ...]:
    """Return how each source of the settings stood at the end of the week."""
    limits = limits or rules().coverage
    lookback = week.start - timedelta(days=60)
    captures: dict[str, list[Capture]] = {}
    for capture in desk.ledger.captures(since=lookback, until=week.horizon):
        captures.setdefault(capture.source_id, []).append(capture)
    issues: dict[str, list[Issue]] = {}
    for issue in desk.ledger.issues(since=lookback, until=week.horizon):
        if issue.source_id is not None:
            issues.setdefault(issue.source_id, []).append(issue)
    checks = []
    for source in desk.sources:
        # Of a price source only a page that gave prices is good; a feed is read while it is collected.
        readings = () if source.kind == "feed" else desk.ledger.readings(source.id)
        empty = frozenset(item.capture_id for item in readings if item.outcome != "read")
        mine = captures.get(source.id, []), issues.get(source.id, [])
        checks.append(source_check(source, *mine, week, limits, empty))
    return tuple(checks)


def source_check(
    source: Source,
    captures: Sequence[Capture],
    issues: Sequence[Issue],
    week: Period,
    limits: CoverageRules,
    empty: Collection[str] = (),
) -> SourceCheck:
    """Return a source's state from its captures and issues before the week's end, oldest first.

    `empty` are the ids of captures in which the reader found nothing or failed.
    """
    own = [item for item in captures if url_key(item.url) == url_key(source.url)]
    troubles = [issue for issue in issues if _is_trouble(issue, limits) and _is_own(issue, source, own)]
    bad = {issue.capture_id for issue in troubles} | set(empty)
    good = [item for item in own if _is_good(item) and not {item.id, item.same_as} & bad]
    last_good = good[-1].fetched_at if good else None
    last_trouble = max((issue.at for issue in troubles if issue.at), default=None)

    def check(state: SourceState, note: str) -> SourceCheck:
        publisher = source.publisher or source.id
        return SourceCheck(
            source_id=source.id,
            publisher=publisher,
            url=source.url,
            state=state,
            last_good=last_good,
            note=note,
        )

    if not source.enabled or not source.terms.allowed:
        return check("disabled", source.terms.note)
    tried = max((item.fetched_at for item in own), default=None)
    trouble_counts = last_trouble is not None and (last_good is None or last_trouble >= last_good)
    refused = [item for item in own if last_good is None or item.fetched_at > last_good]
    refused = [item for item in refused if not 300 <= item.status < 400 or item.status == 304]
    if trouble_counts or refused or (tried is not None and not good):
        return check(*_trouble(refused, [i for i in troubles if _since(i, last_good)], limits))
    patience = max(source.every * limits.stale_intervals, timedelta(days=limits.stale_least_days))
    if last_good is None:
        return check("stale", "never fetched")
    if last_good < week.start and week.end - last_good > patience:
        return check("stale", _WORDS["stale"])
    return check("checked", "")


def _trouble(
    refused: Sequence[Capture], issues: Sequence[Issue], limits: CoverageRules
) -> tuple[SourceState, str]:
    """Return the state and the reason of a source whose last tries went wrong."""
    statuses = [item.status for item in refused if item.status >= 400]
    codes = [issue.code for issue in issues]
    blocked = any(status in limits.blocked_statuses for status in statuses[-1:]) or any(
        part in code for code in codes for part in limits.blocked_codes
    )
    state: SourceState = "blocked" if blocked else "failed"
    if any("robots" in code for code in codes):
        return state, "its robots.txt asks us not to fetch it" if blocked else "its robots.txt is unreachable"
    if statuses:
        return state, f"it answers HTTP {statuses[-1]}"
    if codes:
        return state, limits.reasons.get(codes[-1], codes[-1].replace("-", " "))
    return state, "the page holds no prices that we can read" if refused else _WORDS[state]


def _is_trouble(issue: Issue, limits: CoverageRules) -> bool:
    """Say whether an issue of collecting means that the source could not be had; warnings are about parts."""
    if issue.stage != "collect" or issue.level == "info":
        return False
    return issue.level == "error" or any(part in issue.code for part in limits.blocked_codes)


def _is_own(issue: Issue, source: Source, own: Sequence[Capture]) -> bool:
    """Say whether an issue is about the source itself and not about one article page that it links to."""
    if issue.capture_id is not None and any(item.id == issue.capture_id for item in own):
        return True
    return issue.url is None or url_key(issue.url) == url_key(source.url)


def _since(issue: Issue, moment: datetime | None) -> bool:
    return moment is None or (issue.at is not None and issue.at >= moment)


def _is_good(capture: Capture) -> bool:
    if capture.status == 304 or capture.same_as is not None:
        return True
    return 200 <= capture.status < 300 and capture.reader is not None
