"""Names, acronyms, sentences, types, roles, relations: on texts of our own, the seeds, and anything at all."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import Extractor
from extractors.acronyms import find_acronyms
from extractors.lexicon import load_lexicon
from extractors.sentences import split_sentences
from kg.errors import LexiconError
from kg.schema import ALLOWED_ENDS, allows
from kg.types import Extraction, Paper, PaperEntity
from tests.conftest import paper


def read(extractor: Extractor, text: str, title: str | None = None) -> Extraction:
    return next(iter(extractor.extract([paper(text, title=title)])))


def named(extraction: Extraction, name: str) -> PaperEntity:
    return next(e for e in extraction.entities if name in (e.name, *(m.text for m in e.mentions)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We do. It works! Does it?", ["We do.", "It works!", "Does it?"]),
        ("As Li et al. Smith said. We agree.", ["As Li et al. Smith said.", "We agree."]),
        (
            "See https://a.org/b.c. It has 2.5% more, e.g. Most.",
            ["See https://a.org/b.c.", "It has 2.5% more, e.g. Most."],
        ),
        ("Title?\nThe abstract.", ["Title?", "The abstract."]),
        ("He said (really!). Then left.", ["He said (really!).", "Then left."]),
        ("", []),
    ],
)
def test_sentences_survive_what_abstracts_hold(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a Mixture of Experts (MoE) layer", [("Mixture of Experts", "MoE")]),
        ("retrieval-augmented generation (RAG)", [("retrieval-augmented generation", "RAG")]),
        ("We use SmallToLarge (S2L), fast", [("SmallToLarge", "S2L")]),
        ("large language models (LLMs)", [("large language models", "LLMs")]),
        ("as is known (see above) since (2023)", []),
        ("no such words here (XQZ)", []),
    ],
)
def test_acronyms_find_their_full_form(text: str, pairs: list[tuple[str, str]]) -> None:
    found = [(text[a.long_start : a.long_end], text[a.short_start : a.short_end]) for a in find_acronyms(text)]
    assert found == pairs


TEXT = (
    "Fact checking is hard. We propose Evidence Ranking Networks (ERN), a framework for fact verification. "
    "ERN is fine-tuned from RoBERTa and evaluated on FEVER, where it reaches an accuracy of 79.3% and outperforms BERT "
    "by 4.2%. It is trained on Wikipedia. Code: https://example.org/ern."
)


def test_an_abstract_is_read_as_a_reader_would(extractor: Extractor) -> None:
    x = read(extractor, TEXT, "Evidence Ranking Networks for Fact Verification")
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
    assert (ern.id, "COMPARED_WITH", named(x, "BERT").id) in triples
    score, change = x.results
    assert (score.value, score.kind, score.subject, score.dataset) == (79.3, "score", ern.id, named(x, "FEVER").id)
    assert score.metric == named(x, "accuracy").id
    assert (change.value, change.kind, change.direction, change.baseline) == (
        4.2,
        "change",
        "increase",
        named(x, "BERT").id,
    )
    assert [m.text for m in x.links] == ["https://example.org/ern"]


def test_a_common_word_is_no_dataset_at_the_start_of_a_sentence(extractor: Extractor) -> None:
    x = read(extractor, "Inspired by birds, we fly. Atlas shrugged.")
    assert not [e for e in x.entities if e.type in ("Dataset", "Model")]


@pytest.mark.parametrize(
    ("text", "name", "entity_type"),
    [
        ("We introduce FooBench, a benchmark of hard questions.", "FooBench", "Dataset"),
        ("Results on the FooBar corpus improve.", "FooBar", "Dataset"),
        ("We release BarLM-7B, a language model.", "BarLM-7B", "Model"),
        ("We propose BazOpt, an optimizer.", "BazOpt", "Method"),
        ("We fine-tune LLaMA 3.1 8B here.", "LLaMA 3.1 8B", "Model"),
        ('The T\\"ULU 3 model is open.', "TÜLU 3", "Model"),
    ],
)
def test_a_name_has_the_type_that_its_context_says(
    extractor: Extractor, text: str, name: str, entity_type: str
) -> None:
    assert named(read(extractor, text), name).type == entity_type


def check(text: str, x: Extraction) -> None:
    """What must hold of every extraction: offsets fit, ids are known, the schema's ends are kept."""
    ids = {e.id: e for e in x.entities}
    places = [m for e in x.entities for m in e.mentions] + list(x.links)
    places += [*x.results, *x.dropped]  # type: ignore[list-item]
    for m in places:
        assert text[m.start : m.end] == m.text != ""
    spans = [*(e.evidence for e in x.entities), *(r.evidence for r in x.relations), *(r.evidence for r in x.results)]
    assert all(0 <= a < b <= len(text) for a, b in spans)
    for r in x.relations:
        assert allows(ids[r.head].type, r.type, ids[r.tail].type)
        assert 0 <= r.start < r.end <= len(text)
    for n in x.results:
        assert {n.subject, n.dataset, n.baseline} <= {None, *ids}
        assert (n.direction is not None) == (n.kind in ("change", "ratio"))
        assert not n.metric_is_entity or ids[n.metric or ""].type == "Metric"
    sure = [e.confidence for e in x.entities] + [r.confidence for r in x.relations] + [n.confidence for n in x.results]
    assert all(0 <= c <= 1 for c in sure)


