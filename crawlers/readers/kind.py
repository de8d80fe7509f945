"""What a file is: an article, a plan page or a label file. Only for files without a source that says so."""

from __future__ import annotations

from typing import Literal

from crawlers.readers.article import body_text
from crawlers.readers.cards import Sheet
from crawlers.readers.labelfile import is_workbook
from crawlers.readers.labels import read_table
from crawlers.readers.page import Page, decode
from crawlers.readers.pagemeta import is_declared_article
from crawlers.readers.pdftext import is_pdf

LONG_LINE = 200
"""Characters. A paragraph as long is running text."""
MIN_SIGNS = 2
"""Monthly prices and speeds outside of running text that a plan page shows at least."""


def url_of(body: bytes) -> str:
    """Return the absolute URL that a page gives itself (canonical link or og:url), or ""."""
    page = Page(body)
    if page.tree is None:
        return ""
    links: list[str] = [
        link.get("href") or ""
        for link in page.tree.iter("link")
        if (link.get("rel") or "").lower() == "canonical"
    ]
    for url in (*links, *page.meta.get("og:url", ())):
        if url.strip().startswith(("http://", "https://")):
            return str(url).strip()
    return ""


def kind_of(body: bytes, name: str = "") -> Literal["article", "offers", "labels"]:
    """Return which reader suits a file.

    A PDF is a price list. A table whose header is a broadband label's is "labels"; a page that calls itself
    an article is one; it is "offers" when it shows monthly prices and speeds, and no fewer of them than
    paragraphs of running text.
    """
    if is_pdf(body):
        return "offers"
    if name.lower().endswith((".csv", ".tsv", ".xlsx", ".json")) or is_workbook(body):
        return "labels"
    head = decode(body[:200_000])
    if "<" not in head[:2000] and read_table(head) is not None:
        return "labels"
    page = Page(body)
    if page.tree is None or is_declared_article(page):
        return "article"
    sheet = Sheet(page.tree)
    signs = sum(price.monthly for price in sheet.prices) + len(sheet.speeds)
    paragraphs = [line for line in body_text(page).split("\n") if len(line) > LONG_LINE]
    return "offers" if signs >= MIN_SIGNS and signs >= len(paragraphs) else "article"
