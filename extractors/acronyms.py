"""Acronym definitions: Schwartz & Hearst, A Simple Algorithm for Identifying Abbreviation Definitions (PSB 2003)."""

import re
from dataclasses import dataclass

_BRACKET = re.compile(r"\(([^()]{1,60})\)")
_SHORT = re.compile(r"[A-Za-z][\w@$^+\-.&/]{0,11}s?")
# Longer than any full form: twelve letters' words.
_WINDOW = 200
_SOUNDS = {"2": "t", "4": "f"}
_WORD = re.compile(r"[^\s()\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acronym:
    """Offsets of a full form and of the short form in brackets that abbreviates it."""

    long_start: int
    long_end: int
    short_start: int
    short_end: int


def find_acronyms(text: str) -> list[Acronym]:
    """The definitions `full form (SHORT)` in `text`, in order of place.

    >>> text = "We propose Thinking augmented Pre-Training (TPT), a method (see below)."
    >>> [(text[a.long_start:a.long_end], text[a.short_start:a.short_end]) for a in find_acronyms(text)]
    [('Thinking augmented Pre-Training', 'TPT')]
    """
    found = []
    for bracket in _BRACKET.finditer(text):
        inner = re.split(r"[;,]", bracket[1])[0].strip().strip("`'\"“”")
        if not _is_short_form(inner):
            continue
        short_start = text.index(inner, bracket.start())
        line = max(text.rfind("\n", 0, bracket.start()) + 1, bracket.start() - _WINDOW)
        start = _long_form_start(text, line, bracket.start(), inner)
        if start is not None:
            end = line + len(text[line : bracket.start()].rstrip())
            found.append(
                Acronym(long_start=start, long_end=end, short_start=short_start, short_end=short_start + len(inner))
            )
    return found


def _is_short_form(inner: str) -> bool:
    # One capital at least two letters long: "(TPT)", "(LoRA)", "(S2L)", but not "(see)", "(2023)", "(A)".
    return bool(_SHORT.fullmatch(inner)) and len(inner) >= 2 and sum(c.isupper() for c in inner) >= 1 + (len(inner) > 3)


def _long_form_start(text: str, line: int, bracket: int, short: str) -> int | None:
    letters = re.sub(r"\W", "", short)
    if letters.endswith("s") and letters[:-1].isupper():
        letters = letters[:-1]
    # A digit stands for the word that sounds like it: S2L is SmallToLarge.
    line_text = text[line:bracket]
    letters = "".join(_SOUNDS.get(c, c) if c not in line_text else c for c in letters)
    words = list(_WORD.finditer(text, line, bracket))
    words = words[-min(len(letters) + 5, 2 * len(letters)) :]
    if not words:
        return None
    window = words[0].start()
    start = _match_backwards(text[window:bracket].rstrip(), letters)
    if start is None:
        return None
    long_form = text[window + start : bracket].strip()
    if len(long_form) <= len(short) or short in long_form.split() or re.search(r"[.;:!?]\s", long_form):
        return None
    return window + start


def _match_backwards(long_form: str, letters: str) -> int | None:
    """Start of the shortest tail of `long_form` that holds `letters` in order, the first one at a word's start."""
    at = len(long_form) - 1
    for i in range(len(letters) - 1, -1, -1):
        letter = letters[i].lower()
        while at >= 0 and (long_form[at].lower() != letter or (i == 0 and at > 0 and long_form[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
        at -= 1
    return long_form.rfind(" ", 0, at + 1) + 1