def test_every_seed_extraction_holds_together(any_extractor: Extractor, seed_papers: tuple[Paper, ...]) -> None:
    for p, x in zip(seed_papers, any_extractor.extract(seed_papers), strict=True):
        check(p.text, x)


WORDS = st.sampled_from(
    ["We", "propose", "FooNet", "(FN)", "on", "ImageNet", "35.5%", "to", "3x", "GPT-4", "et", "al.", "T\\\"ULU", "\n", "accuracy",
     "of", "question", "answering", "$", "\\%", "A", "1,000", "tokens", "than", "BERT", ",", "and", "🙂", "مرحبا", "<b>", "\x00"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(st.characters(), min_size=1, max_size=200), st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
    )
)
def test_any_text_gives_an_extraction_with_right_offsets(any_extractor: Extractor, text: str) -> None:
    check(text, read(any_extractor, text))


@pytest.mark.parametrize("text", ["", " ", "…", "🙂🙂", "\x00\x01", "\ud800 lone", "<p>HTML</p>", "word " * 10_000])
def test_bad_input_is_no_crash(any_extractor: Extractor, text: str) -> None:
    check(text, read(any_extractor, text))


@pytest.mark.parametrize(
    "piece",
    ["5% ", "(", "{", "$", "\\", "🙂", "A.B.", "e\u0301", "We use LoRA on GLUE. ", "1,", "x-", 'T\\"U', "(AB) ", "a"],
)
def test_long_texts_take_time_that_grows_with_their_length(any_extractor: Extractor, piece: str) -> None:
    # Not a speed test: were any step quadratic, 50,000 characters of this would take minutes.
    text = (piece * 50_000)[:50_000]
    check(text, read(any_extractor, text))


def test_papers_do_not_change_each_other(any_extractor: Extractor) -> None:
    a, b = paper(TEXT, paper_id="a"), paper("We study LoRA on GLUE.", paper_id="b")
    together = list(any_extractor.extract([a, b]))
    assert together == [*any_extractor.extract([a]), *any_extractor.extract([b])]
    assert list(any_extractor.extract([b, a])) == together[::-1]


def test_a_broken_lexicon_names_file_and_line(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name in ("methods", "models", "datasets", "tasks"):
        (folder / f"{name}.tsv").write_text("x\n")
    (folder / "metrics.tsv").write_text("# ok\naccuracy\t\tupwards\n")
    with pytest.raises(LexiconError, match=r"metrics\.tsv:2: direction “upwards”"):
        load_lexicon(folder)
    (folder / "metrics.tsv").unlink()
    with pytest.raises(LexiconError, match=r"metrics\.tsv: cannot be read"):
        load_lexicon(folder)


def test_the_lexicon_knows_directions_and_no_field_names() -> None:
    lexicon = load_lexicon()
    assert lexicon.directions["perplexity"] == "lower"
    assert lexicon.directions["accuracy"] == "higher"
    assert "languagemodel" in lexicon.broad


def test_the_schema_covers_every_relation() -> None:
    assert all(heads and tails for heads, tails in ALLOWED_ENDS.values())
    assert allows("Dataset", "COMPARED_WITH", "Dataset")
    assert not allows("Metric", "USED_FOR", "Task")
