"""The ledger's tables: each record whole as JSON in `payload`, beside it the columns that are asked by.

`index/migrations/versions` builds the same tables step by step; a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

HEAD = "0006"
"""The revision of `index/migrations/versions` that these tables are."""


class Utc(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without its zone, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what the database keeps."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _corrected(table: str, column: str) -> Index:
    """Return an index of the rows that corrections changed, so that asking for these few reads no other."""
    those = text("uncorrected IS NOT NULL")
    return Index(f"ix_{table}_corrected", column, sqlite_where=those, postgresql_where=those)


metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("started_at", Utc, nullable=False, index=True),
    Column("finished_at", Utc),
    Column("payload", Text, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    Column("id", String, primary_key=True),
    Column("source_id", String, nullable=False),
    Column("run_id", String, nullable=False, index=True),
    Column("url", String, nullable=False),
    Column("fetched_at", Utc, nullable=False, index=True),
    Column("status", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("changed", Boolean, nullable=False),
    Column("same_as", String),
    Column("reader", String),
    Column("linked", Boolean, nullable=False),  # an article page a feed told of, not the source's own URL
    Column("warc_file", String, nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_captures_source", "source_id", "fetched_at"),
    Index("ix_captures_body", "url", "sha256"),
    Index("ix_captures_warc", "warc_file", "warc_offset", unique=True),
    Index("ix_captures_reader", "reader", "changed"),
)

links = Table(
    "links",
    metadata,
    Column("source_id", String, primary_key=True),
    Column("url", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_links_state", "source_id", "state", "seen_at"),
)

validators = Table(
    "validators",
    metadata,
    Column("url", String, primary_key=True),
    Column("payload", Text, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("capture_id", String, ForeignKey("captures.id"), primary_key=True),
    Column("reader", String, primary_key=True),
    Column("reader_version", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("payload", Text, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("payload", Text, nullable=False),  # a JSON string: PostgreSQL takes no NUL in a text
)

articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("capture_id", String, ForeignKey("captures.id"), primary_key=True),
    Column("source_id", String, nullable=False),
    Column("text_sha256", String, ForeignKey("texts.sha256"), nullable=False),
    Column("fetched_at", Utc, nullable=False),
    Column("day_at", Utc, nullable=False),  # published_at, or fetched_at of an undated page
    Column("latest", Boolean, nullable=False),
    Column("tagger_version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("payload", Text, nullable=False),  # without the text
    Index("ix_articles_day", "latest", "day_at"),
    Index("ix_articles_tagger", "latest", "tagger_version"),
    Index("ix_articles_capture", "capture_id"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", String, primary_key=True),
    Column("capture_id", String, ForeignKey("captures.id"), nullable=False, index=True),
    Column("source_id", String, nullable=False, index=True),
    Column("company", String, nullable=False, index=True),
    Column("plan_key", String, nullable=False),
    Column("observed_at", Utc, nullable=False),
    Column("payload", Text, nullable=False),
    Column("uncorrected", Text),  # what the page says, where the analyst's corrections changed it
    _corrected("offers", "source_id"),
)

plans = Table(
    "plans",
    metadata,
    Column("id", String, primary_key=True),
    Column("source_id", String, nullable=False),
    Column("company", String, nullable=False),
    Column("segment", String, nullable=False),
    Column("standing", String, nullable=False),
    Column("names", String, nullable=False),  # all its names in small letters, to be searched
    Column("last_seen", Utc, nullable=False),
    Column("moved_at", Utc),  # when a look last showed a change
    Column("payload", Text, nullable=False),  # without the history
    Column("history", Text, nullable=False),
    Column("uncorrected", Text),  # without the history, as `offers` has it
    _corrected("plans", "source_id"),
    Index("ix_plans_source", "source_id", "standing"),
    Index("ix_plans_company", "company", "standing"),
    Index("ix_plans_moved", "moved_at"),
)

plan_states = Table(
    "plan_states",
    metadata,
    Column("source_id", String, primary_key=True),
    Column("upto", Utc, nullable=False),
    Column("stale", Boolean, nullable=False),  # a look that was followed has been read anew
    Column("payload", Text, nullable=False),
)

tagged = Table(
    "tagged",
    metadata,
    Column("article_id", String, primary_key=True),
    Column("capture_id", String, nullable=False),
    Column("story_id", String, nullable=False, index=True),
    Column("tagger_version", Integer, nullable=False),
    Column("importance", Float, nullable=False),
    Column("digest", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("uncorrected", Text),  # the tagger's own tags, where the analyst's corrections changed them
    _corrected("tagged", "article_id"),
    ForeignKeyConstraint(["article_id", "capture_id"], ["articles.id", "articles.capture_id"]),
)

tagged_companies = Table(
    "tagged_companies",  # names and domains of the companies that tags were made with
    metadata,
    Column("id", String, primary_key=True),
    Column("payload", Text, nullable=False),
)

corrections = Table(
    "corrections",  # the market's file of corrections, as it was last read
    metadata,
    Column("id", String, primary_key=True),
    Column("record_id", String, nullable=False, index=True),
    Column("position", Integer, nullable=False),  # in the file
    Column("payload", Text, nullable=False),
)

expansions = Table(
    "expansions",
    metadata,
    Column("id", String, primary_key=True),
    Column("article_id", String, ForeignKey("tagged.article_id"), nullable=False, index=True),
    Column("company", String, nullable=False, index=True),
    Column("stage", String, nullable=False),
    Column("day_at", Utc, nullable=False, index=True),
    Column("payload", Text, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("id", String, primary_key=True),
    Column("run_id", String, nullable=False, index=True),
    Column("stage", String, nullable=False),
    Column("code", String, nullable=False),
    Column("level", String, nullable=False),
    Column("source_id", String),
    Column("capture_id", String, index=True),
    Column("at", Utc, index=True),
    Column("payload", Text, nullable=False),
    Index("ix_issues_source", "source_id", "at"),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", String, primary_key=True),
    Column("subscriber_id", String, nullable=False),
    Column("week", String, nullable=False),
    Column("generated_at", Utc, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_briefs_subscriber", "subscriber_id", "week"),
)

citations = Table(
    "citations",  # which captures a brief rests on
    metadata,
    Column("brief_id", String, ForeignKey("briefs.id"), primary_key=True),
    Column("capture_id", String, primary_key=True),
    Index("ix_citations_capture", "capture_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("brief_id", String, primary_key=True),
    Column("recipient", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("payload", Text, nullable=False),
)

sheets = Table(
    "sheets",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_sheets_account", "account_id", "made_at"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("payload", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

entries = Table(
    "entries",  # what a search engine has to know, in the order in which it changed
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String),  # None: the record is gone and its document has to go
    Index("ix_entries_seq", "seq", unique=True),
)

cursors = Table(
    "cursors",
    metadata,
    Column("engine", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
