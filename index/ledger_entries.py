"""Which records changed since a search engine last looked: numbered entries and one cursor per engine.

An entry's number is drawn from a counter row inside the writing transaction. The row stays locked until the
commit, so numbers become visible in their order and a cursor never passes over one (also on PostgreSQL).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from index import tables
from index.ledger_reads import read_articles, read_by_id, read_captures
from index.store import Store, chunks, upsert
from market.ids import digest
from market.records import Article, Capture, Expansion, Offer, Tagged


@dataclass(frozen=True)
class Change:
    """A record as it is now; without a digest it is gone."""

    kind: str
    id: str
    digest: str | None


@dataclass(frozen=True)
class Entry:
    """A record that an engine has not seen as it is now; all of them None when its document has to go."""

    kind: str
    id: str
    article: Article | None = None
    tagged: Tagged | None = None
    offer: Offer | None = None
    capture: Capture | None = None
    expansion: Expansion | None = None

    @property
    def gone(self) -> bool:
        """True when the ledger no longer has the record."""
        return self.article is None and self.offer is None and self.expansion is None


@dataclass(frozen=True)
class Batch:
    """Entries in the order of their change, and the number up to which they reach."""

    entries: tuple[Entry, ...]
    upto: int


class EntryLedger(Store):
    """The queue between the ledger and the search engines."""

    def unindexed(self, engine: str, limit: int, *, after: int = 0) -> Batch:
        """Return the next `limit` changed records that `engine` has not seen, in the order of change.

        `after` skips what is written but not committed yet: the `upto` of the batch before.
        """
        table = tables.entries
        with self._read() as connection:
            cursor = max(after, _cursor(connection, engine))
            rows = connection.execute(
                select(table.c.kind, table.c.id, table.c.seq, table.c.digest)
                .where(table.c.seq > cursor)
                .order_by(table.c.seq)
                .limit(limit)
            ).all()
            if not rows:
                return Batch((), cursor)
            live: dict[str, list[str]] = {"article": [], "offer": [], "expansion": []}
            for row in rows:
                if row.digest is not None:
                    live[row.kind].append(row.id)
            loaded = _load(connection, live)
        return Batch(
            tuple(loaded.get((row.kind, row.id), Entry(row.kind, row.id)) for row in rows), rows[-1].seq
        )

    def mark_indexed(self, engine: str, batch: Batch) -> None:
        """Move the engine's cursor past a batch that it has committed; it never moves back."""
        table = tables.cursors
        with self._write() as connection:
            upsert(connection, table, [{"engine": engine, "seq": 0}], new_only=True)
            connection.execute(
                update(table).where(table.c.engine == engine, table.c.seq < batch.upto).values(seq=batch.upto)
            )

    def forget_index(self, engine: str) -> None:
        """Set the engine's cursor to the beginning: its index is new or lost."""
        with self._write() as connection:
            upsert(connection, tables.cursors, [{"engine": engine, "seq": 0}])

    def unindexed_count(self, engine: str) -> int:
        """Return how many changed records `engine` has not seen."""
        with self._read() as connection:
            query = select(func.count()).where(tables.entries.c.seq > _cursor(connection, engine))
            return int(connection.execute(query).scalar_one())


def note_changes(connection: Connection, changes: Sequence[Change], *, articles: Iterable[str] = ()) -> None:
    """Give a new number to each record whose digest differs from the one noted before.

    For `articles` (ids) the digest is made here, of the latest version and its tags.
    """
    changes = [*changes, *_article_changes(connection, articles)]
    table = tables.entries
    noted: dict[tuple[str, str], str | None] = {}
    for kind in {change.kind for change in changes}:
        for part in chunks(change.id for change in changes if change.kind == kind):
            query = select(table.c.id, table.c.digest).where(table.c.kind == kind, table.c.id.in_(part))
            noted |= {(kind, row.id): row.digest for row in connection.execute(query)}
    # A record that is gone and was never noted needs no entry: no engine has it.
    fresh = [change for change in changes if noted.get((change.kind, change.id)) != change.digest]
    if not fresh:
        return
    last = _draw(connection, len(fresh))
    upsert(
        connection,
        table,
        [
            {
                "kind": change.kind,
                "id": change.id,
                "digest": change.digest,
                "seq": last - len(fresh) + 1 + number,
            }
            for number, change in enumerate(fresh)
        ],
    )


def _draw(connection: Connection, count: int) -> int:
    table = tables.counters
    upsert(connection, table, [{"name": "entries", "value": 0}], new_only=True)
    return int(
        connection.execute(
            update(table)
            .where(table.c.name == "entries")
            .values(value=table.c.value + count)
            .returning(table.c.value)
        ).scalar_one()
    )


def _cursor(connection: Connection, engine: str) -> int:
    query = select(tables.cursors.c.seq).where(tables.cursors.c.engine == engine)
    return int(connection.execute(query).scalar_one_or_none() or 0)


def _article_changes(connection: Connection, ids: Iterable[str]) -> list[Change]:
    articles, tagged = tables.articles, tables.tagged
    wanted = sorted(set(ids))
    digests: dict[str, str] = {}
    for part in chunks(wanted):
        query = (
            select(articles.c.id, articles.c.digest, tagged.c.digest.label("tags"))
            .select_from(articles)
            .outerjoin(
                tagged,
                (tagged.c.article_id == articles.c.id) & (tagged.c.capture_id == articles.c.capture_id),
            )
            .where(articles.c.latest, articles.c.id.in_(part))
        )
        digests |= {row.id: digest(row.digest, row.tags) for row in connection.execute(query)}
    return [Change("article", article, digests.get(article)) for article in wanted]


def _load(connection: Connection, live: dict[str, list[str]]) -> dict[tuple[str, str], Entry]:
    offers = read_by_id(connection, tables.offers, Offer, live["offer"])
    expansions = read_by_id(connection, tables.expansions, Expansion, live["expansion"])
    article_ids = [*live["article"], *(expansion.record_id for expansion in expansions.values())]
    articles = {article.id: article for article in read_articles(connection, article_ids)}
    tags = read_by_id(connection, tables.tagged, Tagged, articles, key="article_id")
    captures = read_captures(
        connection,
        {*(a.capture_id for a in articles.values()), *(o.capture_id for o in offers.values())},
    )
    loaded: dict[tuple[str, str], Entry] = {}
    for article in (articles[key] for key in live["article"] if key in articles):
        tag = tags.get(article.id)
        current = tag if tag is not None and tag.capture_id == article.capture_id else None
        loaded["article", article.id] = Entry(
            "article", article.id, article=article, tagged=current, capture=captures.get(article.capture_id)
        )
    for offer in offers.values():
        loaded["offer", offer.id] = Entry(
            "offer", offer.id, offer=offer, capture=captures.get(offer.capture_id)
        )
    for expansion in expansions.values():
        found = articles.get(expansion.record_id)
        if found is not None:
            loaded["expansion", expansion.id] = Entry(
                "expansion",
                expansion.id,
                expansion=expansion,
                article=found,
                tagged=tags.get(found.id),
                capture=captures.get(found.capture_id),
            )
    return loaded
