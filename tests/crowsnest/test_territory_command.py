"""`crowsnest territory`: what is covered, the map, how places stand, and what was not understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from crowsnest.settings import load
from crowsnest.territory_map import ASCII, keys, svg_map, text_map
from market.errors import SettingsError
from tests.crowsnest.command import Done, ask

MARKET = """[market]
name = "Upstate"
own_company = "charter"

[[territory]]
id = "upstate"
name = "Upstate <South> Carolina"
{areas}
"""
GOOD = 'counties = ["Greenville County, SC", 45083, "Anderson County, SC", "45045"]'
BAD = 'counties = ["Greenville County, SC", "Spartenburg County, SC"]\ncities = ["Springfield"]'
SVG = "{http://www.w3.org/2000/svg}"


def territory(folder: Path, areas: str, *arguments: str) -> Done:
    (folder / "market.toml").write_text(MARKET.format(areas=areas), "utf-8")
    return ask(folder, "territory", "upstate", *arguments)


def found(folder: Path, areas: str, *arguments: str) -> Any:
    return json.loads(territory(folder, areas, "--json", *arguments).stdout)


def test_counties_are_listed_with_their_signs_on_the_map(tmp_path: Path) -> None:
    done = territory(tmp_path, GOOD)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Upstate <South> Carolina: 3 counties"
    assert lines[-3:] == [
        "1  45007  Anderson County, SC",
        "2  45045  Greenville County, SC",
        "3  45083  Spartanburg County, SC",
    ]
    drawn = lines[1:-4]
    where = {
        sign: (row, line.index(sign)) for row, line in enumerate(drawn) for sign in "123" if sign in line
    }
    # Anderson lies south-west of Greenville, Spartanburg north-east of it.
    assert where["1"][0] > where["2"][0] > where["3"][0]
    assert where["1"][1] < where["2"][1] < where["3"][1]
    assert max(map(len, drawn)) <= 60
    assert len(drawn) <= 20


def test_codes_may_stand_without_quotes_and_entries_twice(tmp_path: Path) -> None:
    shown = found(tmp_path, 'counties = [45045, "45045", 1001]\nzips = [2108]')
    assert [county["fips"] for county in shown["counties"]] == ["01001", "25025", "45045"]
    assert found(tmp_path, "metros = [24860]")["counties"][0]["fips"] == "45007"


@pytest.mark.parametrize("value", ["[0]", "[123456]", "[4.5]", "[true]"])
def test_other_numbers_are_no_codes(tmp_path: Path, value: str) -> None:
    done = territory(tmp_path, f"counties = {value}")
    assert done.returncode == 2
    assert "market.toml:" in done.stderr


def test_json_has_counties_with_their_points_and_those_near(tmp_path: Path) -> None:
    shown = found(tmp_path, GOOD)
    assert {county["name"] for county in shown["counties"]} == {
        "Anderson County",
        "Greenville County",
        "Spartanburg County",
    }
    assert all(33 < county["lat"] < 36 and -84 < county["lon"] < -80 for county in shown["counties"])
    near = {county["fips"] for county in shown["near"]}
    assert "45077" in near  # Pickens
    assert "45019" not in near  # Charleston
    assert not near & {county["fips"] for county in shown["counties"]}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("Greer, SC", "Greer, SC: in Greenville County, SC"),
        ("Pickens, SC", "Pickens, SC: near: "),
        ("Charleston, SC", "Charleston, SC: out: "),
        ("SC", "SC: near: a part of it is covered"),
        ("London", "London: out"),
    ],
)
def test_a_place_is_in_near_or_out(tmp_path: Path, place: str, told: str) -> None:
    assert told in territory(tmp_path, GOOD, "--place", place).stdout


def test_an_unknown_place_or_territory_is_wrong_use(tmp_path: Path) -> None:
    done = territory(tmp_path, GOOD, "--place", "Nowhere, SC")
    assert (done.returncode, "names no single place" in done.stderr) == (2, True)
    done = ask(tmp_path, "territory", "upstaet")
    assert (done.returncode, 'did you mean "upstate"' in done.stderr) == (2, True)


def test_what_is_not_understood_is_told_with_what_would_be(tmp_path: Path) -> None:
    done = territory(tmp_path, BAD)
    assert done.returncode == 1
    assert "45045  Greenville County, SC" in done.stdout
    assert "not understood: counties: 'Spartenburg County, SC'" in done.stdout
    assert "'Spartanburg County, SC'" in done.stdout
    assert "not understood: cities: 'Springfield'" in done.stdout
    shown = found(tmp_path, BAD)
    assert [(entry["key"], entry["text"]) for entry in shown["misread"]] == [
        ("counties", "Spartenburg County, SC"),
        ("cities", "Springfield"),
    ]
    assert "Springfield, IL" in shown["misread"][1]["near"]


def test_every_other_command_refuses_what_is_not_understood(tmp_path: Path) -> None:
    (tmp_path / "market.toml").write_text(MARKET.format(areas=BAD), "utf-8")
    with pytest.raises(SettingsError, match=r"market\.toml:8: .*Spartanburg County, SC"):
        load(tmp_path / "market.toml")


def test_the_svg_has_the_ground_of_each_county_and_escapes_names(tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    assert territory(tmp_path, GOOD, "--svg", str(path)).returncode == 0
    root = ElementTree.fromstring(path.read_text("utf-8"))
    assert root.findtext(f"{SVG}title") == "Upstate <South> Carolina: counties covered"
    grounds = {ground.findtext(f"{SVG}title") for ground in root.iter(f"{SVG}path")}
    assert {"Greenville County, SC", "Pickens County, SC"} <= grounds
    assert {label.text for label in root.iter(f"{SVG}text")} == {"Anderson", "Greenville", "Spartanburg"}


def test_a_map_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    done = territory(tmp_path, GOOD, "--svg", str(tmp_path / "none" / "map.svg"))
    assert (done.returncode, "cannot write" in done.stderr) == (2, True)


def test_maps_of_far_and_large_states_stay_small(tmp_path: Path) -> None:
    for state in ("AK", "HI", "CT", "TX", "PR", "DC"):
        shown = found(tmp_path, f'states = ["{state}"]') | {"out": []}
        lines = text_map(shown, ASCII).splitlines()
        assert 0 < len(lines) <= 17, state
        assert max(map(len, lines)) <= 57, state
        assert "#" in "".join(lines) or "1" in "".join(lines), state


def test_a_territory_without_counties_has_no_map(tmp_path: Path) -> None:
    done = territory(tmp_path, 'cities = ["Springfield"]')
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].endswith(": 0 counties")
    empty = {"name": "t", "counties": [], "near": [], "out": []}
    assert text_map(empty) == ""
    assert ElementTree.fromstring(svg_map(empty)).findtext(f"{SVG}title") == "t: counties covered"


def test_old_counties_of_connecticut_are_not_drawn_twice(tmp_path: Path) -> None:
    shown = found(tmp_path, 'states = ["CT"]')
    assert len(shown["counties"]) == 17
    assert all(int(fips) > 9100 for fips in keys(shown["counties"]))
