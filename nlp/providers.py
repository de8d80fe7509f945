"""Network operators that the lexicon lacks: told by their names and by what the text says they do.

A small telephone cooperative or a new fiber builder is named in a text like any organisation; it counts as a
company of the market when its name ends in a word of the trade or the words beside it say that it provides a
network. Its id is the slug of its name, so that the same provider gets the same id everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from market.ids import slug
from market.records import Mention
from nlp.companies_names import brief_strength, is_brief
from nlp.companies_told import is_beside
from nlp.companies_words import word_set
from nlp.dateline import dateline_span
from nlp.document import Document, Passage
from nlp.providers_lists import counted_names, listed_names, row_names
from nlp.providers_short import short_form, short_places
from nlp.providers_signs import (
    brand,
    called,
    described,
    described_name,
    hired,
    introduced,
    is_awarded,
    lead,
    named,
    owned,
    supplies,
    what,
)

_LEGAL = re.compile(r"[\s,]+(?:Inc|LLC|L\.L\.C|Corp|Co|Company|Ltd|LP|L\.P)\.?$")
_KIND = re.compile(r"\b(?P<rural>Rural )?Electric Membership Corp(?:\.|oration)?$")
_DISTRICT = re.compile(r" Public Utility District(?: No\. ?\d+)?$")
_OF = re.compile(r"\b(?P<word>[A-Z][a-z]+) of (?:the )?$")
_LONGEST_OF = 30
_BRAND_STEMS = ("subsidiary", " arm", "affiliate", " unit", "brand")
_PROGRAMME = re.compile(
    r"['’]?s?\s(?:\w+\s)?(?:programs?|grants?|initiative|fund|money|act|plan)\b", re.IGNORECASE
)
_TITLE_LIKE = 0.6
_MOST_NAMES = 60
_MOST_PROVIDERS = 300
"""Unknown providers of one text: a state's list of awards has fewer."""
_SHORTEST = 5
_LEAST = 2
_PER_COMPANY, _MOST_COMPANIES = 2, 2
"""In a short text a company surely named is as good a sign as a telling word, up to so many companies."""
_WINDOW = 130
_LEAST_CALLED = 3
_METHOD = "provider-name"
_NEVER = 1_000
_MOST_PLACES = 60
_LONGEST_HEADLINE = 220


class _Taken:
    """Spans that do not meet, in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def meets(self, start: int, end: int) -> bool:
        """Tell whether a span shares characters with one of these."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start

    def add(self, start: int, end: int) -> None:
        """Add a span that meets none."""
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)


def usual_name(text: str) -> str:
    """Return a name without its legal form, and with the usual letters of a kind of cooperative.

    "Acme Telephone Company, Inc." is "Acme Telephone"; "Acme Electric Membership Corp." is "Acme EMC".
    """
    name = _KIND.sub(lambda match: "REMC" if match["rural"] else "EMC", _bare(text))
    return _DISTRICT.sub(" PUD", name)


def full_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """Return by company id the longest of the names by which a text calls it, the first of several."""
    names: dict[str, str] = {}
    for mention in mentions:
        if mention.target and len(mention.text) > len(names.get(mention.target, "")):
            names[mention.target] = mention.text
    return names


def _bare(text: str) -> str:
    """Return a name as it is written, without its legal form and its quotes."""
    name = re.sub(r"\s+", " ", text).strip(" ,.;:’'\"“”")
    for _ in range(3):
        shorter = _LEGAL.sub("", name)
        if shorter == name or " " not in name or _KIND.search(name):
            break
        name = shorter
    return re.sub(r"(?:’s|'s)$", "", name)


