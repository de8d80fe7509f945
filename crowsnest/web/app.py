"""The web app: FastAPI and server-rendered pages that work without scripts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from crowsnest.web.auth import Access
from crowsnest.web.deps import WebContext
from crowsnest.web.guard import Guard
from crowsnest.web.pages import briefs, capture, home, prices, search, sign_in, status
from crowsnest.web.view import View
from market.errors import CrowsnestError, UnavailableError


def create_app(context: WebContext, access: Access, *, host: str, port: int) -> ASGIApp:
    """Return the app for one market, answering only to the Host headers of `host` and `port`."""
    view = View(context)
    # Cookies are shared by all ports of a host, so the name tells two markets on one machine apart.
    cookie = f"crowsnest_{port}"
    app = FastAPI(title="Crowsnest", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    sign_in.register(app, access, view, cookie)
    for page in (home, search, prices, capture, briefs, status):
        page.register(app, context, view)
    _errors(app, view)
    # Around everything, so that the page for a failure carries the security headers too.
    return Guard(
        app,
        access=access,
        hosts=accepted_hosts(host, port),
        cookie=cookie,
        sign_in=partial(sign_in.stranger, view),
    )


def accepted_hosts(host: str, port: int) -> frozenset[str]:
    """Return the Host headers under which the app answers: this machine's own names, with the port."""
    names = {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host}
    with_port = {f"{name}:{port}" for name in names}
    return frozenset(with_port | names if port == 80 else with_port)


def _errors(app: FastAPI, view: View) -> None:
    def unavailable(request: Request, error: Exception) -> Response:
        message = error.message if isinstance(error, CrowsnestError) else ""
        return view.page("error.html", here="", status=503, heading="Not available just now", message=message)

    def refused(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 400
        if code == 404:
            detail = error.detail if isinstance(error, HTTPException) else ""
            message = "There is no such page." if detail == "Not Found" else detail
            return view.page("error.html", here="", status=404, heading="Not found", message=message)
        return view.page(
            "error.html",
            here="",
            status=code,
            heading="This request cannot be answered",
            message="Check the address.",
        )

    def broken(request: Request, error: Exception) -> Response:
        return view.page(
            "error.html",
            here="",
            status=500,
            heading="Something went wrong here",
            message="The terminal in which `crowsnest serve` runs shows what happened.",
        )

    app.add_exception_handler(UnavailableError, unavailable)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(Exception, broken)
