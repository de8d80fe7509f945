from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.claims import Gate, Proofs, figures, unquoted
from briefs.sentences import story_claim, title_evidence
from market.records import Article, Cell, Citation, Claim, Dispute, Evidence, Move, Offer, TextSpan
from tests.briefs.build import article, capture, day, offer, span

TEXT = "Acme will spend $15 million to reach 12,000 homes.\nIt sells 500 Mbps for $59.99."
HELD, STORY = article("Acme builds: 12K homes", TEXT, day(1))
PLAN_CAPTURE = capture(day(0))
PLAN = offer(PLAN_CAPTURE)


class Stored(Proofs):
    """What the ledger would know."""

    def text(self, text_sha256: str) -> str | None:
        return TEXT if text_sha256 == STORY.text_sha256 else None

    def article_version(self, article_id: str, capture_id: str) -> Article | None:
        return STORY if (article_id, capture_id) == (STORY.id, STORY.capture_id) else None

    def offers(
        self,
        company: str | None = None,
        source_id: str | None = None,
        capture_id: str | None = None,
        current: bool = False,
    ) -> Sequence[Offer]:
        return [PLAN] if capture_id == PLAN.capture_id else []


GATE = Gate(Stored(), lambda identity: {"three-sixty": "360 Fiber"}.get(identity, identity))


def page(capture_id: str) -> Citation:
    return Citation(
        capture_id=capture_id, url="https://a.example/", publisher="A", on=day(1), dated="published"
    )


def claim(text: str, *evidence: Evidence, **more: Any) -> Claim:
    pages = tuple(page(item.capture_id) for item in evidence)
    return Claim(**({"text": text, "evidence": evidence, "citations": pages} | more))


def code(made: Claim) -> str | None:
    refusal = GATE.refusal(made)
    return refusal.code if refusal else None


FIRST = span(STORY, TEXT.split("\n")[0])


@pytest.mark.parametrize(
    "text",
    [
        "Acme reaches 12,000 homes.",
        "Acme reaches 12000 homes.",
        "Acme reaches 12K homes.",
        "Acme spends $15 million.",
        "Acme spends $15,000,000.",
        "Acme spends 15 million dollars.",
        "Acme builds.",
    ],
)
def test_a_number_stands_however_it_is_written(text: str) -> None:
    assert code(claim(text, FIRST)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Acme reaches 12,001 homes.",
        "Acme reaches 12 homes.",
        "Acme reaches $12,000 homes.",
        "Acme reaches 15 million homes.",
        "Acme spends $15.",
        "Acme grows by 12,000%.",
        "Acme sells 5G to 12,000 homes.",
        "Acme reaches a dozen homes.",
        "Acme reaches twelve homes.",
        "Acme, by 2027, reaches 12,000 homes.",
    ],
)
def test_a_number_that_no_quote_carries_is_refused(text: str) -> None:
    assert code(claim(text, FIRST)) == "number-not-quoted"


def test_the_gate_reads_the_numbers_itself_and_writes_them_down() -> None:
    made = claim("Acme reaches 12,000 homes for $15 million.", FIRST, numbers=("7",))
    (held,), refused = GATE.admit([made])
    assert refused == []
    assert held.numbers == ("12,000", "$15 million")


def test_a_claim_without_evidence_or_with_an_empty_quote_is_refused() -> None:
    assert code(claim("Acme builds.")) == "no-evidence"
    assert code(claim("Acme builds.", FIRST.model_copy(update={"quote": " "}))) == "no-evidence"


def test_a_quote_must_stand_exactly_where_it_says() -> None:
    assert isinstance(FIRST.where, TextSpan)
    moved = FIRST.where.model_copy(update={"start": FIRST.where.start + 1, "end": FIRST.where.end + 1})
    other = FIRST.where.model_copy(update={"text_sha256": "0" * 64})
    for changed in (
        {"where": moved},
        {"where": other},
        {"quote": FIRST.quote.replace("12,000", "13,000")},
        {"quote": FIRST.quote.lower()},
        {"capture_id": "c-another", "record_id": STORY.id},
        {"record_id": "a-another"},
    ):
        assert code(claim("Acme builds.", FIRST.model_copy(update=changed))) == "quote-not-stored"


def test_an_offers_evidence_must_be_the_one_stored_with_it() -> None:
    price = next(item for item in PLAN.evidence if item.slot == "monthly_cents")
    assert code(claim("It costs $59.99.", price)) is None
    assert (
        code(claim("It costs $59.99.", price.model_copy(update={"quote": "$59.99 "}))) == "quote-not-stored"
    )
    elsewhere = price.model_copy(update={"where": Cell(row=9, column="monthly_cents")})
    assert code(claim("It costs $59.99.", elsewhere)) == "quote-not-stored"


