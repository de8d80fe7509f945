"""What stands before every page: the host check, the session check and the security headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crowsnest.web.auth import Access

OPEN_PATHS = ("/static/", "/enter", "/link")
"""Answered without a session: the style sheet, and the two steps of signing in."""

PAGE_POLICY = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Pages of our own: nothing from elsewhere, and no script at all."""

_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
}

SignIn = Callable[[Request], Response]


class Guard:
    """ASGI middleware: turns away wrong hosts, foreign forms and callers without a session."""

    def __init__(
        self, app: ASGIApp, *, access: Access, hosts: frozenset[str], cookie: str, sign_in: SignIn
    ) -> None:
        """`hosts`: the accepted Host headers ("127.0.0.1:8321"); `sign_in` builds the page for strangers."""
        self._app = app
        self._access = access
        self._hosts = hosts
        self._cookie = cookie
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # The app has no web sockets; closing before accepting refuses the handshake.
            await send({"type": "websocket.close", "code": 1008})
            return
        send = with_headers(send)
        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if request.headers.get("host", "").lower() not in self._hosts:
            # A page elsewhere whose name was pointed at this machine sends its own name (DNS rebinding).
            return PlainTextResponse("Crowsnest answers only under the address it printed.\n", 421)
        if request.method not in ("GET", "HEAD") and not _own_form(request.headers):
            return PlainTextResponse("Forms are taken from Crowsnest's own pages only.\n", 403)
        path = request.url.path
        if any(path == name or (name.endswith("/") and path.startswith(name)) for name in OPEN_PATHS):
            return None
        if self._access.admits(cookie_value(request.headers, self._cookie)):
            return None
        if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
            return _again(request)
        return self._sign_in(request)


def cookie_value(headers: Headers, name: str) -> str | None:
    """Return the value of the cookie `name`, or None."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _own_form(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin") == f"http://{headers.get('host', '').lower()}"


def _again(request: Request) -> Response:
    # A link in web mail leaves the Strict cookie at home. Asked for once more by a page of our own, the
    # same address comes with the cookie; a stranger's browser then gets the sign-in page.
    raw = request.scope.get("raw_path") or request.url.path.encode("ascii", "replace")
    path = raw.decode("ascii", "replace").split("?")[0]
    query = request.scope["query_string"].decode("ascii", "replace")
    target = f"http://{request.headers['host']}{path}" + (f"?{query}" if query else "")
    safe = escape(target, quote=True)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Crowsnest</title>'
        f'<meta http-equiv="refresh" content="0;url={safe}"><p><a href="{safe}">Continue to Crowsnest</a></p>'
    )


def with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    """Wrap `send` so that a response carries the security headers it does not set itself."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped


def framed(policy: str) -> dict[str, str]:
    """Return the headers of an archived page under `policy`, which our own pages may frame."""
    return {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}
