"""How well events beside builds are found, slot by slot: acquisitions, grants, outages, contracts and others.

The comparison is that of bench/offers.py: events of one kind pair one to one so that most slots agree; a
report without a partner costs all its slots, a label without one counts them as missed. What a label accepts
beside its value counts as right, and None among it as well left out.

Run: python -m bench.events [--mistakes], which shows those in the texts developed on, never in the others.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.slots import CASES, Identity, Score, interval, total
from bench.table import Table
from market.companies.lexicon import Lexicon
from market.places.names import name_key
from nlp.tag import Tagger, TagInput, TagResult

SHOWN = {
    "acquisition": {
        "company": "who",
        "other": "whom",
        "amount_cents": "amount",
        "stage": "stage",
        "on": "date",
    },
    "grant": {
        "company": "recipient",
        "amount_cents": "amount",
        "programme": "programme",
        "places": "counties",
    },
    "outage": {
        "company": "who",
        "places": "where",
        "count": "how many",
        "stage": "restored",
        "cause": "cause",
    },
    "contract": {"company": "who", "other": "customer", "amount_cents": "value", "term_months": "term"},
    "leadership": {"company": "who", "other": "person", "role": "role", "stage": "stage", "on": "date"},
    "layoffs": {"company": "who", "count": "how many", "places": "where", "on": "date"},
}
"""The slots that mean something of each kind of event, and what they are called there."""
_COMMAND = "python -m bench.events"
_WORDS = re.compile(r"[^\W_]+")
_SMALL = frozenset({"the", "a", "an", "its", "of", "s"})


def event_set(name: str) -> list[tuple[TagInput, list[dict[str, Any]]]]:
    """Return the sample texts of tests/nlp/cases/events with their labelled events."""
    rows = map(json.loads, (CASES / "events" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    fields = ("id", "title", "text", "published_at")
    return [(TagInput.from_json({field: row[field] for field in fields}), row["events"]) for row in rows]


def score_events(result: TagResult, labels: Sequence[Mapping[str, Any]], identity: Identity) -> Score:
    """Compare the events that an article tells with its labels by the best one-to-one pairing."""
    score = Score()
    reported = result.to_json()["events"]
    for kind in SHOWN:
        told = [event for event in reported if event["kind"] == kind]
        wanted = [label for label in labels if label["kind"] == kind]
        score.add(_best(kind, told, wanted, identity))
    return score


def _best(
    kind: str, told: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], identity: Identity
) -> Score:
    width = max(len(told), len(wanted))
    padded = [*told, *[None] * (width - len(told))]
    found = [
        total(_pair(kind, event, label, identity) for event, label in itertools.zip_longest(order, wanted))
        for order in itertools.islice(itertools.permutations(padded), 5_000)
    ]
    return max(
        found, key=lambda score: sum(score.right.values()) - sum(score.wrong.values()), default=Score()
    )


def _pair(
    kind: str, event: Mapping[str, Any] | None, label: Mapping[str, Any] | None, identity: Identity
) -> Score:
    """Compare the slots of one event with one label; either may be missing."""
    score = Score()
    for slot, shown in SHOWN[kind].items():
        right, accepted = _wanted(slot, label, identity)
        found = _told(slot, event, identity)
        name = f"{kind}: {shown}"
        if slot == "places":
            score.right[name] += len(found & right)
            score.wrong[name] += len(found - right - accepted)
            score.missed[name] += 0 if None in accepted else len(right - found)
        elif found and found <= right | accepted:
            score.right[name] += bool(right)
        elif found:
            score.wrong[name] += 1
            score.missed[name] += bool(right) and None not in accepted
        else:
            score.missed[name] += bool(right) and None not in accepted
    return score


def _told(slot: str, event: Mapping[str, Any] | None, identity: Identity) -> set[object]:
    if event is None:
        return set()
    value = event.get("company_name" if slot == "company" else slot)
    if slot == "places":
        return {f"{name_key(place['name'])}|{place['state']}" for place in value or ()}
    return set() if value is None else {_key(slot, value, identity)}


def _wanted(
    slot: str, label: Mapping[str, Any] | None, identity: Identity
) -> tuple[set[object], set[object]]:
    """Return the labelled value, or values of places, and what is accepted beside it."""
    if label is None:
        return set(), set()
    accepted = label.get("accept", {}).get(slot, ())
    values = label.get(slot, ()) if slot == "places" else [label.get(slot)]
    return (
        {_key(slot, value, identity) for value in values if value is not None},
        {None if value is None else _key(slot, value, identity) for value in accepted},
    )


def _key(slot: str, value: Any, identity: Identity) -> object:
    """Return what makes two values one: a company's identity, a place's key, a phrase's words."""
    if slot == "company":
        return identity(value)
    if slot == "places":
        name, _, state = value.rpartition(", ")
        return f"{name_key(name)}|{state}"
    if slot in ("other", "role", "cause", "programme"):
        return tuple(word for word in _WORDS.findall(value.casefold()) if word not in _SMALL)
    return value


