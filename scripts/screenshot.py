"""Draw the README's picture of a brief: docs/brief.png, from the demo's output.

Run, after `make run`: .venv/bin/python scripts/screenshot.py [demo-market]
It needs a Chromium (Debian: apt-get install chromium; elsewhere `playwright install chromium`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
BRIEF = Path("data/briefs/2026-W47-upstate-desk.html")
WIDTH, HEIGHT = 900, 1240
"""As wide as a README shows it, and as high as two sections of the brief."""


def draw(brief: Path, target: Path) -> None:
    """Write the upper part of a brief as a picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(brief.absolute().as_uri())
        page.screenshot(path=target)
        browser.close()


def main(arguments: list[str]) -> int:
    """Draw from the demo folder that is named, `demo-market` by default."""
    brief = Path(arguments[0] if arguments else ROOT / "demo-market") / BRIEF
    if not brief.exists():
        sys.stderr.write(f"{brief}: no such brief; run `make run` first, or name the demo's folder\n")
        return 2
    target = ROOT / "docs" / "brief.png"
    draw(brief, target)
    sys.stdout.write(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
