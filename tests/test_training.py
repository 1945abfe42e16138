"""A few steps of training on papers of our own making: what is learnt is exported, read again and used."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="training needs paperkg[train]")

from extractors.lexicon import load_lexicon  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.network import OnnxNetwork  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.trained import MODEL_FOLDER, load_trained  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training import fit as fitting  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.base import load_base  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.data import NONE, UNSURE_COUNTS, make_example  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.export import export  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.network import Network, TorchReader, collate  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.renaming import rename_some  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.rounding import round_weights  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.training.run import Settings, train  # ruff: ignore[module-import-not-at-top-of-file]
from extractors.words import WordReader  # ruff: ignore[module-import-not-at-top-of-file]
from kg.annotations import to_annotation  # ruff: ignore[module-import-not-at-top-of-file]
from kg.evaluate import occurrences  # ruff: ignore[module-import-not-at-top-of-file]
from kg.types import Paper  # ruff: ignore[module-import-not-at-top-of-file]
from tests.small_graph import small_extractions, small_papers  # ruff: ignore[module-import-not-at-top-of-file]

CONFIG = """
seed = 7
held_out = 6
test_split = "test"
learnt_split = "assisted"
least_pieces = 1

[models.tiny]
base = "tiny"
layers = 2
passes = 2
courses = 2
batch = 4
encoder_rate = 1e-3
head_rate = 3e-3
warm_up = 0.1
"""


def tiny_base(folder: Path) -> Path:
    """An untrained encoder in the files of a published one."""
    from safetensors.torch import save_file
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece

    shipped = Tokenizer.from_file(str(MODEL_FOLDER / "fast" / "tokenizer.json"))
    pieces = sorted(shipped.get_vocab(), key=lambda p: shipped.get_vocab()[p])
    tokenizer = Tokenizer(WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = shipped.normalizer, shipped.pre_tokenizer
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "model_type": "bert",
        "hidden_size": 32,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    shapes = {
        f"embeddings.{n}_embeddings": (k, 32) for n, k in (("word", len(pieces)), ("position", 512), ("token_type", 2))
    }
    for i in range(2):
        at = f"encoder.layer.{i}."
        shapes |= {f"{at}attention.{n}": (32, 32) for n in ("self.query", "self.key", "self.value", "output.dense")}
        shapes |= {f"{at}intermediate.dense": (64, 32), f"{at}output.dense": (32, 64)}
    weights = {f"{n}.weight": torch.randn(s) * 0.1 for n, s in shapes.items()}
    weights |= {f"{n}.bias": torch.zeros(s[0]) for n, s in shapes.items() if n.startswith("encoder")}
    norms = ["embeddings.LayerNorm"] + [
        f"encoder.layer.{i}.{n}" for i in range(2) for n in ("attention.output.LayerNorm", "output.LayerNorm")
    ]
    for n in norms:
        weights |= {f"{n}.weight": torch.ones(32), f"{n}.bias": torch.zeros(32)}
    save_file(weights, str(folder / "model.safetensors"))
    return folder


def labelled() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The small graph's papers, several times, each opening in its own way."""
    rows = []
    for i in range(8):
        for p, x in zip(small_papers(), small_extractions(), strict=True):
            name = f"{p.id}-{i}"
            abstract = f"Report {i} of series {p.id} says here at length what is known. {p.abstract}"
            paper = {"id": name, "title": None, "abstract": abstract, "split": "test" if i == 7 else "train"}
            rows.append((paper, {**to_annotation(p, x), "id": name}))
    return rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for i, name in enumerate(("papers.jsonl", "labels.jsonl")):
        (tmp_path / name).write_text("".join(json.dumps(r[i]) + "\n" for r in labelled()))
    return Settings(
        papers=tmp_path / "papers.jsonl",
        labels=tmp_path / "labels.jsonl",
        unlabelled=[],
        bases={"tiny": tiny_base(tmp_path / "base")},
        work=tmp_path / "work",
        output=tmp_path / "model",
        config=tomllib.loads(CONFIG),
    )


def test_training_ends_in_a_model_that_extracts(settings: Settings) -> None:
    train("tiny", settings)
    report = json.loads((settings.work / "tiny" / "report.json").read_text())
    assert set(report) == {"int8 held", "int8 test", "float held", "float test"}
    rows = [json.loads(x) for x in (settings.work / "tiny" / "labels-1" / "log.jsonl").read_text().splitlines()]
    assert [r["pass"] for r in rows] == [1, 2]
    assert rows[1]["train tags"] < rows[0]["train tags"]
    extractor = load_trained("tiny", folder=settings.output)
    assert len(list(extractor.extract(small_papers()))) == len(small_papers())


