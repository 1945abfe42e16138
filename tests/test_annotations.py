"""The annotation format: written, read back, and scored as the reference scorer scores."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extractors import Extractor
from kg.annotations import from_annotation, read_annotations, to_annotation, words_around
from kg.errors import AnnotationError
from kg.evaluate import LAYERS, evaluate
from kg.extract import evaluate_files
from kg.resources import resource_path
from kg.types import Paper
from tests.conftest import LISTINGS, RunKg
from tests.small_graph import small_extractions, small_papers

GOLD = resource_path("seeds") / "annotations" / "seeds.jsonl"
REFERENCE = Path(__file__).parents[2] / "shared" / "annotation"


def test_an_extraction_is_read_as_it_was_written(extractor: Extractor, seed_papers: tuple[Paper, ...]) -> None:
    for paper, extraction in zip(seed_papers, extractor.extract(seed_papers), strict=True):
        record = json.loads(json.dumps(to_annotation(paper, extraction)))
        assert from_annotation(paper, record) == extraction


def test_a_written_extraction_keeps_the_format(extractor: Extractor, seed_papers: tuple[Paper, ...]) -> None:
    for paper, extraction in zip(seed_papers, extractor.extract(seed_papers), strict=True):
        record = to_annotation(paper, extraction)
        assert all(m in paper.text for e in record["entities"] for m in e["mentions"])
        for number in record["numbers"]:
            near = number["near"]
            assert number["text"] in near
            assert near in paper.text
            assert 1 <= len(near.split()) <= 13


def test_words_around_a_number_are_found_at_its_place_only() -> None:
    text = "It gains 5% on A and it gains 5% on B, which is good news."
    start = text.rindex("5%")
    near = words_around(text, start, start + 2)
    assert text.find(near) + near.find("5%") == start


def test_an_annotation_without_offsets_is_an_error() -> None:
    paper = Paper(id="p", title=None, abstract="A.")
    with pytest.raises(AnnotationError, match="paper p: an extraction without its offsets"):
        from_annotation(paper, {"id": "p", "entities": [{"id": "e1"}], "relations": [], "numbers": []})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "a.jsonl:1: not JSON"),
        ("[]", "a.jsonl:1: not a JSON object"),
        ('{"id": "p"}', "a.jsonl:1: no field entities"),
    ],
)
def test_a_broken_annotation_file_names_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text(line)
    with pytest.raises(AnnotationError) as error:
        read_annotations(tmp_path / "a.jsonl")
    assert message in str(error.value)


def records() -> dict[str, dict[str, Any]]:
    return {p.id: to_annotation(p, x) for p, x in zip(small_papers(), small_extractions(), strict=True)}


def test_the_gold_scores_one_against_itself_and_nothing_scores_zero() -> None:
    texts = {p.id: p.text for p in small_papers()}
    assert {layer: s.f1 for layer, s in evaluate(texts, records(), records()).items()} == dict.fromkeys(LAYERS, 1.0)
    assert {layer: s.f1 for layer, s in evaluate(texts, records(), {}).items()} == dict.fromkeys(LAYERS, 0.0)


def test_each_layer_counts_its_own_mistakes() -> None:
    texts = {p.id: p.text for p in small_papers()}
    wrong = json.loads(json.dumps(records()))
    wrong["p1"]["entities"][0]["type"] = "Model"  # SortNet
    wrong["p1"]["entities"][3]["role"] = "compared"  # TreeBank
    wrong["p2"]["numbers"][0]["kind"] = "change"
    wrong["p2"]["numbers"][1]["dataset"] = None
    scores = evaluate(texts, records(), wrong)
    right = {layer: scores[layer].gold - scores[layer].right for layer in LAYERS}
    # SortNet's type spoils its two mentions' spans, its role, its three relations and its two results.
    assert right == {"mention": 2, "entity": 1, "untyped": 0, "role": 2, "relation": 3, "number": 1, "result": 4}


def test_rules_reach_their_floors_on_the_seed_labels(extractor: Extractor) -> None:
    n, by_extractor = evaluate_files([LISTINGS], GOLD, {"rules": extractor}, None)
    scores = by_extractor["rules"]
    assert n == 121
    assert scores["number"].f1 >= 0.75
    assert scores["entity"].f1 >= 0.40
    assert scores["relation"].f1 >= 0.15


def test_annotations_of_unread_papers_are_an_error(extractor: Extractor) -> None:
    with pytest.raises(AnnotationError, match="119 of 121 annotated papers are not among the papers read"):
        evaluate_files([LISTINGS / "000_66b9d757486e0f00.txt"], GOLD, {"rules": extractor}, None)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference scorer is not beside this checkout")
def test_the_scores_are_those_of_the_reference_scorer(run_kg: RunKg, tmp_path: Path) -> None:
    predicted = tmp_path / "predicted.jsonl"
    assert run_kg("extract", LISTINGS, "-o", predicted, "--model", "rules").exit_code == 0
    papers = tmp_path / "papers.jsonl"
    gold_ids = read_annotations(GOLD)
    lines = (REFERENCE / "papers.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    papers.write_text("".join(x for x in lines if json.loads(x)["id"] in gold_ids), encoding="utf-8")
    command: list[str | Path] = [sys.executable, REFERENCE / "score.py", papers, GOLD, predicted, "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours = json.loads(run_kg("evaluate", papers, "--gold", GOLD, "--predicted", predicted, "--json").stdout)
    assert ours["scores"]["predicted"] == {layer: pytest.approx(theirs[layer]) for layer in LAYERS}
