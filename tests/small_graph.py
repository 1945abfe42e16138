"""A small graph made by hand, whose every answer can be counted on one's fingers."""

from kg.annotations import from_annotation
from kg.graph import make_graph
from kg.resolve import resolve
from kg.types import Extraction, Graph, Paper, Source

_PAPERS = {
    "p1": (
        "Sorted Parsing",
        "We propose SortNet for parsing. SortNet reaches 91.5% accuracy on TreeBank, 2.5 points over BaseNet.",
    ),
    "p2": (
        "More Sorting",
        "SortNet needs half the compute of BaseNet. It was trained on WebText. Perplexity on TreeBank is 12.5.",
    ),
    "p3": (
        None,
        "BaseNet is old. TreeBank and WebText are corpora; perplexity of 20 on TreeBank. https://example.org/base",
    ),
}
_ENTITIES: dict[str, list[tuple[str, str, str]]] = {
    "p1": [("SortNet", "Method", "introduced"), ("parsing", "Task", "used"), ("accuracy", "Metric", "used"),
           ("TreeBank", "Dataset", "used"), ("BaseNet", "Method", "compared")],
    "p2": [("SortNet", "Method", "used"), ("BaseNet", "Method", "compared"), ("WebText", "Dataset", "used"),
           ("Perplexity", "Metric", "used"), ("TreeBank", "Dataset", "used")],
    "p3": [("BaseNet", "Method", "used"), ("TreeBank", "Dataset", "used"), ("WebText", "Dataset", "mentioned"),
           ("perplexity", "Metric", "used")],
}  # fmt: skip
_RELATIONS: dict[str, list[tuple[str, str, str, float]]] = {
    "p1": [("SortNet", "USED_FOR", "parsing", 0.9), ("SortNet", "EVALUATED_ON", "TreeBank", 0.8),
           ("SortNet", "COMPARED_WITH", "BaseNet", 0.7), ("TreeBank", "BENCHMARK_FOR", "parsing", 0.6)],
    "p2": [("SortNet", "TRAINED_ON", "WebText", 0.5), ("SortNet", "BASED_ON", "BaseNet", 0.4),
           ("SortNet", "EVALUATED_ON", "TreeBank", 0.3)],
    "p3": [],
}  # fmt: skip
# text, value, unit, kind, direction, metric, subject, dataset, baseline
_NUMBERS: dict[str, list[tuple[str, float, str, str, str | None, str, str, str | None, str | None]]] = {
    "p1": [("91.5%", 91.5, "%", "score", None, "accuracy", "SortNet", "TreeBank", None),
           ("2.5 points", 2.5, "points", "change", "increase", "accuracy", "SortNet", "TreeBank", "BaseNet")],
    "p2": [("half", 0.5, "x", "ratio", "decrease", "compute", "SortNet", None, "BaseNet"),
           ("12.5", 12.5, "", "score", None, "Perplexity", "SortNet", "TreeBank", None)],
    "p3": [("20", 20, "", "score", None, "perplexity", "BaseNet", "TreeBank", None)],
}  # fmt: skip


def small_papers() -> list[Paper]:
    return [
        Paper(
            id=i, title=title, abstract=abstract, sources=(Source(file="hand.txt", line=n, position=n),),
            year=2020 + n if title else None, authors=n,
        )
        for n, (i, (title, abstract)) in enumerate(_PAPERS.items(), 1)
    ]  # fmt: skip


def small_extractions() -> list[Extraction]:
    return [_extraction(p) for p in small_papers()]


def small_graph() -> Graph:
    extractions = small_extractions()
    return make_graph(
        small_papers(), extractions, resolve(extractions), better={"accuracy": "higher", "perplexity": "lower"}
    )


def _extraction(paper: Paper) -> Extraction:
    text = paper.text
    whole = [0, len(text)]
    ids = {name: f"e{i}" for i, (name, *_) in enumerate(_ENTITIES[paper.id], 1)}

    def span(words: str) -> list[int]:
        return [text.index(words), text.index(words) + len(words)]

    links = [span("https://example.org/base")] if "https" in text else []
    return from_annotation(paper, {
        "id": paper.id,
        "entities": [
            {"id": ids[name], "type": kind, "name": name, "role": role, "spans": [span(name)], "evidence": whole, "confidence": 0.9}
            for name, kind, role in _ENTITIES[paper.id]
        ],
        "relations": [[ids[h], kind, ids[t]] for h, kind, t, _ in _RELATIONS[paper.id]],
        "details": [{"span": span(t), "evidence": whole, "confidence": c} for _, _, t, c in _RELATIONS[paper.id]],
        "numbers": [
            {
                "span": span(words), "value": value, "unit": unit, "kind": kind, "direction": direction,
                "metric": ids.get(metric, metric), "subject": ids.get(subject or ""), "dataset": ids.get(dataset or ""),
                "baseline": ids.get(baseline or ""), "setting": None, "evidence": whole, "confidence": 0.8,
            }
            for words, value, unit, kind, direction, metric, subject, dataset, baseline in _NUMBERS[paper.id]
        ],
        "links": links,
        "dropped": [],
    })  # fmt: skip
