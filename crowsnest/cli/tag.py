"""`tag`: the understanding as a filter for pipes, one JSON line an article, no settings needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, load_settings
from market.errors import UsageError

if TYPE_CHECKING:
    from nlp.tag import TagInput


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("tag")(tag)


def tag(
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(help="JSON lines to tag, - for standard input; none: the market's articles."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add to each decision what decided it.")] = False,
    as_text: Annotated[
        bool, typer.Option("--text", help="With --explain: print the reasons for reading, not JSON.")
    ] = False,
    batch: Annotated[int, typer.Option(min=1, max=1000, help="Articles a batch; memory grows with it.")] = 64,
    model: Annotated[str, typer.Option(help="An installed spaCy model, by its import name.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the run's report as JSON; what FILE gives is JSON anyway.")
    ] = False,
) -> None:
    """Tag articles: companies, places, topics, builds, key sentence, importance and story.

    Without FILE the market's untagged articles are tagged into its ledger. With FILE, or - for standard
    input, it is a filter that needs no settings. In, one line an article:
    {"id", "title", "text", "published_at"?, "company"?, "home_state"?, "mentions"?}.
    A line that cannot be read is reported with its number on standard error, and the rest goes on.
    Example: crowsnest tag - < in.jsonl > out.jsonl
    """
    if file is None:
        raise typer.Exit(_stage(context, as_json))
    from nlp.build import MODEL
    from nlp.explained import explained
    from nlp.stories import Stories
    from nlp.tag import Tagger

    bad: list[int] = []
    if as_text and not explain:
        raise UsageError("text-without-explain", "--text shows reasons: add --explain")
    tagger = Tagger(model=model or MODEL, stories=Stories(), explain=explain)
    for result in tagger.tag(_inputs(_lines(file), file, bad), batch_size=batch):
        issue = result.issue()
        if issue is not None:
            sys.stderr.write(f"crowsnest: {issue.message}\n")
        if as_text:
            sys.stdout.write(explained(result))
            continue
        json.dump(result.to_json(explain=explain), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    sys.stdout.flush()
    raise typer.Exit(WITH_ERRORS if bad else DONE)


def _stage(context: typer.Context, as_json: bool) -> int:
    from crowsnest.cli.collect import show
    from crowsnest.cli.progress import bars
    from crowsnest.run import Run
    from crowsnest.ship import board

    settings = load_settings(context)
    with bars() as progress, board(settings, progress=progress) as ship:
        this = Run(ship, "tag")
        this.tag()
        return show(this.finish(), as_json)


def _lines(file: str) -> Iterator[bytes]:
    if file == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as handle:
            yield from handle
    except OSError as error:
        raise UsageError("no-file", f"cannot read {file}: {error.strerror}") from error


def _inputs(lines: Iterable[bytes], file: str, bad: list[int]) -> Iterator[TagInput]:
    from nlp.tag import TagInput

    name = "standard input" if file == "-" else file
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data: Any = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            if not isinstance(data, dict):
                raise ValueError("a line must hold one JSON object")
            yield TagInput.from_json(data)
        except (ValueError, RecursionError) as error:
            bad.append(number)
            sys.stderr.write(f"crowsnest: {name} line {number} is left out: {error}\n")
