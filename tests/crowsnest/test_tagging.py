"""One article that breaks the tagger costs itself only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crowsnest.run import Run
from crowsnest.settings import load
from crowsnest.ship import board
from nlp.tag import Tagger
from tests.crowsnest.small_web import TOWNS, settings_for, small_web


def test_an_article_that_breaks_the_tagger_is_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Tagger.tag

    def breaking(self: Tagger, inputs: Iterable[Any], **options: Any) -> Iterator[Any]:
        items = list(inputs)
        if any("Easley" in item.title for item in items):
            raise ValueError("no such shape")
        return whole(self, items, **options)

    monkeypatch.setattr(Tagger, "tag", breaking)
    with small_web() as base:
        settings = load(settings_for(tmp_path, base))
        with board(settings) as ship:
            this = Run(ship)
            this.collect(["news"])
            this.read()
            this.tag()
            again = Run(ship)
            again.tag()
            issues = ship.ledger.issues(run_id=this.id)
    assert this.counts["tag"] == {"articles": len(TOWNS), "expansions": len(TOWNS) - 1}
    assert again.counts["tag"] == {"articles": 0, "expansions": 0}
    [issue] = [issue for issue in issues if issue.stage == "tag"]
    assert (issue.code, issue.level, issue.source_id) == ("tag-failed", "error", "news")
    assert issue.url is not None
    assert issue.url.endswith("/news/easley")
