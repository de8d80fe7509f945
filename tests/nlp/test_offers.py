"""Prices in prose: what is one, its promotion, speed, terms and company, with exact quotes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.offers import PRICE_SLOTS, score_offers
from market.companies.lexicon import Lexicon
from nlp.offers_tables import grid_rows, table_rows
from nlp.tag import TagResult
from tests.real_data import shared

Tag = Callable[..., TagResult]


def offers(tag: Tag, text: str, title: str = "") -> list[dict[str, Any]]:
    result = tag(text, title)
    found: list[dict[str, Any]] = result.to_json()["offers"]
    for offer in found:
        for proof in offer["evidence"]:
            assert text[proof["start"] : proof["end"]] == proof["quote"]
    return found


def only(tag: Tag, text: str) -> dict[str, Any]:
    found = offers(tag, text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "cents", "down"),
    [
        ("Foxglove Fiber plans start at $54.95 a month for 400 Mbps.", 5495, 400),
        ("Foxglove Fiber asks $54.95 per month for 400 megabits.", 5495, 400),
        ("A 400 Mbps plan from Foxglove Fiber costs $54.95/mo.", 5495, 400),
        ("With Foxglove Fiber, 2 Gig is $99 a month.", 9900, 2_000),
        ("Gigabit service from Foxglove Fiber goes for $79 a month.", 7900, 1_000),
        ("Foxglove Fiber offers broadband as low as $29.50 monthly.", 2950, None),
        ("Foxglove Fiber sells internet at a monthly rate of $38.", 3800, None),
        ("Foxglove Fiber's rates will be $61 for 250 Mbps.", 6100, 250),
        ("The price of Foxglove Fiber's 250 Mbps tier moves from $61 to $66 a month.", 6600, 250),
        ("The Foxglove Fiber tier of 250 Mbps rises to $66 a month from $61.", 6600, 250),
        ("The first month with Foxglove Fiber is free and after that it is $44.", 4400, None),
        ("With Foxglove Fiber, Fiber 300 begins at $41 a month.", 4100, 300),
        ("At Foxglove Fiber the top plan, two gigabits, goes for $99 a month.", 9900, 2_000),
        ("Foxglove Fiber said it would offer internet of 250 Mbps for $37 a month.", 3700, 250),
        (
            (
                "Foxglove Fiber will not charge to install and its service "
                "begins at $51 a month for 200 megabits."
            ),
            5100,
            200,
        ),
        ("Foxglove Fiber is replacing a $90 unlimited plan with a $75 unlimited plan.", 7500, None),
        (
            (
                "Foxglove Fiber asks $55 a month for 100 Mbps, and some pay "
                "less by the Affordable Connectivity Program."
            ),
            5500,
            100,
        ),
        ("Foxglove Fiber has sold 400 Mbps at $49 a month for two years.", 4900, 400),
        (
            "Homes can buy 10 Gbps from Foxglove Fiber. The list price is $190 a month with a $300 install.",
            19_000,
            10_000,
        ),
        (
            (
                "Foxglove Fiber is in town, she said, and customers pay "
                "what all pay, which is $47 for 100 megabits."
            ),
            4700,
            100,
        ),
        ("Foxglove Fiber is adding a $35 data plan.", 3500, None),
        ("Foxglove Fiber, at $1,150 a month, lights the office at 1 Gbps.", 115_000, 1_000),
    ],
)
def test_a_monthly_price_is_an_offer(tag: Tag, text: str, cents: int, down: float | None) -> None:
    offer = only(tag, text)
    assert (offer["company"], offer["monthly_cents"]) == ("foxglove-fiber", cents)
    assert offer["promo_cents"] is None
    assert offer["down_mbps"] == down


@pytest.mark.parametrize(
    "text",
    [
        "Foxglove Fiber plans range from $30 to $90 a month.",
        "Foxglove Fiber plans cost $30-$90 a month.",
        "Foxglove Fiber keeps its basic plan under $50 a month.",
        "Foxglove Fiber homes pay an average of $71 a month.",
        "Foxglove Fiber said its ARPU reached $71.40 a month.",
        "The Foxglove Fiber plan was $45 a month.",
        "Foxglove Fiber takes $10 a month off for students.",
        "Foxglove Fiber charges $10 more a month for paper bills.",
        "Foxglove Fiber raised its sports surcharge to $18.50 a month.",
        "Foxglove Fiber rents its modem for $14 a month.",
        "Foxglove Fiber asks a one-time $99 setup fee.",
        "Foxglove Fiber charges $10 for each extra gigabyte.",
        "Foxglove Fiber asks $75 a year for its club.",
        "The Affordable Connectivity Program paid Foxglove Fiber $30 a month for poor homes.",
        "Residents told Foxglove Fiber they pay $140 a month for satellite.",
        "Existing customers of Foxglove Fiber keep the $44 a month rate.",
        "Foxglove Fiber will spend $12 million on fiber at 5 Gbps.",
        "With Foxglove Fiber, watch Netflix for $8 a month.",
        "A plan in this town costs $55 a month for 300 Mbps.",
        "Fares are $40 a month. The bus has internet from Foxglove Fiber.",
    ],
)
def test_other_amounts_are_no_offers(tag: Tag, text: str) -> None:
    assert offers(tag, text) == []


@pytest.mark.parametrize(
    ("text", "promo", "months", "regular"),
    [
        ("Foxglove Fiber asks $40 a month for 12 months, then $65.", 4000, 12, 6500),
        ("Foxglove Fiber asks $40 a month for 300 Mbps in the first year ($65 thereafter).", 4000, 12, 6500),
        ("Foxglove Fiber customers pay $40 during year one and then $65.", 4000, 12, 6500),
        ("Foxglove Fiber asks $40 a month for the first six months before it goes to $65.", 4000, 6, 6500),
        ("For the first two years Foxglove Fiber customers pay $40 a month.", 4000, 24, None),
        ("Foxglove Fiber asks $40/mo for 24 months. After that, $65/mo.", 4000, 24, 6500),
        ("Foxglove Fiber's monthly rate of $40 requires a 9-month-term agreement.", 4000, 9, None),
    ],
)
def test_a_price_for_the_first_months_is_a_promotion(
    tag: Tag, text: str, promo: int, months: int, regular: int | None
) -> None:
    offer = only(tag, text)
    assert (offer["promo_cents"], offer["promo_months"], offer["monthly_cents"]) == (promo, months, regular)


def test_a_guaranteed_price_is_no_promotion(tag: Tag) -> None:
    offer = only(tag, "Foxglove Fiber asks $40 a month, guaranteed for 2 years.")
    assert (offer["monthly_cents"], offer["promo_cents"], offer["promo_months"]) == (4000, None, None)


def test_each_plan_of_a_list_takes_its_own_speed(tag: Tag) -> None:
    text = (
        "Foxglove Fiber customers get 300 Mbps for $39.99 a month, 1 gigabit for $69.99 "
        "and the fastest tier, 2 gig, for $99.99. Later come $110 for 5 Gig and $45 for 400 Mbps."
    )
    found = [(offer["monthly_cents"], offer["down_mbps"]) for offer in offers(tag, text)]
    assert found == [(3999, 300), (6999, 1_000), (9999, 2_000), (11_000, 5_000), (4500, 400)]


def test_a_bare_figure_takes_the_unit_before_it(tag: Tag) -> None:
    found = offers(tag, "Foxglove Fiber service is $65 a month for 100 Mbps and $95 for 400.")
    assert [(offer["monthly_cents"], offer["down_mbps"]) for offer in found] == [(6500, 100), (9500, 400)]


@pytest.mark.parametrize(
    ("text", "up"),
    [
        ("Foxglove Fiber asks $60 a month for a symmetrical 500 Mbps.", 500),
        ("Foxglove Fiber asks $60 a month for 500 Mbps up and down.", 500),
        ("Foxglove Fiber asks $60 a month for 500/50 Mbps.", 50),
        ("Foxglove Fiber asks $60 a month for 500 Mbps. All speeds are the same in both directions.", 500),
        ("Foxglove Fiber asks $60 a month for 500 Mbps.", None),
    ],
)
def test_an_upload_speed_must_be_stated(tag: Tag, text: str, up: float | None) -> None:
    offer = only(tag, text)
    assert (offer["down_mbps"], offer["up_mbps"]) == (500, up)


def test_terms_come_with_their_quotes(tag: Tag) -> None:
    offer = only(tag, "The Spark plan from Foxglove Fiber is $60 a month with AutoPay and no contract.")
    assert (offer["autopay"], offer["contract_months"], offer["plan_name"]) == (True, 0, "The Spark")
    quotes = {proof["slot"]: proof["quote"] for proof in offer["evidence"]}
    assert quotes["autopay"] == "AutoPay"
    assert quotes["contract_months"] == "no contract"


def test_a_price_without_autopay_says_so(tag: Tag) -> None:
    found = offers(tag, "Foxglove Fiber internet is $35 a month with autopay, or $50 without it.")
    assert [(offer["monthly_cents"], offer["autopay"]) for offer in found] == [(3500, True), (5000, False)]


def test_a_price_belongs_to_the_company_named_before_it(tag: Tag) -> None:
    text = "Comcast sells 300 Mbps for $55 a month, while Foxglove Fiber lists 300 Mbps for $48 a month."
    assert [(o["company"], o["monthly_cents"]) for o in offers(tag, text)] == [
        ("comcast", 5500),
        ("foxglove-fiber", 4800),
    ]


def test_the_same_price_told_twice_is_one_offer(tag: Tag) -> None:
    text = "Foxglove Fiber asks $60 a month for 500 Mbps. The $60 a month rate of Foxglove Fiber is new."
    assert len(offers(tag, text)) == 1


def test_a_plan_card_has_its_speed_in_the_lines_above(tag: Tag) -> None:
    text = "Foxglove Fiber plans\nUp to 50 Mbps\n10 Mbps Upload\n$49.99/month\nSetup fee\n$75"
    offer = only(tag, text)
    assert (offer["monthly_cents"], offer["down_mbps"], offer["up_mbps"]) == (4999, 50, 10)


def test_a_flattened_table_is_read_by_its_header(tag: Tag) -> None:
    text = (
        "Foxglove Fiber now has one list of plans.\n\nMonthly Price 1-Yr\n\nEveryday Price\n\n"
        "200 Mbps\n\n$\n\n30\n\n$\n\n60\n\n1 Gbps\n\n$\n\n50\n\n$\n\n80\n\nEach comes with WiFi."
    )
    found = offers(tag, text)
    slots = ("down_mbps", "promo_cents", "promo_months", "monthly_cents")
    assert [tuple(offer[slot] for slot in slots) for offer in found] == [
        (200, 3000, 12, 6000),
        (1_000, 5000, 12, 8000),
    ]


def test_a_table_with_words_between_its_prices_is_left_alone() -> None:
    assert list(table_rows("Price A\nPrice B\n200 Mbps\n$30 or so\n$60\n")) == []


def test_the_record_of_an_article_keeps_its_offers(tag: Tag) -> None:
    record = tag("Foxglove Fiber asks $60 a month for 500 Mbps.").tagged()
    assert [(offer.record_id, offer.monthly_cents) for offer in record.offers] == [("a1", 6000)]
    assert {proof.slot for proof in record.offers[0].evidence} >= {"company", "monthly_cents", "down_mbps"}


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                ["$", "$49.99", "$5", "a month", "/mo", "for 12 months", "then", "500 Mbps", "1 gig",
                 "Comcast", "from", "to", "\n", ".", ",", "price", "Everyday Price", "1-Yr Price", "autopay",
                 "each way", "no contract", "upload", "$\n\n40", "After that", "fee", "—"]
            ),
        ),
        max_size=40,
    )
)  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_exact_quotes(tag: Tag, parts: list[str]) -> None:
    text = " ".join(parts).encode("utf-8", "replace").decode()
    for offer in offers(tag, text):
        assert offer["monthly_cents"] or offer["promo_cents"]
        assert len({proof["slot"] for proof in offer["evidence"]}) == len(offer["evidence"])


@pytest.mark.real
def test_real_releases_reach_the_target(tag: Tag, lexicon: Lexicon) -> None:
    """Price slots on the 24 labelled releases, compared as bench/offers.py says."""
    shared("data", "releases", "gold.jsonl")
    from bench.slots import Identity, Score, releases
    from nlp.tag import Tagger

    total, labelled, identity = Score(), releases(), Identity(lexicon)
    for result, (_, gold) in zip(Tagger(lexicon).tag([item for item, _ in labelled]), labelled, strict=True):
        total.add(score_offers(result, gold, identity))
    assert total.of(PRICE_SLOTS)[2] >= 0.95


def test_the_company_of_the_sentence_before_asks_the_price(tag: Tag) -> None:
    text = (
        "The council renewed Comcast's cable franchise, and Comcast was glad. "
        "Comcast has internet customers.\n"
        "It then let in Foxglove Fiber, a broadband newcomer.\n\n"
        "The company asks $61 a month for 300 megabits."
    )
    assert only(tag, text)["company"] == "foxglove-fiber"


def test_the_same_speed_is_that_of_the_price_before(tag: Tag) -> None:
    text = (
        "Foxglove Fiber has 300 Mbps for $30 a month for students. "
        "Other plans begin at $52 for the same speed."
    )
    assert [(o["monthly_cents"], o["down_mbps"]) for o in offers(tag, text)] == [(3000, 300), (5200, 300)]


def test_words_behind_a_price_make_its_speed_hold_both_ways(tag: Tag) -> None:
    text = (
        "Foxglove Fiber internet.\n940 Mbps — $75/mo. Uploads as fast "
        "as downloads.\n500 Mbps — $50/mo. For two."
    )
    assert [(o["down_mbps"], o["up_mbps"]) for o in offers(tag, text)] == [(940, 940), (500, None)]


def test_a_provider_keeps_its_full_name_where_the_price_names_it_short(tag: Tag) -> None:
    text = (
        "Foxglove Vale Broadband sells fiber internet to homes. "
        "Foxglove Vale charges $61 a month for 300 Mbps."
    )
    assert only(tag, text)["company_name"] == "Foxglove Vale Broadband"


def test_a_table_with_bars_is_read_by_its_header() -> None:
    text = (
        "| Plan | Download | Upload | Promo (12 months) | Regular price |\n|---|---|---|---|---|\n"
        "| Basic | 50 Mbps | 5 Mbps | $30 | $45 |\n| Plus | 250 Mbps | 25 Mbps | $55 | $70 |\n"
        "| Modem | - | - | - | $10 |\n"
    )
    found = [
        (row.down_mbps, row.up_mbps, row.promo_cents, row.promo_months, row.monthly_cents)
        for row in grid_rows(text)
    ]
    assert found == [(50, 5, 3000, 12, 4500), (250, 25, 5500, 12, 7000)]


@pytest.mark.parametrize(
    "text",
    [
        "| Item | Price |\n|---|---|\n| 1 Gig modem | none |\n| Antenna | $30 |\n",
        "| Plan | Setup fee |\n|---|---|\n| 100 Mbps | $30 |\n",
        "100 Mbps | $30 |\n",
    ],
)
def test_a_table_without_monthly_prices_is_left_alone(text: str) -> None:
    assert list(grid_rows(text)) == []


def test_what_a_list_shares_is_told_of_each_of_its_prices(tag: Tag) -> None:
    text = "Foxglove Fiber sells 300 Mbps, 1 Gig and 2 Gig for $40, $60 and $90 a month, each for a year."
    found = [(o["promo_cents"], o["promo_months"], o["down_mbps"]) for o in offers(tag, text)]
    assert found == [(4000, 12, 300), (6000, 12, 1_000), (9000, 12, 2_000)]


def test_a_rise_is_added_to_the_price_that_it_follows(tag: Tag) -> None:
    offer = only(tag, "Foxglove Fiber asks $40 a month for 12 months. It will then rise by $25.")
    assert (offer["promo_cents"], offer["promo_months"], offer["monthly_cents"]) == (4000, 12, 6500)


def test_who_says_our_price_before_any_name_is_not_the_rival_named_later(tag: Tag) -> None:
    text = "Our gig is $62 a month and has no extras.\nThe ad from Foxglove Fiber says something else."
    assert offers(tag, text) == []
