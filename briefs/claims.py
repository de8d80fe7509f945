"""The gate: a claim goes out only if its quotes stand in what was captured and its numbers in its quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from briefs.borne import not_borne
from market.numbers import numbers_in
from market.records import Article, Claim, Dispute, Evidence, Issue, Offer, TextSpan
from market.records.base import Record

# What a bare token with a digit looks like where it is no number of its own: "5G", "F-01".
_TOKEN = re.compile(r"[^\s\"“”()\[\];:]*\d[^\s\"“”()\[\];:]*")
_SIGNS = ".,!?'’"
_MONEY_AFTER = re.compile(
    r"\s*(?:million|billion|thousand|[mbk]\b)?\s*-?(?:us\s+)?(?:dollars?|usd|cents?)\b", re.I
)
_PERCENT_AFTER = re.compile(r"\s*(?:%|per\s?cent\b)", re.I)


class Proofs(Protocol):
    """Where stored texts and offers are; the ledger is one."""

    def text(self, text_sha256: str) -> str | None:
        """Return an article text by its hash, or None."""
        ...

    def article_version(self, article_id: str, capture_id: str) -> Article | None:
        """Return the version of an article that one capture holds, or None."""
        ...

    def offers(
        self,
        company: str | None = None,
        source_id: str | None = None,
        capture_id: str | None = None,
        current: bool = False,
    ) -> Sequence[Offer]:
        """Return the offers read from one capture."""
        ...


class Refusal(Record):
    """A claim that does not hold, and why. It is never shown."""

    claim: Claim
    code: str
    """"no-evidence", "quote-not-stored", "number-not-quoted", "word-not-quoted", "headline-not-quoted",
    "price-not-quoted" or "page-not-cited"."""
    why: str
    capture_id: str = ""
    """The capture whose quote is in doubt; "" when the claim fails by itself."""

    def issue(self) -> Issue:
        """Return the refusal as an issue of the brief stage."""
        first = self.claim.evidence[0] if self.claim.evidence else None
        return Issue(
            stage="brief",
            code="claim-refused",
            level="warning",
            capture_id=first.capture_id if first else None,
            message=f"left out of the brief, {self.why}: {self.claim.text}",
            data={"reason": self.code, "key": self.claim.key, "records": list(self.claim.record_ids)},
        )


class Figure(Record):
    """A number as a claim or a quote writes it."""

    raw: str
    value: Decimal
    kind: str
    """"money", "percent" or "plain"."""


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """Return the numbers of a text with the kind that its sign or unit gives them."""
    found = []
    for number in numbers_in(text):
        before, after = text[: number.start].rstrip(), text[number.end :]
        if number.is_money or before.endswith("$") or _MONEY_AFTER.match(after):
            kind = "money"
        elif number.raw.endswith("%") or _PERCENT_AFTER.match(after):
            kind = "percent"
        else:
            kind = "plain"
        # "99¢" is $0.99, and no other figure.
        value = number.value / 100 if after.lstrip().startswith("¢") else number.value
        kind = "money" if value != number.value else kind
        found.append(Figure(raw=number.raw, value=value, kind=kind))
    return tuple(found)


def _stands(figure: Figure, evidence: Sequence[Evidence]) -> bool:
    """Say whether a number stands in a quote: the same value, and in running text the same kind.

    A cell or a card's element often holds the bare figure ("59.99") under a heading that says what it is.
    """
    for item in evidence:
        prose = isinstance(item.where, TextSpan)
        for other in figures(item.quote):
            if other.value == figure.value and (not prose or other.kind == figure.kind):
                return True
    return False


def unquoted(text: str, evidence: Sequence[Evidence], name: str = "") -> str | None:
    """Return the first number of `text` that stands in none of the quotes, or None when all do.

    `name` is a company name whose own digits or number words ("360 Fiber") are no figures.
    """
    if name:
        text = text.replace(name, " ")
    for figure in figures(text):
        if not _stands(figure, evidence):
            return figure.raw
    spans = [(number.start, number.end) for number in numbers_in(text)]
    for token in _TOKEN.finditer(text):
        word = token.group().strip(_SIGNS)
        if any(start < token.end() and token.start() < end for start, end in spans):
            continue
        if not any(_has_word(item.quote, word) for item in evidence):
            return word
    return None


def _has_word(quote: str, word: str) -> bool:
    """Say whether a word with letters and digits ("5G", "Gig-2000") stands in the quote as it is.

    One of digits and signs only, which is no number either ("1-2-3"), must stand there between blanks.
    """
    if not any(char.isalpha() for char in word):
        return any(token.group().strip(_SIGNS) == word for token in _TOKEN.finditer(quote))
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", quote) is not None


class Gate:
    """Checks claims against what is stored. One gate serves many briefs: what it has looked up it keeps."""

    def __init__(self, proofs: Proofs, company_name: Callable[[str], str] = str) -> None:
        self._proofs = proofs
        self._name = company_name
        self._texts: dict[tuple[str, ...], str | None] = {}
        self._stored: dict[str, frozenset[tuple[str, str]]] = {}
        self._known: dict[Claim, tuple[Claim | None, Refusal | None]] = {}

    def admit(self, claims: Iterable[Claim]) -> tuple[list[Claim], list[Refusal]]:
        """Part claims into those that hold, with their numbers filled in, and refusals."""
        held: list[Claim] = []
        refused: list[Refusal] = []
        for claim in claims:
            if claim not in self._known:
                self._known[claim] = self._judge(claim)
            good, bad = self._known[claim]
            if good is not None:
                held.append(good)
            if bad is not None:
                refused.append(bad)
        return held, refused

    def _judge(self, claim: Claim) -> tuple[Claim | None, Refusal | None]:
        """Return the claim that may be shown and why it, or the first claim under it, is refused.

        Earlier stages and disputed figures that do not hold are left out; the claim goes without them.
        """
        bad = next((found for part in claim.parts() if (found := self.refusal(part)) is not None), None)
        if bad is not None:
            claim = claim.model_copy(update={"steps": self._held(claim.steps), "disputes": self._open(claim)})
        refusal = self.refusal(claim)
        if refusal is not None:
            return None, refusal
        numbers = tuple(figure.raw for figure in figures(claim.text))
        return claim.model_copy(update={"numbers": numbers}), bad

    def _held(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(claim for claim in claims if self.refusal(claim) is None)

    def _open(self, claim: Claim) -> tuple[Dispute, ...]:
        """Return the disputes of which two sides hold."""
        held = [dispute.model_copy(update={"said": self._held(dispute.said)}) for dispute in claim.disputes]
        return tuple(dispute for dispute in held if len(dispute.said) > 1)

    def refusal(self, claim: Claim) -> Refusal | None:
        """Return why a claim does not hold, or None when it does."""
        for item in claim.proofs():
            if item.quote.strip() and not self._is_stored(item):
                why = f"its quote does not stand in capture {item.capture_id}"
                return Refusal(claim=claim, code="quote-not-stored", why=why, capture_id=item.capture_id)
        problem = self._problem(claim)
        if problem is not None:
            return Refusal(claim=claim, code=problem[0], why=problem[1])
        below = (self.refusal(part) for part in claim.parts())
        bad = next((found for found in below if found is not None), None)
        return None if bad is None else bad.model_copy(update={"claim": claim})

    def _problem(self, claim: Claim) -> tuple[str, str] | None:
        if not claim.evidence or not all(item.quote.strip() for item in claim.evidence):
            return "no-evidence", "it has no quote to stand on"
        name = self._name(claim.company) if claim.company else ""
        for text in (claim.text, claim.headline):
            number = unquoted(text, claim.evidence, name)
            if number is not None:
                return "number-not-quoted", f'"{number}" stands in none of its quotes'
        if claim.kind == "build" and (word := not_borne(claim.text, claim.evidence)):
            return "word-not-quoted", f'none of its quotes says "{word}"'
        if claim.headline and all(item.quote != claim.headline for item in claim.evidence):
            return "headline-not-quoted", "its headline is not the page's title"
        return (
            self._move_problem(claim)
            or _beside_problem(claim)
            or _chart_problem(claim)
            or _citation_problem(claim)
        )

    def _move_problem(self, claim: Claim) -> tuple[str, str] | None:
        move = claim.move
        if move is None:
            return None
        for cents, capture in (
            (move.before_cents, move.before_capture),
            (move.after_cents, move.after_capture),
        ):
            if cents is None:
                continue
            figure = _amount(cents)
            own = [item for item in claim.evidence if item.capture_id == capture]
            if not _stands(figure, own):
                return "price-not-quoted", f"{figure.value} is not quoted from capture {capture}"
        return None

    def _is_stored(self, item: Evidence) -> bool:
        if isinstance(item.where, TextSpan):
            text = self._text(item, item.where)
            return text is not None and text[item.where.start : item.where.end] == item.quote
        if item.capture_id not in self._stored:
            self._stored[item.capture_id] = frozenset(
                (str(known.where), known.quote)
                for offer in self._proofs.offers(capture_id=item.capture_id)
                for known in offer.evidence
                if known.capture_id == item.capture_id
            )
        return (str(item.where), item.quote) in self._stored[item.capture_id]

    def _text(self, item: Evidence, where: TextSpan) -> str | None:
        """Return the text or title a span points into; a text only as the cited capture's own article."""
        key = (where.field, where.text_sha256, item.record_id, item.capture_id)
        if key not in self._texts:
            article = self._proofs.article_version(item.record_id, item.capture_id)
            if article is None or article.text_sha256 != where.text_sha256:
                self._texts[key] = None
            elif where.field == "title":
                self._texts[key] = article.title
            else:
                self._texts[key] = self._proofs.text(where.text_sha256)
        return self._texts[key]


def _amount(cents: int) -> Figure:
    return Figure(raw=str(cents), value=Decimal(cents) / 100, kind="money")


def _beside_problem(claim: Claim) -> tuple[str, str] | None:
    """Say which of the two prices set side by side is not quoted."""
    if claim.beside is not None:
        for cents in (claim.beside.rival_cents, claim.beside.own_cents):
            if not _stands(_amount(cents), claim.evidence):
                return "price-not-quoted", f"{Decimal(cents) / 100} is quoted from no page"
    return None


def _chart_problem(claim: Claim) -> tuple[str, str] | None:
    """Say which point of the chart its own quote does not bear out."""
    for point in claim.chart.points if claim.chart else ():
        if not _stands(_amount(point.cents), [point.evidence]):
            where = f"capture {point.evidence.capture_id}"
            return "price-not-quoted", f"the chart's {Decimal(point.cents) / 100} is not quoted from {where}"
    return None


def _citation_problem(claim: Claim) -> tuple[str, str] | None:
    cited = {citation.capture_id for citation in claim.citations}
    for item in claim.evidence:
        if item.capture_id not in cited:
            return "page-not-cited", f"no page is named for capture {item.capture_id}"
    return None
