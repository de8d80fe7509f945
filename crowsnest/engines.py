"""Which search engine the settings ask for: the embedded one, or an Elasticsearch server."""

from __future__ import annotations

from crowsnest.settings import Settings, secret
from index.port import SearchEngine


def engine(settings: Settings) -> SearchEngine:
    """Return the engine, not yet asked anything; the time zone is part of what an index was built for."""
    zone = settings.market.time_zone
    if settings.search.url is None:
        from index.embedded import TantivyEngine

        return TantivyEngine(settings.data / "index", settings_key=zone)
    from index.elastic import ElasticEngine

    ca = settings.search.ca
    return ElasticEngine(
        settings.search.url,
        alias=settings.search.index,
        settings_key=zone,
        api_key=secret("CROWSNEST_SEARCH_API_KEY"),
        ca_certs=str((settings.path.parent / ca).resolve()) if ca else None,
    )
