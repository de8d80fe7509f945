"""Companies: the traps of their names, and providers that nobody knows."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from market.companies.lexicon import Company, Lexicon
from nlp.companies import CompanyFinder, trade_strength
from nlp.document import Document
from nlp.providers import find_providers, usual_name

TRADE = " Its broadband customers get fiber internet at gigabit speeds from the cable network."


@pytest.fixture(scope="module")
def names(lexicon: Lexicon, document: Callable[..., Document]) -> Callable[..., list[tuple[str | None, str]]]:
    finder = CompanyFinder(lexicon)

    def find(text: str, title: str = "", **more: str) -> list[tuple[str | None, str]]:
        return [(m.target, m.text) for m in finder.find(document(text, title, **more)) if m.target]

    return find


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Spectrum said prices rise in May." + TRADE, "charter"),
        ("Rates of Spectrum Internet rise in May.", "charter"),
        ("Neighbors who had Charter paid less." + TRADE, "charter"),
        ("A crew from Frontier cut the line." + TRADE, "frontier"),
        ("In Denver, Lumen sells wavelengths." + TRADE, "lumen"),
        ("She pays Optimum too much." + TRADE, "optimum"),
        ("The deal gives Cox a new rival." + TRADE, "cox"),
        ("Residents welcomed Kinetic to the county." + TRADE, "windstream"),
        ("In Charlottesville, Ting has lowered its price." + TRADE, "ting"),
        ("Brightspeed is building in Ohio.", "brightspeed"),
        ("AT&T's network grew.", "att"),
        ("The union and ATT agreed.", "att"),
        ("AT&T’s price rose.", "att"),
        ("Verizon-owned lines failed.", "verizon"),
        ("T-Mobile bought it.", "tmobile"),
        ("A T‑Mobile store opened.", "tmobile"),
        ("COMCAST RAISES PRICES", "comcast"),
        ("Shares of Charter Communications, Inc. (NASDAQ: CHTR) fell.", "charter"),
        ("The Sparklight brand stays.", "cable-one"),
        ("Customers of altafiber pay more.", "altafiber"),
        ("Ask Segra for dark fiber.", "segra"),
        ("Ting will lower its price.", "ting"),
        ("WOW! named a new chief at its cable network." + TRADE, "wow"),
        ("Rivals circle: Astound lists 300 Mbps for less." + TRADE, "astound"),
        ("Sonic sells ten gigabits in Oakland." + TRADE, "sonic"),
        ("Charter, the incumbent, has begun to mail offers." + TRADE, "charter"),
        ("Spectrum technicians fixed the internet line.", "charter"),
        ("Winners are listed below." + TRADE + "\nCox — 5,120 locations, $12 million", "cox"),
        ("Last week Kinetic told the county that its fiber is late.", "windstream"),
        ("TDS and Ziply both dig here. Charter has begun to mail offers to its cable homes.", "charter"),
        ("The award is Cox Nebraska's, the agency said." + TRADE, "cox"),
        ("Midco bought BendBroadband.", "bendbroadband"),
        ("The cable operator (CHTR) slid.", "charter"),
        ("The carrier (NYSE: T) reports in July.", "att"),
        ("Investors sold LUMN on Friday.", "lumen"),
        ("i left spectrum for fiber last year", "charter"),
        ("FIBER BIDS DUE: QUANTUM FIBER TO SIT OUT", "quantum-fiber"),
        ("Broadband comes from Shentel and Consolidated here, by fiber and by cable.", "consolidated"),
        ("Shentel and Cox sell broadband and internet by cable in the valley.", "cox"),
        (
            "Spectrum mails flyers. The broadband that Spectrum sells is cable internet, says Shentel.",
            "charter",
        ),
        ("Armstrong, the Butler cable company, will show the game.", "armstrong"),
        ("Rain fell as Liberty restored cable to nine of ten homes.", "liberty-latin-america"),
        ("Armstrong, the Butler cable company, and Blue Ridge, up the road, both show it.", "blue-ridge"),
        ("In Toledo, Buckeye customers lost internet.", "buckeye"),
        ("Ask the carrier Mint about its plan.", "mint-mobile"),
        ("Frontier-owned lines carry 911.", "frontier"),
        ("Item 7: transfer of control, Cox to Charter.", "cox"),
        ("CHTR sank 8% and CMCSA gave up 3%.", "comcast"),
        ("VSAT up 12%, IRDM 6%.", "iridium"),
        ("anyone else lose spectrum around 7? my modem says so", "charter"),
        ("optimum out again since six?? no internet", "optimum"),
        ("They moved the line from Ripple fiber to cable.", "ripple-fiber"),
        ("The Spectrum store opens; MetroNet is next door.", "charter"),
        ("Prepaid plans: Mint $15, Visible $25, Cricket Wireless $30 for wireless.", "visible-wireless"),
        ("Xfinity Series cars race; Comcast hung wifi.", "comcast"),
        ("Calls go to the Verizon Network Operations Center.", "verizon"),
        ("Century Link's line failed.", "lumen"),
        ("Choptank Electric Cooperative will extend its fiber network to 700 homes.", "choptank-fiber"),
        (
            "OPALCO sells fiber internet on the islands; its broadband customers pay $75.",
            "rock-island-communications",
        ),
        ("Sacred Wind offers broadband to 700 homes near Crownpoint.", "sacred-wind-communications"),
        ("Kudzu Networks and Diverse Power share poles.", "kudzu-networks"),
        ("The grant went to Corn Belt Telephone Company.", "corn-belt-telephone"),
    ],
)
def test_a_name_of_the_trade_is_its_company(
    names: Callable[..., list[tuple[str, str]]], text: str, company: str
) -> None:
    assert company in {target for target, _ in names(text)}


@pytest.mark.parametrize(
    "text",
    [
        (
            "The FCC will auction spectrum next year. Spectrum is scarce, and "
            "wireless carriers want it for broadband."
        ),
        "Children on the autism spectrum read the Spectrum newsletter.",
        "Spectrum Brands sold its batteries unit.",
        "Frontier Airlines cut flights from Denver. Frontier said passengers get refunds.",
        "The new frontier of medicine is genetics.",
        "Fans filled Lumen Field before kickoff.",
        "Optimum TMS treats depression in Columbus.",
        "An optimum result needs patience.",
        (
            "Gov. Spencer Cox signed the bill. Cox said broadband and internet "
            "access matter for fiber and cable."
        ),
        "Dodge & Cox funds lost money.",
        "The charter school opens in May. Charter schools teach 300 pupils.",
        "They saw a game at T-Mobile Arena in Las Vegas.",
        "Metro Atlanta grew fast, and King County Metro runs the bus.",
        "Direct Kinetic Solutions won an Air Force award.",
        "A Starry Night hangs in the hall.",
        "Sprint cars raced on Saturday.",
        "Write to help@spectrum.com or see https://www.frontier.com/help for details.",
        "Mr. Ting teaches cello.",
        "Choptank Electric Cooperative crews restored power to 2,000 members after the storm.",
        "Decatur Utilities customers face water bills, and Bryan Municipal Utilities flushes hydrants.",
        "Sjoberg's second goal came on a power play. Salsgiver scored 21 points, Zito struck out nine.",
        "The strata of the canyon glow. Plateau students return. The Silver Star went to a sergeant.",
        "Red Spectrum lights help sleep. Talkie pictures came in 1929. Life Wireless headphones are on sale.",
        "Mr. Ting came late. Ting said that broadband, fiber and internet bore him.",
        "Elm Valley Cablevision is a family's cable firm.",
        "The Elm Valley Telephone Cooperative met.",
        "WOW! What a game that was, fans of the cable channel said.",
        "Astound the crowd, the juggler was told.",
        "Charter, however, does not mean a bus. Broadband and cable, fiber and internet were the topics.",
        "She swam a record at the Midco Aquatic Center.",
        "He got the C Spire Howell Trophy.",
        "The Xfinity Series race is on Saturday.",
        "Everstream Analytics warned shippers.",
        "The well had 480 TDS.",
        "GCI, ticker for a newspaper firm, closed at 30.",
        "They wasn't mobile, he said.",
        "Surf internet forums for the swell.",
        "The Rise, a rooftop bar, offers free internet.",
        "The UNIT lost 4 percent of its oil.",
        "Level 3 chargers come to the library, which has internet.",
        "The father, D.E. Paul, wrote on the internet.",
    ],
)
def test_another_sense_is_no_company(names: Callable[..., list[tuple[str, str]]], text: str) -> None:
    assert names(text) == []


def test_an_exclamation_mark_belongs_to_the_name(names: Callable[..., list[tuple[str, str]]]) -> None:
    assert ("wow", "WOW!") in names("Cable customers of WOW! pay more." + TRADE)


def test_a_headline_in_capitals_needs_the_text_to_agree(names: Callable[..., list[tuple[str, str]]]) -> None:
    text = "In Onslow County, Spectrum now sells gigabit internet to homes over its fiber network."
    assert ("charter", "SPECTRUM") in names(text, "SPECTRUM LAUNCHES GIGABIT INTERNET")
    assert names("The committee heard a wide range of views.", "SPECTRUM OF OPINION ON NEW PARK") == []


def test_an_own_source_settles_an_ambiguous_name(names: Callable[..., list[tuple[str, str]]]) -> None:
    assert names("Optimum opens a branch on Main Street.") == []
    assert names("Optimum opens a branch on Main Street.", company="optimum") == [("optimum", "Optimum")]


def test_offsets_are_those_of_the_text(lexicon: Lexicon, document: Callable[..., Document]) -> None:
    text = "\u200bIn the “Quad Cities” 🚀 Comcast and AT&T’s crews met Palmetto Lightwave."
    found = [m for m in CompanyFinder(lexicon).find(document(text)) if m.target]
    assert [m.target for m in found] == ["comcast", "att", "palmetto-lightwave"]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_an_unknown_organisation_stays_a_mention_without_target(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    found = CompanyFinder(lexicon).find(
        document("The Environmental Protection Agency sued Acme Foods Inc. on Monday.")
    )
    assert found
    assert all(mention.target is None for mention in found)


def test_a_competitor_of_the_settings_is_found(document: Callable[..., Document]) -> None:
    finder = CompanyFinder(Lexicon.load([Company(id="old-pine", name="Old Pine", aliases=("OldPineNet",))]))
    found = [m.target for m in finder.find(document("OldPineNet and Old Pine are one.")) if m.target]
    assert found == ["old-pine", "old-pine"]


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        (
            "Briar Creek Telephone Cooperative won a grant to bring broadband and fiber internet to homes.",
            "briar-creek-telephone-cooperative",
        ),
        (
            "Hollow Rock is a fiber internet provider serving three towns with gigabit broadband.",
            "hollow-rock",
        ),
        (
            "The grant goes to Tall Oak Communications, a broadband provider in Ohio, for its fiber network.",
            "tall-oak-communications",
        ),
        (
            "USDA awarded Tall Oak Communications $20 million to bring broadband to farms.",
            "tall-oak-communications",
        ),
        (
            "Broadband awards for fiber:\n• Tall Oak Electric Cooperative – $4 million for Fox County\n",
            "tall-oak-electric-cooperative",
        ),
        (
            "Tall Oak EMC, which will get $9 million, builds a fiber network for broadband.",
            "tall-oak-emc",
        ),
        ("The money pays for broadband: Tall Oak Wireless, $3.8 million, wireless.", "tall-oak-wireless"),
        ("Fiber crews of Tall Oak Summit Telephone are racing the frost.", "tall-oak-summit-telephone"),
        (
            "Bonds pay for a municipal fiber system it will call Harbor Glow, with gigabit internet.",
            "harbor-glow",
        ),
        (
            "Harbor Glow, the city-owned power company, starts fiber internet for homes.",
            "harbor-glow",
        ),
        (
            "Broadband crews say the fiber of Heart of Tall Oak Telephone Cooperative is lit.",
            "heart-of-tall-oak-telephone-cooperative",
        ),
        (
            "Fiber is here, dear members.\n\nAnn Porter\nTall Oak Telephone Cooperative",
            "tall-oak-telephone-cooperative",
        ),
        ("Tall Oak Electric Membership Corporation will bring fiber broadband to homes.", "tall-oak-emc"),
        ("Fiber broadband came with help of TALLOAK Broadband last fall.", "talloak-broadband"),
        ("Comcast, Ziply and Talloak all sell broadband internet by fiber or cable.", "talloak"),
        ("Broadband is sold by Lightwisp, the fiber arm of a bakery, to homes on the internet.", "lightwisp"),
        ("The broadband rival Harbor Elm Connect digs for fiber to all homes.", "harbor-elm-connect"),
        ("The game was streamed by the Tall Oak Telephone Cooperative.", "tall-oak-telephone-cooperative"),
        ("Grantee: Tall Oak Telephone Assn | Award $8,114,220 | Homes 612", "tall-oak-telephone-assn"),
        ("TALL OAK TELEPHONE COMPANY - Broadband Loan - $6 million", "tall-oak-telephone"),
        ("Nemont took 900 locations and Tall Oak Mutual 240.", "tall-oak-mutual"),
        ("A WISP called Tall Oak Net won 310 locations for broadband.", "tall-oak-net"),
        ("A new ISP called St. Elm Valley Net has 90 users.", "st-elm-valley-net"),
        ("Ziply and Tall Oak EMC finished the first 400 miles.", "tall-oak-emc"),
        (
            "Shout out to Tall Oak Communications for keeping the internet up when AT&T did not.",
            "tall-oak-communications",
        ),
        ("Tall Oak Light, which began selling broadband, has 800 homes.", "tall-oak-light"),
        ("The co-op named its internet subsidiary Harbor Glow.", "harbor-glow"),
        ("Tall Oak Tribal Telecom brings fiber internet to homes.", "tall-oak-tribal-telecom"),
    ],
)
def test_a_provider_shows_itself(
    lexicon: Lexicon, document: Callable[..., Document], text: str, provider: str
) -> None:
    parsed = document(text)
    found = find_providers(parsed, CompanyFinder(lexicon).find(parsed), trade_strength(parsed))
    assert provider in {mention.target for mention in found}


@pytest.mark.parametrize(
    "text",
    [
        "The Federal Communications Commission and the Rural Broadband Association met about fiber internet.",
        (
            "High-Speed Internet and Rural Broadband matter. National Broadband "
            "Plan goals cover fiber and cable."
        ),
        "The National Telecommunications and Information Administration runs BEAD for broadband and fiber.",
        "The seventh Georgia EMC built fiber for broadband, internet and cable.",
        "The three-city fiber network for broadband was hung by Tall Oak Cable of Elm, Vermont.",
        "Crews bury fiber along Tall Oak Street, and the internet provider said broadband is next.",
        "Homes Lack Sufficient Access To High-Speed Internet. Broadband and fiber and cable help.",
        "Comcast, Ziply and Nokia praised fiber broadband and internet for homes.",
        "Comcast and Bakers Row praised fiber broadband and internet for homes.",
        "Members of the Board of Harbor Elm heard of fiber broadband and internet by cable.",
        "Congressman Tran, whose broadband bill helps, named no fiber internet provider.",
        "The Harbor Elm Co-op sells feed and propane; its phone number changed.",
        "Minister Ann Mary Cable said that wireless internet and broadband matter.",
        "Telephone Pioneers of America will meet at the church.",
        "Recipient: Harbor Elm County | Award $2 million for broadband | Homes 90",
    ],
)
def test_agencies_and_phrases_are_no_providers(
    lexicon: Lexicon, document: Callable[..., Document], text: str
) -> None:
    parsed = document(text)
    assert find_providers(parsed, CompanyFinder(lexicon).find(parsed), trade_strength(parsed)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme Telephone Company, Inc.", "Acme Telephone"),
        ("Acme Corp.", "Acme"),
        ("Acme’s", "Acme"),
        ("Acme Cooperative", "Acme Cooperative"),
        ("Acme Electric Membership Corporation", "Acme EMC"),
        ("Acme Rural Electric Membership Corp.", "Acme REMC"),
        ("Acme County Public Utility District No. 2", "Acme County PUD"),
    ],
)
def test_the_usual_name_has_no_legal_form(text: str, name: str) -> None:
    assert usual_name(text) == name


def _found(lexicon: Lexicon, parsed: Document) -> list[tuple[str, str | None]]:
    found = find_providers(parsed, CompanyFinder(lexicon).find(parsed), trade_strength(parsed))
    return [(mention.text, mention.target) for mention in sorted(found, key=lambda mention: mention.start)]


def test_a_provider_is_named_short_after_its_full_name(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    parsed = document(
        "Tall Oak Broadband sells fiber internet to homes. Tall Oak CEO Ann Porter said crews are on time, "
        "and "
        "Tall Oak plans more broadband."
    )
    assert _found(lexicon, parsed) == [
        ("Tall Oak Broadband", "tall-oak-broadband"),
        ("Tall Oak", "tall-oak-broadband"),
        ("Tall Oak", "tall-oak-broadband"),
    ]


def test_a_short_name_that_is_a_place_names_no_provider(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    parsed = document(
        "Tall Oak Broadband sells fiber internet in Tall Oak. Tall Oak has 900 homes and broadband."
    )
    assert _found(lexicon, parsed) == [("Tall Oak Broadband", "tall-oak-broadband")]


def test_a_name_and_its_longer_form_are_one_provider(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    parsed = document(
        "Harbor Elm Wireless Cooperative gets $4 million for broadband. Harbor Elm Wireless builds fiber and "
        "internet towers for homes."
    )
    assert {target for _, target in _found(lexicon, parsed)} == {"harbor-elm-wireless-cooperative"}


def test_a_thousand_names_in_a_row_are_read_in_time(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    parsed = document("Fiber broadband and internet: " + "Comcast, Cox and " * 4_000 + "Shentel.")
    start = time.process_time()
    mentions = CompanyFinder(lexicon).find(parsed)
    find_providers(parsed, mentions, trade_strength(parsed))
    assert time.process_time() - start < 5
    assert {mention.target for mention in mentions if mention.target} == {"comcast", "cox", "shentel"}


def test_initials_are_those_of_the_name_beside_them(
    lexicon: Lexicon, document: Callable[..., Document]
) -> None:
    parsed = document("The game was streamed by TOTC, the Tall Oak Telephone Cooperative.")
    assert {target for _, target in _found(lexicon, parsed)} == {"tall-oak-telephone-cooperative"}
