"""What a correction on the command line is of: an article, the builds it tells of, or a published plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crowsnest.correcting import find_article
from crowsnest.correction_names import Name, Names, place_name
from crowsnest.corrections import record_id_of
from market.errors import UsageError
from market.ids import article_id
from market.records import PlanSeries, Tagged
from market.records.correction import ALL_PLANS, CorrectionKind, CorrectionRole

if TYPE_CHECKING:
    from briefs.desk import Desk
    from market.records import Article

_ID = re.compile(r"[abcoptx][0-9a-f]{20}")
_SHOWN = 8


@dataclass(frozen=True)
class Subject:
    """One record, or a part of one, as the file names it, with what is said of it."""

    keys: Mapping[str, str]
    """Of its [[correction]]: record, and build or plan."""
    what: str
    """"the article", "the build", "the plan"."""
    present: Mapping[CorrectionKind, Sequence[Name]] | None = None
    """The places and companies it has; None before it is tagged."""
    roles: Mapping[str, CorrectionRole] = field(default_factory=dict)
    """Of an article's places and companies, by id."""

    @property
    def is_whole(self) -> bool:
        """True of a whole article, whose places and companies have roles."""
        return len(self.keys) == 1


def subjects_of(
    desk: Desk, names: Names, record: str | None, *, build: str | None = None, plan: str | None = None
) -> list[Subject]:
    """Return what `record` means: one subject, or of a build one for each article that tells it.

    `record` is the URL or id of an article, a build, a told fact, a plan or an offer, or a price page's URL
    with the name of a `plan`; `build` names the company of an article's builds. Raises UsageError saying
    what could be meant.
    """
    if not record:
        raise UsageError(
            "record-missing",
            "name the article by its URL or id, as `crowsnest search` shows it; a build or a plan by its id; "
            "or a price page by its URL, with --plan",
        )
    if build and plan:
        raise UsageError("correction-unclear", "give --build or --plan, not both")
    record = record.strip()
    kind = record[0] if _ID.fullmatch(record) else ""
    if kind in ("b", "x"):
        return _of_builds(desk, names, record, told=kind == "x")
    if kind in ("p", "o") or plan:
        return [_of_plan(desk, names, record, plan)]
    article = find_article(desk.ledger, record)
    if article is None:
        if listed := _plans_at(desk, record):
            raise UsageError(
                "plan-missing", f"{record} is a price page; add --plan and one of its plans: {_few(listed)}"
            )
        raise UsageError(
            "record-unknown",
            f"the ledger has no article {record!r}; write its URL or id, as `search --json` shows it",
        )
    tags = desk.ledger.tagged([article.id]).get(article.id)
    if build:
        return [_of_article_build(names, article, tags, build)]
    return [_of_article(names, article, tags)]


def _address(article: Article) -> str:
    """Return what names the article in the file: its URL, or its id where another URL was asked for."""
    return article.url if record_id_of(article.url) == article.id else article.id


def _of_article(names: Names, article: Article, tags: Tagged | None) -> Subject:
    keys = {"record": _address(article)}
    if tags is None:
        return Subject(keys, "the article")
    present: dict[CorrectionKind, Sequence[Name]] = {
        "company": [Name(company.id, company.name) for company in tags.companies],
        "place": _places(names, [place.id for place in tags.places]),
    }
    roles = {str(place.id): place.role for place in tags.places}
    roles |= {company.id: company.role for company in tags.companies}
    return Subject(keys, "the article", present, roles)


def _of_article_build(names: Names, article: Article, tags: Tagged | None, build: str) -> Subject:
    told = tags.expansions if tags else ()
    company = names.resolve("company", build, must_be_known=False)
    facts = [fact for fact in told if company is not None and fact.company == company.target]
    if company is None or not facts:
        by = ", ".join(dict.fromkeys(fact.company_name or fact.company for fact in told)) or "none"
        raise UsageError(
            "build-unknown", f"the article tells of no build of {build!r}; it tells of builds of: {by}"
        )
    companies = [company]
    companies += [Name(fact.partner, names.lexicon.name(fact.partner)) for fact in facts if fact.partner]
    present: dict[CorrectionKind, Sequence[Name]] = {
        "company": list(dict.fromkeys(companies)),
        "place": _places(names, [place for fact in facts for place in fact.places]),
    }
    return Subject(
        {"record": _address(article), "build": names.written("company", company)}, "the build", present
    )


