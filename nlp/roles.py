"""About or mentioned: what an article is about, of all the places and companies it names, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from market.records import Mention
from market.records.tagged import Role, Topic
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Field, Passage, Span
from nlp.regions import PlaceMention
from nlp.roles_companies import company_sign_of
from nlp.roles_companies import listed as listed_companies
from nlp.roles_home import beside_builds, first_named, home_of
from nlp.roles_lists import listed
from nlp.roles_places import place_sign_of
from nlp.roles_signs import Scene, Sign, rules

Key = TypeVar("Key", int, str)
_STRONG = ("title", "event", "work", "lead", "award", "brand", "speaker", "list", "agency")
_STRENGTH = {reason: rank for rank, reason in enumerate(_STRONG)}


@dataclass(frozen=True, slots=True)
class Judged:
    """A role and its reason.

    About: "title"; "event" (in the sentence of a fact, or of what happens by the article's topic); "work"
    (what is done there now or next); "lead"; "list" (in a list or a line of such places, or the subject of a
    paragraph that tells news); "home" (the dateline or the mayor's city of a text on "the city"); "agency" (a
    state, city or county whose agency or council acts in title or lead); "often"; "first" (the first place of
    a text that says nothing else of where it is); of companies also "award"; "brand" (the name the acting
    company goes by); "speaker" (of an earnings call); "source" (whose newsroom it is).
    Mentioned: "dateline"; "seat" (where a company or person is based); "near", "far" (a neighbour, where
    somebody or something came from); "before" (work done before); "not there" (said to be none of the
    places); "quoted"; "with-city" (the state in "Fort Smith, Ark.", "the Idaho town");
    "with-area" (in "northwest Arkansas"); "organisation" (inside a name); "boilerplate"; "beside" (the state
    around a build); "of the company" (in the lead of an article on a whole company's deals or figures);
    "passing"; of companies also "past" (a former employer), "rival", "owner", "beside" (a sponsor, whose
    network or poles others use), "landmark" (a tower or arena of that name).
    """

    role: Role
    reason: str
    sign: Sign | None = field(default=None, compare=False)
    """The mention, and the words beside it, that the reason rests on; None of an article's source."""


class Roles:
    """Judges the mentions of one article. Spans of facts are those of the sentences that tell them."""

    def __init__(
        self,
        title: Passage,
        text: Passage,
        facts: Iterable[tuple[Field, Span]] = (),
        told: Collection[int] = (),
        topic: Topic | None = None,
    ) -> None:
        """`facts` are where builds are told, `told` the ids of their places, `topic` the heaviest one."""
        self._told = frozenset(told)
        dateline = dateline_span(text)
        first = text.sentence_at(dateline.end) if dateline.end else 0
        self._scene = Scene(
            title=title,
            text=text,
            dateline=dateline,
            boilerplate=boilerplate_start(text),
            lead=range(first, first + int(rules()["lead_sentences"])),
            facts=frozenset(
                number
                for name, span in facts
                if name == "text"
                for number in range(text.sentence_at(span.start), text.sentence_at(span.end - 1) + 1)
            ),
            topic=topic,
        )

    def places(self, mentions: Sequence[PlaceMention]) -> dict[int, Judged]:
        """Return the role of every resolved place, by its id.

        A whole company's merger, earnings or people are nowhere by their lead. "Northwest Arkansas" is judged
        as that region, and names Arkansas besides.
        """
        signs = [
            place_sign_of(self._scene, mentions, number) if mention.place is not None else None
            for number, mention in enumerate(mentions)
        ]
        signs = listed(self._scene, mentions, signs)
        judged: dict[int, list[Sign]] = {}
        for mention, sign in zip(mentions, signs, strict=True):
            if mention.place is None or sign is None:
                continue
            if mention.area is not None:
                judged.setdefault(mention.area.id, []).append(sign)
                sign = Sign("with-area", sign.field, sign.start, sign.end)
            judged.setdefault(mention.place.id, []).append(sign)
        decided = self._decide(judged)
        if self._scene.topic in rules()["nowhere"]:
            decided = {
                key: Judged("mentioned", "of the company", role.sign) if role.reason == "lead" else role
                for key, role in decided.items()
            }
        for key, reason in beside_builds(mentions, judged, self._told).items():
            if key in self._told:
                if decided[key].role != "about":
                    decided[key] = Judged("about", reason, decided[key].sign)
            elif decided[key].role == "about" and decided[key].reason != "title":
                decided[key] = Judged("mentioned", reason, decided[key].sign)
        about = {key for key, role in decided.items() if role.role == "about"}
        home = home_of(self._scene, mentions, about)
        if home is not None:
            decided[home[0]] = Judged("about", "home", home[1])
            about.add(home[0])
        if not about:
            for key, sign in first_named(self._scene, mentions, signs).items():
                decided[key] = Judged("about", "first", sign)
        return decided

    def companies(
        self,
        mentions: Sequence[Mention],
        subjects: Mapping[str, Sign | None] | None = None,
        source: str | None = None,
    ) -> dict[str, Judged]:
        """Return the role of every company that `mentions` resolve to, by its id.

        `subjects` are the companies of builds with the words that tell them, `source` the company whose own
        newsroom the article is from ("we" is the company, named or not).
        """
        named = [mention for mention in mentions if mention.kind == "company" and mention.target is not None]
        signs = listed_companies(self._scene, named, [company_sign_of(self._scene, m) for m in named])
        judged: dict[str, list[Sign]] = {}
        for mention, sign in zip(named, signs, strict=True):
            judged.setdefault(mention.target or "", []).append(sign)
        decided = self._decide(judged)
        for company, words in (subjects or {}).items():
            if company not in decided or decided[company].role != "about":
                decided[company] = Judged("about", "event", words)
        if source is not None and (source not in decided or decided[source].role != "about"):
            decided[source] = Judged("about", "source")
        return decided

    @staticmethod
    def _decide(judged: dict[Key, list[Sign]]) -> dict[Key, Judged]:
        counted = {
            key: sum([sign.reason in _STRENGTH or sign.reason == "passing" for sign in signs])
            for key, signs in judged.items()
        }
        total = sum(counted.values())
        decided: dict[Key, Judged] = {}
        for key, signs in judged.items():
            strong = [sign for sign in signs if sign.reason in _STRENGTH]
            if strong:
                best = min(strong, key=lambda sign: _STRENGTH[sign.reason])
                decided[key] = Judged("about", best.reason, best)
                continue
            common = Counter([sign.reason for sign in signs]).most_common(1)[0][0]
            first = next(sign for sign in signs if sign.reason == common)
            if counted[key] >= rules()["often"] and counted[key] >= rules()["often_share"] * total:
                decided[key] = Judged("about", "often", first)
            else:
                decided[key] = Judged("mentioned", common, first)
        return decided
