"""Place names as keys: one spelling for "Ft. Smith", "Fort Smith" and "FORT SMITH"."""

from __future__ import annotations

import re
import unicodedata

_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain"}
_DROPPED = re.compile(r"[.'’ʻ`´\u00ad\u200b-\u200f\u2060\ufeff]")
_BREAK = re.compile(r"[^0-9a-z]+")


def name_key(name: str) -> str:
    """Return `name` as lower-case ASCII words joined by blanks, "St.", "Ft." and "Mt." written out.

    A last word keeps its short form ("Main St" is a street). Returns "" when nothing is left.
    """
    text = name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = _BREAK.sub(" ", _DROPPED.sub("", text.lower())).split()
    if len(words) > 1:
        words = [_SHORT.get(word, word) for word in words[:-1]] + words[-1:]
    return " ".join(words)
