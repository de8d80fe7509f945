"""One market for the room's tests: they only read it."""

from __future__ import annotations

import pytest

from tests.crowsnest.web.market import Market, build_market


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    return build_market(tmp_path_factory.mktemp("market"))
