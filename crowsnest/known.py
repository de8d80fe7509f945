"""What is known beforehand, with the settings' own entries: companies and where they stand to us."""

from __future__ import annotations

from crowsnest.settings import Settings
from market.companies.lexicon import Alias, Company, Lexicon


def companies(settings: Settings) -> Lexicon:
    """Return the lexicon with each [[competitor]]: new companies added, known ones given further aliases."""
    return Lexicon.load(
        [
            Company(
                id=entry.id,
                name=entry.name or shipped_name(entry.id),
                aliases=tuple(Alias(text=text) for text in entry.aliases),
                domains=entry.domains,
            )
            for entry in settings.competitor
        ]
    )


def shipped_name(company_id: str) -> str:
    """Return the lexicon's own name of an id, so that an entry without a name adds none."""
    return Lexicon.load().name(company_id)