def test_papers_of_the_learnt_split_are_never_held_out(settings: Settings) -> None:
    learn, held, test = settings.splits
    rows = [json.loads(x) for x in settings.papers.read_text().splitlines()]
    extra = {r["id"] for r in rows[::5] if r["split"] == "train"}
    rows = [r | ({"split": "assisted"} if r["id"] in extra else {}) for r in rows]
    settings.papers.write_text("".join(json.dumps(r) + "\n" for r in rows))
    learn2, held2, test2 = replace(settings).splits
    assert not extra & {p.id for p, _ in (*held2, *test2)}
    assert extra <= {p.id for p, _ in learn2}
    assert (len(held2), test2, len(learn2)) == (len(held), test, len(learn))


def test_a_teacher_reads_unlabelled_papers_and_is_not_shipped(settings: Settings, tmp_path: Path) -> None:
    unlabelled = tmp_path / "more.jsonl"
    rows = [{"id": f"u{i}", "abstract": f"In study {i} of many we train a model on a dataset."} for i in range(5)]
    unlabelled.write_text("".join(json.dumps(r) + "\n" for r in rows))
    config = tomllib.loads(CONFIG)
    tiny = config["models"]["tiny"]
    config["models"] = {"tiny": tiny | {"shipped": False}, "pupil": tiny | {"teacher": "tiny"}}
    taught = replace(settings, unlabelled=[unlabelled], config=config)
    for name in config["models"]:
        train(name, taught)
    read = [json.loads(x) for x in (settings.work / "pupil" / "teacher.jsonl").read_text().splitlines()]
    assert [r["id"] for r in read] == [r["id"] for r in rows]
    assert all(r["by"].startswith("tiny-") for r in read)
    assert [f.name for f in settings.output.iterdir()] == ["pupil"]


def test_training_that_was_cut_off_goes_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    train("tiny", settings)
    whole = torch.load(settings.work / "tiny" / "labels-2" / "network.pt")
    again = replace(settings, work=settings.work.with_name("again"), output=settings.output.with_name("model2"))
    save, calls = fitting._save, []

    def cut(*args: Any) -> None:
        save(*args)
        calls.append(args)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "_save", cut)
    with pytest.raises(KeyboardInterrupt):
        train("tiny", again)
    assert not (again.work / "tiny" / "labels-1" / "network.pt").exists()
    train("tiny", again)
    resumed = torch.load(again.work / "tiny" / "labels-2" / "network.pt")
    assert all(torch.allclose(whole[k], resumed[k], atol=1e-5) for k in whole)


@pytest.fixture
def tiny(settings: Settings) -> tuple[Network, WordReader]:
    reader = WordReader(settings.bases["tiny"] / "tokenizer.json", load_lexicon())
    torch.manual_seed(1)
    rows = list(range(len(json.loads((settings.bases["tiny"] / "tokenizer.json").read_text())["model"]["vocab"])))
    return Network(load_base(settings.bases["tiny"], 2, rows)).eval(), reader


def test_the_exported_network_computes_what_was_trained(tiny: tuple[Network, WordReader], tmp_path: Path) -> None:
    network, reader = tiny
    x = make_example(small_papers()[0], to_annotation(small_papers()[0], small_extractions()[0]), reader)
    export(network, tmp_path, {})
    shipped, ours = OnnxNetwork(tmp_path), TorchReader(network)
    ((states, emissions),) = shipped.read([x.window])
    for a, b in zip((states, emissions), *ours.read([x.window]), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)
    for a, b in zip(shipped.facts(states, x.scene), ours.facts(states, x.scene), strict=True):
        np.testing.assert_allclose(a, b, atol=2e-2)
    pairs = ~np.eye(x.strings.count, dtype=bool)
    np.testing.assert_allclose(
        shipped.links(states, x.strings, x.surfaces)[pairs],
        ours.links(states, x.strings, x.surfaces)[pairs],
        atol=2e-2,
    )


