"""Everything known about one capture, gathered for its page: what was read, what cites it, what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crawlers.readers import read_capture
from crawlers.readers.page import decode
from crawlers.readers.quote import quote_at
from crowsnest.web.deps import WebContext
from crowsnest.web.marking import Piece, occurrences, paragraphs, pieces
from crowsnest.web.snapshot import snapshot
from crowsnest.web.table import RowView, cited_rows
from market.errors import UnavailableError
from market.ids import article_id
from market.records import (
    Article,
    Brief,
    Capture,
    Cell,
    Claim,
    CssPath,
    Evidence,
    Issue,
    JsonPointer,
    Offer,
    Reading,
    Source,
    Tagged,
    TextSpan,
)

MAX_CHECKED = 40
"""Quotes looked up in the archived bytes for one page; each is a pass of its reader."""


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


@dataclass(frozen=True)
class Dossier:
    """One capture's page."""

    capture: Capture
    holder: Capture
    """The capture that holds the body: an earlier one when nothing had changed."""
    source: Source | None
    article: Article | None
    tagged: Tagged | None
    offers: tuple[Offer, ...]
    record: Offer | None
    """The offer the address asks for."""
    reading: Reading | None
    issues: tuple[Issue, ...]
    citing: tuple[Citing, ...]
    quotes: tuple[Quote, ...]
    rows: tuple[RowView, ...] = ()
    body_size: int | None = None
    """Bytes after content decoding; None when the archive could not give them."""
    trouble: str = ""
    """Why the archived bytes cannot be shown."""
    content_type: str = ""
    title: list[Piece] = field(default_factory=list)
    text: list[list[Piece]] = field(default_factory=list)

    @property
    def is_html(self) -> bool:
        """True when the archived bytes are a page that can be looked at."""
        return "html" in self.content_type or (not self.content_type and self.holder.reader == "article")

    @property
    def name(self) -> str:
        """What the page is called: its title, else who published it, else its address."""
        if self.article and self.article.title:
            return self.article.title
        if self.source and self.source.publisher:
            return self.source.publisher
        return self.capture.final_url


def holder_of(context: WebContext, capture: Capture) -> Capture:
    """Return the capture that holds the body `capture` repeats, or itself."""
    seen = {capture.id}
    while not capture.changed and capture.same_as and capture.same_as not in seen:
        earlier = context.ledger.capture(capture.same_as)
        if earlier is None:
            break
        seen.add(earlier.id)
        capture = earlier
    return capture


def body_of(context: WebContext, capture: Capture) -> tuple[bytes, str]:
    """Return a capture's decoded body and its Content-Type header; raises UnavailableError."""
    response = context.archive.record(capture.warc_file, capture.warc_offset)
    body = context.archive.body(capture.warc_file, capture.warc_offset)
    return body, response.header("content-type") or capture.media_type


def dossier(context: WebContext, capture: Capture, asked: Sequence[str], record_id: str) -> Dossier:
    """Gather what the page of `capture` shows; `asked` are the words to mark, `record_id` an offer's id."""
    ledger = context.ledger
    holder = holder_of(context, capture)
    source = next((s for s in context.settings.sources if s.id == capture.source_id), None)
    body, content_type, trouble = b"", capture.media_type, ""
    try:
        body, content_type = body_of(context, holder)
    except UnavailableError as error:
        trouble = error.message
    article = _article(context, holder, source, body)
    tagged = ledger.tagged([article.id]).get(article.id) if article else None
    if tagged is not None and tagged.capture_id != holder.id:
        tagged = None
    offers = tuple(ledger.offers(capture_id=holder.id))
    record = next((offer for offer in offers if offer.id == record_id), None)
    ids = {capture.id, holder.id}
    citing = tuple(_citing(ledger.briefs(), ids))
    known = _evidence(record, offers, tagged, citing, ids)
    own_words = {line.claim.text for line in citing if not line.quotes}
    wanted = [words for words in dict.fromkeys(asked) if words.strip() and words not in own_words]
    if not wanted and record is not None:
        wanted = list(dict.fromkeys(proof.quote for proof in record.evidence))
    proofs = {words: next((p for p in known if p.quote == words), None) for words in wanted}
    if record is None:
        # Words cited from a price show the price they were read into.
        cited = {proof.record_id for proof in proofs.values() if proof}
        record = next((offer for offer in offers if offer.id in cited), None)
    quotes = tuple(
        _quote(holder, body, content_type, article, words, proof, readable=not trouble)
        for words, proof in list(proofs.items())[:MAX_CHECKED]
    )
    cells = {(p.where.row, p.where.column) for p in proofs.values() if p and isinstance(p.where, Cell)}
    return Dossier(
        capture=capture,
        holder=holder,
        source=source,
        article=article,
        tagged=tagged,
        offers=offers,
        record=record,
        reading=next(
            (r for r in reversed(ledger.readings(capture.source_id)) if r.capture_id == holder.id), None
        ),
        issues=tuple(i for i in ledger.issues(source_id=capture.source_id) if i.capture_id in ids),
        citing=citing,
        quotes=quotes,
        rows=tuple(cited_rows(body, cells)),
        body_size=None if trouble else len(body),
        trouble=trouble,
        content_type=content_type,
        title=pieces(article.title, _spans(article, "title", quotes)) if article else [],
        text=paragraphs(article.text, _spans(article, "text", quotes)) if article else [],
    )


def _article(context: WebContext, capture: Capture, source: Source | None, body: bytes) -> Article | None:
    if capture.reader != "article":
        return None
    for url in (capture.final_url, capture.url):
        if version := context.ledger.article_version(article_id(url), capture.id):
            return version
    if not body:
        return None
    # The page names another canonical URL: only reading it again tells which article it is.
    source = source or Source(id=capture.source_id, kind="feed", url=capture.url)
    result = read_capture(capture, body, source, context.clock.now())
    read = next((record for record in result.records if isinstance(record, Article)), None)
    return context.ledger.article_version(read.id, capture.id) if read else None


def _citing(briefs: Iterable[Brief], ids: set[str]) -> Iterable[Citing]:
    for brief in briefs:
        for section in brief.sections:
            for claim in section.claims:
                quotes = tuple(
                    dict.fromkeys(proof.quote for proof in claim.evidence if proof.capture_id in ids)
                )
                # What a page no longer says is cited without a quote.
                if quotes or any(page.capture_id in ids for page in claim.citations):
                    yield Citing(brief, claim, quotes)


def _evidence(
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
        found += [proof for expansion in tagged.expansions for proof in expansion.evidence]
    found += [proof for line in citing for proof in line.claim.evidence]
    found += [proof for offer in offers for proof in offer.evidence]
    return [proof for proof in found if proof.capture_id in ids]


def _quote(
    capture: Capture,
    body: bytes,
    content_type: str,
    article: Article | None,
    words: str,
    proof: Evidence | None,
    *,
    readable: bool,
) -> Quote:
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
        case Cell(row=row, column=column):
            return f"line {row}, column {column}"
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


def _spans(article: Article, part: str, quotes: Sequence[Quote]) -> list[tuple[int, int]]:
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
