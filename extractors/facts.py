"""What the heads look at beside the word states: how far apart things are, where they stand, how their names look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.numbers import Numeral
from extractors.reports import Report, read_report
from extractors.sentences import sentence_of
from extractors.turns import ranks, turns
from extractors.words import Floats, Ints, Window, Words
from kg.schema import ENTITY_TYPES, NUMBER_KINDS
from kg.text import name_key, singular

SURFACES = (
    "same letters", "same but for the plural", "defined acronym", "initials", "inside", "shared words", "shared stems",
)  # fmt: skip
_UNITS = ("%", "pp", "points", "x", "tokens", "parameters", "examples", "bytes", "USD", "")
HINTS = len(_UNITS) + 1 + len(NUMBER_KINDS) + 2 + 3
_EDGES = np.array([1, 2, 3, 4, 6, 9, 14, 22, 40, 80])
DISTANCES = 2 * (2 * len(_EDGES) + 1)
_REACH = 26
WORD_DISTANCES = 2 * _REACH + 2


@dataclass(frozen=True, slots=True)
class Places:
    """Where the things of one group stand, those of one thing side by side: `owner` rises from 0.

    `starts` and `ends` are the first and last word of each place.
    """

    starts: Ints
    ends: Ints
    owner: Ints

    @property
    def count(self) -> int:
        """The number of things."""
        return int(self.owner[-1]) + 1 if len(self.owner) else 0

    def since(self, first: int) -> "Places":
        """The same places, counted from word `first`."""
        return Places(self.starts - first, self.ends - first, self.owner)

    def pool(self) -> Floats:
        """(things, places): the mean over the places of each thing."""
        rows = np.zeros((self.count, len(self.owner)), np.float32)
        rows[self.owner, np.arange(len(self.owner))] = 1
        return np.asarray(rows / rows.sum(1, keepdims=True))


def places_of(groups: Sequence[Sequence[tuple[int, int]]]) -> Places:
    """The places of things, each a list of (first word, last word)."""
    flat = [(a, b, i) for i, group in enumerate(groups) for a, b in group]
    starts, ends, owner = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Places(starts, ends, owner)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the heads for facts look at in a window, beside its word states.

    `entities` and `numbers` are places in the window's words; `types` (entities); `standing`
    (entities, 4); `apart` (entities, entities), `near` (numbers, entities) and `beside` (numbers,
    words) are classes of distance, `ranks` and `turns` (numbers, entities) of order; `hints` (numbers, HINTS).
    """

    entities: Places
    types: Ints
    standing: Floats
    apart: Ints
    numbers: Places
    hints: Floats
    near: Ints
    ranks: Ints
    turns: Ints
    beside: Ints


def make_scene(
    words: Words,
    text: str,
    window: Window,
    entities: Sequence[tuple[str, Sequence[tuple[int, int]]]],
    numerals: Sequence[tuple[Numeral, int, int]],
) -> Scene:
    """The scene of entities, each a type and its (first word, last word), and of numerals with theirs."""
    things = places_of([places for _, places in entities])
    types = np.array([ENTITY_TYPES.index(kind) for kind, _ in entities], np.int64)
    numbers = places_of([[(a, b)] for _, a, b in numerals])
    spans = [(a, b) for _, a, b in numerals]
    places = [(p, i) for i, (_, ps) in enumerate(entities) for p in ps]
    return Scene(
        entities=things.since(window.first),
        types=types,
        standing=standing(words, text, things),
        apart=distances(words, things, things),
        numbers=numbers.since(window.first),
        hints=number_hints(words, text, [n for n, _, _ in numerals]),
        near=distances(words, numbers, things),
        ranks=ranks(words, spans, places, types),
        turns=turns(words, text, spans, places, types),
        beside=word_distances(words, numbers, window.first, window.last),
    )


