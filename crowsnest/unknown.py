"""Organisations that articles name and the lexicon lacks: candidates for market.toml, most frequent first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crowsnest.known import companies
from crowsnest.settings import Settings
from market.ids import digest, slug
from market.records import Article, Mention

if TYPE_CHECKING:
    from index.ledger import Ledger

_MOST_SPELLINGS = 4
_SENTENCE = re.compile(r"(?<=[.!?][\"”’)])\s+|(?<=[.!?])\s+(?=[\"“‘(A-Z0-9])|\n+")
_MOST_QUOTED = 300
"""Characters of the sentence shown; of a longer one those around the name."""


@dataclass
class _Seen:
    """One organisation under one key."""

    spellings: dict[str, int] = field(default_factory=dict)
    articles: dict[str, Mention] = field(default_factory=dict)
    """First mention in each article, by the article's id."""
    provider: str | None = None
    """The id under which the tagger keeps it, where it took it for a network operator."""
    mentions: int = 0


def unknown_companies(
    settings: Settings,
    ledger: Ledger,
    *,
    since: datetime | None = None,
    limit: int | None = None,
    operators_only: bool = False,
) -> list[dict[str, Any]]:
    """Return organisations that tagged articles name and the lexicon lacks, those of most articles first.

    Names of `ignore_companies`, and companies that the analyst rejected by a correction, stay out. Each comes
    with the id and names of a [[competitor]], its counts, and a sentence of its latest article.
    """
    from nlp.providers import usual_name

    lexicon = companies(settings)
    ignored = {_key(name) for name in settings.market.ignore_companies}
    seen: dict[str, _Seen] = {}
    for tags in ledger.each_tagged(since):
        # A model takes a town in a headline for an organisation; elsewhere the article shows the town.
        passed = ignored | {_key(place.name) for place in tags.places}
        passed |= {
            _key(one.name) for one in tags.corrections if one.kind == "company" and one.action == "reject"
        }
        for mention in tags.mentions:
            name = usual_name(mention.text)
            key = _key(name)
            if mention.kind != "company" or not key or key in passed:
                continue
            if mention.target is None and name.islower():
                continue  # "cooperatives" is no name
            if (mention.target and lexicon.get(mention.target)) or lexicon.by_name(name):
                continue
            # The tagger gives a short form ("Mossbank") the id of the whole name, which is its slug.
            found = seen.setdefault(mention.target or slug(name) or key, _Seen())
            found.spellings[name] = found.spellings.get(name, 0) + 1
            found.mentions += 1
            found.articles.setdefault(tags.record_id, mention)
            found.provider = found.provider or mention.target
    ranked = sorted(
        (item for item in seen.items() if item[1].provider or not operators_only),
        key=lambda item: (-len(item[1].articles), -item[1].mentions, item[0]),
    )[:limit]
    shown = {name for _, found in ranked for name in found.articles}
    articles = {article.id: article for article in ledger.articles(shown)} if shown else {}
    taken = {str(company.id) for company in lexicon}
    return [_told(found, articles, taken) for _, found in ranked]


def _key(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _told(found: _Seen, articles: dict[str, Article], taken: set[str]) -> dict[str, Any]:
    spelt = sorted(
        found.spellings, key=lambda name: (slug(name) != found.provider, -found.spellings[name], name)
    )[:_MOST_SPELLINGS]
    dated = sorted((articles[name] for name in found.articles if name in articles), key=_day)
    latest = dated[-1] if dated else None
    return {
        "id": _free_id(found.provider or slug(spelt[0]), spelt[0], taken),
        "name": spelt[0],
        "aliases": spelt[1:],
        "articles": len(found.articles),
        "mentions": found.mentions,
        "operator": found.provider is not None,
        "example": _sentence(latest, found.articles[latest.id]) if latest else "",
        "url": latest.url if latest else None,
        "capture": latest.capture_id if latest else None,
        "published_at": latest.published_at.isoformat() if latest and latest.published_at else None,
    }


def _day(article: Article) -> tuple[bool, float, str]:
    at = article.published_at
    return at is not None, at.timestamp() if at else 0.0, article.id


def _free_id(wanted: str, name: str, taken: set[str]) -> str:
    """Return an id that is not `taken`, and take it: an entry under a known id only adds a name to it."""
    if not wanted or wanted in taken:
        wanted = f"{wanted or 'company'}-{digest(name)[:6]}"
    taken.add(wanted)
    return wanted


def _sentence(article: Article, mention: Mention) -> str:
    """Return the sentence a mention stands in, blanks collapsed; the title for one of the title."""
    text = article.title if mention.field == "title" else article.text
    start = max((match.end() for match in _SENTENCE.finditer(text, 0, mention.start)), default=0)
    ending = _SENTENCE.search(text, mention.end)
    end = ending.start() if ending else len(text)
    if end - start > _MOST_QUOTED:
        start = max(start, mention.start - _MOST_QUOTED // 2)
        end = min(end, start + _MOST_QUOTED)
    return " ".join(text[start:end].split())


def as_tables(found: Sequence[dict[str, Any]]) -> str:
    """Return the organisations as [[competitor]] tables to paste into market.toml, each with its example."""
    return "\n\n".join("\n".join(_table(entry)) for entry in found)


def _table(entry: dict[str, Any]) -> Iterable[str]:
    kind = ", named as a network operator" if entry["operator"] else ""
    mentions = _counted(entry["mentions"], "mention")
    yield f"# {mentions} in {_counted(entry['articles'], 'article')}{kind}"
    yield f"# {_comment(entry['example'])}"
    yield f"# {_comment(entry['url'] or '')} [capture {entry['capture']}]"
    yield "[[competitor]]"
    yield f"id = {_toml(entry['id'])}"
    yield f"name = {_toml(entry['name'])}"
    if entry["aliases"]:
        yield f"aliases = [{', '.join(map(_toml, entry['aliases']))}]"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)


def _toml(text: str) -> str:
    """Return a text as TOML writes it; JSON's escapes are TOML's too."""
    return json.dumps(_comment(text), ensure_ascii=False)