def find_providers(document: Document, mentions: Sequence[Mention], trade: int) -> list[Mention]:
    """Return mentions of unknown providers; those of nlp/companies.py, `mentions`, take precedence."""
    trade = _own_trade(document, mentions, trade)
    if trade < _LEAST and not (trade and "elephone" in document.text.text.casefold()):
        return []
    known: dict[str, _Taken] = {"title": _Taken(), "text": _Taken()}
    for mention in mentions:
        if mention.target:
            known[mention.field].add(mention.start, mention.end)
    names: dict[str, str] = {}
    passage = document.text
    told = [mention for mention in mentions if mention.target and mention.field == "text"]
    starts, ends = {mention.start for mention in told}, {mention.end for mention in told}
    dateline = dateline_span(passage)
    organisations = dict.fromkeys(mention.text for mention in mentions if mention.target is None)
    for name in list(organisations)[:_MOST_NAMES]:
        if name.casefold() not in names and any(
            _is_described(passage, start, end) for start, end in _places_of(name, passage.text)
        ):
            _keep(names, name)
    for word in islice(what().finditer(passage.text), _MOST_PLACES):
        match = described_name().search(passage.text, max(0, word.start() - _WINDOW), word.end())
        if match is None:
            continue
        start, end = _without_generic(passage.text, *match.span("name"))
        in_dateline = dateline.start <= start < dateline.end
        if end - start >= _SHORTEST and not in_dateline and not known["text"].meets(start, end):
            _keep(names, passage.text[start:end])
    for match in named().finditer(passage.text):
        start, end = _without_generic(passage.text, *match.span("name"))
        start = _with_of(passage, start)
        if end - start < _SHORTEST or known["text"].meets(start, end):
            continue
        if _is_operator(passage, start, end, trade, is_beside(passage.text, start, end, starts, ends)):
            _keep(names, passage.text[start:end])
    if trade >= _LEAST:
        for start, end in row_names(passage):
            if not known["text"].meets(start, end):
                _keep(names, passage.text[start:end])
    if trade >= _LEAST_CALLED:
        for start, end in (*listed_names(passage, told), *counted_names(passage)):
            if not known["text"].meets(start, end):
                _keep(names, passage.text[start:end])
    if trade >= _LEAST_CALLED and any(map(passage.text.__contains__, word_set("providers", "own_stems"))):
        for match in owned().finditer(passage.text):
            start, end = _without_generic(passage.text, *match.span("name"))
            if end - start >= _SHORTEST and not known["text"].meets(start, end):
                _keep(names, passage.text[start:end])
    if trade >= _LEAST_CALLED and any(map(passage.text.__contains__, _BRAND_STEMS)):
        for match in brand().finditer(passage.text):
            group = "name" if match["name"] else "front"
            start, end = match.span(group)
            if end - start >= _SHORTEST and not known["text"].meets(start, end):
                _keep(names, passage.text[start:end])
    if "call" in passage.text or "named" in passage.text or "dubbed" in passage.text:
        for match in called().finditer(passage.text) if trade >= _LEAST_CALLED else ():
            start, end = match.span("name")
            if end - start >= _SHORTEST and not known["text"].meets(start, end):
                _keep(names, passage.text[start:end])
    names = dict(islice(names.items(), _MOST_PROVIDERS))
    suppliers = [name for name in names if _is_supplier(passage.text, names[name])]
    for name in list(names):
        if any(name == supplier or supplier.endswith(f" {name}") for supplier in suppliers):
            del names[name]
    found = _occurrences(document, names, known)
    return [*found, *_shortened(document, [*mentions, *found], known)]


def _own_trade(document: Document, mentions: Sequence[Mention], trade: int) -> int:
    """Return how plainly a text speaks of networks; in a short one companies and plain words count too."""
    words = (*document.title.words, *document.text.words)
    if not is_brief(len(words)):
        return trade
    companies = len({mention.target for mention in mentions if mention.target})
    return trade + brief_strength(set(words)) + _PER_COMPANY * min(_MOST_COMPANIES, companies)


def _shortened(document: Document, mentions: Sequence[Mention], known: dict[str, _Taken]) -> list[Mention]:
    """Return the places where a text names a provider by the first words of its name."""
    owners: dict[str, str] = {}
    sure: dict[str, bool] = {}
    for mention in mentions:
        if mention.target and " " in mention.text:
            name = _bare(mention.text)
            owners.setdefault(name, mention.target)
            sure[name] = mention.method != _METHOD
    found = []
    for full, field, start, end in short_places(document, list(sure.items())):
        if known[field].meets(start, end):
            continue
        known[field].add(start, end)
        passage = next(passage for passage in document.passages if passage.field == field)
        found.append(_mention(passage, start, end, owners[full]))
    return found


