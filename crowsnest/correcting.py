"""Making the ledger follow the file of corrections, and finding what a correction means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crowsnest.correction_names import Names
from crowsnest.corrections import read_corrections, record_id_of
from crowsnest.settings import Settings
from market.corrections import Corrector, disagreeing, in_force
from market.ids import article_id
from market.price_corrections import PriceCorrector
from market.records import Article, Correction, Issue

if TYPE_CHECKING:
    from index.ledger import Ledger


@dataclass(frozen=True)
class Applied:
    """What the file of corrections did to the ledger."""

    corrections: tuple[Correction, ...]
    """All of the file, those taken back too."""
    corrector: Corrector
    """Applies those in force to what is tagged next."""
    changed: tuple[str, ...]
    """Ids of the articles whose tags are others now."""
    plans: tuple[str, ...]
    """Ids of the published plans that are others now."""
    waiting: tuple[Correction, ...]
    """Those whose record the ledger does not have."""
    idle: tuple[Correction, ...]
    """Those that change nothing, for what they correct is no longer said."""
    disagreeing: tuple[tuple[Correction, Correction], ...]
    """Pairs that say different of one thing; the second stands."""


def apply_corrections(settings: Settings, ledger: Ledger, names: Names) -> Applied:
    """Read the file, keep it in the ledger and bring the tags that are there into line with it.

    Repeating it changes nothing. Raises SettingsError for a file that cannot be understood.
    """
    read = read_corrections(settings, names)
    told = {one.record_id for one in read if one.scope != "plan"}
    known = {article.id for article in ledger.articles(told)} if told else set()
    placed: list[Correction] = []
    waiting: list[Correction] = []
    for one in read:
        if one.scope != "plan" and one.record_id not in known:
            article = find_article(ledger, one.record)
            if article is None:
                waiting.append(one)
            else:
                one = one.model_copy(update={"record_id": article.id})
        placed.append(one)
    ledger.put_corrections(placed)
    corrector = Corrector(placed, names.lexicon, names.gazetteer)
    changed = ledger.correct_tags(corrector)
    of_plans = PriceCorrector(placed, names.gazetteer)
    pages = {source.id: article_id(source.url) for source in settings.sources if source.url}
    plans = ledger.correct_prices(of_plans, pages)
    waiting += [one for one in of_plans.corrections if one.id not in of_plans.met]
    asleep = {one.id for one in (*waiting, *(one for one in placed if one.undone is not None))}
    stands = {one.id for one in in_force(placed)} - asleep - corrector.effective - of_plans.effective
    tagged = ledger.tagged(one.record_id for one in placed if one.id in stands)
    return Applied(
        corrections=tuple(placed),
        corrector=corrector,
        changed=tuple(changed),
        plans=tuple(plans),
        waiting=tuple(waiting),
        idle=tuple(
            one for one in placed if one.id in stands and (one.scope == "plan" or one.record_id in tagged)
        ),
        disagreeing=tuple(disagreeing(placed)),
    )


def correction_issues(applied: Applied) -> list[Issue]:
    """Return what the analyst should know of her corrections: those that wait, change nothing or disagree."""
    found: list[tuple[str, str]] = []
    for one in applied.waiting:
        what = f"plan {one.part!r}" if one.scope == "plan" else "article"
        words = f"corrections.toml corrects {one.record}, of which there is no {what} yet; it waits"
        found.append(("correction-waiting", words))
    for one in applied.idle:
        words = (
            f'"{one.words()}" changes nothing of {one.record}, which says no such thing any more, or never '
            f"did; look at it, or take it back: crowsnest correct --undo {one.id}"
        )
        found.append(("correction-idle", words))
    for before, stands in applied.disagreeing:
        words = (
            f'of {stands.record}: "{before.words()}" ({before.id}), and later "{stands.words()}" '
            f"({stands.id}); the later one stands, take back the other: crowsnest correct --undo {before.id}"
        )
        found.append(("corrections-disagree", words))
    return [Issue(stage="tag", code=code, level="info", message=words) for code, words in found]


def find_article(ledger: Ledger, text: str) -> Article | None:
    """Return the latest version of the article that an id, a capture's id or a URL means; None for none.

    A URL is the article's own, or one that was asked for and answered with the article.
    """
    text = text.strip()
    record_id = record_id_of(text)
    if record_id is not None and (article := ledger.article(record_id)) is not None:
        return article
    if "://" in text:
        captures = ledger.captures(url=text)
    else:
        capture = ledger.capture(text)
        captures = [capture] if capture else []
    for capture in reversed(captures):
        holder = capture.same_as if not capture.changed and capture.same_as else capture.id
        for found in ledger.articles(capture_id=holder):
            return ledger.article(found.id)
    return None
