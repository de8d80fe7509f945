"""`demo`: a sample market on a local sample web, end to end, without a network."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, print_json
from crowsnest.cli.progress import bars


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where the sample market is kept.")] = Path(
        "demo-market"
    ),
    elasticsearch: Annotated[
        bool, typer.Option("--elasticsearch", help="Search with a real Elasticsearch server started here.")
    ] = False,
    url: Annotated[
        str | None, typer.Option("--elasticsearch-url", help="Search with the server at this URL.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Open the web app on it afterwards.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON; the text goes to standard error.")
    ] = False,
) -> None:
    """Collect, tag, index and brief three weeks of an invented market, served by a sample web on loopback.

    Nothing leaves this machine. Running it again changes nothing, and says so. The issues of the sample web
    (a blocked source, a broken feed and others) are expected; it exits 0 when exactly those were recorded.
    Example: crowsnest demo --serve
    """
    from crowsnest.demo.play import play
    from crowsnest.demo.show import as_json as json_of
    from crowsnest.demo.show import show

    say = partial(typer.echo, err=as_json)
    with ExitStack() as stack:
        if elasticsearch and url is None:
            from crowsnest.demo.elasticsearch import running

            say("starting Elasticsearch (the first time its parts are fetched, which takes a minute) ...")
            url = stack.enter_context(running())
        # While bars are drawn, what is printed goes past them to the terminal: the report waits.
        with bars() as progress:
            outcome = play(folder, progress=progress, say=say, search_url=url)
        shown = show(outcome, say)
        if as_json:
            print_json(json_of(outcome, shown))
        if serve:
            from crowsnest.demo.show import serve as serve_demo

            serve_demo(outcome, say)
        elif elasticsearch:
            say("The server that was started here ends now; with --serve it stays as long as the web app.")
    raise typer.Exit(WITH_ERRORS if outcome.unexpected or outcome.missing else DONE)
