"""Text -> what the encoder reads: words with their places, the shape of each, its word pieces, and windows.

Words are runs of letters and digits and single signs, as in the rules. The pieces are lower case,
so the shape of a word carries its case, whether it touches the word before, and whether it stands
in the title. Names of the lexicon and defined acronyms are marked, for the encoder to judge.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extractors.acronyms import Acronym, find_acronyms
from extractors.candidates import find_lexicon_names, split_words
from extractors.lexicon import Lexicon
from extractors.numbers import Numeral, find_numerals
from extractors.sentences import split_sentences
from kg.schema import ENTITY_TYPES

Ints = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]

SPECIALS = ("[CLS]", "[SEP]", "[UNK]", "[PAD]")
# Positions the encoders know, less the two signs that open and close a window.
PIECES = 510
# A dash or quote between two words whose escape lost its backslash: "scratchx2014even".
_LOST_ESCAPE = r"(?<=[a-zA-Z)])x20(?:1[3489cd])(?=[a-z])"
_WORD = re.compile(rf"{_LOST_ESCAPE}|(?:(?!{_LOST_ESCAPE})[^\W_])+|_|[^\w\s]")
_ESCAPE = re.compile(r"x(20[0-9a-f]{2})")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SHAPES = (
    "special", "lower", "Title", "UPPER", "One", "MiXed", "lower1", "UPPER1", "digits", "sign", "(", ")", "-", "other",
)  # fmt: skip
_NONE = np.zeros(0, np.int64)
SHAPES = 4 * len(_SHAPES)
# Nothing known; first or later word of a name of each type, or of one of several; of an acronym's long and short form.
_MARKS = (*ENTITY_TYPES, None, "long", "short")
MARKS = 1 + 2 * len(_MARKS)


def _sign(word: str) -> str:
    escape = _ESCAPE.fullmatch(word)
    return chr(int(escape[1], 16)) if escape else word


@lru_cache(maxsize=1 << 16)
def _shape(word: str) -> int:
    if not word.isalnum():
        kind = {"(": "(", "[": "(", ")": ")", "]": ")", "-": "-", "/": "-", "–": "-", "_": "-"}.get(word, "sign")
    elif word.isdigit():
        kind = "digits"
    elif any(c.isdigit() for c in word):
        kind = "lower1" if word.lower() == word else "UPPER1"
    elif word.lower() == word:
        kind = "lower" if word.upper() != word else "other"
    elif word.upper() == word:
        kind = "UPPER" if len(word) > 1 else "One"
    else:
        kind = "Title" if word[1:].lower() == word[1:] else "MiXed"
    return _SHAPES.index(kind)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, n of them.

    `starts` and `ends` are character offsets, half open; `shapes` (words, 2) are in 0 .. SHAPES - 1
    and 0 .. MARKS - 1; `pieces[i]` are the ids of the word pieces of word i, at least one; `sentences` are character
    offsets; `sentence_of[i]` is the index of the sentence of word i; `title` is how many
    characters the title has; `numerals` come with their first and last word.
    """

    starts: Ints
    ends: Ints
    shapes: Ints
    pieces: list[tuple[int, ...]]
    sentences: list[tuple[int, int]]
    sentence_of: Ints
    title: int
    acronyms: list[Acronym]
    numerals: list[tuple[Numeral, int, int]]

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, slots=True)
class Window:
    """Words first .. last - 1 of a text, and what the encoder reads for them.

    `ids` (pieces) and `shapes` (pieces, 2) count the signs that open and close the window;
    `heads` and `tails` are where in them each word's first and last piece is.
    """

    first: int
    last: int
    ids: Ints
    shapes: Ints
    heads: Ints
    tails: Ints


def word_span(starts: Ints, ends: Ints, start: int, end: int) -> tuple[int, int]:
    """(first word, last word) that characters start .. end touch; `starts` and `ends` are those of the words."""
    first = min(int(np.searchsorted(ends, start, side="right")), len(starts) - 1)
    return first, max(first, int(np.searchsorted(starts, end, side="left")) - 1)


