from __future__ import annotations

import pytest

from briefs.accounts import AccountsRead, find_account, read_accounts
from market.errors import UsageError
from market.places.gazetteer import Gazetteer
from market.records import Account

GAZETTEER = Gazetteer.load()


def read(text: str | bytes) -> AccountsRead:
    data = text.encode() if isinstance(text, str) else text
    return read_accounts(data, "accounts.csv", GAZETTEER)


def told(result: AccountsRead) -> list[tuple[str, int]]:
    return [(issue.code, issue.data["line"]) for issue in result.issues]


def test_a_plain_file() -> None:
    result = read("name,city,state,zip,segment,current provider\nRaman Dental,Greenville,SC,29601,SMB,Acme\n")
    assert result.issues == []
    assert result.accounts == [
        Account(
            id="raman-dental",
            name="Raman Dental",
            city="Greenville",
            state="SC",
            county_fips="45045",
            zip="29601",
            segment="business",
            current_provider="Acme",
        )
    ]


def test_headers_and_delimiters_of_other_systems() -> None:
    text = "\ufeffAccount Name;Billing City;Billing State/Province;Billing Zip/Postal Code;ISP\r\n"
    text += "Raman Dental;Greenville;South Carolina;29601-1234;Acme\r\n"
    (account,) = read(text).accounts
    assert (account.name, account.state, account.zip, account.county_fips) == (
        "Raman Dental",
        "SC",
        "29601",
        "45045",
    )
    assert account.current_provider == "Acme"


def test_cp1252_text_and_cells_with_line_breaks_keep_their_line_numbers() -> None:
    text = 'name,city,state,notes\nCafé Noir,Greer,SC,"two\nlines"\n,Greer,SC,\n'.encode("cp1252")
    result = read(text)
    assert [account.name for account in result.accounts] == ["Café Noir"]
    assert told(result) == [("account-nameless", 4)]


def test_a_file_without_names_is_refused_with_what_it_has() -> None:
    with pytest.raises(UsageError, match="'town', 'phone'"):
        read("town,phone\nGreer,1\n")
    with pytest.raises(UsageError, match="Found: nothing"):
        read("")


def test_bad_rows_are_reported_with_their_lines_and_what_can_be_kept_is() -> None:
    result = read(
        "name,city,state,zip\n"
        "A,Greenville,SC,\n"
        "B,Nowhereville,SC,\n"
        "C,Greenville,Narnia,\n"
        "D,Greenville,SC,29601,extra\n"
        "\n"
        "A,Greenville,SC,\n"
    )
    assert [account.id for account in result.accounts] == ["a", "b", "c"]
    assert told(result) == [
        ("account-place", 3),
        ("account-state", 4),
        ("account-cells", 5),
        ("account-twice", 7),
    ]
    assert result.accounts[1].county_fips is None
    assert "line 3" in result.issues[0].message


def test_the_same_account_twice_is_taken_once() -> None:
    result = read("name,city,state\nA,Greer,SC\nA,Greer,SC\nA,Greer,SC\n")
    assert [account.id for account in result.accounts] == ["a"]
    assert told(result) == [("account-twice", 3), ("account-twice", 4)]


def test_namesakes_in_two_towns_are_two_accounts() -> None:
    result = read("name,city,state\nA,Greer,SC\nA,Easley,SC\n")
    assert [account.id for account in result.accounts] == ["a", "a-easley"]
    assert result.issues == []


def test_a_zip_that_lost_its_zero_and_one_of_another_state() -> None:
    result = read("name,city,state,zip\nA,Hartford,CT,6103\nB,Greenville,SC,10001\n")
    assert result.accounts[0].zip == "06103"
    assert result.accounts[1].county_fips == "45045"


def test_segments_in_other_words_and_unknown_ones() -> None:
    result = read("name,city,state,type\nA,Greer,SC,Enterprise\nB,Greer,SC,Consumer\nC,Greer,SC,Gold\n")
    assert [account.segment for account in result.accounts] == ["business", "residential", "business"]
    assert told(result) == [("account-segment", 4)]


def test_accounts_are_found_by_id_name_or_part_of_it() -> None:
    accounts = [Account(id="a", name="Raman Dental"), Account(id="b", name="Raman Press")]
    assert find_account(accounts, "b").id == "b"
    assert find_account(accounts, "raman dental").id == "a"
    assert find_account(accounts, "press").id == "b"
    with pytest.raises(UsageError, match="a, b"):
        find_account(accounts, "raman")
    with pytest.raises(UsageError, match="crowsnest accounts list"):
        find_account(accounts, "Zed")
    with pytest.raises(UsageError, match="import them first"):
        find_account([], "Zed")
