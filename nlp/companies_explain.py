"""Why words were read as a company, as another or as none: what spoke for it and against, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from market.records import Mention
from nlp.companies import CompanyFinder
from nlp.companies_names import Candidate, Context, begins_sentence, has_case, inside_person, neighbours
from nlp.companies_rules import stands_out
from nlp.companies_told import ails, is_told
from nlp.companies_traps import is_other_thing
from nlp.companies_words import word_set
from nlp.document import Document, Field

_WORD = re.compile(r"[^\W_]+")
_SHOWN = 5
_BY_METHOD = {
    "lexicon": "a name that means nothing else",
    "ner": "the language model calls these words an organisation, and no company known has this name",
}
_OPERATOR = "named like a network operator, or said to be one, and no company known has this name"


@dataclass(frozen=True, slots=True)
class CompanyGrounds:
    """Words that a company's name matches or that name an organisation, and what decided."""

    field: Field
    start: int
    end: int
    text: str
    target: str | None
    """The company that they were taken for; None for an unknown organisation, or for none."""
    taken: bool
    """False where the words were passed over."""
    candidates: tuple[str, ...]
    """Ids of the companies that bear such a name."""
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]


class ExplainingFinder(CompanyFinder):
    """Finds the same companies, and tells why."""

    def grounds(self, document: Document, mentions: Sequence[Mention]) -> tuple[CompanyGrounds, ...]:
        """Return every mention, and every name that was passed over, with what decided it, in order."""
        context = Context(words=set())
        names = [item for passage in document.passages for item in self._scan(passage, context)]
        self._gather(document, names, context)
        sure = [m for m in mentions if m.target and m.method == "lexicon"]
        context.anchors.update(m.target for m in sure if m.target)
        by_place = {(m.field, m.start): m for m in mentions if m.kind == "company"}
        found = []
        for item in names:
            mention = by_place.pop((item.passage.field, item.start), None)
            if mention is None and any(
                m.field == item.passage.field and m.start < item.end and item.start < m.end for m in mentions
            ):
                continue
            found.append(self._of_name(item, mention, sure, context))
        found += [_of_mention(mention) for mention in by_place.values()]
        return tuple(sorted(found, key=lambda each: (each.field == "text", each.start)))

    def _of_name(
        self, item: Candidate, mention: Mention | None, sure: Sequence[Mention], context: Context
    ) -> CompanyGrounds:
        words = tuple(_WORD.findall(item.surface.casefold()))
        bearing = dict.fromkeys([item.company.id, *(company.id for _, company in self._named.get(words, ()))])
        if mention is not None and mention.target != item.company.id:
            return _of_mention(mention, tuple(bearing))
        speaks_for = tuple(_for(item, sure, context))
        against = tuple(_against(item, context, taken=mention is not None))
        if mention is None and not against:
            against = ("a doubtful name, and nothing near it says that the company is meant",)
        return CompanyGrounds(
            field=item.passage.field,
            start=item.start,
            end=item.end,
            text=item.surface,
            target=item.company.id if mention is not None else None,
            taken=mention is not None,
            candidates=tuple(bearing),
            speaks_for=speaks_for,
            against=against,
        )


def _of_mention(mention: Mention, candidates: tuple[str, ...] = ()) -> CompanyGrounds:
    return CompanyGrounds(
        field=mention.field,
        start=mention.start,
        end=mention.end,
        text=mention.text,
        target=mention.target,
        taken=True,
        candidates=candidates or ((mention.target,) if mention.target else ()),
        speaks_for=(_BY_METHOD.get(mention.method, _OPERATOR),),
        against=(),
    )


def _for(item: Candidate, sure: Sequence[Mention], context: Context) -> Iterator[str]:
    if not item.alias.ambiguous and stands_out(item):
        yield "a name that means nothing else"
        return
    others = dict.fromkeys(m.text for m in sure if m.target == item.company.id and m.start != item.start)
    if others:
        yield f"the company is surely named too: {_few(others)}"
    elif item.company.id in context.anchors:
        yield "the company is surely meant: its source, its domain or its ticker"
    if not context.small and is_told(item, context):
        yield "what stands beside it is said of operators"
    if context.small and ails(item):
        yield "what follows is said of a line that fails"
    following = neighbours(item)[3].casefold()
    for kind, said in (
        ("staff", "followed by people of a company"),
        ("things", "followed by what a provider has"),
        ("verbs", "followed by what companies do"),
    ):
        if following in word_set(kind):
            yield f"{said}: {following!r}"
    trade = context.words & (word_set("trade") | word_set("trade_strong"))
    if trade:
        yield f"the article speaks of networks (strength {context.trade}): {_few(sorted(trade))}"


def _against(item: Candidate, context: Context, *, taken: bool) -> Iterator[str]:
    before, before_gap, gap, after = neighbours(item)
    name = item.alias.text
    if not has_case(item, context):
        yield f'written "{item.surface}", not "{name}"'
    if gap and after.casefold() in item.alias.not_followed_by:
        yield f"{after!r} after it makes it another name"
    elif before_gap and before.casefold() in item.alias.not_preceded_by:
        yield f"{before!r} before it makes it another name"
    elif not taken and is_other_thing(item, context):
        yield "what surrounds it makes it another thing: an address, a venue, a measure or another firm"
    if spoken := context.words & set(item.alias.against):
        yield f"the article speaks of something else of this name: {_few(sorted(spoken))}"
    if inside_person(item) or name.casefold() in context.surnames:
        yield "a person bears this name here"
    if item.alias.anchored and item.company.id not in context.anchors:
        yield "it counts only beside a sure name of the company, and there is none"
    if name.casefold() in context.lower:
        yield "the article also uses the word in small letters"
    if item.alias.ambiguous and begins_sentence(item):
        yield "its capital may be the sentence's"


def _few(words: Iterable[str]) -> str:
    return ", ".join(list(words)[:_SHOWN])
