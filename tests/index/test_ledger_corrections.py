"""Corrections in the ledger: kept as the file has them, applied to tags, undone, and told to the index."""

from __future__ import annotations

from datetime import UTC

import pytest

from index.documents import Documents
from index.ledger import Ledger
from market.companies.lexicon import Lexicon
from market.corrections import Corrector
from market.places.gazetteer import Gazetteer
from market.records import Article, Correction, Tagged, TaggedCompany, TaggedPlace, Undoing
from tests.index.facts import article, at, capture, reading, tagged

LEXICON = Lexicon.load()
GAZETTEER = Gazetteer.load()
PAGE = {"url": "https://acme.example/news/1", "reader": "article"}
OTHER = {"url": "https://acme.example/news/2", "reader": "article"}


def place(name: str, role: str = "about") -> TaggedPlace:
    found = GAZETTEER.find(name)
    assert found is not None
    return TaggedPlace(**found.model_dump(include=set(TaggedPlace.model_fields)), role=role)


OHIO, GEORGIA = place("Columbus, OH"), place("Columbus, GA")


def replaced(of: Article, number: int = 1, **more: object) -> Correction:
    values: dict[str, object] = {
        "id": f"k{number}",
        "record": of.url,
        "record_id": of.id,
        "action": "replace",
        "kind": "place",
        "target": str(OHIO.id),
        "name": "Columbus, OH",
        "new_target": str(GEORGIA.id),
        "new_name": "Columbus, GA",
        "author": "N. N.",
        "reason": "Georgia's paper",
        "at": at(4),
    }
    return Correction(**(values | more))


def keep(ledger: Ledger, offset: int = 0, version: int = 1, **page: str) -> Article:
    """Keep an article about Columbus, Ohio, with one fact."""
    one = capture(offset, **(page or PAGE))
    ledger.capture(one)
    found = article(one)
    ledger.record_reading(reading(one), [found], [])
    ledger.record_tagged([own(found, version)])
    return found


def own(of: Article, version: int = 1) -> Tagged:
    return tagged(of, version, ("live",), places=(OHIO,))


def follow(ledger: Ledger, *corrections: Correction) -> list[str]:
    ledger.put_corrections(corrections)
    return ledger.correct_tags(Corrector(corrections, LEXICON, GAZETTEER))


def place_ids(ledger: Ledger, of: Article) -> list[int]:
    return [found.id for found in ledger.tagged([of.id])[of.id].places]


def changed(ledger: Ledger) -> set[str]:
    """Return the kinds of what an engine has to look at anew, and take note of it."""
    batch = ledger.unindexed("e", 100)
    ledger.mark_indexed("e", batch)
    return {entry.kind for entry in batch.entries}


def test_corrections_are_kept_in_the_order_of_the_file(ledger: Ledger) -> None:
    first, second = keep(ledger), keep(ledger, 1, **OTHER)
    both = [replaced(second, 2), replaced(first, 1)]
    ledger.put_corrections(both)
    assert ledger.corrections() == both
    assert ledger.corrections(first.id) == [both[1]]
    ledger.put_corrections(both[:1])
    assert ledger.corrections() == both[:1]


def test_tags_follow_and_the_taggers_own_stay_beside_them(ledger: Ledger) -> None:
    found, other = keep(ledger), keep(ledger, 1, **OTHER)
    assert follow(ledger, replaced(found)) == [found.id]
    assert place_ids(ledger, found) == [GEORGIA.id]
    assert ledger.tagged([found.id])[found.id].corrections == (replaced(found),)
    assert ledger.uncorrected([found.id, other.id]) == {found.id: own(found), other.id: own(other)}
    assert place_ids(ledger, other) == [OHIO.id]
    assert follow(ledger, replaced(found)) == []


def test_what_is_taken_back_or_gone_from_the_file_is_the_taggers_again(ledger: Ledger) -> None:
    found = keep(ledger)
    one = replaced(found)
    follow(ledger, one)
    assert follow(ledger, one.model_copy(update={"undone": Undoing(author="N. N.", reason="No.")})) == [
        found.id
    ]
    assert ledger.tagged([found.id]) == {found.id: own(found)}
    follow(ledger, one)
    assert follow(ledger) == [found.id]
    assert ledger.tagged([found.id]) == {found.id: own(found)}


