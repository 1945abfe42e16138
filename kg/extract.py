"""Papers -> extractions in a file, and their scores."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path

from kg.annotations import read_annotations, to_annotation
from kg.build import Extractor
from kg.errors import AnnotationError, StoreError
from kg.evaluate import Score, evaluate
from kg.files import replacing
from kg.sources import merge_papers, read_papers
from kg.types import Fault

_BATCH = 64


def write_extractions(
    paths: Iterable[Path],
    output: Path,
    extractor: Extractor,
    *,
    file_format: str | None = None,
    year: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, list[Fault]]:
    """Writes one annotation a record of the files, in order, and returns their number and what was left out.

    Raises:
        SourceError: an input cannot be read or yields no paper.
        StoreError: the output cannot be written; an old file there is as it was.
    """
    paths = list(paths)
    if any(output.resolve() in (p.resolve(), *(p.resolve().iterdir() if p.is_dir() else ())) for p in paths):
        raise StoreError(f"{output}: is one of the inputs; choose another file with -o")
    reading = read_papers(paths, file_format=file_format, year=year)
    papers = list(reading.papers)
    with nullcontext(sys.stdout) if str(output) == "-" else replacing(output) as stream:
        for at in range(0, len(papers), _BATCH):
            batch = papers[at : at + _BATCH]
            for paper, extraction in zip(batch, extractor.extract(batch), strict=True):
                stream.write(json.dumps(to_annotation(paper, extraction), ensure_ascii=False) + "\n")
            if progress:
                progress(at + len(batch), len(papers))
    return len(papers), reading.faults


def evaluate_files(
    paths: Iterable[Path],
    gold_path: Path,
    extractors: Mapping[str, Extractor],
    predicted_path: Path | None,
    *,
    file_format: str | None = None,
) -> tuple[int, dict[str, dict[str, Score]]]:
    """(number of annotated papers, score of each layer by extractor), `predicted` being the file of predictions.

    Raises:
        SourceError: the papers cannot be read.
        AnnotationError: an annotation file is broken, or annotates a paper that is not among the papers.
    """
    gold = read_annotations(gold_path)
    if not gold:
        raise AnnotationError(f"{gold_path}: no annotation in it")
    papers = {p.id: p for p in merge_papers(read_papers(paths, file_format=file_format).papers)}
    missing = sorted(gold.keys() - papers.keys())
    if missing:
        raise AnnotationError(
            f"{gold_path}: {len(missing)} of {len(gold)} annotated papers are not among the papers read, "
            f"{missing[0]} first; name the files that hold them"
        )
    wanted = [papers[i] for i in gold]
    predicted = {"predicted": read_annotations(predicted_path)} if predicted_path else {}
    for name, extractor in extractors.items():
        predicted[name] = {p.id: to_annotation(p, x) for p, x in zip(wanted, extractor.extract(wanted), strict=True)}
    texts = {i: papers[i].text for i in gold}
    return len(gold), {name: evaluate(texts, gold, found) for name, found in predicted.items()}
