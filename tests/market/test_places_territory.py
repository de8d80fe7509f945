"""Territories: what they cover, and how places stand to them."""

import pytest

from market.places.compile import reach_km
from market.places.gazetteer import Gazetteer
from market.places.territory import counties_named, cover, relation, standing
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
        ("Capitol Planning Region, CT", {"09110", "09003", "09013"}),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Independent cities, and what bears their name beside them.
        ("Richmond city, VA", {"51760"}),
        ("Richmond County, VA", {"51159"}),
        ("Fairfax city, VA", {"51600"}),
        ("Alexandria, VA", {"51510"}),
        ("St. Louis city, MO", {"29510"}),
        ("St. Louis County, MO", {"29189"}),
        ("Carson City, NV", {"32510"}),
        # Boroughs, parishes, planning regions and old counties.
        ("North Slope Borough, AK", {"02185"}),
        ("Anchorage, AK", {"02020"}),
        ("Juneau, AK", {"02110"}),
        ("Juneau Borough, AK", {"02110"}),
        ("Saint Mary Parish, Louisiana", {"22101"}),
        ("Western Connecticut Planning Region, CT", {"09001", "09190"}),
        ("09001", {"09001", "09120", "09190"}),
        # New York City's counties by both names; the District.
        ("Manhattan, NY", {"36061"}),
        ("New York County, NY", {"36061"}),
        ("Brooklyn, NY", {"36047"}),
        ("Kings County, NY", {"36047"}),
        ("Queens, NY", {"36081"}),
        ("Bronx, NY", {"36005"}),
        ("Staten Island, NY", {"36085"}),
        ("Washington, DC", {"11001"}),
        ("District of Columbia, DC", {"11001"}),
        # As people type.
        ("greenville county, sc", {"45045"}),
        (" Greenville County,SC ", {"45045"}),
        ("Greenville Co., SC", {"45045"}),
        ("De Kalb County, GA", {"13089"}),
        ("Dona Ana County, NM", {"35013"}),
        ("1001", {"01001"}),
    ],
)
def test_counties_of_every_kind(gazetteer, text, expected):
    assert counties(gazetteer, counties=(text,)) == expected


@pytest.mark.parametrize("text", ["DC", "Washington, DC", "District of Columbia", " d.c. "])
def test_the_district_is_a_state(gazetteer, text):
    assert counties(gazetteer, states=(text,)) == {"11001"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New York, NY", {"36005", "36047", "36061", "36081", "36085"}),
        ("Washington, DC", {"11001"}),
        # A city that is a county of its own lies in no other, though its ZIP codes do.
        ("Alexandria, VA", {"51510"}),
        ("Falls Church, VA", {"51610"}),
        ("Bristol, VA", {"51520"}),
        ("Carson City, NV", {"32510"}),
        ("Greer, SC", {"45045", "45083"}),
        ("Denver, CO", {"08031"}),
        ("springfield, il ", {"17167"}),
    ],
)
def test_cities_that_are_easily_taken_wrong(gazetteer, text, expected):
    assert counties(gazetteer, cities=(text,)) == expected


def test_a_zip_code_without_its_leading_zero(gazetteer):
    assert counties(gazetteer, zips=("2108",)) == counties(gazetteer, zips=("02108",)) == {"25025"}


def test_entries_given_twice_count_once(gazetteer):
    covered = cover(
        Territory(id="t", counties=("Greenville County, SC", "45045", "Nowhere, SC", "Nowhere, SC")),
        gazetteer,
    )
    assert covered.counties == {"45045"}
    assert len(covered.misread) == 1


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("cities", "Springfield", "Springfield, IL"),
        ("cities", "Springfeild, IL", "Springfield, IL"),
        ("cities", "Greenville, XX", "Greenville, SC"),
        ("cities", "Washington", "Washington, DC"),
        ("counties", "Greenvile County, SC", "Greenville County, SC"),
        ("counties", "Greenville County, GA", "Greenville County, SC"),
        ("counties", "Greenville County", "Greenville County, SC"),
        ("counties", "Richmond, VA", "Richmond city, VA"),
        ("counties", "Richmond, VA", "Richmond County, VA"),
        ("metros", "Columbus", "Columbus, OH"),
        ("metros", "Greenvile-Anderson, SC", "Greenville-Anderson, SC"),
        ("states", "Southcarolina", "South Carolina"),
    ],
)
def test_the_nearest_names_are_offered_and_each_would_be_understood(gazetteer, key, text, meant):
    covered = cover(Territory(id="t", **{key: (text,)}), gazetteer)
    assert covered.counties == frozenset()
    [entry] = covered.misread
    assert (entry.key, entry.text) == (key, text)
    assert meant in entry.near
    assert all(counties_named(key, name, gazetteer) for name in entry.near)
    assert repr(meant) in entry.words


def test_a_state_without_known_counties_is_told(gazetteer):
    covered = cover(Territory(id="t", states=("Guam",)), gazetteer)
    assert "no counties" in covered.misunderstood[0]


def test_a_city_whose_zip_codes_lap_over_the_border_is_near_not_in(gazetteer):
    covered = cover(Territory(id="t", counties=("Fairfax County, VA",)), gazetteer)
    assert relation(gazetteer.find("Alexandria, VA"), covered, gazetteer) == "near"
    assert relation(gazetteer.find("Reston, VA"), covered, gazetteer) == "in"


