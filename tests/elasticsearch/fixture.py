"""The fixture that gives tests a real Elasticsearch: one node per session, started when first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.elasticsearch.server import MissingError, running


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The URL of a real, empty server. Skips where none can be started; under CI=true that is a failure."""
    server = running()
    try:
        url = server.__enter__()
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"Elasticsearch cannot be started: {error}")
        pytest.skip(f"Elasticsearch cannot be started: {error}")
    try:
        yield url
    finally:
        server.__exit__(None, None, None)
