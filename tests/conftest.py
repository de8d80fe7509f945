"""Rules for the whole suite: under CI=true a skip is a failure, because CI has all that tests ask for."""

from __future__ import annotations

import os

import pytest

from tests.elasticsearch.fixture import elasticsearch_url

__all__ = ["elasticsearch_url"]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a CI run in which any test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"skipped under CI=true, which counts as a failure: {report.nodeid}")
