"""Signing in: `/enter?token=` spends a link's token, `/link` prints a new link in the terminal."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from crowsnest.web.auth import SESSION_LIFE, TOKEN_LIFE, Access
from crowsnest.web.guard import cookie_value
from crowsnest.web.view import View

_MINUTES = int(TOKEN_LIFE.total_seconds() // 60)


def stranger(view: View, request: Request) -> Response:
    """Return the page for a caller without a session; it shows nothing of the market."""
    return view.page(
        "sign_in.html",
        status=401,
        market_name="",
        heading="Open Crowsnest from its link",
        reason="This browser is not signed in, or its session has ended.",
        printed=False,
        minutes=_MINUTES,
    )


def register(app: FastAPI, access: Access, view: View, cookie: str) -> None:
    """Add the routes of signing in."""

    @app.get("/enter")
    def enter(request: Request, token: str = "") -> Response:
        session = access.redeem(token)
        if session is None:
            if access.admits(cookie_value(request.headers, cookie)):
                return RedirectResponse("/", 303)
            return view.page(
                "sign_in.html",
                status=401,
                market_name="",
                heading="This link no longer works",
                reason="A link can be opened once. This one was opened before, has expired, was replaced by "
                "a newer one, or is incomplete."
                if token
                else "The address lacks its token. Copy the whole link from the terminal.",
                printed=False,
                minutes=_MINUTES,
            )
        response = RedirectResponse("/", 303)
        response.set_cookie(
            cookie,
            session,
            max_age=int(SESSION_LIFE.total_seconds()),
            path="/",
            httponly=True,
            samesite="strict",
        )
        return response

    @app.post("/link")
    def link() -> Response:
        access.issue()
        return view.page(
            "sign_in.html",
            market_name="",
            heading="Open Crowsnest from its link",
            reason="This browser is not signed in yet.",
            printed=True,
            minutes=_MINUTES,
        )