class WordReader:
    """Cuts texts into words and pieces with the tokenizer in `path`.

    Raises:
        Exception: the file is missing or no tokenizer (the tokenizers library has no class for it).
    """

    def __init__(self, path: Path, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._open, self._close, self._unknown = (self._tokenizer.token_to_id(t) or 0 for t in SPECIALS[:3])
        self._pieces_of = lru_cache(maxsize=1 << 16)(self._split)

    def _split(self, word: str) -> tuple[int, ...]:
        # The first pieces tell a word; a string of thousands of letters is no name.
        ids = self._tokenizer.encode(word[:100], add_special_tokens=False).ids[:16]
        return tuple(ids or [self._unknown])

    def read(self, text: str, title: int) -> Words:
        """The words of `text`, whose first `title` characters are the title."""
        text = _SURROGATE.sub("\ufffd", text)
        found = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        starts = np.array([a for a, _ in found], dtype=np.int64)
        ends = np.array([b for _, b in found], dtype=np.int64)
        spelt = [_sign(text[a:b]) for a, b in found]
        kinds = np.array([_shape(w) for w in spelt], dtype=np.int64)
        glued = np.zeros(len(found), dtype=np.int64)
        glued[1:] = starts[1:] == ends[:-1]
        sentences = split_sentences(text)
        opens = np.array([a for a, _ in sentences], dtype=np.int64)
        acronyms = find_acronyms(text)
        marks = self._marks(text, found, acronyms, starts, ends)
        return Words(
            starts,
            ends,
            np.stack([kinds * 4 + glued * 2 + (starts < title), marks], 1),
            [self._pieces_of(w) for w in spelt],
            sentences,
            np.maximum(np.searchsorted(opens, starts, side="right") - 1, 0),
            title,
            acronyms,
            [(n, *word_span(starts, ends, n.start, n.end)) for n in find_numerals(text)] if found else [],
        )

    def _marks(
        self, text: str, found: list[tuple[int, int]], acronyms: list[Acronym], starts: Ints, ends: Ints
    ) -> Ints:
        marks = np.zeros(len(found), np.int64)
        known: list[tuple[int, int, str | None]] = []
        for a in acronyms:
            known += [(a.long_start, a.long_end, "long"), (a.short_start, a.short_end, "short")]
        known += [(c.start, c.end, c.type) for c in find_lexicon_names(text, split_words(text, found), self._lexicon)]
        for start, end, kind in known:
            first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(starts, end, side="left")
            marks[first:last] = 2 + 2 * _MARKS.index(kind)
            marks[first : first + 1] -= 1
        return marks

    def windows(self, words: Words) -> list[Window]:
        """Windows of whole sentences of at most PIECES pieces, half of each in the next, that cover all words.

        A sentence that is longer than a window is cut.
        """
        sizes = np.cumsum([0, *map(len, words.pieces)])
        found = [Window(0, 0, np.array([self._open, self._close]), np.zeros((2, 2), np.int64), _NONE, _NONE)]
        first = last = 0
        while last < len(words):
            last = int(np.searchsorted(sizes, sizes[first] + PIECES, side="right")) - 1
            middle = int(np.searchsorted(sizes, sizes[first] + PIECES // 2))
            if last < len(words):
                whole = np.flatnonzero(np.diff(words.sentence_of[middle : last + 1]))
                last = middle + int(whole[-1]) + 1 if len(whole) else last
            found.append(self._window(words, first, last))
            later = np.flatnonzero(np.diff(words.sentence_of[middle:last]))
            first = middle + int(later[0]) + 1 if len(later) else middle
        return found[1:] or found

    def _window(self, words: Words, first: int, last: int) -> Window:
        pieces = words.pieces[first:last]
        counts = np.array([len(p) for p in pieces])
        ends = np.cumsum(counts) + 1
        ids = np.array([self._open, *(i for p in pieces for i in p), self._close])
        shapes = np.pad(np.repeat(words.shapes[first:last], counts, 0), ((1, 1), (0, 0)))
        return Window(first, last, ids, shapes, ends - counts, ends - 1)
