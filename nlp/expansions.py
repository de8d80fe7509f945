"""Network builds of the plain kind: a company builds in named places, with figures, stage and dates.

A build needs company, place and action in one sentence (or the title); sentences that follow may add figures
until another place or another company takes over. Totals of a whole company, portraits and history stay out.
Every slot carries the sentence it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from market.records import Mention, Place
from market.records.expansion import Funding, Stage
from nlp.document import Document, Field, Passage, Span
from nlp.figures import Figure, figures
from nlp.patterns import keys, pattern, words
from nlp.providers import usual_name
from nlp.recipients import Recipient, recipients
from nlp.regions import PlaceMention
from nlp.roles import boilerplate_start, dateline_end
from nlp.stages import PROGRESS, Cue, cue, is_other_matter, tells_of_network
from nlp.targets import Target, announced_today, targets

Technology = Literal["fiber", "hfc", "fixed wireless"]

_MOST_SENTENCES = 400
_REACH = 6
"""So many sentences after its last one may still add figures to a build."""
_LEAD = 12
"""An article's first build may stand this deep without a figure of its own; any other needs one."""
_WIDENS = 5
"""Later sentences add no places to a build: they name neighbours and other builds."""
_MOST_QUOTE = 420


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A resolved place and where it is named."""

    place: Place
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The words of a slot: a span of title or text."""

    slot: str
    field: Field
    start: int
    end: int


@dataclass(slots=True)
class Fact:
    """A build as it is put together from sentences; nlp/tag.py makes the record of it."""

    company: str
    company_name: str
    places: list[Place]
    stage: Stage
    passings: int | None = None
    route_miles: float | None = None
    investment: int | None = None
    grant: int | None = None
    match: int | None = None
    technology: Technology | None = None
    funding: Funding | None = None
    announced_on: str | None = None
    target_on: str | None = None
    target_is_end: bool = False
    down_mbps: float | None = None
    up_mbps: float | None = None
    partner: str | None = None
    last_sentence: int = 0
    start: int = 0
    proofs: dict[str, Proof] = field(default_factory=dict)

    @property
    def has_figures(self) -> bool:
        """True when it states passings, miles or money."""
        return any(
            value is not None for value in (self.passings, self.route_miles, self.investment, self.grant)
        )


@dataclass(frozen=True, slots=True)
class _Sentence:
    number: int
    passage: Passage
    span: Span
    text: str
    companies: tuple[Mention, ...]
    places: tuple[PlaceHit, ...]

    def proof(self, slot: str, start: int, end: int) -> Proof:
        """Return the sentence as the slot's proof, cut at blanks around the words when it is very long."""
        first, last = self.span.start, self.span.end
        if last - first > _MOST_QUOTE:
            room = max(0, (_MOST_QUOTE - (end - start)) // 2)
            text = self.passage.text
            low = max(first, first + start - room)
            high = min(last, first + end + room)
            while low > first and not text[low - 1].isspace():
                low -= 1
            while high < last and not text[high].isspace():
                high += 1
            first, last = low, high
        return Proof(slot, self.passage.field, first, last)


def find_facts(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention]
) -> list[Fact]:
    """Return the builds an article tells, the main one first."""
    passage = document.text
    dateline = dateline_end(passage)
    usable = [
        PlaceHit(mention.place, mention.field, mention.start, mention.end)
        for mention in places
        if mention.place is not None
        and _is_local(mention.place)
        and not (mention.attached or mention.inside_org)
        and (
            mention.field == "title"
            or not (mention.start < dateline or _in_dateline(passage.text, mention.start))
        )
    ]
    tail = boilerplate_start(passage)
    sentences = _sentences(document, companies, usable, tail)
    facts: list[Fact] = []
    main = _main_company(companies, document)
    for sentence in sentences:
        _read(sentence, facts, main, document)
    title = next((s for s in sentences if s.passage.field == "title"), None)
    _complete(facts, sentences, document, title)
    for fact in facts:
        if not fact.places and title is not None:
            fact.places = _where(title)
    return _distinct([fact for fact in facts if fact.places])


