"""From labelled papers to one shipped network, in steps that leave their results in the work folder."""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from extractors.calibration import PLAIN, write_curves
from extractors.lexicon import load_lexicon
from extractors.network import CURVES, ENCODER, HEADS, TOKENIZER, OnnxNetwork
from extractors.trained import MANIFEST, TrainedExtractor, load_trained
from extractors.training.base import load_base, prune_vocabulary
from extractors.training.choose import Labelled, choose_curves, reliability, score_held_out, score_papers
from extractors.training.data import UNSURE_COUNTS, Example, make_example, read_labelled
from extractors.training.export import export
from extractors.training.fit import Schedule, fit
from extractors.training.network import Network, TorchReader
from extractors.training.renaming import rename_some
from extractors.training.rounding import round_weights
from extractors.words import WordReader
from kg.annotations import to_annotation
from kg.errors import ModelError
from kg.evaluate import Score
from kg.text import name_key
from kg.types import Paper

NETWORK = "network.pt"
# Papers by whose words the weights are rounded.
_ROUNDED_BY = 64
_SCHEDULE = ("batch", "encoder_rate", "head_rate", "warm_up")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a training needs: files, folders of base encoders by name, and the configuration."""

    papers: Path
    labels: Path
    unlabelled: Sequence[Path]
    bases: dict[str, Path]
    work: Path
    output: Path
    config: dict[str, Any]

    @cached_property
    def splits(self) -> tuple[Labelled, Labelled, Labelled]:
        """(train, held out, test); no paper is in two of them, not even as another version."""
        read = list(read_labelled(self.papers, self.labels))
        test = [(p, g) for p, split, g in read if split == self.config["test_split"]]
        extra = [(p, {**g, UNSURE_COUNTS: True}) for p, split, g in read if split == self.config["learnt_split"]]
        rest = [(p, g) for p, split, g in read if split not in (self.config["test_split"], self.config["learnt_split"])]
        random.Random(self.config["seed"]).shuffle(rest)  # ruff: ignore[suspicious-non-cryptographic-random-usage]
        seen = {k for p, _ in test for k in _identities(p)}
        n = self.config["held_out"]
        held = [(p, g) for p, g in rest[:n] if not _identities(p) & seen]
        seen |= {k for p, _ in held for k in _identities(p)}
        return [(p, g) for p, g in rest[n:] + extra if not _identities(p) & seen], held, test

    def folder(self, name: str) -> Path:
        """Where the network `name` is written: with those that are shipped, or in its own part of the work folder."""
        shipped = self.config["models"][name].get("shipped", True)
        return (self.output if shipped else self.work / "unshipped") / name

    @cached_property
    def others(self) -> list[Paper]:
        """The unlabelled papers that are not among the labelled."""
        known = {k for part in self.splits for p, _ in part for k in _identities(p)}
        return [p for f in self.unlabelled for p in _read_papers(f) if not _identities(p) & known]


def check(names: Sequence[str], settings: Settings) -> None:
    """Makes sure before hours of training that nothing is missing.

    Raises:
        ModelError: a model is not configured, its base encoder is not there, or its teacher has nothing to read.
    """
    models = settings.config["models"]
    for name in names:
        if name not in models:
            raise ModelError(f"no model {name} in the configuration; it has {', '.join(models)}")
        base = models[name]["base"]
        folder = settings.bases.get(base)
        if folder is None:
            raise ModelError(f"no base encoder {base} for {name}; give its folder with --base {base}=FOLDER")
        for file in ("config.json", "tokenizer.json", "model.safetensors"):
            if not (folder / file).is_file():
                raise ModelError(f"{folder / file}: no such file; --base {base} must be a folder of published weights")
        if "teacher" in models[name] and not settings.unlabelled:
            raise ModelError(f"{name} learns from a teacher's reading of more papers; give some with --unlabelled")


def train(name: str, settings: Settings) -> None:
    """Trains, calibrates, exports and scores the model `name`; what is done already is not done again."""
    config = settings.config["models"][name]
    work, output = settings.work / name, settings.folder(name)
    if (work / "report.json").exists():
        return
    work.mkdir(parents=True, exist_ok=True)
    output.mkdir(parents=True, exist_ok=True)
    seed = settings.config["seed"]
    learn, held, test = settings.splits
    lexicon = load_lexicon()
    rows = _vocabulary(config, settings, work)
    reader = WordReader(work / TOKENIZER, lexicon)
    torch.manual_seed(seed)
    network = Network(load_base(settings.bases[config["base"]], config["layers"], rows))

    def table() -> dict[str, float]:
        extractor = TrainedExtractor(TorchReader(network), reader, PLAIN, lexicon, "")
        return {f"held {k}": round(s.f1, 3) for k, s in score_papers(extractor.extract, held)[0].items()}

    def stage(folder: str, examples: Callable[[int], Sequence[Example]], passes: int, seed: int) -> None:
        finished = work / folder / NETWORK
        if not finished.exists():
            finished.parent.mkdir(exist_ok=True)
            schedule = Schedule(passes=passes, seed=seed, **{k: config[k] for k in _SCHEDULE})
            fit(network, examples, schedule, finished.parent, table)
            torch.save(network.state_dict(), finished.with_suffix(".new"))
            finished.with_suffix(".new").replace(finished)
        network.load_state_dict(torch.load(finished))

    courses = [f"labels-{i + 1}" for i in range(config["courses"])]
    if "teacher" in config and not all((work / folder / NETWORK).exists() for folder in courses):
        stage("teacher", lambda _: _taught(config["teacher"], settings, work / "teacher.jsonl", reader), 1, seed)
    start = {k: v.clone() for k, v in network.state_dict().items()}
    for i, folder in enumerate(courses):

        def labelled(a_pass: int, course: int = i) -> list[Example]:
            papers = rename_some(learn, 1000 * seed + 100 * course + a_pass)
            return [make_example(p, g, reader) for p, g in papers]

        network.load_state_dict(start)
        stage(folder, labelled, config["passes"], seed + i)
    network.load_state_dict(average([torch.load(work / folder / NETWORK) for folder in courses]))
    network.eval()
    read = (reader.read(p.text, len(p.title or "")) for p, _ in learn[:_ROUNDED_BY])
    export(network, output, round_weights(network, [w for words in read for w in reader.windows(words)]))
    (output / TOKENIZER).write_bytes((work / TOKENIZER).read_bytes())
    shipped = OnnxNetwork(output)
    curves = choose_curves(shipped, reader, lexicon, held)
    write_curves(output / CURVES, curves)
    files = {f: hashlib.sha256((output / f).read_bytes()).hexdigest() for f in (ENCODER, HEADS, TOKENIZER, CURVES)}
    (output / MANIFEST).write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")
    report = {}
    for kind, one in (("int8", shipped), ("float", TorchReader(network))):
        extractor = TrainedExtractor(one, reader, curves, lexicon, "")
        for split, part, (scores, points) in (
            ("held", held, score_held_out(one, reader, lexicon, held)),
            ("test", test, score_papers(extractor.extract, test)),
        ):
            report[f"{kind} {split}"] = {"papers": len(part), "scores": _rows(scores)} | {
                "reliability": {k: reliability(*v) for k, v in points.items()}
            }
    _write(work / "report.json", json.dumps(report, indent=1) + "\n")


def average(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of networks that learnt from one start."""
    return {k: sum((s[k] for s in states[1:]), states[0][k]) / len(states) for k in states[0]}