def _mention(passage: Passage, start: int, end: int, target: str) -> Mention:
    return Mention(
        text=passage.text[start:end],
        start=start,
        end=end,
        field=passage.field,
        kind="company",
        target=target,
        method=_METHOD,
        score=0.7,
    )


def _places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as whole words, at most `_MOST_PLACES` times."""
    end = 0
    for _ in range(_MOST_PLACES):
        start = text.find(name, end)
        if start < 0:
            return
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start, end


def _is_supplier(text: str, name: str) -> bool:
    """Tell whether a name is described as one who builds or equips networks for others."""
    return any(
        (lead().match(text, end, end + 40) is not None and supplies().match(text, end, end + 180) is not None)
        or hired().search(text[max(0, start - 70) : start]) is not None
        for start, end in _places_of(name, text)
    )


def _keep(names: dict[str, str], text: str) -> None:
    name = _bare(text)
    words = re.findall(r"[^\W_]+", name.casefold())
    if len(name) < 3 or not name[0].isupper():
        return
    excluded = set(words) & word_set("providers", "exclude")
    if excluded and not (excluded == {"association"} and _is_cooperative(words)):
        return
    if {words[-1], *(words[:1] if len(words) == 2 else ())} & word_set("providers", "exclude_last"):
        return
    if all(word in word_set("providers", "generic") or word in word_set("leaders") for word in words):
        return
    names.setdefault(name.casefold(), name)


def _is_cooperative(words: Sequence[str]) -> bool:
    """Tell whether a name's last words are those of a cooperative; a state's is an association of them."""
    ends = tuple(word_set("providers", "cooperatives"))
    return words[0] not in word_set("states") and " ".join(words).endswith(ends)


def _without_generic(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the small words at the front: "While Acme Telephone" begins at Acme."""
    while start < end:
        match = re.compile(r"[\w’'&.-]+\s+").match(text, start, end)
        word = match.group(0).strip().casefold() if match else ""
        if match is None or not (word in word_set("leaders") or word.endswith(("-based", "-owned"))):
            return start, end
        start = match.end()
    return start, end


def _with_of(passage: Passage, start: int) -> int:
    """Return where a name begins that "Heart of" leads; nothing else before "of" belongs to a name.

    Within a sentence a capital shows the name; offices and bodies ("Board of") are none of it.
    """
    match = _OF.search(passage.text[max(0, start - _LONGEST_OF) : start])
    if match is None or match["word"].casefold() in word_set("providers", "bodies"):
        return start
    begin = start - len(match.group())
    sentence = passage.sentences[passage.sentence_at(begin)]
    return begin if begin > sentence.start else start


def _is_described(passage: Passage, start: int, end: int) -> bool:
    after = passage.text[end : end + 140].split("\n")[0]
    before = passage.text[max(0, start - 60) : start]
    return bool(described().match(after) or introduced().search(before))


