"""Running the web app: the socket, the server, and the link that opens it."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from archive.reader import Archive
from crowsnest.known import companies
from crowsnest.settings import Settings
from crowsnest.web.app import create_app
from crowsnest.web.auth import TOKEN_LIFE, Access, require_loopback
from crowsnest.web.deps import WebContext
from market.clock import Clock, SystemClock
from market.errors import UnavailableError
from market.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from index.ledger import Ledger
    from index.port import SearchEngine


@dataclass(frozen=True)
class Served:
    """Where the app listens; port 0 takes a free one."""

    host: str
    port: int

    def __post_init__(self) -> None:
        require_loopback(self.host)

    @property
    def origin(self) -> str:
        """The address a browser is given."""
        host = self.host.strip("[]")
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def context_of(settings: Settings, ledger: Ledger, clock: Clock) -> WebContext:
    """Return the app's rooms; the engine is opened at its first use, and again after it was away."""
    return WebContext(
        ledger=ledger,
        engine=_kept(settings),
        archive=Archive(settings.archive),
        lexicon=companies(settings),
        gazetteer=Gazetteer.load(),
        settings=settings,
        clock=clock,
    )


def run(
    settings: Settings,
    ledger: Ledger,
    address: Served,
    *,
    show: Callable[[str], None],
    open_browser: bool = False,
    clock: Clock | None = None,
) -> None:
    """Serve until interrupted; `show` prints the link. Raises UnavailableError when the port is taken.

    `clock` tells how old sources are (a sample market stands still); links and sessions age by the machine's.
    """
    with _listen(address) as listening:
        bound = Served(address.host, int(listening.getsockname()[1]))
        access = Access(SystemClock(), lambda token: show(link_text(bound, token)))
        context = context_of(settings, ledger, clock or SystemClock())
        app = create_app(context, access, host=bound.host, port=bound.port)
        token = access.issue()
        if open_browser:
            webbrowser.open(link(bound, token))
        # The access log would hold the token of the link.
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
        )
        # Ctrl-C is how the server is meant to end.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def link(address: Served, token: str) -> str:
    """Return the link that `token` opens."""
    return f"{address.origin}/enter?token={token}"


def link_text(address: Served, token: str) -> str:
    """Return what the terminal shows for a new link."""
    minutes = int(TOKEN_LIFE.total_seconds() // 60)
    return f"Open {link(address, token)}\n  It works once, within {minutes} minutes. Ctrl-C ends the server."


def _listen(address: Served) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    # A server just stopped leaves connections in TIME_WAIT; its port can be had again at once.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host.strip("[]"), address.port))
    except OSError as error:
        listening.close()
        raise UnavailableError(
            "web-port",
            f"cannot listen on {address.host} port {address.port}: {error.strerror}. --port names another; "
            "--port 0 takes a free one.",
        ) from error
    return listening


def _kept(settings: Settings) -> Callable[[], SearchEngine]:
    from crowsnest.engines import engine

    kept: list[SearchEngine] = []

    def opened() -> SearchEngine:
        if not kept:
            kept.append(engine(settings))
        return kept[0]

    return opened
