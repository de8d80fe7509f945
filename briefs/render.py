"""Briefs and sheets as HTML and plain text. Templates lie beside this module; nothing is loaded from afar."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache

import mrml
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from briefs.charts import chart_png, data_url
from briefs.lines import Line
from briefs.sheet_view import sheet_view
from briefs.view import View, view
from market.records import Brief, Sheet

# Without this MJML links the web fonts that it knows by name: a mail must not tell anyone that it was opened.
_OPTIONS = mrml.RenderOptions(fonts={})


@dataclass(frozen=True)
class Rendered:
    """One brief in both forms that a mail carries."""

    subject: str
    html: str
    """With pictures inside: a page that stands alone."""
    text: str
    mail_html: str = ""
    """With pictures as parts of a mail; empty where there are none."""
    pictures: tuple[tuple[str, bytes], ...] = ()
    """(Content-ID without brackets, PNG) of `mail_html`."""


def _fold(text: str, later: str = "", first: str = "", width: int = 78) -> str:
    """Return text broken into lines of at most `width`; addresses and long words are never cut."""
    folded = textwrap.fill(
        " ".join(text.split()),
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return folded or first.rstrip()


def _title_first(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def environment() -> Environment:
    """Return the template environment: MJML and HTML are escaped, plain text is not."""
    made = Environment(
        loader=PackageLoader("briefs"),
        autoescape=select_autoescape(enabled_extensions=("mjml", "html"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["fold"] = _fold
    made.filters["title_first"] = _title_first
    return made


def render_brief(brief: Brief, zone: tzinfo, web_url: str = "") -> Rendered:
    """Render a brief; days are shown in `zone`, captures linked under `web_url` when there is one."""
    shown = view(brief, zone, web_url)
    lines = {line.chart_id: line for part in shown.parts for line in part.lines if line.chart}
    text = environment().get_template("brief.txt").render(view=shown)
    return Rendered(
        subject=shown.subject,
        html=_html(shown, _inside),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        mail_html=_html(shown, _attached) if lines else "",
        pictures=tuple((name, chart_png(line.chart)) for name, line in lines.items()),
    )


def _html(shown: View, picture: Callable[[Line], str]) -> str:
    mjml = environment().get_template("brief.mjml").render(view=shown, picture=picture)
    return str(mrml.to_html(mjml, render_options=_OPTIONS).content)


def _inside(line: Line) -> str:
    return data_url(line.chart)


def _attached(line: Line) -> str:
    return f"cid:{line.chart_id}"


def render_sheet(sheet: Sheet, zone: tzinfo, web_url: str = "") -> str:
    """Render a meeting sheet as one HTML page that prints on A4 or Letter."""
    return (
        environment()
        .get_template("sheet.html")
        .render(sheet=sheet_view(sheet, zone, web_url), picture=_inside)
        .lstrip()
    )
