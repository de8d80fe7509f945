"""Nobody but the person at the terminal gets in, and no other site can make the app do or show anything."""

from __future__ import annotations

import pytest

from tests.crowsnest.web.client import ORIGIN, PORT, Site, words
from tests.crowsnest.web.market import Market

PAGES = ["/", "/search?q=fiber", "/briefs", "/status", "/capture/none", "/capture/none/page", "/nothing"]


@pytest.fixture
def site(market: Market) -> Site:
    return Site(market)


@pytest.mark.parametrize("path", PAGES)
def test_strangers_see_the_way_in_and_nothing_else(site: Site, path: str) -> None:
    page = site.stranger().get(path)
    assert page.status_code == 401
    assert "crowsnest serve" in words(page)
    assert "Upstate" not in page.text


def test_link_opens_once(site: Site) -> None:
    token = site.access.issue()
    client = site.stranger()
    entered = client.get("/enter", params={"token": token})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert token not in cookie
    assert client.get("/").status_code == 200
    second = site.stranger().get("/enter", params={"token": token})
    assert second.status_code == 401
    assert "opened once" in words(second)


def test_signed_in_reader_may_open_a_spent_link(site: Site) -> None:
    client = site.signed_in()
    assert client.get("/enter", params={"token": site.printed[-1]}).headers["location"] == "/"


def test_link_without_its_token_says_so(site: Site) -> None:
    page = site.stranger().get("/enter")
    assert page.status_code == 401
    assert "Copy the whole link" in words(page)


def test_new_link_is_printed_not_shown(site: Site) -> None:
    client = site.stranger()
    page = client.post("/link", headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 200
    assert len(site.printed) == 1
    assert site.printed[0] not in page.text
    assert client.get("/enter", params={"token": site.printed[0]}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_foreign_forms_are_refused(site: Site, headers: dict[str, str]) -> None:
    assert site.stranger().post("/link", headers=headers).status_code == 403
    assert site.printed == []


def test_own_form_of_an_old_browser_is_taken(site: Site) -> None:
    assert site.stranger().post("/link", headers={"Origin": ORIGIN}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:1",
        f"127.0.0.1.evil.example:{PORT}",
        "",
    ],
)
def test_wrong_host_is_refused_even_with_a_session(site: Site, host: str) -> None:
    client = site.signed_in()
    assert client.get("/", headers={"Host": host}).status_code == 421
    assert client.get("/static/crowsnest.css", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_other_names_of_this_machine_are_taken(site: Site, host: str) -> None:
    assert site.stranger().get("/", headers={"Host": host}).status_code == 401


def test_wrong_cookie_is_no_session(site: Site) -> None:
    site.signed_in()
    client = site.stranger()
    for cookie in (f"crowsnest_{PORT}=guess", f"crowsnest_{PORT}=", "crowsnest_1=x", "=;;", '"'):
        assert client.get("/", headers={"Cookie": cookie}).status_code == 401


def test_link_from_another_site_is_asked_for_again_by_our_own_page(site: Site) -> None:
    page = site.stranger().get(
        f"{ORIGIN}//evil.example/a?q=%22%3E%3Cscript%3E", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert page.status_code == 200
    assert f'content="0;url={ORIGIN}//evil.example/a?q=%22%3E%3Cscript%3E"' in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("path", [*PAGES, "/enter", "/static/crowsnest.css"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_carries_the_security_headers(site: Site, path: str, signed_in: bool) -> None:
    client = site.signed_in() if signed_in else site.stranger()
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_failure_page_carries_the_headers_and_tells_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(subscriber_id: str | None = None) -> list[object]:
        raise RuntimeError("secret detail")

    site = Site(market)
    client = site.signed_in()
    client._transport.raise_server_exceptions = False
    monkeypatch.setattr(market.context.ledger, "briefs", broken)
    page = client.get("/briefs")
    assert page.status_code == 500
    assert "secret detail" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_no_address_but_the_form_changes_anything(site: Site) -> None:
    client = site.signed_in()
    for path in ("/", "/search", "/briefs", "/status"):
        assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405
    assert client.get("/link").status_code == 405


def test_documentation_pages_of_the_framework_are_off(site: Site) -> None:
    client = site.signed_in()
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404
