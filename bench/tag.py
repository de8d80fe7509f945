"""Tagging: words a second against the bare model, and what is found against labelled releases.

`python -m bench.tag` prints both. Speed: the whole of the tagger, bare spaCy tok2vec+ner and its ner alone
over the same texts take turns within one process; the medians of five rounds are compared. Quality needs
../shared/data.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import spacy
from spacy.language import Language

from bench.offers import OFFER_SLOTS, PRICE_SLOTS, score_offers
from bench.roles import COMPANIES, PLACES, reasons, score_roles
from bench.slots import (
    CHECK,
    DEVELOPMENT,
    RELEASES,
    SLOTS,
    Identity,
    Score,
    false_facts,
    interval,
    releases,
    sample_set,
    score_companies,
    score_facts,
    score_topics,
    total,
)
from bench.table import Table, skipped
from bench.traps import traps
from market.companies.lexicon import Lexicon
from nlp.build import MODEL
from nlp.stories import Stories
from nlp.tag import Tagger, TagInput

ROUNDS = 5
_COMMAND = "python -m bench.tag"
_COLUMNS = ("measure", "P", "R", "F1", "right", "wrong", "missed")
_WITH_INTERVAL = (*_COLUMNS, "F1, 95% interval")
_SCORES = ("companies", "topics", "facts", "offers", "free", "roles")

# Sample articles for machines without the real ones; providers are invented.
_SAMPLE = """
{place}, S.C. — Palmetto Lightwave, a fiber internet provider, announced today that it will build a
fiber network in {place}, South Carolina. The $12 million project will reach more than 8,500 homes
and businesses by the end of 2027. Construction has begun near Main Street, and crews will work
through the winter. "Residents have waited long for a choice," said Mayor Ann Porter. The company
was awarded a $2 million state grant in June. Customers can order speeds of up to 5 Gbps from $55 a
month. Comcast and AT&T already serve parts of {place}. Council members voted 6-1 for a franchise
agreement on Tuesday.
"""
_PLACES = ("Greenville", "Anderson", "Spartanburg", "Easley", "Greer", "Simpsonville", "Clemson", "Seneca")


def samples(count: int = 150) -> list[TagInput]:
    """Return articles of about 360 words."""
    chosen = []
    for number in range(count):
        places = [_PLACES[(number + step) % len(_PLACES)] for step in range(3)]
        text = "".join(_SAMPLE.format(place=place) for place in places)
        chosen.append(TagInput(id=f"s{number}", title=f"Palmetto Lightwave builds in {places[0]}", text=text))
    return chosen


def speed(inputs: Sequence[TagInput], rounds: int = ROUNDS) -> tuple[float, ...]:
    """Return words a second of the whole tagger, bare tok2vec + ner and ner alone.

    Medians of interleaved rounds.
    """
    both = spacy.load(MODEL, disable=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"])
    alone = spacy.load(MODEL, exclude=[name for name in both.component_names if name != "ner"])
    tagger = Tagger()
    parts = [part for item in inputs for part in (item.title, item.text)]
    words = sum(len(both.make_doc(part)) for part in parts)

    def bare(nlp: Language) -> None:
        for document in nlp.pipe(parts, batch_size=32):
            len(document.ents)

    def whole() -> None:
        tagger_stories = Stories()
        for result in tagger.tag(inputs):
            tagger_stories.assign(result.story)
            result.to_json()

    works = (whole, partial(bare, both), partial(bare, alone))
    for work in works:
        work()
    turns = [[_timed(work, words) for work in works] for _ in range(rounds)]
    return tuple(map(statistics.median, zip(*turns, strict=True)))


def _timed(work: Callable[[], None], words: int) -> float:
    # CPU time of this process: other work on the machine does not count.
    start = time.process_time()
    work()
    return words / (time.process_time() - start)


def quality(labelled: Sequence[tuple[TagInput, dict[str, Any]]]) -> dict[str, list[Score]]:
    """Return the scores of each labelled text: "companies", "topics", "facts", "offers", "free", "roles"."""
    lexicon = Lexicon.load()
    identity = Identity(lexicon)
    scores: dict[str, list[Score]] = {name: [] for name in _SCORES}
    results = Tagger(lexicon).tag([item for item, _ in labelled])
    for result, (_, gold) in zip(results, labelled, strict=True):
        scores["companies"].append(score_companies(result, gold, identity))
        scores["topics"].append(score_topics(result, gold))
        scores["facts"].append(score_facts(result, gold, identity))
        free = Score()
        free.right["texts"] += not gold["expansions"]
        free.wrong["facts"] += false_facts(result, gold, identity)
        scores["free"].append(free)
        scores["offers"].append(score_offers(result, gold, identity))
        scores["roles"].append(score_roles(result, gold, identity))
    return scores


def _row(label: str, score: Score, names: Sequence[str]) -> tuple[str, ...]:
    precision, recall, f1 = score.of(names)
    counts = (sum(part[name] for name in names) for part in (score.right, score.wrong, score.missed))
    return (label, f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}", *map(str, counts))


def tables() -> list[Table]:
    """Return speed and quality as tables; without the real texts speed is that of our samples."""
    has_real = RELEASES.exists()
    inputs = [item for item, _ in releases()] if has_real else samples()
    whole, bare, alone = speed(inputs)
    source = "the labelled releases" if has_real else "our sample articles"
    found = [
        Table(
            "Tagging: speed",
            _COMMAND,
            ("measure", "words/s"),
            (
                ("whole tagger", f"{whole:,.0f}"),
                ("bare spaCy tok2vec + ner", f"{bare:,.0f}"),
                ("bare spaCy ner alone", f"{alone:,.0f}"),
                ("ratio to tok2vec + ner", f"{whole / bare:.2f}"),
                ("ratio to ner alone", f"{whole / alone:.2f}"),
            ),
            f"CPU time over {source}, taking turns in one process, medians of {ROUNDS}. Target: 0.85 of "
            "tok2vec + ner. The model's ner does not read from its tok2vec, so the tagger leaves it out.",
        ),
        Table(
            "Tagging: companies in short passages with traps (ours)",
            _COMMAND,
            _COLUMNS,
            tuple(_row(part, score, ["companies"]) for part, score in traps().items()),
            "tests/nlp/cases/companies.jsonl; bench/traps.py says who wrote which part.",
        ),
    ]
    held = sample_set(CHECK)
    note = f"{len(held)} sample texts of ours (tests/nlp/cases/{CHECK}) that no rule was written on."
    found.append(_quality_table("Tagging: quality on the check set", held, note))
    for name in DEVELOPMENT:
        labelled = sample_set(name)
        note = f"{len(labelled)} sample texts of ours (tests/nlp/cases/{name}); developed on."
        found.append(_quality_table(f"Tagging: quality on {name}", labelled, note))
    found.append(_reasons_table())
    if not has_real:
        return [*found, skipped("Tagging: quality", _COMMAND, "needs ../shared/data/releases")]
    note = "24 real texts by the labelling rules of their README; developed on."
    return [*found, _quality_table("Tagging: quality on labelled releases", releases(), note)]


def _quality_table(title: str, labelled: Sequence[tuple[TagInput, dict[str, Any]]], note: str) -> Table:
    scores = quality(labelled)
    totals = {name: total(parts) for name, parts in scores.items()}

    def row(label: str, part: str, names: Sequence[str]) -> tuple[str, ...]:
        low, high = interval(scores[part], names)
        return (*_row(label, totals[part], names), f"{low:.3f} to {high:.3f}")

    together = ("company", "places", *SLOTS)
    rows = [row(name, name, [name]) for name in ("companies", "topics")]
    rows += [row(f"expansion: {slot}", "facts", [slot]) for slot in together]
    rows.append(row("expansion slots together", "facts", together))
    free = totals["free"]
    label = f"false builds in {free.right['texts']} texts without one"
    rows.append((label, "", "", "", "", str(free.wrong["facts"]), "", ""))
    offers, roles = totals["offers"], totals["roles"]
    told = [slot for slot in OFFER_SLOTS if any(part[slot] for part in (offers.right, offers.missed))]
    rows += [row(f"offer: {slot}", "offers", [slot]) for slot in told]
    rows.append(row("price slots together", "offers", PRICE_SLOTS))
    for kind, names in (("places", PLACES), ("companies", COMPANIES)):
        told = [name for name in names if roles.right[name] or roles.missed[name]]
        rows += [row(f"role: {name}", "roles", [name]) for name in told]
        if told:
            rows.append(row(f"roles of {kind} found (accuracy)", "roles", names))
    return Table(title, _COMMAND, _WITH_INTERVAL, tuple(rows), note)


def _reasons_table() -> Table:
    """Return how far the reasons of roles are to be trusted, on our sample texts."""
    lexicon = Lexicon.load()
    labelled = [pair for name in DEVELOPMENT for pair in sample_set(name)]
    results = Tagger(lexicon).tag([item for item, _ in labelled])
    told = reasons(
        [(result, gold) for result, (_, gold) in zip(results, labelled, strict=True)], Identity(lexicon)
    )
    rows = [
        (kind, reason, str(right), str(wrong), f"{right / (right + wrong):.2f}")
        for (kind, reason), (right, wrong) in told.items()
    ]
    right, wrong = (sum(counts[part] for counts in told.values()) for part in (0, 1))
    rows.append(("both", "all", str(right), str(wrong), f"{right / max(1, right + wrong):.2f}"))
    note = (
        "Labelled places and companies that were found, by the role given and its reason; sample texts "
        "developed on. The check set's scores say how it does on others."
    )
    columns = ("of a", "reason", "right", "wrong", "share")
    return Table("Tagging: roles by their reasons", _COMMAND, columns, tuple(rows), note)


def main() -> None:
    """Print the tables."""
    for table in tables():
        sys.stdout.write(f"{table.markdown()}\n")


if __name__ == "__main__":
    main()
