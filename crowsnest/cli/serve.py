"""`crowsnest serve`: the web app on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from crowsnest.cli.context import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def serve(
        context: typer.Context,
        host: Annotated[
            str | None, typer.Option(help="A loopback address; [web] host of the settings by default.")
        ] = None,
        port: Annotated[
            int | None, typer.Option(min=0, max=65535, help="0 takes a free one; [web] port by default.")
        ] = None,
        open_browser: Annotated[bool, typer.Option("--open", help="Open the link in the browser.")] = False,
    ) -> None:
        """Serve the web app: search, captures with their quotes, briefs and sources.

        Prints a link that works once; the browser that opens it stays signed in for twelve hours.

        Example: crowsnest serve --port 0 --open
        """
        from crowsnest.ship import open_ledger
        from crowsnest.web.serve import Served, run

        settings = load_settings(context)
        address = Served(host or settings.web.host, settings.web.port if port is None else port)
        ledger = open_ledger(settings)
        try:
            run(settings, ledger, address, show=typer.echo, open_browser=open_browser)
        finally:
            ledger.close()
