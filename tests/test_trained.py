"""The trained extractor: windows, spans, names, what it finds, and what it says of missing or damaged files."""

import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractors
from extractors import Extractor
from extractors.calibration import PLAIN
from extractors.facts import Places, Scene
from extractors.lexicon import load_lexicon
from extractors.mentions import find_names
from extractors.reader import Page, read_page
from extractors.tags import ALLOWED, FIRST, TAGS, spans
from extractors.trained import MODEL_FOLDER, load_trained
from extractors.words import PIECES, Floats, Window, WordReader
from kg.errors import ModelError
from kg.extract import evaluate_files
from kg.resources import resource_path
from kg.schema import ENTITY_TYPES, NUMBER_KINDS, RELATIONS, ROLES, NumberKind
from kg.types import Paper
from tests.conftest import LISTINGS, RunKg
from tests.test_extractors import check, named, read

FAST = MODEL_FOLDER / "fast"


@pytest.fixture(scope="module")
def reader() -> WordReader:
    return WordReader(FAST / "tokenizer.json", load_lexicon())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["word", "Pretraining", "GPT-4", "naïve", "🙂", ".", "The", "x" * 60, "\n"]), max_size=900)
)
def test_windows_hold_every_word_and_fit_the_encoder(reader: WordReader, pieces: list[str]) -> None:
    text = " ".join(pieces)
    words = reader.read(text, 0)
    windows = reader.windows(words)
    assert [text[a:b].isspace() for a, b in zip(words.starts, words.ends, strict=True)].count(True) == 0
    assert all(2 <= len(w.ids) <= PIECES + 2 for w in windows)
    assert {i for w in windows for i in range(w.first, w.last)} == set(range(len(words)))
    assert all(a.first < b.first < a.last for a, b in itertools.pairwise(windows))


def test_a_window_ends_where_a_sentence_does(reader: WordReader) -> None:
    text = "We train a small model on many texts. " * 200
    words = reader.read(text, 0)
    for window in reader.windows(words)[:-1]:
        assert text[words.starts[window.last - 1]] == "."
        assert text[words.starts[window.first] :].startswith("We train")


