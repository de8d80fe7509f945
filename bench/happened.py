"""The sample web's list of what happened, as records, and the sample's names and pages that it speaks of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crowsnest.demo.calendar import WEEKS
from crowsnest.demo.content import read_sites
from crowsnest.demo.settings import TEMPLATE, WHAT_HAPPENED
from market.errors import SettingsError
from market.records.base import Record
from market.records.brief import SectionId


class Learn(Record):
    """One thing that a reader should learn; the file's head says what counts."""

    id: str
    subscribers: tuple[str, ...]
    week: str
    section: SectionId
    company: str
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    pages: tuple[str, ...]


class May(Record):
    """Pages that may be told of."""

    subscribers: tuple[str, ...]
    week: str
    section: SectionId | None = None
    pages: tuple[str, ...]
    note: str


class Never(Record):
    """Pages that must not be told of, or not with these words."""

    subscribers: tuple[str, ...]
    week: str | None = None
    section: SectionId | None = None
    says: tuple[str, ...] = ()
    pages: tuple[str, ...]
    reason: str


class WhatHappened(Record):
    """The whole list."""

    learn: tuple[Learn, ...] = ()
    may: tuple[May, ...] = ()
    never: tuple[Never, ...] = ()


def load(path: Path = WHAT_HAPPENED) -> WhatHappened:
    """Read the list. Raises SettingsError when an entry names an unknown week, or is not understood."""
    try:
        happened = WhatHappened(**tomllib.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise SettingsError("what-happened", f"{path}: {error}") from error
    named = {learn.week for learn in happened.learn} | {may.week for may in happened.may}
    named |= {never.week for never in happened.never if never.week is not None}
    if unknown := named.difference(WEEKS):
        raise SettingsError("what-happened", f"{path}: {sorted(unknown)} are not among {', '.join(WEEKS)}")
    return happened


@lru_cache(maxsize=1)
def company_names() -> Mapping[str, tuple[str, ...]]:
    """Return each sample company's name and aliases, from the demo's settings."""
    text = re.sub(r"\{\{.*?\}\}", "0", TEMPLATE.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = tomllib.loads(text)["competitor"]
    return {row["id"]: (row["name"], *row["aliases"]) for row in rows}


def page_of(url: str) -> str:
    """Return "<site id><path>" for a URL of the sample web, the URL itself for any other."""
    parts = urlsplit(url)
    site = _sites_by_host().get(parts.hostname or "")
    return url if site is None else site + parts.path


@lru_cache(maxsize=1)
def _sites_by_host() -> Mapping[str, str]:
    return {site.host: site.id for site in read_sites()}
