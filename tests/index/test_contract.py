"""What both engines promise: the same query finds the same documents. Each case covers what no other does."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from index.port import Filters, SearchEngine
from index.search import search
from tests.index.conftest import Maker
from tests.index.corpus import DOCUMENTS

ZONE = ZoneInfo("America/New_York")
ALL = {document.id for document in DOCUMENTS}


def found(engine: SearchEngine, text: str, **options: object) -> set[str]:
    results = search(engine, text, zone=ZONE, limit=100, **options)
    ids = {result.document.id for result in results.results}
    assert results.total == len(ids)
    return ids


QUERIES = {
    "a word finds its inflected forms": ("builds", {"build"}),
    "case and accents do not count": ("CAFES", {"outage"}),
    "letters without an accent form are folded": ("strasse", {"strasse"}),
    "stems are the pinned stemmer's where the engines' own differ": (
        "emergencies OR universities OR organizing",
        {"chief", "outage", "raise"},
    ),
    "a quoted word is taken as written": ('"organization" OR "organizations"', {"outage"}),
    "a phrase needs its words side by side and in order": (
        '"mill quarter" OR "quarter mill"',
        {"build", "copy"},
    ),
    "a phrase does not run from the title into the text": ('"dark a cut"', set()),
    "near words stand apart in either order": ('"quarter old"~3', {"build"}),
    "a possessive ending does not hide a name": ("bluecrest rate", {"raise"}),
    "words joined by a sign stand side by side": ("Q&A", {"markup"}),
    "digits grouped by commas are found as written": ("12,000", {"build", "fact-aurora"}),
    "blanks mean and": ("northlight paper", {"copy"}),
    "and binds tighter than or": ("chief session OR harbor offline", {"chief", "outage"}),
    "brackets bind first": ("(chief OR harbor) offline", {"outage"}),
    "minus leaves out": ("northlight -paper -kind:offer", {"build", "fact-aurora"}),
    "a query of exclusions alone is taken from everything": (
        "-kind:article -kind:offer",
        {"fact-aurora", "fact-greenville"},
    ),
    "an exclusion beside or is taken from everything": (
        "kind:expansion stage:announced OR (-kind:article -kind:expansion)",
        {"fact-greenville", "gig", "cable500", "wireless", "quote"},
    ),
    "title: looks into titles only": ("title:palmetto", {"merger", "chief", "quote", "fact-greenville"}),
    "publisher: looks into the publisher's name": ("publisher:ocean", {"outage", "merger"}),
    "company: takes an id": ("company:harbor-mesh", {"outage", "merger", "trial", "wireless"}),
    "company: takes any name of the company": ('company:"aurora light" topic:expansion', {"build", "copy"}),
    "place: takes a place's name": ('place:"adams county" kind:offer', {"gig"}),
    "topic: takes a topic with a sign in it": ("topic:m&a", {"merger"}),
    "bundle: takes a service that a price holds besides internet": ("bundle:phone", {"cable500"}),
    "bundle:none finds prices of internet alone and no article": (
        "bundle:none",
        {"gig", "wireless", "quote"},
    ),
    "a bundle is found by the words that say what it is": ('"bundle with TV"', {"cable500"}),
    "a day is the reader's local day": ("published:2026-11-12", {"merger"}),
    "square brackets include and braces exclude": (
        "published:{2026-11-02 TO 2026-11-05]",
        {"copy", "raise"},
    ),
    "a price comparison leaves out what has no price": ("price:<=64.99", {"cable500", "wireless"}),
    "a speed is compared in Mbps": ("down:>=500", {"gig", "cable500"}),
    "a star stands for any ending": ("univ*", {"raise"}),
    "a question mark stands for one character": ("h?rbor kind:offer", {"wireless"}),
    "a tilde forgives two swapped letters": ("brodaband~1 kind:offer", {"quote"}),
    "an abbreviation finds the phrase it stands for": ("ftth", {"trial", "strasse"}),
    "words that every text has are passed over": ("the merger of the palmetto", {"merger"}),
    "what looks like syntax is text when quoted": ('"(wild*card) OR"', {"markup"}),
}


@pytest.mark.parametrize(("text", "expected"), QUERIES.values(), ids=QUERIES.keys())
def test_query(filled: SearchEngine, text: str, expected: set[str]) -> None:
    assert found(filled, text) == expected


def test_place_filters_are_alternatives_of_one_area(filled: SearchEngine) -> None:
    area = Filters(places=frozenset({"102"}), counties=frozenset({"45045"}), kinds=frozenset({"article"}))
    assert found(filled, "*", filters=area) == {"outage", "trial", "chief"}


def test_a_window_of_time_includes_its_start_and_not_its_end(filled: SearchEngine) -> None:
    start, end = datetime(2026, 11, 2, 15, tzinfo=UTC), datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert found(filled, "*", filters=Filters(since=start, until=end)) == {"build", "copy", "fact-aurora"}


def test_facets_count_all_hits_and_order_ties_by_value(filled: SearchEngine) -> None:
    results = search(filled, "kind:article", facets=("topic", "month"), limit=1)
    assert results.facets == {
        "topic": (
            ("expansion", 2),
            ("funding", 1),
            ("leadership", 1),
            ("m&a", 1),
            ("outage", 1),
            ("pricing", 1),
            ("product", 1),
        ),
        "month": (("2026-11", 5), ("2026-09", 2), ("2026-10", 2)),
    }


def test_the_bundle_facet_counts_each_service_and_prices_of_internet_alone(filled: SearchEngine) -> None:
    results = search(filled, "*", facets=("bundle",), limit=1)
    assert results.facets == {"bundle": (("none", 3), ("phone", 1), ("tv", 1))}


def test_pages_in_price_order_hold_every_hit_once_with_the_unpriced_last(filled: SearchEngine) -> None:
    pages = [
        [r.document.id for r in search(filled, "*", sort="price", offset=offset, limit=4).results]
        for offset in range(0, 16, 4)
    ]
    order = [key for page in pages for key in page]
    assert order[:3] == ["wireless", "cable500", "gig"]
    assert sorted(order) == sorted(ALL)


def test_a_word_in_the_title_ranks_first_and_equally_good_hits_newest_first(changing: SearchEngine) -> None:
    plain = DOCUMENTS[0].model_copy(update={"title": "Weekly notes", "body": "A canal ferry runs here. " * 3})
    titled = plain.model_copy(update={"id": "titled", "title": "A ferry", "body": "Weekly notes. " * 5})
    days = [datetime(2026, 7, day, tzinfo=UTC) for day in (3, 9, 6)]
    twins = [plain.model_copy(update={"id": f"twin-{day.day}", "date": day}) for day in days]
    with changing.writer() as writer:
        writer.put([*twins, titled])
    ranked = [result.document.id for result in search(changing, "ferry").results]
    assert ranked == ["titled", "twin-9", "twin-6", "twin-3"]


def test_a_change_replaces_and_a_removal_removes(changing: SearchEngine) -> None:
    before = next(document for document in DOCUMENTS if document.id == "chief")
    with changing.writer() as writer:
        writer.put([before.model_copy(update={"body": "A quiet morning."})])
        writer.remove(["merger", "never there"])
    assert found(changing, "evening OR merger") == set()
    assert found(changing, '"quiet morning"') == {"chief"}
    assert changing.count() == len(DOCUMENTS) - 1


class _StoppedError(Exception):
    pass


def _stopped_rebuild(engine: SearchEngine) -> None:
    with engine.rebuild() as (_, writer):
        writer.put(DOCUMENTS[:1])
        writer.commit()
        assert engine.count() == len(DOCUMENTS)
        raise _StoppedError


def test_a_rebuild_is_seen_only_when_it_is_whole(make_engine: Maker) -> None:
    engine = make_engine("rebuilt")
    with engine.rebuild() as (first, writer):
        writer.put(DOCUMENTS)
    with pytest.raises(_StoppedError):
        _stopped_rebuild(engine)
    assert (engine.generation(), engine.count()) == (first, len(DOCUMENTS))
    with engine.rebuild() as (second, writer):
        writer.put(DOCUMENTS[:2])
    assert (engine.generation(), engine.count()) == (second, 2)
    assert make_engine("rebuilt", settings_key="Europe/Berlin").generation() is None
