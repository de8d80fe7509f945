"""What the analyst corrected on the records that a line rests on, put beside the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.records import Claim, Tagged


def with_corrections(claims: Sequence[Claim], tags: Mapping[str, Tagged]) -> list[Claim]:
    """Return the claims, each with the corrections of its records in words; `tags` by article id."""
    marked: list[Claim] = []
    for claim in claims:
        told = [
            correction.words()
            for record in claim.record_ids
            if record in tags
            for correction in tags[record].corrections
        ]
        words = tuple(dict.fromkeys(told))
        marked.append(claim.model_copy(update={"corrections": words}) if words else claim)
    return marked
