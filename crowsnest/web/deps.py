"""What the pages need, injected in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.reader import Archive
    from crowsnest.settings import Settings
    from index.ledger import Ledger
    from index.port import SearchEngine
    from market.clock import Clock
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer


@dataclass(frozen=True)
class WebContext:
    """The rooms behind the web app. The pages only read; none of them changes the ledger or the index."""

    ledger: Ledger
    engine: Callable[[], SearchEngine]
    """Opens the search engine, or returns the one that is open; raises UnavailableError when it is away."""
    archive: Archive
    lexicon: Lexicon
    gazetteer: Gazetteer
    settings: Settings
    clock: Clock
