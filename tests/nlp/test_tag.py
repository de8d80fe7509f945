"""The tagger as a whole: its JSON, its records, and any text at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.records import Tagged, TextSpan
from nlp.build import NER_LIMIT
from nlp.stories import Stories, story_key
from nlp.tag import VERSION, Tagger, TagInput, TagResult
from tests.real_data import shared

Tag = Callable[..., TagResult]

TEXT = (
    "Palmetto Lightwave said it will build a fiber network in Greenville, "
    "South Carolina. The network will reach "
    "8,500 homes by the end of 2027. Comcast already sells internet there."
)


def spans(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found = [mention for company in answer["companies"] for mention in company["mentions"]]
    found += answer["places"]
    for fact in [*answer["expansions"], *answer["offers"], *answer["events"]]:
        found += [evidence | {"text": evidence["quote"]} for evidence in fact["evidence"]]
    if answer["key_sentence"] is not None:
        found.append(answer["key_sentence_at"] | {"text": answer["key_sentence"]})
    return found


def check(source: TagInput, result: TagResult) -> dict[str, Any]:
    """The answer is JSON, and each span holds exactly the words it quotes."""
    answer: dict[str, Any] = json.loads(json.dumps(result.to_json()))
    for span in spans(answer):
        text = source.title if span.get("in") == "title" else source.text
        assert 0 <= span["start"] < span["end"] <= len(text)
        assert text[span["start"] : span["end"]] == span["text"]
    record = result.tagged()
    assert Tagged.model_validate_json(record.model_dump_json()) == record
    return answer


def test_the_answer_has_the_form_of_the_design(tag: Tag) -> None:
    result = tag(TEXT, "Palmetto Lightwave to build in Greenville, S.C.")
    answer = check(result.input, result)
    assert list(answer)[:8] == [
        "id", "companies", "places", "topics", "expansions", "events", "offers", "key_sentence",
    ]  # fmt: skip
    first = answer["companies"][0]
    assert (first["id"], first["name"], first["role"]) == (
        "palmetto-lightwave",
        "Palmetto Lightwave",
        "about",
    )
    assert first["mentions"][0] == {"text": "Palmetto Lightwave", "start": 0, "end": 18, "in": "title"}
    comcast = next(company for company in answer["companies"] if company["id"] == "comcast")
    assert comcast["role"] == "mentioned"
    place = next(place for place in answer["places"] if place["name"] == "Greenville")
    assert (place["kind"], place["state"], place["county_fips"], place["role"]) == (
        "city",
        "SC",
        "45045",
        "about",
    )
    assert "expansion" in answer["topics"]
    assert answer["key_sentence"].startswith("Palmetto Lightwave said")
    assert answer["story_id"] == "a1"
    assert "given" not in answer


def test_the_record_points_to_the_capture(tag: Tag) -> None:
    record = tag(TEXT).tagged()
    assert (record.record_id, record.capture_id, record.tagger_version) == ("a1", "c1", VERSION)
    assert record.key_sentence is not None
    assert record.key_sentence.capture_id == "c1"
    assert isinstance(record.key_sentence.where, TextSpan)


def test_given_mentions_are_answered_in_their_order(tag: Tag) -> None:
    text = "The plant stands in Greenville, South Carolina, near Anderson."
    asked = ((53, 61), (20, 30))
    answer = tag(text, mentions=asked).to_json()
    assert [(row["start"], row["end"]) for row in answer["given"]] == list(asked)
    assert [row["name"] for row in answer["given"]] == ["Anderson", "Greenville"]
    assert answer["given"][1]["lat"] == pytest.approx(34.85, abs=0.1)


def test_explain_says_what_decided(tag: Tag) -> None:
    answer = tag(TEXT, "Palmetto Lightwave to build").to_json(explain=True)
    assert answer["companies"][0]["reason"] in ("title", "event", "lead")
    assert answer["explain"]["topics"][0]["phrases"]
    assert any(row["candidates"] for row in answer["explain"]["places"])


def test_a_former_name_is_used_where_the_text_knows_no_other(tag: Tag) -> None:
    assert tag("Cincinnati Bell sells broadband.").companies[0].name == "Cincinnati Bell"
    assert tag("Cincinnati Bell, now altafiber, sells broadband.").companies[0].name == "altafiber"


def test_results_come_in_order_and_do_not_depend_on_the_batch(tagger: Tagger) -> None:
    inputs = [TagInput(id=str(n), title="", text=f"{TEXT} It is number {n}.") for n in range(9)]
    one_by_one = [result.to_json() for result in tagger.tag(inputs, batch_size=1)]
    together = [result.to_json() for result in tagger.tag(inputs, batch_size=4)]
    assert one_by_one == together
    assert [answer["id"] for answer in together] == [str(n) for n in range(9)]


def test_copies_share_a_story_when_the_tagger_keeps_stories(tagger: Tagger) -> None:
    keeping = Tagger(tagger.lexicon, stories=Stories())
    results = list(keeping.tag([TagInput(id=n, title="Builds in Greenville", text=TEXT * 2) for n in "ab"]))
    assert [result.story_id for result in results] == ["a", "a"]


def test_a_story_key_can_be_rebuilt_from_the_ledger(tag: Tag) -> None:
    result = tag(TEXT, "A title", datetime(2026, 3, 2, tzinfo=UTC))
    rebuilt = story_key("a1", "A title", TEXT, result.input.published_at, result.tagged())
    assert rebuilt == result.story.model_copy(update={"story_id": "a1"})


HOSTILE = {
    "empty": "",
    "blanks": " \n\t \u00a0\n",
    "capitals": TEXT.upper(),
    "lower case": TEXT.lower(),
    "no punctuation": TEXT.replace(".", "").replace(",", ""),
    "Spanish": (
        "Comcast anunció que llevará internet de fibra a 4.000 hogares en Laredo, Texas, el próximo año."
    ),
    "mojibake": (
        "Comcastâ€™s fiber network in Greenville, South Carolina, reachesÂ 8,500 homes â€” more to come."
    ),
    "emoji": "🚀🚀 Comcast 🎉 builds 👩‍👩‍👧 fiber in Greenville, South Carolina 🏡 for 8,500 homes ✅.",
    "zero width": (
        "Com\u200bcast and Comcast\u200d build\ufeff fiber in "
        "Greenville,\u200f South Carolina for 8,500 homes."
    ),
    "right to left": "\u202eComcast builds fiber in Greenville, South Carolina\u202c. שלום Comcast.",
    "markup": (
        "<p>Comcast</p> <a href='x'>builds fiber</a> in <b>Greenville, South Carolina</b> for 8,500 homes."
    ),
    "code": "def f(x):\n    return {'Comcast': [x for x in range(8500)]}  # Greenville, SC\n" * 50,
    "one long word": "a" * 30_000,
    "many places": "Greenville, SC; Anderson, SC; Columbus, OH; Fort Smith, Ark.; " * 300,
    "many companies": "Comcast, AT&T, Spectrum, Cox, Frontier, Verizon, Lumen and Optimum sell broadband. "
    * 200,
    "null bytes": "Comcast\x00builds\x00fiber in Greenville, South Carolina.",
    "combining": "C\u0301omcast ﬁber in Greenville, South Carolina, reaches 8\u066c500 homes.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_give_a_valid_answer(tag: Tag, name: str) -> None:
    result = tag(HOSTILE[name], HOSTILE[name][:80])
    check(result.input, result)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                [
                    "Comcast",
                    "Spectrum",
                    "AT&T’s",
                    "Greenville, SC",
                    "8,500 homes",
                    "$12 million",
                    "grant",
                    "fiber",
                    "will build",
                    ".",
                    "\n",
                    "\u200b",
                    "🚀",
                    "by the end of 2027",
                    "—",
                    "City of",
                    "awarded",
                    "“",
                    "(",
                    "$",
                ]
            ),
        ),
        max_size=40,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_exact_offsets(tag: Tag, parts: list[str]) -> None:
    text = " ".join(parts).encode("utf-8", "replace").decode()
    result = tag(text, text[:60], datetime(2026, 3, 2, tzinfo=UTC))
    check(result.input, result)


def test_a_giant_text_is_cut_for_the_model_and_says_so(tag: Tag) -> None:
    text = (TEXT + " ") * (NER_LIMIT // len(TEXT) + 200) + "Sparklight serves Boise, Idaho."
    result = tag(text)
    check(result.input, result)
    issue = result.issue()
    assert result.truncated
    assert issue is not None
    assert issue.code == "text-truncated"
    assert str(NER_LIMIT) in issue.message
    assert "cable-one" in {company.id for company in result.companies}
    assert tag(TEXT).issue() is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"title": "t", "text": "x"}, '"id"'),
        ({"id": 3, "text": "x"}, '"id"'),
        ({"id": "a"}, '"text"'),
        ({"id": "a", "text": "x", "title": None}, '"title"'),
        ({"id": "a", "text": "x", "published_at": "last week"}, '"published_at"'),
        ({"id": "a", "text": "x", "published_at": 5}, '"published_at"'),
        ({"id": "a", "text": "x", "mentions": [{"start": 0}]}, '"mentions"'),
        ({"id": "a", "text": "x", "mentions": [{"start": 0, "end": 9}]}, "does not lie in the text"),
    ],
)
def test_a_wrong_line_says_which_field_and_why(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        TagInput.from_json(data)


def test_a_line_is_read_with_what_it_may_leave_out() -> None:
    read = TagInput.from_json({"id": "a", "text": "x\ud800y", "published_at": "2026-03-02"})
    assert read.published_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert read.title == ""
    assert len(read.text) == 3
    assert read.mentions is None


@pytest.mark.real
def test_real_releases_reach_the_targets(tagger: Tagger) -> None:
    """Companies and slots of builds on the 24 labelled releases (compared as bench/slots.py says)."""
    shared("data", "releases", "gold.jsonl")
    from bench.slots import SLOTS, releases, total
    from bench.tag import quality

    totals = {part: total(scores) for part, scores in quality(releases()).items()}

    assert totals["facts"].of(("company", "places", *SLOTS))[2] >= 0.85
    assert totals["companies"].of(["companies"])[2] >= 0.93
