"""A browser-like client of the app, signed in or not."""

from __future__ import annotations

import html
import re

import httpx
from fastapi.testclient import TestClient

from crowsnest.web.app import create_app
from crowsnest.web.auth import Access
from tests.crowsnest.web.market import Market

HOST, PORT = "127.0.0.1", 8321
ORIGIN = f"http://{HOST}:{PORT}"


class Site:
    """The app of one market with the tokens that it printed."""

    def __init__(self, market: Market) -> None:
        self.printed: list[str] = []
        self.access = Access(market.context.clock, self.printed.append)
        self.app = create_app(market.context, self.access, host=HOST, port=PORT)

    def stranger(self) -> TestClient:
        """Return a client without a session."""
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def signed_in(self) -> TestClient:
        """Return a client that has opened a link."""
        client = self.stranger()
        assert client.get("/enter", params={"token": self.access.issue()}).status_code == 303
        return client


def words(page: httpx.Response) -> str:
    """Return a page's words as a reader sees them, blanks collapsed."""
    body = re.sub(r"(?s)^.*?<main[^>]*>", "", page.text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def marks(page: httpx.Response) -> list[str]:
    """Return the marked words of a page in order."""
    return [
        " ".join(html.unescape(found).split())
        for found in re.findall(r"(?s)<mark[^>]*>(.*?)</mark>", page.text)
    ]


def links(page: httpx.Response) -> dict[str, str]:
    """Return the page's links by their words; of equal words the first."""
    found: dict[str, str] = {}
    for href, inside in re.findall(r'(?s)<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page.text):
        name = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).split())
        found.setdefault(name, html.unescape(href))
    return found
