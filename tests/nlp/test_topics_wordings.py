"""Topics in the words of blogs and local papers: mobile networks, data caps, emergency lines, customers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]


@pytest.mark.parametrize(
    ("topic", "title", "text"),
    [
        (
            "expansion",
            "Sprint lights up LTE",
            "Sprint turned on its LTE network in Waco and Tyler on Friday.",
        ),
        ("expansion", "AT&T 5G in Ohio", "AT&T is launching 5G in Toledo, Akron and eleven other markets."),
        ("expansion", "", "U.S. Cellular flipped the switch on its 4G service in Bangor and Augusta, Maine."),
        ("pricing", "Comcast data cap returns", "Comcast will bring back its data cap of 1.2TB in Maine."),
        ("pricing", "", "Cox Communications raised its data caps, and overage charges start above 1.5TB."),
        ("outage", "", "AT&T phones were in SOS mode on Monday, and callers reported issues all day."),
        (
            "outage",
            "",
            "Dispatchers in two counties said their 911 lines went down on Monday night. An outage of 911"
            " calls also hit the sheriff.",
        ),
        (
            "contract",
            "Hospital selects Comcast Business",
            "St. Mary Hospital selected Comcast Business Ethernet to link its clinics in Ogden, Utah.",
        ),
        (
            "earnings",
            "",
            "T-Mobile added 1.1 million subscribers in Q3, its best quarter in years, and churn fell.",
        ),
        (
            "regulation",
            "",
            "Verizon testified in Hartford on An Act Concerning Broadband before the state legislature.",
        ),
    ],
)
def test_an_article_is_about_what_its_words_say(tag: Tag, topic: str, title: str, text: str) -> None:
    told = tag(text, title)
    assert topic in [found.topic for found in told.topics]
    assert all(found.phrases for found in told.topics)


@pytest.mark.parametrize(
    ("topic", "title", "text"),
    [
        ("expansion", "Sprint launches phone", "Sprint launched a phone with LTE and a tablet at $200."),
        ("outage", "Center gets grant", "The 911 center won a grant. Its 911 staff will grow by four."),
        ("expansion", "", "Verizon will launch a 5G home plan with free devices for new customers."),
        ("contract", "", "Comcast selected its business journal of the year at a dinner."),
    ],
)
def test_the_same_words_of_other_things_make_no_topic(tag: Tag, topic: str, title: str, text: str) -> None:
    assert topic not in [found.topic for found in tag(text, title).topics]
