"""Exact-span F1 of tasks, datasets and metrics on a file of TDMSci (Hou et al., EACL 2021), sentence by sentence.

    python benchmarks/tdmsci.py test.conll

A line is a word, its character offset and a BIO tag; an empty line ends a sentence. Nothing is
trained on that data.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import extractors
from kg.evaluate import Score
from kg.types import Paper

TYPES = {"TASK": "Task", "DATASET": "Dataset", "METRIC": "Metric"}
Span = tuple[int, int, str]


def sentences(path: Path) -> Iterator[tuple[str, set[Span]]]:
    """(text, spans with their type) of each sentence."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines()]
        begin = int(rows[0][1])
        text, spans = "", []
        for word, at, tag in rows:
            start = max(int(at) - begin, len(text))
            text = text.ljust(start) + word
            if tag.startswith("B-"):
                spans.append((start, len(text), TYPES[tag[2:]]))
            elif tag.startswith("I-") and spans:
                spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        yield text, set(spans)


def main() -> None:
    """Prints precision, recall and F1 by type and extractor."""
    gold = list(sentences(Path(sys.argv[1])))
    papers = [Paper(id=str(i), title=None, abstract=text) for i, (text, _) in enumerate(gold)]
    print(
        f"{len(papers)} sentences, {sum(len(s) for _, s in gold)} spans\n| | type | P | R | F1 |\n|---|---|---|---|---|"
    )
    loaded = {name: extractors.load(name) for name in extractors.MODELS} | {"rules": extractors.load(rules_only=True)}
    for name, extractor in loaded.items():
        right, predicted, wanted = Counter[str](), Counter[str](), Counter[str]()
        for (_, spans), x in zip(gold, extractor.extract(papers), strict=True):
            found = {(m.start, m.end, e.type) for e in x.entities if e.type in TYPES.values() for m in e.mentions}
            for counter, part in ((right, found & spans), (predicted, found), (wanted, spans)):
                counter.update(kind for _, _, kind in part)
                counter["all"] += len(part)
        for kind in (*TYPES.values(), "all"):
            s = Score(right[kind], predicted[kind], wanted[kind])
            print(f"| {name} | {kind} | {s.precision:.3f} | {s.recall:.3f} | {s.f1:.3f} |")


if __name__ == "__main__":
    main()
