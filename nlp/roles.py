"""About or mentioned: what an article is about, of all the places and companies it names, and why."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from market.records import Mention
from market.records.tagged import Role, Topic
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Field, Passage, Span
from nlp.regions import PlaceMention

Key = TypeVar("Key", int, str)
_STRENGTH = ("title", "event", "lead", "often")


@dataclass(frozen=True, slots=True)
class Judged:
    """A role and its reason.

    About: "title", "event" (the sentence of a fact), "lead", "often". Mentioned: "dateline", "seat" (where a
    company or person is based), "with-city" (the state in "Fort Smith, Ark."), "with-area" (in "northwest
    Arkansas"), "organisation" (inside a name), "boilerplate", "beside" (near a build that is elsewhere), "no
    news" (of an article on no topic of the trade), "of the company" (in the lead of an article on a whole
    company's deals or figures), "passing".
    """

    role: Role
    reason: str


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("roles.toml").read_text("utf-8"))


class Roles:
    """Judges the mentions of one article. Spans of facts are those of the sentences that tell them."""

    def __init__(
        self,
        title: Passage,
        text: Passage,
        facts: Iterable[tuple[Field, Span]] = (),
        told: Collection[int] = (),
    ) -> None:
        """`facts` are where builds are told, `told` the ids of their places."""
        self._told = frozenset(told)
        self._passages = {"title": title, "text": text}
        self._facts = [
            (
                name,
                self._sentence(self._passages[name], span.start),
                self._sentence(self._passages[name], span.end - 1),
            )
            for name, span in facts
        ]
        self._dateline = dateline_span(text)
        self._boilerplate = boilerplate_start(text)
        lead = int(_rules()["lead_sentences"])
        first = text.sentence_at(self._dateline.end) if self._dateline.end else 0
        self._lead = range(first, first + lead)

    @staticmethod
    def _sentence(passage: Passage, position: int) -> int:
        return passage.sentence_at(max(0, position))

    def places(
        self, mentions: Sequence[PlaceMention], *, is_news: bool = True, topic: Topic | None = None
    ) -> dict[int, Judged]:
        """Return the role of every resolved place, by its id; without news of the trade all are mentioned.

        `topic` is the heaviest one: a whole company's merger, earnings or people are nowhere by their lead.
        "Northwest Arkansas" is judged as that region, and names Arkansas besides.
        """
        judged: dict[int, list[str]] = {}
        for number, mention in enumerate(mentions):
            if mention.place is None:
                continue
            reason = self._place(mention, mentions, number)
            if mention.area is not None:
                judged.setdefault(mention.area.id, []).append(reason)
                reason = "with-area"
            judged.setdefault(mention.place.id, []).append(reason)
        decided = self._decide(judged)
        if not is_news:
            return {
                key: role if role.role == "mentioned" else Judged("mentioned", "no news")
                for key, role in decided.items()
            }
        if self._told:
            return self._by_builds(decided, mentions)
        nowhere = topic in _rules()["nowhere"]
        return {
            key: Judged("mentioned", "of the company") if nowhere and role.reason == "lead" else role
            for key, role in decided.items()
        }

    def _by_builds(self, decided: dict[int, Judged], mentions: Sequence[PlaceMention]) -> dict[int, Judged]:
        """Make the places of the builds what the article is about, and no others of their sentences.

        A state is only where its places are, if those have the news.
        """
        places = {mention.place.id: mention.place for mention in mentions if mention.place is not None}
        states = {place.state for key, place in places.items() if key in self._told and place.kind != "state"}
        settled: dict[int, Judged] = {}
        for key, judged in decided.items():
            place = places.get(key)
            if key in self._told:
                settled[key] = judged if judged.role == "about" else Judged("about", "event")
            elif judged.role == "about" and (
                judged.reason == "event"
                or (place is not None and place.kind == "state" and place.state in states)
            ):
                settled[key] = Judged("mentioned", "beside")
            else:
                settled[key] = judged
        return settled

    def companies(self, mentions: Sequence[Mention]) -> dict[str, Judged]:
        """Return the role of every company that `mentions` resolve to, by its id."""
        judged: dict[str, list[str]] = {}
        for mention in mentions:
            if mention.kind == "company" and mention.target is not None:
                reason = self._where(mention.field, mention.start)
                judged.setdefault(mention.target, []).append(reason)
        return self._decide(judged)

    def _where(self, name: Field, start: int) -> str:
        """Return what a mention's position says, "passing" when it says nothing."""
        if name == "title":
            return "title"
        text = self._passages["text"]
        if self._dateline.start <= start < self._dateline.end:
            return "dateline"
        if start >= self._boilerplate:
            return "boilerplate"
        sentence = text.sentence_at(start)
        if any(field == "text" and first <= sentence <= last for field, first, last in self._facts):
            return "event"
        return "lead" if sentence in self._lead else "passing"

    def _place(self, mention: PlaceMention, mentions: Sequence[PlaceMention], number: int) -> str:
        text = self._passages[mention.field].text
        if mention.attached:
            return "with-city"
        if mention.inside_org:
            return "organisation"
        rules = _rules()
        # A city's state stands between it and what follows: "Greenville, S.C.-based".
        end = mention.end
        if number + 1 < len(mentions) and mentions[number + 1].attached:
            end = max(end, mentions[number + 1].end)
        before = text[max(0, mention.start - 40) : mention.start].lower().rstrip()
        seat = before.endswith(tuple(rules["seat_before"])) or text[end : end + 14].lower().startswith(
            tuple(rules["seat_after"])
        )
        where = self._where(mention.field, mention.start)
        return "seat" if seat and where in ("title", "lead", "passing") else where

    @staticmethod
    def _decide(judged: dict[Key, list[str]]) -> dict[Key, Judged]:
        rules = _rules()
        counted = Counter(
            {
                key: sum(r in ("title", "event", "lead", "passing") for r in reasons)
                for key, reasons in judged.items()
            }
        )
        total = sum(counted.values())
        decided: dict[Key, Judged] = {}
        for key, reasons in judged.items():
            best = next((reason for reason in _STRENGTH if reason in reasons), None)
            if (
                best is None
                and counted[key] >= rules["often"]
                and counted[key] >= rules["often_share"] * total
            ):
                best = "often"
            if best is not None:
                decided[key] = Judged("about", best)
            else:
                decided[key] = Judged("mentioned", Counter(reasons).most_common(1)[0][0])
        return decided
