"""`brief`, `prep`, `accounts` and `verify` on a market that a whole run has filled."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from crowsnest.cli.main import app
from crowsnest.demo.mailbox import Mailbox
from crowsnest.run import run
from crowsnest.settings import load
from crowsnest.ship import board
from market.clock import FixedClock
from market.errors import CrowsnestError, UsageError
from tests.crowsnest.small_web import settings_for, small_web

MONDAY = FixedClock(datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
WEEK = "2026-W46"
"""Monday 2026-11-09 to Sunday: six of the small web's eight builds are of it."""
ACCOUNTS = """Company,City,State,Current ISP
Raman Family Dental,Greenville,SC,Bluewater Fiber
Mill Street Looms,Boise,ID,
,Greer,SC,
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    with small_web() as base, board(load(settings_for(folder, base)), clock=MONDAY) as ship:
        run(ship)
    return folder


@pytest.fixture
def market(filled: Path, tmp_path: Path) -> Path:
    """The market's own copy for one test; returns its settings file."""
    shutil.copytree(filled, tmp_path / "market")
    return tmp_path / "market" / "market.toml"


def call(market: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--settings", str(market), *words])


def refused(market: Path, *words: str) -> CrowsnestError:
    error = call(market, *words).exception
    assert isinstance(error, CrowsnestError)
    return error


def test_a_brief_is_printed_as_text_and_as_json(market: Path) -> None:
    printed = call(market, "brief", "--week", WEEK)
    assert printed.exit_code == 0
    assert "Bluewater Fiber announced a fiber build in Greenville, SC: 4,500 homes" in printed.stdout
    as_json = json.loads(call(market, "brief", "--week", WEEK, "--json").stdout)
    assert as_json["week"] == WEEK
    builds = next(part for part in as_json["sections"] if part["id"] == "builds")
    assert {claim["company"] for claim in builds["claims"]} == {"bluewater"}
    assert all(claim["evidence"] for claim in builds["claims"])


def test_a_brief_is_written_in_both_forms(market: Path, tmp_path: Path) -> None:
    done = call(market, "brief", "--week", WEEK, "--out", str(tmp_path / "out"))
    assert done.stdout.split() == [
        str(tmp_path / "out" / f"{WEEK}-leader.html"),
        str(tmp_path / "out" / f"{WEEK}-leader.txt"),
    ]
    assert "4,500" in (tmp_path / "out" / f"{WEEK}-leader.html").read_text("utf-8")


def test_a_brief_is_mailed_once(market: Path, tmp_path: Path) -> None:
    with Mailbox(tmp_path / "mailbox") as mailbox:
        table = f'\n[mail]\nhost = "127.0.0.1"\nport = {mailbox.port}\ntls = "none"\nfrom = "c@example.com"\n'
        market.write_text(market.read_text("utf-8") + table, encoding="utf-8")
        first = call(market, "brief", "--week", WEEK, "--send")
        second = call(market, "brief", "--week", WEEK, "--send")
        (kept,) = mailbox.kept
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "leader@example.com: sent" in first.stderr
    assert "has this brief already" in second.stderr
    message = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--subscriber", "leadr"), "no [[subscriber]] has the id 'leadr'; known: leader"),
        (("--week", "W46"), "is not an ISO week"),
        (("--send",), "--send needs a [mail] table"),
    ],
)
def test_wrong_use_says_what_to_do(market: Path, words: tuple[str, ...], says: str) -> None:
    error = refused(market, "brief", *words)
    assert isinstance(error, UsageError)
    assert says in error.message


