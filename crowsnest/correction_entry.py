"""From a correction asked for on the command line to its entry in corrections.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from crowsnest.correcting import named_in, present_in
from crowsnest.correction_names import Name, Names
from market.errors import UsageError
from market.records import Tagged
from market.records.correction import CorrectionKind, CorrectionRole

Entry = dict[str, str | None]


def entry_for(
    names: Names,
    tags: Tagged | None,
    asked: Mapping[str, tuple[str, str] | None],
    *,
    as_role: str | None = None,
    kind: str | None = None,
) -> Entry:
    """Return the keys of a [[correction]] but for record and signature, its names as the file is read with.

    `asked` has one of "--reject", "--add", "--replace" and "--role"; `tags` are the article's as they are,
    None before it is tagged. Raises UsageError saying what the article has, or what could be meant.
    """
    if as_role is not None and not (asked["--add"] or asked["--replace"]):
        raise UsageError("correction-unclear", "--as goes with --add or --replace")
    if pair := asked["--add"]:
        chosen = _kind(pair[0])
        added = _known(names, chosen, pair[1])
        return _entry(names, "add", chosen, added) | {"role": _role(as_role or "about")}
    if pair := asked["--reject"]:
        chosen = _kind(pair[0])
        return _entry(names, "reject", *_in_article(tags, names, (chosen,), pair[1]))
    kinds: tuple[CorrectionKind, ...] = (_kind(kind),) if kind else ("place", "company")
    if pair := asked["--role"]:
        return _entry(names, "role", *_in_article(tags, names, kinds, pair[0])) | {"role": _role(pair[1])}
    old, new = cast(tuple[str, str], asked["--replace"])
    chosen, found = _in_article(tags, names, kinds, old)
    put_in = _known(names, chosen, new)
    if put_in.target == found.target:
        raise UsageError("correction-unclear", f"{new!r} is what {found.name} means already")
    # The role is written down, so that it stays when a later tagger no longer finds the old one.
    roles = {str(item.id): item.role for item in tags.places} if tags else {}
    roles |= {item.id: item.role for item in tags.companies} if tags else {}
    role = _role(as_role) if as_role else roles.get(found.target)
    return _entry(names, "replace", chosen, found) | {"new": names.written(chosen, put_in), "role": role}


def _entry(names: Names, action: str, kind: CorrectionKind, found: Name) -> Entry:
    return {"action": action, "kind": kind, "name": names.written(kind, found)}


def _kind(text: str) -> CorrectionKind:
    if text not in get_args(CorrectionKind):
        raise UsageError("kind-unknown", f"{text!r} is no kind; write place or company, then its name")
    return cast(CorrectionKind, text)


def _role(text: str) -> CorrectionRole:
    if text not in get_args(CorrectionRole):
        raise UsageError("role-unknown", f"{text!r} is no role; write about or mentioned")
    return cast(CorrectionRole, text)


def _known(names: Names, kind: CorrectionKind, text: str) -> Name:
    found = names.resolve(kind, text, must_be_known=True)
    if found is None:
        raise UsageError(f"{kind}-unknown", names.problem(kind, text))
    return found


def _in_article(
    tags: Tagged | None, names: Names, kinds: tuple[CorrectionKind, ...], text: str
) -> tuple[CorrectionKind, Name]:
    """Return which place or company of the article `text` means."""
    found = [(kind, name) for kind in kinds if (name := named_in(tags, names, kind, text)) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        words = f"{text!r} may be a place or a company; add --kind place or --kind company"
        raise UsageError("correction-unclear", words)
    if tags is None:
        raise UsageError(f"{kinds[0]}-unknown", names.problem(kinds[0], text))
    has = [name.name for kind in kinds for name in present_in(tags, names, kind)]
    raise UsageError(
        "correction-target",
        f"the article has no {' or '.join(kinds)} {text!r}, or several; it has: {'; '.join(has) or 'none'}",
    )
