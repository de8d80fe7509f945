"""Scoring brief lines against a list of what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.happened import load, page_of
from bench.recall import Score, score
from market.errors import SettingsError
from market.records import Brief, Claim, Coverage, Evidence, Section, TextSpan

LIST = """
[[learn]]
id = "build"
subscribers = ["s"]
week = "2026-W45"
section = "builds"
company = "brindlewave"
places = ["Inman"]
numbers = ["18,500", "$42 million"]
pages = ["brindlewave/news/a", "pacolet-valley-messenger/news/a"]

[[learn]]
id = "price"
subscribers = ["s", "other"]
week = "2026-W45"
section = "prices"
company = "vesperlink"
words = ["Home 100"]
numbers = ["$55", "$50"]
pages = ["vesperlink/plans"]

[[may]]
subscribers = ["s"]
week = "2026-W45"
section = "news"
pages = ["brindlewave/news/results"]
note = "results"

[[never]]
subscribers = ["s"]
section = "builds"
says = ["2 million"]
pages = ["brindlewave/news/a"]
reason = "boilerplate"

[[never]]
subscribers = ["s"]
pages = ["reedy-river-courier/story/shrub"]
reason = "the shrub"
"""

URLS = {
    "c1": "http://127.0.0.22:9/news/a",
    "c2": "http://127.0.0.25:9/plans",
    "c3": "http://127.0.0.22:9/news/results",
    "c4": "http://127.0.0.28:9/story/shrub",
    "c5": "http://127.0.0.28:9/story/unlisted",
    "c6": "http://127.0.0.30:9/elsewhere",
}


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "what-happened.toml"
    path.write_text(LIST)
    return path


def claim(text: str, capture: str, quote: str = "", also: tuple[str, ...] = ()) -> Claim:
    where = TextSpan(text_sha256="0" * 64, start=0, end=1)
    evidence = Evidence(capture_id=capture, quote=quote, where=where, reader="article", reader_version=1)
    return Claim(text=text, evidence=(evidence,), also=also)


def judge(listed: Path, subscriber: str = "s", **sections: Claim) -> Score:
    brief = Brief(
        id="b",
        subscriber_id=subscriber,
        subscriber_name="S",
        market_name="M",
        week="2026-W45",
        starts_on="2026-11-02",
        ends_on="2026-11-08",
        sections=tuple(Section(id=key, title=key, claims=(value,)) for key, value in sections.items()),
        coverage=Coverage(),
        generated_at=datetime(2026, 11, 9, tzinfo=UTC),
    )
    return score([brief], lambda capture: URLS[capture], listed)


def test_a_line_with_all_facts_is_learnt(listed: Path) -> None:
    got = judge(listed, builds=claim("Brindlewave: Inman, 18,500 homes, $42M.", "c1"))
    assert (got.learnt, got.wanted, got.precision) == (1, 2, 1.0)
    assert got.missed == ("s 2026-W45 price",)


def test_facts_may_stand_in_the_printed_quote(listed: Path) -> None:
    got = judge(listed, builds=claim("Brindlewave in Inman", "c1", "18,500 homes for $42 million"))
    assert got.learnt == 1


def test_another_copy_of_the_story_counts(listed: Path) -> None:
    line = claim("Brindlewave: Inman, 18,500 homes, $42 million", "c6", also=("http://127.0.0.29:9/news/a",))
    assert judge(listed, builds=line).learnt == 1


@pytest.mark.parametrize(
    "text",
    [
        "The company: Inman, 18,500 homes, $42 million",
        "Brindlewave: Landrum, 18,500 homes, $42 million",
        "Brindlewave: Inman, 18,500 homes",
        "Brindlewave: Inman, 118,500 homes, $42 million",
    ],
)
def test_a_line_that_lacks_a_fact_is_a_miss_and_wrong(listed: Path, text: str) -> None:
    got = judge(listed, builds=claim(text, "c1"))
    assert (got.learnt, got.precision) == (0, 0.0)
    assert got.lines[0].reason == "tells of build without its facts"


def test_amounts_are_compared_as_numbers(listed: Path) -> None:
    assert judge(listed, prices=claim("Vesperlink Home 100: $55.00 to $50.00", "c2")).learnt == 1


def test_a_wrong_detail_spoils_a_true_story(listed: Path) -> None:
    line = claim("Brindlewave: Inman, 18,500 homes, $42 million, 2 million homes", "c1")
    got = judge(listed, builds=line)
    assert (got.lines[0].verdict, got.lines[0].reason) == ("wrong", "boilerplate")


def test_a_number_that_only_contains_a_forbidden_one_is_fine(listed: Path) -> None:
    line = claim("Brindlewave: Inman, 18,500 homes, $42 million, 12 million feet", "c1")
    assert judge(listed, builds=line).precision == 1.0


def test_forbidden_pages_and_unlisted_pages_are_wrong(listed: Path) -> None:
    assert judge(listed, news=claim("Ninebark grows", "c4")).lines[0].reason == "the shrub"
    assert judge(listed, news=claim("Something", "c5")).precision == 0.0


def test_what_may_be_told_is_right_in_its_section_only(listed: Path) -> None:
    assert judge(listed, news=claim("Brindlewave results", "c3")).precision == 1.0
    assert judge(listed, builds=claim("Brindlewave results", "c3")).precision == 0.0


def test_a_misplaced_line_is_learnt_and_listed(listed: Path) -> None:
    got = judge(listed, news=claim("Brindlewave: Inman, 18,500 homes, $42 million", "c1"))
    assert (got.learnt, got.precision) == (1, 1.0)
    assert "misplaced" in got.render()


def test_entries_count_for_the_readers_that_have_a_brief(listed: Path) -> None:
    got = judge(listed, "other", prices=claim("Vesperlink Home 100: $55 to $50", "c2"))
    assert (got.learnt, got.wanted, got.recall) == (1, 1, 1.0)
    assert got.table().rows[0] == ("recall", "1.000 (1 of 1)", ">= 0.95")


def test_pages_of_the_sample_web() -> None:
    assert page_of("http://127.0.0.22:8721/news/a?x=1") == "brindlewave/news/a"
    assert page_of("https://example.com/a") == "https://example.com/a"


def test_an_unknown_week_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(
        LIST.replace('week = "2026-W45"\nsection = "builds"', 'week = "2026-W44"\nsection = "builds"')
    )
    with pytest.raises(SettingsError, match="2026-W44"):
        load(path)
