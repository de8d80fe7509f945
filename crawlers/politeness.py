"""How we behave as a guest: who we say we are, how much we take, how long we wait, where we do not go."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from datetime import timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

from market.records.base import Record

LONGEST_URL = 2083
_INTRANET = (".localhost", ".local", ".internal", ".lan", ".home", ".corp", ".intranet")


class CrawlOptions(Record):
    """The settings of one collect; times in seconds, sizes in bytes."""

    contact: str = ""
    """An address or URL that webmasters can write to."""
    max_bytes: int = 20_000_000
    """A body on the wire is cut here."""
    max_decoded_bytes: int = 60_000_000
    """A body that decodes to more than this is refused."""
    timeout: float = 60
    """For one whole answer."""
    attempts: int = 3
    """Runs in which a failing article page is asked for."""
    retries: int = 1
    """Further tries within a run after 429, 5xx and broken connections."""
    retry_after: float = 120
    """The longest Retry-After waited for within a run; a longer one leaves the host until the next run."""
    start_delay: float = 5
    """AutoThrottle's delay before it knows a host; hosts that are `local` get 0."""
    min_delay: float = 1
    """Least time between two requests to one host, whichever crawler makes them; 0 for local hosts."""
    max_delay: float = 60
    local_hosts: tuple[str, ...] = ()
    """Hosts of ours beside loopback, which need no delay."""
    most_pages: int = 500
    """Article pages asked for of one source in one run; the others wait for the next."""
    hosts_at_once: int = 16
    max_redirects: int = 8
    give_up_host: int = 3
    """Refusals or failures in a row after which a host is left alone until the next run."""
    robots_age: timedelta = timedelta(hours=24)
    """How long a robots.txt is believed before it is asked for again (RFC 9309)."""

    @property
    def user_agent(self) -> str:
        """Name, version and contact, as every request carries them."""
        return f"Crowsnest/{version('crowsnest')} (+{self.contact or 'market news reader; no contact set'})"

    def is_local(self, host: str) -> bool:
        """Tell whether `host` is loopback or one the settings call local."""
        address = _address(host)
        loopback = address is not None and address.is_loopback
        return loopback or host == "localhost" or host.endswith(".localhost") or host in self.local_hosts


def host_of(url: str) -> str:
    """Return the URL's host name in lower case, "" when it has none or cannot be split."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        # Resolvers take "127.1" and "0x7f000001" for addresses, so a check must do so as well.
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_private(host: str) -> bool:
    """Tell whether `host` can only be inside somebody's own network: an address or an intranet name."""
    address = _address(host)
    if address is not None:
        mapped = getattr(address, "ipv4_mapped", None)
        return not (mapped or address).is_global
    return "." not in host or host.endswith(_INTRANET)


def url_problem(url: str, *, private_ok: bool) -> str | None:
    """Return why `url` must not be asked for, or None. `private_ok` lets intranet hosts pass."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return f"it is no URL ({error})"
    if parts.scheme not in ("http", "https"):
        return f"its scheme is {parts.scheme or 'missing'}, not http or https"
    if not parts.hostname:
        return "it names no host"
    if len(url) > LONGEST_URL:
        return f"it is longer than {LONGEST_URL} characters"
    if parts.username is not None or parts.password is not None:
        return "it carries a user name or password"
    if not private_ok and is_private(host_of(url)):
        return "its host is inside a private network"
    return None


class StoppingError(Exception):
    """The run is stopping, so a wait was given up."""


class Pace:
    """When the next request to a host may leave, over all crawlers of one run."""

    def __init__(self, options: CrawlOptions) -> None:
        self._options = options
        self._free: dict[str, float] = {}
        self._crawl_delay: dict[str, float] = {}
        self.stopping = asyncio.Event()

    def ask_delay(self, host: str, seconds: float) -> None:
        """Heed a robots.txt Crawl-delay, up to `max_delay`."""
        self._crawl_delay[host] = min(seconds, self._options.max_delay)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to `host` leave for the next `seconds`."""
        until = asyncio.get_running_loop().time() + seconds
        self._free[host] = max(self._free.get(host, 0.0), until)

    async def turn(self, host: str) -> None:
        """Wait for this request's turn at `host`. Raises StoppingError when the run stops meanwhile."""
        least = 0.0 if self._options.is_local(host) else self._options.min_delay
        gap = max(least, self._crawl_delay.get(host, 0.0))
        now = asyncio.get_running_loop().time()
        leave = max(now, self._free.get(host, 0.0))
        if gap:
            self._free[host] = leave + gap
        if leave > now:
            await self.pause(leave - now)

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the run is told to stop. Raises StoppingError then."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
        raise StoppingError
