"""What holds for all plans of a page: whose they are, for whom, over what, in which currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawlers.readers.companies import company_id
from crawlers.readers.page import Page, clean
from crawlers.readers.told import ADDRESS, SETTINGS, Said, Told, Vocabulary
from crawlers.readers.visible import words
from market.records import Capture, Source

_COMPARED = re.compile(r"\b(?:than|unlike|versus|vs)\b[^.;\n]{0,40}", re.IGNORECASE)
"""What a card compares its plan with."""
MIN_PARAGRAPH = 50
"""Characters of a line that is running text and no link."""
MAX_INTRO = 300
"""Characters of the paragraph below the page's heading that are looked at."""
MAX_LEAD_LINE = 120
"""Characters of a line above the plans that is looked at."""
HEADS = ("words", "in_heading")
"""Keys of the technologies' words that tell one in a plan's name or a heading."""
MIN_TAB = 6
"""Characters. A shorter line ("Home") leads to the site's first page, where no tab says so."""


class Frame:
    """The page around the cards. `shared` holds the slots that all its offers have in common, `told` what
    told those of them that a page can say.
    """

    def __init__(self, page: Page, capture: Capture, source: Source) -> None:
        title = page.tree.find(".//title") if page.tree is not None else None
        self._title = _said(title, "the page's title", _shown(title)) if title is not None else Said("", "")
        site = next((clean(name) for name in page.meta.get("og:site_name", ())), "")
        heads = list(page.tree.iter("h1")) if page.tree is not None else []
        self._heads = [_said(head, "the page's heading", " ".join(head.itertext())) for head in heads]
        headings = " ".join(head.text for head in self._heads)[:MAX_INTRO]
        below = [head.getnext() for head in heads[:3]]
        self._intros = [
            _said(each, "the paragraph below the page's heading", _shown(each)[:MAX_INTRO])
            for each in below
            if each is not None and each.tag == "p"
        ]
        self._above = Said(f"{self._title.text} | {headings}", "the page's title and headings")
        self._intro = Said(" ".join(each.text for each in self._intros), "the paragraphs below its headings")
        where = urlsplit(capture.final_url or capture.url)
        path = re.sub(r"[-_/.]+", " ", where.path)
        self._words = Vocabulary()
        self.lead: list[Said] = []
        """Lines above the plans that are no links."""
        self.told: dict[str, Told] = {}
        """What holds for all plans of the page: the words that say so."""
        self.currency = "USD"
        self._hear_currency(page, where.hostname or "")
        around = Said(f"{path} . {self._title.text} . {headings}", "the page's address, title and headings")
        told = self._words.told(around, "segment", "words")
        self.internet = bool(words()["patterns"]["internet"].search(f"{self._title.text} {headings}"))
        """Whether the page says that it is about internet service."""
        self.both = {"business", "residential"} <= {each.value for each in told}
        """Whether the page is for homes and businesses alike."""
        pieces = (self._title, *self._heads, Said(path, ADDRESS))
        self.homes = next(
            (self._placed(each, "segment", pieces) for each in told if each.value == "residential"), None
        )
        """What says so of homes, where it does."""
        options = source.options
        if len(told) == 1:
            self.told["segment"] = self._placed(told[0], "segment", pieces)
        elif options.segment != "unknown":
            self.told["segment"] = Told(options.segment, options.segment, Said(options.segment, SETTINGS))
        if options.market:
            self.told["market"] = Told(options.market, "; ".join(options.market), Said("", SETTINGS))
        self.shared: dict[str, Any] = {
            "capture_id": capture.id,
            "source_id": capture.source_id,
            "company": company_id(source, site),
            "provider_raw": site,
            "segment": self.told["segment"].value if "segment" in self.told else "unknown",
            "market": options.market,
            "observed_at": capture.fetched_at,
        }

    def _hear_currency(self, page: Page, host: str) -> None:
        """Take "$" for the dollar of the land that the page's address or language names."""
        language = str(page.tree.get("lang") or "") if page.tree is not None else ""
        for land in words()["land"]:
            if host.endswith(f".{land['host']}"):
                said = Said(host, f'{ADDRESS}: "$" is {land["currency"]} there')
            elif language.lower().endswith(f"-{land['host']}"):
                rule = f'the page\'s language: "$" is {land["currency"]}'
                said = Said(language, rule, None, page.tree, "lang")
            else:
                continue
            self.currency = land["currency"]
            self.told["currency"] = Told(self.currency, said.text, said)
            return

    def _hear_land(self, text: str) -> None:
        """Take "$" for the dollar of the one other land that the page's words tell of."""
        if "currency" in self.told:
            return
        likely = [land for land in words()["land"] if any(hint in text for hint in land["hints"])]
        found = [(land, match) for land in likely if (match := land["words"].search(text))]
        if len(found) == 1:
            land, match = found[0]
            said = Said(match[0], f'words of the page: "$" is {land["currency"]}', match.span())
            self.currency = land["currency"]
            self.told["currency"] = Told(self.currency, said.text, said, (0, len(match[0])))

    def hear(self, text: str, lead: Iterable[Said] = ()) -> None:
        """Take the segment from the page's running text, where address, title and headings do not tell it:
        from `lead`, the lines above its plans, else from its paragraphs.

        Links and menus do not count: they name what other pages sell.
        """
        self._hear_land(text)
        self.lead = [said for said in lead if len(said.text) <= MAX_LEAD_LINE]
        if self.shared["segment"] != "unknown" or self.both:
            return
        above = [told for said in self.lead for told in self.segment(said, "words")]
        longer = [said for said in self.lead if len(said.text) > MIN_TAB]
        above += [told for said in longer for told in self.segment(said, "in_tab")]
        found = above
        if len({told.value for told in above}) != 1:
            found = [told for said in _paragraphs(text) for told in self.segment(said, "in_text")]
        if len({told.value for told in found}) == 1:
            self.told["segment"], self.shared["segment"] = found[0], found[0].value

    def segment(self, said: Said, *keys: str) -> list[Told]:
        """Return the segments that words tell; of `keys` the first that finds any: "words", "in_name" for
        those that do so in a plan's name, "in_tab" for those that do so in a tab.
        """
        found = (self._words.told(said, "segment", key) for key in keys)
        return next((told for told in found if told), [])

    def technology(self, name: Said, card: Said, above: Iterable[Said]) -> Told | None:
        """Return the technology named first: by the plan's name, its card, the headings above it, the page's
        title and headings, the paragraph below them. None where nothing names one.

        Some words tell it in a name or heading only: "wireless internet" in a card may be its Wi-Fi.
        """
        find = self._words.told
        # What is compared with is blanked, so that no place moves.
        plain = _COMPARED.sub(lambda match: " " * len(match[0]), card.text)
        for told in (
            *find(name, "technology", *HEADS)[:1],
            *find(Said(plain, card.rule), "technology", "words")[:1],
        ):
            return told if told.said is name else told._replace(said=card)
        around = [*((said, HEADS) for said in above), (self._above, HEADS), (self._intro, ("words",))]
        for said, keys in (*around, *((line, HEADS) for line in self.lead)):
            found = find(said, "technology", *keys)
            if found:
                # A heading of several ("Fiber and wireless plans") does not tell which is this one's.
                pieces = (self._title, *self._heads) if said is self._above else tuple(self._intros)
                own = said is self._above or said is self._intro
                if len(found) > 1:
                    return None
                return self._placed(found[0], "technology", pieces, keys) if own else found[0]
        return None

    def _placed(
        self, told: Told, kind: str, pieces: Iterable[Said], keys: Iterable[str] = ("words",)
    ) -> Told:
        """Return what a joined text told as the first of its pieces that tells the same alone does."""
        alone = (each for said in pieces for each in self._words.told(said, kind, *keys))
        return next((each for each in alone if each.value == told.value), told)


def _said(element: HtmlElement, rule: str, text: str) -> Said:
    return Said(clean(text), rule, None, element)


def _shown(element: HtmlElement) -> str:
    return clean(str(element.text_content()))


def _paragraphs(text: str) -> Iterator[Said]:
    at = 0
    for line in text.split("\n"):
        if len(line) >= MIN_PARAGRAPH:
            yield Said(line, "a paragraph of the page", (at, at + len(line.rstrip())))
        at += len(line) + 1
