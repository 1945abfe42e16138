"""One window of a text as a network sees it -> names, entities, relations and results, each with its confidence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from extractors.calibration import Curve, log_odds, sigmoid, softmax
from extractors.facts import SURFACES, Places, Scene, make_scene, places_of, surfaces
from extractors.mentions import Name, find_names
from extractors.numbers import Numeral
from extractors.tags import spans
from extractors.words import Floats, Ints, Window, Words
from kg.schema import (
    ENTITY_TYPES,
    NUMBER_KINDS,
    RELATIONS,
    ROLES,
    Direction,
    EntityType,
    NumberKind,
    RelationType,
    Role,
    allows,
)

# Two strings are one entity where their clusters' mean probability is above this.
_SAME = 0.5
# What a paper defines as its acronym, or has in the plural too, needs no judgement.
_EXACT = [SURFACES.index(s) for s in ("same but for the plural", "defined acronym")]
_DIRECTIONS: tuple[Direction, ...] = ("increase", "decrease")
SLOT_TYPES = (("Method", "Model", "Dataset"), ("Dataset",), ("Metric",), ("Method", "Model", "Dataset"))
_LONGEST_MEASURE = 4


class Network(Protocol):
    """A trained network."""

    @property
    def transitions(self) -> Floats:
        """Log-potentials (tags, tags) that belong to the emissions."""
        ...

    def read(self, windows: Iterable[Window]) -> Iterable[tuple[Floats, Floats]]:
        """(states (words, width), emissions (words, tags)) of each window, in order."""
        ...

    def links(self, states: Floats, places: Places, surfaces: Floats) -> Floats:
        """Log-odds (strings, strings) that two strings are one entity."""
        ...

    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        """(roles, relations, kinds, slots, nobody, measures), all logits, as the training's heads give them."""
        ...


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of a window: its names, its places as (first word, last word), its type and role."""

    names: tuple[Name, ...]
    type: EntityType
    features: tuple[float, ...]
    confidence: float
    role: Role = "used"

    @property
    def places(self) -> list[tuple[int, int]]:
        """The places of all its names, in order."""
        return sorted(p for n in self.names for p in n.places)


@dataclass(frozen=True, slots=True)
class Claim:
    """A possible relation between things, by their index."""

    head: int
    type: RelationType
    tail: int
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A numeral that may report something; `slots` are indices of things or None; `measure` is a metric in words.

    `number_features` say whether it reports something at all; `sure` is the log-odds of each slot.
    """

    numeral: Numeral
    kind: NumberKind
    direction: Direction | None
    slots: tuple[int | None, ...]
    measure: str | None
    number_features: tuple[float, float]
    sure: tuple[float, ...]

    @property
    def features(self) -> tuple[float, ...]:
        """The features that say whether all of it is right."""
        return *self.number_features, *self.sure[:3]

    def part_features(self, slot: int) -> tuple[float, float]:
        """The features that say whether a slot is right."""
        return self.sure[slot], self.number_features[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a network sees in a window; `reports` and `claims` with those that are unlikely."""

    things: list[Thing]
    claims: list[Claim]
    reports: list[Report]


@dataclass(frozen=True, slots=True)
class Page:
    """A text, its words, one window of it and what the encoder made of it."""

    text: str
    words: Words
    window: Window
    states: Floats
    emissions: Floats

    def names(self, network: Network, curve: Curve) -> list[Name]:
        """The mention strings of the window."""
        first, last = self.window.first, self.window.last
        found = ((first + a, first + b, k, p) for a, b, k, p in spans(self.emissions, network.transitions))
        return find_names(self.text, self.words, first, last, found, curve)


def read_page(page: Page, network: Network, curves: Mapping[str, Curve]) -> Reading:
    """What stands in the window of `page`."""
    words, window = page.words, page.window
    names = page.names(network, curves["mention"])
    things = [t for t in _things(page, names, network, curves["entity"]) if t.confidence >= curves["entity"].least]
    named = {w for t in things for a, b in t.places for w in range(a, b + 1)}
    inside = [(n, a, b) for n, a, b in words.numerals if window.first <= a and b < window.last and a not in named]
    if not things and not inside:
        return Reading([], [], [])
    scene = make_scene(words, page.text, window, [(t.type, t.places) for t in things], inside)
    roles, relations, kinds, slots, nobody, measures = network.facts(page.states, scene)
    things = [replace(t, role=ROLES[int(r)]) for t, r in zip(things, roles.argmax(1), strict=True)]
    return Reading(
        things,
        list(_claims(things, sigmoid(relations), scene.apart % 2)),
        [
            _report(page, n, things, *(x[i] for x in (kinds, slots, nobody, measures)))
            for i, (n, _, _) in enumerate(inside)
        ],
    )


def _things(page: Page, names: list[Name], network: Network, curve: Curve) -> list[Thing]:
    if not names:
        return []
    alike = surfaces(page.words, page.text, [n.text for n in names], page.window)
    places = places_of([n.places for n in names]).since(page.window.first)
    same = sigmoid(network.links(page.states, places, alike))
    same[(alike[..., _EXACT] == 1).any(-1)] = 1
    things = [_thing([names[i] for i in group], curve) for group in cluster(same)]
    return sorted(things, key=lambda t: t.places)


def _thing(names: list[Name], curve: Curve) -> Thing:
    types = sum((n.types * len(n.places) for n in names), np.zeros(len(ENTITY_TYPES), np.float32))
    best = int(types.argmax())
    features = (
        log_odds(max(n.confidence for n in names)),
        log_odds(float(types[best] / types.sum())),
        float(np.log(sum(len(n.places) for n in names))),
    )
    return Thing(tuple(names), ENTITY_TYPES[best], features, curve.confidence(features))


def cluster(same: Floats) -> list[list[int]]:
    """Groups of indices: the two with the highest mean probability are joined while it is above a half.

    >>> cluster(np.array([[1, .9, .2], [.9, 1, .3], [.2, .3, 1]]))
    [[0, 1], [2]]
    """
    groups = [[i] for i in range(len(same))]
    mean = np.array(same, dtype=np.float64)
    np.fill_diagonal(mean, 0)
    while len(groups) > 1:
        i, j = sorted(map(int, np.unravel_index(mean.argmax(), mean.shape)))
        if mean[i, j] <= _SAME:
            break
        n, m = len(groups[i]), len(groups[j])
        mean[i] = mean[:, i] = (n * mean[i] + m * mean[j]) / (n + m)
        mean[i, i] = 0
        mean = np.delete(np.delete(mean, j, 0), j, 1)
        groups[i] += groups.pop(j)
    return [sorted(g) for g in groups]


def _claims(things: list[Thing], p: Floats, beside: Ints) -> Iterator[Claim]:
    for i, head in enumerate(things):
        for j, tail in enumerate(things):
            for k, kind in enumerate(RELATIONS):
                backwards = kind in ("COMPARED_WITH", "SUBCLASS_OF") and (p[j, i, k], j) > (p[i, j, k], i)
                if i != j and not backwards and p[i, j, k] > 0.02 and allows(head.type, kind, tail.type):
                    chance = float(p[i, j, k])
                    if kind == "COMPARED_WITH":
                        chance = 1 - (1 - chance) * (1 - float(p[j, i, k]))
                    features = (
                        log_odds(chance),
                        log_odds(head.confidence),
                        log_odds(tail.confidence),
                        float(beside[i, j]),
                    )
                    yield Claim(i, kind, j, features)


def _report(
    page: Page, numeral: Numeral, things: list[Thing], kinds: Floats, slots: Floats, nobody: Floats, measures: Floats
) -> Report:
    shares = softmax(kinds[:-3])
    kind = NUMBER_KINDS[int(shares[1:].argmax())]
    directed = kind in ("change", "ratio")
    chosen: list[int | None] = []
    sure: list[float] = []
    measure = None
    for k, types in enumerate(SLOT_TYPES):
        fits = [i for i, t in enumerate(things) if t.type in types and not (k == 3 and i == chosen[0])]
        # A size is one of something, which its metric says.
        none = -np.inf if k == 2 and kind == "size" else nobody[k]
        logits = [*slots[fits, k], none, *([nobody[4]] if k == 2 else [])]
        chances = softmax(np.array(logits, np.float32))
        for i, at in enumerate(fits):
            chances[i] *= things[at].confidence
        if k == 2:
            words, chance = _measure(page, numeral, kind, measures)
            chances[-1] *= chance
        best = int(chances.argmax())
        sure.append(log_odds(float(chances[best])))
        chosen.append(fits[best] if best < len(fits) else None)
        if k == 2 and best == len(fits) + 1:
            measure = words
    reports = log_odds(1 - float(shares[0])), log_odds(float(shares[1:].max() / max(shares[1:].sum(), 1e-6)))
    direction = _DIRECTIONS[int(kinds[-2:].argmax())] if directed else None
    return Report(numeral, kind, direction, tuple(chosen), measure, reports, tuple(sure))


def _measure(page: Page, numeral: Numeral, kind: NumberKind, logits: Floats) -> tuple[str, float]:
    """The likeliest few words, and how likely they are what is measured if any words are."""
    # What a model's or a corpus's size counts is its unit.
    if kind == "size" and numeral.unit in ("parameters", "tokens"):
        return numeral.unit, 1.0
    opens, closes = softmax(logits.T)
    first = int(opens.argmax())
    last = first + int(closes[first : first + _LONGEST_MEASURE].argmax())
    a, b = page.window.first + first, page.window.first + last
    return page.text[page.words.starts[a] : page.words.ends[b]], float(opens[first] * closes[last])
