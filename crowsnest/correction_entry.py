"""From a correction asked for on the command line to its entry in corrections.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from crowsnest.correction_names import Name, Names
from crowsnest.correction_subjects import Subject
from crowsnest.corrections import OF_COMPANY
from market.errors import UsageError
from market.records.correction import CorrectionKind, CorrectionRole

Entry = dict[str, str | None]


def entry_for(
    names: Names,
    subject: Subject,
    asked: Mapping[str, tuple[str, str] | None],
    *,
    as_role: str | None = None,
    kind: str | None = None,
) -> Entry:
    """Return the keys of a [[correction]] but for its signature, its names as the file is read with.

    `asked` has one of "--reject", "--add", "--replace" and "--role". Raises UsageError saying what the
    record has, or what could be meant.
    """
    return {**subject.keys, **_said(names, subject, asked, as_role, kind)}


def _said(
    names: Names,
    subject: Subject,
    asked: Mapping[str, tuple[str, str] | None],
    as_role: str | None,
    kind: str | None,
) -> Entry:
    if not subject.is_whole and (as_role is not None or asked["--role"]):
        raise UsageError("correction-unclear", f"{subject.what} has no roles; correct the article for them")
    _check_company(subject, asked)
    if as_role is not None and not (asked["--add"] or asked["--replace"]):
        raise UsageError("correction-unclear", "--as goes with --add or --replace")
    if pair := asked["--add"]:
        chosen = _kind(pair[0])
        added = _known(names, chosen, pair[1])
        role = {"role": _role(as_role or "about")} if subject.is_whole else {}
        return _entry(names, "add", chosen, added) | role
    if pair := asked["--reject"]:
        chosen = _kind(pair[0])
        return _entry(names, "reject", *_in_record(subject, names, (chosen,), pair[1]))
    kinds: tuple[CorrectionKind, ...] = (_kind(kind),) if kind else ("place", "company")
    if pair := asked["--role"]:
        return _entry(names, "role", *_in_record(subject, names, kinds, pair[0])) | {"role": _role(pair[1])}
    old, new = cast(tuple[str, str], asked["--replace"])
    chosen, found = _in_record(subject, names, kinds, old)
    put_in = _known(names, chosen, new)
    if put_in.target == found.target:
        raise UsageError("correction-unclear", f"{new!r} is what {found.name} means already")
    # The role is written down, so that it stays when a later tagger no longer finds the old one.
    new_role = _role(as_role) if as_role else subject.roles.get(found.target)
    return _entry(names, "replace", chosen, found) | {"new": names.written(chosen, put_in), "role": new_role}


def _check_company(subject: Subject, asked: Mapping[str, tuple[str, str] | None]) -> None:
    """Refuse to add or take away the company of what cannot be without one."""
    for action in ("add", "reject"):
        pair = asked[f"--{action}"]
        if pair is None or pair[0] != "company":
            continue
        for part, can in OF_COMPANY.items():
            if part in subject.keys and action not in can:
                options = " or ".join(f"--{each}" for each in can)
                words = f"{subject.what} is always one company's: give {options}"
                raise UsageError("correction-unclear", words)


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


def _in_record(
    subject: Subject, names: Names, kinds: tuple[CorrectionKind, ...], text: str
) -> tuple[CorrectionKind, Name]:
    """Return which place or company of the record `text` means."""
    found = [(kind, name) for kind in kinds if (name := _named(subject, names, kind, text)) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        words = f"{text!r} may be a place or a company; add --kind place or --kind company"
        raise UsageError("correction-unclear", words)
    if subject.present is None:
        raise UsageError(f"{kinds[0]}-unknown", names.problem(kinds[0], text))
    has = [name.name for kind in kinds for name in subject.present[kind]]
    raise UsageError(
        "correction-target",
        f"{subject.what} has no {' or '.join(kinds)} {text!r}, or several; it has: "
        f"{'; '.join(has) or 'none'}",
    )


def _named(subject: Subject, names: Names, kind: CorrectionKind, text: str) -> Name | None:
    """Return which of a record's places or companies `text` means; None for none of them, or several.

    A bare name is enough where the record has one of it: "Columbus" for "Columbus, OH".
    """
    found = names.resolve(kind, text, must_be_known=False)
    if subject.present is None:
        return found
    present = subject.present[kind]
    if found is not None:
        exact = [name for name in present if name.target == found.target]
        if exact:
            return exact[0]
    wanted = text.strip().casefold()
    alike = [
        name for name in present if wanted in (name.name.casefold(), name.name.rpartition(",")[0].casefold())
    ]
    return alike[0] if len(alike) == 1 else None
