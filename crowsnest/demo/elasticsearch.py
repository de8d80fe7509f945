"""A real Elasticsearch for the demo, by the launcher that the tests use; it is part of a checkout only."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from market.errors import UnavailableError, UsageError

_LAUNCHER = Path(__file__).parents[2] / "tests" / "elasticsearch" / "server.py"


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield its URL. UsageError outside of a checkout, UnavailableError without a JDK."""
    launcher = _load()
    try:
        with launcher.running() as url:
            yield str(url)
    except launcher.MissingError as error:
        raise UnavailableError(
            "elasticsearch-missing", f"no Elasticsearch can be started here: {error}"
        ) from error


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("crowsnest_elasticsearch_launcher", _LAUNCHER)
    if spec is None or spec.loader is None or not _LAUNCHER.exists():
        raise UsageError(
            "elasticsearch-launcher",
            "--elasticsearch needs a checkout of the repository; --elasticsearch-url takes a running server",
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