def test_a_lost_dash_parts_two_words(reader: WordReader) -> None:
    text = "Foo (7B)x2014a modelx2013even Phoenix2014 and 0x2014."
    words = reader.read(text, 0)
    assert [text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == [
        "Foo", "(", "7B", ")", "x2014", "a", "model", "x2013", "even", "Phoenix2014", "and", "0x2014", ".",
    ]  # fmt: skip
    assert words.pieces[4] == reader.read("—", 0).pieces[0]


def test_the_probability_of_a_span_is_the_share_of_the_paths_that_hold_it() -> None:
    random = np.random.default_rng(3)
    emissions, steps = random.normal(size=(4, len(TAGS))) * 2, random.normal(size=(len(TAGS), len(TAGS)))
    chance: dict[tuple[int, int, int], float] = {}
    total = 0.0
    for path in itertools.product(range(len(TAGS)), repeat=4):
        if FIRST[path[0]] and all(ALLOWED[a][b] for a, b in itertools.pairwise(path)):
            weight = np.exp(
                sum(emissions[i, t] for i, t in enumerate(path)) + sum(steps[a, b] for a, b in itertools.pairwise(path))
            )
            total += weight
            for i, t in enumerate(path):
                if TAGS[t].startswith("B"):
                    last = i
                    while last + 1 < 4 and path[last + 1] == t + 1:
                        last += 1
                    key = i, last, (t - 1) // 2
                    chance[key] = chance.get(key, 0.0) + weight
    found = {(a, b, k): p for a, b, k, p in spans(emissions, steps)}
    assert {k for k, p in chance.items() if p / total > 0.1} <= found.keys()
    assert found == {k: pytest.approx(chance[k] / total) for k in found}


def test_a_string_is_judged_by_all_its_places(reader: WordReader) -> None:
    text = "FooNet wins. FooNets lose. On FooNet we FooNet."
    words = reader.read(text, 0)
    places = [i for i in range(len(words)) if text[words.starts[i] : words.ends[i]] == "FooNet"]
    method = ENTITY_TYPES.index("Method")
    (name,) = find_names(text, words, 0, len(words), [(places[0], places[0], method, 0.9)], PLAIN["mention"])
    assert [p[0] for p in name.places] == places
    assert name.types[method] == pytest.approx(0.3)


def test_no_name_runs_from_the_title_into_the_abstract(reader: WordReader) -> None:
    text = "On Tile Walks\nTile Walks are fast."
    words = reader.read(text, len("On Tile Walks"))
    method = ENTITY_TYPES.index("Method")
    likely = [(1, 4, method, 0.9), (3, 4, method, 0.8)]
    (name,) = find_names(text, words, 0, len(words), likely, PLAIN["mention"])
    assert (name.text, name.places) == ("Tile Walks", ((1, 2), (3, 4)))


class Doubtful:
    """A network that takes no two strings for one entity."""

    transitions = np.zeros((len(TAGS), len(TAGS)))

    def read(self, windows: Iterable[Window]) -> Iterable[tuple[Floats, Floats]]:
        return [(np.zeros((len(w.heads), 8)), np.zeros((len(w.heads), len(TAGS)))) for w in windows]

    def links(self, states: Floats, places: Places, surfaces: Floats) -> Floats:
        return np.full((places.count, places.count), -9.0)

    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        n, m = scene.entities.count, scene.numbers.count
        return (
            np.zeros((n, len(ROLES))), np.full((n, n, len(RELATIONS)), -9.0), np.zeros((m, 4 + len(NUMBER_KINDS))),
            np.zeros((m, n, 4)), np.zeros((m, 5)), np.zeros((m, len(states), 2)),
        )  # fmt: skip


def test_what_a_paper_defines_as_an_acronym_is_one_entity_whatever_the_network_says(reader: WordReader) -> None:
    text = "Ranked Tile Walks (RTW) are fast. RTW beats Slow Walks."
    words = reader.read(text, 0)
    emissions = np.zeros((len(words), len(TAGS)))
    emissions[:, TAGS.index("O")] = 9
    for span in ([0, 1, 2], [4], [9], [11, 12]):
        emissions[span[0], TAGS.index("B-Method")] = 18
        emissions[span[1:], TAGS.index("I-Method")] = 18
    page = Page(text, words, reader.windows(words)[0], np.zeros((len(words), 8)), emissions)
    reading = read_page(page, Doubtful(), PLAIN)
    assert [[n.text for n in t.names] for t in reading.things] == [["Ranked Tile Walks", "RTW"], ["Slow Walks"]]


class Hinting(Doubtful):
    """A network that takes every name for the subject and the metric of a number, or some words for its metric."""

    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        roles, relations, kinds, slots, nobody, measures = super().facts(states, scene)
        nobody[:, 4] = 2.5
        return roles, relations, kinds, slots + 2, nobody, measures


def test_a_part_of_a_number_is_weighed_by_how_sure_its_words_are(reader: WordReader) -> None:
    text = "Tile Walks beat Slow Walks by 4.2% accuracy."
    words = reader.read(text, 0)
    emissions = np.zeros((len(words), len(TAGS)))
    emissions[:, TAGS.index("O")] = 9
    for span, kind, how in (([0, 1], "Method", 10), ([3, 4], "Method", 14), ([len(words) - 2], "Metric", 14)):
        emissions[span[0], TAGS.index(f"B-{kind}")] = how
        emissions[span[1:], TAGS.index(f"I-{kind}")] = how
    page = Page(text, words, reader.windows(words)[0], np.zeros((len(words), 8)), emissions)
    reading = read_page(page, Hinting(), PLAIN)
    (report,) = reading.reports
    subject, metric = (reading.things[i].names[0].text for i in (report.slots[0], report.slots[2]) if i is not None)
    # The words are likelier a metric than the name is, but not which words they are.
    assert (subject, metric, report.measure) == ("Slow Walks", "accuracy", None)


class Silent(Doubtful):
    """A network that takes every number for a size or a score of nothing."""

    def __init__(self, kind: NumberKind) -> None:
        self.kind = 1 + NUMBER_KINDS.index(kind)

    def facts(self, states: Floats, scene: Scene) -> tuple[Floats, ...]:
        roles, relations, kinds, slots, nobody, measures = super().facts(states, scene)
        kinds[:, self.kind] = 9
        nobody[:, 2] = 9
        return roles, relations, kinds, slots, nobody, measures


def test_a_size_says_what_it_counts(reader: WordReader) -> None:
    text = "It has 7B parameters."
    words = reader.read(text, 0)
    emissions = np.zeros((len(words), len(TAGS)))
    emissions[:, TAGS.index("O")] = 9
    page = Page(text, words, reader.windows(words)[0], np.zeros((len(words), 8)), emissions)
    assert [r.measure for r in read_page(page, Silent("size"), PLAIN).reports] == ["parameters"]
    assert [r.measure for r in read_page(page, Silent("score"), PLAIN).reports] == [None]


TEXT = (
    "Fact checking is hard. We propose Evidence Ranking Networks (ERN), a framework for fact verification. "
    "ERN is fine-tuned from RoBERTa and evaluated on FEVER, where it reaches an accuracy of 79.3% and outperforms BERT "
    "by 4.2%. Code: https://example.org/ern."
)


def test_an_abstract_is_read_as_a_reader_would(trained: Extractor) -> None:
    x = read(trained, TEXT, "Evidence Ranking Networks for Fact Verification")
    ern = named(x, "ERN")
    assert (ern.type, ern.role, ern.name) == ("Method", "introduced", "Evidence Ranking Networks")
    assert (named(x, "FEVER").type, named(x, "RoBERTa").type, named(x, "fact verification").type) == (
        "Dataset",
        "Model",
        "Task",
    )
    assert named(x, "BERT").role == "compared"
    triples = {(r.head, r.type, r.tail) for r in x.relations}
    assert (ern.id, "EVALUATED_ON", named(x, "FEVER").id) in triples
    assert (ern.id, "USED_FOR", named(x, "fact verification").id) in triples
    score = x.results[0]
    assert (score.value, score.kind, score.subject, score.metric) == (79.3, "score", ern.id, named(x, "accuracy").id)
    assert [m.text for m in x.links] == ["https://example.org/ern"]
    (evaluated,) = (r for r in x.relations if (r.head, r.type) == (ern.id, "EVALUATED_ON"))
    assert "evaluated on FEVER" in TEXT[evaluated.start - 48 : evaluated.end]


def test_every_seed_extraction_holds_together(trained: Extractor, seed_papers: tuple[Paper, ...]) -> None:
    for p, x in zip(seed_papers, trained.extract(seed_papers), strict=True):
        check(p.text, x)


def test_nothing_of_a_long_text_is_cut_off(trained: Extractor) -> None:
    filler = "We describe at length how we trained it and what others may learn from that. " * 120
    first = "We evaluate BERT on the SQuAD dataset for question answering. "
    middle = "We then evaluate RoBERTa on the ImageNet dataset for image classification. "
    last = "At last, BERT reaches an accuracy of 91.2% on the GLUE benchmark."
    text = first + filler + middle + filler + last
    x = read(trained, text)
    check(text, x)
    places = [m.start for m in named(x, "BERT").mentions]
    assert (places[0], places[-1]) == (text.index("BERT"), text.rindex("BERT"))
    assert {"SQuAD", "RoBERTa", "ImageNet", "GLUE"} <= {m.text for e in x.entities for m in e.mentions}
    assert [n.value for n in x.results] == [91.2]


def test_precise_keeps_the_surer_part(seed_papers: tuple[Paper, ...]) -> None:
    usual, precise = (list(extractors.load("fast", precise=p).extract(seed_papers[:30])) for p in (False, True))
    parts = [
        sum(x is not None for e in found for n in e.results for x in (n.subject, n.dataset, n.metric, n.baseline))
        for found in (usual, precise)
    ]
    assert 0 < parts[1] < parts[0]
    for a, b in zip(usual, precise, strict=True):
        assert {n.start for n in b.results} <= {n.start for n in a.results}
        assert {e.name for e in b.entities} <= {e.name for e in a.entities}
        assert len(b.relations) <= len(a.relations)
        least = min((e.confidence for e in a.entities), default=0)
        assert all(e.confidence >= max(least, 0.7) for e in b.entities)


def test_the_trained_extractors_are_better_than_the_rules_on_papers_they_never_saw(run_kg: RunKg) -> None:
    gold = resource_path("seeds") / "annotations" / "seeds.jsonl"
    names = {"accurate": extractors.load(), "fast": extractors.load("fast"), "rules": extractors.load(rules_only=True)}
    n, scores = evaluate_files([LISTINGS], gold, names, None)
    assert n == 121
    for layer in ("mention", "entity", "role", "relation", "result"):
        accurate, fast, rules = (scores[name][layer].f1 for name in names)
        assert accurate > rules
        assert fast > rules


@pytest.mark.parametrize("name", ["encoder.onnx", "heads.npz", "tokenizer.json", "curves.json", "manifest.json"])
def test_a_missing_or_damaged_file_is_one_clear_line(tmp_path: Path, name: str) -> None:
    shutil.copytree(FAST, tmp_path / "fast")
    file = tmp_path / "fast" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)
    with pytest.raises(
        ModelError, match=r"(is damaged|cannot be read).*reinstall paperkg, or use --model rules"
    ) as error:
        load_trained("fast", folder=tmp_path)
    assert "\n" not in str(error.value)
    file.unlink()
    with pytest.raises(ModelError, match=rf"{name}: cannot be read \(No such file.*reinstall paperkg"):
        load_trained("fast", folder=tmp_path)


def test_rules_have_no_precision(run_kg: RunKg, tmp_path: Path) -> None:
    shown = run_kg("extract", LISTINGS, "-o", tmp_path / "x.jsonl", "--model", "rules", "--precision")
    assert shown.exit_code == 2
    assert "rules have no --precision" in shown.stderr
