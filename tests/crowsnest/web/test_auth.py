"""The link's token: once, in time, exchanged for a session that ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crowsnest.web.auth import SESSION_LIFE, TOKEN_LIFE, Access, require_loopback
from market.errors import UsageError


class MovingClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def access(clock: MovingClock, shown: list[str]) -> Access:
    return Access(clock, shown.append)


def test_token_opens_one_session(access: Access, shown: list[str]) -> None:
    token = access.issue()
    assert shown == [token]
    session = access.redeem(token)
    assert session is not None
    assert session != token
    assert access.admits(session)


def test_token_works_once(access: Access) -> None:
    token = access.issue()
    assert access.redeem(token)
    assert access.redeem(token) is None


def test_wrong_token_neither_opens_nor_spends(access: Access) -> None:
    token = access.issue()
    assert access.redeem(token[:-1]) is None
    assert access.redeem("") is None
    assert access.redeem("\udcff é") is None
    assert access.redeem(token)


def test_token_expires(access: Access, clock: MovingClock) -> None:
    token = access.issue()
    clock.at += TOKEN_LIFE
    assert access.redeem(token) is None


def test_new_token_voids_the_one_before(access: Access) -> None:
    first, second = access.issue(), access.issue()
    assert access.redeem(first) is None
    assert access.redeem(second)


def test_session_ends(access: Access, clock: MovingClock) -> None:
    session = access.redeem(access.issue())
    clock.at += SESSION_LIFE - timedelta(seconds=1)
    assert access.admits(session)
    clock.at += timedelta(seconds=1)
    assert not access.admits(session)


def test_strangers_are_not_admitted(access: Access) -> None:
    access.redeem(access.issue())
    assert not access.admits(None)
    assert not access.admits("")
    assert not access.admits("guess")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost"])
def test_loopback_hosts_are_taken(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", "", "localhost.example.com"])
def test_other_hosts_are_refused_with_the_way_out(host: str) -> None:
    with pytest.raises(UsageError, match="ssh -L") as caught:
        require_loopback(host)
    assert caught.value.code == "web-not-loopback"
    assert caught.value.exit_code == 2
