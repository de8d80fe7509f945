"""About or mentioned, and why."""

import pytest

from market.places.gazetteer import Gazetteer
from market.records import Mention
from nlp.build import build_pipeline, passages
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Span
from nlp.explained import explained
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
    title: str, text: str, facts=(), home: str | None = "SC", told=(), topic=None
) -> dict[str, tuple[str, str]]:
    pair = next(iter(passages(build_pipeline(), [(title, text)])))
    found = REGIONS.find(pair, home_state=home)
    names = {m.place.id: m.place.name for m in found if m.place} | {
        m.area.id: m.area.name for m in found if m.area
    }
    ids = {key for key, name in names.items() if name in told}
    roles = Roles(*pair, facts, ids, topic).places(found)
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
    text = "Crews dig in Simpsonville and Easley, 20 miles west of Greer. South Carolina pays for it."
    roles = judge(
        "A grant is spent", text, [("text", Span(0, 5))], told=("Simpsonville", "Easley"), topic="expansion"
    )
    assert roles["Simpsonville"] == ("about", "event")
    assert roles["Easley"] == ("about", "event")
    assert roles["Greer"] == ("mentioned", "far")
    assert roles["South Carolina"] == ("mentioned", "beside")
    assert judge("South Carolina pays", text, [("text", Span(0, 5))], told=("Easley",))["South Carolina"] == (
        "about",
        "title",
    )


QUIET = "A. B. C.\nNobody was surprised.\nIt rained.\n"
NOTHING = "A fee was read. A vote was held. A song was sung. A bell rang. A dog barked.\n"


@pytest.mark.parametrize(
    ("sentence", "name", "role", "reason"),
    [
        ("Contractors will start trenching around Easley in May.", "Easley", "about", "work"),
        ("The company has built networks in Easley before.", "Easley", "mentioned", "passing"),
        ("Crews will be there in May, said Ann Lee Porter of Easley.", "Easley", "mentioned", "seat"),
        ("The Simpsonville fiber company will send crews in May.", "Simpsonville", "mentioned", "seat"),
        ('"Our children in Easley will connect at last," she said.', "Easley", "mentioned", "quoted"),
        ("Crews from Easley will dig in May.", "Easley", "mentioned", "far"),
    ],
)
def test_the_words_beside_a_place_decide_where_its_position_does_not(sentence, name, role, reason):
    assert judge("", QUIET + sentence, topic="expansion")[name] == (role, reason)


def test_places_of_a_list_share_what_one_of_them_has():
    text = (
        QUIET + "Contractors will start trenching the network in May around Simpsonville, Easley and Mauldin."
    )
    assert {
        judge("", text, topic="expansion")[name][0] for name in ("Simpsonville", "Easley", "Mauldin")
    } == {"about"}


def test_the_dateline_is_about_where_the_text_speaks_of_the_city():
    text = "EASLEY, S.C. — The City Council met on Monday.\nIt rained."
    assert judge("", text)["Easley"] == ("about", "home")
    assert judge("", "EASLEY, S.C. — A provider met with its lenders on Monday.")["Easley"][0] == "mentioned"


def test_an_outage_is_where_its_sentences_say():
    text = QUIET + NOTHING + "Service was down in Easley for six hours."
    assert judge("", text, topic="outage")["Easley"] == ("about", "event")
    assert judge("", text, topic="product")["Easley"][0] == "mentioned"


def test_a_company_s_merger_is_not_in_the_places_it_serves():
    text = "The merger brings customers in Simpsonville."
    assert judge("", text, topic="m&a")["Simpsonville"] == ("mentioned", "of the company")
    assert judge("", text, topic="expansion")["Simpsonville"] == ("about", "lead")


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ("expansion", "The trucks came to Spartanburg on Monday, and conduit is stacked along the creek."),
        ("expansion", "Splicing is about two thirds done in Spartanburg."),
        ("expansion", "Sign-ups are open in Spartanburg."),
        ("expansion", "Make-ready has begun around Spartanburg."),
        ("expansion", "The line runs from Spartanburg to the coast."),
        ("expansion", "Towns to be reached include Spartanburg."),
        ("expansion", "Neighborhoods by the river come first, followed by Spartanburg."),
        ("funding", "Another $2 million was set aside for Spartanburg."),
        ("funding", "A cooperative wins the blocks around Spartanburg."),
        ("outage", "The hospital in Spartanburg was on paper charts until noon."),
        ("pricing", "Customers in Spartanburg will pay $5 more."),
        ("regulation", "The order covers exchanges in Spartanburg."),
        ("contract", "The sites are a courthouse in Spartanburg and two clinics."),
        (None, "Crews will dig in Spartanburg in May."),
    ],
)
def test_what_happens_at_a_place_now_or_next_makes_an_article_about_it(topic, sentence):
    assert judge("", QUIET + NOTHING + sentence, topic=topic)["Spartanburg"][0] == "about"


