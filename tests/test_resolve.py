"""Which entities of different papers are one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.explorer import KnowledgeGraph
from kg.resolve import Resolution, resolve
from kg.schema import EntityType
from kg.types import Extraction, Mention, PaperEntity


def entity(number: int, entity_type: EntityType, name: str, *surfaces: str) -> PaperEntity:
    mentions = tuple(Mention(start=i, end=i + len(s), text=s) for i, s in enumerate(surfaces or (name,)))
    return PaperEntity(
        id=f"e{number}", type=entity_type, name=name, role="used", mentions=mentions, evidence=(0, 1), confidence=0.5
    )


def papers(*entities: PaperEntity) -> list[Extraction]:
    """One paper for each entity: p0, p1, …"""
    return [Extraction(paper_id=f"p{i}", entities=(e,)) for i, e in enumerate(entities)]


def ids(resolution: Resolution) -> list[str]:
    return [resolution.ids[key] for key in sorted(resolution.ids)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CIFAR-10", "CIFAR10"),
        ("word embeddings", "Word Embedding"),
        ("pre-training", "pretraining"),
        ("in‑context learning", "in-context learning"),
        ('T\\"ULU 3', "TÜLU 3"),
        ('T\\"{u}lu 3', "Tulu 3"),
        ("language models", "language model"),
    ],
)
def test_one_normal_form_is_one_entity(first: str, second: str) -> None:
    resolution = resolve(papers(entity(1, "Method", first), entity(1, "Method", second)))
    assert len(resolution.entities) == 1
    assert resolution.entities[0].papers == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("GPT-2", "GPT-3"), ("CIFAR-10", "CIFAR-100"), ("supervised", "unsupervised"), ("LLaMA 3.1 8B", "LLaMA 31.8B"),
        ("GPT-3.5", "GPT-35"), ("C", "C++"), ("F1", "F2"),
    ],
)  # fmt: skip
def test_similar_spelling_never_merges(first: str, second: str) -> None:
    assert len(resolve(papers(entity(1, "Model", first), entity(1, "Model", second))).entities) == 2


def test_types_stay_apart() -> None:
    assert ids(resolve(papers(entity(1, "Task", "ranking"), entity(1, "Method", "ranking")))) == [
        "task:ranking",
        "method:ranking",
    ]


def test_an_acronym_is_its_only_full_form() -> None:
    defined = entity(1, "Method", "Low-Rank Adaptation", "Low-Rank Adaptation", "LRA")
    resolution = resolve(papers(defined, entity(1, "Method", "LRA")))
    assert ids(resolution) == ["method:lowrankadaptation"] * 2
    assert resolution.entities[0].aliases == ("LRA",)


def test_an_acronym_with_two_meanings_stays_two_entities() -> None:
    one = entity(1, "Method", "Thinking augmented Pre-Training", "TPT")
    other = entity(1, "Method", "Test-time Prompt Tuning", "TPT")
    undefined = entity(1, "Method", "TPT")
    assert len(set(ids(resolve(papers(one, other, undefined))))) == 3


def test_the_seeds_two_meanings_of_tpt(seeds: KnowledgeGraph) -> None:
    names = {h.name.casefold() for h in seeds.find("TPT") if h.how == "exact"}
    assert names == {"thinking augmented pre-training", "test-time prompt tuning"}


def test_the_seeds_tulu_is_one_entity_however_it_is_written(seeds: KnowledgeGraph) -> None:
    assert [h.id for h in seeds.find("tulu 3") if h.how == "exact"] == ["model:tulu3"]


NAMES = st.sampled_from(
    ["GPT-4", "gpt 4", "GPT4", "retrieval augmented generation", "RAG", "Rag", "CNNs", "CNN", "tülu", "Tulu"]
)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_resolution_does_not_depend_on_order(pairs: list[tuple[str, str]], order: random.Random) -> None:
    extractions = papers(*(entity(1, "Method", name, name, alias) for name, alias in pairs))
    shuffled = extractions.copy()
    order.shuffle(shuffled)
    assert resolve(shuffled).entities == resolve(extractions).entities
    assert resolve(shuffled).ids == resolve(extractions).ids
