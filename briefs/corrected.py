"""What the analyst corrected on the records that a line rests on, put beside the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.records import Claim, Offer, Tagged


def with_corrections(
    claims: Sequence[Claim], tags: Mapping[str, Tagged], offers: Mapping[str, Offer]
) -> list[Claim]:
    """Return the claims, each with the corrections of its records in words.

    `tags` are by article id, `offers` the corrected ones by their own.
    """
    marked: list[Claim] = []
    for claim in claims:
        told = [
            correction.words()
            for record in claim.record_ids
            for each in (tags.get(record), offers.get(record))
            if each is not None
            for correction in each.corrections
        ]
        words = tuple(dict.fromkeys(told))
        marked.append(claim.model_copy(update={"corrections": words}) if words else claim)
    return marked
