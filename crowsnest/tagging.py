"""The tag stage: untagged articles through the pipeline in batches, each batch kept in one transaction."""

from __future__ import annotations

from crowsnest.ship import Ship
from market.errors import UnavailableError


def tag_all(ship: Ship, batch: int) -> dict[str, int]:
    """Tag what the present tagger has not seen, oldest first, and return counts."""
    from nlp.tag import VERSION, TagInput

    counts = {"articles": 0, "expansions": 0}
    waiting = len(ship.ledger.untagged(VERSION))
    if not waiting:
        return counts
    known = {source.id: source for source in ship.settings.sources}
    seen: set[str] = set()
    while articles := ship.ledger.untagged(VERSION, limit=batch):
        if seen.issuperset(article.id for article in articles):
            raise UnavailableError(
                "tag-stuck", "the ledger keeps asking for the same tags; `crowsnest status`"
            )
        seen.update(article.id for article in articles)
        inputs = []
        for article in articles:
            source = known.get(article.source_id)
            inputs.append(
                TagInput(
                    id=article.id,
                    title=article.title,
                    text=article.text,
                    published_at=article.published_at,
                    company=source.company if source else None,
                    home_state=source.home_state if source else None,
                    capture_id=article.capture_id,
                )
            )
        tags = [result.tagged() for result in ship.tagger.tag(inputs)]
        ship.ledger.record_tagged(tags)
        counts["articles"] += len(tags)
        counts["expansions"] += sum(len(tag.expansions) for tag in tags)
        ship.progress("tagging", counts["articles"], waiting)
    return counts
