"""Where sentences begin and end, in abstracts."""

import re
from bisect import bisect_right

# A full stop, question or exclamation mark, what closes with it, a space, and what may open a sentence.
_BOUNDARY = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[`$\\]*[A-Z0-9À-ÞΑ-Ω])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:et al|e\.g|i\.e|cf|vs|viz|etc|w\.r\.t|resp|approx|ca|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Nos|Vol|"
    r"Dr|Prof|Mr|Mrs|Ms|St|Inc|Corp|Ltd|Jr|a\.k\.a|aka|incl|esp|max|min|std)|\b[A-Z]|\d\.\d\.\d)\.$"
)
_OPENS_ANYWAY = re.compile(r"[\"'“(]*(?:We|This|These|In|The|Our|However|To|It|Here|Finally|Moreover|Code)\b")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without the white space around it, in order; a line break ends one.

    >>> text = "We follow Li et al. (2023), i.e. GPT-3.5. It gains 2.5% on A. B. Smith's set!"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['We follow Li et al. (2023), i.e. GPT-3.5.', "It gains 2.5% on A. B. Smith's set!"]
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for gap in _BOUNDARY.finditer(text, line.start(), line.end()):
            if not _is_abbreviation(text, start, gap):
                _append(spans, text, start, gap.end())
                start = gap.end()
        _append(spans, text, start, line.end())
    return spans


def _is_abbreviation(text: str, start: int, gap: re.Match[str]) -> bool:
    before = _ABBREVIATION.search(text, max(start, gap.start() - 12), gap.start())
    if not before:
        return False
    # "… et al. We" ends a sentence where "et al. Smith" does not; initials and e.g. never do.
    ends = re.search(r"(?:et al|etc)\.$", before[0])
    return not (ends and _OPENS_ANYWAY.match(text, gap.end()))


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        spans.append((start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())))


def sentence_at(sentences: list[tuple[int, int]], at: int) -> int:
    """The index of the sentence that holds offset `at`, or of the one before it; -1 where there is none.

    >>> [sentence_at([(0, 5), (6, 9)], at) for at in (0, 5, 8)]
    [0, 0, 1]
    """
    return bisect_right(sentences, (at, float("inf"))) - 1


def sentence_of(sentences: list[tuple[int, int]], at: int, size: int) -> tuple[int, int]:
    """(start, end) of the sentence that holds offset `at`, the whole text of `size` characters where none does."""
    start, end = sentences[sentence_at(sentences, at)] if sentences else (0, 0)
    return (start, end) if start <= at < end else (0, size)
