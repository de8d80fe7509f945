"""What tagging writes and others ask: tags and the facts told in articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from index import tables
from index.ledger_entries import Change, note_changes
from index.ledger_reads import article_of, article_query, read_by_id
from index.store import Store, chunks, upsert
from market.companies.lexicon import Company
from market.ids import digest
from market.records import Article, Expansion, Tagged

_PAGE = 500


class TagLedger(Store):
    """Tags of the latest article versions."""

    def untagged(self, version: int, limit: int | None = None) -> list[Article]:
        """Return latest article versions that no tagger of `version` or newer has seen, oldest first."""
        table = tables.articles
        query = (
            article_query()
            .where(table.c.latest, table.c.tagger_version < version)
            .order_by(table.c.day_at, table.c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return [article_of(row.payload, row.text) for row in connection.execute(query)]

    def seen_count(self, version: int) -> int:
        """Return how many latest article versions a tagger of `version` or newer has seen."""
        table = tables.articles
        query = select(func.count()).where(table.c.latest, table.c.tagger_version >= version)
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def each_seen(self, version: int) -> Iterator[tuple[Article, str]]:
        """Yield the latest article versions that a tagger of `version` or newer has seen, page by page.

        Beside each stands its tags' JSON, "" where it has none.
        """
        table, tagged = tables.articles, tables.tagged
        same = (tagged.c.article_id == table.c.id) & (tagged.c.capture_id == table.c.capture_id)
        last = ""
        while True:
            query = (
                article_query()
                .add_columns(tagged.c.payload.label("tags"))
                .outerjoin(tagged, same)
                .where(table.c.latest, table.c.tagger_version >= version, table.c.id > last)
                .order_by(table.c.id)
                .limit(_PAGE)
            )
            with self._read() as connection:
                rows = [
                    (article_of(row.payload, row.text), row.tags or "") for row in connection.execute(query)
                ]
            if not rows:
                return
            yield from rows
            last = rows[-1][0].id

    def tagged_companies(self) -> list[Company]:
        """Return the companies that the tags were made with, owners left out; [] before any were kept."""
        table = tables.tagged_companies
        with self._read() as connection:
            payloads = connection.execute(select(table.c.payload).order_by(table.c.id)).scalars()
            return [Company.model_validate_json(payload) for payload in payloads]

    def put_tagged_companies(self, companies: Iterable[Company], stale: Iterable[str]) -> None:
        """Keep these companies as those that tags are made with; articles of the ids `stale` are untagged.

        Their tags stay until they are tagged again. Both happen or neither does.
        """
        table, articles = tables.tagged_companies, tables.articles
        rows = [
            {"id": company.id, "payload": company.model_dump_json(exclude={"owners"})}
            for company in companies
        ]
        with self._write() as connection:
            for part in chunks(stale):
                connection.execute(update(articles).where(articles.c.id.in_(part)).values(tagger_version=0))
            connection.execute(delete(table))
            upsert(connection, table, rows)

    def record_tagged(
        self, tags: Sequence[Tagged], correct: Callable[[Tagged], Tagged] | None = None
    ) -> None:
        """Keep tags in place of earlier ones, with their expansions, as `correct` makes them of the tagger's.

        Tags of an article version that the ledger no longer has, or of an older tagger, change nothing.
        """
        articles = tables.articles
        with self._write() as connection:
            changes: list[Change] = []
            kept: list[str] = []
            for tag in tags:
                version = connection.execute(
                    select(articles.c.tagger_version).where(
                        articles.c.id == tag.record_id, articles.c.capture_id == tag.capture_id
                    )
                ).one_or_none()
                if version is None or version.tagger_version > tag.tagger_version:
                    continue
                kept.append(tag.record_id)
                changes += put_tags(connection, correct(tag) if correct else tag, tag)
                connection.execute(
                    update(articles)
                    .where(articles.c.id == tag.record_id, articles.c.capture_id == tag.capture_id)
                    .values(tagger_version=tag.tagger_version)
                )
            note_changes(connection, changes, articles=kept)

    def tagged(self, article_ids: Iterable[str]) -> dict[str, Tagged]:
        """Return the tags of those articles that have any, by article id."""
        with self._read() as connection:
            return read_by_id(connection, tables.tagged, Tagged, dict.fromkeys(article_ids), key="article_id")

    def story(self, story_id: str) -> list[str]:
        """Return the ids of a story's articles, oldest first."""
        tagged, articles = tables.tagged, tables.articles
        query = (
            select(tagged.c.article_id)
            .join(articles, (articles.c.id == tagged.c.article_id) & articles.c.latest)
            .where(tagged.c.story_id == story_id)
            .order_by(articles.c.day_at, tagged.c.article_id)
        )
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def expansions(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        company: str | None = None,
        article_ids: Iterable[str] | None = None,
    ) -> list[Expansion]:
        """Return facts of articles whose day is in [since, until), oldest first."""
        table = tables.expansions
        query = select(table.c.payload).order_by(table.c.day_at, table.c.id)
        if since is not None:
            query = query.where(table.c.day_at >= since)
        if until is not None:
            query = query.where(table.c.day_at < until)
        if company is not None:
            query = query.where(table.c.company == company)
        if article_ids is not None:
            query = query.where(table.c.article_id.in_(list(article_ids)))
        with self._read() as connection:
            return [Expansion.model_validate_json(payload) for payload in connection.execute(query).scalars()]