def test_standing_tells_distance_and_county(gazetteer):
    covered = cover(Territory(id="t", counties=("Greenville County, SC", "Anderson County, SC")), gazetteer)
    inside = standing(gazetteer.find("Greer, SC"), covered, gazetteer)
    assert (inside.relation, inside.km, inside.county) == ("in", 0.0, "45045")
    near = standing(gazetteer.find("Asheville, NC"), covered, gazetteer)
    assert near.relation == "near"
    assert near.county == "45045"
    assert 20 < near.km <= 60
    far = standing(gazetteer.find("Charleston, SC"), covered, gazetteer)
    assert far.relation == "out"
    assert far.km > 150
    state = standing(gazetteer.state("SC"), covered, gazetteer)
    assert (state.relation, state.km) == ("near", None)


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        # Counties that were renamed, split or merged, by name and by their old code.
        ("counties", "Dade County, FL", {"12086"}),
        ("counties", "12025", {"12086"}),
        ("counties", "Shannon County, SD", {"46102"}),
        ("counties", "Valdez-Cordova, AK", {"02063", "02066"}),
        ("counties", "Valdez-Cordova Census Area, Alaska", {"02063", "02066"}),
        ("counties", "Bedford city, VA", {"51019"}),
        # A body named before its place, a comma left out, the country behind.
        ("counties", "Municipality of Anchorage, AK", {"02020"}),
        ("counties", "City and Borough of Juneau, AK", {"02110"}),
        ("counties", "County of Fairfax, VA", {"51059"}),
        ("counties", "City and County of Denver, CO", {"08031"}),
        ("counties", "Greenville County SC", {"45045"}),
        ("counties", "Greenville County, SC, USA", {"45045"}),
        ("cities", "Greer SC", {"45045", "45083"}),
        ("cities", "Gary, IN, US", {"18089"}),
        # Each planning region beside the old counties most of whose people are its own, and back.
        ("counties", "Fairfield County, CT", {"09001", "09120", "09190"}),
        ("counties", "Greater Bridgeport, CT", {"09120"}),
        ("counties", "Naugatuck Valley, CT", {"09140"}),
        # Titles of older and newer delineations, parts of titles, and nicknames of one metro.
        ("metros", "Greenville-Anderson-Mauldin, SC", {"45007", "45045", "45059", "45077"}),
        ("metros", "Greenville-Anderson-Greer, SC", {"45007", "45045", "45059", "45077"}),
        ("metros", "Honolulu", {"15003"}),
        ("zips", "296011234", {"45045"}),
        ("zips", "29601-1234", {"45045"}),
    ],
)
def test_areas_as_they_are_also_written(gazetteer, key, text, expected):
    assert counties(gazetteer, **{key: (text,)}) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("New York-Newark-Jersey City, NY-NJ", "New York-Newark-Jersey City, NY-NJ-PA"),
        ("Dallas-Fort Worth", "Dallas-Fort Worth-Arlington, TX"),
        ("DFW", "Dallas-Fort Worth-Arlington, TX"),
        ("Twin Cities", "Minneapolis-St. Paul-Bloomington, MN-WI"),
        ("Louisville", "Louisville/Jefferson County, KY-IN"),
        ("New York City", "New York-Newark-Jersey City, NY-NJ-PA"),
    ],
)
def test_a_metro_by_a_part_of_its_title_is_the_whole_metro(gazetteer, text, title):
    assert counties(gazetteer, metros=(text,)) == counties(gazetteer, metros=(title,))


@pytest.mark.parametrize("text", ["State of Texas", "Texas State", "the State of Texas"])
def test_a_state_called_one(gazetteer, text):
    assert counties(gazetteer, states=(text,)) == counties(gazetteer, states=("TX",))


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("counties", "Orleans County, LA", "Orleans Parish, LA"),
        ("counties", "Kenai Borough, AK", "Kenai Peninsula Borough, AK"),
        ("metros", "Research Triangle", "Raleigh-Cary, NC"),
        ("metros", "Bay Area", "San Francisco-Oakland-Berkeley, CA"),
        ("metros", "Greenville-Mauldin-Easley", "Greenville-Anderson, SC"),
    ],
)
def test_what_is_not_one_area_offers_those_it_may_mean(gazetteer, key, text, meant):
    [entry] = cover(Territory(id="t", **{key: (text,)}), gazetteer).misread
    assert meant in entry.near


@pytest.mark.parametrize("text", ["296011", "ABCDE", "", "29 601"])
def test_what_is_no_zip_code_is_told_as_that(gazetteer, text):
    [words] = cover(Territory(id="t", zips=(text,)), gazetteer).misunderstood
    assert "is no ZIP code" in words


def test_a_county_that_a_city_hardly_reaches_is_noted_not_covered(gazetteer):
    covered = cover(Territory(id="t", cities=("Kansas City, MO", "Greenville, SC")), gazetteer)
    assert covered.counties == {"29047", "29095", "45045"}
    [note] = covered.notes
    assert "'Kansas City, MO' reaches a little into Platte County, MO too" in note


def test_a_zip_code_far_from_every_city_of_its_county_does_not_stretch_it():
    assert reach_km([7.0], [6.0, 12.0, 489.0, 490.0]) == 12.0
    assert reach_km([20.0, 320.0], [300.0]) == 320.0
    assert reach_km([], [35.0, 90.0]) == 90.0
    assert reach_km([], []) == 0.0


def test_what_is_near_a_large_empty_county_is_near_its_places(gazetteer):
    covered = cover(Territory(id="t", counties=("Crockett County, TX",)), gazetteer)
    assert relation(gazetteer.find("Ozona, TX"), covered, gazetteer) == "in"
    assert relation(gazetteer.find("Austin, TX"), covered, gazetteer) == "out"
