"""Errors that stop a command. What can be passed over is an Issue (market/records/issue.py), not an error."""

from __future__ import annotations


class CrowsnestError(Exception):
    """A failure with a stable code, a message that says what to do, and the command line's exit code."""

    exit_code = 3

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[CrowsnestError], tuple[str, str]]:
        """Let it travel from a worker to its parent."""
        return type(self), (self.code, self.message)


class UsageError(CrowsnestError):
    """Wrong use: an argument, a query or a file that the command cannot take. Exit code 2."""

    exit_code = 2


class SettingsError(UsageError):
    """The settings file is wrong; the message names file, line, key and the fix. Exit code 2."""


class UnavailableError(CrowsnestError):
    """The search engine, the ledger, the archive or the network is away. Exit code 3."""


class QueryError(UsageError):
    """A search query that cannot be understood; the message says where and names the known fields."""