def test_rounded_weights_give_what_the_layers_gave(tiny: tuple[Network, WordReader], tmp_path: Path) -> None:
    network, reader = tiny
    windows = [w for p in small_papers() for w in reader.windows(reader.read(p.text, len(p.title or "")))]
    whole = round_weights(network, windows)
    layer = network.encoder.layers[0].up
    given: list[Any] = []
    hook = layer.register_forward_pre_hook(lambda _, x: given.append(x[0][0]))
    for w in windows:
        network.encoder(*collate([w])[:3])
    hook.remove()
    weight, scale = layer.weight.detach().numpy().T, whole[layer].scale
    x = torch.cat(given).detach().numpy()

    def error(values: NDArray[Any]) -> float:
        return float(np.linalg.norm(x @ (weight - values * scale)))

    assert error(whole[layer].values) < 0.8 * error(np.rint(weight / scale))
    export(network, tmp_path, whole)
    shipped = OnnxNetwork(tmp_path)
    for (states, _), (exact, _) in zip(shipped.read(windows), TorchReader(network).read(windows), strict=True):
        assert np.linalg.norm(states - exact) < 0.05 * np.linalg.norm(exact)
    ((nothing, _),) = shipped.read(reader.windows(reader.read("", 0)))
    assert nothing.shape == (0, 32)


def test_labels_become_the_targets_they_are() -> None:
    p, x = small_papers()[0], small_extractions()[0]
    example = make_example(p, to_annotation(p, x), WordReader(MODEL_FOLDER / "fast" / "tokenizer.json", load_lexicon()))
    assert example.scene.entities.count == len(x.entities)
    assert example.relations.sum() == len(x.relations)
    assert (example.kinds > 0).sum() == len({(n.start, n.end) for n in x.results})
    assert (example.tags > 0).any()


def test_a_unit_that_the_text_has_in_another_form_is_a_metric_in_words() -> None:
    paper = Paper(id="p", title=None, abstract="We release Foo, a 7B-parameter model.")
    foo = {"id": "e1", "type": "Model", "name": "Foo", "mentions": ["Foo"], "role": "introduced"}
    size = {
        "text": "7B-parameter", "near": "Foo, a 7B-parameter model", "value": 7e9, "unit": "parameters", "kind": "size",
        "direction": None, "metric": "parameters", "subject": "e1", "dataset": None, "baseline": None, "setting": None,
    }  # fmt: skip
    reader = WordReader(MODEL_FOLDER / "fast" / "tokenizer.json", load_lexicon())
    example = make_example(paper, {"entities": [foo], "relations": [], "numbers": [size]}, reader)
    assert example.slots.tolist() == [[0, 1, 2, 1]]
    assert (example.measures == NONE).all()


def test_whether_a_bare_count_is_a_size_is_not_learnt_from_labels_unsure_of_it() -> None:
    paper = Paper(id="p", title=None, abstract="Foo has 9000 pages in 12 domains, from 2B models, and gains 5.")
    same = {"unit": "", "direction": None, "metric": None, "subject": None, "dataset": None, "baseline": None}
    numbers = [
        {**same, "text": "12", "near": "pages in 12 domains, from", "value": 12, "kind": "size"},
        {**same, "text": "2B", "near": "from 2B models, and", "value": 2e9, "kind": "size"},
        {**same, "text": "5", "near": "models, and gains 5", "value": 5, "kind": "change", "direction": "increase"},
    ]
    reader = WordReader(MODEL_FOLDER / "fast" / "tokenizer.json", load_lexicon())
    record = {"entities": [], "relations": [], "numbers": numbers}
    pages, domains, parameters, gain = make_example(paper, record, reader).kinds
    assert pages == 0
    unsure = make_example(paper, {**record, UNSURE_COUNTS: True}, reader).kinds
    # Pages have a unit, examples, so they are no bare count.
    assert unsure.tolist() == [0, NONE, parameters, gain]
    assert domains > 0


def test_renamed_papers_keep_their_labels() -> None:
    papers = [(Paper(id=p["id"], title="On Names", abstract=p["abstract"]), g) for p, g in labelled()]
    changed = 0
    for (old, was), (new, now) in zip(papers, rename_some(papers, 1), strict=True):
        changed += old.text != new.text
        types = [
            [t for _, t in sorted(occurrences(p.text, g["entities"]).items())] for p, g in ((old, was), (new, now))
        ]
        assert types[0] == types[1]
        assert [e["type"] for e in now["entities"]] == [e["type"] for e in was["entities"]]
        for n, m in zip(was["numbers"], now["numbers"], strict=True):
            assert new.text.count(m["near"]) == 1
            assert m["text"] in m["near"]
            assert m == {**n, "near": m["near"]}
    assert 0 < changed < len(papers)