def distances(words: Words, rows: Places, columns: Places) -> Ints:
    """(rows, columns): the class of the shortest way from a place of the one to a place of the other."""
    if not rows.count or not columns.count:
        return np.zeros((rows.count, columns.count), np.int64)
    onward = columns.starts[None] - rows.ends[:, None]
    back = rows.starts[:, None] - columns.ends[None]
    gap = np.maximum(np.maximum(onward, back), 0)
    same = words.sentence_of[rows.starts][:, None] == words.sentence_of[columns.starts][None]
    size = np.searchsorted(_EDGES, gap, side="right")
    kind = np.where(onward > 0, len(_EDGES) + size, np.where(back > 0, size, 0))
    best = gap * 64 + kind * 2 + same
    best = np.minimum.reduceat(best, np.flatnonzero(np.diff(rows.owner, prepend=-1)), axis=0)
    best = np.minimum.reduceat(best, np.flatnonzero(np.diff(columns.owner, prepend=-1)), axis=1)
    return best % 64


def word_distances(words: Words, numbers: Places, first: int, last: int) -> Ints:
    """(numbers, words first .. last - 1): the class of the distance from a number to a word of its sentence.

    There is one class for the words of other sentences.
    """
    away = np.arange(first, last)[None] - numbers.starts[:, None]
    here = words.sentence_of[None, first:last] == words.sentence_of[numbers.starts][:, None]
    return np.where(here, np.clip(away, -_REACH, _REACH) + _REACH, 2 * _REACH + 1)


def standing(words: Words, text: str, entities: Places) -> Floats:
    """(entities, 4): in the title, how often, where first, with a capital or digit."""
    out = np.zeros((entities.count, 4), np.float32)
    titled = words.shapes[:, 0] % 2 == 1
    for i in range(entities.count):
        mine = entities.owner == i
        starts, ends = entities.starts[mine], entities.ends[mine]
        named = any(
            re.search(r"[A-Z\d]", text[words.starts[a] : words.ends[b]]) for a, b in zip(starts, ends, strict=True)
        )
        out[i] = titled[starts].any(), np.log1p(mine.sum()) / 2, starts.min() / len(words), named
    return out


def number_hints(words: Words, text: str, numerals: Sequence[Numeral]) -> Floats:
    """(numbers, HINTS): the unit, what the rules take the number for, its sign and its size."""
    out = np.zeros((len(numerals), HINTS), np.float32)
    kinds, rest = len(_UNITS) + 1, len(_UNITS) + 1 + len(NUMBER_KINDS)
    for i, n in enumerate(numerals):
        out[i, _UNITS.index(n.unit) if n.unit in _UNITS else len(_UNITS)] = 1
        report = read_report(text, sentence_of(words.sentences, n.start, len(text)), n)
        if isinstance(report, Report):
            out[i, kinds + NUMBER_KINDS.index(report.kind)] = 1
            out[i, rest : rest + 2] = report.direction == "increase", report.direction == "decrease"
        out[i, rest + 2 :] = n.signed, n.ranged, min(np.log10(1 + abs(n.value)) / 6, 2)
    return out


def surfaces(words: Words, text: str, strings: Sequence[str], window: Window) -> Floats:
    """(strings, strings, SURFACES): how alike two mention strings of `text` look, with the acronyms of the window."""
    out = np.zeros((len(strings), len(strings), len(SURFACES)), np.float32)
    keys = [re.sub(r"[\W_]+", "", s.casefold()) for s in strings]
    plain = [name_key(s) for s in strings]
    begins, stops = (int(words.starts[i]) for i in (window.first, window.last - 1))
    defined = {
        (name_key(text[a.short_start : a.short_end]), name_key(text[a.long_start : a.long_end]))
        for a in words.acronyms
        if begins <= a.long_start < stops
    }
    parts = [{singular(w) for w in re.findall(r"[^\W_]+", s.casefold())} for s in strings]
    stems = [{w[:5] for w in ws} for ws in parts]
    initials = ["".join(w[0] for w in re.findall(r"[^\W_]+", s.casefold())) for s in strings]
    for i in range(len(strings)):
        for j in range(i):
            out[i, j] = out[j, i] = (
                keys[i] == keys[j],
                plain[i] == plain[j],
                (plain[i], plain[j]) in defined or (plain[j], plain[i]) in defined,
                initials[i] == plain[j] or initials[j] == plain[i],
                keys[i] in keys[j] or keys[j] in keys[i],
                len(parts[i] & parts[j]) / max(1, len(parts[i] | parts[j])),
                len(stems[i] & stems[j]) / max(1, len(stems[i] | stems[j])),
            )
    return out