def _distinct(facts: list[Fact]) -> list[Fact]:
    """Leave out a fact that repeats another's money for the same places under another name of the company."""
    kept: list[Fact] = []
    for fact in facts:
        twin = next(
            (
                other
                for other in kept
                if fact.grant is not None
                and fact.grant == other.grant
                and any(_contains(a, b) or _contains(b, a) for a in fact.places for b in other.places)
            ),
            None,
        )
        if twin is None:
            kept.append(fact)
        elif len(fact.places) < len(twin.places) and all(
            _contains(fact.places[0], place) for place in twin.places
        ):
            twin.places = fact.places
    return kept


def _in_dateline(text: str, start: int) -> bool:
    """Tell whether a place opens a paragraph as a dateline ("DENTON, Texas — ")."""
    line = text.rfind("\n", 0, start) + 1
    return start - line <= 12 and pattern("places", "dateline").match(text, line, line + 120) is not None


def _is_local(place: Place) -> bool:
    return place.country == "US" and place.kind not in ("country", "region")


def _sentences(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceHit], tail: int
) -> list[_Sentence]:
    gate = words("gate")
    found = []
    named = [mention for mention in companies if mention.target]
    number = 0
    for passage in document.passages:
        spans = (
            [Span(0, len(passage.text))] if passage.field == "title" and passage.text else passage.sentences
        )
        mentions = sorted((m for m in named if m.field == passage.field), key=lambda m: m.start)
        hits = sorted((h for h in places if h.field == passage.field), key=lambda h: h.start)
        for span in spans[:_MOST_SENTENCES]:
            if passage.field == "text" and span.start >= tail:
                break
            text = passage.text[span.start : span.end]
            number += 1
            lowered = text.lower()
            if not any(word in lowered for word in gate) and not any(char.isdigit() for char in text):
                continue
            found.append(
                _Sentence(
                    number,
                    passage,
                    span,
                    text,
                    tuple(m for m in mentions if span.start <= m.start and m.end <= span.end),
                    tuple(h for h in hits if span.start <= h.start and h.end <= span.end),
                )
            )
    return found


def _main_company(companies: Sequence[Mention], document: Document) -> tuple[str, str] | None:
    """The company the article is most about: named in the title, else first and most often in the text."""
    counts: dict[str, float] = {}
    names: dict[str, str] = {}
    for mention in companies:
        if mention.target:
            weight = 5.0 if mention.field == "title" else 1.0 + 2.0 * (mention.start < 400)
            counts[mention.target] = counts.get(mention.target, 0.0) + weight
            names.setdefault(mention.target, usual_name(mention.text))
    if document.company and document.company in counts:
        return document.company, names[document.company]
    if not counts:
        return None
    best = max(counts, key=lambda company: counts[company])
    return best, names[best]


def _read(sentence: _Sentence, facts: list[Fact], main: tuple[str, str] | None, document: Document) -> None:
    text = sentence.text
    current = facts[-1] if facts else None
    if is_other_matter(text):
        return
    found = cue(text)
    counted = _own_figures(sentence, figures(text))
    event = _event(sentence, found, main, facts, document)
    if event is not None:
        company, name, where, stage_cue, given = event
        listed = _per_place(sentence, where, counted)
        if listed:
            for place, figure in listed:
                fact = _fact_for(facts, company, name, [place], stage_cue.stage, sentence, own=True)
                if fact:
                    fact.passings = int(figure.value)
                    fact.proofs["passings"] = sentence.proof("passings", figure.start, figure.end)
                    _fill(
                        fact,
                        sentence,
                        [f for f in counted if f.kind != "passings"],
                        document,
                        stage_cue,
                        False,
                    )
            return
        if stage_cue.stage == "funded" and given:
            counted = [replace(f, kind="grant") if f.kind == "investment" else f for f in counted]
        own = bool(counted) or stage_cue.stage == "cancelled"
        fact = _fact_for(facts, company, name, where, stage_cue.stage, sentence, own=own)
        if fact:
            _fill(fact, sentence, counted, document, stage_cue, True)
        return
    if current is None or sentence.passage.field == "title":
        return
    if sentence.number - current.last_sentence > _REACH or _names_other(sentence, current):
        return
    if pattern("places", "follows").match(text) or counted:
        _fill(current, sentence, counted, document, found, False)


