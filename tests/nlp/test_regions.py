"""Places found in texts, and which place each one is."""

import pickle

import pytest

from market.places.gazetteer import Gazetteer
from nlp.build import build_pipeline, passages
from nlp.document import Span
from nlp.regions import PlaceMention, Regions


@pytest.fixture(scope="module")
def regions() -> Regions:
    return Regions(Gazetteer.load())


def find(regions: Regions, text: str, title: str = "", **context) -> list[PlaceMention]:
    pair = next(iter(passages(build_pipeline(), [(title, text)])))
    found = regions.find(pair, **context)
    for mention in found:
        whole = pair[0].text if mention.field == "title" else pair[1].text
        assert whole[mention.start : mention.end] == mention.text
    return list(found)


def where(mentions: list[PlaceMention], text: str) -> tuple[str, str | None, str | None]:
    mention = next(m for m in mentions if m.text == text)
    assert mention.place is not None
    return mention.place.name, mention.place.state, mention.place.county_fips


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("Crews will build in Greenville, SC, this fall.", "Greenville", ("Greenville", "SC", "45045")),
        ("Crews will build in Greenville, N.C., this fall.", "Greenville", ("Greenville", "NC", "37147")),
        ("Service begins in Fort Smith, Ark., in May.", "Fort Smith", ("Fort Smith", "AR", "05131")),
        ("Service begins in Ft. Smith, Arkansas, in May.", "Ft. Smith", ("Fort Smith", "AR", "05131")),
        ("Work in Charleston, W.Va., is done.", "Charleston", ("Charleston", "WV", "54039")),
        ("Homes in Columbus, Georgia, get fiber.", "Columbus", ("Columbus", "GA", "13215")),
        ("Homes in Rapides Parish get fiber.", "Rapides Parish", ("Rapides Parish", "LA", "22079")),
        ("Homes in Fond du Lac, Wis., get fiber.", "Fond du Lac", ("Fond du Lac", "WI", "55039")),
        ("Homes in Winston-Salem get fiber.", "Winston-Salem", ("Winston-Salem", "NC", "37067")),
        ("Write to 12 Main St., Greenville, SC 29601.", "29601", ("Greenville", "SC", "45045")),
        ("The senators met in Washington, D.C., on Monday.", "Washington", ("Washington", "DC", "11001")),
    ],
)
def test_the_state_beside_a_city_decides(regions, sentence, text, expected):
    assert where(find(regions, sentence), text) == expected


def test_a_city_stated_once_keeps_its_state(regions):
    text = "Acme Fiber will wire Columbus, Indiana. The council of Columbus voted on Monday."
    found = [m for m in find(regions, text) if m.text == "Columbus"]
    assert [m.place.state for m in found] == ["IN", "IN"]


def test_the_home_state_decides_a_bare_name(regions):
    text = "The city council in Greenville voted for the fiber network on Monday."
    assert where(find(regions, text, home_state="NC"), "Greenville")[1] == "NC"
    assert where(find(regions, text, home_state="SC"), "Greenville")[1] == "SC"
    assert where(find(regions, text, home_state="MS"), "Greenville")[1] == "MS"


def test_a_foreign_country_takes_the_city_abroad(regions):
    found = find(regions, "She moved from Paris, Texas, to London and back to Athens, Greece.")
    countries = {m.text: m.place.country for m in found if m.place is not None}
    assert countries["Athens"] == "GR"
    assert countries["Paris"] == "US"


def test_every_name_before_counties_is_a_county(regions):
    found = find(regions, "Crews work in Lamar, Fannin and Red River counties in Texas.")
    kinds = {m.text: (m.place.kind, m.place.county_fips) for m in found if m.place is not None}
    assert kinds["Lamar"] == ("county", "48277")
    assert kinds["Fannin"] == ("county", "48147")
    assert kinds["Red River"] == ("county", "48387")


