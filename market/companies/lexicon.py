"""The lexicon: who the companies are, what they are called, and who owned them when.

`companies.jsonl` beside this module holds one company a line, written by hand from public announcements and
public lists of providers (ATTRIBUTION.md); each ownership carries the day it began, so that an article of
last year is read with last year's owners.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import ValidationError, field_validator

from market.errors import SettingsError
from market.records.base import Record


class Alias(Record):
    """One way to write a company's name, with the rules that tell it from other words.

    A plain alias counts wherever it stands in this case or in capitals. An ambiguous one ("Spectrum", "Cox")
    counts only where nlp/companies.py finds the context to agree.
    """

    text: str
    ambiguous: bool = False
    anchored: bool = False
    """True when it counts only in an article that also uses an unambiguous name of the company."""
    any_case: bool = False
    """True when lower case counts too: "altafiber"."""
    checked: bool = True
    """False for names of the analyst's own: one plain word counts only where the text speaks of a company."""
    not_followed_by: tuple[str, ...] = ()
    """Lower-case words right after it that make it another name: "brands" after "Spectrum"."""
    not_preceded_by: tuple[str, ...] = ()
    """Lower-case words right before it that do the same: "radio" before "Spectrum"."""
    against: tuple[str, ...] = ()
    """Lower-case words anywhere in the article that speak for the other sense: "airline" for "Frontier"."""


class Ownership(Record):
    """Who owned a company in a stretch of time."""

    owner: str
    """Lexicon id of the owner; of a joint venture, the partner that runs it stands first."""
    since: date
    until: date | None = None
    """The first day on which it no longer held; None while it holds."""


class FormerName(Record):
    """A name that the company bore, and the first day on which it no longer did."""

    name: str
    until: date | None = None