def _event(
    sentence: _Sentence,
    found: Cue | None,
    main: tuple[str, str] | None,
    facts: list[Fact],
    document: Document,
) -> tuple[str, str, list[Place], Cue, bool] | None:
    """Company, places, stage and whether an award is given, when a sentence tells of a build by itself.

    An award may do without places: the sentences after it say where.
    """
    text = sentence.text
    if found is None or pattern("context", "portrait").search(text):
        return None
    if found.stage == "announced" and pattern("context", "existing").search(text[: found.start + 40]):
        return None
    given = (
        recipients(text, sentence.span.start, sentence.companies)
        if found.stage in ("funded", "cancelled")
        else []
    )
    if not tells_of_network(text) and not (given and tells_of_network(document.title.text)):
        return None
    where = _where(sentence)
    if not where and not (given and figures(text)):
        return None
    who = _who(sentence, found, given, main, facts)
    if who is None:
        return None
    awaits_places = bool(facts) and not facts[-1].places
    if found.stage == "funded" and not (given or awaits_places or figures(text)):
        return None
    if _is_total(sentence, found) and sentence.passage.field != "title":
        return None
    return who[0], who[1], where, found, bool(given)


def _who(
    sentence: _Sentence,
    found: Cue,
    given: Sequence[Recipient],
    main: tuple[str, str] | None,
    facts: Sequence[Fact],
) -> tuple[str, str] | None:
    named = {hit.place.name.casefold() for hit in sentence.places}
    awarded = next((who for who in given if who.name.casefold() not in named or " " in who.name), None)
    if awarded:
        return awarded.company, awarded.name
    if facts and facts[-1].company_name in sentence.text:
        return facts[-1].company, facts[-1].company_name
    if found.stage == "funded" and not sentence.companies:
        return None
    inside = sentence.companies
    if inside:
        before = [m for m in inside if m.start - sentence.span.start <= found.start]
        chosen = before[-1] if before else inside[0]
        if main and any(m.target == main[0] for m in inside):
            return main
        return chosen.target or "", usual_name(chosen.text)
    if main:
        return main
    if facts:
        return facts[-1].company, facts[-1].company_name
    return None


def _where(sentence: _Sentence) -> list[Place]:
    """The places a sentence builds in: no seat, no speaker's title, no part of a company's name."""
    text, base = sentence.text, sentence.span.start
    kept: list[PlaceHit] = []
    for hit in sentence.places:
        start, end = hit.start - base, hit.end - base
        before, after = text[max(0, start - 45) : start], text[end : end + 25]
        if any(m.start <= hit.start and hit.end <= m.end for m in sentence.companies):
            continue
        if hit.place.state == "DC" and not re.match(r",?\s+D\.?\s?C", after):
            # The capital stands for the federal government, or is the state taken for it.
            continue
        if re.search(
            r"\b(?:headquartered|based|headquarters|offices?)\s+(?:in|near)\s+(?:[\w,.]+\s+){0,3}$",
            before,
            re.I,
        ):
            continue
        if pattern("places", "seat_after").match(after):
            continue
        if pattern("places", "office_after").match(after):
            continue
        if pattern("places", "office_before").search(before):
            continue
        kept.append(hit)
    return _narrowest([hit.place for hit in kept])


