"""What holds for all plans of a page: whose they are, for whom, over what, in which currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from crawlers.readers.companies import company_id
from crawlers.readers.page import Page, clean
from crawlers.readers.visible import words
from market.records import Capture, Source
from market.records.offer import Technology
from market.records.source import Segment

_COMPARED = re.compile(r"\b(?:than|unlike|versus|vs)\b[^.;\n]{0,40}", re.IGNORECASE)
"""What a card compares its plan with."""
MIN_PARAGRAPH = 50
"""Characters of a line that is running text and no link."""
MAX_INTRO = 300
"""Characters of the paragraph below the page's heading that are looked at."""


MAX_LEAD_LINE = 120
"""Characters of a line above the plans that is looked at."""
MIN_TAB = 6
"""Characters. A shorter line ("Home") leads to the site's first page, where no tab says so."""


class Frame:
    """The page around the cards. `shared` holds the slots that all its offers have in common."""

    def __init__(self, page: Page, capture: Capture, source: Source) -> None:
        title = page.tree.find(".//title") if page.tree is not None else None
        self.title = clean(title.text_content()) if title is not None else ""
        site = next((clean(name) for name in page.meta.get("og:site_name", ())), "")
        heads = list(page.tree.iter("h1")) if page.tree is not None else []
        self.headings = " ".join(clean(" ".join(head.itertext())) for head in heads)[:MAX_INTRO]
        below = [head.getnext() for head in heads[:3]]
        self.intro = " ".join(
            clean(each.text_content())[:MAX_INTRO] for each in below if each is not None and each.tag == "p"
        )
        where = urlsplit(capture.final_url or capture.url)
        path = re.sub(r"[-_/.]+", " ", where.path)
        language = str(page.tree.get("lang") or "") if page.tree is not None else ""
        # "$" on a Canadian page is a Canadian dollar.
        canadian = (where.hostname or "").endswith(".ca") or language.lower().endswith("-ca")
        self.lead: list[str] = []
        """Lines above the plans that are no links."""
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

    def hear(self, text: str, lead: Iterable[str] = ()) -> None:
        """Take the segment from the page's running text, where address, title and headings do not tell it:
        from `lead`, the lines above its plans, else from its paragraphs.

        Links and menus do not count: they name what other pages sell.
        """
        self.lead = [line for line in lead if len(line) <= MAX_LEAD_LINE]
        if self.shared["segment"] != "unknown" or self.both:
            return
        above = {name for line in self.lead for name in self.segments(line)}
        above |= {name for line in self.lead for name in self.segments(line, "in_tab") if len(line) > MIN_TAB}
        if len(above) == 1:
            self.shared["segment"] = above.pop()
            return
        told = {
            entry["name"]
            for line in text.split("\n")
            if len(line) >= MIN_PARAGRAPH
            for entry in words()["segment"]
            if "in_text" in entry and entry["in_text"].search(line)
        }
        if len(told) == 1:
            self.shared["segment"] = told.pop()

    @staticmethod
    def segments(text: str, key: str = "words") -> list[Segment]:
        """Return the segments that words tell; `key` "in_name": the words that do so in a plan's name."""
        return [entry["name"] for entry in words()["segment"] if key in entry and entry[key].search(text)]

    def technology(self, name: str, card: str, above: Iterable[str]) -> Technology:
        """Return the technology named first: by the plan's name, its card, the headings above it, the page's
        title and headings, the paragraph below them.

        Some words tell it in a name or heading only: "wireless internet" in a card may be its Wi-Fi.
        """
        heads = ("words", "in_heading")
        page = f"{self.title} | {self.headings}"
        card = _COMPARED.sub(" ", card)
        own = [(name, heads), (card, ("words",))]
        around = [*((text, heads) for text in above), (page, heads), (self.intro, ("words",))]
        for number, (text, keys) in enumerate((*own, *around, *((line, heads) for line in self.lead))):
            told: list[Technology] = []
            for entry in words()["technology"] if text else ():
                if any(key in entry and entry[key].search(text) for key in keys):
                    told.append(entry["name"])
                    if number < len(own):
                        break
            if told:
                # A heading of several ("Fiber and wireless plans") does not tell which is this one's.
                return told[0] if number < len(own) or len(told) == 1 else "unknown"
        return "unknown"
