"""The download handler: Scrapy's for aiohttp, built when first needed and without bodies on GET requests."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientRequest
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler


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
