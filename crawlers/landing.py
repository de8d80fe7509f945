"""From an archived response to a Capture: what it is, whether it has changed, what is wrong with it.

No Scrapy here: the crawler uses it on a live response, recovery on one read back from the archive.
"""

from __future__ import annotations

from archive.content import Decoded, decode
from archive.response import Place, Response
from market.ids import capture_id, sha256_hex
from market.records import Capture, Validator
from market.records.base import Record

REFUSALS = frozenset({401, 403, 407, 429, 451})
_PAGES = ("text/", "application/xhtml+xml", "application/xml")


class Trouble(Record):
    """Why a response cannot be used whole; `code` and `message` become the issue's."""

    code: str
    message: str
    level: str = "error"
    lasting: bool = False
    """True when asking again cannot help: the link is given up at once."""


class Landing(Record):
    """A response as a capture, with the body to read if there is one."""

    capture: Capture
    validator: Validator | None = None
    """What to remember of the URL; None leaves what is known."""
    body: bytes = b""
    trouble: Trouble | None = None


def _status_trouble(status: int) -> Trouble:
    advice = {
        401: "It wants a login: disable the source or ask the publisher for access.",
        403: "The site refuses us: ask the publisher for access or disable the source.",
        404: "Nothing is there: check the address.",
        410: "It was removed for good: check the address.",
        429: "The site says we ask too often: raise the source's `every`.",
        451: "It is withheld for legal reasons: disable the source.",
    }
    message = f"The server answered {status}. {advice.get(status, 'It is asked for again in the next run.')}"
    return Trouble(code=f"http-{status}", message=message, lasting=status == 410)


def _body_trouble(response: Response, decoded: Decoded) -> Trouble | None:
    if decoded.problem == "too-large":
        return Trouble(
            code="decompression-bomb",
            message=f"Its {len(response.body)} bytes unpack to more than the limit; it was not read.",
            lasting=True,
        )
    if response.cut_by == "disconnect":
        return Trouble(
            code="connection-lost",
            message=f"The connection ended after {len(response.body)} bytes, before the answer was whole.",
        )
    if response.cut_by == "length":
        return Trouble(
            code="page-truncated",
            message=f"The answer was cut at {len(response.body)} bytes; raise [crawl] max_bytes.",
            level="warning",
        )
    if decoded.problem == "broken":
        return Trouble(code="content-broken", message="The compressed body is damaged; it was not read.")
    if decoded.problem == "unknown-coding":
        coding = response.header("content-encoding")
        return Trouble(
            code="content-coding", message=f"The body is packed as {coding!r}, which we cannot undo."
        )
    if not decoded.body.strip():
        return Trouble(code="empty-body", message="The server answered well, but with nothing in it.")
    reader = response.tags.reader
    price_list = reader == "offers" and decoded.body.startswith(b"%PDF-")
    if reader in ("article", "offers") and not price_list and not _is_page(response.media_type, decoded.body):
        return Trouble(
            code="not-a-page",
            message=f"It is {response.media_type or 'no text'}, not a web page; it is archived, unread.",
            level="info" if reader == "article" else "error",
            lasting=True,
        )
    return None


def _is_page(media_type: str, body: bytes) -> bool:
    if media_type and not media_type.startswith(_PAGES) and media_type != "application/octet-stream":
        return False
    return not body.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"))


def land(place: Place, response: Response, known: Validator | None, *, decoded_limit: int) -> Landing:
    """Turn one archived response into a capture; `known` is what its URL answered last."""
    decoded = decode(response.body, response.header("content-encoding"), decoded_limit)
    tags = response.tags
    capture = Capture(
        id=capture_id(place.file, place.offset),
        source_id=tags.source_id,
        run_id=tags.run_id,
        url=tags.asked_url,
        final_url=response.url,
        fetched_at=response.at,
        status=response.status,
        media_type=response.media_type,
        sha256=sha256_hex(decoded.body),
        warc_file=place.file,
        warc_offset=place.offset,
        changed=True,
        truncated=response.cut_by is not None or decoded.problem in ("too-large", "broken"),
        hint=tags.hint,
    )
    if known and known.capture_id == capture.id:
        # Landing the same record again must not call it a repetition of itself.
        known = None
    if response.status == 304 and known:
        same = {"changed": False, "same_as": known.capture_id, "reader": tags.reader}
        return Landing(capture=capture.model_copy(update=same))
    if not 200 <= response.status < 300:
        return Landing(capture=capture, trouble=_status_trouble(response.status))
    trouble = _body_trouble(response, decoded)
    # A cut article or feed still tells what stands in it; a cut price list would tell of withdrawn plans.
    readable = trouble is None or (trouble.code == "page-truncated" and tags.reader in ("article", "feed"))
    if not readable:
        return Landing(capture=capture, trouble=trouble)
    if trouble:
        whole = capture.model_copy(update={"reader": tags.reader})
        return Landing(capture=whole, body=decoded.body, trouble=trouble)
    unchanged = known is not None and known.sha256 == capture.sha256
    origin = known.capture_id if known and unchanged else capture.id
    update = {"reader": tags.reader, "changed": not unchanged, "same_as": origin if unchanged else None}
    return Landing(
        capture=capture.model_copy(update=update),
        validator=Validator(
            url=tags.asked_url,
            etag=response.header("etag") or None,
            last_modified=response.header("last-modified") or None,
            sha256=capture.sha256,
            capture_id=origin,
        ),
        body=decoded.body,
    )