def _is_operator(passage: Passage, start: int, end: int, trade: int, beside: bool) -> bool:
    text = passage.text
    following = re.match(r"\s(and\s|&\s)?([A-Z][\w-]+)((?: [A-Z][\w-]+){0,2})", text[end : end + 70])
    if following:
        rest = {word.casefold() for word in following.group(3).split()} | {following.group(2).casefold()}
        if following.group(1):
            if rest & word_set("providers", "exclude"):
                return False
        elif following.group(2).casefold() not in word_set("followers"):
            return False
    words = [word.casefold() for word in re.findall(r"[\w-]+", _bare(text[start:end]))]
    longer = [word for word in text[start:end].split() if len(word) > 4]
    shouted = sum(map(str.isupper, longer))
    own_capitals = shouted == 1 and text[start:end].split()[0].isupper() and _is_within(passage, start)
    if (
        (0 < shouted < len(longer) and not own_capitals)
        or len(words) < 2
        or all(word in word_set("providers", "generic") for word in words)
        or text[end : end + 1] in ("™", "®")
        or set(words[1:-1]) & word_set("leaders")
    ):
        return False
    awarded = is_awarded(text, start, end)
    if not awarded and _is_in_headline(text, start, end) and not _is_alone(text, start, end):
        return False
    endings = word_set("providers", "strong")
    strong = words[-1] in endings or bool({"cooperative", "co-op", "coop"} & set(words))
    strong = strong or (words[-1] in word_set("providers", "forms") and words[-2] in endings)
    strong = strong or _is_cooperative(words)
    common = (
        word_set("providers", "generic")
        | word_set("states")
        | endings
        | word_set("providers", "weak")
        | word_set("providers", "forms")
    )
    proper = sum(word not in common for word in words)
    if strong:
        # "Acme Telephone Cooperative" and "Fox Lake Fiber" can be nothing else.
        telling = len(endings & set(words)) + len({"cooperative", "co-op", "coop"} & set(words))
        least = 2 if proper > 1 else 3 if proper or telling > 1 or words[-1] not in endings else _NEVER
        sure = awarded or telling > 1 or beside
        return (
            trade >= least
            or (trade >= _LEAST and sure)
            or (proper > 0 and _is_telephone_company(words))
            or _is_described(passage, start, end)
        )
    telling_end = words[-1] in word_set("providers", "telling") or (
        words[-1] == "connect" and proper > 1 and not _PROGRAMME.match(text, end)
    )
    if _is_described(passage, start, end) or (awarded and (telling_end or trade >= 3)):
        return True
    return telling_end and trade >= (3 if proper > 1 else 6)


def _is_telephone_company(words: Sequence[str]) -> bool:
    """Tell whether a name says so itself: "Acme Telephone Company", "Acme Rural Telephone"."""
    if "telephone" not in words:
        return False
    at = words.index("telephone")
    forms, kinds = word_set("providers", "telephone_forms"), word_set("providers", "telephone_kinds")
    behind = words[at + 1 : at + 2]
    return bool(set(behind) & forms) or (not behind and words[at - 1] in kinds)


def _is_within(passage: Passage, start: int) -> bool:
    """Tell whether a position stands within a sentence, small letters before it."""
    sentence = passage.sentences[passage.sentence_at(start)]
    return any(char.islower() for char in passage.text[sentence.start : start])


def _is_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name is the whole of its line, as in a signature."""
    before, behind = text.rfind("\n", 0, start), text.find("\n", end)
    line = text[before + 1 : behind if behind >= 0 else len(text)]
    return before >= 0 and line.strip() == text[start:end].strip()


def _is_in_headline(text: str, start: int, end: int) -> bool:
    """Tell whether a name stands in a line most of whose words have capitals, where they mean nothing."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)].rstrip()
    if len(line) > _LONGEST_HEADLINE or line.endswith((".", ".”", '."')):
        return False
    letters = re.findall(r"[^\W\d_]{4,}", line)
    return len(letters) > 3 and sum(word[0].isupper() for word in letters) > _TITLE_LIKE * len(letters)


def _targets(names: Sequence[str]) -> dict[str, str]:
    """Return the id of each name, longest first.

    One that begins a longer name is the same provider, and so is a cooperative's brand ("Pine Creek Connect"
    of Pine Creek Electric Cooperative).
    """
    targets: dict[str, str] = {}
    fuller: dict[str, str] = {}
    for name in names:
        own = short_form(name) or ""
        is_brand = name.rpartition(" ")[2].casefold() in word_set("providers", "brands")
        targets[name] = fuller.get(name) or (fuller.get(own) if is_brand else None) or slug(usual_name(name))
        words = name.split()
        for size in range(2, len(words)):
            fuller.setdefault(" ".join(words[:size]), targets[name])
    return targets


def _occurrences(document: Document, names: dict[str, str], known: dict[str, _Taken]) -> list[Mention]:
    found: list[Mention] = []
    listed = sorted(names.values(), key=len, reverse=True)
    targets = _targets(listed)
    for name in listed:
        wanted = re.compile(rf"\b{re.escape(name)}\b")
        for passage in document.passages:
            for match in wanted.finditer(passage.text):
                start, end = match.span()
                if known[passage.field].meets(start, end):
                    continue
                known[passage.field].add(start, end)
                found.append(_mention(passage, start, end, targets[name]))
    return found
