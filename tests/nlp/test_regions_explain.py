"""Why a place was read as it was."""

from __future__ import annotations

from market.places.gazetteer import Gazetteer
from nlp.build import build_pipeline, passages
from nlp.explained import explained
from nlp.regions import Regions, weights
from nlp.regions_explain import phrase
from nlp.tag import Tagger, TagInput

TEXT = "The tower above Columbus can serve homes in Polk County, most of them around Columbus and Tryon."


def test_every_fitted_feature_has_words():
    fitted = {name for part in ("detect", "again", "first", "second") for name in weights()[part]}
    bare = {name for name in fitted - {"bias", "alone_odds"} if phrase(name) == name.replace("_", " ")}
    assert bare == set()


def test_grounds_are_given_only_where_asked_for():
    pair = next(iter(passages(build_pipeline(), [("", TEXT)])))
    assert all(mention.grounds is None for mention in Regions(Gazetteer.load()).find(pair))
    explained_mentions = Regions(Gazetteer.load(), explain=True).find(pair)
    columbus = next(mention for mention in explained_mentions if mention.text == "Columbus")
    assert columbus.grounds is not None
    assert [sense.place for sense in columbus.grounds.senses] == [place for place, _ in columbus.candidates]
    assert columbus.place == columbus.grounds.senses[0].place
    decided = {reason.evidence: reason.weight for reason in columbus.grounds.decided}
    assert decided["lies in a county that the text names"] > 0 > decided["population"]


def test_the_answer_carries_candidates_reasons_and_their_weights():
    result = next(iter(Tagger(explain=True).tag([TagInput(id="a", title="Fiber", text=TEXT)])))
    row = next(r for r in result.to_json(explain=True)["explain"]["places"] if r["text"] == "Columbus")
    assert row["candidates"][0]["state"] == "NC"
    assert row["id"] == row["candidates"][0]["id"]
    assert 0 <= row["is_place"] <= 1
    assert {reason["evidence"] for reason in row["decided_by"]} >= {"population"}
    assert row["candidates"][0]["because"]
    assert row["is_place_because"]


def test_the_text_names_the_rivals_and_what_set_them_apart():
    result = next(iter(Tagger(explain=True).tag([TagInput(id="a", title="Fiber", text=TEXT)])))
    text = explained(result)
    assert 'place "Columbus" (text 16): Columbus, NC (city, county 37149' in text
    assert "    2. Columbus, OH (city, county 39049" in text
    assert "first before second: for: lies in a county that the text names" in text
