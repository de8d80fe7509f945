"""What holds for all plans of a page: whose they are, for whom, over what, in which currency."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crawlers.readers.companies import company_id
from crawlers.readers.page import Page, clean
from crawlers.readers.visible import words
from market.records import Capture, Source
from market.records.offer import Technology
from market.records.source import Segment

MAX_INTRO = 300
"""Characters of the paragraph below the page's heading that are looked at."""


class Frame:
    """The page around the cards. `shared` holds the slots that all its offers have in common."""

    def __init__(self, page: Page, capture: Capture, source: Source) -> None:
        title = page.tree.find(".//title") if page.tree is not None else None
        self.title = clean(title.text_content()) if title is not None else ""
        site = next((clean(name) for name in page.meta.get("og:site_name", ())), "")
        heads = list(page.tree.iter("h1")) if page.tree is not None else []
        self.headings = " ".join(clean(head.text_content()) for head in heads)[:MAX_INTRO]
        below = [head.getnext() for head in heads[:3]]
        self.intro = " ".join(
            clean(each.text_content())[:MAX_INTRO] for each in below if each is not None and each.tag == "p"
        )
        where = urlsplit(capture.final_url or capture.url)
        path = re.sub(r"[-_/.]+", " ", where.path)
        language = str(page.tree.get("lang") or "") if page.tree is not None else ""
        # "$" on a Canadian page is a Canadian dollar.
        canadian = (where.hostname or "").endswith(".ca") or language.lower().endswith("-ca")
        self.currency = "CAD" if canadian else "USD"
        told = self.segments(f"{path} . {self.title} . {self.headings}")
        self.internet = bool(words()["patterns"]["internet"].search(f"{self.title} {self.headings}"))
        """Whether the page says that it is about internet service."""
        self.both = {"business", "residential"} <= set(told)
        """Whether the page is for homes and businesses alike."""
        self.shared: dict[str, Any] = {
            "capture_id": capture.id,
            "source_id": capture.source_id,
            "company": company_id(source, site),
            "provider_raw": site,
            "segment": told[0] if len(told) == 1 else source.options.segment,
            "market": source.options.market,
            "observed_at": capture.fetched_at,
        }

    @staticmethod
    def segments(text: str, key: str = "words") -> list[Segment]:
        """Return the segments that words tell; `key` "in_name": the words that do so in a plan's name."""
        return [entry["name"] for entry in words()["segment"] if entry[key].search(text)]

    def technology(self, *texts: str) -> Technology:
        """Return the technology named first: by the plan's name, its card, the page's title and headings, the
        paragraph below them.
        """
        for text in (*texts, f"{self.title} {self.headings}", self.intro):
            for entry in words()["technology"]:
                if entry["words"].search(text):
                    technology: Technology = entry["name"]
                    return technology
        return "unknown"
