"""The lexicon: names, owners by date, groups, and the settings' own companies."""

from __future__ import annotations

from datetime import date

import pytest

from market.companies.lexicon import Alias, Company, Lexicon

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.mark.parametrize(
    ("company", "day", "owner"),
    [
        ("cox", date(2026, 8, 18), "cox-enterprises"),
        ("cox", date(2026, 8, 19), "charter"),
        ("frontier", date(2026, 1, 19), None),
        ("frontier", date(2026, 1, 20), "verizon"),
        ("quantum-fiber", date(2026, 2, 1), "lumen"),
        ("quantum-fiber", date(2026, 2, 2), "att"),
        ("crown-castle-fiber", date(2026, 4, 30), "crown-castle"),
        ("crown-castle-fiber", date(2026, 5, 31), "zayo"),
        ("metronet", date(2025, 7, 24), "tmobile"),
        ("ziply", date(2025, 8, 1), "bce"),
        ("windstream", date(2025, 8, 1), "uniti"),
        ("time-warner-cable", date(2016, 5, 18), "charter"),
        ("surewest", date(2012, 7, 1), None),
        ("surewest", date(2012, 7, 2), "consolidated"),
        ("newwave-communications", date(2017, 5, 1), "cable-one"),
        ("snet", date(2014, 10, 23), "att"),
        ("snet", date(2014, 10, 24), "frontier"),
        ("sunflower-broadband", date(2017, 1, 12), "midco"),
        ("alaska-communications", date(2021, 7, 22), "atn-international"),
        ("wow", date(2025, 12, 30), None),
        ("wow", date(2025, 12, 31), "digitalbridge"),
        ("starry", date(2026, 3, 9), None),
        ("starry", date(2026, 3, 10), "verizon"),
        ("no-such-company", TODAY, None),
    ],
)
def test_an_owner_holds_from_its_first_day(
    lexicon: Lexicon, company: str, day: date, owner: str | None
) -> None:
    assert lexicon.owner_on(company, day) == owner


def test_a_group_follows_the_chain_of_owners(lexicon: Lexicon) -> None:
    after = lexicon.group("charter", TODAY)
    assert {"charter", "cox", "cox-business", "segra"} <= after
    before = lexicon.group("charter", date(2026, 8, 1))
    assert "segra" not in before
    assert lexicon.group("segra", TODAY) == after


def test_lumen_keeps_no_part_of_quantum_fiber(lexicon: Lexicon) -> None:
    assert "quantum-fiber" not in lexicon.group("lumen", TODAY)
    assert "quantum-fiber" in lexicon.group("att", TODAY)


def test_a_group_of_an_unknown_company_is_itself(lexicon: Lexicon) -> None:
    assert lexicon.group("palmetto-lightwave", TODAY) == {"palmetto-lightwave"}


@pytest.mark.parametrize(
    ("published", "company"),
    [
        ("AT&T", "att"),
        ("AT&T Services, Inc.", "att"),
        ("Spectrum", "charter"),
        ("Charter Communications Operating, LLC", "charter"),
        ("spectrum", "charter"),
        ("Xfinity", "comcast"),
        ("Comcast Cable Communications, LLC", "comcast"),
        ("Windstream Holdings II, LLC", "windstream"),
        ("Verizon (Fios)", "verizon"),
        ("Kinetic by Windstream", "windstream"),
        ("Altice USA", "optimum"),
        ("Cincinnati Bell", "altafiber"),
        ("CHTR", "charter"),
        ("spectrum.com", "charter"),
        ("Century Link", "lumen"),
        ("Google Fibre", "google-fiber"),
        ("US Cellular", "uscellular"),
        ("Time Warner", "time-warner-cable"),
        ("NewWave", "newwave-communications"),
        ("Sprint PCS", "sprint"),
        ("PacBell", "pacific-bell"),
        ("SECTV", "service-electric"),
        ("IRDM", "iridium"),
        ("Nemont Telephone Cooperative, Inc.", "nemont"),
        ("Project Telephone Company", "nemont"),
        ("Range Telephone Cooperative, Inc.", "range-telephone"),
        ("The Toledo Telephone Company", "toledotel"),
        ("Scio Mutual Telephone Association", "scio-mutual-telephone"),
        ("The Community Agency", "the-community-agency"),
        ("Corn Belt Telephone Company", "corn-belt-telephone"),
        ("Choptank Electric Cooperative", "choptank-fiber"),
        ("LFT Fiber", "lus-fiber"),
        ("RightFiber", "ritter"),
        ("Amazon Leo", "amazon-kuiper"),
    ],
)
def test_a_published_name_finds_its_company(lexicon: Lexicon, published: str, company: str) -> None:
    found = lexicon.by_name(published)
    assert found is not None
    assert found.id == company


