from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefs.follow import follow_plans
from briefs.pricebook import read_book
from market.records import Capture
from tests.briefs.build import capture, day, offer, reading
from tests.briefs.world import World

FIVE = {"name": "Fiber 500", "cents": 5999}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.ledger.close()


def again(world: World, at: Capture, cents: int, version: int) -> None:
    """Read a capture anew with another version of the reader."""
    world.ledger.record_reading(reading(at, version=version), [offer(at, **FIVE | {"cents": cents})], ())


def test_following_twice_changes_nothing(world: World) -> None:
    world.look(day(0), FIVE)
    before = world.ledger.plans()
    assert follow_plans(world.ledger, world.desk.sources).plans == 0
    assert world.ledger.plans() == before


def test_an_unchanged_page_carries_its_plans_on_by_one_look(world: World) -> None:
    first = world.look(day(0), FIVE)
    world.ledger.capture(capture(day(3), changed=False, same_as=first.id))
    follow_plans(world.ledger, world.desk.sources)
    (plan,) = read_book(world.desk)
    assert (plan.standing, plan.first_seen, plan.last_seen) == ("listed", day(0), day(3))
    assert len(plan.points) == 1


def test_a_page_read_anew_corrects_the_history_and_moves_no_price(world: World) -> None:
    first, second = world.look(day(0), FIVE), world.look(day(1), FIVE)
    for at in (first, second):
        again(world, at, 6999, version=2)
    followed = follow_plans(world.ledger, world.desk.sources)
    (plan,) = read_book(world.desk)
    assert [point.monthly_cents for point in plan.points] == [6999]
    assert plan.moves == ()
    (issue,) = followed.corrections
    assert (issue.code, issue.source_id, issue.data) == (
        "prices-corrected",
        "acme-plans",
        {"plans": ["Fiber 500"]},
    )


def test_a_page_read_anew_to_the_same_effect_corrects_nothing(world: World) -> None:
    first = world.look(day(0), FIVE)
    again(world, first, 5999, version=2)
    assert follow_plans(world.ledger, world.desk.sources).corrections == []


def test_a_look_that_comes_to_light_late_takes_its_place(world: World) -> None:
    world.look(day(2), FIVE | {"cents": 6499})
    world.look(day(0), FIVE)
    (plan,) = read_book(world.desk)
    assert [point.monthly_cents for point in plan.points] == [5999, 6499]
    assert [(move.kind, move.seen_at) for move in plan.moves] == [("rise", day(2))]


def test_the_book_of_an_earlier_moment_knows_nothing_of_later_looks(world: World) -> None:
    world.look(day(0), FIVE, {"name": "Fiber Gig", "cents": 7999, "row": 3, "down_mbps": 1000.0})
    world.look(day(2), FIVE | {"cents": 6499})
    five, gig = read_book(world.desk, until=day(1), listed_only=True)
    assert (five.offer.monthly_cents, five.moves, gig.standing) == (5999, (), "listed")
    (now,) = read_book(world.desk, listed_only=True)
    assert now.offer.monthly_cents == 6499


GIG = {"name": "Fiber Gig", "cents": 7999, "row": 3, "down_mbps": 1000.0}


def missed(world: World, number: int, **more: object) -> None:
    world.ledger.capture(capture(day(number), **({"status": 404, "reader": None} | more)))
    follow_plans(world.ledger, world.desk.sources)


def test_a_page_that_answers_with_an_error_leaves_its_plans_unseen_until_it_is_back(world: World) -> None:
    first = world.look(day(0), FIVE)
    missed(world, 1)
    missed(world, 2, changed=False, same_as=capture(day(1)).id)
    (gone,) = read_book(world.desk)
    assert (gone.standing, gone.last_seen, gone.moves) == ("unseen", day(0), ())
    world.ledger.capture(capture(day(3), changed=False, same_as=first.id, status=304, reader=None))
    follow_plans(world.ledger, world.desk.sources)
    (back,) = read_book(world.desk)
    assert (back.standing, back.last_seen, back.moves) == ("listed", day(3), ())


def test_a_page_that_waits_to_be_read_is_no_look_yet(world: World) -> None:
    world.look(day(0), FIVE)
    world.ledger.capture(capture(day(1)))
    follow_plans(world.ledger, world.desk.sources)
    assert [plan.standing for plan in read_book(world.desk)] == ["listed"]
