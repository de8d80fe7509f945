"""Why a request brought no answer, in the analyst's words."""

from __future__ import annotations

import ssl

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawlers.landing import Trouble
from crawlers.middlewares import Refused

_NETWORK: tuple[tuple[type[Exception], str, str], ...] = (
    (
        CannotResolveHostError,
        "dns-failure",
        "The host's name is not known to DNS: check the address, and whether this machine has a network.",
    ),
    (DownloadConnectionRefusedError, "connection-refused", "The host could not be reached."),
    (DownloadTimeoutError, "timeout", "The answer took too long; raise [crawl] timeout if the site is slow."),
    (ResponseDataLossError, "connection-lost", "The connection ended before the answer was whole."),
    (UnsupportedURLSchemeError, "link-refused", "It is no http or https address."),
    (DownloadFailedError, "bad-answer", "What came back is no valid HTTP answer, or the connection broke."),
)


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def explain(error: BaseException) -> Trouble | None:
    """Return the trouble behind a failed request; None when there is nothing to tell."""
    if isinstance(error, Refused):
        if error.code == "host-left-alone":
            return None
        return Trouble(code=error.code, message=error.message, lasting=error.lasting)
    if isinstance(error, IgnoreRequest):
        return Trouble(code="request-dropped", message=f"The request was dropped: {error}")
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return Trouble(
            code="tls-failure",
            message="The secure connection failed; the site's certificate may have run out.",
        )
    for kind, code, message in _NETWORK:
        if isinstance(error, kind):
            return Trouble(code=code, message=message)
    return Trouble(code="request-failed", message=f"The request failed: {type(error).__name__}: {error}")
