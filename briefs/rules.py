"""The thresholds of the briefs, read once from rules.toml beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from market.records.base import Record


class ChangeRules(Record):
    """When an absence counts as a withdrawal."""

    vanish_share: float
    vanish_least: int


class WeekRules(Record):
    """What belongs to a week, and what has been told before."""

    grace_hours: int
    late_days: int
    build_memory_days: int
    told_weeks: int
    story_memory_days: int


class BuildRules(Record):
    """How far around a territory a build is told."""

    reach: Literal["in", "near"]


class NewsRules(Record):
    """How many stories, and which."""

    most: int
    one_event_days: int
    lead_characters: int
    trade_words: tuple[str, ...]
    company_words: tuple[str, ...]
    least_importance_elsewhere: float


class RateRules(Record):
    """How many rivals' prices stand beside ours, and how long what a page showed last stands for it."""

    most: int
    unseen_days: int


class CoverageRules(Record):
    """How a source's state is named."""

    stale_intervals: int
    stale_least_days: int
    blocked_statuses: tuple[int, ...]
    blocked_codes: tuple[str, ...]
    reasons: dict[str, str] = {}
    """Issue code to what a reader is told."""


class SheetRules(Record):
    """How far a meeting sheet looks back and how much it shows."""

    days: int
    most_prices: int
    most_moves: int
    most_rates: int
    most_stories: int


class Rules(Record):
    """All of rules.toml."""

    changes: ChangeRules
    week: WeekRules
    builds: BuildRules
    news: NewsRules
    rates: RateRules
    coverage: CoverageRules
    sheet: SheetRules


@cache
def rules() -> Rules:
    """Return the shipped rules."""
    text = files("briefs").joinpath("rules.toml").read_text(encoding="utf-8")
    return Rules.model_validate(tomllib.loads(text))
