"""What a label row says beside price and speed: terms, fees, data, whom it is for, over what and where."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from crawlers.readers.cells import Cells
from crawlers.readers.columnnames import words
from market.records import Source
from market.records.offer import Technology
from market.records.source import Segment
from market.units import parse_term, split_list

_YES_BEFORE = re.compile(r"^(?:yes|y|required)\b[\s,;:–-]*", re.IGNORECASE)


def terms(cells: Cells) -> dict[str, Any]:
    """Return the slots of contract, termination, data and fees."""
    terms: dict[str, Any] = {}
    words_ = cells.text("contract")
    months = cells.months("contract_months")
    # "Yes, 1 year" and "24 months" tell the term where a yes or no is asked for.
    told = parse_term(_YES_BEFORE.sub("", words_).strip("() ")) if re.search("[a-z]", words_) else None
    if words_.isdigit() and int(words_) > 1 and not months:
        told = int(words_)
    required: bool | None
    if told and not months:
        required, months = True, told
    elif told == 0 or (not words_ and months == 0 and "contract" not in cells.columns.slots):
        required = False
    else:
        required = (
            cells.flag("contract")
            if words_ and not words_.lower().startswith("requires a business")
            else None
        )
    if required is False:
        if months:
            cells.problem("contract_months")
        else:
            terms["contract_months"] = 0
    elif months:
        terms["contract_months"] = months
    if cells.text("termination"):
        amount = cells.money("termination")
        terms["termination_cents"] = amount.cents if amount else None
    data = cells.data()
    if data is not None:
        terms["data_cap_gb"], terms["unlimited_data"] = data.gb, data.unlimited
    parted = cells.parted_fees()
    terms["monthly_fees"] = cells.fees("monthly_names", "monthly_amounts")
    terms["monthly_fees"] += tuple(fee for columns, fee in parted if not columns.once)
    once = cells.fees("one_time_names", "one_time_amounts")
    once += cells.fees("equipment_names", "equipment_amounts")
    terms["one_time_fees"] = once + tuple(fee for columns, fee in parted if columns.once)
    return terms


def segment(cells: Cells, source: Source) -> Segment:
    """Return whom the plan is for, by its names, else as the source says."""
    named = " ".join(cells.text(slot) for slot in ("plan", "tier", "connection", "segment"))
    for entry in words()["segment"]:
        if entry["words"].search(named):
            found: Segment = entry["name"]
            return found
    return source.options.segment


def technology(cells: Cells, label: str) -> Technology:
    """Return the plan's technology; `label` is what a packed cell says of the figure that is read."""
    if cells.text("connection").lower().startswith("mobile"):
        return "mobile"
    own = cells.text("technology")
    if label and len(technologies(cells)) > 1:
        own = label
    for named in (own, cells.text("tier"), cells.text("plan"), cells.text("connection"), label):
        found = technology_in(named)
        if found is not None:
            return found
    return "unknown"


@lru_cache(maxsize=8192)
def technology_in(text: str) -> Technology | None:
    """Return the technology that words or a code name, or None."""
    code: Technology | None = words()["technology_codes"].get(text)
    if code is not None:
        return code
    for entry in words()["technology"]:
        if text and entry["words"].search(text):
            found: Technology = entry["name"]
            return found
    return None


def technologies(cells: Cells) -> list[str]:
    """Return the entries of a packed technology cell, if each names another technology: "Fiber; DSL"."""
    entries = [
        entry for entry in re.split(r"\s*[;|/,&]\s*|\s+(?:and|or)\s+", cells.text("technology")) if entry
    ]
    told = [technology_in(entry) for entry in entries]
    return entries if len(entries) > 1 and None not in told and len(set(told)) == len(told) else []


def market(cells: Cells, source: Source) -> tuple[str, ...]:
    """Return the places where the row's price holds: as its own columns say, else as the source does."""
    state, city, county = (cells.text(slot) for slot in ("state", "city", "county"))
    entries = split_list(cells.raw("zip").replace(",", ";"))
    zips = [entry.split("-")[0].zfill(5) for entry in entries if re.fullmatch(r"\d{4,5}(?:-\d{4})?", entry)]
    if zips:
        return tuple(dict.fromkeys(zips))
    for slot, named in (("city", city), ("county", county)):
        if named and state:
            each = split_list(cells.raw(slot)) or [named]
            suffix = (
                " County"
                if slot == "county" and not re.search(r"\b(?:county|parish|borough)\b", named, re.I)
                else ""
            )
            return tuple(f"{place}{suffix}, {state}" for place in each)
    places = split_list(cells.raw("place")) or [named for named in (city, county) if named]
    if not places and state:
        places = [entry for entry in split_list(cells.raw("state").replace(",", ";")) if entry]
    if places:
        nationwide = words()["rows"]["nationwide"]
        return tuple(dict.fromkeys("US" if nationwide.match(each) else each for each in places if each))
    # A company's label file without places holds for all that it serves; its pages may be one market's.
    nationwide_file = source.company is not None and source.kind == "labels"
    return source.options.market or (("US",) if nationwide_file else ())
