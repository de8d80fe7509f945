"""Downloader middlewares, from the engine's side to the wire: robots, retry, redirect, archive."""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.content import ACCEPT_ENCODING, DECODED_LIMIT, decode
from archive.response import CutBy, Tags
from archive.response import Response as WireResponse
from crawlers.landing import land
from crawlers.politeness import StoppingError, host_of, is_private, url_problem
from crawlers.robots import Fetched, RobotsFile, http_wait
from crawlers.run import CrawlRun, run_of
from market.records import Source

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})


class Refused(IgnoreRequest):
    """A request that was not made or an answer that was not taken; `code` becomes the issue's."""

    def __init__(self, code: str, message: str, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.lasting = lasting


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: CrawlRun = run_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Middleware:
        """Build it for one crawler."""
        return cls(crawler)


def keep_intermediate(run: CrawlRun, request: Request) -> None:
    """Hand an answer that leads on (a redirect, one that is asked for again) to the ledger."""
    place, wire = request.meta["archived"]
    if wire.tags.reader is not None:
        run.keep(
            land(place, wire, None, decoded_limit=run.options.max_decoded_bytes).model_copy(
                update={"trouble": None, "validator": None, "body": b""}
            )
        )


class RobotsMiddleware(_Middleware):
    """Asks an origin's robots.txt before its first page, and refuses what it disallows."""

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise Refused."""
        if request.meta.get("robots"):
            return
        source = request.meta["source"]
        if self.run.is_shut(source, request.url):
            raise Refused("host-left-alone", "The host refused us or failed before in this run.")
        rules = await self.run.robots.rules(request.url, partial(self._fetch, source))
        if rules.crawl_delay:
            self.run.pace.ask_delay(host_of(request.url), rules.crawl_delay)
        if rules.unreachable:
            raise Refused(
                "robots-unreachable",
                "robots.txt cannot be had, so nothing was asked for; the next run tries again.",
            )
        if not rules.allows(request.url):
            raise Refused(
                "robots-disallow",
                "robots.txt does not allow us to ask for this page: disable the source or ask the publisher.",
            )

    async def _fetch(self, source: Source, url: str, known: RobotsFile | None) -> Fetched:
        headers = {}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        meta = {"robots": True, "source": source, "asked": url}
        request = Request(url, headers=headers, priority=1000, callback=NO_CALLBACK, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except Refused:
            # A robots.txt that cannot be reached for its own redirects counts as none (RFC 9309, 2.3.1.2).
            return Fetched(status=404)
        # After a redirect the response carries the request that got it.
        answered = response.request or request
        wire: WireResponse = answered.meta["archived"][1]
        return Fetched(
            status=wire.status,
            body=decode(wire.body, wire.header("content-encoding"), DECODED_LIMIT).body,
            etag=wire.header("etag") or None,
            last_modified=wire.header("last-modified") or None,
        )


class RetryMiddleware(_Middleware):
    """Asks again after 429, 5xx and torn answers, waiting as long as Retry-After says, within bounds."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, or the request that tries once more."""
        status = response.status
        torn = "dataloss" in response.flags
        if status not in _RETRIED and not torn:
            return response
        wait = None
        if status in (429, 503):
            wait = http_wait(_text(response, "Retry-After"), _text(response, "Date"), self.run.now.now())
        host = host_of(request.url)
        if wait is not None:
            if wait > self.run.options.retry_after:
                return response
            self.run.pace.hold(host, wait)
        again = self._again(request)
        if again is None:
            return response
        keep_intermediate(self.run, request)
        if wait is None and not self.run.options.is_local(host):
            self.run.pace.hold(host, 2.0 ** again.meta["tries"])
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request that tries once more after a failure of the network, or None."""
        if isinstance(exception, (IgnoreRequest, StoppingError)) or self.run.failure:
            return None
        return self._again(request)

    def _again(self, request: Request) -> Request | None:
        tries = request.meta.get("tries", 0) + 1
        if tries > self.run.options.retries or self.run.pace.stopping.is_set():
            return None
        self.run.counts["retries"] += 1
        return request.replace(meta={**request.meta, "tries": tries}, dont_filter=True)


class RedirectPolicy(RedirectMiddleware):
    """Follows a few redirects, never off http(s), never from the public web into a private network."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, or the request it redirects to. Raises Refused."""
        run = run_of(self.crawler)
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            keep_intermediate(run, request)
            raise Refused(
                "redirect-loop",
                f"More than {run.options.max_redirects} redirects in a row; the last was to {response.url}.",
            ) from error
        except ValueError as error:
            keep_intermediate(run, request)
            raise Refused("redirect-refused", f"It redirects to what is no URL: {error}.") from error
        if isinstance(result, Request):
            keep_intermediate(run, request)
            problem = url_problem(result.url, private_ok=run.private_ok(request.meta["source"]))
            if problem:
                raise Refused(
                    "redirect-refused", f"It redirects to {result.url[:200]}, but {problem}.", lasting=True
                )
            if result.url in request.meta.get("redirect_urls", []) or result.url == request.url:
                raise Refused("redirect-loop", f"It redirects in a circle, back to {result.url[:200]}.")
        elif response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
            keep_intermediate(run, request)
            target = _text(response, "Location")[:200]
            raise Refused(
                "redirect-refused", f"It redirects to {target}, which is not http or https.", lasting=True
            )
        return result


class ArchiveMiddleware(_Middleware):
    """Next to the wire: waits for the host's turn, cuts bodies at the limit, archives what came."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked."""
        request.headers.setdefault(b"Accept-Encoding", ACCEPT_ENCODING)
        request.meta["received"] = 0
        await self.run.pace.turn(host_of(request.url))
        self.run.counts["requests"] += 1

    def _bytes_received(self, data: bytes, request: Request) -> None:
        request.meta["received"] += len(data)
        if request.meta["received"] > self.run.options.max_bytes:
            raise StopDownload(fail=False)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response; nothing behind this line has seen it yet."""
        run = self.run
        meta = request.meta
        source: Source = meta["source"]
        address = response.ip_address
        if address and not meta.get("proxy") and is_private(str(address)):
            # A public name that points into a private network is somebody else's trick or a mistake.
            host = host_of(request.url)
            if not (run.private_ok(source) or run.options.is_local(host)):
                raise Refused(
                    "private-address", f"{host} points to the private address {address}.", lasting=True
                )
        body = response.body
        cut_by: CutBy | None = None
        if len(body) > run.options.max_bytes or "download_stopped" in response.flags:
            body, cut_by = body[: run.options.max_bytes], "length"
        elif "dataloss" in response.flags:
            cut_by = "disconnect"
        wire = WireResponse.model_construct(
            url=response.url,
            status=response.status,
            reason="",
            headers=tuple((name, value) for name, values in response.headers.items() for value in values),
            body=body,
            at=run.now.now(),
            tags=Tags.model_construct(
                source_id=source.id,
                run_id=run.run_id,
                asked_url=meta["asked"],
                reader=meta.get("reader"),
                hint=meta.get("hint"),
            ),
            cut_by=cut_by,
        )
        place = await run.archive(wire)
        run.counts["bytes"] += len(body)
        run.counts["responses"] += 1
        meta["archived"] = (place, wire)
        return response


def _text(response: Response, header: str) -> str:
    value: Any = response.headers.get(header)
    return value.decode("latin-1") if value else ""
