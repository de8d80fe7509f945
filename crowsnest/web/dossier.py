"""Everything known about one capture, gathered for its page: what was read, what cites it, what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawlers.readers import read_capture
from crowsnest.web.citations import Citing, Quote, checked, citing_lines, evidence_in, spans_of
from crowsnest.web.deps import WebContext
from crowsnest.web.marking import Piece, paragraphs, pieces
from crowsnest.web.table import RowView, cited_rows
from market.errors import UnavailableError
from market.ids import article_id
from market.records import (
    Article,
    Capture,
    Cell,
    Issue,
    JsonPointer,
    Offer,
    Reading,
    Source,
    Tagged,
)

MAX_CHECKED = 40
"""Quotes looked up in the archived bytes for one page; each is a pass of its reader."""


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
    citing = tuple(citing_lines(ledger.briefs_citing(ids), ids))
    known = evidence_in(record, offers, tagged, citing, ids)
    own_words = {line.claim.text for line in citing if not line.quotes}
    wanted = [
        (words, next((proof for proof in known if proof.quote == words), None))
        for words in dict.fromkeys(asked)
        if words.strip() and words not in own_words
    ]
    if record is None:
        # Words cited from a price show the price they were read into.
        cited = {proof.record_id for _, proof in wanted if proof}
        record = next((offer for offer in offers if offer.id in cited), None)
    elif not wanted:
        wanted = [(proof.quote, proof) for proof in record.evidence]
    quotes = tuple(
        checked(holder, body, content_type, article, words, proof, readable=not trouble)
        for words, proof in wanted[:MAX_CHECKED]
    )
    cells = {p.where for _, p in wanted if p and isinstance(p.where, Cell | JsonPointer)}
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
        rows=tuple(cited_rows(body, cells if holder.reader == "labels" else ())),
        body_size=None if trouble else len(body),
        trouble=trouble,
        content_type=content_type,
        title=pieces(article.title, spans_of(article, "title", quotes)) if article else [],
        text=paragraphs(article.text, spans_of(article, "text", quotes)) if article else [],
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