def scores(name: str) -> list[Score]:
    """Return the score of each text of a set."""
    lexicon = Lexicon.load()
    identity = Identity(lexicon)
    labelled = event_set(name)
    results = Tagger(lexicon).tag([item for item, _ in labelled])
    return [
        score_events(result, labels, identity) for result, (_, labels) in zip(results, labelled, strict=True)
    ]


def tables() -> list[Table]:
    """Return the scores of both halves."""
    note = (
        "30 texts, 10 of them without an event; real names of companies and places, invented facts. Texts, "
        "labels and part of the rules have one author, who wrote the labels before the first run: read the "
        "figures as an upper bound. "
    )
    return [
        _table("Events: check half", "check", note + "No rule was written on these."),
        _table("Events: texts developed on", "dev", note),
    ]


def _table(title: str, name: str, note: str) -> Table:
    parts = scores(name)
    whole = total(parts)
    names = [f"{kind}: {shown}" for kind, slots in SHOWN.items() for shown in slots.values()]
    labelled = event_set(name)
    free = [part for part, (_, labels) in zip(parts, labelled, strict=True) if not labels]
    rows = [_row(shown, parts, [shown]) for shown in names if whole.right[shown] or whole.missed[shown]]
    rows.append(_row("slots together", parts, names))
    false = sum(
        sum(part.wrong[f"{kind}: {slots['company']}"] for kind, slots in SHOWN.items()) for part in free
    )
    rows.append((f"false events in {len(free)} texts without one", "", "", "", "", str(false), "", ""))
    columns = ("measure", "P", "R", "F1", "right", "wrong", "missed", "F1, 95% interval")
    return Table(title, _COMMAND, columns, tuple(rows), note)


def _row(label: str, parts: Sequence[Score], names: Sequence[str]) -> tuple[str, ...]:
    whole = total(parts)
    precision, recall, f1 = whole.of(names)
    counts = (sum(part[name] for name in names) for part in (whole.right, whole.wrong, whole.missed))
    low, high = interval(parts, names)
    ratios = (f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}")
    return (label, *ratios, *map(str, counts), f"{low:.3f} to {high:.3f}")


def mistakes(name: str) -> Iterator[str]:
    """Yield what is wrong or missed in each text of a set that may be looked at."""
    lexicon = Lexicon.load()
    identity = Identity(lexicon)
    labelled = event_set(name)
    for result, (item, labels) in zip(
        Tagger(lexicon).tag([item for item, _ in labelled]), labelled, strict=True
    ):
        score = score_events(result, labels, identity)
        wrong, missed = (+part for part in (score.wrong, score.missed))
        if wrong or missed:
            yield f"{item.id}: wrong {dict(wrong)}, missed {dict(missed)}"
            for event in result.to_json()["events"]:
                told = {key: value for key, value in event.items() if value and key not in ("evidence", "id")}
                yield f"    told {told}"


if __name__ == "__main__":
    if "--mistakes" in sys.argv[1:]:
        sys.stdout.write("\n".join(mistakes("dev")) + "\n")
    else:
        sys.stdout.write("\n".join(table.markdown() for table in tables()) + "\n")
