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


@pytest.mark.parametrize(
    ("topic", "title", "text"),
    [
        (
            "outage",
            "Cut line silences Comcast",
            "Comcast customers had no service for most of a day after a road crew severed a cable.",
        ),
        (
            "outage",
            "A quiet Tuesday",
            "Comcast homes spent much of Tuesday without internet after a digger sliced a fiber line.",
        ),
        (
            "regulation",
            "FCC sets auction date",
            (
                "The Federal Communications Commission voted to open bidding in an airwaves auction. "
                "Wireless carriers want the megahertz."
            ),
        ),
        (
            "regulation",
            "Board turns down cabinets",
            "The planning board voted 5-3 against the utility boxes that Comcast wanted on Elm Avenue.",
        ),
        ("expansion", "Minutes", "Comcast means to place fiber to every dwelling in the city."),
        (
            "expansion",
            "Co-op loan",
            "A loan lets Comcast replace copper with fiber to the premises for farms.",
        ),
        ("expansion", "More miles", "Comcast plans to add 400 route miles of long-haul fiber by 2030."),
        (
            "layoffs",
            "Call center to close",
            "Comcast will shut its office in April, putting 214 out of work.",
        ),
        ("pricing", "Bills go up", "Comcast customers will pay more from January, with a higher surcharge."),
        ("funding", "Comcast raises money", "Comcast closed new credit facilities that refinance its debt."),
        ("m&a", "Comcast grows", "Comcast closed on its purchase of a family-owned cable system."),
        (
            "layoffs",
            "Comcast trims staff",
            "Comcast is shedding some 340 positions, three percent of its workforce.",
        ),
        (
            "product",
            "Comcast is faster",
            "Comcast customers get faster internet: upload speeds are up fivefold.",
        ),
        (
            "regulation",
            "State sues Comcast",
            "The attorney general has sued Comcast and asks a civil penalty.",
        ),
        (
            "m&a",
            "Co-ops may join",
            "Members of Tall Oak Telephone and Comcast vote on a merger of the two networks.",
        ),
        ("leadership", "Comcast taps Porter", "Comcast named Ann Porter its next chief network officer."),
    ],
)
def test_an_article_tells_its_topic_in_other_words(tag: Tag, topic: str, title: str, text: str) -> None:
    assert topic in {found.topic for found in tag(text, title).topics}


@pytest.mark.parametrize(
    ("topic", "title", "text"),
    [
        (
            "leadership",
            "Comcast names four more towns",
            (
                "Comcast will bring fiber to 6,300 addresses. “A good day,” said Ty Brand, the carrier's "
                "senior vice president of the region."
            ),
        ),
        (
            "contract",
            "Comcast picks Elm City for its next fiber build",
            "Comcast signed a right-of-way agreement and will bury fiber to 4,600 homes in the city.",
        ),
        (
            "expansion",
            "Charter network breaks ground on campus",
            (
                "A charter network of schools broke ground on a campus. Students will have classrooms with "
                "gigabit internet, teachers said, and pupils get laptops on the wireless network."
            ),
        ),
        (
            "expansion",
            "Why settle for less",
            "Build with confidence with Comcast. Expand without limits. Its network has 30,000 route miles.",
        ),
        (
            "earnings",
            "Comcast crews dig",
            "Comcast crews bury fiber, and homes are lit in the first quarter of next year.",
        ),
        (
            "expansion",
            "Comcast and Charter agree on a merger",
            (
                "The merger of Comcast with Charter was agreed on Monday; it needs the regulators, and the "
                "combined company would acquire a cable firm. It will build no network, a spokesman said."
            ),
        ),
        ("funding", "Council clears Comcast", "The council voted to grant Comcast a right-of-way agreement."),
        ("funding", "Comcast wins Navy job", "Comcast was awarded a $4 million contract by the base."),
    ],
)
def test_a_word_in_passing_makes_no_topic(tag: Tag, topic: str, title: str, text: str) -> None:
    assert topic not in {found.topic for found in tag(text, title).topics}


def test_the_builds_of_an_award_are_a_topic_beside_the_money(tag: Tag) -> None:
    text = (
        "USDA awarded grants and loans in broadband funding: a federal grant of $4 million goes "
        "from ReConnect to Comcast. With the grant funding Comcast will build a fiber network past 900 farms."
    )
    assert [found.topic for found in tag(text, "USDA awards broadband grants").topics][:2] == [
        "funding",
        "expansion",
    ]


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
