"""A sink, validators and frontier in memory: for a bare `scrapy crawl`, and the fake that tests use."""

from __future__ import annotations

from collections.abc import Sequence

from market.records import Capture, Issue, Link, Validator


class Memory:
    """Keeps what a crawl yields for as long as it lives, as market/ports.py asks of Sink and the others."""

    def __init__(self) -> None:
        self.captures: dict[str, Capture] = {}
        self.validators: dict[str, Validator] = {}
        self.links: dict[tuple[str, str], Link] = {}
        self._issues: dict[str, Issue] = {}

    @property
    def issues(self) -> list[Issue]:
        """The issues in the order they came."""
        return list(self._issues.values())

    def capture(
        self, capture: Capture, *, validator: Validator | None = None, links: Sequence[Link] = ()
    ) -> None:
        """Keep a capture and what it led to; a link that its feed has changed is pending again."""
        self.captures[capture.id] = capture
        if validator:
            self.validators[validator.url] = validator
        for link in links:
            key = (link.source_id, link.url)
            known = self.links.get(key)
            if known is None or known.told != link.told:
                self.links[key] = link
        if capture.hint and capture.reader:
            key = (capture.hint.source_id, capture.hint.url)
            self.links[key] = capture.hint.model_copy(update={"state": "done"})

    def link_failed(self, link: Link, *, give_up: bool) -> None:
        """Count a failed attempt."""
        state = "failed" if give_up else "pending"
        update = {"attempts": link.attempts + 1, "state": state}
        self.links[link.source_id, link.url] = link.model_copy(update=update)

    def issue(self, issue: Issue) -> None:
        """Keep an issue once."""
        self._issues[issue.id] = issue

    def validator(self, url: str) -> Validator | None:
        """Return what `url` answered last."""
        return self.validators.get(url)

    def has_body(self, url: str, sha256: str) -> str | None:
        """Return an earlier capture of `url` with this body."""
        for capture in self.captures.values():
            if capture.url == url and capture.sha256 == sha256 and capture.changed and capture.reader:
                return capture.id
        return None

    def pending(self, source_id: str) -> list[Link]:
        """Return the source's pending links, oldest first."""
        links = [link for link in self.links.values() if link.source_id == source_id]
        return sorted((link for link in links if link.state == "pending"), key=lambda link: link.seen_at)
