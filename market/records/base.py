"""What all records share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record built by keyword only; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone; records hold aware UTC times")
    return moment.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_to_utc)]
"""An aware time, always kept in UTC."""
