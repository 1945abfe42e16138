"""Trained weights -> what is shipped: the encoder as an int8 ONNX graph, the heads as half-precision arrays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from extractors.network import ENCODER, HEADS
from extractors.tags import TAGS
from extractors.training.network import Encoder, Network, distance_buckets
from extractors.training.rounding import Whole

_MS = "com.microsoft"


def export(network: Network, folder: Path, whole: Mapping[nn.Linear, Whole]) -> None:
    """Writes the encoder and the heads to `folder`; without `whole` weights the encoder stays float32."""
    onnx.save(encoder_graph(network, whole), folder / ENCODER)
    heads = {k: v.numpy().astype(np.float16) for k, v in network.state_dict().items() if not k.startswith("encoder.")}
    np.savez_compressed(folder / HEADS, **heads)


class _Graph:
    """An ONNX graph that grows node by node; every method gives the name of what it computes, or of each part.

    Activations are rounded by the largest of a tensor, and the signs that open and close a window
    have some that are ten times as large as any word's. So in int8 the pieces of words and the
    signs go through the layers as two parts, and meet in the attention.
    """

    def __init__(self, whole: Mapping[nn.Linear, Whole]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.whole = whole

    def add(self, op: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"{op.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, value: NDArray[Any]) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def linear(self, parts: list[str], layer: nn.Linear) -> list[str]:
        bias = self.constant(layer.bias.detach().numpy())
        if layer not in self.whole:
            weight = self.constant(layer.weight.detach().numpy().T)
            return [self.add("Add", self.add("MatMul", x, weight), bias) for x in parts]
        whole = self.whole[layer]
        values, scale = self.constant(whole.values), self.constant(whole.scale)
        zero = self.constant(np.zeros(len(whole.scale), np.int8))
        return [self.add("DynamicQuantizeMatMul", x, values, scale, zero, bias, domain=_MS) for x in parts]

    def rows(self, table: torch.nn.Embedding, at: str) -> str:
        weight = table.weight.detach().numpy()
        if not self.whole:
            return self.add("Gather", self.constant(weight), at)
        scale = np.maximum(np.abs(weight).max(1, keepdims=True) / 127, 1e-9).astype(np.float32)
        whole = self.add("Gather", self.constant(np.rint(weight / scale).astype(np.int8)), at)
        return self.add(
            "Mul", self.add("Cast", whole, to=TensorProto.FLOAT), self.add("Gather", self.constant(scale), at)
        )

    def norm(self, x: str, layer: torch.nn.LayerNorm) -> str:
        weight, bias = (self.constant(p.detach().numpy()) for p in (layer.weight, layer.bias))
        return self.add("LayerNormalization", x, weight, bias, epsilon=layer.eps)

    def skip_norm(self, xs: list[str], ys: list[str], layer: nn.LayerNorm) -> list[str]:
        weight, bias = (self.constant(p.detach().numpy()) for p in (layer.weight, layer.bias))
        return [
            self.add("SkipLayerNormalization", x, y, weight, bias, domain=_MS, epsilon=layer.eps)
            for x, y in zip(xs, ys, strict=True)
        ]

    def split(self, x: str) -> list[str]:
        if not self.whole:
            return [x]
        one, last = (self.constant(np.array([i], np.int64)) for i in (1, -1))
        signs = self.add("Gather", x, self.constant(np.array([0, -1], np.int64)), axis=1)
        return [self.add("Slice", x, one, last, one), signs]

    def join(self, parts: list[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        words, signs = parts
        first, last = (self.add("Gather", signs, self.constant(np.array([i], np.int64)), axis=1) for i in (0, 1))
        return self.add("Concat", first, words, last, axis=1)


def encoder_graph(network: Network, whole: Mapping[nn.Linear, Whole]) -> onnx.ModelProto:
    """ids, shapes, heads, tails of one window -> states (words, width) and emissions (words, tags)."""
    encoder, g = network.encoder, _Graph(whole)
    one, two = (g.constant(np.array([i], np.int64)) for i in (1, 2))
    shape, mark = (g.add("Gather", "shapes", g.constant(np.array(i, np.int64)), axis=2) for i in range(2))
    length = g.add("Squeeze", g.add("Slice", g.add("Shape", "ids"), one, two))
    span = g.add("Range", g.constant(np.array(0, np.int64)), length, g.constant(np.array(1, np.int64)))
    x = g.rows(encoder.words, "ids")
    for table, at in ((encoder.shapes, shape), (encoder.marks, mark), (encoder.positions, span)):
        x = g.add("Add", x, g.rows(table, at))
    parts = g.split(g.norm(x, encoder.norm))
    bias = _relative_bias(g, encoder, span) if encoder.size.relative else ""
    for layer in encoder.layers:
        parts = _layer(g, parts, layer, bias)
    flat = g.add("Reshape", g.join(parts), g.constant(np.array([-1, encoder.size.width], np.int64)))
    both = g.add("Add", g.add("Gather", flat, "heads"), g.add("Gather", flat, "tails"))
    states = g.add("Mul", both, g.constant(np.array(0.5, np.float32)))
    emit = network.tagger.emit
    plain = g.add("MatMul", states, g.constant(emit.weight.detach().numpy().T))
    emissions = g.add("Add", plain, g.constant(emit.bias.detach().numpy()))
    g.nodes += [
        helper.make_node("Identity", [states], ["states"]),
        helper.make_node("Identity", [emissions], ["emissions"]),
    ]
    integer, real = TensorProto.INT64, TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("ids", integer, [1, "pieces"]),
        helper.make_tensor_value_info("shapes", integer, [1, "pieces", 2]),
        helper.make_tensor_value_info("heads", integer, ["words"]),
        helper.make_tensor_value_info("tails", integer, ["words"]),
    ]
    outputs = [
        helper.make_tensor_value_info("states", real, ["words", encoder.size.width]),
        helper.make_tensor_value_info("emissions", real, ["words", len(TAGS)]),
    ]
    graph = helper.make_graph(g.nodes, "encoder", inputs, outputs, g.constants)
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MS, 1)],
        ir_version=9,
        producer_name="paperkg",
    )


def _layer(g: _Graph, parts: list[str], layer: Any, bias: str) -> list[str]:
    q, k, v = (g.join(g.linear(parts, f)) for f in (layer.query, layer.key, layer.value))
    mixed = g.add("MultiHeadAttention", q, k, v, "", "", bias, domain=_MS, num_heads=layer.heads)
    parts = g.skip_norm(parts, g.linear(g.split(mixed), layer.out), layer.norm1)
    inner = [g.add("Gelu", x, domain=_MS) for x in g.linear(parts, layer.up)]
    return g.skip_norm(parts, g.linear(inner, layer.down), layer.norm2)


def _relative_bias(g: _Graph, encoder: Encoder, span: str) -> str:
    """(1, heads, pieces, pieces) from a table by distance."""
    by_distance = encoder.distances.weight.detach()[
        torch.cat([distance_buckets(512)[:, 0].flip(0), distance_buckets(512)[0, 1:]])
    ]
    columns = g.add("Unsqueeze", span, g.constant(np.array([0], np.int64)))
    rows = g.add("Unsqueeze", span, g.constant(np.array([1], np.int64)))
    at = g.add("Add", g.add("Sub", columns, rows), g.constant(np.array(511, np.int64)))
    bias = g.add("Gather", g.constant(by_distance.numpy().T), at, axis=1)
    return g.add("Unsqueeze", bias, g.constant(np.array([0], np.int64)))
