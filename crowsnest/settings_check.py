"""What the settings say of each other: ids that must exist, ids that must be unique."""

from __future__ import annotations

from collections.abc import Iterable

from crowsnest.settings_errors import at, nearest
from crowsnest.settings_tables import Settings
from crowsnest.toml_lines import TomlLines
from market.companies.lexicon import Lexicon
from market.errors import SettingsError
from market.places.gazetteer import Gazetteer
from market.places.territory import cover
from market.records import Territory


def cross_check(settings: Settings, lines: TomlLines, *, territories: bool = True) -> None:
    """Raise SettingsError with all mistakes between tables, each with its line.

    Without `territories`, their areas are not looked up.
    """
    mistakes: list[tuple[int, str]] = []

    def wrong(where: tuple[str | int, ...], words: str) -> None:
        mistakes.append((lines.line(where), at(settings.path, lines, where, words)))

    for table in ("territory", "competitor", "source", "subscriber"):
        for place, name in _repeated(entry.id for entry in getattr(settings, table)):
            wrong((table, place, "id"), f'"{name}" is used twice; ids are unique')
    lexicon = Lexicon.load()
    shipped = [company.id for company in lexicon]
    for number, competitor in enumerate(settings.competitor):
        if competitor.name is None and lexicon.get(competitor.id) is None:
            wrong(
                ("competitor", number, "id"),
                f'the lexicon has no "{competitor.id}" ({nearest(competitor.id, shipped)}); '
                "for a new company add name = and aliases =",
            )
    companies = [*shipped, *(entry.id for entry in settings.competitor)]
    known = set(companies)
    if settings.market.own_company not in known:
        wrong(
            ("market", "own_company"), f"unknown company; {nearest(settings.market.own_company, companies)}"
        )
    gazetteer = Gazetteer.load()
    territory_ids = [entry.id for entry in settings.territory]
    for number, territory in enumerate(settings.territory):
        if not any(
            (territory.states, territory.counties, territory.metros, territory.cities, territory.zips)
        ):
            wrong(("territory", number), "covers nothing; give states, counties, metros, cities or zips")
        for key in ("states", "counties", "metros", "cities", "zips") if territories else ():
            words = Territory(id=territory.id, **{key: getattr(territory, key)})
            for problem in cover(words, gazetteer).misunderstood:
                wrong(("territory", number, key), f"not understood: {problem}")
    for number, source in enumerate(settings.source):
        if source.expect.max is not None and source.expect.max < source.expect.min:
            wrong(("source", number, "expect"), "max is less than min, so no page could ever be right")
        if source.company is not None and source.company not in known:
            wrong(("source", number, "company"), f"unknown company; {nearest(source.company, companies)}")
    for number, subscriber in enumerate(settings.subscriber):
        for name in subscriber.territories:
            if name not in territory_ids:
                where = ("subscriber", number, "territories")
                wrong(where, f'unknown territory "{name}"; {nearest(name, territory_ids)}')
        for name in subscriber.competitors:
            if name not in known:
                where = ("subscriber", number, "competitors")
                wrong(where, f'unknown company "{name}"; {nearest(name, companies)}')
    if settings.use:
        from crawlers.sources import catalog

        offered = [source.id for source in catalog()]
        written = {source.id for source in settings.source}
        for _, name in _repeated(settings.use):
            wrong(("use",), f'"{name}" is named twice; take one out')
        for name in settings.use:
            if name not in offered:
                wrong(("use",), f'the catalog has no source "{name}"; {nearest(name, offered)}')
            elif name in written:
                wrong(("use",), f'"{name}" is also a [[source]] of this file; rename one')
    if mistakes:
        raise SettingsError("settings-invalid", "\n".join(words for _, words in sorted(mistakes)))


def _repeated(names: Iterable[str]) -> list[tuple[int, str]]:
    seen: set[str] = set()
    repeated: list[tuple[int, str]] = []
    for place, name in enumerate(names):
        if name in seen:
            repeated.append((place, name))
        seen.add(name)
    return repeated
