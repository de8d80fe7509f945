"""`crowsnest tag` as a filter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from crowsnest.cli import tag
from market.errors import UsageError

GOOD = {"id": "a", "title": "Comcast builds", "text": "Comcast builds fiber in Greenville, South Carolina."}


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    tag.register(made)

    @made.callback()
    def _group() -> None:
        """Keep `tag` a command of its own."""

    return made


def test_lines_go_in_and_answers_come_out(app: typer.Typer) -> None:
    result = CliRunner().invoke(
        app, ["tag", "-"], input=json.dumps(GOOD) + "\n\n" + json.dumps(GOOD | {"id": "b"}) + "\n"
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert answers[0]["companies"][0]["id"] == "comcast"
    assert answers[1]["story_id"] == "a"


def test_a_bad_line_is_reported_and_the_rest_goes_on(app: typer.Typer) -> None:
    lines = [
        json.dumps(GOOD),
        "{not json",
        '["list"]',
        '{"id": 3, "text": "x"}',
        "\udcff",
        json.dumps(GOOD | {"id": "z"}),
    ]
    raw = "\n".join(lines).encode("utf-8", "surrogateescape")
    result = CliRunner().invoke(app, ["tag", "-"], input=raw)
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "z"]
    for number in (2, 3, 4, 5):
        assert f"standard input line {number} is left out" in result.stderr


def test_a_file_is_read_and_a_missing_one_is_an_error(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(GOOD), "utf-8")
    assert CliRunner().invoke(app, ["tag", str(path), "--explain"]).exit_code == 0
    missing = CliRunner().invoke(app, ["tag", str(tmp_path / "none.jsonl")])
    assert isinstance(missing.exception, UsageError)


def test_the_explanation_can_be_read_as_text(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(GOOD), "utf-8")
    told = CliRunner().invoke(app, ["tag", str(path), "--explain", "--text"])
    assert told.exit_code == 0
    assert told.stdout.startswith(f"# {GOOD['id']}")
    assert "    1. " in told.stdout
    alone = CliRunner().invoke(app, ["tag", str(path), "--text"])
    assert isinstance(alone.exception, UsageError)
