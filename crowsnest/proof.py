"""`verify` joined: stored briefs and sheets against the archive, read again by today's readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from market.records import Brief, Capture, Evidence, Sheet

if TYPE_CHECKING:
    from archive.reader import Archive
    from briefs.verify import Verdict
    from crowsnest.ship import Ship


class ArchiveResolver:
    """Reads quotes again from archived bytes; implements Resolver of market/ports.py."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def quote(self, capture: Capture, evidence: object) -> str | None:
        """Return the words that stand at the evidence's place now, or None. Raises UnavailableError."""
        from crawlers.readers.quote import quote_at

        if not isinstance(evidence, Evidence):
            return None
        return quote_at(capture, self._archive.body(capture.warc_file, capture.warc_offset), evidence)


def verify(ship: Ship, briefs: Iterable[Brief], sheets: Iterable[Sheet] = ()) -> Verdict:
    """Check briefs, then meeting sheets, until the first claim that does not hold."""
    from briefs.claims import Gate
    from briefs.verify import Verifier

    gate = Gate(ship.ledger, ship.lexicon.name)
    return Verifier(gate, ship.ledger, ship.archive, ArchiveResolver(ship.archive)).verify(briefs, sheets)
