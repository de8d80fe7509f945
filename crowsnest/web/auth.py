"""Who may see the web app: a one-time token in the printed link, exchanged for a session cookie."""

from __future__ import annotations

import ipaddress
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from market.clock import Clock
from market.errors import UsageError
from market.ids import sha256_hex

TOKEN_LIFE = timedelta(minutes=15)
"""How long a printed link can be opened."""
SESSION_LIFE = timedelta(hours=12)
"""How long a browser stays signed in: a working day."""


def require_loopback(host: str) -> None:
    """Raise UsageError unless `host` is this machine's own address: the app has no accounts to ask for."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback:
            return
    except ValueError:
        pass
    raise UsageError(
        "web-not-loopback",
        f"--host {host}: the web app has no user accounts, so it answers this machine only. Use 127.0.0.1, "
        f"::1 or localhost; to read it from another machine, make a tunnel there: "
        f"ssh -L 8321:127.0.0.1:8321 {host}",
    )


class Access:
    """One live link token at a time, and the sessions that spent tokens opened. Kept in memory only."""

    def __init__(self, clock: Clock, announce: Callable[[str], None]) -> None:
        """`announce` shows a new token to the person at the terminal, and to nobody else."""
        self._clock = clock
        self._announce = announce
        self._lock = threading.Lock()
        self._token: tuple[str, datetime] | None = None
        self._sessions: dict[str, datetime] = {}

    def issue(self) -> str:
        """Make a new token, announce it and return it; an earlier token that nobody used is void."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._token = (_key(token), self._clock.now() + TOKEN_LIFE)
        self._announce(token)
        return token

    def redeem(self, token: str) -> str | None:
        """Spend `token` and return a new session's secret; None when it is wrong, spent or expired."""
        now = self._clock.now()
        with self._lock:
            if self._token is None:
                return None
            key, until = self._token
            if not secrets.compare_digest(key, _key(token)) or now >= until:
                return None
            self._token = None
            session = secrets.token_urlsafe(32)
            self._sessions = {name: end for name, end in self._sessions.items() if now < end}
            self._sessions[_key(session)] = now + SESSION_LIFE
            return session

    def admits(self, session: str | None) -> bool:
        """Tell whether `session` is the secret of a session that has not ended."""
        if not session:
            return False
        with self._lock:
            until = self._sessions.get(_key(session))
        return until is not None and self._clock.now() < until


def _key(secret: str) -> str:
    # Only hashes are kept, so that a look-up leaks nothing about a secret by its duration.
    return sha256_hex(secret.encode("utf-8", "surrogatepass"))
