"""Which articles a change of the companies touches, so that these and no others are tagged again.

Tags hang on the tagger's version, on an article and on the names and domains of companies, shipped and of
the settings. Owners do not count: who owns whom is asked when tags are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from crowsnest.ship import Ship
from market.companies.lexicon import Company, Lexicon
from market.records import Article, Issue

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([a-z0-9][a-z0-9._-]*)"')
_SHOWN = 3


@dataclass
class Changed:
    """What differs between two sets of companies, and how to tell a text that it touches."""

    words: list[str] = field(default_factory=list)
    """What changed: "Acme Fiber is new"."""
    ids: set[str] = field(default_factory=set)
    """Companies all of whose mentions may read differently: new, left out, or called otherwise."""
    names: set[tuple[str, ...]] = field(default_factory=set)
    """Names and domains that count now, or no longer, as case-folded words."""

    def __bool__(self) -> bool:
        """True when anything differs."""
        return bool(self.words)

    def touches(self, article: Article, source_company: str | None, tags: str | None) -> bool:
        """Tell whether an article may be tagged otherwise now; `tags` are its present ones as JSON."""
        if source_company in self.ids or not self.ids.isdisjoint(_QUOTED.findall(tags or "")):
            return True
        # As nlp/companies.py reads: whole words in this order, whatever stands between them.
        words = _WORD.findall(f"{article.title}\n{article.text}".casefold())
        names = self._by_first_word
        return any(
            tuple(words[number : number + len(name)]) == name
            for number, word in enumerate(words if not names.keys().isdisjoint(words) else ())
            for name in names.get(word, ())
        )

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[str, ...]]]:
        names: dict[str, list[tuple[str, ...]]] = {}
        for name in self.names:
            names.setdefault(name[0], []).append(name)
        return names


def changed_companies(before: Mapping[str, Company], after: Mapping[str, Company]) -> Changed:
    """Return what differs, by company id, as far as tagging goes."""
    changed = Changed()
    for company_id in sorted({*before, *after}):
        old, new = before.get(company_id), after.get(company_id)
        if old is not None and new is not None and _known(old) == _known(new):
            continue
        changed.words.append(_words(old, new))
        if old is None or new is None or (old.name, old.kind) != (new.name, new.kind):
            changed.ids.add(company_id)
            differing = {*_names(old), *_names(new)}
        else:
            differing = _names(old) ^ _names(new)
        changed.names |= {words for _, words in differing if words}
    return changed


def retag_changed(ship: Ship, version: int, run_id: str) -> None:
    """Mark the articles as untagged that a change of the companies touches, and tell why as an issue.

    A ledger of before companies were kept is taken to be tagged with the shipped ones alone.
    """
    ledger = ship.ledger
    after = {company.id: company for company in ship.lexicon}
    kept = ledger.tagged_companies()
    total = ledger.seen_count(version)
    before = {company.id: company for company in kept or (Lexicon.load() if total else ())}
    changed = changed_companies(before, after)
    if not changed and kept:
        return
    stale = list(_touched(ship, changed, version, total)) if changed else []
    ledger.put_tagged_companies(after.values(), stale)
    if stale:
        ledger.issue(_issue(changed, len(stale), run_id, ship.clock.now()))


def _touched(ship: Ship, changed: Changed, version: int, total: int) -> Iterable[str]:
    companies = {source.id: source.company for source in ship.settings.sources}
    for number, (article, tags) in enumerate(ship.ledger.each_seen(version), 1):
        if changed.touches(article, companies.get(article.source_id), tags):
            yield article.id
        ship.progress("looking for changed names", number, total)


def _known(company: Company) -> Company:
    return company.model_copy(update={"owners": ()})


def _names(company: Company | None) -> set[tuple[str, tuple[str, ...]]]:
    """Return each name or domain with the rules it is read by, and its words."""
    if company is None:
        return set()
    found = {
        (alias.model_dump_json(), tuple(_WORD.findall(alias.text.casefold()))) for alias in company.names
    }
    return found | {
        (text, tuple(_WORD.findall(text.casefold()))) for text in (*company.domains, *company.ticker)
    }


def _words(old: Company | None, new: Company | None) -> str:
    if new is None:
        return f"{old.name} is left out" if old else ""
    if old is None:
        return f"{new.name} is new"
    return f"{new.name} has other names"


def _issue(changed: Changed, count: int, run_id: str, at: datetime) -> Issue:
    more = len(changed.words) - _SHOWN
    why = "; ".join(changed.words[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
    what = "1 article tagged before is" if count == 1 else f"{count:,} articles tagged before are"
    return Issue(
        run_id=run_id,
        at=at,
        stage="tag",
        code="tagged-again",
        level="info",
        message=f"{what} tagged again, for the companies have changed: {why}",
        data={"articles": count, "changes": changed.words},
    )
