"""`run`, `collect` and `status`: the daily work and how it went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import DONE, UNAVAILABLE, WITH_ERRORS, load_settings, print_json
from crowsnest.cli.progress import bars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from market.records import RunReport

MOST_PAGES = 5
"""Pages of briefs named at the end of a run."""
Sources = Annotated[
    list[str] | None, typer.Option("--source", help="Only this source, due or not; may be repeated.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("run")(run)
    app.command("collect")(collect)
    app.command("status")(status)


def run(context: typer.Context, source: Sources = None, as_json: Json = False) -> None:
    """Do everything that is due: collect, read, tag, index, brief.

    Running it twice changes nothing the second time. Exits 1 when a page, feed or file could not be had or
    read as it should; the run goes on with the others, and `crowsnest status` names them.

    Example: crowsnest run --source acme-newsroom --source acme-plans
    """
    from crowsnest.briefing import unsent
    from crowsnest.run import run as run_all
    from crowsnest.ship import board

    settings = load_settings(context)
    with bars() as progress, board(settings, progress=progress) as ship:
        report = run_all(ship, source or ())
        pages = unsent(ship) if report.counts.get("brief", {}).get("composed") else []
    code = show(report, as_json)
    if pages and not as_json:
        typer.echo(_where_briefs_lie(pages, str(settings.path)))
    raise typer.Exit(code)


def collect(context: typer.Context, source: Sources = None, as_json: Json = False) -> None:
    """Fetch what is due into the archive and the ledger; reading and tagging are left to `run`.

    Example: crowsnest collect --source acme-newsroom
    """
    from crowsnest.run import Run
    from crowsnest.ship import board

    settings = load_settings(context)
    with bars() as progress, board(settings, progress=progress) as ship:
        this = Run(ship, "collect")
        this.recover()
        this.collect(source or ())
        report = this.finish()
    raise typer.Exit(show(report, as_json))


def status(context: typer.Context, as_json: Json = False) -> None:
    """Show each source's last good capture, what is blocked or stale, the queues and recent issues.

    Example: crowsnest status --json | jq '.last_run.issues[] | [.source_id, .code, .url]'
    """
    from crowsnest.ship import board
    from crowsnest.status import status_of, status_text

    settings = load_settings(context)
    with board(settings, alone=False) as ship:
        found = status_of(ship)
    if as_json:
        print_json(found)
    else:
        typer.echo(status_text(found))


def show(report: RunReport, as_json: bool) -> int:
    """Print a run's report and return the exit code that it means."""
    if as_json:
        print_json(report)
    else:
        typer.echo(text_of(report))
    if _network_away(report):
        return UNAVAILABLE
    return WITH_ERRORS if any(issue.level != "info" for issue in report.issues) else DONE


def _where_briefs_lie(pages: Sequence[Path], settings: str) -> str:
    """Return where the briefs that no mail carries lie, and what sends them."""
    lines = [f"not mailed, for {settings} has no [mail]: open"]
    lines += [f"  {path}" for path in pages[:MOST_PAGES]]
    if len(pages) > MOST_PAGES:
        lines.append(f"  and {len(pages) - MOST_PAGES} more beside them")
    return "\n".join([*lines, "to mail them, add [mail] with host and from, then: crowsnest brief --send"])


def _network_away(report: RunReport) -> bool:
    """Say whether no name could be resolved for any of several sources: then it is the network, not they."""
    asked = report.counts.get("collect", {}).get("sources", 0)
    unresolved = {issue.source_id for issue in report.issues if issue.code == "dns-failure"}
    return asked > 1 and len(unresolved) == asked


def text_of(report: RunReport) -> str:
    """Return a run's report in a few lines: what each stage did, then its issues."""
    from crowsnest.status import issue_lines

    lines = [f"run {report.run_id}"]
    for stage, counts in report.counts.items():
        words = ", ".join(_counted(value, name.replace("_", " ")) for name, value in counts.items() if value)
        lines.append(f"  {stage:8} {words or 'nothing new'}")
    if report.issues:
        lines.append(f"{len(report.issues)} issue(s); `crowsnest status` keeps them:")
        lines += issue_lines(report.issues)
    return "\n".join(lines)


def _counted(value: int, name: str) -> str:
    """Return "1 source" or "3,043 bytes"."""
    if value == 1:
        name = re.sub(r"s\b", "", re.sub(r"ies\b", "y", name))
    return f"{value:,} {name}"
