"""What each kind of evidence gives: the model is fitted again without it, and measured on the check half."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.bootstrap import interval
from bench.places import SHARED, Counts, Text, end_to_end, half, parse, read_lgl
from bench.places_fit import Example, Work, empty, examine, fit, news, set_by_hand, traps
from bench.places_hard import Marked, parse_hard, read_hard
from bench.table import Table, skipped
from market.places.gazetteer import Gazetteer
from nlp.document import Passage
from nlp.regions import PlaceMention, Regions, weights
from nlp.regions_context import Entities
from nlp.regions_spans import Scanner
from nlp.regions_words import Token

_WORDS = ("common", "common_near", "rare", "surname", "given", "small_too", "person_too")
_STATED = ("has_state", "has_country", "stated", "not_stated", "listed_state", "attached")
_ABROAD = ("abroad_named", "abroad_share", "us_share", "us_unnamed", "nation_votes", "abroad_in_us")
_COUNTY = ("county_form", "form_county", "form_counties", "county_too", "in_county", "home_county")
_NEAR = ("near", "nearby", "near_sure", "common_near", "beside")
_NAMED = ("state_named", "state_named_any", "in_named", "votes")
_PEOPLE = ("people", "people_bare", "nobody")
_BODIES = ("after_firm", "after_team", "after_school", "after_body", "after_street", "after_feature")


class NoAbbreviations(Scanner):
    """A scanner that does not know "Ark." or "SC"."""

    def abbreviation(self, passage: Passage, words: list[Token], at: int) -> tuple[str, int] | None:
        """Return None for every word."""
        return None


@dataclass(frozen=True)
class Ablation:
    """One thing left out: features by name, or a part of the machinery."""

    name: str
    features: Collection[str] = ()
    prefixes: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    """Parts of the model that are emptied after fitting."""
    senses: dict[str, float] | None = None
    """Weights of senses in the place of the fitted ones."""
    scanner: type[Scanner] | None = None
    apart: bool = False
    only: Callable[[Text, PlaceMention], bool] = field(default=lambda text, mention: True)


def _by_model(text: Text, mention: PlaceMention) -> bool:
    """Return whether the statistical model itself calls these words a place."""
    entity = Entities(text.parsed().entities).at(mention.start, mention.end)
    exact = entity is not None and entity.start == mention.start and entity.end == mention.end
    return exact and entity is not None and entity.label in ("GPE", "LOC", "FAC")


ABLATIONS = (
    Ablation("nothing left out"),
    Ablation("the gazetteer scan: only words that spaCy calls a place", only=_by_model),
    Ablation("spaCy's entities", ("strong_too",), ("ner_",)),
    Ablation("how English uses the word", _WORDS),
    Ablation("words of firms, clubs, schools, streets, bodies", _BODIES),
    Ablation("the second look (lists, namesakes, nearness)", blank=("again",)),
    Ablation("the state or country beside the name", _STATED),
    Ablation("state abbreviations (AP and postal)", scanner=NoAbbreviations),
    Ablation("county and parish forms", _COUNTY),
    Ablation("states named in the text", _NAMED),
    Ablation("countries named in the text", _ABROAD),
    Ablation("nearness to other places", _NEAR),
    Ablation("one sense per document", ("same_best",), apart=True),
    Ablation("population", _PEOPLE),
    Ablation("the fitted ranker: the most populous sense", senses={"people": 20.0}),
)


def tables() -> list[Table]:
    """Return the ablation where LGL is, else a table that says why not."""
    if not (SHARED / "lgl.xml").exists():
        why = "needs ../shared/data/geoparsing/lgl.xml"
        return [skipped("Places: what each evidence gives", "python -m bench places_ablation", why)]
    texts, hard = read_lgl(), read_hard()
    parse(texts)
    parse_hard(hard)
    return [ablation_table(texts, hard)]


def ablation_table(texts: Sequence[Text], hard: Sequence[Marked]) -> Table:
    """Return F1 on the check half without each kind of evidence, with paired intervals of what it gives."""
    gazetteer = Gazetteer.load()
    train = [text for text in texts if not half(text)]
    check = [text for text in texts if half(text)]
    examples = [*map(news, train), *(traps(text) for text in hard if text.part == "fit")]
    whole = examine(examples, Regions(gazetteer, empty()))
    rows = []
    first: dict[bool, Counts] = {}
    for one in ABLATIONS:
        regions = _without(one, examples, whole, gazetteer)
        cells = [one.name]
        for home in (False, True):
            counts = end_to_end(check, _finder(regions, one, home))
            first.setdefault(home, counts)
            low, high = lost(first[home], counts)
            f1, all_f1 = counts.f1()[2], first[home].f1()[2]
            change = f"{f1 - all_f1:+.3f} ({low:+.3f} to {high:+.3f})" if counts is not first[home] else ""
            cells += [f"{f1:.3f}", change]
        rows.append(tuple(cells))
    return Table(
        f"Places: what each kind of evidence gives (LGL check half, {len(check)} articles)",
        "python -m bench places",
        ("left out", "F1, text alone", "change (95%)", "F1, with home state", "change (95%)"),
        tuple(rows),
        "End to end, US view. The models are fitted again without the evidence; intervals of the change by "
        "bootstrap over documents, the same documents for both.",
    )


def _without(
    one: Ablation, examples: Sequence[Example], whole: Sequence[Work], gazetteer: Gazetteer
) -> Regions:
    scanner = one.scanner(gazetteer) if one.scanner is not None else None
    works = whole
    if scanner is not None:
        works = examine(examples, Regions(gazetteer, empty(), scanner=scanner))
    dropped = {*one.features, *_starting(works, one.prefixes)}
    model: dict[str, Any] = fit(works, gazetteer, without=dropped, by_hand=set_by_hand(weights()))
    for part in one.blank:
        model[part] = {}
    if one.senses is not None:
        model["first"] = model["second"] = one.senses
    return Regions(gazetteer, model, scanner=scanner, apart=one.apart)


def _starting(works: Sequence[Work], prefixes: tuple[str, ...]) -> Iterator[str]:
    if prefixes:
        for work, _ in works:
            for spot in work.spots:
                yield from (name for name in spot.features if name.startswith(prefixes))


def _finder(regions: Regions, one: Ablation, home: bool) -> Callable[[Text], Iterable[PlaceMention]]:
    def find(text: Text) -> Iterable[PlaceMention]:
        found = regions.find([text.parsed()], home_state=text.home if home else None)
        return [mention for mention in found if one.only(text, mention)]

    return find


def lost(before: Counts, after: Counts) -> tuple[float, float]:
    """Return the 95% interval of the change in F1 by paired bootstrap (1,000 draws, fixed seed)."""

    def change(chosen: Sequence[int]) -> float:
        return after.f1([after.rows[n] for n in chosen])[2] - before.f1([before.rows[n] for n in chosen])[2]

    return interval(range(len(before.rows)), change, seed=7)
