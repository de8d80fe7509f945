from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.buildbook import read_builds
from briefs.reach import Reach
from crowsnest.cli.builds import geojson
from market.records import Build, Territory
from tests.briefs.build import BOISE, GREENVILLE, SPARTANBURG, article, company, day, expansion, place, span
from tests.briefs.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.ledger.close()


def tell(world: World, number: int, stage: str, where: dict[str, Any] = GREENVILLE, **fact: Any) -> None:
    text = f"Acme Fiber: {stage} number {number}."
    held, item = article(f"Acme {stage} {number} {fact}", text, day(number))
    told = expansion(item, places=(where["id"],), stage=stage, evidence=(span(item, text, "stage"),), **fact)
    world.tell((held, item), companies=(company("acme-fiber", "Acme Fiber"),), places=(place(where),),
               expansions=(told,))  # fmt: skip


def one(world: World, **asked: Any) -> Build:
    (build,) = read_builds(world.desk, **asked)
    return build


def test_a_build_told_through_its_stages_is_one_with_its_history(world: World) -> None:
    for number, stage in ((0, "announced"), (20, "permitted"), (60, "construction"), (200, "live")):
        tell(world, number, stage, passings=12000)
    build = one(world)
    assert [told.fact.stage for told in build.history] == ["announced", "permitted", "construction", "live"]
    assert (build.stage, build.first_told, build.last_told) == ("live", day(0), day(200))
    assert build.place_names == ("Greenville, SC",)
    assert all(told.fact.evidence for told in build.history)


def test_a_late_copy_of_the_announcement_does_not_take_a_build_back(world: World) -> None:
    tell(world, 0, "construction", passings=12000)
    tell(world, 5, "announced", passings=12000)
    assert one(world).stage == "construction"


def test_what_is_given_up_is_cancelled_until_it_is_taken_up_again(world: World) -> None:
    tell(world, 0, "construction", passings=12000)
    tell(world, 5, "cancelled")
    assert one(world).stage == "cancelled"
    tell(world, 50, "announced", passings=12000)
    assert one(world).stage == "announced"


def test_a_report_of_the_end_that_tells_the_old_plan_does_not_take_it_up_again(world: World) -> None:
    tell(world, 0, "announced", passings=12000)
    tell(world, 20, "cancelled", passings=12000)
    tell(world, 21, "announced", passings=12000)
    assert one(world).stage == "cancelled"


def test_contradictions_are_shown_and_not_averaged(world: World) -> None:
    tell(world, 0, "announced", passings=12000, target_on="2027")
    tell(world, 9, "construction", passings=15000, target_on="2028")
    build = one(world)
    assert build.figures["passings"] == ("15000", "12000")
    assert build.figures["target_on"] == ("2028", "2027")


def test_another_size_another_company_or_another_town_is_another_build(world: World) -> None:
    tell(world, 0, "announced", passings=12000)
    tell(world, 3, "announced", passings=900)
    tell(world, 4, "announced", where=SPARTANBURG, passings=12000)
    tell(world, 5, "announced", passings=12000, company="harbor-cable")
    assert len(read_builds(world.desk)) == 4


def test_a_new_telling_long_after_the_end_is_a_new_build(world: World) -> None:
    tell(world, 0, "live", passings=12000)
    tell(world, 500, "announced", passings=12000)
    assert sorted(build.stage for build in read_builds(world.desk)) == ["announced", "live"]


def test_builds_are_chosen_by_company_place_stage_and_day(world: World) -> None:
    tell(world, 0, "announced", passings=12000)
    tell(world, 9, "live", where=BOISE, passings=700)
    upstate = Reach([Territory(id="x", counties=("45045",))], world.desk.gazetteer)
    assert one(world, reach=upstate).place_names == ("Greenville, SC",)
    assert one(world, stages=("live",)).place_names == ("Boise, ID",)
    assert one(world, since=day(5)).place_names == ("Boise, ID",)
    assert read_builds(world.desk, companies={"harbor-cable"}) == []


def test_as_geojson_each_place_is_a_point_with_longitude_first(world: World) -> None:
    tell(world, 0, "announced", passings=12000)
    (feature,) = geojson(read_builds(world.desk), world.desk.gazetteer)["features"]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert -83 < longitude < -82 < 34 < latitude < 35
    assert (feature["properties"]["stage"], feature["properties"]["passings"]) == ("announced", "12000")
