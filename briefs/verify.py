"""Checking stored briefs and sheets anew: every claim to its quotes, every quote to the archived bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from briefs.claims import Gate
from briefs.wording import counted
from market.errors import UnavailableError
from market.ids import sha256_hex
from market.ports import Body, Resolver
from market.records import Brief, Capture, Claim, Evidence, Sheet


@dataclass(frozen=True)
class Broken:
    """A claim that does not hold, where it stands and why."""

    record_id: str
    """Id of the brief or sheet."""
    where: str
    """What it is, for a reader: "brief ... (leader, 2026-W47)", "sheet ... (raman-dental)"."""
    claim: Claim
    why: str
    capture_id: str = ""
    """The capture whose quote or bytes do not hold; "" when the claim fails by itself."""
    warc_file: str = ""
    """The archive file that holds, or should hold, that capture."""

    def __str__(self) -> str:
        held = f" (capture {self.capture_id} in {self.warc_file})" if self.capture_id else ""
        return f'{self.where}: "{self.claim.text}" does not hold: {self.why}{held}'


@dataclass
class Verdict:
    """How much was checked, and the first claim that does not hold."""

    briefs: int = 0
    sheets: int = 0
    claims: int = 0
    quotes: int = 0
    captures: int = 0
    """Archived bodies that were read again and hashed."""
    files: int = 0
    """Archive files that hold them."""
    broken: Broken | None = None

    def counts(self) -> dict[str, int]:
        """Return how much was checked."""
        names = ("briefs", "sheets", "claims", "quotes", "captures", "files")
        return {name: getattr(self, name) for name in names}

    def words(self) -> str:
        """Return what was checked and how it ended, for a reader."""
        sheets = f"{counted(self.sheets, 'meeting sheet', 'meeting sheets')}, " if self.sheets else ""
        checked = (
            f"{counted(self.briefs, 'brief', 'briefs')}, {sheets}{counted(self.claims, 'claim', 'claims')}, "
            f"{counted(self.quotes, 'quote', 'quotes')} read again in "
            f"{counted(self.captures, 'archived page', 'archived pages')} of "
            f"{counted(self.files, 'WARC file', 'WARC files')}"
        )
        if self.broken is not None:
            return f"{checked}, then one claim that does not hold."
        return (
            f"{checked}: every number stands in its quote, every quote in its page, every page has its hash."
        )


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
        self._files: set[str] = set()
        self._quotes: dict[Evidence, str | None] = {}

    def verify(self, briefs: Iterable[Brief], sheets: Iterable[Sheet] = ()) -> Verdict:
        """Check briefs, then meeting sheets, until the first claim that does not hold."""
        verdict = Verdict()
        for brief in briefs:
            verdict.briefs += 1
            where = f"brief {brief.id} ({brief.subscriber_id}, {brief.week})"
            if not self._holds(brief.id, where, brief.claims(), verdict):
                break
        else:
            for sheet in sheets:
                verdict.sheets += 1
                where = f"sheet {sheet.id} ({sheet.account.id}, made {sheet.made_at:%Y-%m-%d})"
                if not self._holds(sheet.id, where, sheet.claims(), verdict):
                    break
        verdict.captures, verdict.files = len(self._bytes), len(self._files)
        return verdict

    def _holds(self, record_id: str, where: str, claims: Iterable[Claim], verdict: Verdict) -> bool:
        """Check one brief's or sheet's claims, counting them; False at the first that does not hold."""
        for claim in claims:
            verdict.claims += 1
            verdict.quotes += len(claim.proofs())
            problem = self.problem(claim)
            if problem is not None:
                why, capture_id = problem
                capture = self._ledger.capture(capture_id) if capture_id else None
                file = capture.warc_file if capture else ""
                verdict.broken = Broken(record_id, where, claim, why, capture_id, file)
                return False
        return True

    def problem(self, claim: Claim) -> tuple[str, str] | None:
        """Return why a claim does not hold and the capture to blame ("": none), or None when it holds.

        The gate's rules come first, then the archive: every quote where it was read, then every page that is
        cited without one, such as the page that no longer lists a plan.
        """
        refusal = self._gate.refusal(claim)
        if refusal is not None:
            return refusal.why, refusal.capture_id
        for item in claim.proofs():
            if item not in self._quotes:
                self._quotes[item] = self._quote_problem(item)
            if (why := self._quotes[item]) is not None:
                return why, item.capture_id
        for page in claim.pages():
            if (why := self._capture_problem(page.capture_id)) is not None:
                return why, page.capture_id
        return None

    def _capture_problem(self, capture_id: str) -> str | None:
        """Return why a capture's bytes are not in the archive as they were, or None."""
        capture = self._ledger.capture(capture_id)
        if capture is None:
            return f"the ledger has no capture {capture_id}"
        if capture.id not in self._bytes:
            self._bytes[capture.id] = self._bytes_problem(capture)
            self._files.add(capture.warc_file)
        return self._bytes[capture.id]

    def _quote_problem(self, item: Evidence) -> str | None:
        problem = self._capture_problem(item.capture_id)
        capture = self._ledger.capture(item.capture_id)
        if problem is not None or capture is None:
            return problem
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