def test_the_counties_of_one_list_lie_in_one_state(regions):
    found = find(regions, "The cooperative serves Linn, Johnson and Benton counties.", home_state="IA")
    assert [m.place.county_fips for m in found if m.place] == ["19113", "19103", "19011"]
    alone = find(regions, "The cooperative serves Linn, Tama and Benton counties.")
    assert {m.place.state for m in alone if m.place} == {"IA"}


def test_the_state_is_meant_where_the_text_says_state(regions):
    found = find(regions, "It serves Washington state and the state of New York.")
    assert [(m.text, m.place.kind) for m in found] == [("Washington", "state"), ("New York", "state")]


def test_a_state_code_inside_a_term_is_none(regions):
    assert find(regions, "It sells SD-WAN and MS-DOS services.") == []


def test_the_state_beside_a_city_is_marked(regions):
    found = find(regions, "Crews work in Fort Smith, Ark., and across Oklahoma.")
    assert {m.text: m.attached for m in found} == {"Fort Smith": False, "Ark.": True, "Oklahoma": False}


def test_a_direction_or_metro_makes_an_area(regions):
    found = {m.text: m.area for m in find(regions, "It builds in northwest Arkansas and metro Atlanta.")}
    assert found["Arkansas"].name == "Northwest Arkansas"
    assert found["Atlanta"].kind == "metro"
    assert found["Atlanta"].cbsa == "12060"


def test_a_name_inside_an_organisation_is_marked(regions):
    found = find(regions, "The Raleigh Chamber of Commerce praised the plan.", home_state="NC")
    assert [(m.text, m.inside_org) for m in found] == [("Raleigh", True)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Jackson said he would call back in March.",
        "May and April are the busiest months.",
        "Call 555-0100 to hear about the mobile plan and reading lamps.",
        "Charlotte Smith told Austin Jones that the price is fair.",
        "Meet us at 12 Houston Street or on Lincoln Avenue.",
        "The White House had no comment.",
        "",
    ],
)
def test_people_months_streets_and_common_words_are_no_places(regions, sentence):
    assert [m.text for m in find(regions, sentence) if m.place is not None] == []


def test_excluded_spans_are_left_out(regions):
    text = "Cincinnati Bell expands in Dayton, Ohio."
    barred = {"text": [Span(0, len("Cincinnati Bell"))]}
    assert [m.text for m in find(regions, text, exclude=barred)] == ["Dayton", "Ohio"]


def test_title_and_text_share_their_evidence(regions):
    found = find(
        regions,
        "CONWAY, S.C. — Horry County will pay for the lines.",
        title="Fiber comes to Conway",
        home_state=None,
    )
    title = next(m for m in found if m.field == "title")
    assert (title.text, title.place.state) == ("Conway", "SC")


def test_what_is_not_sure_is_unknown(regions):
    found = find(regions, "The council in Springfield met.")
    assert [(m.text, m.place) for m in found] == [("Springfield", None)]
    assert found[0].method == "unknown"
    assert len(found[0].candidates) > 1


def test_given_spans_are_answered_in_their_order(regions):
    text = "Officials in Xyzzyville and Fort Smith, Ark., met near Greenwood."
    pair = next(iter(passages(build_pipeline(), [("", text)])))
    spans = [
        ("text", Span(text.index(w), text.index(w) + len(w)))
        for w in ("Greenwood", "Fort Smith", "Xyzzyville")
    ]
    found = regions.given(pair, spans, home_state="AR")
    assert [m.text for m in found] == ["Greenwood", "Fort Smith", "Xyzzyville"]
    assert [m.place and m.place.county_fips for m in found] == ["05131", "05131", None]


def test_the_footprint_of_the_company_helps(regions):
    text = "The company will expand its network to Columbia next year, it said."
    assert where(find(regions, text, footprint={"SC"}), "Columbia")[1] == "SC"
    assert where(find(regions, text, footprint={"MO"}), "Columbia")[1] == "MO"


def test_it_can_be_pickled(regions):
    again = pickle.loads(pickle.dumps(regions))
    assert where(find(again, "Work in Greenville, SC, began."), "Greenville")[1] == "SC"
