"""What each mention of a company says of its role."""

from __future__ import annotations

from market.records import Mention
from nlp.document import Span
from nlp.roles_signs import Scene, Sign, company_sign, found, right_before

_NEAR = 70
"""Characters from a sentence's start within which its subject stands."""
_AWARDS = ("funding", "expansion", "regulation")


def company_sign_of(scene: Scene, mention: Mention) -> Sign:
    """Return what a mention says: title, event, lead, award, brand or speaker for about, else why it does not."""
    field, start, end = mention.field, mention.start, mention.end
    passage = scene.passage(field)
    where = scene.where(field, start)
    only = company_sign(passage, start, end)
    if only is not None:
        return Sign(only[0], field, only[1].start, only[1].end)
    if where != "passing":
        return Sign(where, field, start, end)
    words = right_before("company", "brand_before", passage, start)
    if words is not None:
        return Sign("brand", field, words.start, end)
    sentence = passage.sentences[passage.sentence_at(start)]
    if scene.topic in _AWARDS and start - sentence.start < _NEAR:
        rest = Span(end, min(sentence.end, end + _NEAR))
        words = found("company", "award", passage, rest)
        if words is not None:
            return Sign("award", field, start, words.end)
    if scene.topic == "earnings":
        words = found("company", "speaker", passage, sentence)
        if words is not None:
            return Sign("speaker", field, words.start, words.end)
    return Sign("passing", field, start, end)
