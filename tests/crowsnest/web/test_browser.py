"""A real browser on the served app: signing in, reading, checking words, and hostile pages kept harmless."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from crowsnest.web.app import create_app
from crowsnest.web.auth import Access
from tests.crowsnest.web.market import BUILD_QUOTE, BUILD_TITLE, Market

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.browser


class Served:
    """The app on a real socket."""

    def __init__(self, market: Market) -> None:
        self.printed: list[str] = []
        self.access = Access(market.context.clock, self.printed.append)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.origin = f"http://127.0.0.1:{self.port}"
        app = create_app(market.context, self.access, host="127.0.0.1", port=self.port)
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def link(self) -> str:
        return f"{self.origin}/enter?token={self.access.issue()}"


@pytest.fixture(scope="module")
def served(market: Market) -> Iterator[Served]:
    site = Served(market)
    site.thread.start()
    while not site.server.started:
        time.sleep(0.02)
    yield site
    site.server.should_exit = True
    site.thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing; apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def reader(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A signed-in reader on a narrow window."""
    context = browser.new_context(viewport={"width": 375, "height": 740})
    page = context.new_page()
    page.goto(served.link())
    assert page.url == f"{served.origin}/"
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    opened = reader.new_page()
    yield opened
    opened.close()


def test_link_signs_in_and_the_cookie_is_out_of_reach(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    link = served.link()
    page.goto(link)
    assert page.get_by_role("heading", level=1).inner_text() == "Upstate"
    (cookie,) = context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    context.close()
    other = browser.new_context().new_page()
    other.goto(link)
    assert other.get_by_role("heading", level=1).inner_text() == "This link no longer works"
    other.context.close()


def test_stranger_has_a_new_link_printed_and_enters_with_it(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.origin)
    printed = len(served.printed)
    page.get_by_role("button", name="Print a new link").click()
    page.get_by_text("A new link has been printed").wait_for()
    assert len(served.printed) == printed + 1
    page.goto(f"{served.origin}/enter?token={served.printed[-1]}")
    assert page.url == f"{served.origin}/"
    context.close()


def test_link_on_another_site_keeps_the_session(reader: BrowserContext, served: Served) -> None:
    page = reader.new_page()
    page.route(
        "http://mail.example/",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<a href="{served.origin}/briefs">brief</a>'
        ),
    )
    page.goto("http://mail.example/")
    page.get_by_role("link", name="brief").click()
    page.get_by_role("heading", name="Weekly briefs").wait_for()
    page.close()


def test_from_the_brief_to_the_words_in_the_archived_page(page: Page, served: Served) -> None:
    page.goto(served.origin)
    page.get_by_role("link", name="Dana Whitfield").click()
    page.get_by_role("link", name="Bluewater Fiber newsroom, published").click()
    assert page.get_by_role("heading", level=1).inner_text() == BUILD_TITLE
    mark = page.locator("mark#quote")
    assert mark.inner_text() == BUILD_QUOTE
    # The browser goes to the fragment once the page is laid out, which may be after it can be asked.
    expect(mark).to_be_in_viewport()
    framed = page.frame_locator("iframe").locator("mark#quote")
    assert " ".join(framed.inner_text().split()) == BUILD_QUOTE


def test_hostile_page_neither_runs_nor_loads_nor_leaves(
    reader: BrowserContext, served: Served, market: Market
) -> None:
    page = reader.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in ("", "/page", "/source"):
        page.goto(f"{served.origin}/capture/{market.build.capture_id}{path}")
        page.wait_for_load_state("networkidle")
        assert "taken over" not in page.title()
    assert dialogs == []
    assert [url for url in asked if not url.startswith(f"{served.origin}/")] == []
    page.close()


def test_search_by_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(f"{served.origin}/search")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("easley")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 hits").wait_for()
    page.get_by_role("link", name="Article 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 hit").wait_for()


@pytest.mark.parametrize("width", [375, 768, 1400])
def test_no_page_is_wider_than_its_window(
    reader: BrowserContext, served: Served, market: Market, width: int
) -> None:
    page = reader.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    offer = market.offers[-1]
    for path in (
        "/",
        "/search?" + urlencode({"q": "fiber", "kind": "article"}),
        "/briefs",
        f"/briefs/{market.brief.id}",
        "/status",
        f"/capture/{market.build.capture_id}?" + urlencode({"quote": BUILD_QUOTE}),
        f"/capture/{offer.capture_id}?" + urlencode({"record": offer.id}),
    ):
        page.goto(f"{served.origin}{path}")
        session = reader.new_cdp_session(page)
        assert session.send("Page.getLayoutMetrics")["cssContentSize"]["width"] == width, path
        session.detach()
    assert errors == []
    page.close()
