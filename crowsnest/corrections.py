"""corrections.toml, beside market.toml: the analyst's corrections, read at every run and only added to."""

from __future__ import annotations

import fcntl
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from crowsnest.correction_names import Names
from crowsnest.settings import Settings
from crowsnest.settings_errors import at as mistake_at
from crowsnest.settings_errors import explain, explain_toml
from crowsnest.toml_lines import TomlLines
from market.errors import SettingsError, UnavailableError
from market.ids import article_id, digest
from market.records import Correction, Undoing
from market.records.correction import CorrectionAction, CorrectionKind, CorrectionRole

HEAD = """\
# The analyst's corrections of places and companies: of articles, of the builds they tell of, of published
# plans. They stand above what was read, at every run, and survive re-tagging, re-reading and rebuilding.
# `crowsnest correct` adds to this file; what is taken back stays.
"""


def _filled(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise ValueError("write something here; it is shown with the record")
    return text


Filled = Annotated[str, AfterValidator(_filled)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class CorrectionEntry(_Table):
    """[[correction]]: one correction of one article, or of a published plan."""

    record: Filled
    """The article: its URL or its id. Of a plan: the URL of its page, or of its source."""
    build: Filled | None = None
    """Only what the article tells of this company's builds is wrong; the company's id or name."""
    plan: Filled | None = None
    """The plan of a price page, by a name it bears or bore; "*" is all plans of the page."""
    action: CorrectionAction
    """What is wrong: a name that is not in it, one that is missing, one taken for another, or a role."""
    kind: CorrectionKind
    """What is named."""
    name: Filled
    """"Greenville, SC", a FIPS code or "#" and a gazetteer id; a company's id or name."""
    new: Filled | None = None
    """Of "replace": what should stand there."""
    role: CorrectionRole | None = None
    """Of "role", and of what "add" or "replace" puts in: "about" unless said otherwise."""
    author: Filled
    """Who says so; shown with the record."""
    reason: Filled
    """Why; shown with the record."""
    at: datetime | date | None = None
    """When; without a zone in the market's."""

    @model_validator(mode="after")
    def _complete(self) -> CorrectionEntry:
        if (self.new is None) == (self.action == "replace"):
            words = "write new = with what should stand there" if self.new is None else "takes no new ="
            raise ValueError(f'action "{self.action}": {words}')
        if self.action == "role" and self.role is None:
            raise ValueError('action "role": write role = "about" or "mentioned"')
        if self.action == "reject" and self.role is not None:
            raise ValueError('action "reject" takes no role =')
        part = "build" if self.build else "plan" if self.plan else ""
        if self.build and self.plan:
            raise ValueError("write build = or plan =, not both")
        if part and self.role is not None:
            raise ValueError(f"a {part} has no roles: leave out role =, or {part} = to correct the article")
        if part and self.kind == "company" and self.action not in OF_COMPANY[part]:
            can = " or ".join(f'"{action}"' for action in OF_COMPANY[part])
            raise ValueError(f"the company of a {part} takes action {can}")
        return self


OF_COMPANY: Mapping[str, tuple[CorrectionAction, ...]] = {
    "build": ("replace", "reject"),
    "plan": ("replace",),
}
"""What may be done with the company of a part: there is no build and no plan of nobody."""


class UndoEntry(_Table):
    """[[undo]]: takes a correction back; both stay in the file."""

    correction: Filled
    """Its id, as `crowsnest correct --list` shows it."""
    author: Filled
    """Who takes it back."""
    reason: Filled
    """Why."""
    at: datetime | date | None = None
    """When; without a zone in the market's."""


class CorrectionsFile(_Table):
    """The whole file."""

    correction: tuple[CorrectionEntry, ...] = ()
    undo: tuple[UndoEntry, ...] = ()


def path_of(settings: Settings) -> Path:
    """Return where the market's corrections lie."""
    return settings.path.parent / "corrections.toml"


def read_corrections(settings: Settings, names: Names) -> list[Correction]:
    """Return the corrections of the file in its order, undone ones too; [] when there is no file.

    Raises SettingsError naming file, line, key and the fix.
    """
    path = path_of(settings)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "corrections-unreadable", f"{path}: cannot be read as UTF-8 text: {error}"
        ) from error
    return parse(path, text, settings, names)


def parse(path: Path, text: str, settings: Settings, names: Names) -> list[Correction]:
    """Return the corrections of a file's text; raises SettingsError like `read_corrections`."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("corrections-not-toml", explain_toml(path, text, error)) from error
    lines = TomlLines(text)
    try:
        entries = CorrectionsFile.model_validate(raw)
    except ValidationError as error:
        words = explain(path, lines, error, CorrectionsFile)
        raise SettingsError("corrections-invalid", words) from error
    found: dict[str, Correction] = {}
    mistakes: list[str] = []
    for number, entry in enumerate(entries.correction):
        made = _correction(entry, settings, names, found)
        if isinstance(made, Correction):
            found[made.id] = made
        else:
            key, words = made
            mistakes.append(mistake_at(path, lines, ("correction", number, key), words))
    for number, undo in enumerate(entries.undo):
        if undo.correction not in found and not mistakes:
            words = f'there is no correction "{undo.correction}"; `crowsnest correct --list` shows their ids'
            mistakes.append(mistake_at(path, lines, ("undo", number, "correction"), words))
        elif undo.correction in found:
            undone = Undoing(author=undo.author, reason=undo.reason, at=_moment(undo.at, settings))
            found[undo.correction] = found[undo.correction].model_copy(update={"undone": undone})
    if mistakes:
        raise SettingsError("corrections-invalid", "\n".join(mistakes))
    return list(found.values())


def _correction(
    entry: CorrectionEntry, settings: Settings, names: Names, before: dict[str, Correction]
) -> Correction | tuple[str, str]:
    """Return an entry as a correction, or the key that is wrong and what to write."""
    must_be_known = entry.action == "add"
    target = names.resolve(entry.kind, entry.name, must_be_known=must_be_known)
    if target is None:
        return "name", names.problem(entry.kind, entry.name)
    new = names.resolve(entry.kind, entry.new, must_be_known=True) if entry.new else None
    if entry.new and new is None:
        return "new", names.problem(entry.kind, entry.new)
    if new is not None and new.target == target.target:
        return "new", f"{new.name} is what {target.name} means already"
    if entry.plan and "://" not in entry.record:
        return "record", f'write the URL of the page that lists the plan (found "{entry.record}")'
    record = record_id_of(entry.record)
    if record is None:
        return "record", f'write the URL or id of an article (found "{entry.record}")'
    part = names.resolve("company", entry.build, must_be_known=False) if entry.build else None
    if entry.build and part is None:
        return "build", names.problem("company", entry.build)
    parts = (entry.record, entry.action, entry.kind, entry.name, entry.new, entry.role)
    of = [f"{key}={value}" for key, value in (("build", entry.build), ("plan", entry.plan)) if value]
    said = (*parts, entry.author, entry.reason, entry.at, *of)
    number = 0
    while (made := "k" + digest("correction", *said, *([number] if number else []))) in before:
        number += 1
    return Correction(
        id=made,
        record=entry.record,
        record_id=record,
        scope="build" if part else "plan" if entry.plan else "article",
        part=part.target if part else entry.plan or "",
        part_name=part.name if part else entry.plan or "",
        action=entry.action,
        kind=entry.kind,
        target=target.target,
        name=target.name,
        new_target=new.target if new else None,
        new_name=new.name if new else "",
        role=entry.role,
        author=entry.author,
        reason=entry.reason,
        at=_moment(entry.at, settings),
    )


def record_id_of(text: str) -> str | None:
    """Return the article id that a URL or an id names; None for anything else."""
    if "://" in text:
        return article_id(text)
    is_id = len(text) == 21 and text[0] == "a" and set(text[1:]) <= set("0123456789abcdef")
    return text if is_id else None


def _moment(value: datetime | date | None, settings: Settings) -> datetime | None:
    """Return a TOML date or time in UTC; without a zone it is the market's."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=settings.market.zone)).astimezone(UTC)


def append(settings: Settings, names: Names, table: str, fields: Mapping[str, str | datetime | None]) -> None:
    """Add a [[correction]] or [[undo]] table to the file, which is made when it is missing.

    What would not be understood when it is read again is refused with SettingsError, and nothing is written.
    """
    path = path_of(settings)
    entry = [
        f"[[{table}]]",
        *(f"{key} = {_toml(value)}" for key, value in fields.items() if value is not None),
    ]
    with _held(path) as file:
        file.seek(0)
        before = file.read().removeprefix("\ufeff")
        added = ("" if before.endswith("\n") else "\n") if before else HEAD
        added += "\n" + "\n".join(entry) + "\n"
        parse(path, before + added, settings, names)
        file.write(added)


@contextmanager
def _held(path: Path) -> Iterator[IO[str]]:
    """Open the file for reading and appending, alone among those who add to it."""
    try:
        with path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
    except UnicodeDecodeError as error:
        raise SettingsError(
            "corrections-unreadable", f"{path}: cannot be read as UTF-8 text: {error}"
        ) from error
    except OSError as error:
        raise UnavailableError("corrections-unwritable", f"cannot write {path}: {error.strerror}") from error


def _toml(value: str | datetime) -> str:
    """Return a value as TOML writes it; JSON's escapes are TOML's too."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
