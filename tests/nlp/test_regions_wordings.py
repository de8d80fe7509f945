"""Places in the wordings of boards and public notices, and by the company of their neighbours."""

from __future__ import annotations

import pytest

from market.places.gazetteer import Gazetteer
from nlp.build import build_pipeline, passages
from nlp.document import Passage, Span
from nlp.regions import Regions

REGIONS = Regions(Gazetteer.load())


def read(text: str) -> tuple[Passage, Passage]:
    return next(iter(passages(build_pipeline(), [("", text)])))


def found(text: str, home: str | None = None) -> dict[str, tuple[str, str | None]]:
    return {
        m.text: (m.place.name, m.place.state) for m in REGIONS.find(read(text), home_state=home) if m.place
    }


@pytest.mark.parametrize(
    ("text", "surface", "place"),
    [
        ("Money goes to the County of Sonoma.", "Sonoma", ("Sonoma County", "CA")),
        ("Homes in Nome Census Area wait.", "Nome Census Area", ("Nome Census Area", "AK")),
        ("Homes in the Pueblo of Zia, N.M., wait.", "Pueblo of Zia", ("Zia Pueblo", "NM")),
    ],
)
def test_bodies_name_their_places(text: str, surface: str, place: tuple[str, str]):
    assert any(
        (surface in mention or mention in surface) and named == place
        for mention, named in found(text, place[1]).items()
    )


def test_a_county_and_its_towns_settle_each_other_without_a_state():
    text = "The tower above Columbus can serve homes in Polk County, most of them around Columbus and Tryon."
    assert found(text)["Columbus"] == ("Columbus", "NC")


def test_names_of_a_list_share_the_state_at_its_end():
    text = "A provider will build fiber in Greenville, Anderson and Easley, South Carolina."
    assert {"Greenville", "Anderson", "Easley"} <= set(found(text))


def test_spans_known_as_companies_name_no_place_however_many():
    text = "Greenville Fiber sells in Easley. " * 50
    spans = [Span(at, at + 16) for at in range(0, len(text), 34)]
    places = REGIONS.find(read(text), home_state="SC", exclude={"text": spans})
    assert not any(m.text == "Greenville" for m in places)


def test_the_town_with_the_post_office_answers_for_its_name():
    place = Gazetteer.load().find("Tryon, NC")
    assert place is not None
    assert place.county_fips == "37149"
