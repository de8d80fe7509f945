"""The fit of the places' weights: what was set by hand stays, all else is fitted beside it."""

from __future__ import annotations

from typing import Any

import pytest

from bench import places_fit
from bench.places_fit import Example, empty, examine, fit, set_by_hand
from bench.places_linear import logistic
from market.places.gazetteer import Gazetteer
from nlp.build import sentences
from nlp.document import Passage
from nlp.regions import Regions, weights

GAZETTEER = Gazetteer.load()
TEXTS = {
    "Crews came to Greenville, S.C., and to Easley.": ("Greenville", "Easley"),
    "Austin Miller spoke in Boise, Idaho.": ("Boise",),
    "Ships cross the Gulf of Mexico to Tampa, Florida.": ("Tampa",),
    "Jackson Lee met Georgia Smith on Monday in Macon.": ("Macon",),
}


def example(text: str, names: tuple[str, ...]) -> Example:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    passage = Passage.of("text", text, sentences(text))
    return Example(text, passage, None, {span: lambda place: place.country == "US" for span in spans})


@pytest.fixture(scope="module")
def works() -> list[places_fit.Work]:
    examples = [example(text, names) for text, names in TEXTS.items()]
    return examine(examples, Regions(GAZETTEER, empty()))


def test_a_given_weight_stays_and_the_others_make_up_for_it() -> None:
    rows = [({"bias": 1.0, "named": 1.0}, 1.0)] * 30 + [({"bias": 1.0}, 0.0)] * 20
    free = logistic(rows, 1.0)
    beside = logistic(rows, 1.0, {"named": -2.0})
    assert free["named"] > 1
    assert beside["named"] == -2.0
    assert beside["bias"] > free["bias"] + 1


def test_weights_set_by_hand_survive_a_fit(works: list[places_fit.Work]) -> None:
    held = {"after_surname": -7.5, "form_feature": 7.5, "in_nation": 0.125}
    model = fit(works, GAZETTEER, by_hand=held)
    assert {name: model["detect"][name] for name in held} == held
    assert not held.keys() & model["again"].keys()
    assert model["detect"].keys() > held.keys()


def test_without_them_the_fit_sets_them_itself(works: list[places_fit.Work]) -> None:
    assert abs(fit(works, GAZETTEER)["detect"]["after_surname"]) < 7


def test_the_shipped_file_says_which_and_why() -> None:
    shipped: dict[str, Any] = weights()
    assert set(set_by_hand(shipped)) == {"after_surname", "form_feature", "in_nation"}
    assert all(len(reason.split()) > 10 for reason in shipped["by_hand"]["detect"].values())
    assert not set_by_hand(shipped).keys() & shipped["again"].keys()