@pytest.mark.parametrize("name", ["", "Palmetto Lightwave", "Communications", "Inc."])
def test_an_unknown_name_finds_nothing(lexicon: Lexicon, name: str) -> None:
    assert lexicon.by_name(name) is None


def test_terms_hold_brand_and_company(lexicon: Lexicon) -> None:
    terms = lexicon.terms("windstream")
    assert terms[0] == "Windstream"
    assert "Kinetic" in terms


def test_the_settings_add_a_company(lexicon: Lexicon) -> None:
    extended = Lexicon.load(
        [Company(id="palmetto-lightwave", name="Palmetto Lightwave", aliases=("PalmettoFi",))]
    )
    found = extended.by_name("PalmettoFi")
    assert found is not None
    assert found.id == "palmetto-lightwave"
    assert lexicon.get("palmetto-lightwave") is None


def test_the_settings_add_names_to_a_known_company() -> None:
    extended = Lexicon.load([Company(id="segra", name="Segra", aliases=(Alias(text="Old Pine Networks"),))])
    company = extended.by_name("Old Pine Networks")
    assert company is not None
    assert company.id == "segra"
    assert extended.owner_on("segra", TODAY) == "cox"


def test_an_unknown_id_is_named_by_its_words(lexicon: Lexicon) -> None:
    assert lexicon.name("palmetto-lightwave") == "Palmetto Lightwave"


def test_each_owner_is_a_company_and_each_id_stands_once() -> None:
    lexicon = Lexicon.load()
    for company in lexicon:
        for held in company.owners:
            assert lexicon.get(held.owner) is not None, (company.id, held.owner)
            assert held.owner != company.id
            assert held.until is None or held.since < held.until


def test_no_two_companies_share_a_name() -> None:
    seen: dict[str, str] = {}
    for company in Lexicon.load():
        for alias in company.names:
            assert seen.setdefault(alias.text, company.id) == company.id, alias.text


def test_no_two_companies_share_a_symbol_or_a_domain() -> None:
    seen: dict[str, str] = {}
    for company in Lexicon.load():
        for text in (*company.ticker, *company.domains):
            assert seen.setdefault(text, company.id) == company.id, text


def test_the_lexicon_holds_the_operators_of_every_region() -> None:
    providers = [company for company in Lexicon.load() if company.kind == "provider"]
    assert len(providers) >= 2_200


def test_a_published_name_without_its_legal_form_is_nobody_elses() -> None:
    lexicon = Lexicon(
        [
            Company(id="oakum-company", name="Oakum Telephone Company"),
            Company(id="tarn", name="Tarn Telephone"),
            Company(id="tarn-company", name="Tarn Telephone Company"),
            Company(id="ninebark", name="Ninebark Corporation"),
        ]
    )
    found = {name: lexicon.by_name(name) for name in ("Oakum Telephone", "Tarn Telephone", "Ninebark")}
    assert {name: company and company.id for name, company in found.items()} == {
        "Oakum Telephone": "oakum-company",
        "Tarn Telephone": "tarn",
        "Ninebark": None,
    }


def test_no_name_holds_a_stray_mark() -> None:
    for company in Lexicon.load():
        for alias in company.names:
            assert not set(alias.text) & set('={}<>"|'), (company.id, alias.text)
