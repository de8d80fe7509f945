"""What each mention of a company says of its role."""

from __future__ import annotations

import re
from collections.abc import Sequence

from market.records import Mention
from nlp.roles_signs import Scene, Sign, company_sign, found, may_lead, right_after, right_before

_NEAR = 70
"""Characters from a sentence's start within which its subject stands."""
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b|\bor\b|\bas well as\b)*")
_ONLY_NAMED = ("past", "rival", "owner", "seller", "beside")
_AWARDS = ("funding", "expansion", "regulation")


def company_sign_of(scene: Scene, mention: Mention) -> Sign:
    """Return what a mention says: title, event, lead, award, brand or speaker for about, else why not."""
    field, start, end = mention.field, mention.start, mention.end
    passage = scene.passage(field)
    where = scene.where(field, start)
    only = company_sign(passage, start, end)
    if only is not None and (only[0] != "seller" or scene.topic != "m&a"):
        return Sign(only[0], field, only[1].start, only[1].end)
    if where != "passing":
        return Sign(where, field, start, end)
    is_led = may_lead("company", passage.text, start)
    words = right_before("company", "brand_before", passage, start) if is_led else None
    if words is not None:
        return Sign("brand", field, words.start, end)
    sentence = passage.sentences[passage.sentence_at(start)]
    if scene.topic == "outage":
        words = right_before("company", "broken_before", passage, start) or found(
            "company", "outage", passage, sentence
        )
        if words is not None and found("place", "earlier", passage, sentence) is None:
            return Sign("event", field, words.start, words.end)
    if scene.topic in _AWARDS and start - sentence.start < _NEAR:
        words = right_after("company", "award_after", passage, end)
        if words is not None:
            return Sign("award", field, start, words.end)
    if scene.topic == "earnings":
        words = found("company", "speaker", passage, sentence)
        if words is not None:
            return Sign("speaker", field, words.start, words.end)
    return Sign("passing", field, start, end)


def listed(scene: Scene, mentions: Sequence[Mention], signs: Sequence[Sign]) -> list[Sign]:
    """Give the companies of a list what the words beside it say: "competes with Acme, Boon and Cable Co."."""
    given = list(signs)
    for step in (1, -1):
        numbers = range(1, len(given)) if step == 1 else range(len(given) - 2, -1, -1)
        for number in numbers:
            first, second = sorted((number, number - step))
            one, two = mentions[first], mentions[second]
            if (
                given[number - step].reason in _ONLY_NAMED
                and given[number].reason in ("lead", "passing")
                and one.field == two.field
                and 0 < two.start - one.end < 12
                and _BETWEEN.fullmatch(scene.passage(one.field).text, one.end, two.start)
            ):
                given[number] = given[number - step]
    return given
