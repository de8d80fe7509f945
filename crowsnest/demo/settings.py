"""The demo's market.toml, filled in for one sample web."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined, select_autoescape

from crowsnest.demo.server import SampleWeb

TEMPLATE: Final = Path(__file__).parent / "market.template.toml"
"""The demo's settings; `url` and `host` hold one entry a site, with "_" for "-"."""

ACCOUNTS: Final = Path(__file__).parent / "accounts.csv"
"""The demo's accounts, as `crowsnest accounts import` takes them."""

WHAT_HAPPENED: Final = Path(__file__).parent / "what-happened.toml"
"""What the readers should learn from the sample web and must not be told."""

EXPECTED_ISSUES: Final = Path(__file__).parent / "expected-issues.toml"
"""The issues that the demo's runs are meant to record."""


def market_toml(
    web: SampleWeb, *, data: Path | str = "data", mail_port: int = 25, web_port: int = 8722
) -> str:
    """Return the text of the demo's market.toml for a sample web that is being served."""
    names = {site.id: site.id.replace("-", "_") for site in web.sites}
    return (
        Environment(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            autoescape=select_autoescape(default_for_string=False),
        )
        .from_string(TEMPLATE.read_text(encoding="utf-8"))
        .render(
            url={names[site.id]: web.url(site.id, "") for site in web.sites},
            host={names[site.id]: site.host for site in web.sites},
            data=Path(data).as_posix(),
            mail_port=mail_port,
            web_port=web_port,
        )
    )
