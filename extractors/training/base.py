"""Base encoders: from a folder of published weights to ours, with the vocabulary that the papers need."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from extractors.training.network import Encoder, EncoderSize
from extractors.words import SPECIALS

_BASE_SPECIALS = {"bert": ("[CLS]", "[SEP]", "[UNK]", "[PAD]"), "mpnet": ("<s>", "</s>", "[UNK]", "<pad>")}
# MPNet counts positions from the one after its padding.
_FIRST_POSITION = {"bert": 0, "mpnet": 2}
_NAMES = {
    "bert": {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
    },
    "mpnet": {
        "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v",
        "out": "attention.attn.o", "norm1": "attention.LayerNorm",
        "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
    },
}  # fmt: skip


def prune_vocabulary(base: Path, texts: Iterable[str], at_least: int) -> tuple[Tokenizer, list[int]]:
    """A tokenizer with the pieces that occur `at_least` times in `texts`, and the base's row of each of them.

    Single signs stay, so that any word can still be spelt.
    """
    old = Tokenizer.from_file(str(base / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    counts = Counter(p for e in old.encode_batch(list(texts), add_special_tokens=False) for p in e.tokens)
    vocabulary = old.get_vocab(with_added_tokens=True)
    specials = _BASE_SPECIALS[_config(base)["model_type"]]
    kept = sorted(
        piece
        for piece in vocabulary
        if piece not in specials and (counts[piece] >= at_least or len(piece.removeprefix("##")) == 1)
    )
    new = Tokenizer(WordPiece({p: i for i, p in enumerate([*SPECIALS, *kept])}, unk_token=SPECIALS[2]))
    new.normalizer = BertNormalizer()
    new.pre_tokenizer = BertPreTokenizer()
    return new, [vocabulary[p] for p in (*specials, *kept)]


def load_base(base: Path, layers: int, rows: list[int]) -> Encoder:
    """The first `layers` layers of the encoder in `base`, with these rows of its vocabulary."""
    config = _config(base)
    kind = config["model_type"]
    size = EncoderSize(
        vocabulary=len(rows),
        width=config["hidden_size"],
        layers=layers,
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        relative=kind == "mpnet",
        epsilon=config["layer_norm_eps"],
    )
    encoder = Encoder(size)
    weights = load_file(base / "model.safetensors")
    ours = {"words.weight": weights["embeddings.word_embeddings.weight"][rows]}
    positions = weights["embeddings.position_embeddings.weight"][_FIRST_POSITION[kind] :]
    if kind == "bert":
        positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    ours["positions.weight"] = positions[:512].clone()
    if size.relative:
        ours["distances.weight"] = weights["encoder.relative_attention_bias.weight"]
    for part in ("weight", "bias"):
        ours[f"norm.{part}"] = weights[f"embeddings.LayerNorm.{part}"]
        for i in range(layers):
            for name, theirs in _NAMES[kind].items():
                ours[f"layers.{i}.{name}.{part}"] = weights[f"encoder.layer.{i}.{theirs}.{part}"]
    for name in ("shapes", "marks"):
        ours[f"{name}.weight"] = torch.zeros_like(getattr(encoder, name).weight)
    encoder.load_state_dict(ours)
    return encoder


def _config(base: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((base / "config.json").read_text(encoding="utf-8"))
    return config
