"""Labelled papers with other names in their entities' places, so that a network learns the sentence, not the name."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractors.training.choose import Labelled
from kg.annotations import words_around
from kg.evaluate import occurrences
from kg.types import Paper

# Of the papers, and of the names in those.
_PAPERS, _NAMES = 0.5, 0.7


def rename_some(labelled: Labelled, seed: int) -> Labelled:
    """`labelled` with half of the papers renamed, by names that entities of the same type have in others."""
    pool: dict[str, set[str]] = {}
    for _, record in labelled:
        for e in filter(_is_name, record["entities"]):
            pool.setdefault(e["type"], set()).add(e["name"])
    names = {k: sorted(v) for k, v in pool.items()}
    dice = random.Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] -- a choice, no secret
    return [rename(p, g, names, dice) if dice.random() < _PAPERS else (p, g) for p, g in labelled]


def rename(
    paper: Paper, record: Mapping[str, Any], names: Mapping[str, Sequence[str]], dice: random.Random
) -> tuple[Paper, Mapping[str, Any]]:
    """`paper` and its labels with most of the proper names exchanged; as they were where labels would get lost.

    `names` are those to choose from, by type. Phrases, and what is written in two ways, stay.
    """
    text, entities = paper.text, record["entities"]
    written = {m for e in entities for m in e["mentions"]}
    new: dict[str, str] = {}
    for e in filter(_is_name, entities):
        if names.get(e["type"]) and dice.random() < _NAMES:
            other = dice.choice(names[e["type"]])
            if other not in text and not any(other in m or m in other for m in (*written, *new.values())):
                new[e["name"]] = other
    spans = sorted(occurrences(text, entities))
    pieces: list[str] = []
    moves = [(0, 0)]  # (from where in the old text, how far it has moved)
    for a, b in spans:
        if (name := new.get(text[a:b])) is not None:
            start, by = moves[-1]
            pieces += [text[start:a], name]
            moves.append((b, by + len(name) - (b - a)))
    changed = "".join([*pieces, text[moves[-1][0] :]])

    def moved(at: int) -> int:
        return at + next(by for start, by in reversed(moves) if start <= at)

    numbers = []
    for n in record["numbers"]:
        start = moved(text.find(n["near"]) + n["near"].find(n["text"]))
        near = words_around(changed, start, start + len(n["text"]))
        if changed.find(near) + near.find(n["text"]) != start:
            return paper, record
        numbers.append({**n, "near": near})
    renamed: list[Mapping[str, Any]] = [
        {**e, "name": new.get(e["name"], e["name"]), "mentions": [new.get(m, m) for m in e["mentions"]]}
        for e in entities
    ]
    expected = [(moved(a), moved(a) + len(new.get(text[a:b], text[a:b]))) for a, b in spans]
    if sorted(occurrences(changed, renamed)) != expected:
        return paper, record
    title, _, abstract = changed.partition("\n") if paper.title else (None, "", changed)
    return replace(paper, title=title, abstract=abstract), {**record, "entities": renamed, "numbers": numbers}


def _is_name(entity: Mapping[str, Any]) -> bool:
    name: str = entity["name"]
    return entity["mentions"] == [name] and (name != name.lower() or any(c.isdigit() for c in name))
