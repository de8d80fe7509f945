"""What cites a capture, and whether the cited words stand in its archived bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawlers.readers.page import decode
from crawlers.readers.quote import quote_at
from crowsnest.web.marking import occurrences
from crowsnest.web.snapshot import snapshot
from market.records import (
    Article,
    Brief,
    Capture,
    Cell,
    Claim,
    CssPath,
    Evidence,
    JsonPointer,
    Offer,
    PageLine,
    Tagged,
    TextSpan,
)


@dataclass(frozen=True)
class Quote:
    """Words said to stand in the capture, and whether they do."""

    words: str
    slot: str
    """What they prove: "monthly_cents"; "" for the line as a whole."""
    place: str
    """Where, in words: "line 17, column Monthly Price"."""
    stands: bool | None
    """True when the archived bytes hold them, False when not, None when the bytes could not be read."""
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Citing:
    """A line of a brief that rests on this capture."""

    brief: Brief
    claim: Claim
    quotes: tuple[str, ...]


def citing_lines(briefs: Iterable[Brief], ids: set[str]) -> Iterable[Citing]:
    """Yield the lines of briefs that rest on a capture of `ids`."""
    for brief in briefs:
        for claim in brief.claims():
            quotes = tuple(dict.fromkeys(proof.quote for proof in claim.evidence if proof.capture_id in ids))
            # What a page no longer says is cited without a quote.
            if quotes or any(page.capture_id in ids for page in claim.citations):
                yield Citing(brief, claim, quotes)


def evidence_in(
    record: Offer | None,
    offers: Sequence[Offer],
    tagged: Tagged | None,
    citing: Sequence[Citing],
    ids: set[str],
) -> list[Evidence]:
    """Return all evidence that points into the capture, that of the record asked for first."""
    found = list(record.evidence) if record else []
    if tagged:
        found += [tagged.key_sentence] if tagged.key_sentence else []
        found += [proof for fact in tagged.expansions for proof in fact.evidence]
        found += [proof for price in tagged.offers for proof in price.evidence]
        found += [proof for event in tagged.events for proof in event.evidence]
    found += [proof for line in citing for proof in line.claim.evidence]
    found += [proof for offer in offers for proof in offer.evidence]
    return [proof for proof in found if proof.capture_id in ids]


def checked(
    capture: Capture,
    body: bytes,
    content_type: str,
    article: Article | None,
    words: str,
    proof: Evidence | None,
    *,
    readable: bool,
) -> Quote:
    """Return `words` with whether they stand in `body`: at the place of `proof`, or anywhere without one."""
    stands: bool | None = None
    if readable:
        if proof is not None:
            stands = quote_at(capture, body, proof) == words
        else:
            stands = bool(article and occurrences(f"{article.title}\n{article.text}", words)) or bool(
                snapshot(body, quotes=[words]).found
                if "html" in content_type
                else occurrences(decode(body), words)
            )
    return Quote(words, proof.slot if proof else "", _place(proof), stands, proof)


def _place(proof: Evidence | None) -> str:
    match proof.where if proof else None:
        case Cell(row=row, column=column, sheet=sheet):
            return f"sheet {sheet}, line {row}, column {column}" if sheet else f"line {row}, column {column}"
        case PageLine(page=page, line=line):
            return f"page {page}, line {line}"
        case CssPath():
            return "one element of the page, marked below"
        case JsonPointer(pointer=pointer):
            return f"the page's structured data, {pointer}"
        case TextSpan(field="title"):
            return "in the title"
        case TextSpan(start=start):
            return f"in the text, from character {start:,}"
        case _:
            return ""


def spans_of(article: Article, part: str, quotes: Sequence[Quote]) -> list[tuple[int, int]]:
    """Return where the quotes stand in the article's text or title: the cited place, else every place."""
    text = article.title if part == "title" else article.text
    spans: list[tuple[int, int]] = []
    for quote in quotes:
        where = quote.evidence.where if quote.evidence else None
        if isinstance(where, TextSpan) and where.text_sha256 == article.text_sha256:
            if where.field == part:
                spans.append((where.start, where.end))
        else:
            spans += occurrences(text, quote.words)
    return spans
