"""About or mentioned, and why."""

import pytest

from market.places.gazetteer import Gazetteer
from market.records import Mention
from nlp.build import build_pipeline, passages
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Span
from nlp.regions import Regions
from nlp.roles import Judged, Roles

REGIONS = Regions(Gazetteer.load())
TEXT = (
    "GREENVILLE, S.C. (AP) — Rock Hill, S.C.-based Palmfield Fiber said Monday it has a plan.\n"
    "Nobody was surprised.\n"
    "It will pass 4,500 homes in Simpsonville by 2027. The Columbia Chamber of Commerce praised it.\n"
    "A similar network opened in Asheville, N.C., last year.\n"
    "About Palmfield Fiber\n"
    "Palmfield Fiber serves homes in York County, South Carolina."
)
TITLE = "Palmfield Fiber announces a network for Mauldin"


def judge(
    title: str, text: str, facts=(), home: str | None = "SC", told=(), **news
) -> dict[str, tuple[str, str]]:
    pair = next(iter(passages(build_pipeline(), [(title, text)])))
    found = REGIONS.find(pair, home_state=home)
    names = {m.place.id: m.place.name for m in found if m.place} | {
        m.area.id: m.area.name for m in found if m.area
    }
    ids = {key for key, name in names.items() if name in told}
    roles = Roles(*pair, facts, ids).places(found, **news)
    return {names[key]: (judged.role, judged.reason) for key, judged in roles.items()}


def test_title_event_and_lead_make_an_article_about_a_place():
    start = TEXT.index("It will pass")
    roles = judge(TITLE, TEXT, [("text", Span(start, start + 10))])
    assert roles["Mauldin"] == ("about", "title")
    assert roles["Simpsonville"] == ("about", "event")
    assert judge("", "Fiber comes to Simpsonville this fall.")["Simpsonville"] == ("about", "lead")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Greenville", "dateline"),
        ("Rock Hill", "seat"),
        ("South Carolina", "with-city"),
        ("Columbia", "organisation"),
        ("Asheville", "passing"),
        ("York County", "boilerplate"),
    ],
)
def test_a_place_that_is_only_named_is_mentioned(name, reason):
    start = TEXT.index("It will pass")
    assert judge(TITLE, TEXT, [("text", Span(start, start + 10))])[name] == ("mentioned", reason)


def test_the_city_of_the_dateline_is_about_when_the_event_is_there():
    text = "GREENVILLE, S.C. (AP) — A provider has a plan. Crews start work in Greenville on Monday."
    start = text.index("Crews")
    assert judge("", text, [("text", Span(start, len(text)))])["Greenville"] == ("about", "event")


def test_a_place_named_often_is_about():
    text = (
        "A. B. C.\nOne.\nTwo.\nThree.\nThe council of Greenville met. Greenville has a plan. "
        "People in Greenville agree."
    )
    assert judge("", text)["Greenville"] == ("about", "often")


def test_a_direction_is_about_the_area_and_names_the_state():
    roles = judge("", "The provider expands in northwest Arkansas this fall.", home="AR")
    assert roles["Northwest Arkansas"] == ("about", "lead")
    assert roles["Arkansas"] == ("mentioned", "with-area")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("GREENVILLE, S.C. (AP) — It rains.", "GREENVILLE, S.C. (AP) — "),
        (
            "Fort Smith, Ark., Nov. 3, 2026 /PRNewswire/ -- Acme said",
            "Fort Smith, Ark., Nov. 3, 2026 /PRNewswire/ -- ",
        ),
        ("DENTON — It rains.", "DENTON — "),
        ("It rains in Greenville — again.", ""),
        ("", ""),
        ("No dash here.", ""),
    ],
)
def test_datelines(text, head):
    pair = next(iter(passages(build_pipeline(), [("", text)])))
    assert text[: dateline_span(pair[1]).end] == head


def test_boilerplate_begins_at_the_sender():
    pair = next(iter(passages(build_pipeline(), [("", TEXT)])))
    assert TEXT[boilerplate_start(pair[1]) :].startswith("About Palmfield")
    plain = next(iter(passages(build_pipeline(), [("", "About 40 people came.\nThey left.")])))
    assert boilerplate_start(plain[1]) == len(plain[1].text)


def test_companies_have_roles_too():
    pair = next(iter(passages(build_pipeline(), [(TITLE, TEXT)])))
    start = TEXT.index("Columbia")
    mentions = [
        Mention(text="Palmfield Fiber", start=0, end=15, field="title", kind="company", target="palmfield"),
        Mention(text="Columbia", start=start, end=start + 8, kind="company", target="chamber"),
        Mention(text="unknown", start=0, end=7, kind="company"),
    ]
    assert Roles(*pair).companies(mentions) == {
        "palmfield": Judged("about", "title"),
        "chamber": Judged("mentioned", "passing"),
    }


def test_the_places_of_builds_are_what_an_article_is_about():
    text = (
        "Crews dig in Simpsonville, not in Mauldin. It follows a build at Easley. South Carolina pays for it."
    )
    start = text.index("Crews")
    roles = judge(
        "South Carolina pays", text, [("text", Span(start, start + 5))], told=("Simpsonville", "Easley")
    )
    assert roles["Simpsonville"] == ("about", "event")
    assert roles["Easley"][0] == "about"
    assert roles["Mauldin"] == ("mentioned", "beside")
    assert roles["South Carolina"] == ("mentioned", "beside")


def test_news_of_another_trade_is_about_no_place():
    assert judge("", "A bakery opens in Simpsonville.", is_news=False)["Simpsonville"] == (
        "mentioned",
        "no news",
    )


def test_a_company_s_merger_is_not_in_the_places_it_serves():
    text = "The merger brings customers in Simpsonville."
    assert judge("", text, topic="m&a")["Simpsonville"] == ("mentioned", "of the company")
    assert judge("", text, topic="expansion")["Simpsonville"] == ("about", "lead")