@pytest.mark.parametrize(
    ("topic", "sentence", "reason"),
    [
        ("expansion", "Spartanburg is not part of the plan and will wait for fiber.", "not there"),
        ("expansion", "A rival is building in Spartanburg.", "passing"),
        ("expansion", "Its first network was in Spartanburg, followed by one in Greenville.", "passing"),
        ("expansion", "The build covers an area larger than Spartanburg.", "far"),
        ("expansion", "Crews will start in May, a spokesman in Spartanburg said.", "seat"),
        ("expansion", "Acme, of Spartanburg, South Carolina, will dig the trench in May.", "seat"),
        ("expansion", "Cherry Fiber, Spartanburg, gets to dig the trench in May.", "seat"),
        ("expansion", "The company's Spartanburg office will answer calls about the project.", "seat"),
        ("outage", "Spartanburg was not affected by the outage.", "not there"),
    ],
)
def test_a_place_that_a_sentence_sets_apart_is_mentioned(topic, sentence, reason):
    text = "Contractors dig in Simpsonville.\nNobody was surprised.\nIt rained.\n" + sentence
    assert judge("", text, topic=topic)["Spartanburg"] == ("mentioned", reason)


def test_the_jobs_at_an_office_are_news_there():
    text = QUIET + "The cuts fall on the Spartanburg office."
    assert judge("", text, topic="layoffs")["Spartanburg"] == ("about", "event")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Orders are taken.\nIn South Carolina: Spartanburg, Simpsonville\nIn Georgia: Atlanta",
            {"Spartanburg", "Simpsonville", "Atlanta"},
        ),
        (
            "The phase covers these:\n* Spartanburg and Simpsonville\n* Greenville (north of the tracks)",
            {"Spartanburg", "Simpsonville", "Greenville"},
        ),
    ],
)
def test_lines_that_list_places_are_where_the_news_is(text, names):
    judged = judge("", QUIET + text, topic="expansion")
    assert {name for name, role in judged.items() if role == ("about", "list")} >= names


@pytest.mark.parametrize(
    "text",
    [
        "The company already serves these:\n* Spartanburg\n* Simpsonville",
        "Offices: Spartanburg\nContact: Ann Lee, Simpsonville",
        "Nobody asked.\n* The company was born of a quarrel between two cousins at a fair in Spartanburg",
    ],
)
def test_lines_about_something_else_list_no_news(text):
    judged = judge("", "Crews dig in Atlanta, Georgia.\nIt rained.\n" + text, topic="expansion")
    assert judged["Spartanburg"][0] == "mentioned"


def test_a_paragraph_that_tells_news_of_a_place_is_about_it():
    text = "Spartanburg is the riskiest. Contractors will start trenching around Greenville in May."
    judged = judge("", QUIET + NOTHING + text, topic="expansion")
    assert judged["Spartanburg"] == ("about", "list")
    assert (
        judge("", QUIET + NOTHING + "Spartanburg is the riskiest.", topic="expansion")["Spartanburg"][0]
        != "list"
    )


def test_the_government_of_a_place_acts_for_it():
    text = "The Pickens County Board of Supervisors cancelled a contract on Wednesday."
    assert judge("", text)["Pickens County"] == ("about", "agency")
    assert judge("", "The Columbia Chamber of Commerce praised it.")["Columbia"][0] == "mentioned"
    assert judge("", QUIET + "The mayor of Spartanburg called it a loss.")["Spartanburg"] == ("about", "home")


def test_a_text_that_says_nowhere_else_is_about_the_first_place_it_names():
    assert judge("", QUIET + "It has its eye on Spartanburg.")["Spartanburg"] == ("about", "first")
    assert (
        judge("", QUIET + "It has its eye on Spartanburg.", topic="earnings")["Spartanburg"][0] == "mentioned"
    )
    far_down = "It rained. " * 9 + "It has its eye on Spartanburg."
    assert judge("", QUIET + far_down)["Spartanburg"] == ("mentioned", "passing")


