"""The loop: batches of like length, one optimiser, a checkpoint every few minutes, a line in the log every pass."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # ruff: ignore[lowercase-imported-as-non-lowercase] -- its usual name
from torch import Tensor
from tqdm import tqdm

from extractors.facts import Places
from extractors.reader import SLOT_TYPES
from extractors.training.data import NONE, SLOTS, Example
from extractors.training.network import Network, collate, fact_inputs
from kg.schema import ENTITY_TYPES

Losses = dict[str, Tensor]
# (types, slots): what may stand where.
_FITS = np.array([[kind in types for types in SLOT_TYPES] for kind in ENTITY_TYPES])
# Papers have six entities for each number, whose heads learn last. What is not named counts once.
_WEIGHTS = {"kinds": 2.0, "slots": 4.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long and how fast: passes over the papers, papers a step, peak learning rates, and the seed."""

    passes: int
    batch: int
    encoder_rate: float
    head_rate: float
    warm_up: float
    seed: int


def fit(
    network: Network,
    examples: Callable[[int], Sequence[Example]],
    schedule: Schedule,
    folder: Path,
    after_pass: Callable[[], dict[str, float]],
) -> None:
    """Trains `network` in place; goes on from the checkpoint in `folder` where there is one.

    `examples` gives those of a pass, counted from 0, as many for each. What `after_pass` returns goes
    to a line of `log.jsonl` beside the losses, each the nats a paper.
    """
    checkpoint = folder / "checkpoint.pt"
    fast = [p for n, p in network.named_parameters() if _is_new(n)]
    slow = [p for n, p in network.named_parameters() if not _is_new(n)]
    optimiser = torch.optim.AdamW(
        [{"params": slow, "lr": schedule.encoder_rate}, {"params": fast, "lr": schedule.head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    learn = examples(0)
    batches = list(_batches(learn, schedule, 0))
    a_pass = len(batches)
    steps = a_pass * schedule.passes
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min(s / (schedule.warm_up * steps), max(0.0, (steps - s) / (1 - schedule.warm_up) / steps)),
    )
    step, sums = 0, {}  # type: int, dict[str, float]
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        rate.load_state_dict(state["rate"])
        torch.set_rng_state(state["random"])
        step, sums = state["step"], state["sums"]
    else:
        torch.manual_seed(schedule.seed)
    log = folder / "log.jsonl"
    if log.exists():
        # A pass whose checkpoint was not written any more is done again.
        lines = [x for x in log.read_text(encoding="utf-8").splitlines() if json.loads(x)["pass"] * a_pass <= step]
        log.write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")
    saved = time.monotonic()
    bar = tqdm(total=steps, initial=step, desc=folder.name, mininterval=5)
    at = 0  # the pass that `learn` and `batches` belong to
    while step < steps:
        if step // a_pass != at:
            at = step // a_pass
            learn = examples(at)
            batches = list(_batches(learn, schedule, at))
        network.train()
        batch = [learn[i] for i in batches[step % a_pass]]
        losses = network_losses(network, batch)
        loss = sum((_WEIGHTS.get(k, 1.0) * v for k, v in losses.items()), torch.zeros(())) / len(batch) / 50
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
        optimiser.step()
        rate.step()
        step += 1
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        bar.set_postfix(loss=f"{float(loss.detach()):.3f}", refresh=False)
        bar.update()
        ends = step % a_pass == 0
        if ends:
            n = len(learn)
            row = {"pass": step // a_pass, **{f"train {k}": round(v / n, 3) for k, v in sums.items()}}
            row |= after_pass()
            sums = {}
            bar.write(", ".join(f"{k} {v}" for k, v in row.items()))
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row) + "\n")
        if ends or time.monotonic() - saved > 240:
            _save(checkpoint, network, optimiser, rate, step, sums)
            saved = time.monotonic()
    bar.close()
    network.eval()


def _is_new(name: str) -> bool:
    return not name.startswith("encoder.") or "shapes" in name or "marks" in name


def _save(path: Path, network: Network, optimiser: Any, rate: Any, step: int, sums: dict[str, float]) -> None:
    state = {
        "network": network.state_dict(), "optimiser": optimiser.state_dict(), "rate": rate.state_dict(),
        "random": torch.get_rng_state(), "step": step, "sums": sums,
    }  # fmt: skip
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _batches(examples: Sequence[Example], schedule: Schedule, a_pass: int) -> Iterator[list[int]]:
    """Batches of one pass: shuffled, of papers of like length; as many in every pass."""
    shuffled = random.Random(schedule.seed * 1000 + a_pass)  # ruff: ignore[suspicious-non-cryptographic-random-usage] -- an order, no secret
    order = list(range(len(examples)))
    shuffled.shuffle(order)
    pool = 16 * schedule.batch
    found = []
    for at in range(0, len(order), pool):
        near = sorted(order[at : at + pool], key=lambda i: len(examples[i].window.ids))
        found += [near[i : i + schedule.batch] for i in range(0, len(near), schedule.batch)]
    shuffled.shuffle(found)
    yield from found


def network_losses(network: Network, batch: Sequence[Example]) -> Losses:
    """Sums over the papers of the negative log-likelihoods of each kind of label."""
    ids, shapes, mask, heads, tails = collate([x.window for x in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states, emissions = network.read(ids, shapes, mask, heads, tails)
    states, emissions = states.float(), emissions.float()
    lengths = torch.tensor([x.window.last for x in batch])
    tags = torch.zeros(heads.shape, dtype=torch.long)
    for i, x in enumerate(batch):
        tags[i, : x.window.last] = torch.from_numpy(x.tags)
    present = torch.arange(heads.shape[1])[None] < lengths[:, None]
    losses = {"tags": network.tagger.loss(emissions, tags, present)}
    for i, x in enumerate(batch):
        for name, value in paper_losses(network, states[i, : x.window.last], x).items():
            losses[name] = losses.get(name, torch.zeros(())) + value
    return losses


def paper_losses(network: Network, words: Tensor, x: Example) -> Losses:
    """The losses of what stands on the gold mentions of one paper."""
    losses: Losses = {}
    if x.strings.count > 1:
        logits = network.links(words, *_on(x.strings), torch.from_numpy(x.surfaces))
        pairs = torch.tril_indices(x.strings.count, x.strings.count, -1)
        same = torch.from_numpy(x.same)[pairs[0], pairs[1]]
        losses["links"] = F.binary_cross_entropy_with_logits(logits[pairs[0], pairs[1]], same, reduction="sum")
    if not x.scene.entities.count:
        return losses
    roles, relations, kinds, slots, nobody, measures = network.facts(words, *fact_inputs(x.scene))
    losses["roles"] = F.cross_entropy(roles, torch.from_numpy(x.roles), reduction="sum")
    off = ~torch.eye(x.scene.entities.count, dtype=torch.bool)
    gold = torch.from_numpy(x.relations)
    losses["relations"] = F.binary_cross_entropy_with_logits(relations[off], gold[off], reduction="sum")
    if not x.scene.numbers.count:
        return losses
    kind, direction, slot = torch.from_numpy(x.kinds), torch.from_numpy(x.directions), torch.from_numpy(x.slots)
    losses["kinds"] = F.cross_entropy(kinds[:, :-3], kind, ignore_index=NONE, reduction="sum")
    real = kind > 0
    if not real.any():
        return losses
    losses["kinds"] = losses["kinds"] + F.cross_entropy(kinds[real, -3:], direction[real], reduction="sum")
    losses["slots"] = torch.zeros(())
    slots = slots.masked_fill(~torch.from_numpy(_FITS[x.scene.types]), -1e4)
    for k in range(len(SLOTS)):
        choices = torch.cat([slots[..., k], nobody[:, k, None]], 1)
        if SLOTS[k] == "metric":
            choices = torch.cat([choices, nobody[:, -1:]], 1)
        losses["slots"] = losses["slots"] + F.cross_entropy(choices, slot[:, k], ignore_index=NONE, reduction="sum")
    spans = torch.from_numpy(x.measures)
    if (spans != NONE).any():
        for k in range(2):
            losses["slots"] = losses["slots"] + F.cross_entropy(
                measures[..., k], spans[:, k], ignore_index=NONE, reduction="sum"
            )
    return losses


def _on(places: Places) -> tuple[Tensor, Tensor, Tensor]:
    return torch.from_numpy(places.starts), torch.from_numpy(places.ends), torch.from_numpy(places.pool())
