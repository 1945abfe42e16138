"""Likely spans -> mention strings: one judgement for all the places where a string stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from extractors.calibration import Curve, log_odds
from extractors.words import Floats, Words
from kg.schema import ENTITY_TYPES


@dataclass(frozen=True, slots=True)
class Name:
    """A mention string: its places as (first word, last word), what it may be, and how sure it is one at all.

    `types` is the mean probability of each type over the places; `features` are those of the curve.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    types: Floats
    features: tuple[float, ...]
    confidence: float


Span = tuple[int, int, int, float]


def find_names(text: str, words: Words, first: int, last: int, spans: Iterable[Span], curve: Curve) -> list[Name]:
    """The mention strings among `spans` (first word, last word, type, probability) of words first .. last - 1.

    The surest goes first and takes its places; a string is judged by the places that are left. None
    runs from the title into the abstract.
    """
    chances: dict[tuple[int, int], Floats] = defaultdict(lambda: np.zeros(len(ENTITY_TYPES), np.float32))
    for a, b, kind, p in spans:
        if not words.starts[a] < words.title < words.ends[b]:
            chances[a, b][kind] += p
    strings: dict[str, tuple[float, str]] = {}
    for (a, b), each in chances.items():
        string = text[words.starts[a] : words.ends[b]]
        strings[string] = max(
            strings.get(string, (0.0, "")), (float(each.sum()), text[words.starts[a] : words.ends[a]])
        )
    opens: dict[str, list[int]] = defaultdict(list)
    for i in range(first, last):
        opens[text[words.starts[i] : words.ends[i]]].append(i)
    ends = {int(e): i for i, e in enumerate(words.ends[first:last], first)}
    taken = np.zeros(len(words), bool)
    found = []
    for string in sorted(strings, key=lambda s: (-strings[s][0], -len(s), s)):
        starts = opens[strings[string][1]]
        places = [p for p in _places(text, words, string, starts, ends) if not taken[p[0] : p[1] + 1].any()]
        name = _judge(string, places, chances, curve)
        if name and name.confidence >= curve.least:
            found.append(name)
            for a, b in places:
                taken[a : b + 1] = True
    return sorted(found, key=lambda n: n.places)


def _places(
    text: str, words: Words, string: str, starts: Iterable[int], ends: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Where `string` stands as whole words, none over another; `starts` are the places of its first word."""
    free = 0
    for i in starts:
        start = int(words.starts[i])
        last = ends.get(start + len(string))
        if last is not None and i >= free and text.startswith(string, start):
            yield i, last
            free = last + 1


_NONE = np.zeros(len(ENTITY_TYPES), np.float32)


def _judge(
    string: str, places: list[tuple[int, int]], chances: Mapping[tuple[int, int], Floats], curve: Curve
) -> Name | None:
    if not places:
        return None
    each = np.array([chances.get(p, _NONE) for p in places])
    sums = each.sum(1)
    if not sums.any():
        return None
    features = (log_odds(float(sums.max())), log_odds(float(sums.mean())), float(np.log(len(places))))
    return Name(string, tuple(places), each.mean(0), features, curve.confidence(features))
