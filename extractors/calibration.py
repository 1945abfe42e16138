"""From scores to confidences: one logistic curve for each kind of fact, and the confidence from which it is kept.

A part is the subject, dataset, metric or baseline of a number, a result all of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractors.words import Floats
from kg.errors import ModelError

# What each curve looks at; every one is the log-odds of a probability unless it says otherwise.
FEATURES = {
    "mention": ("best place", "mean of places", "log of the number of places"),
    "entity": ("best mention", "share of the type", "log of the number of places"),
    "relation": ("relation", "head", "tail", "whether they meet in one sentence"),
    "number": ("reports something", "kind"),
    "part": ("the choice", "reports something"),
    "result": ("reports something", "kind", "subject", "dataset", "metric"),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """`weights` of the features and a `bias` give the log-odds; facts below `least` are left out.

    `least_precise` is the same where nine facts in ten shall be right.
    """

    weights: tuple[float, ...]
    bias: float
    least: float
    least_precise: float

    def confidence(self, features: Sequence[float]) -> float:
        """The probability that a fact with these features is right."""
        z = self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))
        return float(1 / (1 + np.exp(-z)))

    def keeps(self, features: Sequence[float]) -> bool:
        """Whether a fact with these features is kept."""
        return self.confidence(features) >= self.least


# What a curve is before any was fitted: the first feature as it is.
PLAIN = {k: Curve((1.0, *(0.0 for _ in v[1:])), 0.0, 0.5, 0.9) for k, v in FEATURES.items()}


def log_odds(p: float) -> float:
    """The log-odds of `p`, within 1e-4 and 1 - 1e-4.

    >>> round(log_odds(0.5), 3), round(log_odds(1.0), 2)
    (0.0, 9.21)
    """
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


def read_curves(path: Path) -> Mapping[str, Curve]:
    """The curves in a JSON file.

    Raises:
        ModelError: the file is missing or not what `write_curves` writes.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            k: Curve(
                tuple(map(float, found[k]["weights"])),
                *(float(found[k][x]) for x in ("bias", "least", "least_precise")),
            )
            for k in FEATURES
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); reinstall paperkg, or use --model rules") from error


def write_curves(path: Path, curves: Mapping[str, Curve]) -> None:
    """Writes `curves` as JSON."""
    rows = {
        k: {
            "features": FEATURES[k],
            "weights": c.weights,
            "bias": c.bias,
            "least": c.least,
            "least_precise": c.least_precise,
        }
        for k, c in curves.items()
    }
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def softmax(x: Floats) -> Floats:
    """Probabilities along the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


def sigmoid(x: Floats) -> Floats:
    """Probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)
