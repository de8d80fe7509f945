"""Correction: an analyst's word on a record, which stands above the tagger's."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime

CorrectionAction = Literal["reject", "add", "replace", "role"]
CorrectionKind = Literal["place", "company"]
CorrectionRole = Literal["about", "mentioned"]
CorrectionScope = Literal["article", "build", "plan"]
"""The whole article; only what it tells of one company's builds; a published plan of a price page."""

ALL_PLANS = "*"
"""The part that means every plan of a page."""


class Undoing(Record):
    """A correction taken back."""

    author: str
    reason: str
    at: UtcTime | None = None


class Correction(Record):
    """One correction of a record's places or companies."""

    id: str
    """Made of everything the file says of it, so that one file always gives one set of ids."""
    record: str
    """The record as the analyst named it: an article's URL or id; of a plan its page's or source's URL."""
    record_id: str
    """The article's id; of a plan the id that its page's URL would have as an article's."""
    scope: CorrectionScope = "article"
    part: str = ""
    """Of a build its company's id, of a plan its name, present or former, or "*" for all of the page."""
    part_name: str = ""
    """The part in words."""
    action: CorrectionAction
    kind: CorrectionKind
    target: str
    """Place id as text, or company id: what is rejected, added, replaced or given a role."""
    name: str
    """The target in words: "Columbus, OH"."""
    new_target: str | None = None
    """What a replacement puts in the target's place."""
    new_name: str = ""
    role: CorrectionRole | None = None
    """The role of what is added or put in; None leaves the role of what is replaced."""
    author: str
    reason: str
    at: UtcTime | None = None
    """When the analyst said so; None when the file gives no time."""
    undone: Undoing | None = None
    """Set once it has been taken back: it is kept, and no longer applied."""

    def words(self) -> str:
        """Return what was corrected, by whom and why: "place Columbus, OH rejected by N. N.: not ours"."""
        done = {
            "reject": f"{self.kind} {self.name} rejected",
            "add": f"{self.kind} {self.name} added",
            "replace": f"{self.kind} {self.name} corrected to {self.new_name}",
            "role": f"role of {self.name} corrected to {self.role}",
        }[self.action]
        where = {
            "article": "",
            "build": f"build of {self.part_name}: ",
            "plan": "all plans of the page: " if self.part == ALL_PLANS else f"plan {self.part}: ",
        }[self.scope]
        return f"{where}{done} by {self.author}: {self.reason}"
