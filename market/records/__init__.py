"""The records that travel between rooms: frozen, keyword only, unknown is None and never a guess."""

from market.records.article import Article
from market.records.brief import Brief, Chart, Coverage, Delivery, Section, SourceCheck, Table
from market.records.capture import Capture, Link, Validator
from market.records.claim import Citation, Claim, Move
from market.records.evidence import Cell, CssPath, Evidence, JsonPointer, Locator, TextSpan
from market.records.expansion import Expansion
from market.records.issue import Issue, RunReport
from market.records.mention import Mention
from market.records.offer import Fee, Offer
from market.records.place import Place
from market.records.reading import Reading
from market.records.source import Source
from market.records.subscriber import Account, Subscriber, Territory
from market.records.tagged import Importance, Tagged, TaggedCompany, TaggedPlace

__all__ = [
    "Account",
    "Article",
    "Brief",
    "Capture",
    "Cell",
    "Chart",
    "Citation",
    "Claim",
    "Coverage",
    "CssPath",
    "Delivery",
    "Evidence",
    "Expansion",
    "Fee",
    "Importance",
    "Issue",
    "JsonPointer",
    "Link",
    "Locator",
    "Mention",
    "Move",
    "Offer",
    "Place",
    "Reading",
    "RunReport",
    "Section",
    "Source",
    "SourceCheck",
    "Subscriber",
    "Table",
    "Tagged",
    "TaggedCompany",
    "TaggedPlace",
    "Territory",
    "TextSpan",
    "Validator",
]
