"""`crowsnest companies --unknown`: what articles name and the lexicon lacks."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crowsnest.settings import load
from index.ledger import Ledger
from market.companies.lexicon import Lexicon
from market.places.gazetteer import Gazetteer
from market.records import Article, Correction, Mention, Tagged, TaggedPlace
from tests.crowsnest.command import Done, ask
from tests.index.facts import article, at, capture, reading, tagged

MARKET = """[market]
name = "Upstate"
own_company = "charter"
{ignore}

[[territory]]
id = "upstate"
counties = ["Greenville County, SC"]
"""


class World:
    """A market whose ledger is filled by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings_are()
        self.ledger = Ledger(load(folder / "market.toml").ledger_url)
        self.ledger.migrate()
        self.count = 0

    def settings_are(self, ignore: str = "", more: str = "") -> None:
        (self.folder / "market.toml").write_text(MARKET.format(ignore=ignore) + more, "utf-8")

    def tells(self, text: str, *names: str | tuple[str, str], day: int = 2, **more: Any) -> Article:
        """Keep an article with a mention of each name, of a (name, id) pair as the tagger's operator."""
        self.count += 1
        page = capture(
            self.count,
            at(day),
            url=f"https://paper.example/{self.count}",
            reader="article",
            source_id="paper",
        )
        self.ledger.capture(page)
        found = article(page, text, title=more.pop("title", "News"), published_at=at(day))
        self.ledger.record_reading(reading(page), [found], [])
        mentions = []
        for item in names:
            name, target = item if isinstance(item, tuple) else (item, None)
            start = text.index(name)
            mentions.append(
                Mention(text=name, start=start, end=start + len(name), kind="company", target=target)
            )
        tags: Tagged = tagged(found, mentions=tuple(mentions), **more)
        self.ledger.record_tagged([tags])
        return found

    def ask(self, *arguments: str) -> Done:
        return ask(self.folder, "companies", "--unknown", *arguments)

    def found(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.ask("--json", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def names(self, *arguments: str) -> list[str]:
        return [entry["name"] for entry in self.found(*arguments)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_most_frequent_come_first_by_articles(world: World) -> None:
    world.tells("Rural Reach builds. So does Oak Net.", "Rural Reach", "Oak Net")
    world.tells("Oak Net goes on building.", "Oak Net")
    first, second = world.found()
    assert (first["name"], first["id"], first["articles"], first["mentions"]) == ("Oak Net", "oak-net", 2, 2)
    assert second["name"] == "Rural Reach"
    assert world.names("--limit", "1") == ["Oak Net"]


def test_the_example_is_the_sentence_of_the_latest_article(world: World) -> None:
    world.tells("Early on, Oak Net said so.", "Oak Net", day=2)
    late = world.tells("It rained. On Friday\tOak Net opened a shop. All were glad.", "Oak Net", day=9)
    [entry] = world.found()
    assert entry["example"] == "On Friday Oak Net opened a shop."
    assert (entry["url"], entry["capture"]) == (late.url, late.capture_id)


def test_spellings_of_one_name_are_one_company(world: World) -> None:
    world.tells("Oak Net, Inc. came.", "Oak Net, Inc.")
    world.tells("OAK NET came.", "OAK NET")
    world.tells("Oak Net came.", "Oak Net")
    [entry] = world.found()
    assert (entry["name"], entry["aliases"], entry["articles"]) == ("Oak Net", ["OAK NET"], 3)


def test_what_the_lexicon_or_the_settings_know_stays_out(world: World) -> None:
    world.tells("AT&T and Oak Net came.", ("AT&T", "att"), "Oak Net")
    world.tells("Verizon Communications Inc. came.", "Verizon Communications Inc.")
    assert world.names() == ["Oak Net"]
    world.settings_are(more='[[competitor]]\nid = "oak-net"\nname = "Oak Net"\n')
    assert world.names() == []


def test_ignored_names_stay_out_in_any_spelling(world: World) -> None:
    world.tells("City Council met Oak Net.", "City Council", "Oak Net")
    world.settings_are(ignore='ignore_companies = ["CITY COUNCIL", "Other"]')
    assert world.names() == ["Oak Net"]


def test_a_rejected_company_is_not_offered_again(world: World) -> None:
    said = Correction(
        id="k1",
        record="https://paper.example/1",
        record_id="a",
        action="reject",
        kind="company",
        target="oak-net",
        name="Oak Net",
        author="N. N.",
        reason="A pub",
    )
    world.tells("Oak Net and Rural Reach came.", "Oak Net", "Rural Reach", corrections=(said,))
    assert world.names() == ["Rural Reach"]


def test_a_short_form_is_the_company_of_the_whole_name(world: World) -> None:
    world.tells("Mossbank Cable came.", "Mossbank Cable")
    world.tells("Mossbank goes, all of Mossbank Cable.", ("Mossbank", "mossbank-cable"))
    [entry] = world.found()
    assert (entry["id"], entry["name"], entry["aliases"]) == (
        "mossbank-cable",
        "Mossbank Cable",
        ["Mossbank"],
    )
    assert (entry["operator"], entry["articles"]) == (True, 2)


def test_words_without_a_capital_are_no_names(world: World) -> None:
    world.tells("The cooperatives and altanet came.", "cooperatives", ("altanet", "altanet"))
    assert world.names() == ["altanet"]


def test_a_town_taken_for_an_organisation_stays_out(world: World) -> None:
    greer = Gazetteer.load().find("Greer, SC")
    assert greer is not None
    place = TaggedPlace(**greer.model_dump(include=set(TaggedPlace.model_fields)), role="about")
    world.tells("Greer and Oak Net agree.", "Greer", "Oak Net", places=(place,))
    assert world.names() == ["Oak Net"]


def test_only_operators_and_only_since_a_day(world: World) -> None:
    world.tells("Oak Net came.", ("Oak Net", "oak-net"), day=2)
    world.tells("City Council met.", "City Council", day=9)
    assert world.names("--operators") == ["Oak Net"]
    assert [entry["operator"] for entry in world.found()] == [False, True]
    assert world.names("--since", "2026-11-05") == ["City Council"]


def test_the_output_can_be_pasted_into_the_settings(world: World) -> None:
    world.tells('So-called "Net" \\ Works said so.', '"Net" \\ Works')
    world.tells("ネット came, and Segra West Net.", "ネット", "Segra West Net")
    printed = world.ask().stdout
    tables = tomllib.loads(printed)["competitor"]
    assert len(tables) == 3
    assert "# 1 mention in 1 article" in printed
    world.settings_are(more=printed)
    load(world.folder / "market.toml")
    assert world.names() == []
    assert "no organisation" in world.ask().stdout


def test_an_id_of_the_lexicon_is_not_given_to_another(world: World) -> None:
    lexicon = Lexicon.load()
    names = (company.id.replace("-", " ").title() for company in lexicon)
    other = next(name for name in names if lexicon.by_name(name) is None)
    world.tells(f"{other} came by.", other)
    [entry] = world.found()
    assert entry["name"] == other
    assert lexicon.get(entry["id"]) is None


def test_a_mention_in_the_title_shows_the_title(world: World) -> None:
    title = "Oak Net comes to town"
    found = world.tells("Nothing else.", title=title)
    mention = Mention(text="Oak Net", start=0, end=7, field="title", kind="company")
    world.ledger.record_tagged([tagged(found, mentions=(mention,))])
    assert world.found()[0]["example"] == title


def test_options_of_unknown_alone_are_wrong_use(world: World) -> None:
    done = ask(world.folder, "companies", "--operators")
    assert (done.returncode, "--unknown" in done.stderr) == (2, True)
