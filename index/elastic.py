"""The Elasticsearch engine: servers 8 and 9, by the official client, with what every hosted offering allows.

The alias (`crowsnest`) points to one index, `crowsnest-<generation>`. No scripts, no by-query or reindex
calls: a new index is filled from the ledger and the alias is moved.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from elastic_transport import TlsError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    NotFoundError,
    TransportError,
    UnsupportedProductError,
)

from index.compile_elastic import compiled
from index.elastic_writer import BUSY, Writer
from index.fields import KEYWORD_FIELDS, NUMBER_FIELDS, SORT_FIELDS, TERM_FIELDS
from index.port import (
    MAX_WINDOW,
    SCHEMA,
    Facet,
    Hit,
    Hits,
    IndexWriter,
    SearchDocument,
    Sort,
    facet_counts,
)
from index.query import Node, scores
from market.errors import QueryError, UnavailableError

T = TypeVar("T")

# The client logs each failed attempt; whether all failed is ours to say.
logging.getLogger("elastic_transport").addHandler(logging.NullHandler())

_ANALYSIS = {
    "tokenizer": {"blank": {"type": "pattern", "pattern": " +"}},
    "analyzer": {"blank": {"type": "custom", "tokenizer": "blank"}},
}


class ElasticEngine:
    """An index on a server."""

    name = "elasticsearch"

    def __init__(
        self,
        url: str,
        *,
        alias: str = "crowsnest",
        settings_key: str = "",
        api_key: str | None = None,
        ca_certs: str | None = None,
        timeout: float = 30.0,
        attempts: int = 4,
    ) -> None:
        """Connect to nothing yet; `settings_key` names what documents depend on besides SCHEMA.

        `attempts` is how often a request is made while the server is busy or away, with growing pauses.
        """
        options: dict[str, Any] = {"request_timeout": timeout, "max_retries": 0}
        if api_key:
            options["api_key"] = api_key
        if ca_certs:
            options["ca_certs"] = ca_certs
        try:
            self._client = Elasticsearch(url, **options)
        except (ValueError, OSError) as error:
            raise UnavailableError("search-url", f"[search] url {url!r} cannot be used: {error}") from error
        self._url = url
        self._alias = alias
        self._built_for = {"schema": SCHEMA, "settings": settings_key}
        self._attempts = attempts

    def generation(self) -> str | None:
        """Return the name of the index behind the alias, or None when there is none of this schema."""
        try:
            found = self._ask(lambda: self._client.indices.get_mapping(index=self._alias))
        except _MissingError:
            return None
        for index, answer in sorted(found.items()):
            if answer["mappings"].get("_meta") == self._built_for:
                return str(index)
        return None

    @contextmanager
    def writer(self) -> Iterator[IndexWriter]:
        """Give a writer on the index in use."""
        current = self.generation()
        if current is None:
            raise self._missing()
        writer = Writer(self._client, self._ask, self._attempts, current)
        yield writer
        writer.commit()

    @contextmanager
    def rebuild(self) -> Iterator[tuple[str, IndexWriter]]:
        """Give a new index's writer; afterwards the alias points to it and older indices are deleted."""
        fresh = f"{self._alias}-{secrets.token_hex(8)}"
        client = self._client
        self._ask(
            lambda: client.indices.put_index_template(
                name=self._alias, index_patterns=[f"{self._alias}-*"], template=self._template(), priority=200
            )
        )
        self._ask(lambda: client.indices.create(index=fresh))
        writer = Writer(self._client, self._ask, self._attempts, fresh)
        try:
            yield fresh, writer
            writer.commit()
        except BaseException:
            self._drop([fresh])
            raise
        old = [name for name in self._indices() if name != fresh]
        actions: list[dict[str, Any]] = [{"add": {"index": fresh, "alias": self._alias}}]
        actions += [{"remove": {"index": name, "alias": self._alias, "must_exist": False}} for name in old]
        self._ask(lambda: client.indices.update_aliases(actions=actions))
        self._drop(old)

    def search(
        self,
        query: Node,
        *,
        facets: Sequence[Facet] = (),
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
    ) -> Hits:
        """Return a page of hits, the number of all, and their facets."""
        if offset + limit > MAX_WINDOW:
            raise QueryError("search-window", f"only the first {MAX_WINDOW} hits are given; narrow the query")
        order: Sort = "newest" if sort == "relevance" and not scores(query) else sort
        orders: dict[Sort, list[dict[str, str]]] = {
            "relevance": [{"_score": "desc"}, {"newest": "desc"}],
            "newest": [{"newest": "desc"}],
            "price": [{"cheapest": "asc"}],
        }
        body: dict[str, Any] = {
            "query": compiled(query),
            "sort": orders[order],
            "from_": offset,
            "size": limit,
            "track_total_hits": True,
            "source_includes": ["document"],
        }
        if facets:
            body["aggs"] = {name: {"terms": {"field": name, "size": 10_000}} for name in facets}
        try:
            found = self._ask(lambda: self._client.search(index=self._alias, **body))
        except _MissingError as error:
            raise self._missing() from error
        return Hits(
            total=found["hits"]["total"]["value"],
            hits=tuple(
                Hit(
                    document=SearchDocument.model_validate_json(hit["_source"]["document"]),
                    score=hit.get("_score"),
                )
                for hit in found["hits"]["hits"]
            ),
            facets=facet_counts(
                {
                    name: [(b["key"], b["doc_count"]) for b in answer["buckets"]]
                    for name, answer in found.get("aggregations", {}).items()
                }
            ),
        )

    def count(self) -> int:
        """Return how many documents are in use."""
        try:
            return int(self._ask(lambda: self._client.count(index=self._alias))["count"])
        except _MissingError as error:
            raise self._missing() from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _template(self) -> dict[str, Any]:
        properties: dict[str, Any] = {"document": {"type": "keyword", "index": False, "doc_values": False}}
        properties |= {name: {"type": "text", "analyzer": "blank"} for name in TERM_FIELDS}
        properties |= {name: {"type": "keyword"} for name in KEYWORD_FIELDS}
        properties |= {name: {"type": "long"} for name in NUMBER_FIELDS}
        properties |= {name: {"type": "long", "index": False} for name in SORT_FIELDS}
        return {
            # One shard: word statistics, and with them the order of hits, are those of all documents.
            "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "analysis": _ANALYSIS},
            "mappings": {
                "dynamic": "strict",
                "_meta": self._built_for,
                # What is only searched need not be stored a second time.
                "_source": {"includes": ["document"]},
                "properties": properties,
            },
        }

    def _indices(self) -> list[str]:
        try:
            return sorted(self._ask(lambda: self._client.indices.get(index=f"{self._alias}-*")))
        except _MissingError:
            return []

    def _drop(self, names: Iterable[str]) -> None:
        listed = list(names)
        if listed:
            self._ask(lambda: self._client.indices.delete(index=listed, ignore_unavailable=True))

    def _missing(self) -> UnavailableError:
        words = f"{self._url} has no index {self._alias!r} of this version; run `crowsnest index`"
        return UnavailableError("index-missing", words)

    def _ask(self, request: Callable[[], T]) -> T:
        """Make a request, again with growing pauses while the server is busy or away."""
        for attempt in range(self._attempts):
            try:
                return request()
            except NotFoundError as error:
                raise _MissingError from error
            except (AuthenticationException, AuthorizationException) as error:
                words = f"{self._url} refuses the API key ({error.status_code}); check [search] api_key"
                raise UnavailableError("search-refused", words) from error
            except UnsupportedProductError as error:
                words = f"what answers at {self._url} is no Elasticsearch; check [search] url"
                raise UnavailableError("search-url", words) from error
            except (TransportError, ApiError) as error:
                busy = not isinstance(error, ApiError) or error.status_code in BUSY
                if busy and attempt + 1 < self._attempts:
                    time.sleep(0.2 * 4**attempt)
                    continue
                raise UnavailableError("search-unavailable", self._away(error)) from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _away(self, error: TransportError | ApiError) -> str:
        causes = [str(error), *map(str, getattr(error, "errors", ()))]
        words = f"the search engine {self._url} is not available ({'; '.join(dict.fromkeys(causes))[:500]})"
        return f"{words}; check [search] ca" if isinstance(error, TlsError) else words


class _MissingError(Exception):
    """The index or the alias is not there."""
