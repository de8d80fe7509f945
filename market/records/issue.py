"""Issue: something that went wrong and was passed over, recorded so that it can be seen."""

from __future__ import annotations

from typing import Any, Literal

from market.ids import issue_id
from market.records.base import Record, UtcTime

RunStage = Literal["collect", "read", "tag", "index", "brief", "deliver", "archive", "settings"]


class Issue(Record):
    """A recorded problem: what, where, and what could still be read."""

    run_id: str = ""
    stage: RunStage
    code: str
    """Stable, in kebab case: "feed-not-xml", "robots-disallow", "row-unreadable"."""
    level: Literal["info", "warning", "error"] = "error"
    """"info" does not make a run exit 1."""
    source_id: str | None = None
    url: str | None = None
    capture_id: str | None = None
    message: str
    """One sentence for the analyst, saying what to do where something can be done."""
    data: dict[str, Any] = {}
    """What could be read, as JSON values: line numbers, raw cells, limits."""
    at: UtcTime | None = None

    @property
    def id(self) -> str:
        """The natural id: the same problem of one run is one issue."""
        return issue_id(self.run_id, self.stage, self.code, self.source_id, self.url, self.message)


class RunReport(Record):
    """What a run did, stage by stage."""

    run_id: str
    started_at: UtcTime
    finished_at: UtcTime | None = None
    counts: dict[str, dict[str, int]] = {}
    """Stage -> name -> number, e.g. {"collect": {"requests": 61, "changed": 58}}."""
    issues: tuple[Issue, ...] = ()