def _of_builds(desk: Desk, names: Names, record: str, *, told: bool) -> list[Subject]:
    """Return the builds of the articles that tell of a build, or the one that tells a fact."""
    from briefs.buildbook import read_builds

    tellings = [
        telling.fact
        for build in read_builds(desk)
        for telling in build.history
        if (telling.fact.id if told else build.id) == record
    ]
    if not tellings:
        raise UsageError(
            "record-unknown", f"no build is {record!r}; `crowsnest builds --json` shows their ids"
        )
    articles = {each.id: each for each in desk.ledger.articles([fact.record_id for fact in tellings])}
    tags = desk.ledger.tagged(articles)
    found = {
        fact.record_id: _of_article_build(
            names, articles[fact.record_id], tags.get(fact.record_id), fact.company
        )
        for fact in tellings
        if fact.record_id in articles
    }
    return list(found.values())


def _of_plan(desk: Desk, names: Names, record: str, plan: str | None) -> Subject:
    at_hand = _plans_at(desk, record)
    meant = [
        each
        for each in at_hand
        if plan in (None, ALL_PLANS) or (plan or "").strip().casefold() in map(str.casefold, each.names)
    ]
    if not meant:
        if not at_hand:
            raise UsageError(
                "record-unknown",
                f"no price was read from {record!r}; `crowsnest prices` shows pages, `prices --json` ids",
            )
        raise UsageError("plan-unknown", f"{record} lists no plan {plan!r}; it lists: {_few(at_hand)}")
    page, name = record, ALL_PLANS if plan == ALL_PLANS else meant[0].offer.plan_name
    if "://" not in record:
        capture = desk.ledger.capture(meant[0].offer.capture_id)
        page = capture.url if capture else ""
    places = [
        Name(str(place.id), text)
        for text in dict.fromkeys(text for each in meant for text in each.offer.market)
        if (place := names.gazetteer.find(text) or names.gazetteer.state(text)) is not None
    ]
    companies = dict.fromkeys(each.offer.company for each in meant)
    present: dict[CorrectionKind, Sequence[Name]] = {
        "company": [Name(company, names.lexicon.name(company)) for company in companies],
        "place": places,
    }
    return Subject({"record": page, "plan": name}, "the plan", present)


def _plans_at(desk: Desk, record: str) -> list[PlanSeries]:
    """Return the plans of a page's or source's URL, or the one of a plan's or offer's id."""
    plans = desk.ledger.plans(history=False)
    if "://" not in record:
        offer = desk.ledger.offers_by_id([record]).get(record) if record.startswith("o") else None
        return [
            plan
            for plan in plans
            if plan.id == record
            or (
                offer is not None
                and plan.source_id == offer.source_id
                and offer.plan_name.casefold() in map(str.casefold, plan.names)
            )
        ]
    wanted = article_id(record)
    own = {source.id for source in desk.sources if source.url and article_id(source.url) == wanted}
    pages = {plan.offer.capture_id: desk.ledger.capture(plan.offer.capture_id) for plan in plans}
    return [
        plan
        for plan in plans
        if plan.source_id in own
        or ((page := pages[plan.offer.capture_id]) is not None and article_id(page.url) == wanted)
    ]


def _places(names: Names, ids: Iterable[int]) -> list[Name]:
    places = [names.gazetteer.place(place) for place in dict.fromkeys(ids)]
    return [Name(str(place.id), place_name(place)) for place in places if place is not None]


def _few(plans: Sequence[PlanSeries]) -> str:
    shown = list(dict.fromkeys(repr(plan.offer.plan_name) for plan in plans))
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
