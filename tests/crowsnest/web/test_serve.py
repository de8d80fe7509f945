"""`crowsnest serve` as a process: its link, its refusals, its end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from crowsnest.web.serve import Served, link
from market.errors import UsageError
from tests.crowsnest.web.market import SETTINGS


def _command(settings: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "crowsnest", "--settings", str(settings), "serve", *options]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "market.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def test_addresses_of_links() -> None:
    assert link(Served("127.0.0.1", 8321), "t") == "http://127.0.0.1:8321/enter?token=t"
    assert link(Served("::1", 8321), "t") == "http://[::1]:8321/enter?token=t"


def test_other_machines_are_refused_before_anything_is_opened() -> None:
    with pytest.raises(UsageError, match="answers this machine only"):
        Served("0.0.0.0", 8321)


def test_printed_link_opens_a_market_nothing_was_collected_in(settings: Path) -> None:
    with subprocess.Popen(
        _command(settings, "--port", "0"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.fullmatch(
            r"Open (http://127\.0\.0\.1:\d+)(/enter\?token=\S+)\n", process.stdout.readline()
        )
        assert found is not None
        with httpx.Client(base_url=found[1]) as client:
            assert client.get("/").status_code == 401
            assert client.get(found[2]).status_code == 303
            pages = {path: client.get(path) for path in ("/", "/search", "/briefs", "/status")}
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert {path: page.status_code for path, page in pages.items()} == {
        "/": 200,
        "/search": 503,
        "/briefs": 200,
        "/status": 200,
    }
    assert "Nothing has been collected yet" in pages["/"].text
    assert "Not yet collected" in pages["/status"].text


def test_setting_of_a_public_address_is_refused(settings: Path) -> None:
    settings.write_text(SETTINGS + '\n[web]\nhost = "0.0.0.0"\n', encoding="utf-8")
    done = subprocess.run(_command(settings), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "0.0.0.0" in done.stderr
    assert "ssh -L" in done.stderr
    assert not (settings.parent / "data").exists()


def test_taken_port_is_named_with_the_way_out(settings: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            _command(settings, "--port", port), capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 3
    assert f"port {port}" in done.stderr
    assert "--port 0" in done.stderr
