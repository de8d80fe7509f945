"""Importance: which of two articles a sales reader should see first, and the rules that say why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nlp.explained import explained
from nlp.tag import TagResult

Tag = Callable[..., TagResult]
Story = tuple[str, str]

CUT: Story = (
    "Comcast cuts price of gigabit plan in Tulsa to $60",
    "Comcast will cut the price of its gigabit plan in Tulsa, Oklahoma, to $60 a month.",
)
HIKE: Story = (
    "Cox price increase reaches Omaha in January",
    "Cox Communications customers in Omaha, Nebraska, will pay $5 a month more from January."
    " The price increase holds for all internet plans.",
)
BUILD: Story = (
    "Metronet to build fiber network in Rockford",
    "Metronet will build a fiber network in Rockford, Illinois, that will pass 42,000 homes by 2028.",
)
SMALL_BUILD: Story = (
    "TDS starts fiber construction in Altoona",
    "TDS has begun construction of a fiber network that will pass 900 homes in Altoona, Wisconsin.",
)
OUTAGE: Story = (
    "Fiber cut knocks out Spectrum in Bangor",
    "A fiber cut left Spectrum customers in Bangor, Maine, without internet service on Tuesday.",
)
MERGER: Story = (
    "Verizon to acquire Starry",
    "Verizon signed a definitive agreement to acquire Starry. The acquisition is expected to close in March.",
)
GRANT: Story = (
    "Windstream awarded $12 million grant for Rabun County",
    "Windstream was awarded a grant of $12 million to bring fiber to 3,100 homes in Rabun County, Georgia.",
)
CONTRACT: Story = (
    "Boise schools pick Comcast Business in $4 million contract",
    "The school district of Boise, Idaho, awarded a contract of $4 million to Comcast Business.",
)
LAYOFFS: Story = (
    "Frontier layoffs hit call center in Everett",
    "Frontier Communications will lay off 140 workers and close its call center in Everett, Washington.",
)
CONFERENCE: Story = (
    "Comcast executives to speak at fiber conference",
    "Comcast executives will give the keynote at a conference in Denver and join a panel on fiber.",
)
AWARD: Story = (
    "Frontier honored with workplace award",
    "Frontier Communications was honored with an award for its training and celebrates its anniversary.",
)
DONATION: Story = (
    "Cox volunteers donate to food bank in Phoenix",
    "Cox Communications volunteers made a donation of 5,000 meals to a food bank in Phoenix, Arizona.",
)
LEADER: Story = (
    "Ziply Fiber names new chief financial officer",
    "Ziply Fiber appointed a new chief financial officer, a veteran of the trade, effective immediately.",
)
EARNINGS: Story = (
    "Charter revenue rose in second quarter",
    "Charter Communications said revenue rose 1 percent in the second quarter on net income of $1 billion.",
)
POLICY: Story = (
    "FCC voted on rulemaking for broadband labels",
    "The Federal Communications Commission voted on a proposed rule for labels of internet plans.",
)
TIPS: Story = (
    "Five tips for better Wi-Fi from Mediacom",
    "Mediacom has five tips for your router. Place it high, and restart it once a week, says a survey.",
)
ELSEWHERE: Story = (
    "High school team wins at home",
    "The team won its last game of the season before a crowd of 3,000 on Friday.",
)
APP: Story = (
    "T-Mobile unveils new app",
    "T-Mobile unveils a new app with new features for its customers, the carrier said.",
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (CUT, CONFERENCE),
        (CUT, AWARD),
        (CUT, LEADER),
        (CUT, EARNINGS),
        (CUT, POLICY),
        (CUT, LAYOFFS),
        (HIKE, DONATION),
        (HIKE, APP),
        (HIKE, TIPS),
        (HIKE, EARNINGS),
        (BUILD, SMALL_BUILD),
        (BUILD, CONFERENCE),
        (BUILD, LEADER),
        (SMALL_BUILD, POLICY),
        (SMALL_BUILD, AWARD),
        (OUTAGE, EARNINGS),
        (OUTAGE, DONATION),
        (MERGER, LEADER),
        (MERGER, TIPS),
        (GRANT, POLICY),
        (GRANT, CONFERENCE),
        (CONTRACT, APP),
        (CONTRACT, AWARD),
        (LAYOFFS, LEADER),
        (LEADER, ELSEWHERE),
    ],
)
def test_what_moves_a_market_comes_first(tag: Tag, first: Story, second: Story) -> None:
    above, below = (tag(text, title) for title, text in (first, second))
    assert above.importance.score > below.importance.score, (above.weighed, below.weighed)


def test_the_points_of_the_rules_add_up_to_the_importance(tag: Tag) -> None:
    told = tag(CUT[1], CUT[0]).to_json(explain=True)
    rules = told["explain"]["importance"]
    points = rules["base"] + sum(rule["points"] for rule in rules["rules"])
    assert told["importance"]["score"] == pytest.approx(points)
    assert told["importance"]["reasons"] == [rule["reason"] for rule in rules["rules"]]
    assert rules["rules"][0]["rule"] == "topics.pricing"


def test_the_text_of_an_explanation_shows_rules_and_points(tag: Tag) -> None:
    lines = explained(tag(CUT[1], CUT[0])).splitlines()
    assert any(line.startswith("importance 0.") for line in lines)
    assert "    +0.35 about pricing (topics.pricing)" in lines


def test_what_speaks_against_an_article_is_shown_too(tag: Tag) -> None:
    held = {rule.rule: rule for rule in tag(CONFERENCE[1], CONFERENCE[0]).weighed}
    assert held["signs.soft"].points < 0
    assert held["signs.soft"].reason == "an occasion (conference)"