def _write(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def _rows(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    return {k: {x: round(getattr(s, x), 4) for x in ("precision", "recall", "f1")} for k, s in scores.items()}


def _vocabulary(config: dict[str, Any], settings: Settings, work: Path) -> list[int]:
    kept = work / "rows.json"
    if not kept.exists():
        texts = [p.text for part in settings.splits for p, _ in part] + [p.text for p in settings.others]
        tokenizer, rows = prune_vocabulary(settings.bases[config["base"]], texts, settings.config["least_pieces"])
        tokenizer.save(str(work / TOKENIZER))
        _write(kept, json.dumps(rows))
    found: list[int] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def _taught(teacher: str, settings: Settings, path: Path, reader: WordReader) -> list[Example]:
    """Examples with the teacher's labels, which are kept in `path` as they come."""
    extractor = load_trained(teacher, folder=settings.folder(teacher).parent)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    have = {r["id"]: r for r in (json.loads(x) for x in lines if x.endswith("\n")) if r["by"] == extractor.version}
    _write(path, "".join(json.dumps(r) + "\n" for r in have.values()))
    left = [p for p in settings.others if p.id not in have]
    with path.open("a", encoding="utf-8") as stream:
        bar = tqdm(zip(left, extractor.extract(left), strict=True), total=len(left), desc="teacher")
        for paper, extraction in bar:
            have[paper.id] = {**to_annotation(paper, extraction), "by": extractor.version}
            stream.write(json.dumps(have[paper.id]) + "\n")
    return [make_example(p, have[p.id], reader) for p in settings.others]


def _read_papers(path: Path) -> Iterator[Paper]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    for line in filter(str.strip, text.split("\n")):
        r = json.loads(line)
        yield Paper(id=str(r["id"]), title=r.get("title") or None, abstract=r["abstract"])


def _identities(paper: Paper) -> set[str]:
    """What two versions of one paper share: the title, or how the abstract begins."""
    return {name_key(s) for s in (paper.title or "", " ".join(paper.abstract.split()[:12])) if s}