def _narrowest(places: Iterable[Place]) -> list[Place]:
    """Leave out a state or county when a place inside it is listed too."""
    unique = list({place.id: place for place in places}.values())
    kept = []
    for place in unique:
        others = [other for other in unique if other.id != place.id]
        if place.kind == "state" and any(
            other.state == place.state and other.kind != "state" for other in others
        ):
            continue
        if place.kind == "county" and any(
            other.kind in ("city", "neighborhood") and other.county_fips == place.county_fips
            for other in others
        ):
            continue
        if place.kind == "metro" and any(
            other.kind in ("city", "county") and other.cbsa == place.cbsa for other in others
        ):
            continue
        kept.append(place)
    return kept


def _contains(wide: Place, narrow: Place) -> bool:
    if wide.id == narrow.id:
        return True
    if wide.kind == "state":
        return wide.state == narrow.state
    if wide.kind == "county":
        return wide.county_fips is not None and wide.county_fips == narrow.county_fips
    return wide.kind == "metro" and wide.cbsa is not None and wide.cbsa == narrow.cbsa


def _own_figures(sentence: _Sentence, found: Sequence[Figure]) -> list[Figure]:
    """Leave out totals: figures beside words of company scope, unreached homes, or a wider place."""
    text, base = sentence.text, sentence.span.start
    kept = []
    for figure in found:
        near = text[max(0, figure.start - 90) : figure.end + 90]
        if figure.kind in ("passings", "miles", "investment", "total"):
            after = re.split(r"[.;]\s", text[figure.start : figure.end + 130])[0]
            before = text[max(0, figure.start - 60) : figure.start]
            whole = text if figure.kind != "passings" else f"{before} {after}"
            if pattern("context", "scope").search(whole):
                continue
            if figure.kind != "passings" and re.search(r"\bpart of\b[^.]{0,40}$", before, re.IGNORECASE):
                continue
            if (
                re.search(r"\badd(?:s|ing|ed)? to\b.{0,60}$", before, re.IGNORECASE)
                and figure.kind == "investment"
            ):
                continue
        if figure.kind == "passings":
            if pattern("context", "unreached").search(near) and not re.search(
                r"\bpreviously\b", near, re.IGNORECASE
            ):
                continue
            if not pattern("passings", "reach").search(text):
                continue
        if _belongs_to_wider(sentence, figure, base):
            continue
        kept.append(figure)
    return kept


def _belongs_to_wider(sentence: _Sentence, figure: Figure, base: int) -> bool:
    """Tell whether the place right after a figure is a state while the sentence builds in a city of it."""
    following = [hit for hit in sentence.places if base + figure.end <= hit.start <= base + figure.end + 90]
    if not following or following[0].place.kind != "state":
        return False
    state = following[0]
    gap = sentence.passage.text[base + figure.end : state.start]
    narrower = [h for h in sentence.places if h.place.kind != "state" and h.place.state == state.place.state]
    return (
        bool(narrower)
        and re.search(r"\b(?:across|throughout|in)\s+(?:the state of )?$", gap) is not None
        and "," not in gap
    )


def _is_total(sentence: _Sentence, found: Cue) -> bool:
    after = sentence.text[found.start : found.end + 160]
    return pattern("context", "scope").search(after) is not None and not sentence.places


def _per_place(
    sentence: _Sentence, where: Sequence[Place], counted: Sequence[Figure]
) -> list[tuple[Place, Figure]]:
    """Pairs of place and passings in a list: "12,000 in Greenville, 8,000 in Easley", "Greer (1,000)"."""
    if len(where) < 2:
        return []
    text, base = sentence.text, sentence.span.start
    wanted = {place.id for place in where}
    hits = [hit for hit in sentence.places if hit.place.id in wanted]
    pairs: dict[int, tuple[Place, Figure]] = {}
    from market.numbers import numbers_in

    for number in numbers_in(text):
        if number.is_money or not 20 <= number.value <= 1_000_000 or number.value != int(number.value):
            continue
        if 1990 <= number.value <= 2040 and "," not in number.raw:
            continue
        figure = Figure("passings", number.value, number.start, number.end)
        after = next((hit for hit in hits if hit.start - base >= number.end), None)
        before = next((hit for hit in reversed(hits) if hit.end - base <= number.start), None)
        if after is not None:
            gap = text[number.end : after.start - base]
            if pattern("places", "figure_place").fullmatch(gap):
                pairs.setdefault(after.place.id, (after.place, figure))
                continue
        between = text[before.end - base : number.start] if before is not None else ""
        if before is not None and pattern("places", "place_figure").fullmatch(between):
            pairs.setdefault(before.place.id, (before.place, figure))
    units = any(figure.kind == "passings" for figure in counted) or re.search(
        r"\b(?:homes|addresses|locations|households|premises|passings)\b", text, re.IGNORECASE
    )
    return list(pairs.values()) if len(pairs) >= 2 and units else []


