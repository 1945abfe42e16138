"""Confidence curves and thresholds, fitted on papers that the network did not learn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.calibration import PLAIN, Curve
from extractors.lexicon import Lexicon
from extractors.reader import Network, Page, Reading, Report, read_page
from extractors.trained import TrainedExtractor, merge
from extractors.words import WordReader
from kg.annotations import to_annotation, words_around
from kg.evaluate import PARTS, Score, evaluate, judge
from kg.types import Paper

Labelled = Sequence[tuple[Paper, Mapping[str, Any]]]
Curves = dict[str, Curve]
# Of each layer: confidences, and whether each was right.
Points = dict[str, tuple[list[float], list[bool]]]
Scores = tuple[dict[str, Score], Points]
_PRECISE = 0.9
_STEPS = tuple(round(0.2 + 0.025 * i, 3) for i in range(19))


def choose_curves(network: Network, reader: WordReader, lexicon: Lexicon, held: Labelled) -> Curves:
    """The curves that fit `held` best, each layer on what the layers before it keep.

    The threshold of mentions is the one with the best sum of F1 of mentions and entities; of the
    others the one with the best F1 of their layer.
    """
    extractor = TrainedExtractor(network, reader, PLAIN, lexicon, "")
    papers = [p for p, _ in held]
    pages = [ps for _, ps in extractor.pages(papers)]
    curves: Curves = {k: replace(c, least=0.0, least_precise=0.0) for k, c in PLAIN.items()}

    def score(trial: Curves) -> dict[str, Score]:
        found = {
            p.id: to_annotation(p, merge(p, ps, [read_page(x, network, trial) for x in ps], trial, lexicon))
            for p, ps in zip(papers, pages, strict=True)
        }
        return evaluate({p.id: p.text for p in papers}, {p.id: g for p, g in held}, found)

    x, y = [], []
    for (_, gold), (page, *_) in zip(held, pages, strict=True):
        strings = {m for e in gold["entities"] for m in e["mentions"]}
        for name in page.names(network, curves["mention"]):
            x.append(name.features)
            y.append(name.text in strings)
    curves["mention"] = _curve("mention", x, y, 0)
    quiet = {**curves, "relation": replace(curves["relation"], least=2.0)}
    trials = {t: score({**quiet, "mention": replace(curves["mention"], least=t)}) for t in _STEPS}
    least = max(trials, key=lambda t: trials[t]["mention"].f1 + trials[t]["entity"].f1)
    curves["mention"] = replace(curves["mention"], least=least, least_precise=least)
    for layer in ("entity", "relation", "number"):
        curves[layer] = _fit_layer(layer, network, pages, held, curves)
    # A number is kept for itself, and its parts too unless they shall be right nine times in ten.
    curves["part"] = replace(_fit_layer("part", network, pages, held, curves), least=0.0)
    curves["result"] = replace(_fit_layer("result", network, pages, held, curves), least=0.0, least_precise=0.0)
    return curves


def _fit_layer(layer: str, network: Network, pages: Sequence[Sequence[Page]], held: Labelled, curves: Curves) -> Curve:
    x: list[tuple[float, ...]] = []
    y: list[bool] = []
    total = 0
    for (paper, gold), (page, *_) in zip(held, pages, strict=True):
        reading = read_page(page, network, curves)
        if layer in ("part", "result"):
            kept = [r for r in reading.reports if curves["number"].keeps(r.number_features)]
            reading = replace(reading, reports=kept)
        verdict = judge(paper.text, gold, record_of(paper, reading, page))
        if layer == "entity":
            x += [t.features for t in reading.things]
            y += [str(i) in verdict.entities for i in range(len(reading.things))]
            total += len(gold["entities"])
        elif layer == "relation":
            x += [c.features for c in reading.claims]
            y += verdict.relations
            total += len(gold["relations"])
        elif layer == "part":
            for r, right in zip(reading.reports, verdict.numbers, strict=True):
                named = [k for k in range(len(PARTS)) if r.slots[k] is not None or (PARTS[k] == "metric" and r.measure)]
                x += [r.part_features(k) for k in named]
                y += [PARTS[k] in (right or ()) for k in named]
        elif layer == "number":
            x += [r.number_features for r in reading.reports]
            y += [right is not None for right in verdict.numbers]
            total += len(gold["numbers"])
        else:
            x += [r.features for r in reading.reports]
            y += [right == set(PARTS) for right in verdict.numbers]
            total += len(gold["numbers"])
    return _curve(layer, x, y, total)


def record_of(paper: Paper, reading: Reading, page: Page) -> dict[str, Any]:
    """A reading in the annotation format, with all that is unlikely in it; ids are the indices of the things."""

    def number(r: Report) -> dict[str, Any]:
        text, n = paper.text, r.numeral
        ends = dict(
            zip(
                ("subject", "dataset", "metric", "baseline"),
                (None if i is None else str(i) for i in r.slots),
                strict=True,
            )
        )
        if r.measure:
            ends["metric"] = r.measure
        near = words_around(text, n.start, n.end)
        return {"text": text[n.start : n.end].strip(), "near": near, "value": n.value, "kind": r.kind, **ends}

    return {
        "entities": [
            {"id": str(i), "type": t.type, "name": t.names[0].text, "mentions": [n.text for n in t.names]}
            for i, t in enumerate(reading.things)
        ],
        "relations": [[str(c.head), c.type, str(c.tail)] for c in reading.claims],
        "numbers": [number(r) for r in reading.reports],
    }


def _curve(layer: str, x: Sequence[tuple[float, ...]], y: Sequence[bool], total: int) -> Curve:
    if not x:
        return replace(PLAIN[layer], least=0.5, least_precise=_PRECISE)
    features, right = np.array(x, np.float64), np.array(y, np.float64)
    *weights, bias = _logistic(features, right)
    fitted = Curve(tuple(round(float(w), 4) for w in weights), round(float(bias), 4), 0.0, 0.0)
    confidence = np.array([fitted.confidence(f) for f in x])
    order = np.argsort(-confidence, kind="stable")
    kept, hits = np.arange(1, len(order) + 1), np.cumsum(right[order])
    at = confidence[order]
    # The hits that the curve expects make for a steadier choice than those that a few papers had.
    best = int((2 * np.cumsum(at) / (kept + total)).argmax()) if total else len(order) - 1
    precise = np.flatnonzero((hits / kept >= _PRECISE) & (kept >= 20))
    least = round(float(at[best]), 3)
    return replace(
        fitted, least=least, least_precise=max(least, round(float(at[precise[-1]]), 3)) if len(precise) else 0.9
    )


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64], penalty: float = 1.0) -> NDArray[np.float64]:
    """Weights and bias of a logistic regression with a small quadratic penalty, by Newton's method."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (y - p) - penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> tuple[list[tuple[float, float, int]], float]:
    """((mean confidence, share that is right, how many) of each tenth of the scale, expected calibration error)."""
    c, r = np.array(confidence), np.array(right, np.float64)
    rows = []
    for i in range(10):
        inside = (c >= i / 10) & (c < (i + 1) / 10 + (i == 9))
        if inside.any():
            rows.append((float(c[inside].mean()), float(r[inside].mean()), int(inside.sum())))
    error = sum(n * abs(a - b) for a, b, n in rows) / max(1, len(c))
    return rows, float(error)


