"""Which tellings are one build and which are two. The groups were written by hand before the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from briefs.buildbook import read_builds
from briefs.samebuild import differs
from tests.briefs.build import GREENVILLE, article, company, day, expansion, place, span
from tests.briefs.world import World

SIMPSONVILLE = {"id": 4595864, "name": "Simpsonville", "kind": "city", "state": "SC", "county_fips": "45045"}
MAULDIN = {"id": 4586523, "name": "Mauldin", "kind": "city", "state": "SC", "county_fips": "45045"}
COUNTY = {"id": 4580549, "name": "Greenville County", "kind": "county", "state": "SC", "county_fips": "45045"}
STATE = {"id": 4597040, "name": "South Carolina", "kind": "state", "state": "SC", "county_fips": None}


def t(number: int, stage: str, *where: dict[str, Any], text: str = "", **fact: Any) -> dict[str, Any]:
    """One article with one fact; `story` puts it into another's story, `url` makes it a newer version."""
    return {"day": number, "stage": stage, "where": where or (GREENVILLE,), "text": text} | fact


def tell(world: World, number: int, told: dict[str, Any]) -> None:
    values = dict(told)
    at, stage, where, text = (values.pop(name) for name in ("day", "stage", "where", "text"))
    story, url = values.pop("story", None), values.pop("url", None)
    text = text or f"Telling {number} of {stage} work by the company."
    changed = {"url": url} if url else {}
    held, item = article(f"Telling {number}", text, day(at), **changed)
    facts = [values | extra for extra in values.pop("more", ())] or [values]
    made = tuple(
        expansion(
            item,
            places=tuple(spot["id"] for spot in fact.pop("places", where)),
            stage=stage,
            evidence=(span(item, text, "stage"),),
            **({"id": f"x-{number}-{count}"} | fact),
        )
        for count, fact in enumerate(facts)
    )
    tags: dict[str, Any] = {"story_id": f"s-{story}"} if story else {}
    world.tell((held, item), companies=(company("acme-fiber", "Acme Fiber"),),
               places=tuple(map(place, where)), expansions=made, **tags)  # fmt: skip


