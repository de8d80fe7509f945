from __future__ import annotations

import pytest

from briefs.borne import not_borne
from briefs.targets import target_words
from market.records import Evidence
from tests.briefs.build import article, day, span


def quoted(words: str) -> tuple[Evidence, ...]:
    _, told = article("T", words, day(1))
    return (span(told, words),)


@pytest.mark.parametrize(
    ("target", "quote", "words"),
    [
        ("2027-Q3", "It will connect its first customers in the summer of 2027.", "summer of 2027"),
        ("2027-Q3", "Work ends in the third quarter of 2027.", "third quarter of 2027"),
        ("2027-Q3", "Service is due in Q3 2027.", "Q3 2027"),
        ("2027-Q2", "It should be done in the first half of 2027.", "first half of 2027"),
        ("2027", "The ring should be closed by the end of 2027.", "end of 2027"),
        ("2027", "It reaches 900 homes by late 2027.", "late 2027"),
        ("2027-05", "The first homes are to be connected in early May, 2027.", "early May, 2027"),
        ("2027-12-31", "Every home must be served by Dec. 31, 2027, or the county is paid.", "Dec. 31, 2027"),
        ("2027", "Work begins in April 2027 and ends by the close of that year.", "2027"),
        ("2027-Q3", "Work begins in May 2027, and the summer brings the first customers.", "2027"),
        ("2027-05", "Nothing here dates it; the report of June 2027 does.", "2027"),
    ],
)
def test_a_date_is_written_as_its_quote_writes_it_and_never_finer(
    target: str, quote: str, words: str
) -> None:
    assert target_words(target, [quote]) == words
    line = f"Acme announced a fiber build in Greer, SC: 900 homes, target {words}."
    assert not_borne(line, quoted(f"{quote} Fiber is planned.")) is None


@pytest.mark.parametrize(
    ("line", "quote", "lacks"),
    [
        ("Acme is building a fiber network in Greer.", "Crews began to lay fibre-optic lines.", None),
        ("Acme is building a fiber network in Greer.", "Crews began to hang coaxial lines.", "fiber"),
        ("Acme announced a cable (HFC) build in Greer.", "Acme plans a DOCSIS network.", None),
        ("Acme announced a cable (HFC) build in Greer.", "Acme plans a fiber network.", "cable (HFC)"),
        ("Acme announced a fixed wireless build in Greer.", "Acme plans a CBRS tower.", None),
        ("Acme announced a fixed wireless build in Greer.", "Acme plans a tower.", "fixed wireless"),
        ("Acme cancelled a network build in Greer.", "Acme is giving up its Greer tower.", None),
        ("Acme cancelled a network build in Greer.", "Acme plans 900 homes in Greer.", "cancelled"),
        ("Acme is live with a network in Greer.", "Homes in Greer can order it as of now.", None),
        ("Acme is live with a network in Greer.", "Acme plans 900 homes in Greer.", "live"),
        ("Acme has permits for a network build in Greer.", "The council voted for the permit.", None),
        ("Acme has permits for a network build in Greer.", "Acme plans to build.", "permitted"),
        ("Acme won funding for a network build in Greer: $2 BEAD grant.", "A $2 BEAD award.", None),
        ("Acme won funding for a network build in Greer: $2 BEAD grant.", "A $2 state award.", "BEAD"),
        (
            "Acme announced a network build in Greer: target third quarter of 2027.",
            "Acme plans to finish in the summer of 2027.",
            "third quarter of 2027",
        ),
    ],
)
def test_words_of_a_line_need_a_quote_that_says_as_much(line: str, quote: str, lacks: str | None) -> None:
    assert not_borne(line, quoted(quote)) == lacks
