"""Claim: a sentence of a brief with its proof."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime
from market.records.evidence import Evidence

MoveKind = Literal[
    "rise",
    "fall",
    "new",
    "withdrawn",
    "reappeared",
    "on-request",
    "published",
    "promo",
    "fee",
    "renamed",
    "terms",
    "correction",
]
"""`on-request`: a price gave way to "contact sales"; `published`: the other way round. `terms`: speed,
contract, data, market or a second price moved; the ledger keeps it, no brief tells it."""


class Citation(Record):
    """One archived page that a claim's quotes stand on, as a reader sees it."""

    capture_id: str
    url: str
    """The page's own address."""
    publisher: str
    title: str = ""
    """The page's headline, where it has one."""
    on: UtcTime
    """When the page was published, or captured where it gives no date."""
    dated: Literal["published", "captured"]
    day_only: bool = False
    """True when `on` is a date without a time (midnight UTC), which no time zone may shift."""


class Move(Record):
    """The two figures behind a price claim; difference and percentage are computed when they are shown."""

    kind: MoveKind
    what: str
    """"list price", "promotional price", or the fee's name."""
    before_cents: int | None = None
    after_cents: int | None = None
    before_capture: str | None = None
    """The capture that shows the figure before; None for a new plan."""
    after_capture: str | None = None
    """The capture that shows the figure after, or that no longer lists the plan."""


class Beside(Record):
    """A rival's price beside ours; the gap is computed when it is shown."""

    segment: str
    band: str
    """The download speeds that are set against each other: "301 to 600 Mbps"."""
    what: str
    """Which kind of price both are: "list price" or "price with autopay"."""
    own_plan: str
    own_cents: int
    rival_plan: str
    rival_cents: int


class ChartPoint(Record):
    """A price that held from a day on, with the words of the page that showed it."""

    on: str
    """ISO date, in the market's time zone."""
    cents: int
    evidence: Evidence


class Chart(Record):
    """What a new customer of a plan paid a month over time; `briefs` draws it."""

    title: str
    points: tuple[ChartPoint, ...]
    """Oldest first; a price holds until the next point."""


class Dispute(Record):
    """One figure of a build that its tellers give differently; none of them is averaged or dropped."""

    what: str
    """What is counted, for a reader: "homes", "investment", "target"."""
    said: tuple[Claim, ...]
    """Two or more, the latest first: each claim's text is the figure in its page's own words."""


class Claim(Record):
    """A sentence made by a template from facts, or a quote. The gate refuses it when its proof fails."""

    text: str
    evidence: tuple[Evidence, ...]
    """At least one; the quotes stand in archived captures."""
    numbers: tuple[str, ...] = ()
    """Each number of the text as written there ("$59.99", "12,000"); each must stand in a quote."""
    kind: str = ""
    """"price", "build" or "news": which template made it."""
    record_ids: tuple[str, ...] = ()
    """The articles, offers or expansions it rests on."""
    also: tuple[str, ...] = ()
    """URLs of other copies of the same story."""
    also_by: tuple[str, ...] = ()
    """The publishers of `also`, in its order; empty in briefs made before they were kept."""
    company: str = ""
    """Lexicon id of the company it is about, "" when it is about none."""
    key: str = ""
    """What is told, whoever tells it; a subscriber never reads one key in two weeks' briefs."""
    headline: str = ""
    """The article's title, quoted; "" where the text stands alone."""
    detail: str = ""
    """What the claim holds for: segment, technology, market. Not part of the sentence."""
    corrections: tuple[str, ...] = ()
    """What the analyst corrected on the records it rests on, by whom and why; shown after `detail`."""
    citations: tuple[Citation, ...] = ()
    """The pages of the evidence, one a capture, oldest first."""
    move: Move | None = None
    """Of price claims only."""
    beside: Beside | None = None
    """Of claims that set a rival's price beside ours only."""
    chart: Chart | None = None
    """Of price claims whose plan has a history to show."""
    tags: tuple[str, ...] = ()
    """Short labels shown beside it: topics of a story, the stage of a build."""

    steps: tuple[Claim, ...] = ()
    """Of a build: the stages it went through before, oldest first, each as one article told it."""
    disputes: tuple[Dispute, ...] = ()
    """Of a build: figures that its tellers give differently."""

    def parts(self) -> tuple[Claim, ...]:
        """Return the claims that are shown under this one: earlier stages and disputed figures."""
        return (*self.steps, *(claim for dispute in self.disputes for claim in dispute.said))

    def proofs(self) -> tuple[Evidence, ...]:
        """Return the evidence of the sentence, of the chart beside it and of the claims under it."""
        charted = tuple(point.evidence for point in self.chart.points) if self.chart else ()
        return self.evidence + charted + tuple(proof for part in self.parts() for proof in part.proofs())

    def pages(self) -> tuple[Citation, ...]:
        """Return the pages cited by it and by the claims under it."""
        return self.citations + tuple(page for part in self.parts() for page in part.pages())
