"""A mistake in market.toml is named by file, line and key, with the fix."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from crowsnest.settings import load, secret
from crowsnest.toml_lines import TomlLines
from market.errors import SettingsError

GOOD = """\
[market]
name = "Upstate"
own_company = "charter"

[[territory]]
id = "upstate"
counties = ["Greenville County, SC"]

[[competitor]]
id = "acme"
name = "Acme Fiber"
aliases = ["Acme"]

[[source]]
id = "acme-news"
kind = "feed"
url = "https://acme.example/feed"
company = "acme"
every = "6h"

[[source]]
id = "paper"
kind = "feed"
url = "https://paper.example/feed"

[[subscriber]]
id = "leader"
name = "Leader"
email = "leader@example.com"
territories = ["upstate"]
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "market.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_good_file_gives_records(tmp_path: Path) -> None:
    settings = load(_write(tmp_path, GOOD))
    assert [source.id for source in settings.sources] == ["acme-news", "paper"]
    assert settings.sources[0].every == timedelta(hours=6)
    assert settings.subscribers[0].territories == ("upstate",)
    assert settings.data == tmp_path / "data"
    assert settings.ledger_url == f"sqlite:///{tmp_path}/data/ledger.sqlite"


def test_template_of_init_is_valid(tmp_path: Path) -> None:
    text = files("crowsnest").joinpath("market_template.toml").read_text("utf-8")
    settings = load(_write(tmp_path, text))
    assert settings.market.own_company == "charter"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'company = "acme"\n',
            'compny = "acme"\n',
            ':18: source[1].compny: unknown key; did you mean "company"?',
        ),
        ('every = "6h"', 'every = "six"', ":19: source[1].every: write a number and a unit"),
        ('every = "6h"', 'every = "0h"', ":19: source[1].every: write a number and a unit"),
        (
            'kind = "feed"\nurl = "https://paper',
            'kind = "fed"\nurl = "https://paper',
            ":23: source[2].kind: ",
        ),
        ('email = "leader@example.com"', 'email = "leader"', ":29: subscriber[1].email: an e-mail address"),
        ('territories = ["upstate"]', 'territories = ["upstat"]', 'did you mean "upstate"?'),
        (
            'company = "acme"\n',
            'company = "acmee"\n',
            ':18: source[1].company: unknown company; did you mean "acme"?',
        ),
        ('id = "paper"', 'id = "acme-news"', ':22: source[2].id: "acme-news" is used twice'),
        ('own_company = "charter"', "", ":1: market.own_company: is missing; add it"),
        (
            'url = "https://paper.example/feed"',
            'url = "paper.example/feed"',
            ":24: source[2].url: a source needs",
        ),
        ('name = "Acme Fiber"\n', "", ':10: competitor[1].id: the lexicon has no "acme"'),
        ('counties = ["Greenville County, SC"]', "", ":5: territory[1]: covers nothing"),
        ("[market]\n", "[markt]\n", ':1: markt: unknown key; did you mean "market"?'),
        ('[market]\nname = "Upstate"', '[market]\nname = "Upstate', ":2: not valid TOML"),
        (
            'every = "6h"',
            'every = "6h"\nevery = "7h"',
            ":20: not valid TOML: Cannot overwrite a value (this key",
        ),
        (
            'every = "6h"',
            "every = “6h”",
            ":19: not valid TOML: Invalid value (text stands in straight quotes",
        ),
        ('territories = ["upstate"]', 'territories = ["upstate"', ":30: not valid TOML: Unclosed array (a"),
        ("[[subscriber]]", "[[subscribers]]", ':26: subscribers: unknown key; did you mean "subscriber"?'),
        ("[[subscriber]]", "[subscriber]", ":26: subscriber: write it in double brackets, once for each"),
        ('every = "6h"', "every = 6", ":19: source[1].every: write a number and a unit"),
        ('every = "6h"', 'every = "99999999999w"', ":19: source[1].every: write a number and a unit"),
        ('every = "6h"', 'home_state = "XX"', ":19: source[1].home_state: a state is its two letters"),
        ('every = "6h"', "options = { max_items = -1 }", ":19: source[1].options.max_items: "),
        ('every = "6h"', 'options = { market = "SC" }', 'market: write a list in brackets: market = ["SC"]'),
        ('every = "6h"', 'options = { segment = "busines" }', 'did you mean "business"?'),
        ('every = "6h"', "expect = { min = 5, max = 2 }", ":19: source[1].expect: max is less than min"),
        ("acme.example/feed", "acme.example:99999/feed", ":17: source[1].url: this URL cannot be asked for"),
        ("acme.example/feed", "acme.example/my feed", ":17: source[1].url: a URL has no blanks"),
        ('counties = ["Greenville', 'counties = ["Grenville', ":7: territory[1].counties: not understood: "),
        ('email = "', 'day = "Monday"\nemail = "', ":29: subscriber[1].day: it should be 'monday',"),
        (
            "[[subscriber]]",
            '[mail]\npassword = "x"\n[[subscriber]]',
            "environment variable CROWSNEST_MAIL_PASS",
        ),
        (
            "[[subscriber]]",
            '[search]\nurl = "es:9200"\n[[subscriber]]',
            ":27: search.url: a server is written",
        ),
        ("[[subscriber]]", '[ledger]\nurl = "a.sqlite"\n[[subscriber]]', ":27: ledger.url: a ledger is"),
        (
            "[[subscriber]]",
            "[[subscriber]]\nuse = []",
            ":27: subscriber[1].use: unknown key here; it belongs",
        ),
    ],
)
def test_mistake_names_line_key_and_fix(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    path = _write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(path) in caught.value.message
    assert expected in caught.value.message


def test_several_mistakes_are_told_at_once_in_file_order(tmp_path: Path) -> None:
    text = GOOD.replace('every = "6h"', 'every = "six"').replace("email =", "mail =")
    with pytest.raises(SettingsError) as caught:
        load(_write(tmp_path, text))
    lines = caught.value.message.splitlines()
    assert [line.split(":")[1] for line in lines] == ["19", "26", "29"]


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="crowsnest init"):
        load(tmp_path / "none.toml")


def test_secret_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("swordfish\n", encoding="utf-8")
    monkeypatch.setenv("CROWSNEST_MAIL_PASSWORD_FILE", str(tmp_path / "password"))
    assert secret("CROWSNEST_MAIL_PASSWORD") == "swordfish"
    monkeypatch.setenv("CROWSNEST_MAIL_PASSWORD_FILE", str(tmp_path / "gone"))
    with pytest.raises(SettingsError, match="gone"):
        secret("CROWSNEST_MAIL_PASSWORD")


def test_lines_look_past_strings_and_brackets() -> None:
    multi_line = 'a = """\n[[not.a.table]]\nb = 1\n"""\nlist = [\n  "x = 1",\n  2,\n]\n'
    lines = TomlLines(multi_line + '[[t]]\nk = "# no"\n[[t]]\n"q.r" = 3\n')
    assert lines.line(("a",)) == 1
    assert lines.line(("b",)) == 1
    assert lines.line(("list", 1)) == 5
    assert lines.line(("t", 0, "k")) == 10
    assert lines.line(("t", 1, "q.r")) == 12
    assert lines.line(("t", 1, "missing")) == 11
