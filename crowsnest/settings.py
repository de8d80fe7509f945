"""Reading market.toml, strictly: an error names file, line, key and the fix."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crowsnest.settings_check import cross_check
from crowsnest.settings_errors import explain, explain_toml
from crowsnest.settings_tables import Settings
from crowsnest.toml_lines import TomlLines
from market.errors import SettingsError

__all__ = ["Settings", "load", "secret"]


def secret(name: str) -> str | None:
    """Return the secret in environment variable `name`, or in the file that `name`_FILE points to."""
    if value := os.environ.get(name):
        return value
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError("secret-unreadable", f"{name}_FILE: cannot read {file}: {error}") from error
    return None


def load(path: Path, *, territories: bool = True) -> Settings:
    """Read and check the settings file; raise SettingsError naming file, line, key and the fix.

    Without `territories`, areas that are not understood are let pass: the command tells of them itself.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(
            "settings-missing",
            f"{path}: no such file. `crowsnest init` writes one; --settings names another.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "settings-unreadable", f"{path}: cannot be read as UTF-8 text: {error}"
        ) from error
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("settings-not-toml", explain_toml(path, text, error)) from error
    lines = TomlLines(text)
    try:
        settings = Settings.model_validate({**raw, "<file>": path})
    except ValidationError as error:
        raise SettingsError("settings-invalid", explain(path, lines, error, Settings)) from error
    cross_check(settings, lines, territories=territories)
    return settings
