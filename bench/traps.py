"""How well companies are told in short passages that hold traps: radio spectrum, airlines, surnames, plants.

tests/nlp/cases/companies.jsonl has one passage a line: `half` ("rules" were seen while the rules were
written, "check" were written and frozen before they were first run, "check 2" are by somebody who had not
seen the rules and were never opened by their developers), `title`, `text`, `companies` (lexicon ids or slugs
that must be found), `optional` (may be found), `extra` (companies of the analyst's settings).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.slots import Score
from market.companies.lexicon import Company, Lexicon
from nlp.tag import Tagger, TagInput

CASES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "cases" / "companies.jsonl"


def cases() -> list[dict[str, Any]]:
    """Return the passages in the order of the file."""
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines() if line.strip()]


def found_in(rows: list[dict[str, Any]]) -> list[set[str]]:
    """Return the ids of the companies found in each passage."""
    extra = {company["id"]: Company(**company) for row in rows for company in row.get("extra", ())}
    tagger = Tagger(Lexicon.load(tuple(extra.values())))
    inputs = [
        TagInput(id=str(number), title=row.get("title", ""), text=row["text"])
        for number, row in enumerate(rows)
    ]
    return [{company.id for company in result.companies} for result in tagger.tag(inputs)]


def traps() -> dict[str, Score]:
    """Return the score of each half."""
    rows = cases()
    scores: dict[str, Score] = {}
    for row, found in zip(rows, found_in(rows), strict=True):
        wanted, optional = set(row["companies"]), set(row.get("optional", ()))
        score = scores.setdefault(row["half"], Score())
        score.right["companies"] += len(wanted & found)
        score.wrong["companies"] += len(found - wanted - optional)
        score.missed["companies"] += len(wanted - found)
    return scores
