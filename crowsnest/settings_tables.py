"""The tables of market.toml. A docstring under a key is its meaning in docs/settings.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from crowsnest.settings_fields import (
    DatabaseUrl,
    Email,
    Every,
    HttpUrl,
    Id,
    LocalTime,
    ServerUrl,
    State,
    Zone,
)
from market.records import Source, Subscriber, Territory
from market.records.source import Expect, SourceKind, SourceOptions, Terms


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class MarketTable(_Table):
    """[market]: whose market this is."""

    name: str
    """Shown in briefs."""
    own_company: str
    """Our own company's id, of the lexicon or of a [[competitor]] entry."""
    data: Path = Path("data")
    """Data directory, relative to the settings file."""
    time_zone: Zone = "America/New_York"
    """IANA name; weeks and delivery times are counted in it."""
    ignore_companies: tuple[str, ...] = ()
    """Names of organisations that `crowsnest companies --unknown` leaves out."""

    @property
    def zone(self) -> ZoneInfo:
        """The market's time zone."""
        return ZoneInfo(self.time_zone)


class TerritoryTable(Territory):
    """[[territory]]: a sales territory, any mix of areas."""

    id: Id
    """Unique; subscribers and searches name it."""

    @field_validator("counties", "metros", "zips", mode="before")
    @classmethod
    def _codes(cls, value: object) -> object:
        """Take codes without quotes too; TOML lets a number have no leading zero, a code has five digits."""
        if not isinstance(value, list):
            return value
        return [f"{item:05d}" if type(item) is int and 0 < item < 100_000 else item for item in value]


class CompetitorTable(_Table):
    """[[competitor]]: an id of the lexicon, or a new company; articles that name it are then tagged anew."""

    id: Id
    """A company of the lexicon (`crowsnest companies`), or a new id."""
    name: str | None = None
    """Needed for a new company."""
    aliases: tuple[str, ...] = ()
    """Further names under which texts speak of it."""
    domains: tuple[str, ...] = ()
    """Web domains that are its own."""


class SourceTable(_Table):
    """[[source]]: where pages come from."""

    id: Id
    """Unique; shown by `crowsnest status`."""
    kind: SourceKind
    """What it is: a feed of news, a page of plans, or an FCC label file."""
    url: HttpUrl
    """http:// or https:// address."""
    company: str | None = None
    """Id of the company whose own source it is; left out for a newspaper."""
    publisher: str = ""
    """Shown in citations."""
    home_state: State | None = None
    """Postal code of the state a local outlet writes from."""
    every: Every = timedelta(days=1)
    """How often it is due: "30m", "6h", "1d", "1w"."""
    enabled: bool = True
    """false: never asked."""
    terms: Terms = Terms()
    expect: Expect = Expect()
    options: SourceOptions = SourceOptions()


class SubscriberTable(Subscriber):
    """[[subscriber]]: who gets the weekly brief."""

    id: Id
    """Unique; `crowsnest brief --subscriber` names it."""
    email: Email
    """Where the brief is mailed to."""
    time: LocalTime = "07:00"
    """Local time of delivery, HH:MM in the market's time zone."""


class SearchTable(_Table):
    """[search]: the engine; without a url the embedded engine is used."""

    url: ServerUrl | None = None
    """An Elasticsearch server."""
    ca: Path | None = None
    """CA certificate file for the server."""
    index: str = "crowsnest"
    """Name of the index alias on the server."""


class LedgerTable(_Table):
    """[ledger]: the record of truth."""

    url: DatabaseUrl | None = None
    """SQLAlchemy URL; SQLite in the data directory by default."""


class MailTable(_Table):
    """[mail]: the SMTP server; without it due briefs are written to files only."""

    host: str = "127.0.0.1"
    """Name or address of the server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    """Usually 25, 587 with `starttls`, or 465 with `tls`."""
    tls: Literal["none", "starttls", "tls"] = "none"
    """How the connection is encrypted."""
    user: str | None = None
    """Its secret is CROWSNEST_MAIL_PASSWORD in the environment."""
    from_: Annotated[str, Field(alias="from")] = "crowsnest@localhost"
    """Sender address."""


class WebTable(_Table):
    """[web]: where `crowsnest serve` listens, and where readers find it."""

    host: str = "127.0.0.1"
    """A loopback address."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8321
    """0 takes a free one."""
    url: ServerUrl | None = None
    """Where readers of briefs and sheets reach it: "http://127.0.0.1:8321", or the address of a
    proxy before it. With it each cited copy is a link; without it copies are named by their ids."""


class CrawlTable(_Table):
    """[crawl]: how we behave as a guest."""

    contact: str = ""
    """An address or URL that webmasters can write to; sent in the User-Agent."""
    max_bytes: Annotated[int, Field(ge=10_000)] = 20_000_000
    """A body is cut here."""
    timeout: Annotated[int, Field(ge=1)] = 60
    """Seconds for one answer."""
    attempts: Annotated[int, Field(ge=1)] = 3
    """Runs in which a failing article page is asked for again."""
    workers: Annotated[int, Field(ge=1)] = 2
    """Processes that read captures."""


class Settings(_Table):
    """The whole file, with what was loaded beside it."""

    market: MarketTable
    use: tuple[str, ...] = ()
    territory: tuple[TerritoryTable, ...] = ()
    competitor: tuple[CompetitorTable, ...] = ()
    source: tuple[SourceTable, ...] = ()
    subscriber: tuple[SubscriberTable, ...] = ()
    search: SearchTable = SearchTable()
    ledger: LedgerTable = LedgerTable()
    mail: MailTable | None = None
    """None: due briefs are written to files only."""
    web: WebTable = WebTable()
    crawl: CrawlTable = CrawlTable()
    path: Annotated[Path, Field(alias="<file>")]
    """Where the file lies; under a name that no TOML key of the file can be taken for."""

    @property
    def data(self) -> Path:
        """The data directory as an absolute path."""
        return (self.path.parent / self.market.data).resolve()

    @property
    def archive(self) -> Path:
        """The folder of the WARC files."""
        return self.data / "archive"

    @property
    def ledger_url(self) -> str:
        """The ledger's SQLAlchemy URL."""
        return self.ledger.url or f"sqlite:///{self.data / 'ledger.sqlite'}"

    @property
    def territories(self) -> tuple[Territory, ...]:
        """The territories as records."""
        return self.territory

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """The subscribers as records."""
        return self.subscriber

    @property
    def sources(self) -> tuple[Source, ...]:
        """The file's own sources and those of `use`, as records; the file's own come first."""
        own = tuple(Source(**dict(table)) for table in self.source)
        if not self.use:
            return own
        from crawlers.sources import catalog

        shipped = {source.id: source for source in catalog()}
        return own + tuple(shipped[name] for name in self.use)
