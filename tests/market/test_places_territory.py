"""Territories: what they cover, and how places stand to them."""

import pytest

from market.places.gazetteer import Gazetteer
from market.places.territory import cover, relation
from market.records import Territory


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def counties(gazetteer, **fields) -> set[str]:
    covered = cover(Territory(id="t", **fields), gazetteer)
    assert covered.misunderstood == ()
    return set(covered.counties)


def test_a_state_brings_all_its_counties(gazetteer):
    covered = cover(Territory(id="t", states=("SC", "Del.")), gazetteer)
    assert len(covered.counties) == 49
    assert covered.states_whole == {"SC", "DE"}
    assert covered.states_part == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Greenville County, SC", {"45045"}),
        ("Greenville, SC", {"45045"}),
        ("45045", {"45045"}),
        ("Orleans Parish, Louisiana", {"22071"}),
        ("Orleans, LA", {"22071"}),
        ("Baltimore city, MD", {"24510"}),
        ("City of Baltimore, MD", {"24510"}),
        ("Baltimore County, MD", {"24005"}),
        ("Hartford County, CT", {"09003", "09110"}),
        ("Capitol Planning Region, CT", {"09110", "09003"}),
    ],
)
def test_counties_and_their_equivalents(gazetteer, text, expected):
    assert counties(gazetteer, counties=(text,)) == expected


def test_metros_by_code_title_and_city(gazetteer):
    upstate = {"45007", "45045", "45059", "45077"}
    assert counties(gazetteer, metros=("24860",)) == upstate
    assert counties(gazetteer, metros=("Greenville-Anderson, SC",)) == upstate
    assert counties(gazetteer, metros=("Greenville, SC",)) == upstate


def test_cities_bring_the_counties_they_straddle(gazetteer):
    assert counties(gazetteer, cities=("Greenville, SC",)) == {"45045"}
    assert {"29095", "29047"} <= counties(gazetteer, cities=("Kansas City, MO",))
    assert len(counties(gazetteer, cities=("New York City, NY",))) == 5


def test_zip_codes_bring_their_county(gazetteer):
    assert counties(gazetteer, zips=("29601",)) == {"45045"}


def test_what_is_not_understood_is_told_with_what_to_write(gazetteer):
    covered = cover(
        Territory(
            id="t",
            states=("Narnia",),
            counties=("Greenville",),
            metros=("Columbus",),
            cities=("Springfield",),
            zips=("00000",),
        ),
        gazetteer,
    )
    assert covered.counties == frozenset()
    assert [text.split(":")[0] for text in covered.misunderstood] == [
        "states",
        "counties",
        "metros",
        "cities",
        "zips",
    ]
    assert "postal code" in covered.misunderstood[0]
    assert "FIPS" in covered.misunderstood[1]
    assert "CBSA" in covered.misunderstood[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Greenville, SC", "in"),
        ("Simpsonville, SC", "in"),
        ("Greenville County, SC", "in"),
        ("Spartanburg, SC", "near"),
        ("Charleston, SC", "out"),
        ("Greenville, NC", "out"),
        ("South Carolina", "near"),
        ("North Carolina", "out"),
        ("Canada", "out"),
        ("US", "out"),
        ("London", "out"),
        ("Greenville-Anderson, SC", "in"),
    ],
)
def test_relation_to_a_county(gazetteer, text, expected):
    covered = cover(Territory(id="t", counties=("Greenville County, SC",)), gazetteer)
    place = gazetteer.find(text) or gazetteer.lookup(text, kinds={"metro"})[0]
    assert relation(place, covered, gazetteer) == expected


def test_a_state_of_the_territory_is_in(gazetteer):
    covered = cover(Territory(id="t", states=("SC",)), gazetteer)
    assert relation(gazetteer.state("SC"), covered) == "in"
    assert relation(gazetteer.find("Charleston, SC"), covered) == "in"
    assert relation(gazetteer.find("Charlotte, NC"), covered) == "near"


def test_a_large_metro_of_which_the_territory_is_a_small_part_is_near(gazetteer):
    covered = cover(Territory(id="t", counties=("Forsyth County, GA",)), gazetteer)
    atlanta = gazetteer.lookup("metro Atlanta")[0]
    assert relation(atlanta, covered, gazetteer) == "near"


def test_an_empty_territory_covers_nothing(gazetteer):
    covered = cover(Territory(id="t"), gazetteer)
    assert covered.counties == frozenset()
    assert relation(gazetteer.find("Greenville, SC"), covered, gazetteer) == "out"
