"""The encoder's weights as whole numbers, rounded so that what each layer gives on real texts changes least.

GPTQ (Frantar et al., 2023): the inputs are rounded one after the other, and the weights that are left make up for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from extractors.training.network import Network, collate
from extractors.words import Floats, Window

# Seven bits: kernels without VNNI add two products in 16 bits.
_MOST = 63
_BLOCK = 128


@dataclass(frozen=True, slots=True)
class Whole:
    """A layer's weights: `values` (inputs, outputs) times `scale` (outputs)."""

    values: NDArray[np.int8]
    scale: Floats


@torch.no_grad()
def round_weights(network: Network, windows: Iterable[Window]) -> dict[nn.Linear, Whole]:
    """The weights of all linear layers of the encoder, rounded by what they are given when it reads `windows`."""
    layers = [m for m in network.encoder.modules() if isinstance(m, nn.Linear)]
    given = {m: torch.zeros(m.in_features, m.in_features) for m in layers}

    def add_up(layer: nn.Linear) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: tuple[Any, ...]) -> None:
            x = inputs[0].flatten(0, -2)
            given[layer].addmm_(x.T, x)

        return hook

    hooks = [m.register_forward_pre_hook(add_up(m)) for m in layers]
    for window in windows:
        ids, shapes, mask, _, _ = collate([window])
        network.encoder(ids, shapes, mask)
    for hook in hooks:
        hook.remove()
    return {m: _round(m.weight, given[m]) for m in layers}


def _round(weight: Tensor, given: Tensor) -> Whole:
    """`weight` (outputs, inputs) rounded for inputs whose products `given` (inputs, inputs) sums up."""
    scale = (weight.abs().amax(1) / _MOST).clamp(min=1e-9)
    # The inputs that weigh most come first, while there are others left to make up for them.
    order = given.diagonal().argsort(descending=True)
    left = (weight / scale[:, None])[:, order]
    given = given[order][:, order]
    given = given + torch.eye(len(given)) * (0.01 * given.diagonal().mean() + 1e-9)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(given))
    spread = torch.linalg.cholesky(inverse, upper=True)
    values = torch.zeros_like(left)
    for a in range(0, len(given), _BLOCK):
        b = min(a + _BLOCK, len(given))
        errors = torch.zeros(len(left), b - a)
        for j in range(a, b):
            values[:, j] = left[:, j].round().clamp(-_MOST, _MOST)
            error = (left[:, j] - values[:, j]) / spread[j, j]
            left[:, j + 1 : b] -= error[:, None] * spread[j, j + 1 : b]
            errors[:, j - a] = error
        left[:, b:] -= errors @ spread[a:b, b:]
    return Whole(values[:, order.argsort()].T.to(torch.int8).numpy(), scale.numpy())
