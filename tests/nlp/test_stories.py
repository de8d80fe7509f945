"""Stories: copies and rewrites join, the same release for another city does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nlp.stories import Stories, StoryKey, assign_stories, signature, title_words

WORDS = (
    "Palmetto Lightwave will build a fiber network in {city} and reach "
    "{homes} homes by the end of next year the "
    "company said on Tuesday after the council approved the plan in a vote "
    "of six to one and the mayor praised the "
    "choice for residents who have waited long for faster internet and a second provider in their streets"
)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def key(
    article: str, text: str, *, place: int = 1, figure: int = 0, day: int = 0, title: str = ""
) -> StoryKey:
    return StoryKey(
        article_id=article,
        published_at=DAY + timedelta(days=day),
        signature=signature(text),
        companies=("palmetto-lightwave",),
        places=(place,),
        figures=(figure,) if figure else (),
        title_words=title_words(title),
    )


def ids(keys: list[StoryKey]) -> list[str]:
    return [assigned.story_id for assigned in keys]


def test_a_wire_copy_joins_the_first_article() -> None:
    text = WORDS.format(city="Easley", homes="6,000")
    assert ids(assign_stories([key("a", text), key("b", "By staff. " + text)])) == ["a", "a"]


def test_the_same_release_for_another_city_does_not_join() -> None:
    first, second = WORDS.format(city="Easley", homes="6,000"), WORDS.format(city="Seneca", homes="4,000")
    assert ids(assign_stories([key("a", first, place=1), key("b", second, place=2)])) == ["a", "b"]


def test_other_figures_for_one_city_do_not_join() -> None:
    first, second = WORDS.format(city="Easley", homes="6,000"), WORDS.format(city="Easley", homes="4,000")
    assert ids(assign_stories([key("a", first, figure=6000), key("b", second, figure=4000)])) == ["a", "b"]


def test_a_rewrite_joins_by_company_place_and_figure() -> None:
    rewrite = "Six thousand houses in Easley get glass fiber soon, says the provider Palmetto Lightwave."
    assert ids(
        assign_stories(
            [
                key("a", WORDS.format(city="Easley", homes="6,000"), figure=6000),
                key("b", rewrite, figure=6000),
            ]
        )
    ) == ["a", "a"]


def test_a_story_grows_over_weeks_and_ends() -> None:
    text = WORDS.format(city="Easley", homes="6,000")
    known = assign_stories([key("a", text)])
    known += assign_stories([key("b", text, day=15)], known)
    later = assign_stories([key("c", text, day=30), key("d", text, day=90)], known)
    assert ids([*known, *later]) == ["a", "a", "a", "d"]


def test_assigning_again_changes_nothing() -> None:
    text = WORDS.format(city="Easley", homes="6,000")
    stories = Stories(assign_stories([key("a", text), key("b", text)]))
    assert stories.assign(key("b", text)).story_id == "a"
    assert len(stories) == 2


def test_short_and_empty_texts_stand_alone() -> None:
    lone = [
        StoryKey(article_id="a", signature=signature("")),
        StoryKey(article_id="b", signature=signature("too short")),
    ]
    assert ids(assign_stories(lone)) == ["a", "b"]


def test_unrelated_articles_stand_alone() -> None:
    other = StoryKey(
        article_id="b", signature=signature("The school board met on Monday to vote on a new bus route")
    )
    assert ids(assign_stories([key("a", WORDS.format(city="Easley", homes="6,000")), other])) == ["a", "b"]