def _fact_for(
    facts: list[Fact],
    company: str,
    name: str,
    where: Sequence[Place],
    stage: Stage,
    sentence: _Sentence,
    *,
    own: bool,
) -> Fact | None:
    """Return the build this sentence speaks of: a known one with a place in common, or a new one."""
    for fact in facts:
        if fact.company != company:
            continue
        if not fact.places or not where:
            if not fact.places:
                fact.places = list(where)
            return fact
        if any(_contains(a, b) or _contains(b, a) for a in fact.places for b in where):
            widens = all(
                any(_contains(new, old) and new.id != old.id for old in fact.places) for new in where
            )
            exact = {place.id for place in where} == {place.id for place in fact.places}
            if (
                not exact
                and not widens
                and own
                and fact.has_figures
                and not {p.id for p in where} & {p.id for p in fact.places}
            ):
                continue
            if not widens:
                _merge_places(fact, where, sentence)
            return fact
    if not own and (facts or sentence.number > _LEAD):
        return None
    fact = Fact(company, name, list(where), stage, last_sentence=sentence.number, start=sentence.span.start)
    facts.append(fact)
    return fact


def _merge_places(fact: Fact, where: Sequence[Place], sentence: _Sentence) -> None:
    if sentence.number > _WIDENS or sentence.text[:1] in '"“':
        return
    apart = [
        new for new in where if not any(_contains(new, old) or _contains(old, new) for old in fact.places)
    ]
    if (
        sentence.passage.field == "text"
        and fact.proofs.get("places", None)
        and fact.proofs["places"].field == "title"
    ):
        # A title is short: "Solano County" there may be the town that the text names.
        fact.places = _narrowest([*fact.places, *where])
    else:
        fact.places = [*fact.places, *apart]


def _names_other(sentence: _Sentence, fact: Fact) -> bool:
    """Tell whether a sentence without a build of its own speaks of other places or companies."""
    if sentence.places and not any(
        _contains(a, hit.place) or _contains(hit.place, a) for hit in sentence.places for a in fact.places
    ):
        return True
    return bool(sentence.companies) and all(m.target != fact.company for m in sentence.companies)


def _fill(
    fact: Fact,
    sentence: _Sentence,
    counted: Sequence[Figure],
    document: Document,
    found: Cue | None,
    is_event: bool,
) -> None:
    """Add what a sentence states to the slots that are still empty; a later stage replaces an earlier one."""
    fact.last_sentence = sentence.number
    if is_event and found is not None:
        if "stage" not in fact.proofs or (
            PROGRESS[found.stage] > PROGRESS[fact.stage] and sentence.passage.field == "text"
        ):
            fact.stage = found.stage
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
        if "places" not in fact.proofs or fact.proofs["places"].field == "title":
            fact.proofs["places"] = sentence.proof("places", found.start, found.end)
            fact.proofs["company"] = sentence.proof("company", found.start, found.end)
    elif (
        found is not None
        and found.stage in ("construction", "cancelled", "permitted")
        and (PROGRESS[found.stage] > PROGRESS[fact.stage] and fact.stage != "live")
    ):
        fact.stage = found.stage
        fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
    for figure in counted:
        _fill_figure(fact, sentence, figure)
    for target in targets(sentence.text, document.published_at):
        _fill_target(fact, sentence, target)
    if document.published_at and fact.announced_on is None and announced_today(sentence.text):
        fact.announced_on = document.published_at.date().isoformat()
        fact.proofs["announced_on"] = sentence.proof("announced_on", 0, min(80, len(sentence.text)))
    _fill_kind(fact, sentence, "technology")
    _fill_kind(fact, sentence, "funding")