class Company(Record):
    """A company of the market, or an owner of one."""

    id: str
    name: str
    """The usual name, without "Inc."."""
    aliases: tuple[Alias, ...] = ()
    """Other names of the company as a whole; the name itself counts as a plain alias unless listed here."""
    products: tuple[Alias, ...] = ()
    """Brands and products whose mention means this company: "Xfinity"."""
    former_names: tuple[FormerName, ...] = ()
    owners: tuple[Ownership, ...] = ()
    domains: tuple[str, ...] = ()
    ticker: tuple[str, ...] = ()
    """Exchange symbols, as in "(NASDAQ: CHTR)"."""
    kind: Literal["provider", "holding"] = "provider"
    """"holding": an investor or foreign parent, known for ownership only and not reported as a competitor."""

    @field_validator("aliases", "products", mode="before")
    @classmethod
    def _plain_aliases(cls, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return tuple({"text": item} if isinstance(item, str) else item for item in value)
        return value

    @property
    def names(self) -> tuple[Alias, ...]:
        """Every alias a text may use: the name, aliases, products and former names."""
        listed = (*self.aliases, *self.products)
        known = {alias.text for alias in listed}
        plain = [self.name, *(former.name for former in self.former_names)]
        return (*(Alias(text=text) for text in dict.fromkeys(plain) if text not in known), *listed)


_LEGAL = re.compile(
    r"[\s,]+(?:inc|incorporated|llc|l\.l\.c|lp|l\.p|llp|corp|corporation|company|co|cos|ltd|holdings?|"
    r"group|plc|i{2,3})\.?$"
)
_TRADE = re.compile(
    r"\s+(?:communications?|services?|operating|internet|broadband|communications operating|"
    r"cooperative|co-op|coop|association)$"
)


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    folded = re.sub(r"[®™℠*]", "", folded)
    return re.sub(r"\s+", " ", folded).strip(" .,")


def _without_legal_form(key: str) -> str:
    while (shorter := _LEGAL.sub("", key).strip(" .,")) != key and shorter:
        key = shorter
    return key


class Lexicon:
    """Companies by id and by name. Immutable once loaded."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self._companies: dict[str, Company] = {}
        for company in companies:
            self._companies[company.id] = company
        self._by_key: dict[str, str] = {}
        for company in self._companies.values():
            for text in (*(alias.text for alias in company.names), *company.domains, *company.ticker):
                self._by_key.setdefault(_key(text), company.id)
        # "Acme Telephone" is Acme Telephone Company's, if nobody else is called so.
        for key, company_id in [*self._by_key.items()]:
            if " " in (short := _without_legal_form(key)):
                self._by_key.setdefault(short, company_id)

    @classmethod
    def load(cls, extra: Sequence[Company] = ()) -> Lexicon:
        """Return the shipped lexicon with `extra` companies; one of a known id adds names to it."""
        companies = {company.id: company for company in _shipped()}
        for company in map(_unchecked, extra):
            known = companies.get(company.id)
            companies[company.id] = company if known is None else _joined(known, company)
        return cls(companies.values())

    def __iter__(self) -> Any:
        return iter(self._companies.values())

    def __len__(self) -> int:
        return len(self._companies)

    def get(self, company_id: str) -> Company | None:
        """Return the company of this id, or None."""
        return self._companies.get(company_id)

    def name(self, company_id: str) -> str:
        """Return the usual name of an id; of an unknown one the id's words, capitalised."""
        company = self._companies.get(company_id)
        return company.name if company else company_id.replace("-", " ").title()

    def by_name(self, text: str) -> Company | None:
        """Return the company that a published name means ("Charter Communications, LLC"), or None."""
        key = _key(text)
        bare = key.removeprefix("the ")
        short = _without_legal_form(bare)
        for candidate in (key, bare, short, _TRADE.sub("", short)):
            if found := self._by_key.get(candidate):
                return self._companies[found]
        for part in re.split(r"\s+(?:dba|d/b/a|doing business as|fka|f/k/a)\s+|\s*[(/|]\s*|\s+-\s+", key):
            if part and part != key and (company := self.by_name(part.strip(" )"))):
                return company
        return None

    def owner_on(self, company_id: str, day: date) -> str | None:
        """Return the id of the direct owner on `day`, or None when it stood on its own or is unknown."""
        company = self._companies.get(company_id)
        for held in company.owners if company else ():
            if held.since <= day and (held.until is None or day < held.until):
                return held.owner
        return None

    def ultimate_owner(self, company_id: str, day: date) -> str:
        """Return the id at the top of the chain of owners on `day`; the id itself when nobody owned it."""
        seen = {company_id}
        while (owner := self.owner_on(company_id, day)) and owner not in seen:
            company_id = owner
            seen.add(owner)
        return company_id

    def group(self, company_id: str, day: date) -> frozenset[str]:
        """Return all ids under the same ultimate owner on `day`, the owner and the id itself among them."""
        top = self.ultimate_owner(company_id, day)
        members = {other for other in self._companies if self.ultimate_owner(other, day) == top}
        return frozenset(members | {company_id, top})

    def terms(self, company_id: str) -> tuple[str, ...]:
        """Return the names under which a search should find the company, its usual name first."""
        company = self._companies.get(company_id)
        if company is None:
            return (self.name(company_id),)
        return tuple(dict.fromkeys([company.name, *(alias.text for alias in company.names)]))


def _unchecked(company: Company) -> Company:
    aliases = tuple(alias.model_copy(update={"checked": False}) for alias in company.names)
    return company.model_copy(update={"aliases": aliases, "products": ()})


def _joined(known: Company, extra: Company) -> Company:
    texts = {alias.text for alias in known.names}
    added = tuple(alias for alias in extra.names if alias.text not in texts)
    return known.model_copy(
        update={
            "aliases": (*known.aliases, *added),
            "domains": tuple(dict.fromkeys((*known.domains, *extra.domains))),
            "ticker": tuple(dict.fromkeys((*known.ticker, *extra.ticker))),
            "owners": extra.owners or known.owners,
        }
    )


@lru_cache(maxsize=1)
def _shipped() -> tuple[Company, ...]:
    name = "companies.jsonl"
    companies = []
    for number, line in enumerate(
        files("market.companies").joinpath(name).read_text("utf-8").splitlines(), 1
    ):
        if not line.strip():
            continue
        try:
            companies.append(Company.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise SettingsError(
                "lexicon-line", f"{name} line {number} is not a company record: {error}"
            ) from error
    return tuple(companies)
