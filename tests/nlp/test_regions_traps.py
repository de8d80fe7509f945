"""Places in texts full of traps: namesakes abroad, persons, firms, schools, streets, words."""

from __future__ import annotations

import pytest

from bench.places_hard import parse_hard, parsed, read_hard, score_hard
from market.places.gazetteer import Gazetteer
from nlp.build import build_pipeline, passages
from nlp.regions import PlaceMention, Regions

REGIONS = Regions(Gazetteer.load())


def found(text: str, home: str | None = None) -> list[PlaceMention]:
    pair = next(iter(passages(build_pipeline(), [("", text)])))
    return [mention for mention in REGIONS.find(pair, home_state=home) if mention.place is not None]


def in_the_states(text: str) -> dict[str, str]:
    return {
        m.text: str(m.place.state)
        for m in found(text)
        if m.place is not None and m.place.country == "US" and m.place.kind != "country"
    }


def test_floors_on_our_own_texts():
    texts = [text for text in read_hard() if text.part == "check"]
    parse_hard(texts)
    counts, abroad, mistakes = score_hard(texts, lambda text: REGIONS.find([parsed(text)]))
    assert counts.f1()[0] >= 0.93, mistakes
    assert counts.f1()[1] >= 0.94, mistakes
    assert abroad.f1()[1] >= 0.75


@pytest.mark.parametrize(
    "text",
    [
        "LEEDS, England - Buses from Bradford and Halifax to Lancaster will stop, the British firm said.",
        "The Canadian company will lay fibre in Kingston, Cornwall and Windsor, Ontario officials said.",
        "Trains between Naples and Florence were late, Italian police said. Rome was calm.",
        "The Australian grid failed in Newcastle and Orange. Homes in Perth, Western Australia, had power.",
        "Councils in Norfolk and Lincolnshire, England, will share a depot at Boston.",
    ],
)
def test_a_country_named_nearby_beats_a_namesake_here(text):
    assert in_the_states(text) == {}


def test_a_state_named_nearby_beats_a_namesake_abroad():
    text = "Buses from Manchester and Cambridge to Plymouth will stop, New Hampshire officials said."
    assert set(in_the_states(text).values()) <= {"NH", "VT", "MA"}
    assert in_the_states(text)["Manchester"] == "NH"


@pytest.mark.parametrize(
    ("text", "name", "state"),
    [
        ("Crews moved on to Mobile, Ala., on Monday.", "Mobile", "AL"),
        ("A depot opens in Reading, Pa., next year.", "Reading", "PA"),
        ("The board of Normal, Ill., agreed.", "Normal", "IL"),
        ("Work begins in Enterprise, Alabama, this week.", "Enterprise", "AL"),
    ],
)
def test_the_state_beside_it_makes_a_word_a_town(text, name, state):
    assert in_the_states(text)[name] == state


def test_a_word_that_is_a_town_counts_among_its_neighbours():
    text = "The line reaches Clayton, Mountain City and Tiger in Rabun County, Georgia, by June."
    assert in_the_states(text).get("Tiger") == "GA"


@pytest.mark.parametrize(
    "text",
    [
        "Jackson National and Lincoln Financial raised their forecasts.",
        "The Madison Bulldogs beat the Franklin Tigers on Friday.",
        "Mayor Denise Jackson thanked Clayton Warren. Jackson smiled, and Warren said so.",
        "Turn from Denver Avenue into Austin Street and Houston Road.",
    ],
)
def test_firms_clubs_persons_and_streets_are_no_places(text):
    assert in_the_states(text) == {}


def test_what_scores_below_the_threshold_is_unknown():
    least = REGIONS.model["thresholds"]["accept"]
    text = "Officials in Springfield, Franklin and Clinton met. Columbus and Fort Smith, Ark., sent nobody."
    pair = next(iter(passages(build_pipeline(), [("", text)])))
    mentions = REGIONS.find(pair)
    assert {mention.place is None for mention in mentions} == {True, False}
    assert all((mention.score >= least) == (mention.place is not None) for mention in mentions)