def _fill_figure(fact: Fact, sentence: _Sentence, figure: Figure) -> None:
    cents = int(figure.value * 100)
    proof_slot = ""
    if figure.kind == "passings" and fact.passings is None:
        fact.passings, proof_slot = int(figure.value), "passings"
    elif figure.kind == "miles" and fact.route_miles is None:
        fact.route_miles, proof_slot = float(figure.value), "route_miles"
    elif figure.kind == "grant" and fact.grant is None:
        fact.grant, proof_slot = cents, "grant_cents"
    elif figure.kind == "match" and fact.match is None:
        fact.match, proof_slot = cents, "match_cents"
    elif (
        figure.kind in ("investment", "total")
        and (fact.investment is None or figure.kind == "total")
        and cents > (fact.grant or 0)
    ):
        fact.investment, proof_slot = cents, "investment_cents"
    if proof_slot:
        fact.proofs[proof_slot] = sentence.proof(proof_slot, figure.start, figure.end)


def _fill_target(fact: Fact, sentence: _Sentence, target: Target) -> None:
    if fact.target_on is None or (target.is_end and not fact.target_is_end):
        fact.target_on, fact.target_is_end = target.value, target.is_end
        fact.proofs["target_on"] = sentence.proof("target_on", target.start, target.end)


def _fill_kind(fact: Fact, sentence: _Sentence, slot: str) -> None:
    """Technology or funding: the first entry of the table whose words the sentence holds, names left out."""
    if getattr(fact, slot) is not None:
        return
    text = sentence.text
    for mention in sentence.companies:
        start, end = mention.start - sentence.span.start, mention.end - sentence.span.start
        text = text[:start] + " " * (end - start) + text[end:]
    for name in keys(slot):
        match = pattern(slot, name).search(text)
        if match:
            setattr(fact, slot, name)
            fact.proofs[slot] = sentence.proof(slot, match.start(), match.end())
            return


def _complete(
    facts: list[Fact], sentences: Sequence[_Sentence], document: Document, title: _Sentence | None
) -> None:
    """Fill what only the article as a whole says of its one build, and settle money and stage."""
    for fact in facts:
        if len(facts) == 1:
            for sentence in sentences:
                _fill_kind(fact, sentence, "technology")
                if fact.funding in (None, "other", "private"):
                    _better_funding(fact, sentence)
        if fact.stage == "funded" and fact.grant is None and fact.investment is not None:
            # What is awarded is not the company's own money, whatever the sentence calls it.
            fact.grant = fact.investment
            fact.proofs["grant_cents"] = fact.proofs["investment_cents"]
        if fact.grant is not None and fact.investment is None:
            fact.investment = fact.grant + (fact.match or 0)
            slot = "match_cents" if fact.match else "grant_cents"
            fact.proofs["investment_cents"] = fact.proofs[slot]
        if fact.grant is not None and fact.funding in (None, "private"):
            fact.funding = "other"
            fact.proofs["funding"] = fact.proofs["grant_cents"]
        if fact.grant is not None and fact.stage == "announced":
            fact.stage = "funded"
            fact.proofs["stage"] = fact.proofs["grant_cents"]
        if fact.funding is None and fact.investment is not None and fact.grant is None:
            fact.funding = "private"
            fact.proofs["funding"] = fact.proofs["investment_cents"]
        if fact.stage == "live":
            fact.target_on = None
            fact.proofs.pop("target_on", None)


def _better_funding(fact: Fact, sentence: _Sentence) -> None:
    for name in keys("funding"):
        if name in ("other", "private"):
            return
        match = pattern("funding", name).search(sentence.text)
        if match:
            fact.funding = cast(Funding, name)
            fact.proofs["funding"] = sentence.proof("funding", match.start(), match.end())
            return
