"""BIO tags over words: which may follow which, and how likely each span is under a linear-chain CRF."""

from collections.abc import Iterator

import numpy as np

from extractors.words import Floats
from kg.schema import ENTITY_TYPES

TAGS = ("O", *(f"{p}-{t}" for t in ENTITY_TYPES for p in "BI"))
FIRST = [not t.startswith("I") for t in TAGS]
ALLOWED = [[not b.startswith("I") or (a != "O" and a[2:] == b[2:]) for b in TAGS] for a in TAGS]
# A span is followed no further where its tag is less likely than this, nor beyond this many words.
_LEAST, _LONGEST = 0.02, 24


def spans(emissions: Floats, transitions: Floats) -> Iterator[tuple[int, int, int, float]]:
    """(first word, last word, index of the type, probability) of each span that is not very unlikely.

    `emissions` (words, tags) and `transitions` (tags, tags) are log-potentials; what ALLOWED and
    FIRST forbid is left out whatever they say. By the forward-backward algorithm, scaled at every
    word: Rabiner, A Tutorial on Hidden Markov Models, Proceedings of the IEEE 77(2), 1989.
    """
    n = len(emissions)
    if not n:
        return
    step = np.where(ALLOWED, np.exp(np.asarray(transitions, np.float64)), 0.0)
    here = np.exp(np.asarray(emissions - emissions.max(1, keepdims=True), np.float64))
    forward, backward, scale = np.empty_like(here), np.ones_like(here), np.empty(n)
    forward[0] = here[0] * FIRST
    for t in range(n):
        if t:
            forward[t] = (forward[t - 1] @ step) * here[t]
        scale[t] = forward[t].sum()
        forward[t] /= scale[t]
    # Of each word: how likely each of its tags makes what comes from here on.
    onward = here / scale[:, None]
    for t in range(n - 2, -1, -1):
        onward[t + 1] *= backward[t + 1]
        backward[t] = step @ onward[t + 1]
    marginals = forward * backward
    for start, kind in zip(*np.nonzero(marginals[:, 1::2] >= _LEAST), strict=True):
        tag = begin = 2 * int(kind) + 1
        path = forward[start, begin]
        for end in range(start, min(n, start + _LONGEST)):
            if end > start:
                path *= step[tag, begin + 1] * here[end, begin + 1] / scale[end]
                tag = begin + 1
                if marginals[end, tag] < _LEAST:
                    break
            # It ends here if the text does, or if any tag but its own I follows.
            goes_on = step[tag, begin + 1] * onward[end + 1, begin + 1] if end + 1 < n else 0.0
            p = float(path * (backward[end, tag] - goes_on))
            if p >= _LEAST:
                yield int(start), end, int(kind), p
