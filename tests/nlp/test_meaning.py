"""Topics, key sentence and importance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]


@pytest.mark.parametrize(
    ("topic", "title", "text"),
    [
        (
            "pricing",
            "Comcast raises prices",
            (
                "Comcast said a price increase of $5 a month for broadband begins in "
                "May. The new rates hold for all plans."
            ),
        ),
        (
            "outage",
            "Comcast outage hits Denver",
            (
                "Customers lost service after a fiber cut on Monday. Comcast crews are "
                "working to restore service."
            ),
        ),
        (
            "m&a",
            "Verizon to acquire Old Pine Fiber",
            (
                "Verizon signed a definitive agreement to acquire the provider in an "
                "all-cash deal. The merger needs regulatory approval."
            ),
        ),
        (
            "funding",
            "State awards broadband grants",
            ("The state awarded $4 million in broadband funding. Comcast is among the grant recipients."),
        ),
        (
            "regulation",
            "FCC votes on net neutrality rules",
            (
                "The Federal Communications Commission voted on a proposed rule. "
                "Comcast opposed the regulation."
            ),
        ),
        (
            "contract",
            "School district selects Comcast Business",
            (
                "The district signed a contract with Comcast Business. The multi-year "
                "agreement covers 30 sites."
            ),
        ),
        (
            "leadership",
            "Comcast names Ann Porter chief executive officer",
            ("Comcast appointed Ann Porter as CEO. She will succeed Bob Hill, who steps down in June."),
        ),
        (
            "layoffs",
            "Comcast to cut jobs",
            ("Comcast plans layoffs in its Midwest division. The job cuts include severance."),
        ),
        (
            "earnings",
            "Comcast third quarter profit rises",
            (
                "Comcast said third-quarter revenue rose and adjusted EBITDA was $9 "
                "billion. Earnings beat what analysts expected."
            ),
        ),
        (
            "product",
            "Comcast introduces new gateway",
            ("Comcast introduced a new WiFi gateway. The new product features a mobile app."),
        ),
    ],
)
def test_an_article_is_about_its_topic(tag: Tag, topic: str, title: str, text: str) -> None:
    assert tag(text, title).topics[0].topic == topic


def test_an_article_of_another_trade_has_no_topic(tag: Tag) -> None:
    assert (
        tag("The airline said revenue rose and it will acquire a rival.", "Airline to acquire rival").topics
        == ()
    )


def test_the_key_sentence_names_company_place_and_figure(tag: Tag) -> None:
    text = (
        "Spring has come. “We are thrilled,” said the mayor, who has waited "
        "long. Comcast will build fiber for 8,500 "
        "homes in Greenville, South Carolina. More news follows.\nAbout "
        "Comcast\nComcast is a company of 180,000 people."
    )
    result = tag(text, "Comcast builds in Greenville")
    assert result.key_sentence is not None
    assert (
        result.key_sentence.quote == "Comcast will build fiber for 8,500 homes in Greenville, South Carolina."
    )


def test_an_empty_text_has_no_key_sentence(tag: Tag) -> None:
    assert tag("", "Comcast builds").key_sentence is None


def test_a_price_cut_outranks_a_conference(tag: Tag) -> None:
    price = tag(
        "Comcast cut prices for broadband in Greenville, South Carolina.", "Comcast price cut"
    ).importance
    talk = tag(
        "Comcast spoke at a broadband conference in Greenville, South Carolina.", "Comcast at summit"
    ).importance
    nothing = tag("The school board met on Monday.", "Board meets").importance
    assert price.score > talk.score > nothing.score
    assert price.reasons[0] == "about pricing"
    assert "names no company of the market" in nothing.reasons


def test_importance_stays_between_nothing_and_one(tag: Tag) -> None:
    text = (
        "Comcast will build a $200 million fiber network for 90,000 homes in "
        "Greenville, South Carolina, with a state "
        "grant. Comcast cut prices, and an outage and layoffs followed its acquisition of a rival."
    )
    assert (
        0.0
        <= tag(text, "Comcast price cut, outage, $200 million build in Greenville").importance.score
        <= 1.0
    )
