"""A change of the market's companies re-tags the articles it touches, and nothing else re-tags any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crowsnest.retagging import Changed, changed_companies
from crowsnest.run import run
from crowsnest.settings import load
from crowsnest.ship import board
from market.companies.lexicon import Alias, Company, FormerName, Ownership
from market.ids import article_id
from market.records import Article, Tagged
from tests.crowsnest.command import Done, ask
from tests.crowsnest.small_web import TOWNS, settings_for, small_web

NEW = """
[[competitor]]
id = "old-mill"
name = "Greer Old Mill Networks"
aliases = ["{alias}"]
"""


@dataclass(frozen=True)
class Market:
    """A market whose articles are tagged, and its settings file."""

    path: Path
    base: str

    def change(self, old: str, new: str) -> None:
        text = self.path.read_text("utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new), "utf-8")

    def add(self, text: str) -> None:
        self.path.write_text(self.path.read_text("utf-8") + text, "utf-8")

    def tag(self) -> Done:
        done = ask(self.path.parent, "tag")
        assert done.returncode == 0, done.stderr + done.stdout
        return done

    def tags(self, town: str) -> Tagged:
        record = article_id(f"{self.base}/news/{town.lower()}")
        with board(load(self.path), alone=False) as ship:
            return ship.ledger.tagged([record])[record]

    def companies(self, town: str) -> list[str]:
        return [company.id for company in self.tags(town).companies]


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    with small_web() as base:
        path = settings_for(tmp_path, base)
        with board(load(path)) as ship:
            run(ship)
        yield Market(path, base)


def test_a_new_competitor_retags_the_articles_that_name_it(market: Market) -> None:
    assert market.companies("Greer") == ["bluewater"]
    market.add(NEW.format(alias="City council"))
    done = market.tag()
    assert f"{len(TOWNS)} articles" in done.stdout
    assert "Greer Old Mill Networks is new" in done.stdout
    assert "old-mill" in market.companies("Greer")
    assert "nothing new" in market.tag().stdout


def test_only_articles_that_name_it_are_tagged_again(market: Market) -> None:
    market.add(NEW.format(alias="Clemson with a fiber"))
    done = market.tag()
    assert "tag      1 article" in done.stdout
    assert "1 article tagged before is tagged again" in done.stdout


def test_a_competitor_that_no_article_names_retags_none(market: Market) -> None:
    market.add(NEW.format(alias="Quarry Lane Wireless"))
    done = market.tag()
    assert "nothing new" in done.stdout
    assert "issue" not in done.stdout


def test_other_names_and_a_competitor_left_out_retag(market: Market) -> None:
    market.change('aliases = ["Bluewater Fiber", "Bluewater"]', 'aliases = ["Bluewater Fiber", "old mill"]')
    assert "Bluewater Fiber has other names" in market.tag().stdout
    market.add(NEW.format(alias="City council"))
    market.tag()
    market.change(NEW.format(alias="City council"), "")
    assert "Greer Old Mill Networks is left out" in market.tag().stdout
    assert market.companies("Greer") == ["bluewater"]


def test_subscribers_sources_and_bare_competitors_retag_nothing(market: Market) -> None:
    market.change('name = "Leader"', 'name = "Lead reader"')
    market.change('publisher = "Bluewater newsroom"', 'publisher = "The newsroom"')
    market.add(
        '\n[[competitor]]\nid = "att"\n\n[[source]]\nid = "other"\nkind = "feed"\nurl = "http://x.test/"\n'
    )
    assert "nothing new" in market.tag().stdout


def test_an_interrupted_retagging_goes_on(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    market.add(NEW.format(alias="City council"))
    monkeypatch.setattr("crowsnest.run.TAG_BATCH", 3)
    with monkeypatch.context() as broken:
        broken.setattr("crowsnest.tagging._results", _stop)
        with pytest.raises(KeyboardInterrupt), board(load(market.path)) as ship:
            run(ship)
    assert f"{len(TOWNS)} articles" in market.tag().stdout
    assert "old-mill" in market.companies("Clemson")


def test_the_run_does_it_too_and_a_lost_ledger_needs_it_not(market: Market) -> None:
    market.add(NEW.format(alias="City council"))
    with board(load(market.path)) as ship:
        report = run(ship)
    assert report.counts["tag"]["articles"] == len(TOWNS)
    assert [issue.level for issue in report.issues if issue.code == "tagged-again"] == ["info"]
    kept = market.tags("Greer")
    for file in load(market.path).data.glob("ledger.sqlite*"):
        file.unlink()
    with board(load(market.path)) as ship:
        report = run(ship)
    assert not [issue for issue in report.issues if issue.code == "tagged-again"]
    assert market.tags("Greer") == kept


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _changed(old: Company | None, new: Company | None) -> Changed:
    return changed_companies(
        {old.id: old} if old else {},
        {new.id: new} if new else {},
    )


def _article(text: str, source: str = "s") -> Article:
    return Article(
        id="a1", capture_id="c1", source_id=source, url="https://x.test/", title="News", text=text,
        text_sha256="0" * 64,
    )  # fmt: skip


ACME = Company(id="acme", name="Acme Fiber", aliases=(Alias(text="AT&B"),), domains=("acme.example",))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ACME FIBER'S crews", True),
        ("at AT & B they said", True),
        ("Visit www.acme.example today", True),
        ("Acme Fibers and the attb", False),
        ("Acme and fiber", False),
    ],
)
def test_a_new_company_touches_texts_with_one_of_its_names(text: str, names: bool) -> None:
    assert _changed(None, ACME).touches(_article(text), None, None) is names
    assert _changed(ACME, None).touches(_article(text), None, None) is names


def test_only_the_names_that_differ_count() -> None:
    more = ACME.model_copy(update={"aliases": (*ACME.aliases, Alias(text="Acme Gig"))})
    changed = _changed(ACME, more)
    assert not changed.touches(_article("Acme Fiber will build"), None, None)
    assert changed.touches(_article("Acme Gig will come"), None, None)
    assert _changed(ACME, ACME.model_copy(update={"name": "Acme"})).touches(_article("AT&B"), None, None)
    former = ACME.model_copy(update={"former_names": (FormerName(name="Old Acme"),)})
    assert _changed(ACME, former).touches(_article("Old Acme is no more"), None, None)


def test_a_company_of_its_own_source_touches_what_the_source_wrote() -> None:
    assert _changed(None, ACME).touches(_article("We build"), "acme", None)
    assert not _changed(None, ACME).touches(_article("We build"), "other", None)


def test_owners_are_no_part_of_tagging() -> None:
    from datetime import date

    owned = ACME.model_copy(update={"owners": (Ownership(owner="att", since=date(2026, 1, 1)),)})
    assert not _changed(ACME, owned)
