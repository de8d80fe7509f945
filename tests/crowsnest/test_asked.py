"""What a reader's words for days and companies mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crowsnest.asked import company_of, day_of, related
from market.companies.lexicon import Company, Lexicon, Ownership
from market.errors import UsageError

NEW_YORK = ZoneInfo("America/New_York")
# 22:30 on the 23rd in New York.
NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
BOUGHT = date(2026, 3, 1)


def _owned(key: str, owner: str | None = None, **more: object) -> Company:
    owners = (Ownership(owner=owner, since=BOUGHT),) if owner else ()
    return Company(id=key, name=key.title(), owners=owners, **more)


LEXICON = Lexicon(
    [
        _owned("fund", kind="holding"),
        _owned("parent", "fund"),
        _owned("middle", "parent", products=("Sparkle",)),
        _owned("child", "middle"),
        _owned("sister", "parent"),
    ]
)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-20", "2026-11-20T05:00", "2026-11-21T05:00"),
        ("2026-11", "2026-11-01T04:00", "2026-12-01T05:00"),
        ("3d", "2026-11-20T05:00", "2026-11-21T05:00"),
        ("2w", "2026-11-09T05:00", "2026-11-10T05:00"),
        ("1m", "2026-10-24T04:00", "2026-10-25T04:00"),
    ],
)
def test_days_are_the_readers(text: str, start: str, end: str) -> None:
    wanted = tuple(datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (start, end))
    assert day_of(text, NEW_YORK, NOW) == wanted


@pytest.mark.parametrize("text", ["", "soon", "5y", "2026-13", "-3d"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        day_of(text, NEW_YORK, NOW)


def test_a_company_stands_for_its_owners_and_what_it_owns_but_not_for_sisters_and_investors() -> None:
    assert related("middle", LEXICON, NOW.date()) == {"middle", "child", "parent"}
    assert related("parent", LEXICON, NOW.date()) == {"parent", "middle", "child", "sister"}
    assert related("child", LEXICON, NOW.date()) == {"child", "middle", "parent"}


def test_before_it_was_bought_a_company_stood_alone() -> None:
    assert related("middle", LEXICON, date(2026, 2, 28)) == {"middle"}


def test_a_company_is_known_by_its_brands() -> None:
    assert company_of("sparkle", LEXICON) == "middle"
    with pytest.raises(UsageError, match="'Glimmer'"):
        company_of("Glimmer", LEXICON)
