"""Places on real local news, where ../shared/data has it: the outlets the weights were not fitted on."""

import pytest

from bench.places import end_to_end, finder, half, on_given, parse, read_lgl
from market.places.gazetteer import Gazetteer
from nlp.regions import Regions
from tests.real_data import shared


@pytest.mark.real
def test_floors_on_the_check_half():
    folder = shared("data", "geoparsing", "lgl.xml").parent
    texts = [text for text in read_lgl(folder) if half(text)][:150]
    parse(texts)
    regions = Regions(Gazetteer.load())
    # A little below what was measured, above the targets of the design.
    assert end_to_end(texts, finder(regions, home=False)).f1()[2] >= 0.75
    assert end_to_end(texts, finder(regions, home=True)).f1()[2] >= 0.84
    assert on_given(texts, regions, home=False).f1()[1] >= 0.83
    assert on_given(texts, regions, home=True).f1()[1] >= 0.92
