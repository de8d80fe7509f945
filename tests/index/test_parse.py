"""The query language: which tree a text becomes, and what is refused with which words."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bounds import micros, moment
from index.compile_elastic import compiled
from index.parse import FIELDS, MAX_LENGTH, parse
from index.query import And, Between, Everything, Fuzzy, Node, Not, OneOf, Or, Phrase, Term, Wildcard
from index.synonyms import Synonyms
from market.errors import QueryError

PLAIN = Synonyms([["ftth", "fiber to the home"], ["gig", "gigabit"]], ["the", "to", "of"])
A, B, C = Term("text", "crew"), Term("text", "pole"), Term("text", "mile")


def _tree(text: str) -> Node:
    return parse(text, zone=ZoneInfo("America/New_York"), synonyms=PLAIN)


TREES: dict[str, Node] = {
    "": Everything(),
    " * ": Everything(),
    "Crew": A,
    "crew pole": And((A, B)),
    "crew AND pole OR mile": Or((And((A, B)), C)),
    "crew pole OR mile": Or((And((A, B)), C)),
    "crew OR pole mile": Or((A, And((B, C)))),
    "crew (pole OR mile)": And((A, Or((B, C)))),
    "crew -pole": And((A, Not(B))),
    "crew NOT pole": And((A, Not(B))),
    "!crew": Not(A),
    "NOT (crew OR pole)": Not(Or((A, B))),
    "+crew": A,
    '"the crew"': Phrase("text", ("the", "crew"), exact=True),
    '"crew"': Term("text", "crew", exact=True),
    '"crew pole"~4': Phrase("text", ("crew", "pole"), slop=4),
    '"crew pole mile"~2': And(
        (Phrase("text", ("crew", "pole"), slop=2), Phrase("text", ("pole", "mile"), slop=2))
    ),
    "AT&T": Phrase("text", ("at", "t")),
    "1/2 and/or": And((Phrase("text", ("1", "2")), Phrase("text", ("and", "or")))),
    "the crew of the mile": And((A, C)),
    "the": Term("text", "the"),
    "the -crew": And((Term("text", "the"), Not(A))),
    "gig": Or((Term("text", "gig"), Term("text", "gigabit"))),
    "title:gig": Or((Term("title", "gig"), Term("title", "gigabit"))),
    "ftth": Or((Term("text", "ftth"), Phrase("text", ("fiber", "to", "the", "home")))),
    "fiber to the home crew": And(
        (Or((And((Term("text", "fiber"), Term("text", "home"))), Term("text", "ftth"))), A)
    ),
    "fiber-to-the-home": Or((Phrase("text", ("fiber", "to", "the", "home")), Term("text", "ftth"))),
    '"gig"': Term("text", "gig", exact=True),
    "cre*": Wildcard("text", "cre*"),
    "Cré?": Wildcard("text", "cre?"),
    r"cre\*": Term("text", "cre"),
    "wi-fi*": And((Term("text", "wi", exact=True), Wildcard("text", "fi*"))),
    "crews~": Fuzzy("text", "crews", 1),
    "bluecrest~2": Fuzzy("text", "bluecrest", 2),
    "kind:Offer": OneOf("kind", ("offer",)),
    "state:sc": OneOf("state", ("SC",)),
    "county:45045": OneOf("county", ("45045",)),
    "source:acme-news": OneOf("source", ("acme-news",)),
    'company:"Acme Fiber"': Or(
        (OneOf("company", ("acme-fiber",)), Phrase("company_names", ("acme", "fiber"), exact=True))
    ),
    "price:59.99": Between("price", 5999, 6000),
    "price:$1,000": Between("price", 100000, 100001),
    "price:<60": Between("price", None, 6000),
    "price:<=60": Between("price", None, 6001),
    "price:>60": Between("price", 6001, None),
    "price:[40 TO 60}": Between("price", 4000, 6000),
    "down:>=1000": Between("down", 1000000, None),
    "(((crew)))": A,
}


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES.keys())
def test_tree(text: str, tree: Node) -> None:
    assert _tree(text) == tree


REFUSED = {
    "colour:red": "is no field; the fields are bundle, company, county, date",
    "https://acme.example": "put text with a colon in quotes",
    '"open': "quotation mark is left open",
    "(crew": "bracket is left open",
    "crew AND": "word is missing",
    ")": "unexpected",
    "crew^2": "weights",
    "crew && pole": "write AND instead of &&",
    "*crew": "begins with a wildcard",
    "?": "begins with a wildcard",
    "crew~3": "write ~1 or ~2",
    '"a b"~5000': "up to 100",
    "kind:page": "use one of article, offer, expansion",
    "topic:sport": "use one of pricing",
    "state:Carolina": "postal code",
    "published:2026-02-30": "is no date",
    "published:yesterday": "is no date",
    "price:cheap": "is no number",
    "price:nan": "is no number",
    "company:[a TO b]": "ranges follow one of",
    "[a TO b]": "ranges follow one of",
    "title:text:crew": "is two fields",
    "&": "holds no word",
    "x" * (MAX_LENGTH + 1): "longer than",
    "(" * 60 + "crew" + ")" * 60: "nests deeper",
    " ".join(["crew"] * 300): "parts",
}


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=[text[:20] for text in REFUSED])
def test_refusal_says_what_to_write(text: str, words: str) -> None:
    with pytest.raises(QueryError) as raised:
        _tree(text)
    assert words in raised.value.message


def test_days_are_half_open_and_local() -> None:
    zone = ZoneInfo("America/New_York")
    assert moment("2026-11-24", zone) == (
        datetime(2026, 11, 24, 5, tzinfo=UTC),
        datetime(2026, 11, 25, 5, tzinfo=UTC),
    )
    # The clock goes back on the first of November: that day has 25 hours.
    first, last = moment("2026-11-01", zone)
    assert (last - first).total_seconds() == 25 * 3600
    assert moment("2026-12", zone)[1] == datetime(2027, 1, 1, 5, tzinfo=UTC)
    assert moment("2026", UTC) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert moment("2026-11-24T10:00:00Z", zone)[0] == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_date_brackets_include_and_exclude_whole_days() -> None:
    def day(number: int) -> int:
        return micros(datetime(2026, 11, number, 5, tzinfo=UTC))

    assert _tree("published:[2026-11-02 TO 2026-11-04]") == Between("date", day(2), day(5))
    assert _tree("published:{2026-11-02 TO 2026-11-04}") == Between("date", day(3), day(4))
    assert _tree("published:>2026-11-02") == Between("date", day(3), None)
    assert _tree("published:[* TO 2026-11-04]") == Between("date", None, day(5))


def test_every_field_of_the_error_message_is_understood() -> None:
    values = {"state": "SC", "kind": "offer", "topic": "m&a", "segment": "business", "technology": "fiber"}
    values |= {"bundle": "tv"} | {
        "stage": "live",
        "price": "5",
        "down": "5",
        "up": "5",
        "date": "2026",
        "published": "2026",
    }
    for field in FIELDS:
        assert not isinstance(_tree(f"{field}:{values.get(field, '45045')}"), Everything)


_PIECES = st.sampled_from(
    [
        *'"()[]{}:*?~^/\\+-!&|$',
        "AND",
        "OR",
        "NOT",
        "TO",
        "title",
        "price",
        "date",
        " ",
        "a",
        "ß",
        "\x00",
        "é",
        "9",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map("".join)))
def test_any_text_gives_a_tree_that_compiles_or_a_query_error(text: str) -> None:
    with suppress(QueryError):
        assert compiled(parse(text))
