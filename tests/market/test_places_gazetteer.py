"""The gazetteer: what a name, a code or a ZIP code answers."""

import pickle
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from market.errors import UnavailableError
from market.places.gazetteer import TABLE, Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("text", "name", "kind", "state", "fips"),
    [
        ("Greenville, SC", "Greenville", "city", "SC", "45045"),
        ("Greenville, S.C.", "Greenville", "city", "SC", "45045"),
        ("Greenville, North Carolina", "Greenville", "city", "NC", "37147"),
        ("Ft. Smith, Ark.", "Fort Smith", "city", "AR", "05131"),
        ("FORT SMITH, AR", "Fort Smith", "city", "AR", "05131"),
        ("St. Louis, MO", "St. Louis", "city", "MO", "29510"),
        ("Saint Louis, Missouri", "St. Louis", "city", "MO", "29510"),
        ("NYC", "New York City", "city", "NY", "36061"),
        ("Brooklyn, NY", "Brooklyn", "city", "NY", "36047"),
        ("Washington, D.C.", "Washington", "city", "DC", "11001"),
        ("Winston Salem, NC", "Winston-Salem", "city", "NC", "37067"),
        ("Anchorage, AK", "Anchorage", "city", "AK", "02020"),
        ("Alexandria, VA", "Alexandria", "city", "VA", "51510"),
        ("Hartford, CT", "Hartford", "city", "CT", "09110"),
        ("Greenville County, SC", "Greenville County", "county", "SC", "45045"),
        ("Orleans Parish, LA", "Orleans Parish", "county", "LA", "22071"),
        ("Hartford County, CT", "Hartford County", "county", "CT", "09003"),
        ("Capitol Planning Region, CT", "Capitol Planning Region", "county", "CT", "09110"),
        ("29601", "Greenville", "city", "SC", "45045"),
        ("29601-1234", None, None, None, None),
        ("45045", "Greenville County", "county", "SC", "45045"),
        ("Georgia", "Georgia", "state", "GA", None),
    ],
)
def test_find_knows_the_ways_people_write_places(gazetteer, text, name, kind, state, fips):
    place = gazetteer.find(text)
    if name is None:
        assert place is None
        return
    assert (place.name, place.kind, place.state, place.county_fips) == (name, kind, state, fips)


@pytest.mark.parametrize(
    ("text", "country"), [("Paris, France", "FR"), ("London", "GB"), ("Toronto", "CA"), ("Russia", "RU")]
)
def test_foreign_places_are_not_drawn_into_the_us(gazetteer, text, country):
    assert gazetteer.find(text).country == country


@pytest.mark.parametrize(
    "text", ["", ",", "Xyzzyville", "Xyzzyville, SC", "Springfield", "Greenville, Narnia", "00000"]
)
def test_what_nobody_knows_or_several_share_is_none(gazetteer, text):
    assert gazetteer.find(text) is None


def test_lookup_gives_the_most_populous_first_and_narrows_by_state_and_kind(gazetteer):
    everywhere = gazetteer.lookup("Columbus", kinds={"city"})
    assert [place.state for place in everywhere[:2]] == ["OH", "GA"]
    assert [place.state for place in gazetteer.lookup("Columbus", "IN", {"city"})] == ["IN"]
    assert all(place.kind == "city" for place in everywhere)


def test_a_bare_county_name_counts_only_when_counties_are_asked_for(gazetteer):
    assert gazetteer.lookup("Sebastian", "AR") == []
    assert [place.county_fips for place in gazetteer.lookup("Sebastian", "AR", {"county"})] == ["05131"]


def test_new_york_city_lies_in_five_counties(gazetteer):
    city = gazetteer.find("NYC")
    assert set(gazetteer.counties_of(city)) == {"36005", "36047", "36061", "36081", "36085"}


def test_connecticut_answers_in_old_counties_and_planning_regions(gazetteer):
    assert set(gazetteer.counties_of(gazetteer.find("Hartford, CT"))) == {"09003", "09110"}
    assert gazetteer.find("Hartford, CT").cbsa == "25540"


def test_states_by_code_name_and_ap_abbreviation(gazetteer):
    assert {gazetteer.state(text).state for text in ("AR", "ar", "Arkansas", "Ark.")} == {"AR"}
    assert gazetteer.state("Narnia") is None
    assert len([code for code, _, _ in gazetteer.states()]) >= 51


def test_every_state_has_its_counties(gazetteer):
    # Counts by the Census Bureau; Connecticut's 8 old counties and 9 planning regions are both known.
    for state, count in {
        "SC": 46,
        "TX": 254,
        "GA": 159,
        "DE": 3,
        "DC": 1,
        "VA": 133,
        "LA": 64,
        "CT": 17,
    }.items():
        assert len(gazetteer.state_counties(state)) == count


def test_metros_by_cbsa_code(gazetteer):
    assert gazetteer.metro_counties("24860") == {"45007", "45045", "45059", "45077"}
    assert gazetteer.metro_counties("99999") == frozenset()


def test_zip_codes_give_city_and_county(gazetteer):
    city, county = gazetteer.zip("72901")
    assert (city.name, county) == ("Fort Smith", "05131")
    assert gazetteer.zip("abc") == (None, None)
    assert gazetteer.zip("00000") == (None, None)


def test_it_can_be_pickled_and_shared_between_threads(gazetteer):
    again = pickle.loads(pickle.dumps(gazetteer))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(again.find, ["Greenville, SC"] * 20))
    assert {place.id for place in found} == {4580543}


def test_a_missing_table_says_what_to_do(tmp_path):
    with pytest.raises(UnavailableError, match=r"market\.places\.compile"):
        Gazetteer(tmp_path / "absent.sqlite").find("Greenville, SC")


def test_the_table_is_whole():
    with sqlite3.connect(TABLE) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        orphans = "SELECT count(*) FROM name WHERE place NOT IN (SELECT id FROM place)"
        assert db.execute(orphans).fetchone() == (0,)
        wrong = "SELECT count(*) FROM place WHERE county_fips IS NOT NULL AND length(county_fips) != 5"
        assert db.execute(wrong).fetchone() == (0,)
        assert TABLE.stat().st_size < 15_000_000