def test_accounts_come_from_a_csv_and_are_listed(market: Path, tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    table.write_text(ACCOUNTS, encoding="utf-8")
    done = call(market, "accounts", "import", str(table))
    assert done.exit_code == 1
    assert "2 accounts taken in, 1 remark\n" in done.stdout
    assert "line 4" in done.stderr
    listed = call(market, "accounts", "list").stdout.splitlines()
    assert listed == [
        "mill-street-looms  Mill Street Looms  Boise, ID",
        "raman-family-dental  Raman Family Dental  Greenville, SC",
    ]
    kept = json.loads(call(market, "accounts", "list", "--json").stdout.splitlines()[1])
    assert kept["county_fips"] == "45045"
    assert "cannot be read" in refused(market, "accounts", "import", str(tmp_path / "none.csv")).message


def test_a_sheet_shows_the_accounts_county_and_prices(market: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    call(market, "accounts", "import", str(tmp_path / "accounts.csv"))
    path = tmp_path / "sheets" / "raman.html"
    done = call(market, "prep", "Raman Family Dental", "--out", str(path))
    assert (done.exit_code, done.stdout.strip()) == (0, str(path))
    page = path.read_text("utf-8")
    assert "Greenville County, SC" in page
    assert "$119.99" in page
    assert "Business 600" in page


def test_a_sheet_for_nobody_or_in_another_format_is_refused(market: Path, tmp_path: Path) -> None:
    assert "accounts import" in refused(market, "prep", "Nobody").message
    assert "ends in .html" in refused(market, "prep", "Nobody", "--out", "sheet.pdf").message


def test_a_misspelt_account_is_answered_with_the_nearest(market: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    call(market, "accounts", "import", str(tmp_path / "accounts.csv"))
    message = refused(market, "prep", "Ramen Famly Dentist").message
    assert 'did you mean "Raman Family Dental" (raman-family-dental)?' in message
    assert "Mill Street" not in message
    assert "crowsnest accounts list" in refused(market, "prep", "Zyx").message


def test_verify_says_what_it_checked(market: Path) -> None:
    call(market, "brief", "--week", WEEK, "--out", str(market.parent))
    done = call(market, "verify")
    assert done.exit_code == 0
    assert "every number stands in its quote" in done.stdout
    counts = json.loads(call(market, "verify", "--json").stdout)
    assert counts["briefs"] == 2
    assert counts["claims"] >= 6
    assert counts["captures"] >= 6
    assert (counts["files"], counts["broken"]) == (1, None)


def test_a_sheet_is_kept_and_verified_and_printed_as_data(market: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    call(market, "accounts", "import", str(tmp_path / "accounts.csv"))
    page = tmp_path / "raman dental.html"
    call(market, "prep", "raman-family-dental", "--out", str(page), "--days", "30")
    printed = call(market, "prep", "Raman Family Dental", "--json")
    data = json.loads(printed.stdout)
    assert data["account"]["id"] == "raman-family-dental"
    assert any("$119.99" in price["claim"]["text"] for price in data["prices"])
    assert not Path("raman-family-dental.html").exists()
    with board(load(market), alone=False) as ship:
        commands = {sheet.command for sheet in ship.ledger.sheets()}
    assert commands == {
        f"crowsnest prep raman-family-dental --out '{page}' --days 30",
        "crowsnest prep 'Raman Family Dental'",
    }
    counts = json.loads(call(market, "verify", "--json").stdout)
    assert (counts["sheets"], counts["broken"]) == (2, None)
    assert json.loads(call(market, "verify", "--subscriber", "leader", "--json").stdout)["sheets"] == 0
    engine = create_engine(load(market).ledger_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE sheets SET payload = replace(payload, '$119.99', '$19.99')"))
    engine.dispose()
    _, broken = tampered(market)
    assert broken["where"].startswith("sheet ")


def test_copies_are_links_where_the_settings_say_how_the_web_app_is_reached(
    market: Path, tmp_path: Path
) -> None:
    table = '\n[web]\nurl = "https://crowsnest.example"\n'
    market.write_text(market.read_text("utf-8") + table, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    call(market, "accounts", "import", str(tmp_path / "accounts.csv"))
    assert "https://crowsnest.example/capture/" in call(market, "brief", "--week", WEEK).stdout
    call(market, "prep", "raman-family-dental", "--out", str(tmp_path / "sheet.html"))
    assert 'href="https://crowsnest.example/capture/' in (tmp_path / "sheet.html").read_text("utf-8")


def test_a_run_without_mail_says_where_the_brief_lies_and_how_to_send_it(tmp_path: Path) -> None:
    with small_web() as base:
        settings = settings_for(tmp_path, base)
        done = call(settings, "run")
        page = next((tmp_path / "data" / "briefs").glob("*-leader.html"))
        assert f"\n  {page}\n" in done.stdout
        assert "has no [mail]" in done.stdout
        assert "crowsnest brief --send" in done.stdout


def test_the_tag_stage_reports_as_json(market: Path) -> None:
    done = call(market, "tag", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["counts"] == {"tag": {"articles": 0, "expansions": 0}}


def tampered(market: Path) -> tuple[Path, dict[str, str]]:
    """Return the archive file and what `verify --json` says of the first claim that does not hold."""
    done = call(market, "verify", "--json")
    assert done.exit_code == 1
    broken: dict[str, str] = json.loads(done.stdout)["broken"]
    (archive,) = (market.parent / "data" / "archive").glob("*.warc.gz*")
    assert broken["claim"] in done.stderr
    assert broken["capture_id"] in done.stderr
    assert archive.name in done.stderr
    return archive, broken


def test_a_flipped_byte_in_the_archive_is_found(market: Path) -> None:
    call(market, "brief", "--week", WEEK, "--out", str(market.parent))
    with board(load(market), alone=False) as ship:
        (brief,) = [each for each in ship.ledger.briefs() if each.week == WEEK]
        claim = next(claim for claim in brief.claims() if claim.kind == "build")
        capture = ship.ledger.capture(claim.evidence[0].capture_id)
    assert capture is not None
    path = market.parent / "data" / "archive" / capture.warc_file
    data = bytearray(path.read_bytes())
    end = data.find(b"\x1f\x8b\x08", capture.warc_offset + 3)
    data[(capture.warc_offset + (end if end > 0 else len(data))) // 2] ^= 0x10
    path.write_bytes(data)
    _, broken = tampered(market)
    assert broken["capture_id"] == capture.id


def test_a_changed_text_in_the_ledger_is_found(market: Path) -> None:
    call(market, "brief", "--week", WEEK, "--out", str(market.parent))
    engine = create_engine(load(market).ledger_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE texts SET payload = replace(payload, '4,500', '9,500')"))
    engine.dispose()
    _, broken = tampered(market)
    assert "its quote does not stand in capture" in broken["why"]


def test_a_lost_archive_file_is_found(market: Path) -> None:
    call(market, "brief", "--week", WEEK, "--out", str(market.parent))
    (archive,) = (market.parent / "data" / "archive").glob("*.warc.gz*")
    archive.unlink()
    done = call(market, "verify")
    assert done.exit_code == 1
    assert f"The archive file {archive.name} is not in" in done.stderr
    assert "Bluewater Fiber" in done.stderr
