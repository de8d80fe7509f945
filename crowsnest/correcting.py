"""Making the ledger follow the file of corrections, and finding what a correction means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crowsnest.correction_names import Name, Names, place_name
from crowsnest.corrections import read_corrections, record_id_of
from crowsnest.settings import Settings
from market.corrections import Corrector
from market.records import Article, Correction, Tagged
from market.records.correction import CorrectionKind

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
    waiting: tuple[Correction, ...]
    """Those whose record the ledger does not have."""


def apply_corrections(settings: Settings, ledger: Ledger, names: Names) -> Applied:
    """Read the file, keep it in the ledger and bring the tags that are there into line with it.

    Repeating it changes nothing. Raises SettingsError for a file that cannot be understood.
    """
    read = read_corrections(settings, names)
    known = {article.id for article in ledger.articles({one.record_id for one in read})} if read else set()
    placed: list[Correction] = []
    waiting: list[Correction] = []
    for one in read:
        if one.record_id not in known:
            article = find_article(ledger, one.record)
            if article is None:
                waiting.append(one)
            else:
                one = one.model_copy(update={"record_id": article.id})
        placed.append(one)
    ledger.put_corrections(placed)
    corrector = Corrector(placed, names.lexicon, names.gazetteer)
    changed = ledger.correct_tags(corrector)
    return Applied(tuple(placed), corrector, tuple(changed), tuple(waiting))


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


def named_in(tags: Tagged | None, names: Names, kind: CorrectionKind, text: str) -> Name | None:
    """Return which of an article's places or companies `text` means; None for none of them, or several.

    A bare name is enough where the article has one of it: "Columbus" for "Columbus, OH".
    """
    if tags is None:
        return names.resolve(kind, text, must_be_known=False)
    found = names.resolve(kind, text, must_be_known=False)
    present = present_in(tags, names, kind)
    if found is not None:
        exact = [name for name in present if name.target == found.target]
        if exact:
            return exact[0]
    wanted = text.strip().casefold()
    alike = [
        name for name in present if wanted in (name.name.casefold(), name.name.rpartition(",")[0].casefold())
    ]
    return alike[0] if len(alike) == 1 else None


def present_in(tags: Tagged, names: Names, kind: CorrectionKind) -> list[Name]:
    """Return an article's places or companies by id and name."""
    if kind == "company":
        return [Name(company.id, company.name) for company in tags.companies]
    places = [names.gazetteer.place(place.id) for place in tags.places]
    return [Name(str(place.id), place_name(place)) for place in places if place is not None]
