"""Places in world news: countries at their middle; seas and rivers, which lie in no county."""

import json

import pytest

from bench.places_world import CASES, HALVES, found_in, read_world, score_world
from market.places.features import is_feature
from market.places.gazetteer import Gazetteer
from market.places.territory import cover, relation, standing
from market.records import Territory
from nlp.build import build_pipeline, passages
from nlp.regions import Regions
from nlp.tag import Tagger, TagInput


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _found(text: str) -> dict[str, tuple[str, str, str | None]]:
    (_, passage) = next(iter(passages(build_pipeline(), [("", text)])))
    mentions = Regions(Gazetteer.load()).find([passage])
    return {m.text: (m.place.name, m.place.kind, m.place.state) for m in mentions if m.place is not None}


@pytest.mark.parametrize("half", HALVES)
def test_marks_stand_where_they_say(half):
    rows = [json.loads(line) for line in (CASES / f"{half}.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 60
    for row in rows:
        for mark in row["toponyms"]:
            assert row["text"][mark["start"] : mark["end"]] == mark["name"]


def test_development_texts_stay_read(gazetteer):
    stories = read_world("dev")
    found = found_in(stories, Regions(gazetteer))
    assert score_world(stories, found, us=False)[0].f1()[2] > 0.88
    assert score_world(stories, found, us=True)[0].f1()[2] > 0.89


def test_only_the_article_makes_a_region_of_a_word():
    found = _found("Hotels across the South are full. Jane South said so in Amazon's office by the Amazon.")
    assert found["South"] == ("South", "region", None)
    assert found["Amazon"] == ("Amazon River", "region", None)
    assert sum(name == "Amazon" for name in found) == 1


def test_a_river_is_no_county_and_in_no_territory(gazetteer):
    covered = cover(Territory(id="t", states=("OH", "KY"), counties=("Vigo County, IN",)), gazetteer)
    for key in ("ohio river", "lake erie", "rust belt", "wabash"):
        place = next(p for p, _ in gazetteer.named(key) if is_feature(p))
        assert gazetteer.counties_of(place) == {}
        assert place.county_fips is None
        assert relation(place, covered, gazetteer) == "out"
        assert standing(place, covered, gazetteer).km is None
    assert gazetteer.find("Lake Erie") is None
    assert gazetteer.lookup("Ohio River") == []


def test_a_river_is_never_what_an_article_is_about():
    text = (
        "GoForge Fiber will build 40 miles of fiber along the Ohio River in Marietta, Ohio, next spring. "
        "Crews start in Washington County, Ohio, in May."
    )
    (tagged,) = Tagger().tag([TagInput(id="a", title="GoForge to build along the Ohio River", text=text)])
    roles = {place.name: place.role for place in tagged.places}
    assert roles["Ohio River"] == "mentioned"
    assert roles["Washington County"] == roles["Marietta"] == "about"


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("Canada", 60.1, -113.6), ("Russia", 60, 100), ("Congo", -2.5, 23.5), ("Bermuda", 32.3, -64.8)],
)
def test_a_country_stands_at_its_middle(gazetteer, name, lat, lon):
    country = next(place for place in gazetteer.lookup(name) if place.kind == "country")
    assert (round(country.lat, 1), round(country.lon, 1)) == pytest.approx((lat, lon), abs=0.2)
