from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawlers.fakes import World
from tests.hostile import Web


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as served:
        yield served


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "archive")
