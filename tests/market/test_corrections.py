"""Corrections applied to tags: places, companies, mentions and the facts that rest on them."""

from __future__ import annotations

from typing import Any

import pytest

from market.companies.lexicon import Lexicon
from market.corrections import Corrector
from market.places.gazetteer import Gazetteer
from market.records import (
    Correction,
    Expansion,
    Importance,
    Mention,
    Place,
    Tagged,
    TaggedCompany,
    TaggedPlace,
    ToldEvent,
    ToldOffer,
    Undoing,
)

LEXICON = Lexicon.load()
GAZETTEER = Gazetteer.load()


def found(name: str) -> Place:
    place = GAZETTEER.find(name)
    assert place is not None
    return place


OHIO, GEORGIA, GREER = found("Columbus, OH"), found("Columbus, GA"), found("Greer, SC")


def tagged_place(place: Place, role: str = "about") -> TaggedPlace:
    fields = place.model_dump(include=set(TaggedPlace.model_fields))
    return TaggedPlace(**fields, role=role, reason="title")


def tags(**more: Any) -> Tagged:
    values: dict[str, Any] = {
        "mentions": (
            Mention(text="Columbus", start=0, end=8, kind="place", target=str(OHIO.id)),
            Mention(text="AT&T", start=9, end=13, kind="company", target="att"),
        ),
        "companies": (TaggedCompany(id="att", name="AT&T", role="about"),),
        "places": (tagged_place(OHIO), tagged_place(GREER, "mentioned")),
        "expansions": (
            Expansion(
                id="x1",
                record_id="a1",
                company="att",
                places=(OHIO.id, GREER.id),
                stage="live",
                partner="lumos",
            ),
        ),
        "events": (
            ToldEvent(
                id="t1",
                record_id="a1",
                kind="outage",
                company="att",
                places=(OHIO.id,),
                other_company="lumos",
            ),
        ),
        "offers": (ToldOffer(id="t2", record_id="a1", company="att", monthly_cents=5000),),
    }
    return Tagged(
        record_id="a1",
        capture_id="c1",
        importance=Importance(score=0.5),
        story_id="a1",
        tagger_version=3,
        **(values | more),
    )


def correction(
    action: str, target: object, new: object = None, kind: str = "place", **more: Any
) -> Correction:
    values = {"id": f"k-{action}-{target}-{new}", "record": "a1", "record_id": "a1", "name": str(target)}
    return Correction(
        **(values | more),
        action=action,
        kind=kind,
        target=str(target),
        new_target=None if new is None else str(new),
        new_name="" if new is None else str(new),
        author="N. N.",
        reason="I know the town",
    )


def apply(*corrections: Correction, to: Tagged | None = None) -> Tagged:
    return Corrector(corrections, LEXICON, GAZETTEER)(to or tags())


def places(of: Tagged) -> list[tuple[int, str]]:
    return [(place.id, place.role) for place in of.places]


def test_a_rejected_place_leaves_tags_mentions_and_facts() -> None:
    after = apply(correction("reject", OHIO.id))
    assert places(after) == [(GREER.id, "mentioned")]
    assert [mention.text for mention in after.mentions] == ["AT&T"]
    assert after.expansions[0].places == (GREER.id,)
    assert after.events[0].places == ()


def test_a_replaced_place_takes_its_stead_and_role() -> None:
    after = apply(correction("replace", OHIO.id, GEORGIA.id))
    assert places(after) == [(GEORGIA.id, "about"), (GREER.id, "mentioned")]
    assert after.places[0].county_fips == GEORGIA.county_fips
    assert after.places[0].reason == "corrected"
    assert (after.mentions[0].target, after.mentions[0].method) == (str(GEORGIA.id), "corrected")
    assert after.expansions[0].places == (GEORGIA.id, GREER.id)
    assert after.events[0].places == (GEORGIA.id,)


def test_a_replacement_that_is_there_already_is_there_once() -> None:
    both = tags(places=(tagged_place(GEORGIA, "mentioned"), tagged_place(OHIO)))
    after = apply(correction("replace", OHIO.id, GEORGIA.id), to=both)
    assert places(after) == [(GEORGIA.id, "about")]


