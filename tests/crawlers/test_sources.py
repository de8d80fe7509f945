from __future__ import annotations

import pytest

from crawlers.politeness import CrawlOptions, host_of, is_private, url_problem
from crawlers.sources import catalog
from market.records import Source


@pytest.mark.parametrize("source", catalog(), ids=lambda source: source.id)
def test_a_shipped_source_is_complete(source: Source) -> None:
    assert source.url.startswith("https://")
    assert source.publisher
    assert url_problem(source.url, private_ok=False) is None
    assert source.enabled or source.terms.note, "a disabled source says why"
    assert source.terms.allowed or not source.enabled, "what the terms forbid ships disabled"


def test_the_catalog_has_no_two_sources_of_one_address() -> None:
    addresses = [source.url for source in catalog()]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0x7f000001",
        "2130706433",
        "127.1",
        "0.0.0.0",
        "localhost",
        "intranet",
        "printer.local",
        "db.internal",
    ],
)
def test_private_hosts_are_known(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["harbor.example", "8.8.8.8", "2606:4700::1", "news.local.harbor.example"])
def test_public_hosts_are_known(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://harbor.example/",
        "https:///x",
        "https://me@harbor.example/",
        "https://harbor.example:port/",
        "https://[::1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://harbor.example/" + "a" * 3000,
        "/relative",
        "",
    ],
)
def test_urls_not_to_be_asked_for(url: str) -> None:
    assert url_problem(url, private_ok=False)


def test_an_intranet_source_may_lead_into_its_network() -> None:
    assert url_problem("http://10.0.0.5/news", private_ok=True) is None


def test_the_user_agent_names_version_and_contact() -> None:
    agent = CrawlOptions(contact="https://harbor.example/bot").user_agent
    assert agent.startswith("Crowsnest/")
    assert agent.endswith("(+https://harbor.example/bot)")


def test_a_host_is_its_name_without_port_and_case() -> None:
    assert [host_of(url) for url in ("https://Harbor.Example.:8080/x", "nothing", "http://[broken")] == [
        "harbor.example",
        "",
        "",
    ]
