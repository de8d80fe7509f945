"""Between the ledger and the engine nothing is lost and nothing is sent for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from index.documents import Documents
from index.embedded import TantivyEngine
from index.ledger import Ledger
from index.parse import parse
from index.port import Failure, IndexWriter, SearchDocument
from index.sync import rebuild, sync
from market.companies.lexicon import Lexicon
from market.errors import UnavailableError
from market.places.gazetteer import Gazetteer
from market.records import Importance, Tagged, TaggedCompany, TaggedPlace
from tests.index.facts import article, at, capture, offer, reading, tagged

NEW_YORK = ZoneInfo("America/New_York")
PAGE = {"url": "https://acme.example/news/1", "reader": "article"}


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two offers and one tagged article of one fact."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    ledger.migrate()
    plans, page = capture(0), capture(1, **PAGE)
    ledger.capture(plans)
    ledger.capture(page)
    ledger.record_reading(reading(plans), [offer(plans, "gig"), offer(plans, "half")], [])
    ledger.record_reading(reading(page), [article(page)], [])
    ledger.record_tagged([tagged(article(page), 1, ("live",))])
    yield ledger
    ledger.close()


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "index", threads=1)


def _ids(engine: TantivyEngine, text: str) -> set[str]:
    return {hit.document.id for hit in engine.search(parse(text)).hits}


def test_the_first_sync_sends_all_and_the_second_nothing(filled: Ledger, engine: TantivyEngine) -> None:
    told: list[tuple[str, int, int]] = []
    counts = sync(filled, engine, progress=lambda *step: told.append(step))
    assert counts == {"documents": 4, "removed": 0, "refused": 0}
    assert told == [("indexing", 4, 4)]
    assert sync(filled, engine) == {"documents": 0, "removed": 0, "refused": 0}
    assert engine.count() == 4


def test_a_correction_reaches_the_index(filled: Ledger, engine: TantivyEngine) -> None:
    sync(filled, engine)
    plans = capture(0)
    filled.record_reading(reading(plans, 2), [offer(plans, "gig", 4000)], [])
    assert sync(filled, engine) == {"documents": 1, "removed": 1, "refused": 0}
    assert _ids(engine, "kind:offer price:<=40") == {offer(plans, "gig").id}


def test_of_a_plan_seen_week_after_week_the_last_observation_is_found(
    filled: Ledger, engine: TantivyEngine
) -> None:
    sync(filled, engine)
    dearer = capture(5, at(9))
    filled.capture(dearer)
    filled.record_reading(reading(dearer), [offer(dearer, "gig", 7500)], [])
    assert sync(filled, engine) == {"documents": 1, "removed": 2, "refused": 0}
    assert _ids(engine, "kind:offer") == {offer(dearer, "gig").id}
    assert len(filled.offers(company="acme")) == 3
    assert rebuild(filled, engine) == {"documents": 3, "removed": 0, "refused": 0}


def test_a_page_that_goes_back_to_its_old_prices_is_found_with_them(
    filled: Ledger, engine: TantivyEngine
) -> None:
    dearer, back = capture(5, at(9)), capture(6, at(16), changed=False, same_as=capture(0).id)
    filled.capture(dearer)
    filled.record_reading(reading(dearer), [offer(dearer, "gig", 7500)], [])
    sync(filled, engine)
    filled.capture(back)
    assert sync(filled, engine) == {"documents": 2, "removed": 1, "refused": 0}
    found = {offer(capture(0), "gig").id, offer(capture(0), "half").id}
    assert _ids(engine, "kind:offer") == {o.id for o in filled.offers(current=True)} == found


def test_a_page_that_cannot_be_read_keeps_its_last_known_prices_found(
    filled: Ledger, engine: TantivyEngine
) -> None:
    sync(filled, engine)
    broken = capture(5, at(9))
    filled.capture(broken)
    filled.record_reading(reading(broken, outcome="failed", records=0), [], [])
    assert sync(filled, engine) == {"documents": 0, "removed": 0, "refused": 0}
    assert len(_ids(engine, "kind:offer")) == 2


def test_a_lost_index_is_filled_anew(filled: Ledger, engine: TantivyEngine, tmp_path: Path) -> None:
    sync(filled, engine)
    engine.close()
    shutil.rmtree(tmp_path / "index")
    assert sync(filled, TantivyEngine(tmp_path / "index"))["documents"] == 4


def test_another_time_zone_rebuilds_the_index(filled: Ledger, engine: TantivyEngine, tmp_path: Path) -> None:
    sync(filled, engine)
    other = TantivyEngine(tmp_path / "index", settings_key="Europe/Berlin")
    assert sync(filled, other)["documents"] == 4


def test_reindexing_gives_the_same_index(filled: Ledger, engine: TantivyEngine) -> None:
    sync(filled, engine)
    before = _ids(engine, "*")
    assert rebuild(filled, engine)["documents"] == 4
    assert _ids(engine, "*") == before
    assert sync(filled, engine)["documents"] == 0


class _Torn(TantivyEngine):
    """An engine whose commit fails."""

    @contextmanager
    def writer(self) -> Iterator[IndexWriter]:
        with super().writer() as inner:
            yield _TornWriter(inner)


class _TornWriter:
    def __init__(self, inner: IndexWriter) -> None:
        self._inner = inner

    def put(self, documents: Sequence[SearchDocument]) -> list[Failure]:
        return self._inner.put(documents)

    def remove(self, ids: Iterable[str]) -> None:
        self._inner.remove(ids)

    def commit(self) -> None:
        raise UnavailableError("search-unavailable", "the engine went away")


def test_the_cursor_stays_where_it_was_when_a_commit_fails(
    filled: Ledger, engine: TantivyEngine, tmp_path: Path
) -> None:
    sync(filled, engine)
    plans = capture(9, at(5), url="https://acme.example/more")
    filled.capture(plans)
    filled.record_reading(reading(plans), [offer(plans, "new")], [])
    with pytest.raises(UnavailableError):
        sync(filled, _Torn(tmp_path / "index", threads=1))
    assert engine.count() == 4
    assert sync(filled, engine)["documents"] == 1
    assert engine.count() == 5


def test_a_refused_document_becomes_an_issue_and_the_rest_goes_on(
    filled: Ledger, engine: TantivyEngine
) -> None:
    plans = capture(9, at(5), url="https://acme.example/more")
    filled.capture(plans)
    filled.record_reading(reading(plans), [offer(plans, "odd", down_mbps=1e30), offer(plans, "even")], [])
    assert sync(filled, engine, run_id="run-1", at=at(6)) == {"documents": 5, "removed": 0, "refused": 1}
    (issue,) = filled.issues(run_id="run-1")
    assert (issue.stage, issue.code, issue.data) == (
        "index",
        "document-refused",
        {"id": offer(plans, "odd").id},
    )


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(Lexicon([]), Gazetteer.load(), NEW_YORK)


def _place(name: str, role: str) -> TaggedPlace:
    place = Gazetteer.load().find(name)
    assert place is not None
    values = place.model_dump(include={"id", "name", "kind", "state", "county_fips", "lat", "lon"})
    return TaggedPlace(**values, role=role)


def test_an_articles_document_has_the_area_it_is_about(documents: Documents) -> None:
    page = capture(0, **PAGE)
    found = article(page, published_at=at(4), publisher="Acme newsroom")
    tags = Tagged(
        record_id=found.id,
        capture_id=page.id,
        companies=(TaggedCompany(id="acme", name="Acme", role="about"),),
        places=(_place("Greenville, SC", "about"), _place("Denver, CO", "mentioned")),
        topics=("expansion",),
        importance=Importance(score=0.25),
        story_id="story",
        tagger_version=1,
    )
    made = documents.article(found, tags, page)
    assert (made.counties, made.states) == (("45045",), ("SC",))
    assert set(made.place_names) >= {"Greenville, SC", "Greenville County, SC", "South Carolina"}
    assert (made.companies, made.topics, made.story, made.importance) == (
        ("acme",),
        ("expansion",),
        "story",
        0.25,
    )
    assert (made.url, made.capture_id, made.publisher) == (found.url, page.id, "Acme newsroom")


def test_a_date_without_a_time_is_that_day_for_the_reader(documents: Documents) -> None:
    page = capture(0, at(9), **PAGE)
    midnight = datetime(2026, 11, 4, tzinfo=UTC)
    whole = documents.article(article(page, published_at=midnight, published_day_only=True), None, page)
    timed = documents.article(article(page, published_at=midnight), None, page)
    undated = documents.article(article(page), None, page)
    assert (whole.day, whole.date, whole.dated) == ("2026-11-04", datetime(2026, 11, 4, 5, tzinfo=UTC), True)
    assert (timed.day, timed.date) == ("2026-11-03", midnight)
    assert (undated.day, undated.date, undated.dated) == ("2026-11-09", at(9), False)


def test_an_offers_document_is_found_by_plan_speed_price_and_place(documents: Documents) -> None:
    plans = capture(0)
    made = documents.offer(
        offer(plans, "gig", market=("Greenville, SC", "US"), down_mbps=1000.0, price_raw="$70.00"), plans
    )
    assert made.title == "Acme: Gig"
    assert made.body == "fiber; 1000 Mbps download (1 Gbps); $70.00 a month; Greenville, SC, US"
    assert (made.price_cents, made.down_mbps, made.counties) == (7000, 1000.0, ("45045",))


def test_a_facts_document_quotes_the_article_it_stands_in(documents: Documents) -> None:
    page = capture(0, **PAGE)
    found = article(page, published_at=at(4))
    (fact,) = tagged(found, 1, ("construction",)).expansions
    place = Gazetteer.load().find("Greenville, SC")
    assert place is not None
    made = documents.expansion(fact.model_copy(update={"places": (place.id,)}), found, None, page)
    assert made.title == "Acme, construction: Greenville, SC"
    assert made.body == found.text
    assert (made.record_id, made.stage, made.capture_id) == (found.id, "construction", page.id)
