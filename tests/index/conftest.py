"""Engines for the contract suite, and ledgers: each test runs on both kinds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from index.elastic import ElasticEngine
from index.embedded import TantivyEngine
from index.ledger import Ledger
from index.port import SearchEngine
from tests.index import postgres
from tests.index.corpus import DOCUMENTS

Maker = Callable[..., SearchEngine]

ENGINES = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def make_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """A function that opens an engine: a new one, or with `at` once more the one of that name."""
    made: list[SearchEngine] = []
    root: Path = tmp_path_factory.mktemp("index")
    prefix = f"t{secrets.token_hex(4)}"

    def make(at: str | None = None, settings_key: str = "America/New_York") -> SearchEngine:
        name = at or secrets.token_hex(4)
        engine: SearchEngine
        if request.param == "tantivy":
            engine = TantivyEngine(root / name, settings_key=settings_key, threads=1)
        else:
            url = request.getfixturevalue("elasticsearch_url")
            engine = ElasticEngine(url, alias=f"{prefix}-{name}", settings_key=settings_key)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


@pytest.fixture(scope="module")
def filled(make_engine: Maker) -> SearchEngine:
    """An engine with the corpus; tests only read it."""
    return fill(make_engine())


@pytest.fixture
def changing(make_engine: Maker) -> SearchEngine:
    """An engine with the corpus of the test's own."""
    return fill(make_engine())


def fill(engine: SearchEngine) -> SearchEngine:
    with engine.rebuild() as (_, writer):
        assert writer.put(DOCUMENTS) == []
    return engine


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip("needs PostgreSQL's server programs (Debian: apt-get install postgresql)")
    with postgres.running(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that holds nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    server = create_engine(request.getfixturevalue("postgres_server"), isolation_level="AUTOCOMMIT")
    name = f"ledger_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return server.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = Ledger(ledger_url)
    opened.migrate()
    yield opened
    opened.close()
