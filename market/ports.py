"""What a room needs from a room to its right, as Protocols; `crowsnest` injects the real thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from market.records import Capture, Issue, Link, Validator


class Sink(Protocol):
    """Takes what the web room yields. Each call is one transaction; repeating it changes nothing."""

    def capture(
        self, capture: Capture, *, validator: Validator | None = None, links: Sequence[Link] = ()
    ) -> None:
        """Keep a capture together with what it led to.

        `validator` and `links` come in the same transaction, so that a feed counts as seen only once its
        links are in the frontier. A link already known keeps its state, unless the feed now tells of it with
        another title, date or date of change: then it is pending again, as if new. When `capture.hint` is set
        and the capture has something to read, that link becomes done.
        """
        ...

    def link_failed(self, link: Link, *, give_up: bool) -> None:
        """Count one failed attempt at a link; with `give_up` it is not asked for again."""
        ...

    def issue(self, issue: Issue) -> None:
        """Keep an issue, once per run."""
        ...


class Validators(Protocol):
    """Knows what a URL answered last."""

    def validator(self, url: str) -> Validator | None:
        """Return what a conditional GET of `url` needs, or None when it has never been read whole."""
        ...

    def has_body(self, url: str, sha256: str) -> str | None:
        """Return the id of an earlier capture of `url` with this body, or None."""
        ...


class Frontier(Protocol):
    """Knows the links that feeds told of and that are still to be captured."""

    def pending(self, source_id: str) -> Sequence[Link]:
        """Return the pending links of a source, oldest first."""
        ...


class Body(Protocol):
    """Gives archived bytes back."""

    def body(self, warc_file: str, offset: int) -> bytes:
        """Return the response body after content decoding. Raises UnavailableError when it cannot be read."""
        ...


class Resolver(Protocol):
    """Reads a quote again from archived bytes: the reader's half of `verify`."""

    def quote(self, capture: Capture, evidence: object) -> str | None:
        """Return the words that stand at the evidence's place in the capture now, or None if none do."""
        ...
