"""Pages as HTML: the Jinja2 environment, escaping always on, and the values every page has."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from briefs.wording import monthly, move_words, price_terms, topic_label
from crowsnest.web import format as written
from crowsnest.web.deps import WebContext
from market.records import Article
from market.services import bundle_words

_FOLDER = Path(__file__).parent / "templates"


class View:
    """Renders templates for one market."""

    def __init__(self, context: WebContext) -> None:
        zone = context.settings.market.zone
        self.zone = zone

        def day(value: date | datetime | None) -> str:
            return written.day(value, zone)

        def moment(value: datetime | None) -> str:
            return written.moment(value, zone)

        def published(article: Article) -> str:
            return written.published(article, zone)

        def place(place_id: int) -> str:
            found = context.gazetteer.place(place_id)
            return written.place_name(found) if found else f"place {place_id}"

        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            {
                "day": day,
                "moment": moment,
                "published": published,
                "iso_day": written.iso_day,
                "month": written.month,
                "money": written.money,
                "speed": written.speed,
                "speeds": written.speeds,
                "price": written.price,
                "price_notes": written.price_notes,
                "monthly": monthly,
                "move_words": move_words,
                "price_terms": price_terms,
                "bundle": bundle_words,
                "markets": written.markets,
                "size": written.size,
                "evidence_url": written.evidence_url,
                "company": context.lexicon.name,
                "words": written.words,
                "topic": topic_label,
                "every": written.every,
                "place_name": written.place_name,
                "place": place,
                "is_web": written.is_web,
                "anchored": written.anchored,
            }
        )
        self._environment.globals.update(
            {
                "market_name": context.settings.market.name,
                "capture_url": written.capture_url,
                "chart_url": written.chart_url,
                "count": written.count,
                "states": written.STATES,
            }
        )

    def text(self, template: str, **values: Any) -> str:
        """Return `template` filled with `values`; a name the template needs and does not get is an error."""
        return self._environment.get_template(template).render(**values)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return the filled template as a response."""
        return HTMLResponse(self.text(template, **values), status_code=status)
