"""What the tests of the understanding share; the model is loaded once a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from market.companies.lexicon import Company, Lexicon
from nlp.build import build_pipeline, passages
from nlp.document import Document
from nlp.tag import Tagger, TagInput, TagResult

INVENTED = (
    Company(id="palmetto-lightwave", name="Palmetto Lightwave"),
    Company(id="foxglove-fiber", name="Foxglove Fiber"),
)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load(INVENTED)


@pytest.fixture(scope="session")
def tagger(lexicon: Lexicon) -> Tagger:
    return Tagger(lexicon)


@pytest.fixture(scope="session")
def tag(tagger: Tagger) -> Callable[..., TagResult]:
    """Tag one text."""

    def run(text: str, title: str = "", published_at: datetime | None = None, **more: Any) -> TagResult:
        source = TagInput(id="a1", title=title, text=text, published_at=published_at, capture_id="c1", **more)
        return next(iter(tagger.tag([source])))

    return run


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    """Parse one text."""
    nlp = build_pipeline()

    def parse(text: str, title: str = "", **more: Any) -> Document:
        first, second = next(iter(passages(nlp, [(title, text)])))
        return Document("a1", first, second, **more)

    return parse