def put_tags(connection: Connection, tag: Tagged, own: Tagged) -> list[Change]:
    """Keep `tag` and its facts in place of earlier ones, beside it the tagger's `own`; return changed facts.

    The article version must be there.
    """
    articles = tables.articles
    version = connection.execute(
        select(articles.c.day_at, articles.c.digest).where(
            articles.c.id == tag.record_id, articles.c.capture_id == tag.capture_id
        )
    ).one()
    gone = {change.id for change in drop_tags(connection, [tag.record_id])}
    upsert(connection, tables.tagged, [_row(tag, own)])
    upsert(connection, tables.expansions, [_expansion_row(e, version.day_at) for e in tag.expansions])
    # A fact is shown with the corrections of its article.
    corrected = [correction.id for correction in tag.corrections]
    facts = {e.id: digest(e.model_dump_json(), version.digest, *corrected) for e in tag.expansions}
    return [Change("expansion", fact, facts.get(fact)) for fact in sorted(gone | facts.keys())]


def drop_tags(
    connection: Connection, article_ids: Iterable[str], capture_id: str | None = None
) -> list[Change]:
    """Delete tags of articles (only those made from `capture_id`); return the facts that went with them.

    Tags point into the text they were made from: with another text they are no longer true.
    """
    tagged, expansions = tables.tagged, tables.expansions
    gone: list[Change] = []
    for part in chunks(article_ids):
        owned = select(tagged.c.article_id).where(tagged.c.article_id.in_(part))
        if capture_id is not None:
            owned = owned.where(tagged.c.capture_id == capture_id)
        owners = list(connection.execute(owned).scalars())
        facts = select(expansions.c.id).where(expansions.c.article_id.in_(owners)).order_by(expansions.c.id)
        gone += [Change("expansion", fact, None) for fact in connection.execute(facts).scalars()]
        connection.execute(delete(expansions).where(expansions.c.article_id.in_(owners)))
        connection.execute(delete(tagged).where(tagged.c.article_id.in_(owners)))
    return gone


def _row(tag: Tagged, own: Tagged) -> dict[str, object]:
    payload = tag.model_dump_json()
    return {
        "article_id": tag.record_id,
        "capture_id": tag.capture_id,
        "story_id": tag.story_id,
        "tagger_version": tag.tagger_version,
        "importance": tag.importance.score,
        "digest": digest(payload),
        "payload": payload,
        "uncorrected": None if tag == own else own.model_dump_json(),
    }


def _expansion_row(expansion: Expansion, day_at: datetime) -> dict[str, object]:
    return {
        "id": expansion.id,
        "article_id": expansion.record_id,
        "company": expansion.company,
        "stage": expansion.stage,
        "day_at": day_at,
        "payload": expansion.model_dump_json(),
    }
