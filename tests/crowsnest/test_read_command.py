"""`crowsnest read` and `crowsnest labels` as filters: their lines and exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crowsnest.cli import read
from market.errors import UsageError
from tests.crawlers.readers.build import CASES
from tests.crawlers.readers.test_article import page
from tests.crawlers.readers.test_labels import table

app = typer.Typer()
read.register(app)


def run(*arguments: str, stdin: bytes | None = None) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_an_article(tmp_path: Path) -> None:
    path = tmp_path / "council.html.gz"
    path.write_bytes(gzip.compress(page('<meta name="pubdate" content="2026-11-03">').encode()))
    code, (line,) = run("read", str(path), "--url", "https://post.example/council")
    assert code == 0
    assert (line["kind"], line["title"], line["url"]) == (
        "article",
        "Council clears Juniper",
        "https://post.example/council",
    )
    assert (line["published_at"], line["date_from"]) == ("2026-11-03T00:00:00Z", "meta")


def test_plans_and_several_files(tmp_path: Path) -> None:
    news = tmp_path / "news.html"
    news.write_text(page(), encoding="utf-8")
    code, lines = run("read", str(CASES / "plans" / "flat.html"), str(news), "--company", "pinecrest")
    assert code == 0
    assert [line["kind"] for line in lines] == ["offers", "article"]
    assert [(o["company"], o["monthly_cents"]) for o in lines[0]["offers"]] == [
        ("pinecrest", n) for n in (4400, 6400, 8400)
    ]


def test_explain_names_words_and_place() -> None:
    _, (line,) = run("read", str(CASES / "plans" / "rows.html"), "--explain")
    step = next(each for each in line["explain"] if each["slot"] == "monthly_cents")
    assert (step["plan"], step["value"], step["words"]) == ("Basic", 3995, "$39.95")
    assert step["where"]["at"] == "css"


def test_labels_end_with_the_issues() -> None:
    code, lines = run("labels", "-", "--company", "acme", stdin=table({}, {"monthly_price": "?"}).encode())
    assert code == 0
    assert [line.get("monthly_cents") for line in lines] == [6500, None]
    assert [issue["code"] for issue in lines[-1]["issues"]] == ["row-unreadable"]
    assert lines[-1]["counts"]["rows"] == 2


def test_a_label_file_is_known_by_its_header() -> None:
    _, (line,) = run("read", "-", stdin=table({}).encode())
    assert (line["kind"], len(line["offers"])) == ("labels", 1)


def test_a_file_that_is_no_label_file_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    code, lines = run("labels", str(path))
    assert (code, lines[-1]["issues"][0]["code"]) == (1, "labels-no-header")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("read", "no-such-file.html"), "file-unreadable"),
        (("read", "-", "--kind", "poem"), "kind-unknown"),
        (("read", "a", "b", "--url", "https://x.example/"), "url-for-many"),
    ],
)
def test_wrong_use_is_named(arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(*arguments)
    assert caught.value.code == code


def test_a_torn_gzip_file_is_named() -> None:
    with pytest.raises(UsageError, match="broken gzip"):
        run("read", "-", stdin=gzip.compress(b"x" * 9000)[:20])
