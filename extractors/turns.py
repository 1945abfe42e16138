"""Which of several names a number may belong to, by the order in which they stand: classes for the heads to judge."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from extractors.words import Ints, Words

# First, second or later of its type, after or before the number, with no, one or more numbers between; elsewhere.
RANKS = 3 * 3 * 2 + 1
# No enumerations; the same turn in both; another.
TURNS = 3
_PARTING = {",", "and", "or", "&", "/"}
_BETWEEN = _PARTING | {"the", "both", "to", ";", "%"}

Span = tuple[int, int]


def ranks(words: Words, numbers: Sequence[Span], places: Sequence[tuple[Span, int]], types: Ints) -> Ints:
    """(numbers, entities): the class of the order in which the names of a number's sentence follow it or come before.

    `numbers` are (first word, last word); `places` are those of the entities, each with its index in `types`.
    """
    places = sorted(places)
    out = np.full((len(numbers), len(types)), RANKS - 1, np.int64)
    for i, (first, last) in enumerate(numbers):
        here = [p for p in places if words.sentence_of[p[0][0]] == words.sentence_of[first]]
        best: dict[int, tuple[int, int, int]] = {}
        for side, near in enumerate(([p for p in here if p[0][0] > last], [p for p in here[::-1] if p[0][1] < first])):
            seen: dict[int, list[int]] = defaultdict(list)
            for (start, end), e in near:
                if e not in seen[types[e]]:
                    seen[types[e]].append(e)
                low, high = (end, first) if side else (last, start)
                between = sum(low < n < high for n, _ in numbers)
                found = min(seen[types[e]].index(e), 2), min(between, 2), side
                best[e] = min(best.get(e, found), found)
        for e, (rank, between, side) in best.items():
            out[i, e] = (side * 3 + rank) * 3 + between
    return out


def turns(words: Words, text: str, numbers: Sequence[Span], places: Sequence[tuple[Span, int]], types: Ints) -> Ints:
    """(numbers, entities): 1 for the same turn in two enumerations of one length in a sentence, 2 for another, else 0.

    As in "61% and 72% on A and B"; an enumeration of entities has one type.
    """
    out = np.zeros((len(numbers), len(types)), np.int64)
    counted = _enumerated(words, text, numbers)
    named = {
        span: at
        for kind in np.unique(types)
        for span, at in _enumerated(words, text, [p for p, e in places if types[e] == kind]).items()
    }
    for i, number in enumerate(numbers):
        turn = counted.get(number)
        for span, e in places:
            here = words.sentence_of[span[0]] == words.sentence_of[number[0]]
            if turn and here and span in named and named[span][1] == turn[1] and out[i, e] != 1:
                out[i, e] = 1 if named[span] == turn else 2
    return out


def _enumerated(words: Words, text: str, spans: Sequence[Span]) -> dict[Span, tuple[int, int]]:
    """(turn, length of the enumeration) of each span that stands in one."""
    groups: list[list[Span]] = []
    for span in sorted(spans):
        if groups and _joined(words, text, groups[-1][-1], span):
            groups[-1].append(span)
        else:
            groups.append([span])
    return {span: (turn, len(group)) for group in groups if len(group) > 1 for turn, span in enumerate(group)}


def _joined(words: Words, text: str, one: Span, other: Span) -> bool:
    if other[0] - one[1] > 5 or words.sentence_of[one[0]] != words.sentence_of[other[0]]:
        return False
    between = {text[words.starts[i] : words.ends[i]].lower() for i in range(one[1] + 1, other[0])}
    return between <= _BETWEEN and bool(between & _PARTING)
