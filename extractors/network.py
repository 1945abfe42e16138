"""The shipped network: an int8 ONNX encoder, and the heads on its word states in NumPy."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
from threadpoolctl import ThreadpoolController

from extractors.calibration import softmax
from extractors.facts import Places, Scene
from extractors.words import Floats, Window
from kg.errors import ModelError

ENCODER, HEADS, TOKENIZER, CURVES = "encoder.onnx", "heads.npz", "tokenizer.json", "curves.json"
# Windows that wait for the encoder or for being used.
_AHEAD = 16
REINSTALL = "reinstall paperkg, or use --model rules"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OnnxNetwork:
    """The network in `folder`, on `threads` cores, or on all that this process may use.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        # What is kept between runs of growing length is never given back.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        # The heads' products are small: more threads would only take the encoder's cores.
        self._blas = ThreadpoolController()
        self._pool = ThreadPoolExecutor(threads or _cores(), thread_name_prefix="encoder")
        try:
            self._session = ort.InferenceSession(str(folder / ENCODER), options, providers=["CPUExecutionProvider"])
            with np.load(folder / HEADS) as heads:
                self._w: dict[str, Floats] = {k: heads[k].astype(np.float32) for k in heads.files}
            self.transitions = self._w["tagger.transitions"].astype(np.float64)
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"{folder}: the trained model cannot be read ({reason}); {REINSTALL}") from error

    def read(self, windows: Iterable[Window]) -> Iterator[tuple[Floats, Floats]]:
        """(states (words, width), emissions (words, tags)) of each window, a few windows after it was taken.

        Every window goes by itself, a core each: nothing is padded, and what a paper gives does
        not hang on the papers beside it. While the encoder works, what is done with the windows
        before and after goes on.
        """
        waiting: deque[Future[tuple[Floats, Floats]]] = deque()
        for window in windows:
            waiting.append(self._pool.submit(self._run, window))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()

    def _run(self, window: Window) -> tuple[Floats, Floats]:
        inputs = {"ids": window.ids[None], "shapes": window.shapes[None], "heads": window.heads, "tails": window.tails}
        states, emissions = self._session.run(None, inputs)
        return states, emissions

    def links(self, states: Floats, places: Places, surfaces: Floats) -> Floats:
        """Log-odds (strings, strings) that two strings are one entity; 0 for a string and itself."""
        with self._blas.limit(limits=1, user_api="blas"):
            return self._links(states, places, surfaces)

    def _links(self, states: Floats, places: Places, surfaces: Floats) -> Floats:
        spans = np.concatenate([states[places.starts], states[places.ends]], 1)
        s = _gelu(self._linear("links.string", places.pool() @ spans))
        one, other = np.triu_indices(len(s), 1)
        both = np.concatenate([s[one] * s[other], np.abs(s[one] - s[other])], 1)
        hidden = _gelu(self._linear("links.pair", both) + self._linear("links.surface", surfaces[one, other]))
        logits = np.zeros((len(s), len(s)), np.float32)
        logits[one, other] = logits[other, one] = self._linear("links.score", hidden)[:, 0]
        return logits

    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        """(roles, relations, kinds, slots, nobody, measures), all logits, as the training's heads give them."""
        with self._blas.limit(limits=1, user_api="blas"):
            return self._facts(states, scene)

    def _facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        entities, numbers = scene.entities, scene.numbers
        w = self._w

        def f(name: str, x: Floats) -> Floats:
            return self._linear(f"facts.{name}", x)

        spans = np.concatenate([states[entities.starts], states[entities.ends]], 1)
        firsts = np.flatnonzero(np.diff(entities.owner, prepend=-1))
        best = np.maximum.reduceat(spans, firsts, axis=0) if len(firsts) else spans
        mean = entities.pool() @ spans
        e = _gelu(
            f("entity", np.concatenate([mean, best], 1))
            + w["facts.typed.weight"][scene.types]
            + f("place", scene.standing)
        )
        n = _gelu(
            f("number", np.concatenate([states[numbers.starts], states[numbers.ends]], 1)) + f("hint", scene.hints)
        )
        keys, values = f("key", states), f("value", states)
        looks, glances = softmax(f("look", e) @ keys.T / 8), softmax(f("look", n) @ keys.T / 8)
        pairs = f("head", e)[:, None] + f("tail", e)[None] + f("head2", e)[:, None] * f("tail2", e)[None]
        pairs = pairs + w["facts.apart.weight"][scene.apart] + f("context", _shared(looks, looks, values))
        whose = f("of", n)[:, None] + f("what", e)[None] + f("of2", n)[:, None] * f("what2", e)[None]
        whose = whose + w["facts.near.weight"][scene.near] + f("context2", _shared(glances, looks, values))
        whose = whose + w["facts.rank.weight"][scene.ranks] + w["facts.turn.weight"][scene.turns]
        a, b = np.split(f("measure", n), 2, 1)
        c, d = np.split(f("measured", states), 2, 1)
        measures = np.stack([a @ c.T, b @ d.T], 2) / 8 + w["facts.beside.weight"][scene.beside]
        return (
            f("role.3", _gelu(f("role.1", e))),
            f("relation.2", _gelu(pairs)),
            f("kind.3", _gelu(f("kind.1", n))),
            f("slot.2", _gelu(whose)),
            f("nobody", n),
            measures,
        )

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"], np.float32)


def _gelu(x: Floats) -> Floats:
    # The usual approximation by tanh, within 5e-4 of the exact one, in one array.
    y = x * x
    y *= 0.044715
    y += 1
    y *= x
    y *= 0.7978845608
    np.tanh(y, out=y)
    y += 1
    y *= x
    y *= 0.5
    return y


def _shared(a: Floats, b: Floats, values: Floats) -> Floats:
    both = a[:, None] * b[None]
    return np.asarray((both / (both.sum(2, keepdims=True) + 1e-6)) @ values, np.float32)
