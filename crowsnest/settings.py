"""market.toml: the analyst's one settings file, read strictly. An error names file, line, key and the fix."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crawlers.politeness import url_problem
from crowsnest.settings_errors import explain, explain_toml
from crowsnest.toml_lines import TomlLines
from market.errors import SettingsError
from market.places.gazetteer import Gazetteer
from market.records import Source, Subscriber, Territory
from market.records.source import Expect, SourceKind, SourceOptions, Terms

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*([1-9]\d{0,3})\s*([mhdw])\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('write a number and a unit: "30m", "6h", "1d" or "1w"')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", value):
        raise ValueError('an id is lower-case letters, digits, "-", "." and "_": "acme-newsroom"')
    return value


def _http(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("a source needs an absolute http:// or https:// URL")
    if problem := url_problem(value, private_ok=True):
        raise ValueError(f"this URL cannot be asked for: {problem}")
    if re.search(r"\s", value):
        raise ValueError('a URL has no blanks; write "%20" for one')
    return value


def _server(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError('a server is written "http://host:port" or "https://host:port"')
    return value


def _database(value: str) -> str:
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", value):
        raise ValueError('a ledger is "sqlite:////path/to/ledger.sqlite" or "postgresql://user@host/name"')
    return value


def _state(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value) or Gazetteer.load().state(value) is None:
        raise ValueError('a state is its two letters: "SC"')
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", value):
        raise ValueError('an e-mail address looks like "name@example.com"')
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError('a time zone is an IANA name such as "America/New_York"')
    return value


def _time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('a time is HH:MM, 24 hours: "07:00"')
    return value


Id = Annotated[str, AfterValidator(_id)]
Every = Annotated[timedelta, BeforeValidator(_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class MarketTable(_Table):
    """[market]: whose market this is."""

    name: str
    own_company: str
    """Our own company's id, of the lexicon or of a [[competitor]] entry."""
    data: Path = Path("data")
    """Data directory, relative to the settings file."""
    time_zone: Annotated[str, AfterValidator(_zone)] = "America/New_York"

    @property
    def zone(self) -> ZoneInfo:
        """The market's time zone."""
        return ZoneInfo(self.time_zone)


class TerritoryTable(_Table):
    """[[territory]]"""

    id: Id
    name: str = ""
    states: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    zips: tuple[str, ...] = ()


class CompetitorTable(_Table):
    """[[competitor]]: an id of the lexicon, or a new company with its aliases."""

    id: Id
    name: str | None = None
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


class SourceTable(_Table):
    """[[source]]"""

    id: Id
    kind: SourceKind
    url: Annotated[str, AfterValidator(_http)]
    company: str | None = None
    publisher: str = ""
    home_state: Annotated[str, AfterValidator(_state)] | None = None
    every: Every = timedelta(days=1)
    enabled: bool = True
    terms: Terms = Terms()
    expect: Expect = Expect()
    options: SourceOptions = SourceOptions()


class SubscriberTable(_Table):
    """[[subscriber]]"""

    id: Id
    name: str
    email: Annotated[str, AfterValidator(_email)]
    territories: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    sections: tuple[Literal["prices", "builds", "news"], ...] = ("prices", "builds", "news")
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    time: Annotated[str, AfterValidator(_time)] = "07:00"


class SearchTable(_Table):
    """[search]: without a url the embedded engine is used."""

    url: Annotated[str, AfterValidator(_server)] | None = None
    ca: Path | None = None
    """CA certificate file for the server."""
    index: str = "crowsnest"


class LedgerTable(_Table):
    """[ledger]"""

    url: Annotated[str, AfterValidator(_database)] | None = None
    """SQLAlchemy URL; SQLite in the data directory by default."""


class MailTable(_Table):
    """[mail]"""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    from_: Annotated[str, Field(alias="from")] = "crowsnest@localhost"


class WebTable(_Table):
    """[web]"""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8321


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
        return tuple(Territory(**table.model_dump()) for table in self.territory)

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """The subscribers as records."""
        return tuple(Subscriber(**table.model_dump()) for table in self.subscriber)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The file's own sources and those of `use`, as records; the file's own come first."""
        own = tuple(Source(**dict(table)) for table in self.source)
        if not self.use:
            return own
        from crawlers.sources import catalog

        shipped = {source.id: source for source in catalog()}
        return own + tuple(shipped[name] for name in self.use)


def secret(name: str) -> str | None:
    """Return the secret in environment variable `name`, or in the file that `name`_FILE points to."""
    if value := os.environ.get(name):
        return value
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError("secret-unreadable", f"{name}_FILE: cannot read {file}: {error}") from error
    return None


def load(path: Path) -> Settings:
    """Read and check the settings file; raise SettingsError naming file, line, key and the fix."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(
            "settings-missing",
            f"{path}: no such file. `crowsnest init` writes one; --settings names another.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "settings-unreadable", f"{path}: cannot be read as UTF-8 text: {error}"
        ) from error
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("settings-not-toml", explain_toml(path, text, error)) from error
    lines = TomlLines(text)
    try:
        settings = Settings.model_validate({**raw, "<file>": path})
    except ValidationError as error:
        raise SettingsError("settings-invalid", explain(path, lines, error, Settings)) from error
    from crowsnest.settings_check import cross_check

    cross_check(settings, lines)
    return settings
