"""Corrected offers in the ledger, and the companies that tags were made with."""

from __future__ import annotations

from index.ledger import Ledger
from market.companies.lexicon import Company, Ownership
from market.ids import article_id
from market.places.gazetteer import Gazetteer
from market.price_corrections import PriceCorrector
from market.records import Correction, Offer
from tests.index.facts import article, at, capture, offer, reading, tagged

GAZETTEER = Gazetteer.load()
PAGE = "https://acme.example/plans"


def correction(part: str, number: int = 1, **more: object) -> Correction:
    values: dict[str, object] = {
        "id": f"k{number}",
        "record": PAGE,
        "record_id": article_id(PAGE),
        "scope": "plan",
        "part": part,
        "action": "replace",
        "kind": "company",
        "target": "acme",
        "name": "Acme",
        "new_target": "zeta",
        "new_name": "Zeta",
        "author": "N. N.",
        "reason": "Zeta's page",
    }
    return Correction(**(values | more))


def keep(ledger: Ledger, *plans: str, offset: int = 0, url: str = PAGE) -> list[Offer]:
    one = capture(offset, at(1 + offset), url=url, reader="offers")
    ledger.capture(one)
    offers = [offer(one, plan) for plan in plans]
    ledger.record_reading(reading(one), offers, [])
    ledger.note_current_offers()
    return offers


def follow(ledger: Ledger, *corrections: Correction) -> None:
    ledger.correct_prices(PriceCorrector(corrections, GAZETTEER), {"acme": article_id(PAGE)})


def companies(ledger: Ledger) -> dict[str, str]:
    return {each.plan_name: each.company for each in ledger.offers()}


def test_an_offer_follows_and_what_its_page_says_stays_beside(ledger: Ledger) -> None:
    gig, _ = keep(ledger, "gig", "100% fiber_\\")
    follow(ledger, correction("Gig"))
    assert companies(ledger) == {"Gig": "zeta", "100% Fiber_\\": "acme"}
    assert [each.id for each in ledger.offers(company="zeta")] == [gig.id]
    assert list(ledger.corrected_offers()) == [gig.id]
    [(_, _, own)] = ledger.observations("acme")
    assert {each.company for each in own} == {"acme"}
    follow(ledger)
    assert ledger.corrected_offers() == {}
    assert set(companies(ledger).values()) == {"acme"}


def test_names_with_signs_of_sql_and_json_are_met_exactly(ledger: Ledger) -> None:
    keep(ledger, "100% fiber_\\", "100x fiber__", 'the "big" é')
    follow(ledger, correction("100% Fiber_\\"), correction('The "Big" É', 2))
    assert companies(ledger) == {"100% Fiber_\\": "zeta", "100X Fiber__": "acme", 'The "Big" É': "zeta"}


def test_the_index_hears_of_current_offers_only(ledger: Ledger) -> None:
    keep(ledger, "gig")
    keep(ledger, "gig", offset=1)
    ledger.mark_indexed("e", ledger.unindexed("e", 100))
    follow(ledger, correction("*"))
    batch = ledger.unindexed("e", 100)
    assert [(entry.kind, entry.offer.company) for entry in batch.entries if entry.offer] == [
        ("offer", "zeta")
    ]
    ledger.mark_indexed("e", batch)
    follow(ledger, correction("*"))
    assert ledger.unindexed("e", 100).entries == ()


def test_a_page_of_another_address_is_left_alone(ledger: Ledger) -> None:
    keep(ledger, "gig", url="https://other.example/plans")
    ledger.correct_prices(PriceCorrector([correction("*")], GAZETTEER), {})
    assert set(companies(ledger).values()) == {"acme"}


def test_an_offer_read_anew_is_what_its_page_says_until_the_corrections_are_applied(ledger: Ledger) -> None:
    [gig] = keep(ledger, "gig")
    follow(ledger, correction("Gig"))
    ledger.record_reading(reading(capture(0, at(1), url=PAGE, reader="offers"), version=2), [gig], [])
    assert companies(ledger) == {"Gig": "acme"}
    follow(ledger, correction("Gig"))
    assert companies(ledger) == {"Gig": "zeta"}


def test_companies_that_tags_were_made_with_and_the_articles_that_are_stale(ledger: Ledger) -> None:
    kept = []
    for number in range(3):
        one = capture(number, url=f"https://acme.example/news/{number}", reader="article")
        ledger.capture(one)
        found = article(one)
        ledger.record_reading(reading(one), [found], [])
        kept.append(found)
    ledger.record_tagged([tagged(found, 5) for found in kept[:2]])
    assert ledger.seen_count(5) == 2
    seen = {found.id: tags for found, tags in ledger.each_seen(5)}
    assert set(seen) == {found.id for found in kept[:2]}
    assert all('"importance"' in tags for tags in seen.values())
    assert ledger.tagged_companies() == []
    acme = Company(id="acme", name="Acme", owners=(Ownership(owner="zeta", since=at(1).date()),))
    ledger.put_tagged_companies([acme], [kept[0].id])
    assert ledger.tagged_companies() == [acme.model_copy(update={"owners": ()})]
    assert {found.id for found in ledger.untagged(5)} == {kept[0].id, kept[2].id}
    assert ledger.tagged([kept[0].id])[kept[0].id].tagger_version == 5
    ledger.put_tagged_companies([], [])
    assert ledger.tagged_companies() == []
