"""Scores of extractions against annotations, micro-averaged over papers, layer by layer.

mention: span and type of every occurrence. entity: same type and a shared surface form, one to one;
untyped: without the type; role: entity and role. relation: head, type and tail, COMPARED_WITH either
way round. number: overlapping place, same value and kind; result: also subject, metric and dataset.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LAYERS = ("mention", "entity", "untyped", "role", "relation", "number", "result")
PARTS = ("subject", "dataset", "metric")
Record = Mapping[str, Any]
Span = tuple[int, int]
_EMPTY: Record = {"entities": [], "relations": [], "numbers": []}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one layer, and what follows from them; a share of nothing is 0."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that is found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        >>> Score(right=1, predicted=2, gold=2).f1
        0.5
        """
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def evaluate(texts: Mapping[str, str], gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> dict[str, Score]:
    """The score of each layer over the papers of `gold`; one that `predicted` lacks counts as empty."""
    total = dict.fromkeys(LAYERS, Score())
    for paper, annotation in gold.items():
        for layer, score in evaluate_paper(texts[paper], annotation, predicted.get(paper, _EMPTY)).items():
            total[layer] += score
    return total


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of one paper's prediction is right.

    `entities` is gold id by predicted id; `relations` and `numbers` are in the prediction's
    order, a number as those of PARTS that are right, or None where place, value or kind is wrong.
    """

    entities: dict[str, str]
    relations: list[bool]
    numbers: list[set[str] | None]


def judge(text: str, gold: Record, predicted: Record) -> Verdict:
    """Which facts of `predicted` are in `gold`."""
    typed = _align(gold["entities"], predicted["entities"], typed=True)
    known = set(_relations(gold, lambda i: i))
    found = _relations(predicted, lambda i: typed.get(i, f"?{i}"))
    return Verdict(typed, [r in known for r in found], _numbers(text, gold, predicted, typed))


def evaluate_paper(text: str, gold: Record, predicted: Record) -> dict[str, Score]:
    """The score of each layer for one paper."""
    g, p = gold["entities"], predicted["entities"]
    verdict, untyped = judge(text, gold, predicted), _align(g, p, typed=False)
    typed = verdict.entities
    role_of = {e["id"]: e["role"] for e in g}
    right_roles = sum(role_of[typed[e["id"]]] == e["role"] for e in p if e["id"] in typed)
    relations = set(_relations(gold, lambda i: i)), set(_relations(predicted, lambda i: typed.get(i, f"?{i}")))
    spans = occurrences(text, g), occurrences(text, p)
    numbers = sum(parts is not None for parts in verdict.numbers)
    results = sum(parts == set(PARTS) for parts in verdict.numbers)
    n = len(p), len(g)
    m = len(predicted["numbers"]), len(gold["numbers"])
    return {
        "mention": Score(sum(spans[1].get(s) == t for s, t in spans[0].items()), len(spans[1]), len(spans[0])),
        "entity": Score(len(typed), *n),
        "untyped": Score(len(untyped), *n),
        "role": Score(right_roles, *n),
        "relation": Score(len(relations[0] & relations[1]), len(relations[1]), len(relations[0])),
        "number": Score(numbers, *m),
        "result": Score(results, *m),
    }


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _forms(entity: Record) -> set[str]:
    return {_key(s) for s in (entity["name"], *entity["mentions"])} - {""}


def occurrences(text: str, entities: list[Record]) -> dict[Span, str]:
    """Type by span of every whole-word occurrence of every mention; the longer mention takes the place."""
    mentions = sorted(
        ((m, e["type"]) for e in entities for m in e["mentions"] if m), key=lambda pair: (-len(pair[0]), pair)
    )
    taken = bytearray(len(text))
    spans: dict[Span, str] = {}
    for mention, kind in mentions:
        for hit in re.finditer(re.escape(mention), text):
            start, end = hit.span()
            inside_word = (start > 0 and text[start - 1].isalnum() and mention[0].isalnum()) or (
                end < len(text) and text[end].isalnum() and mention[-1].isalnum()
            )
            if not inside_word and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                spans[start, end] = kind
    return spans


def _align(gold: list[Record], predicted: list[Record], *, typed: bool) -> dict[str, str]:
    """Gold id by predicted id, one to one; pairs with the most shared forms first, then by order."""
    pairs = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            shared = len(_forms(g) & _forms(p))
            if shared and (not typed or g["type"] == p["type"]):
                pairs.append((shared, -i, -j, g["id"], p["id"]))
    to: dict[str, str] = {}
    for *_, g_id, p_id in sorted(pairs, reverse=True):
        if p_id not in to and g_id not in to.values():
            to[p_id] = g_id
    return to


def _relations(record: Record, rename: Callable[[str], str]) -> list[tuple[str, str, str]]:
    found = []
    for head, kind, tail in record["relations"]:
        ends = rename(head), rename(tail)
        found.append((min(ends), kind, max(ends)) if kind == "COMPARED_WITH" else (ends[0], kind, ends[1]))
    return found


def _place(text: str, number: Record) -> Span | None:
    near = text.find(number["near"])
    if near < 0:
        return None
    start = near + number["near"].find(number["text"])
    return start, start + len(number["text"])


def _same_value(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-12)


def _numbers(text: str, gold: Record, predicted: Record, typed: Mapping[str, str]) -> list[set[str] | None]:
    """For each predicted number which of its parts are right, or None where it is not found."""
    free = [(n, _place(text, n)) for n in gold["numbers"]]
    verdicts: list[set[str] | None] = []
    for number in predicted["numbers"]:
        place = _place(text, number)
        hits = [
            (n, p)
            for n, p in free
            if place and p and place[0] < p[1] and p[0] < place[1]
            and n["kind"] == number["kind"] and _same_value(n["value"], number["value"])
        ]  # fmt: skip
        if not hits:
            verdicts.append(None)
            continue
        parts = [_right_parts(gold, n, predicted, number, typed) for n, _ in hits]
        best = max(parts, key=len)
        verdicts.append(best)
        free.remove(hits[parts.index(best)])
    return verdicts


def _right_parts(gold: Record, g: Record, predicted: Record, p: Record, typed: Mapping[str, str]) -> set[str]:
    right = {part for part in ("subject", "dataset") if (typed.get(p[part], "?") if p[part] else None) == g[part]}
    return right | ({"metric"} if _same_metric(gold, g, predicted, p, typed) else set())


def _same_metric(gold: Record, g: Record, predicted: Record, p: Record, typed: Mapping[str, str]) -> bool:
    a, b = g["metric"], p["metric"]
    if a is None or b is None:
        return a is b
    gold_metrics = {e["id"]: e for e in gold["entities"]}
    predicted_metrics = {e["id"]: e for e in predicted["entities"]}
    if a in gold_metrics and b in predicted_metrics and typed.get(b) == a:
        return True
    forms_a = _forms(gold_metrics[a]) if a in gold_metrics else {_key(a)}
    forms_b = _forms(predicted_metrics[b]) if b in predicted_metrics else {_key(b)}
    return bool(forms_a & forms_b)