def test_a_newer_tagger_does_not_overrule_the_analyst(ledger: Ledger) -> None:
    found = keep(ledger)
    correct = Corrector([replaced(found)], LEXICON, GAZETTEER)
    follow(ledger, replaced(found))
    ledger.record_tagged([own(found, 2)], correct)
    assert place_ids(ledger, found) == [GEORGIA.id]
    assert ledger.tagged([found.id])[found.id].tagger_version == 2
    assert ledger.uncorrected([found.id]) == {found.id: own(found, 2)}
    assert ledger.untagged(2) == []


def test_a_record_is_corrected_as_it_is_tagged(ledger: Ledger) -> None:
    one = capture(0, **PAGE)
    ledger.capture(one)
    found = article(one)
    ledger.record_reading(reading(one), [found], [])
    follow(ledger, replaced(found))
    ledger.record_tagged([own(found)], Corrector([replaced(found)], LEXICON, GAZETTEER))
    assert place_ids(ledger, found) == [GEORGIA.id]


def test_a_new_version_of_the_page_is_corrected_too(ledger: Ledger) -> None:
    found = keep(ledger)
    follow(ledger, replaced(found))
    later = capture(5, at(9), **PAGE)
    ledger.capture(later)
    newer = article(later, "Acme builds in Columbus, at last.")
    ledger.record_reading(reading(later), [newer], [])
    ledger.record_tagged([own(newer)], Corrector([replaced(found)], LEXICON, GAZETTEER))
    assert place_ids(ledger, newer) == [GEORGIA.id]


def test_the_index_learns_of_a_correction_and_of_its_end(ledger: Ledger) -> None:
    found = keep(ledger)
    assert changed(ledger) == {"article", "expansion"}
    follow(ledger, replaced(found))
    assert changed(ledger) == {"article", "expansion"}
    follow(ledger, replaced(found))
    assert changed(ledger) == set()
    follow(ledger)
    assert changed(ledger) == {"article", "expansion"}


def test_documents_tell_the_correction(ledger: Ledger) -> None:
    found = keep(ledger)
    follow(ledger, replaced(found))
    documents = Documents(LEXICON, GAZETTEER, UTC)
    made = [documents.of(entry) for entry in ledger.unindexed("e", 100).entries]
    made.sort(key=lambda one: one.kind if one else "")
    words = ("place Columbus, OH corrected to Columbus, GA by N. N.: Georgia's paper",)
    assert [(one.kind, one.corrections) for one in made if one] == [("article", words), ("expansion", words)]
    assert [one.counties for one in made if one and one.kind == "article"] == [("13215",)]


def test_a_rejected_company_takes_its_build_out_of_the_ledger(ledger: Ledger) -> None:
    found = keep(ledger)
    changed(ledger)
    rejected = replaced(
        found, action="reject", kind="company", target="acme", name="acme", new_target=None, new_name=""
    )
    follow(ledger, rejected)
    assert ledger.expansions() == []
    assert [entry.gone for entry in ledger.unindexed("e", 9).entries if entry.kind == "expansion"] == [True]


def test_a_correction_of_an_article_that_is_not_there_waits(ledger: Ledger) -> None:
    found = article(capture(0, **PAGE))
    assert follow(ledger, replaced(found)) == []
    assert ledger.tagged([found.id]) == {}


@pytest.mark.parametrize("since", [None, at(3)])
def test_tags_are_gone_through_by_day(ledger: Ledger, since: object) -> None:
    first = keep(ledger)
    later = capture(1, at(5), **OTHER)
    ledger.capture(later)
    second = article(later)
    ledger.record_reading(reading(later), [second], [])
    ledger.record_tagged([tagged(second, companies=(TaggedCompany(id="acme", name="Acme", role="about"),))])
    seen = {tags.record_id for tags in ledger.each_tagged(since)}
    assert seen == ({first.id, second.id} if since is None else {second.id})
