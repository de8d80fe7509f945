"""Sends documents to an Elasticsearch server in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from index.fields import fields
from index.port import Failure, SearchDocument
from market.errors import UnavailableError

T = TypeVar("T")

BUSY = (429, 502, 503, 504)
"""Answers of a server that is busy or going round; the same request may succeed a little later."""


class Ask(Protocol):
    """Makes a request, again with growing pauses while the server is busy or away."""

    def __call__(self, request: Callable[[], T]) -> T:
        """Return the answer; raises UnavailableError when there is none."""
        ...


class Writer:
    """Sends documents in bulk to one index."""

    def __init__(self, client: Elasticsearch, ask: Ask, attempts: int, index: str) -> None:
        self._client = client
        self._ask = ask
        self._attempts = attempts
        self._index = index

    def put(self, documents: Sequence[SearchDocument]) -> list[Failure]:
        """Add documents in place of those of the same id; return those that the server refused."""
        actions = (
            {
                "_op_type": "index",
                "_index": self._index,
                "_id": document.id,
                "_source": {**_present(fields(document)), "document": document.model_dump_json()},
            }
            for document in documents
        )
        return self._bulk(actions)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents by id."""
        failed = self._bulk({"_op_type": "delete", "_index": self._index, "_id": key} for key in ids)
        if failed:
            words = f"{len(failed)} documents could not be removed: {failed[0].reason}"
            raise UnavailableError("search-refused", words)

    def commit(self) -> None:
        """Make the changes visible; the server made each of them durable before it answered."""
        self._ask(lambda: self._client.indices.refresh(index=self._index))

    def _bulk(self, actions: Iterable[dict[str, Any]]) -> list[Failure]:
        # A whole part is sent again when the connection breaks: ids make that harmless.
        batch = list(actions)
        return self._ask(lambda: self._send(batch))

    def _send(self, batch: Sequence[dict[str, Any]]) -> list[Failure]:
        failures: list[Failure] = []
        answers = streaming_bulk(
            self._client,
            batch,
            chunk_size=1000,
            max_chunk_bytes=20 << 20,
            raise_on_error=False,
            max_retries=self._attempts - 1,
            initial_backoff=0.2,
            max_backoff=10,
        )
        for ok, answer in answers:
            action, result = next(iter(answer.items()))
            if ok or (action == "delete" and result["status"] == 404):
                continue
            if result["status"] in BUSY:
                words = "the search engine is overloaded; run again later"
                raise UnavailableError("search-unavailable", words)
            reason = result.get("error", {})
            failures.append(Failure(id=str(result["_id"]), reason=str(reason.get("reason", reason))[:500]))
        return failures


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
