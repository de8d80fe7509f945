"""The demo as a newcomer runs it: twice, with mails, a brief and a sheet, and what its briefs got right."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.recall import Score, score_market
from briefs.claims import figures
from briefs.lines import line_of
from crowsnest.cli.main import app
from crowsnest.demo.show import SEARCHES
from crowsnest.settings import load
from crowsnest.ship import board

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Played:
    """A finished demo and what its two runs printed."""

    folder: Path
    codes: tuple[int, int]
    first: str
    second: str
    made: dict[Path, bytes]
    """The mails, briefs and sheet as the first run left them."""


def products(folder: Path) -> dict[Path, bytes]:
    paths = [*(folder / "mailbox").iterdir(), *(folder / "data" / "briefs").iterdir(), folder / "sheet.html"]
    return {path: path.read_bytes() for path in sorted(paths)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo") / "market"
    first = CliRunner().invoke(app, ["demo", "--dir", str(folder)])
    made = products(folder)
    second = CliRunner().invoke(app, ["demo", "--dir", str(folder)])
    return Played(folder, (first.exit_code, second.exit_code), first.stdout, second.stdout, made)


@pytest.fixture(scope="module")
def scored(played: Played) -> Score:
    return score_market(played.folder)


def test_it_ends_well_and_says_where_things_lie(played: Played) -> None:
    assert played.codes == (0, 0), played.first
    assert "exactly those that the sample web is meant to cause" in played.first
    for name in ("sheet.html", "market.toml", "data/briefs/2026-W47-upstate-desk.html"):
        assert str(played.folder / name) in played.first
        assert (played.folder / name).exists()


def test_its_searches_hit(played: Played) -> None:
    for query in SEARCHES:
        line = next(line for line in played.first.splitlines() if line.strip().startswith(query))
        assert re.search(r"\b[1-9]\d* hits?$", line), line


def test_brief_and_sheet_have_what_they_are_for(played: Played) -> None:
    brief = (played.folder / "data/briefs/2026-W47-upstate-desk.txt").read_text("utf-8")
    assert "$399.00 → $349.00" in brief
    assert "17 of 20 sources read" in brief
    sheet = (played.folder / "sheet.html").read_text("utf-8")
    assert "Spartanburg County, SC" in sheet
    assert "What is not known" in sheet


def test_six_mails_came_by_smtp_in_both_forms(played: Played) -> None:
    mails = sorted((played.folder / "mailbox").glob("*.eml"))
    assert len(mails) == 6
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        assert message.get_content_type() == "multipart/alternative"
        bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
        assert all(body is not None and len(body.get_content()) > 1000 for body in bodies)
        pictures = {part["Content-ID"] for part in message.walk() if part.get_content_type() == "image/png"}
        html = message.get_body(("html",)).get_content()
        assert {f"<{name}>" for name in re.findall(r'src="cid:([^"]+)"', html)} == pictures
        assert re.search(r"week 4[567]: \d+ price move", str(message["Subject"]))


def test_the_second_run_changes_nothing_and_says_so(played: Played) -> None:
    assert "Unchanged" in played.second
    assert "0 pages read, 0 articles tagged, 0 build facts, 0 briefs mailed" in played.second
    assert products(played.folder) == played.made


def test_every_claim_holds(played: Played) -> None:
    done = CliRunner().invoke(app, ["--settings", str(played.folder / "market.toml"), "verify"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("6 briefs")


def test_numbers_of_a_build_stand_in_a_quote_that_is_shown_under_it(played: Played) -> None:
    settings = load(played.folder / "market.toml")
    with board(settings, alone=False) as ship:
        claims = [
            claim for brief in ship.ledger.briefs() for claim in brief.claims() if claim.kind == "build"
        ]
        claims += [claim for sheet in ship.ledger.sheets() for claim in sheet.builds]
    assert len(claims) > 10
    for claim in claims:
        shown = [quote for source in line_of(claim, UTC, "").sources for quote in source.quotes]
        told = {figure.value for figure in figures(claim.text)}
        assert told <= {figure.value for quote in shown for figure in figures(quote)}, claim.text
    assert any("target summer of 2027" in claim.text for claim in claims)


def test_it_reports_as_json(played: Played) -> None:
    done = CliRunner().invoke(app, ["demo", "--dir", str(played.folder), "--json"])
    report = json.loads(done.stdout)
    assert (report["changed"], report["issues"]) == (False, {"unexpected": [], "missing": []})
    assert report["verified"]["broken"] is None
    assert (report["verified"]["briefs"], report["verified"]["sheets"]) == (6, 1)
    assert [each["week"] for each in report["weeks"]] == [0]
    assert report["weeks"][0]["report"]["counts"]["read"]["captures"] == 0
    assert Path(report["sheet"]).exists()
    assert Path(report["brief"]).exists()
    assert "Look at them" in done.stderr


def test_the_briefs_tell_what_happened(scored: Score) -> None:
    assert scored.recall >= 0.95, scored.render()


def test_the_briefs_tell_nothing_else(scored: Score) -> None:
    assert scored.precision == 1.0, scored.render()


def test_the_brief_shows_a_build_moving_through_three_weeks(played: Played) -> None:
    settings = load(played.folder / "market.toml")
    with board(settings, alone=False) as ship:
        briefs = {(brief.week, brief.subscriber_id): brief for brief in ship.ledger.briefs()}
    claim = next(
        claim
        for claim in briefs["2026-W47", "upstate-desk"].claims()
        if claim.kind == "build" and claim.company == "brindlewave"
    )
    assert claim.tags[0] == "under construction"
    assert [(step.tags[0], step.citations[0].on.day) for step in claim.steps] == [
        ("announced", 3),
        ("permitted", 10),
    ]
    assert all(step.evidence and step.citations[0].capture_id for step in claim.steps)
    (size,) = claim.disputes
    assert [said.text.partition(": ")[2] for said in size.said] == [
        "18,500 homes and businesses.",
        "16,900 homes.",
    ]
    for name in (".txt", ".html"):
        page = (played.folder / f"data/briefs/2026-W47-upstate-desk{name}").read_text("utf-8")
        for shown in (
            "Announced Nov 3",
            "permitted Nov 10",
            "under construction Nov 18",
            "Pages differ on the size",
        ):
            assert shown in page
