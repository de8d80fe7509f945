"""The ledger: the record of truth, in SQL. All of it can be rebuilt from the archive, with the same ids.

Implements Sink, Validators and Frontier of market/ports.py. Each method is one transaction; repeating it
changes nothing, so a killed run is run again.
"""

from __future__ import annotations

from index.ledger_briefs import BriefLedger
from index.ledger_corrections import CorrectionLedger
from index.ledger_entries import Batch, Entry, EntryLedger
from index.ledger_offers import OfferLedger
from index.ledger_plans import PlanLedger
from index.ledger_price_corrections import PriceCorrectionLedger
from index.ledger_readings import ReadingLedger
from index.ledger_runs import RunLedger, SourceState
from index.ledger_tags import TagLedger
from index.ledger_web import WebLedger
from index.migrate import upgrade

__all__ = ["Batch", "Entry", "Ledger", "SourceState"]


class Ledger(
    WebLedger,
    ReadingLedger,
    OfferLedger,
    PlanLedger,
    TagLedger,
    CorrectionLedger,
    PriceCorrectionLedger,
    EntryLedger,
    RunLedger,
    BriefLedger,
):
    """The ledger at a URL: `sqlite:///path/to/ledger.sqlite`, or `postgresql+psycopg://user@host/name`.

    Every method raises UnavailableError, with the reason and what to do, when the database cannot be used.
    """

    def migrate(self) -> None:
        """Make the tables, or bring an older ledger to them; UnavailableError if a newer version wrote it."""
        with self._write(durable=True) as connection:
            upgrade(connection, self.where)
