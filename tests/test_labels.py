"""Stand-off labels: no words in them, and none lost on their way back to the texts."""

import json
from pathlib import Path

import pytest

from kg.annotations import read_annotations, to_annotation
from kg.errors import AnnotationError
from kg.evaluate import LAYERS, evaluate
from kg.labels import from_standoff, join_labels, to_standoff
from kg.resources import resource_path
from kg.types import Paper
from tests.conftest import RunKg
from tests.small_graph import small_extractions, small_papers

SHIPPED = resource_path("seeds") / "annotations" / "standoff.jsonl"


def standoff(tmp_path: Path) -> Path:
    file = tmp_path / "standoff.jsonl"
    pairs = zip(small_papers(), small_extractions(), strict=True)
    rows = [to_standoff(p, to_annotation(p, x), url="https://example.org", split="s") for p, x in pairs]
    file.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return file


def test_labels_come_back_as_they_were() -> None:
    gold = {p.id: to_annotation(p, x) for p, x in zip(small_papers(), small_extractions(), strict=True)}
    back = {p.id: from_standoff(p, to_standoff(p, gold[p.id], url=None, split="s")) for p in small_papers()}
    scores = evaluate({p.id: p.text for p in small_papers()}, gold, back)
    assert {layer: s.f1 for layer, s in scores.items()} == dict.fromkeys(LAYERS, 1.0)


def test_a_name_inside_a_longer_one_keeps_its_place() -> None:
    p = Paper(id="p", title=None, abstract="Image and text classification.")
    entities = [
        {
            "id": "e1",
            "type": "Task",
            "name": "text classification",
            "mentions": ["text classification"],
            "role": "used",
        },
        {"id": "e2", "type": "Task", "name": "image", "mentions": ["Image and text classification"], "role": "used"},
    ]
    labels = to_standoff(p, {"id": "p", "entities": entities, "relations": [], "numbers": []}, url=None, split="s")
    assert from_standoff(p, labels)["entities"][0]["mentions"] == ["text classification"]
    assert from_standoff(p, labels)["entities"][1]["mentions"] == ["Image and text classification"]


def test_labels_are_not_put_on_another_text() -> None:
    p, x = small_papers()[0], small_extractions()[0]
    labels = to_standoff(p, to_annotation(p, x), url=None, split="s")
    with pytest.raises(AnnotationError, match="not the one that the labels were made on"):
        from_standoff(Paper(id=p.id, title=p.title, abstract=p.abstract + " "), labels)


def test_the_command_joins_what_it_finds_and_says_what_it_misses(run_kg: RunKg, tmp_path: Path) -> None:
    labels = standoff(tmp_path)
    first, *rest = small_papers()
    rows = [{"id": "other", "title": first.title, "abstract": first.abstract}]
    rows += [{"id": p.id, "title": p.title, "abstract": p.abstract + " More."} for p in rest[:1]]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    shown = run_kg("labels", tmp_path / "mine.jsonl", "--labels", labels, "-o", tmp_path / "out")
    assert shown.exit_code == 0
    assert shown.stdout == f"1 of {len(small_papers())} labelled papers to {tmp_path / 'out'}\n"
    assert f"1 labelled papers have another text: {rest[0].id}" in shown.stderr
    assert list(read_annotations(tmp_path / "out" / "annotations.jsonl")) == [first.id]
    assert json.loads((tmp_path / "out" / "papers.jsonl").read_text())["split"] == "s"


def test_no_paper_at_all_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(json.dumps({"id": "a", "title": "Unknown", "abstract": "A text of no label."}))
    with pytest.raises(AnnotationError, match=r"none of the \d+ labelled papers"):
        join_labels([tmp_path / "mine.jsonl"], standoff(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "bad.jsonl").write_text('{"id": 1}')
    with pytest.raises(AnnotationError, match=r"bad\.jsonl:1: no field"):
        join_labels([tmp_path / "mine.jsonl"], tmp_path / "bad.jsonl", tmp_path / "out")


def test_the_shipped_labels_carry_no_words() -> None:
    allowed = {"id", "url", "split", "text_sha256", "title_sha256", "entities", "relations", "numbers"}
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2121 + 3547
    for line in lines:
        record = json.loads(line)
        assert record.keys() == allowed
        assert {len(x) for e in record["entities"] for x in (e["id"], e["type"])} <= {2, 3, 4, 5, 6, 7}
        assert all(
            isinstance(v, int | float | list | None) or len(v) <= 10 for n in record["numbers"] for v in n.values()
        )


def test_the_texts_of_our_own_writing_are_labelled(tmp_path: Path) -> None:
    texts = resource_path("seeds") / "annotations" / "written.jsonl"
    joined = join_labels([texts], SHIPPED, tmp_path)
    assert joined.found == len(texts.read_text(encoding="utf-8").splitlines())
    assert {json.loads(x)["split"] for x in (tmp_path / "papers.jsonl").read_text().splitlines()} == {"assisted"}


def test_a_unit_as_metric_comes_back() -> None:
    p = Paper(id="p", title=None, abstract="We release Foo with 7B weights.")
    foo = {"id": "e1", "type": "Model", "name": "Foo", "mentions": ["Foo"], "role": "introduced"}
    size = {
        "text": "7B", "near": "Foo with 7B weights", "value": 7e9, "unit": "parameters", "kind": "size",
        "direction": None, "metric": "parameters", "subject": "e1", "dataset": None, "baseline": None, "setting": None,
    }  # fmt: skip
    labels = to_standoff(p, {"id": "p", "entities": [foo], "relations": [], "numbers": [size]}, url=None, split="s")
    assert from_standoff(p, labels)["numbers"][0]["metric"] == "parameters"