ONE, TWO = [[0, 1]], [[0], [1]]
CASES: dict[str, tuple[list[dict[str, Any]], list[list[int]]]] = {
    "two towns of one county, each announced by itself": (
        [t(0, "announced", SIMPSONVILLE), t(9, "announced", MAULDIN)],
        TWO,
    ),
    "two towns of one county that happen to have as many homes": (
        [t(0, "announced", SIMPSONVILLE, passings=5000), t(9, "construction", MAULDIN, passings=5000)],
        TWO,
    ),
    "two towns, the county named beside each, with other sizes": (
        [
            t(0, "announced", SIMPSONVILLE, COUNTY, passings=5000),
            t(9, "announced", MAULDIN, COUNTY, passings=4000),
        ],
        TWO,
    ),
    "one build whose county is named beside another of its towns each time": (
        [
            t(0, "announced", SIMPSONVILLE, COUNTY, passings=9000),
            t(9, "construction", MAULDIN, COUNTY, passings=9000),
        ],
        ONE,
    ),
    "two towns in one article, the sizes apart, are two": (
        [t(0, "announced", COUNTY, more=({"places": (SIMPSONVILLE, COUNTY), "passings": 5000},
                                         {"places": (MAULDIN, COUNTY), "passings": 4600}))],
        [[0], [0]],
    ),
    "a second phase in the same town has its own size": (
        [
            t(0, "construction", passings=4000),
            t(30, "announced", passings=3500, text="The second phase will reach 3,500 homes."),
        ],
        TWO,
    ),
    "the first phase and the second, told by name": (
        [
            t(0, "announced", passings=4000, text="Phase one covers 4,000 homes."),
            t(30, "announced", passings=4400, text="Phase two covers 4,400 homes."),
        ],
        TWO,
    ),
    "the stages of the second phase are one build": (
        [
            t(0, "announced", passings=3500, text="Phase 2 will reach 3,500 homes."),
            t(30, "construction", passings=3500, text="Crews have begun the second phase, 3,500 homes."),
        ],
        ONE,
    ),
    "more homes announced in a town that is live": (
        [t(0, "live", passings=4000), t(40, "announced", passings=3500)],
        TWO,
    ),
    "something new announced in a town that is live, without figures": (
        [t(0, "live", passings=4000), t(40, "announced")],
        TWO,
    ),
    "a paper that tells the day after that it is being built, when it is live": (
        [t(0, "live", passings=4000), t(1, "construction")],
        ONE,
    ),
    "a county and a town of it, without figures": (
        [t(0, "announced", COUNTY), t(30, "construction", MAULDIN)],
        ONE,
    ),
    "a county and the first homes of one town": (
        [t(0, "funded", COUNTY, passings=2140), t(30, "live", MAULDIN, passings=310)],
        TWO,
    ),
    "a county's grant, and a town of it where something with its own miles is given up": (
        [t(0, "funded", COUNTY, passings=870), t(5, "cancelled", MAULDIN, route_miles=74.0)],
        TWO,
    ),
    "a county's grant, and a town of it where something is given up": (
        [t(0, "funded", COUNTY, passings=870), t(5, "cancelled", MAULDIN)],
        TWO,
    ),
    "the partner is told as the builder": (
        [
            t(0, "announced", passings=8000, partner="harbor-cable"),
            t(20, "construction", passings=8000, company="harbor-cable", company_name="Harbor Cable"),
        ],
        ONE,
    ),
    "builder and partner change places": (
        [
            t(0, "announced", partner="harbor-cable", investment_cents=900),
            t(20, "construction", company="harbor-cable", partner="acme-fiber", investment_cents=900),
        ],
        ONE,
    ),
    "a partner who builds something else in the same town": (
        [
            t(0, "announced", passings=8000, partner="harbor-cable"),
            t(20, "construction", passings=2100, company="harbor-cable"),
        ],
        TWO,
    ),
    "fiber where there was cable is another build": (
        [
            t(0, "live", passings=12000, technology="hfc"),
            t(90, "announced", passings=12000, technology="fiber"),
        ],
        TWO,
    ),
    "a delay with a new date": (
        [t(0, "announced", passings=12000, target_on="2026"), t(60, "announced", target_on="2027-Q3")],
        ONE,
    ),
    "given up, and taken up soon after": (
        [t(0, "announced", passings=12000), t(30, "cancelled"), t(60, "announced", passings=12000)],
        [[0, 1, 2]],
    ),
    "the one of two builds that is given up is the one of its size": (
        [
            t(0, "announced", passings=12000),
            t(3, "announced", passings=900),
            t(9, "cancelled", passings=12000),
        ],
        [[0, 2], [1]],
    ),
    "grown by a quarter": (
        [t(0, "announced", passings=12000), t(60, "construction", passings=15000)],
        ONE,
    ),
    "grown far, and the text says from what": (
        [
            t(0, "announced", passings=12000),
            t(60, "announced", passings=21000, text="It grows from 12,000 to 21,000 homes."),
        ],
        ONE,
    ),
    "grown far, and nothing says so": (
        [t(0, "announced", passings=12000), t(60, "announced", passings=21000)],
        TWO,
    ),
    "the same story a year later": (
        [t(0, "announced", passings=12000, story="one"), t(370, "announced", passings=12000, story="one")],
        ONE,
    ),
    "the same story a year after it went live": (
        [
            t(0, "announced", passings=12000, story="one"),
            t(100, "live", passings=12000),
            t(480, "announced", passings=12000, story="one"),
        ],
        [[0, 1, 2]],
    ),
    "nothing in common but the town, three years on": (
        [t(0, "announced"), t(1100, "announced")],
        TWO,
    ),
    "a corrected article is told once, as corrected": (
        [
            t(0, "announced", passings=12000, url="https://upstate-ledger.example/a"),
            t(1, "announced", passings=15000, url="https://upstate-ledger.example/a"),
        ],
        [[1]],
    ),
    "nothing in common but the state": (
        [t(0, "announced", GREENVILLE, STATE, passings=12000), t(5, "announced", STATE, passings=11000)],
        TWO,
    ),
    "a ring for businesses and a network for homes, told by their miles": (
        [t(0, "announced", route_miles=38.0), t(9, "permitted", route_miles=212.0)],
        TWO,
    ),
    "as fast, and due in the same year, but of another size": (
        [
            t(0, "announced", passings=12000, down_mbps=1000.0, target_on="2027"),
            t(9, "announced", passings=900, down_mbps=1000.0, target_on="2027"),
        ],
        TWO,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_tellings_are_one_build_or_two(name: str, tmp_path: Path) -> None:
    told, expected = CASES[name]
    world = World(tmp_path)
    for number, item in enumerate(told):
        tell(world, number, item)
    found = [
        sorted(int(step.title.rpartition(" ")[2]) for step in build.history)
        for build in read_builds(world.desk)
    ]
    world.ledger.close()
    assert sorted(found) == expected


def test_a_part_of_a_larger_build_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    tell(world, 0, t(0, "funded", COUNTY, passings=2140))
    tell(world, 1, t(30, "live", MAULDIN, passings=310))
    part, whole = read_builds(world.desk)
    world.ledger.close()
    assert (part.part_of, whole.part_of) == (whole.id, None)


@pytest.mark.parametrize(
    ("slot", "one", "other", "expected"),
    [
        ("passings", 12000, 15000, True),
        ("passings", 12000, 11963, False),
        ("passings", 12000, 12600, True),
        ("passings", 20000, 15000, True),
        ("target_on", "2027", "2027-Q3", False),
        ("target_on", "2027-05", "2027-Q2", False),
        ("target_on", "2027-05", "2027-Q3", True),
        ("target_on", "2026-12-31", "2027", True),
        ("route_miles", 38.0, 38.4, False),
    ],
)
def test_rounded_and_finer_values_do_not_differ(slot: str, one: Any, other: Any, expected: bool) -> None:
    assert differs(slot, one, other) is expected
    assert differs(slot, other, one) is expected
