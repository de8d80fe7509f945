"""Keys of place names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.places.distance import centre, distance_km
from market.places.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("St. Louis", "saint louis"),
        ("Ft. Smith", "fort smith"),
        ("MT. PLEASANT", "mount pleasant"),
        ("Coeur d’Alene", "coeur dalene"),
        ("Coeur d'Alene", "coeur dalene"),
        ("Winston-Salem", "winston salem"),
        ("Cañon City", "canon city"),
        ("Main St", "main st"),
        ("St", "st"),
        ("Green\u200bville", "greenville"),
        ("...", ""),
    ],
)
def test_one_key_for_each_spelling(name, key):
    assert name_key(name) == key


@given(st.text())
def test_a_key_is_its_own_key(text):
    # A short form in front is written out once; the key of a key stays as it is.
    assert name_key(name_key(text)) == name_key(text)


def test_distances_and_centres():
    # Greenville to Columbia, SC is about 153 km by air.
    assert distance_km(34.8526, -82.394, 34.0007, -81.0348) == pytest.approx(153, abs=4)
    assert centre([(50.0, 179.0, 1.0), (50.0, -179.0, 1.0)])[1] % 360 == pytest.approx(180)
