"""What changed on a page between its captures: an article's title and text, a price page's plans."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar
from urllib.parse import urlsplit

from briefs.matching import match
from market.errors import UsageError
from market.ids import article_id, url_key
from market.records import Article, Capture, Offer
from market.records.base import Record, UtcTime

if TYPE_CHECKING:
    from index.ledger import Ledger

T = TypeVar("T")

_MOST_NEAR, _NEAR = 3, 0.8
_NOT_TERMS = {"id", "capture_id", "source_id", "source_row", "observed_at", "evidence"} | {
    "provider_raw",
    "price_raw",
    "technology_raw",
}
"""What may differ between two observations of the same terms."""
_PRICES = ("offers", "labels")


class Look(Record):
    """One capture of the page."""

    capture_id: str
    fetched_at: UtcTime


class TextChange(Record):
    """A paragraph that went or came."""

    op: Literal["-", "+"]
    text: str


class FieldChange(Record):
    """One value of a plan that changed."""

    field: str
    before: Any
    after: Any


class PlanChange(Record):
    """A plan whose terms changed, as it is now."""

    offer: Offer
    changes: tuple[FieldChange, ...]


class Difference(Record):
    """A page as it is known, and what its last change was."""

    url: str
    kind: Literal["article", "offers"]
    looks: int
    """Captures of the page, those that found it unchanged too."""
    last_seen: UtcTime
    """When it was last captured as it is in `after`."""
    before: Look | None
    """The last capture that held something else; None when nothing that is read has ever changed."""
    after: Look
    """The first capture that holds what it holds now."""
    title: tuple[str, str] | None = None
    """An article's title before and now, where it changed."""
    text: tuple[TextChange, ...] = ()
    """An article's paragraphs that went and came, in the order of the page."""
    added: tuple[Offer, ...] = ()
    removed: tuple[Offer, ...] = ()
    changed: tuple[PlanChange, ...] = ()


class _Page(TypedDict):
    """What a difference says of the page itself."""

    url: str
    kind: Literal["article", "offers"]
    looks: int
    last_seen: datetime


def difference(ledger: Ledger, url: str) -> Difference:
    """Return what changed between the two last captures of `url` that differ in what is read from them.

    Captures whose bytes differ only in what no reader reads (menus, scripts, dates of the day) are one.
    Raises UsageError for an address that was never captured or of which nothing is read.
    """
    captures = _captures(ledger, url)
    pages = [capture for capture in captures if capture.reader in ("article", *_PRICES)]
    if not pages:
        last = captures[-1]
        what = (
            "it is a feed, and each of its items is a page of its own"
            if last.reader == "feed"
            else (f"its last answer was HTTP {last.status}")
        )
        raise UsageError("page-not-read", f"nothing is read from {url} that could be compared: {what}")
    seen = [capture for capture in captures if capture.reader is not None or capture.same_as is not None]
    kind: Literal["article", "offers"] = "article" if pages[-1].reader == "article" else "offers"
    page: _Page = {
        "url": pages[-1].url,
        "kind": kind,
        "looks": len(seen),
        "last_seen": seen[-1].fetched_at,
    }
    if kind == "article":
        versions = [(capture, told) for capture in pages for told in ledger.articles(capture_id=capture.id)]
        return _of_articles(page, versions)
    looks = [
        (capture, offers)
        for source in dict.fromkeys(capture.source_id for capture in pages)
        for capture, reading, offers in ledger.observations(source)
        if capture.url == pages[-1].url and reading is not None and reading.outcome == "read"
    ]
    return _of_offers(page, looks)


def _captures(ledger: Ledger, url: str) -> list[Capture]:
    """Return the captures of an address as it is given, in its canonical form, or as an article's own."""
    for spelling in dict.fromkeys((url, url_key(url))):
        if found := ledger.captures(url=spelling):
            return found
    told = ledger.article(article_id(url))
    if told is not None and (capture := ledger.capture(told.capture_id)) is not None:
        return ledger.captures(url=capture.url)
    raise UsageError("page-unknown", f"{url} was never captured; {_nearest(ledger, url)}")


def _nearest(ledger: Ledger, url: str) -> str:
    host = urlsplit(url).hostname
    known = {capture.url for capture in ledger.captures() if urlsplit(capture.url).hostname == host}
    near = difflib.get_close_matches(url, sorted(known), n=_MOST_NEAR, cutoff=_NEAR)
    if near:
        return "did you mean " + " or ".join(near) + "?"
    return "give the whole address, as `crowsnest search` prints it"


def _distinct(
    found: Sequence[tuple[Capture, T]], content: Callable[[T], object]
) -> tuple[tuple[Capture, T] | None, tuple[Capture, T]]:
    """Return the last content but one and the last, each at the first capture of it."""
    kept: list[tuple[Capture, T]] = []
    for look in found:
        if not kept or content(kept[-1][1]) != content(look[1]):
            kept.append(look)
    if not kept:
        raise UsageError(
            "page-not-read", "its captures have not been read yet, or hold nothing; see `crowsnest status`"
        )
    return (kept[-2] if len(kept) > 1 else None), kept[-1]


def _look(capture: Capture) -> Look:
    return Look(capture_id=capture.id, fetched_at=capture.fetched_at)


def _of_articles(page: _Page, versions: Sequence[tuple[Capture, Article]]) -> Difference:
    before, after = _distinct(versions, lambda told: (told.title, told.text))
    if before is None:
        return Difference(**page, before=None, after=_look(after[0]))
    old, new = before[1], after[1]
    return Difference(
        **page,
        before=_look(before[0]),
        after=_look(after[0]),
        title=(old.title, new.title) if old.title != new.title else None,
        text=tuple(_paragraphs(old.text, new.text)),
    )


def _paragraphs(old: str, new: str) -> Iterator[TextChange]:
    before, after = old.split("\n"), new.split("\n")
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for op, start, end, start_new, end_new in matcher.get_opcodes():
        if op != "equal":
            yield from (TextChange(op="-", text=words) for words in before[start:end])
            yield from (TextChange(op="+", text=words) for words in after[start_new:end_new])


def _of_offers(page: _Page, looks: Sequence[tuple[Capture, Sequence[Offer]]]) -> Difference:
    before, after = _distinct(looks, lambda offers: sorted(str(_terms(offer)) for offer in offers))
    if before is None:
        return Difference(**page, before=None, after=_look(after[0]))
    pairs, gone, come = match(before[1], after[1])
    changed = ((offer, tuple(_fields(before[1][place], offer))) for place, offer in pairs)
    return Difference(
        **page,
        before=_look(before[0]),
        after=_look(after[0]),
        added=tuple(come),
        removed=tuple(before[1][place] for place in gone),
        changed=tuple(PlanChange(offer=offer, changes=found) for offer, found in changed if found),
    )


def _terms(offer: Offer) -> dict[str, Any]:
    return offer.model_dump(mode="json", exclude=_NOT_TERMS)


def _fields(before: Offer, after: Offer) -> Iterator[FieldChange]:
    old, new = _terms(before), _terms(after)
    for name in old:
        if old[name] != new[name]:
            yield FieldChange(field=name, before=old[name], after=new[name])
