"""The download handler: Scrapy's for aiohttp, built when first needed and without bodies on GET requests.

Scrapy keeps that handler in a private module; the lock pins the version these few lines fit.
"""

from __future__ import annotations

from typing import Any

from aiohttp import ClientRequest, ClientResponse
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers


class _Request(ClientRequest):
    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        """Leave an empty body out: "Content-Length: 0" on a GET makes some sites take us for an attack."""
        super().update_body_from_data(body or None, _stacklevel)


class HttpHandler(AiohttpDownloadHandler):
    """One host's connections; a host asked over one scheme only never builds the other's TLS context."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session._request_class = _Request

    @staticmethod
    def _extract_headers(response: ClientResponse) -> Headers:
        # From the wire: decoded, a header that is not UTF-8 would lose its bytes and the whole answer.
        return Headers(list(response.raw_headers))
