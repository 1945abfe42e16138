"""Which name a number belongs to by order: ranks in the sentence, turns in enumerations."""

import re

import numpy as np
import pytest

from extractors.lexicon import load_lexicon
from extractors.trained import MODEL_FOLDER
from extractors.turns import RANKS, Span, ranks, turns
from extractors.words import Ints, WordReader, Words, word_span
from kg.schema import ENTITY_TYPES


@pytest.fixture(scope="module")
def reader() -> WordReader:
    return WordReader(MODEL_FOLDER / "fast" / "tokenizer.json", load_lexicon())


def scene(
    text: str, names: dict[str, str], reader: WordReader
) -> tuple[Words, list[Span], list[tuple[Span, int]], Ints]:
    words = reader.read(text, 0)
    places = [
        (word_span(words.starts, words.ends, *m.span()), i)
        for i, name in enumerate(names)
        for m in re.finditer(rf"\b{name}\b", text)
    ]
    types = np.array([ENTITY_TYPES.index(t) for t in names.values()])
    return words, [(a, b) for _, a, b in words.numerals], places, types


def test_two_enumerations_of_one_length_are_gone_through_together(reader: WordReader) -> None:
    text = "On SetA, SetB and the SetC, Foo reaches 61.5%, 72.5 % and 83.5%, where Bar has 90.1% on SetA."
    names = {"SetA": "Dataset", "SetB": "Dataset", "SetC": "Dataset", "Foo": "Method", "Bar": "Method"}
    words, numbers, places, types = scene(text, names, reader)
    assert turns(words, text, numbers, places, types).tolist() == [
        [1, 2, 2, 0, 0], [2, 1, 2, 0, 0], [2, 2, 1, 0, 0], [0, 0, 0, 0, 0],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Foo reaches 61.5% and 72.5% on SetA, SetB and SetC.",
        "Foo reaches 61.5% and 72.5%. We use SetA and SetB.",
        "Foo goes from 61.5% to 72.5% on SetA and SetB.",
        "Foo reaches 61.5% and 72.5% on SetA but not on SetB.",
    ],
)
def test_other_numbers_have_no_turn(reader: WordReader, text: str) -> None:
    names = {"SetA": "Dataset", "SetB": "Dataset", "SetC": "Dataset"}
    words, numbers, places, types = scene(text, names, reader)
    assert not turns(words, text, numbers, places, types).any()


def test_a_name_has_a_rank_among_those_of_its_type(reader: WordReader) -> None:
    text = "Foo is new. On SetA and SetB, Bar has 61.5% and then 72.5% on SetC with Baz."
    names = {"SetA": "Dataset", "SetB": "Dataset", "SetC": "Dataset", "Foo": "Method", "Bar": "Method", "Baz": "Method"}
    words, numbers, places, types = scene(text, names, reader)
    # After: 3 * rank + numbers between; before: 9 more.
    assert ranks(words, numbers, places, types).tolist() == [
        [9 + 3, 9, 1, RANKS - 1, 9, 1],
        [9 + 4, 10, 0, RANKS - 1, 10, 0],
    ]


def test_the_nearer_of_two_places_counts(reader: WordReader) -> None:
    text = "SetA and SetB: 61.5% on SetB."
    words, numbers, places, types = scene(text, {"SetA": "Dataset", "SetB": "Dataset"}, reader)
    assert ranks(words, numbers, places, types).tolist() == [[9 + 3, 0]]


def test_nothing_gives_nothing(reader: WordReader) -> None:
    words = reader.read("Foo has 61.5%.", 0)
    none = np.zeros(0, np.int64)
    assert ranks(words, [(2, 5)], [], none).shape == (1, 0)
    assert turns(words, "Foo has 61.5%.", [(2, 5)], [], none).shape == (1, 0)
