"""The sample web on loopback: each sample site on its own address, all on one port."""

from __future__ import annotations

import errno
import gzip
import threading
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from crowsnest.demo.calendar import run_time
from crowsnest.demo.content import SITES, SampleSite, read_sites
from crowsnest.demo.pages import Page, pages
from market.errors import UnavailableError

PREFERRED_PORT: Final = 8721
"""Tried first, so that addresses stay the same between runs; another free port is taken when it is in use."""


class _SiteServer(ThreadingHTTPServer):
    """One site's server; `answers` maps a path to its page in the current week."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: SampleSite) -> None:
        self.site = site
        self.week = 1
        self.answers: dict[str, Page] = {}
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with conditional requests and gzip."""

    server: _SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "CrowsnestSampleWeb"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Answer one request."""
        path = self.path.partition("?")[0]
        refuses = self.server.site.refuses
        page = self.server.answers.get(path)
        if refuses is not None and path != "/robots.txt":
            self._send(HTTPStatus(refuses), b"<h1>Access denied</h1>", "text/html; charset=utf-8")
        elif page is None:
            self._send(HTTPStatus.NOT_FOUND, b"<h1>Not found</h1>", "text/html; charset=utf-8")
        elif self._is_known(page):
            self._send(HTTPStatus.NOT_MODIFIED, b"", "", page)
        else:
            self._send(HTTPStatus.OK, page.body, page.media_type, page)

    def do_HEAD(self) -> None:
        """Answer with the head that GET would have."""
        self.do_GET()

    def _is_known(self, page: Page) -> bool:
        """Say whether the client holds this page already; an ETag outranks a date (RFC 9110, 13.1)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return page.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, status: HTTPStatus, body: bytes, media_type: str, page: Page | None = None) -> None:
        self.send_response(status)
        if page is not None:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", format_datetime(page.modified, usegmt=True))
            self.send_header("Vary", "Accept-Encoding")
        if status is not HTTPStatus.NOT_MODIFIED:
            if page is not None and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, compresslevel=6, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the sample time: the sample web does not read the clock."""
        return format_datetime(run_time(self.server.week), usegmt=True)

    def log_message(self, *args: object) -> None:
        """Stay silent: the crawler's own report says what was fetched."""


class SampleWeb:
    """Context manager that serves all sample sites as they are at the end of a sample week (1 to 3).

    `port` asks for one port (a second demo run passes the first one's); None takes PREFERRED_PORT or, when
    that is in use, any free one. Raises UnavailableError when an address cannot be bound.
    """

    def __init__(self, week: int = 1, *, port: int | None = None, folder: Path = SITES) -> None:
        self.sites = read_sites(folder)
        self.week = week
        self.port = port or 0
        self._wanted = port
        self._servers: list[_SiteServer] = []
        self._drawn: dict[tuple[str, int], dict[str, Page]] = {}

    def __enter__(self) -> Self:
        """Bind every site and start serving."""
        candidates = [self._wanted] if self._wanted else [PREFERRED_PORT, 0, 0, 0]
        for number, candidate in enumerate(candidates, start=1):
            try:
                self._bind(candidate)
                break
            except OSError as error:
                self.close()
                if error.errno != errno.EADDRINUSE or number == len(candidates):
                    raise self._unavailable(error) from error
        self.set_week(self.week)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving and free the addresses."""
        for server in self._servers:
            server.shutdown()
        self.close()

    def close(self) -> None:
        """Free the addresses of servers that are not serving."""
        for server in self._servers:
            server.server_close()
        self._servers = []

    def _bind(self, port: int) -> None:
        for site in self.sites:
            server = _SiteServer((site.host, port), site)
            self._servers.append(server)
            port = server.server_address[1]
        self.port = port

    def _unavailable(self, error: OSError) -> UnavailableError:
        first, last = self.sites[0].number, self.sites[-1].number
        if error.errno == errno.EADDRINUSE:
            port = f"port {self._wanted}" if self._wanted else "every port that was tried"
            what = f"{port} is in use on one of 127.0.0.{first} to 127.0.0.{last}; stop what listens there"
        else:
            what = (
                f"127.0.0.{first} to 127.0.0.{last} cannot be used here ({error.strerror}); on macOS give "
                f"the loopback these addresses: for n in $(seq {first} {last}); do sudo ifconfig lo0 alias "
                f"127.0.0.$n up; done"
            )
        return UnavailableError("sample-web-address", f"the sample web cannot start: {what}")

    def set_week(self, week: int) -> None:
        """Switch every site to what it shows at the end of sample week `week`."""
        run_time(week)
        for server in self._servers:
            key = (server.site.id, week)
            if key not in self._drawn:
                self._drawn[key] = pages(server.site, week, self.port)
            server.answers, server.week = self._drawn[key], week
        self.week = week

    def url(self, site_id: str, path: str = "/") -> str:
        """Return the address of a path of a site. Raises KeyError for an unknown site."""
        hosts = {site.id: site.host for site in self.sites}
        return f"http://{hosts[site_id]}:{self.port}{path}"

    def paths(self, site_id: str) -> tuple[str, ...]:
        """Return every path that the site answers in the current week. KeyError for an unknown site."""
        return tuple(self._drawn[(site_id, self.week)])