def test_a_bare_cell_carries_an_amount_of_money() -> None:
    bare = PLAN.evidence[0].model_copy(update={"quote": "59.99"})
    assert unquoted("It costs $59.99.", [bare]) is None
    prose = FIRST.model_copy(update={"quote": "It sold 59.99 of them."})
    assert unquoted("It costs $59.99.", [prose]) == "$59.99"


def test_a_companys_own_digits_are_no_figures() -> None:
    assert code(claim("360 Fiber reaches 12,000 homes.", FIRST, company="three-sixty")) is None
    assert code(claim("360 Fiber reaches 360 homes.", FIRST, company="three-sixty")) == "number-not-quoted"


def test_a_headline_must_be_the_title_and_its_numbers_stand_in_it() -> None:
    made = story_claim(STORY, FIRST, "s1", [page(STORY.capture_id)], record_ids=[STORY.id])
    assert code(made) is None
    assert made.headline == "Acme builds: 12K homes"
    assert code(made.model_copy(update={"headline": "Acme builds"})) == "headline-not-quoted"
    cut = title_evidence(STORY, "article", 1)
    assert isinstance(cut.where, TextSpan)
    wrong = cut.model_copy(update={"where": cut.where.model_copy(update={"end": 4})})
    assert code(claim("Acme builds.", wrong)) == "quote-not-stored"


def test_both_prices_of_a_move_must_stand_in_their_own_captures() -> None:
    price = next(item for item in PLAN.evidence if item.slot == "monthly_cents")
    move = Move(kind="rise", what="list price", before_cents=5999, before_capture=PLAN.capture_id)
    assert code(claim("Up.", price, move=move)) is None
    other = move.model_copy(update={"before_capture": STORY.capture_id})
    assert code(claim("Up.", price, move=other)) == "price-not-quoted"
    assert (
        code(claim("Up.", price, move=move.model_copy(update={"before_cents": 6000}))) == "price-not-quoted"
    )


def test_every_quoted_capture_needs_its_page_named() -> None:
    assert code(claim("Acme builds.", FIRST, citations=())) == "page-not-cited"


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_any_two_whole_numbers_agree_only_if_equal(told: int, quoted: int) -> None:
    quote = FIRST.model_copy(update={"quote": f"It reached {quoted:,} homes."})
    missing = unquoted(f"It reached {told} homes.", [quote])
    assert (missing is None) == (told == quoted)


@given(st.text(max_size=80))
def test_a_text_always_carries_its_own_numbers(text: str) -> None:
    """A sentence quoted whole can never be refused for its numbers."""
    assert unquoted(text, [FIRST.model_copy(update={"quote": text})]) is None


@given(st.text(max_size=80))
def test_figures_are_cut_from_the_text(text: str) -> None:
    assert all(figure.raw in text for figure in figures(text))


def test_a_builds_technology_stage_and_date_need_their_quote() -> None:
    told = FIRST.quote
    assert "fiber" not in told
    as_build = {"kind": "build", "company": "acme"}
    assert (
        code(claim("Acme announced a network build in Greer, SC: 12,000 homes.", FIRST, **as_build)) is None
    )
    for text in (
        "Acme announced a fiber build in Greer, SC: 12,000 homes.",
        "Acme is live with a network in Greer, SC: 12,000 homes.",
        "Acme announced a network build in Greer, SC: 12,000 homes, target next summer.",
    ):
        assert code(claim(text, FIRST, **as_build)) == "word-not-quoted"
    # A headline or a quoted sentence is no line of ours.
    assert code(claim("Acme is live with a network in Greer, SC.", FIRST, kind="news")) is None


def test_an_earlier_stage_that_does_not_hold_is_left_out_and_told_of() -> None:
    good = claim("Acme announced a network build in Greenville, SC: 12,000 homes.", FIRST, kind="build")
    bad = claim("Acme announced a network build in Greenville, SC: 14,000 homes.", FIRST, kind="build")
    whole = claim("Acme builds.", FIRST, steps=(bad, good))
    held, refused = GATE.admit([whole])
    assert [item.steps for item in held] == [(good,)]
    assert [(item.claim, item.code) for item in refused] == [(bad, "number-not-quoted")]
    assert code(whole) == "number-not-quoted"


def test_a_dispute_needs_two_sides_that_hold() -> None:
    one, other = claim("Acme: 12,000 homes.", FIRST), claim("Acme: 14,000 homes.", FIRST)
    whole = claim("Acme builds.", FIRST, disputes=(Dispute(what="size", said=(one, other)),))
    held, refused = GATE.admit([whole])
    assert [item.disputes for item in held] == [()]
    assert [item.claim for item in refused] == [other]


def test_the_quotes_and_pages_under_a_claim_are_its_own_to_prove() -> None:
    step = claim("Acme builds.", FIRST)
    whole = claim("Acme builds.", FIRST, steps=(step,))
    assert whole.proofs() == (FIRST, FIRST)
    assert len(whole.pages()) == 2
