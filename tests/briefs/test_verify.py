from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefs.claims import Gate
from briefs.meeting import meeting_sheet
from briefs.verify import Verdict, Verifier
from briefs.week import Week
from briefs.weekly import Weekly
from market.errors import UnavailableError
from market.ids import sha256_hex
from market.records import Account, Brief, Capture, Claim, Evidence
from tests.briefs.build import article as told
from tests.briefs.build import capture, company, day
from tests.briefs.world import EASTERN, READER, World

W47 = Week.parse("2026-W47", EASTERN)


class Shelf:
    """An archive that holds what each capture should, unless it is tampered with."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.says: dict[str, str | None] = {}

    def body(self, warc_file: str, offset: int) -> bytes:
        if warc_file in self.bodies:
            return self.bodies[warc_file]
        raise UnavailableError("archive-missing", f"{warc_file}: no such file")

    def quote(self, of: Capture, evidence: object) -> str | None:
        assert isinstance(evidence, Evidence)
        return self.says.get(evidence.quote, evidence.quote)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


@pytest.fixture
def brief(world: World) -> Brief:
    world.look(day(-3), {"cents": 5999})
    world.look(day(2), {"cents": 6499})
    told_one = told("Acme names a chief", "Acme Fiber has a new chief.", day(1))
    world.tell(told_one, companies=(company("acme-fiber", "Acme Fiber"),))
    return Weekly(world.desk, W47).compose(READER, day(7)).brief


@pytest.fixture
def shelf(world: World) -> Shelf:
    shelf = Shelf()
    urls = {"acme-plans": "https://acme-plans.example/plans", "upstate-ledger": ""}
    for held in world.ledger.captures():
        assert held.source_id in urls
        shelf.bodies[held.warc_file] = f"{held.url}{held.fetched_at}".encode()
        assert sha256_hex(shelf.bodies[held.warc_file]) == held.sha256
    return shelf


def check(world: World, shelf: Shelf, brief: Brief) -> Verdict:
    return Verifier(Gate(world.ledger), world.ledger, shelf, shelf).verify([brief])


def test_what_holds_is_counted(world: World, brief: Brief, shelf: Shelf) -> None:
    verdict = check(world, shelf, brief)
    assert verdict.broken is None
    assert (verdict.briefs, verdict.claims, verdict.quotes) == (1, 2, 8)


def test_the_first_quote_that_is_gone_is_named(world: World, brief: Brief, shelf: Shelf) -> None:
    shelf.says["$64.99"] = "$66.99"
    broken = check(world, shelf, brief).broken
    assert broken is not None
    assert "'$66.99' where '$64.99' was quoted" in str(broken)
    assert "2026-W47" in str(broken)
    shelf.says["$64.99"] = None
    assert "nothing stands" in str(check(world, shelf, brief).broken)


def test_bytes_that_changed_or_are_missing_are_named(world: World, brief: Brief, shelf: Shelf) -> None:
    file = capture(day(2)).warc_file
    kept = shelf.bodies.pop(file)
    assert "no such file" in str(check(world, shelf, brief).broken)
    shelf.bodies[file] = kept + b" "
    assert "not those that were captured" in str(check(world, shelf, brief).broken)


def test_a_claim_altered_in_the_ledger_is_named(world: World, brief: Brief, shelf: Shelf) -> None:
    def altered(claim: Claim) -> Claim:
        return claim.model_copy(update={"text": claim.text.replace("$64.99", "$69.99")})

    sections = tuple(
        part.model_copy(update={"claims": tuple(map(altered, part.claims))}) for part in brief.sections
    )
    broken = check(world, shelf, brief.model_copy(update={"sections": sections})).broken
    assert broken is not None
    assert "$69.99" in broken.why


def test_a_page_cited_without_a_quote_is_checked_too(world: World, shelf: Shelf) -> None:
    world.look(day(-3), {"name": "Fiber 500", "cents": 5999}, {"name": "Fiber Gig", "cents": 7999, "row": 3})
    gone = world.look(day(2), {"name": "Fiber 500", "cents": 5999})
    brief = Weekly(world.desk, W47).compose(READER, day(7)).brief
    for held in world.ledger.captures():
        shelf.bodies[held.warc_file] = f"{held.url}{held.fetched_at}".encode()
    assert check(world, shelf, brief).broken is None
    del shelf.bodies[gone.warc_file]
    broken = check(world, shelf, brief).broken
    assert broken is not None
    assert broken.claim.text == "Acme Fiber no longer lists Fiber Gig, last listed at $79.99 a month."
    assert (broken.capture_id, broken.warc_file) == (gone.id, gone.warc_file)
    assert gone.warc_file in str(broken)


def test_the_claims_of_a_meeting_sheet_are_checked_after_the_briefs(
    world: World, brief: Brief, shelf: Shelf
) -> None:
    account = Account(id="raman", name="Raman Dental", city="Greenville", state="SC", county_fips="45045")
    sheet = meeting_sheet(world.desk, account, day(7)).sheet
    (listed,) = [price.claim for price in sheet.prices]
    verifier = Verifier(Gate(world.ledger), world.ledger, shelf, shelf)
    verdict = verifier.verify([brief], [sheet])
    assert verdict.broken is None
    assert (verdict.briefs, verdict.sheets, verdict.claims) == (1, 1, 5)
    assert "1 brief, 1 meeting sheet, 5 claims" in verdict.words()
    wrong = listed.model_copy(update={"text": "Acme Fiber lists Fiber 500 at $66.99 a month."})
    prices = (sheet.prices[0].model_copy(update={"claim": wrong}),)
    broken = verifier.verify([brief], [sheet.model_copy(update={"prices": prices})]).broken
    assert broken is not None
    assert broken.record_id == sheet.id
    assert str(broken).startswith(f"sheet {sheet.id} (raman, made 2026-11-23): ")
    assert '"$66.99" stands in none of its quotes' in broken.why


def test_what_was_checked_is_said(world: World, brief: Brief, shelf: Shelf) -> None:
    verdict = check(world, shelf, brief)
    assert verdict.words() == (
        "1 brief, 2 claims, 8 quotes read again in 3 archived pages of 3 WARC files: every number stands in "
        "its quote, every quote in its page, every page has its hash."
    )
    shelf.says["$64.99"] = None
    assert check(world, shelf, brief).words().endswith("then one claim that does not hold.")
