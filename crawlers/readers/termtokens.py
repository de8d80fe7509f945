"""Lengths of promotions and contracts in a plan page's visible text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.readers.tokens import Term, line_above, line_around, line_below
from crawlers.readers.visible import Flat, words
from market.units import TERM, term_months

_TERM = re.compile(r"(?=[\dotfsent])(?<![\d.$])\b" + TERM + r"(?![a-z])", re.IGNORECASE)
_TERM_ELSEWHERE = re.compile(
    r"(?=\d)(?<![\d.$])\b(?P<figure>\d{1,3})\s*(?P<unit>meses|mes|mois|monate?|años?|ans?|jahre?)\b",
    re.IGNORECASE,
)
_FIRST_MONTHS = re.compile(r"\bmonths? 1\s*(?:-|–|to|through)\s*(?P<last>[2-9]|[1-9]\d)\b", re.IGNORECASE)
_YEARS = re.compile(r"años?|ans?|jahre?", re.IGNORECASE)
_NONE = re.compile(r"^ ?(?:none|no|not required|n/a)(?: required)? ?$", re.IGNORECASE | re.MULTILINE)
MAX_MONTHS = 120


def _unbound(text: str) -> Iterator[Term]:
    """Yield the terms of lines such as "None" beside a line "Contract"."""
    label = words()["patterns"]["contract_label"]
    for match in _NONE.finditer(text):
        above = line_above(text, match.start()).strip()
        below = line_below(text, match.end()).strip()
        slot = words()["patterns"]["slot_label"].match(above)
        if label.match(above) or (not slot and label.match(below)):
            yield Term(match.start(), match.end(), 0, "contract")


def terms_in(flat: Flat) -> list[Term]:
    """Return promotion lengths and contract terms in the text, in order."""
    text, patterns = flat.text, words()["patterns"]
    found = [Term(m.start(), m.end(), 0, "contract") for m in patterns["no_contract"].finditer(text)]
    found.extend(
        Term(match.start(), match.end(), int(match["last"]), "promo")
        for match in _FIRST_MONTHS.finditer(text)
    )
    found.extend(Term(m.start(), m.end(), 12, "promo") for m in patterns["first_year"].finditer(text))
    found.extend(_unbound(text))
    for match in (*_TERM.finditer(text), *_TERM_ELSEWHERE.finditer(text)):
        unit = "years" if _YEARS.fullmatch(match["unit"]) else match["unit"]
        months = term_months(match["figure"], unit)
        if months is None or months > MAX_MONTHS:
            continue
        before, after = line_around(text, match.start(), match.end())
        alone = not before.strip() and not after.strip()
        before = before if before.strip() else line_above(text, match.start())
        if alone and not patterns["slot_label"].match(before.strip()):
            # A label may stand below its value.
            after = f" {line_below(text, match.end())}"
        # A lock or an instalment's length is neither; words of the next sentence do not make it one.
        near = re.split(r"[.;]\s", before[-30:])[-1] + " | " + re.split(r"[.;](?:\s|$)", after[:30])[0]
        if patterns["guarantee"].search(near):
            continue
        if patterns["contract_after"].match(after) or patterns["contract_before"].search(before):
            found.append(Term(match.start(), match.end(), months, "contract"))
        elif patterns["promo_before"].search(before) or patterns["promo_after"].match(after):
            found.append(Term(match.start(), match.end(), months, "promo"))
    return sorted(found, key=lambda term: term.start)
