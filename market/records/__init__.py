"""The records that travel between rooms: frozen, keyword only, unknown is None and never a guess."""

from market.records.article import Article
from market.records.brief import Brief, Coverage, Delivery, Section, SourceCheck
from market.records.build import Build, Telling
from market.records.capture import Capture, Link, Validator
from market.records.claim import Beside, Chart, ChartPoint, Citation, Claim, Dispute, Move
from market.records.correction import Correction, Undoing
from market.records.evidence import Cell, CssPath, Evidence, JsonPointer, Locator, PageLine, TextSpan
from market.records.expansion import Expansion
from market.records.issue import Issue, RunReport
from market.records.mention import Mention
from market.records.offer import Fee, Offer
from market.records.place import Place
from market.records.plan import PlanMove, PlanPoint, PlanSeries, PlanState
from market.records.reading import Reading
from market.records.sheet import Holding, ListPrice, Sheet
from market.records.source import Source
from market.records.subscriber import Account, Subscriber, Territory
from market.records.tagged import Importance, Tagged, TaggedCompany, TaggedPlace
from market.records.told import ToldEvent, ToldOffer

__all__ = [
    "Account",
    "Article",
    "Beside",
    "Brief",
    "Build",
    "Capture",
    "Cell",
    "Chart",
    "ChartPoint",
    "Citation",
    "Claim",
    "Correction",
    "Coverage",
    "CssPath",
    "Delivery",
    "Dispute",
    "Evidence",
    "Expansion",
    "Fee",
    "Holding",
    "Importance",
    "Issue",
    "JsonPointer",
    "Link",
    "ListPrice",
    "Locator",
    "Mention",
    "Move",
    "Offer",
    "PageLine",
    "Place",
    "PlanMove",
    "PlanPoint",
    "PlanSeries",
    "PlanState",
    "Reading",
    "RunReport",
    "Section",
    "Sheet",
    "Source",
    "SourceCheck",
    "Subscriber",
    "Tagged",
    "TaggedCompany",
    "TaggedPlace",
    "Telling",
    "Territory",
    "TextSpan",
    "ToldEvent",
    "ToldOffer",
    "Undoing",
    "Validator",
]
