"""A price that its page gives as the lowest of several says so wherever it is written."""

from __future__ import annotations

from typing import Any

from briefs.claims import figures
from briefs.cost import cost_over
from briefs.price_tables import plan_columns
from briefs.price_words import list_price_claim
from briefs.sheet_view import _amount
from briefs.tracking import _point
from briefs.wording import price_terms
from crowsnest.web.format import price
from market.records import Citation, Evidence, Offer, TextSpan
from tests.briefs.build import capture, day, offer

SEEN = capture(day(0))
PAGE = Citation(capture_id=SEEN.id, url=SEEN.url, publisher="Acme", on=SEEN.fetched_at, dated="captured")


def plan(**changed: Any) -> Offer:
    return offer(SEEN, cents=4900, price_from=True, **changed)


def test_terms_say_from_before_the_price_of_the_first_months_too() -> None:
    assert price_terms(_point(plan(), SEEN)) == "from $49.00"
    promoted = plan(promo_cents=3900, promo_months=12)
    assert price_terms(_point(promoted, SEEN)) == "from $39.00 for 12 months, then $49.00"
    assert price_terms(_point(offer(SEEN, cents=4900), SEEN)) == "$49.00"
    asked = offer(SEEN, cents=None, quote_only=True, price_from=True)
    assert price_terms(_point(asked, SEEN)) == "on request"


def test_sheet_web_and_comparison_say_it() -> None:
    assert _amount(plan())[0] == "from $49.00"
    assert price(plan()).startswith("from ")
    cost = cost_over(plan(), 12)
    assert cost is not None
    assert "lowest of several" in cost.assumptions[0]
    assert "Lowest of several" in plan_columns()


def test_a_sentence_says_it_and_its_words_are_among_the_quotes() -> None:
    said = Evidence(
        record_id="o",
        slot="price_from",
        capture_id=SEEN.id,
        quote="Starting at $49.00",
        where=TextSpan(text_sha256="0" * 64, start=0, end=18),
        reader="offers",
        reader_version=8,
    )
    shown = plan().model_copy(update={"evidence": (*plan().evidence, said)})
    claim = list_price_claim(shown, "Acme Fiber", PAGE)
    assert " from $49.00 a month" in claim.text
    assert "Starting at $49.00" in [each.quote for each in claim.evidence]


def test_cents_in_a_quote_are_cents() -> None:
    (quoted,), (written,) = figures("99¢/mo"), figures("$0.99")
    assert (quoted.value, quoted.kind) == (written.value, written.kind)