def test_a_state_that_says_which_town_is_meant_is_mentioned():
    text = "Crews dig in the South Carolina college town of Clemson this month."
    assert judge("", text, topic="expansion")["South Carolina"] == ("mentioned", "with-city")
    assert judge("", "South Carolina pays for fiber.", topic="funding")["South Carolina"][0] == "about"


def test_a_build_told_of_another_year_is_none_of_this_news():
    text = "Crews dig in Simpsonville.\nNobody knew.\nIn 2019, the company wired 900 homes in Spartanburg."
    start = text.index("In 2019")
    facts = [("text", Span(start, len(text)))]
    assert judge("", text, facts, told=("Spartanburg",), topic="expansion")["Spartanburg"] == (
        "mentioned",
        "before",
    )
    later = text.replace("In 2019, the company wired", "In 2031, the company will wire")
    assert judge("", later, facts, told=("Spartanburg",), topic="expansion")["Spartanburg"] == (
        "about",
        "event",
    )


def test_the_sender_s_paragraph_on_the_project_tells_where_it_will_be():
    text = "{}The work is paid for.\nAbout {}\n{}"
    quiet = "Nobody was surprised by the news from the port. " * 3
    project = "Palm Cable will be an open system that lands at Spartanburg and Simpsonville."
    sender = "Palm Cable serves homes in Spartanburg and Simpsonville."
    assert judge("", text.format(quiet, "Palm Cable", project), topic="expansion")["Spartanburg"] == (
        "about",
        "work",
    )
    assert judge("", text.format(quiet, "Palm Cable", sender), topic="expansion")["Spartanburg"] == (
        "mentioned",
        "boilerplate",
    )


def judge_companies(text: str, *names: str, topic=None, subjects=None, source=None) -> dict[str, Judged]:
    pair = next(iter(passages(build_pipeline(), [("", text)])))
    mentions = [
        Mention(text=n, start=text.index(n), end=text.index(n) + len(n), kind="company", target=n.lower())
        for n in sorted(names, key=text.index)
    ]
    return Roles(*pair, topic=topic).companies(mentions, subjects, source)


@pytest.mark.parametrize(
    ("text", "role", "reason"),
    [
        ("Foxglove competes with Acme and Boon in town.", "mentioned", "rival"),
        ("She joined Foxglove from Acme in May.", "mentioned", "past"),
        ("Foxglove is majority-owned by Acme.", "mentioned", "owner"),
        ("The fair was held at the Acme Pavilion.", "mentioned", "landmark"),
        (QUIET + "Acme was awarded $2 million for Easley.", "about", "award"),
        (QUIET + "The retail brand, Acme, is new.", "about", "brand"),
        (QUIET + "Acme has poles there.", "mentioned", "passing"),
        ("Acme raises its prices.", "about", "lead"),
    ],
)
def test_the_words_beside_a_company_say_how_it_is_meant(text, role, reason):
    assert judge_companies(text, "Acme", topic="funding")["acme"] == Judged(role, reason)


def test_companies_of_a_list_share_what_is_said_beside_it():
    judged = judge_companies("Foxglove competes with Acme and Boon in town.", "Acme", "Boon", "Foxglove")
    assert judged["boon"] == Judged("mentioned", "rival")
    assert judged["foxglove"] == Judged("about", "lead")


def test_builders_and_the_source_are_what_an_article_is_about():
    judged = judge_companies(
        QUIET + "Acme has poles there.", "Acme", subjects={"acme": None}, source="palmfield"
    )
    assert judged == {"acme": Judged("about", "event"), "palmfield": Judged("about", "source")}


def test_a_role_comes_with_the_words_that_it_rests_on(tag):
    result = tag(
        "Nobody knew.\nIt rained.\nIt rained.\nThe Easley, S.C.-based AT&T dealer closed.", "AT&T news"
    )
    answer = result.to_json(explain=True)
    easley = next(place for place in answer["places"] if place["name"] == "Easley")
    assert easley["reason"] == "seat"
    because = easley["because"]
    assert because["text"] == result.input.text[because["start"] : because["end"]] == "Easley, S.C.-based"
    company = answer["companies"][0]
    assert company["reason"] == "title"
    assert company["because"] == {"text": "AT&T", "start": 0, "end": 4, "in": "title"}
    told = explained(result)
    assert 'role: mentioned (seat: "Easley, S.C.-based", text' in told
    assert 'role of att: about (title: "AT&T", title 0)' in told
