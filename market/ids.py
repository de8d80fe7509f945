"""Natural ids: the same input always gives the same id, so repeating any step changes nothing."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from w3lib.url import canonicalize_url


def digest(*parts: object) -> str:
    """Return 20 hex digits of SHA-256 over `parts`, which are joined by a separator no part may hold."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sha256_hex(data: bytes) -> str:
    """Return the full SHA-256 of `data` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hex digits."""
    return sha256_hex(text.encode("utf-8", "surrogatepass"))


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens: "Fiber 1 Gig!" -> "fiber-1-gig"."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


def url_key(url: str) -> str:
    """Return the canonical form of `url`: no fragment, sorted query, escapes in one form (w3lib)."""
    return str(canonicalize_url(url))


def run_id(started: str, salt: str = "") -> str:
    """Return the id of a run that started at the ISO time `started`; `salt` parts runs of one second."""
    return f"{re.sub(r'[^0-9]', '', started)[:14]}-{digest(started, salt)[:6]}"


def capture_id(warc_file: str, offset: int) -> str:
    """Return a capture's id: a capture is the WARC record at one offset of one file (names are unique)."""
    return "c" + digest("capture", warc_file, offset)


def article_id(url: str) -> str:
    """Return an article's id, one per canonical URL."""
    return "a" + digest("article", url_key(url))


def offer_id(capture: str, where: str, plan_key: str, technology: str) -> str:
    """Return an offer's id: one observation is one plan at one place of one capture."""
    return "o" + digest("offer", capture, where, plan_key, technology)


def expansion_id(record: str, company: str, stage: str, places: tuple[str, ...], start: int) -> str:
    """Return an expansion fact's id, from the record it stands in and where its evidence begins."""
    return "x" + digest("expansion", record, company, stage, *sorted(places), start)


def told_id(record: str, kind: str, company: str, start: int) -> str:
    """Return the id of an offer or event that an article tells, by its kind and where its evidence begins."""
    return "t" + digest("told", record, kind, company, start)


def brief_id(subscriber: str, week: str) -> str:
    """Return a brief's id, one per subscriber and ISO week ("2026-W47")."""
    return "b" + digest("brief", subscriber, week)


def sheet_id(account: str, made_at: str) -> str:
    """Return a meeting sheet's id, one per account and moment (ISO time)."""
    return "m" + digest("sheet", account, made_at)


def issue_id(run: str, stage: str, code: str, source: str | None, url: str | None, message: str) -> str:
    """Return an issue's id, so that re-running a step records the same issue once."""
    return "i" + digest("issue", run, stage, code, source, url, message)