def score_held_out(network: Network, reader: WordReader, lexicon: Lexicon, held: Labelled) -> Scores:
    """As `score_papers`, each half with the curves that fit the other half best: a paper does not choose its own."""
    scores: dict[str, Score] = {}
    points: Points = {}
    for i in range(2):
        curves = choose_curves(network, reader, lexicon, held[1 - i :: 2])
        found, seen = score_papers(TrainedExtractor(network, reader, curves, lexicon, "").extract, held[i::2])
        scores = {k: s + scores.get(k, Score()) for k, s in found.items()}
        points = {k: (a + points.get(k, ([], []))[0], b + points.get(k, ([], []))[1]) for k, (a, b) in seen.items()}
    return scores, points


def score_papers(extract: Callable[[Sequence[Paper]], Any], labelled: Labelled) -> Scores:
    """(the score of each layer; confidences and whether they were right of entities, relations and results)."""
    papers = [p for p, _ in labelled]
    found = {p.id: to_annotation(p, e) for p, e in zip(papers, extract(papers), strict=True)}
    points: Points = {k: ([], []) for k in ("entity", "relation", "result")}
    for p, gold in labelled:
        record = found[p.id]
        verdict = judge(p.text, gold, record)
        for layer, confidences, rights in (
            (
                "entity",
                [e["confidence"] for e in record["entities"]],
                [e["id"] in verdict.entities for e in record["entities"]],
            ),
            ("relation", [d["confidence"] for d in record["details"]], verdict.relations),
            (
                "result",
                [n["confidence"] for n in record["numbers"]],
                [right == set(PARTS) for right in verdict.numbers],
            ),
        ):
            points[layer][0].extend(confidences)
            points[layer][1].extend(rights)
    return evaluate({p.id: p.text for p in papers}, {p.id: g for p, g in labelled}, found), points
