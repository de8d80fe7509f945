"""Checking stored briefs anew: every claim to its quotes, every quote to the archived bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from briefs.claims import Gate
from market.errors import UnavailableError
from market.ids import sha256_hex
from market.ports import Body, Resolver
from market.records import Brief, Capture, Claim, Evidence


@dataclass(frozen=True)
class Broken:
    """A claim that does not hold, where it stands and why."""

    brief_id: str
    week: str
    subscriber_id: str
    claim: Claim
    why: str

    def __str__(self) -> str:
        return f'brief {self.brief_id} ({self.subscriber_id}, {self.week}): {self.why}: "{self.claim.text}"'


@dataclass
class Verdict:
    """How much was checked, and the first claim that does not hold."""

    briefs: int = 0
    claims: int = 0
    quotes: int = 0
    broken: Broken | None = None


class Captures(Protocol):
    """Knows captures by id; the ledger is one."""

    def capture(self, capture: str, /) -> Capture | None:
        """Return a capture, or None."""
        ...


class Verifier:
    """Re-reads the archive. Bytes and quotes are looked up once, however many claims share them."""

    def __init__(self, gate: Gate, captures: Captures, archive: Body, resolver: Resolver) -> None:
        self._gate, self._ledger, self._archive, self._resolver = gate, captures, archive, resolver
        self._bytes: dict[str, str | None] = {}
        self._quotes: dict[Evidence, str | None] = {}

    def verify(self, briefs: Iterable[Brief]) -> Verdict:
        """Check briefs until the first claim that does not hold."""
        verdict = Verdict()
        for brief in briefs:
            verdict.briefs += 1
            for claim in _claims(brief):
                verdict.claims += 1
                verdict.quotes += len(claim.evidence)
                why = self.problem(claim)
                if why is not None:
                    verdict.broken = Broken(brief.id, brief.week, brief.subscriber_id, claim, why)
                    return verdict
        return verdict

    def problem(self, claim: Claim) -> str | None:
        """Return why a claim does not hold, or None: the gate's rules first, then the archive."""
        refusal = self._gate.refusal(claim)
        if refusal is not None:
            return refusal.why
        for item in claim.evidence:
            if item not in self._quotes:
                self._quotes[item] = self._quote_problem(item)
            if self._quotes[item] is not None:
                return self._quotes[item]
        return None

    def _quote_problem(self, item: Evidence) -> str | None:
        capture = self._ledger.capture(item.capture_id)
        if capture is None:
            return f"the ledger has no capture {item.capture_id}"
        if capture.id not in self._bytes:
            self._bytes[capture.id] = self._bytes_problem(capture)
        if self._bytes[capture.id] is not None:
            return self._bytes[capture.id]
        try:
            found = self._resolver.quote(capture, item)
        except UnavailableError as error:
            return error.message
        if found is None:
            return f"nothing stands in capture {capture.id} where {item.quote!r} was quoted from"
        if found != item.quote:
            return f"capture {capture.id} says {found!r} where {item.quote!r} was quoted from"
        return None

    def _bytes_problem(self, capture: Capture) -> str | None:
        """Return why the archive no longer holds a capture's body as it was, or None."""
        try:
            body = self._archive.body(capture.warc_file, capture.warc_offset)
        except UnavailableError as error:
            return error.message
        if sha256_hex(body) != capture.sha256:
            return f"the archived bytes of capture {capture.id} are not those that were captured"
        return None


def _claims(brief: Brief) -> Iterator[Claim]:
    for section in brief.sections:
        yield from section.claims