def test_a_replacement_stands_where_a_later_tagger_finds_neither() -> None:
    after = apply(correction("replace", OHIO.id, GEORGIA.id, role="mentioned"), to=tags(places=()))
    assert places(after) == [(GEORGIA.id, "mentioned")]


def test_an_added_place_is_what_it_is_about_unless_said_otherwise() -> None:
    assert places(apply(correction("add", GEORGIA.id)))[-1] == (GEORGIA.id, "about")
    assert places(apply(correction("add", GEORGIA.id, role="mentioned")))[-1] == (GEORGIA.id, "mentioned")
    again = apply(correction("add", GREER.id, role="about"))
    assert places(again) == [(OHIO.id, "about"), (GREER.id, "about")]


def test_a_role_is_corrected() -> None:
    assert places(apply(correction("role", OHIO.id, role="mentioned")))[0] == (OHIO.id, "mentioned")
    absent = tags(places=())
    assert places(apply(correction("role", OHIO.id, role="mentioned"), to=absent)) == []
    assert places(apply(correction("role", OHIO.id, role="about"), to=absent)) == [(OHIO.id, "about")]


def test_a_rejected_company_takes_its_facts_along() -> None:
    after = apply(correction("reject", "att", kind="company"))
    assert (after.companies, after.expansions, after.events, after.offers) == ((), (), (), ())
    assert [mention.kind for mention in after.mentions] == ["place"]
    partner = apply(correction("reject", "lumos", kind="company"))
    assert (partner.expansions[0].partner, partner.events[0].other_company) == (None, None)
    assert partner.expansions[0].company == "att"


def test_a_replaced_company_is_another_in_every_fact() -> None:
    after = apply(correction("replace", "att", "metronet", kind="company"))
    assert [(company.id, company.name, company.role) for company in after.companies] == [
        ("metronet", LEXICON.name("metronet"), "about")
    ]
    assert {fact.company for fact in (*after.expansions, *after.events, *after.offers)} == {"metronet"}
    assert after.expansions[0].company_name == LEXICON.name("metronet")
    assert after.mentions[1].target == "metronet"


def test_a_company_is_added_and_its_role_corrected() -> None:
    added = apply(correction("add", "metronet", kind="company", role="mentioned"))
    assert [(company.id, company.role) for company in added.companies] == [
        ("att", "about"),
        ("metronet", "mentioned"),
    ]
    changed = apply(correction("role", "att", kind="company", role="mentioned"))
    assert [(company.id, company.role) for company in changed.companies] == [("att", "mentioned")]


def test_corrections_follow_each_other_and_are_kept_with_the_tags() -> None:
    first = correction("replace", OHIO.id, GEORGIA.id)
    second = correction("role", GEORGIA.id, role="mentioned")
    after = apply(first, second)
    assert places(after)[0] == (GEORGIA.id, "mentioned")
    assert after.corrections == (first, second)


def test_what_was_taken_back_or_is_of_another_record_changes_nothing() -> None:
    undone = correction("reject", OHIO.id).model_copy(
        update={"undone": Undoing(author="M. M.", reason="No.")}
    )
    other = correction("reject", GREER.id, record_id="a2")
    assert apply(undone, other) == tags()


@pytest.mark.parametrize("again", [1, 2])
def test_applying_to_the_taggers_own_tags_gives_the_same_each_time(again: int) -> None:
    rules = [correction("reject", GREER.id), correction("add", GEORGIA.id)]
    assert [apply(*rules) for _ in range(again)] == [apply(*rules)] * again


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (correction("reject", OHIO.id, name="Columbus, OH"), "place Columbus, OH rejected"),
        (correction("add", OHIO.id, name="Columbus, OH"), "place Columbus, OH added"),
        (correction("replace", "att", "Lumos", "company", name="AT&T"), "company AT&T corrected to Lumos"),
        (
            correction("role", OHIO.id, name="Columbus, OH", role="about"),
            "role of Columbus, OH corrected to about",
        ),
    ],
)
def test_a_correction_tells_what_who_and_why(made: Correction, words: str) -> None:
    assert made.words() == f"{words} by N. N.: I know the town"
