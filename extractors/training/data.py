"""Labelled papers -> the arrays that the network learns from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from extractors.facts import Places, Scene, make_scene, places_of, surfaces
from extractors.numbers import Numeral
from extractors.reader import SLOT_TYPES
from extractors.tags import TAGS
from extractors.words import Floats, Ints, Window, WordReader, Words, word_span
from kg.evaluate import occurrences
from kg.schema import NUMBER_KINDS, RELATIONS, ROLES
from kg.types import Paper

NONE = -1
# True in labels that call too many bare counts sizes ("12 domains"), so that those are not learnt from them.
UNSURE_COUNTS = "unsure_counts"
SLOTS = ("subject", "dataset", "metric", "baseline")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled paper.

    `tags` (words); `strings` are places in words; `scene` has the entities and all numerals;
    `same` (strings, strings) is 1 where two strings are one entity; `roles` (entities);
    `relations` (entities, entities, relations) is 1 where one holds; `kinds` (numbers) is 0 where one reports
    nothing, NONE where that is not known; `directions` (numbers) is 0 for none; `slots` (numbers, 4) is an entity,
    or the number of entities for nobody, one more for a metric in words, NONE where it is not known; `measures`
    (numbers, 2) are the first and last word of a metric in words, or NONE, also where it is the number's unit and
    not in the text ("a 7B-parameter model": parameters).
    """

    paper: Paper
    words: Words
    window: Window
    tags: Ints
    strings: Places
    surfaces: Floats
    same: Floats
    scene: Scene
    roles: Ints
    relations: Floats
    kinds: Ints
    directions: Ints
    slots: Ints
    measures: Ints


def read_labelled(papers: Path, labels: Path) -> Iterator[tuple[Paper, str, dict[str, Any]]]:
    """(paper, split, labels) of each paper that has labels."""
    marks = {r["id"]: r for r in _records(labels)}
    for r in _records(papers):
        if r["id"] in marks:
            paper = Paper(id=r["id"], title=r.get("title") or None, abstract=r["abstract"])
            yield paper, r.get("split", ""), marks[r["id"]]


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream if line.strip())


def make_example(paper: Paper, labels: Mapping[str, Any], reader: WordReader) -> Example:
    """The arrays of one labelled paper, as far as it fits one window."""
    text = paper.text
    words = reader.read(text, len(paper.title or ""))
    window = reader.windows(words)[0]
    n = window.last
    tags = np.zeros(n, np.int64)
    found: dict[str, list[tuple[int, int]]] = {}
    for a, b in occurrences(text, labels["entities"]):
        first, last = word_span(words.starts, words.ends, a, b)
        if last < n:
            found.setdefault(text[a:b], []).append((first, last))
    strings, owners = [], []
    for i, e in enumerate(labels["entities"]):
        for m in dict.fromkeys(e["mentions"]):
            if m in found:
                strings.append(m)
                owners.append(i)
                tag = TAGS.index(f"B-{e['type']}")
                for first, last in found[m]:
                    tags[first], tags[first + 1 : last + 1] = tag, tag + 1
    kept = list(dict.fromkeys(owners))
    entities = [labels["entities"][i] for i in kept]
    at = {e["id"]: i for i, e in enumerate(entities)}
    owned = list(zip(strings, owners, strict=True))
    mine = [(labels["entities"][i]["type"], [p for m, o in owned if o == i for p in found[m]]) for i in kept]
    relations = np.zeros((len(kept), len(kept), len(RELATIONS)), np.float32)
    for head, kind, tail in labels["relations"]:
        if head in at and tail in at:
            relations[at[head], at[tail], RELATIONS.index(kind)] = 1
    inside = [(m, a, b) for m, a, b in words.numerals if b < n]
    owner_of = np.array(owners, np.int64)
    return Example(
        paper=paper,
        words=words,
        window=window,
        tags=tags,
        strings=places_of([found[m] for m in strings]),
        surfaces=surfaces(words, text, strings, window),
        same=(owner_of[:, None] == owner_of[None]).astype(np.float32),
        scene=make_scene(words, text, window, mine, inside),
        roles=np.array([ROLES.index(e["role"]) for e in entities], np.int64),
        relations=relations,
        **_number_targets(text, words, n, labels, [m for m, _, _ in inside], at),
    )


def _number_targets(
    text: str, words: Words, n: int, labels: Mapping[str, Any], numerals: list[Numeral], at: dict[str, int]
) -> dict[str, Ints]:
    kinds = np.zeros(len(numerals), np.int64)
    directions = np.zeros(len(numerals), np.int64)
    slots = np.full((len(numerals), len(SLOTS)), NONE, np.int64)
    measures = np.full((len(numerals), 2), NONE, np.int64)
    type_of = {e["id"]: e["type"] for e in labels["entities"]}
    for gold in labels["numbers"]:
        near = text.find(gold["near"])
        if near < 0:
            continue
        start = near + gold["near"].find(gold["text"])
        end = start + len(gold["text"])
        for i, m in enumerate(numerals):
            right = abs(m.value - gold["value"]) <= 1e-6 * max(abs(m.value), abs(gold["value"]), 1e-12)
            if kinds[i] == 0 and right and m.start < end and start < m.end:
                kinds[i] = 1 + NUMBER_KINDS.index(gold["kind"])
                directions[i] = (None, "increase", "decrease").index(gold["direction"])
                for k, slot in enumerate(SLOTS):
                    name = gold[slot]
                    if name is None:
                        # A size without what it counts is an omission: others that are alike have it.
                        omitted = slot == "metric" and gold["kind"] == "size"
                        slots[i, k] = NONE if omitted else len(at)
                    elif name in at:
                        slots[i, k] = at[name] if type_of[name] in SLOT_TYPES[k] else NONE
                    elif slot == "metric" and name == m.unit and name not in text:
                        slots[i, k] = len(at) + 1
                    elif slot == "metric" and name not in type_of:
                        slots[i, k], measures[i] = _measured(text, words, n, name, m.start, len(at) + 1)
                break
    if labels.get(UNSURE_COUNTS):
        size = 1 + NUMBER_KINDS.index("size")
        bare = np.array([not m.unit and m.value.is_integer() for m in numerals], bool)
        kinds[bare & np.isin(kinds, (0, size))] = NONE
    return {"kinds": kinds, "directions": directions, "slots": slots, "measures": measures}


def _measured(text: str, words: Words, n: int, name: str, at: int, slot: int) -> tuple[int, tuple[int, int]]:
    """(`slot`, first and last word of the metric `name` nearest to `at`), or NONE throughout where it is not there."""
    found = [i for i in range(len(text)) if text.startswith(name, i)]
    if not found:
        return NONE, (NONE, NONE)
    where = min(found, key=lambda i: abs(i - at))
    span = word_span(words.starts, words.ends, where, where + len(name))
    return slot, span if span[1] < n else (NONE, NONE)
