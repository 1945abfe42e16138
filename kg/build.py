"""Papers -> extractions -> graph file, so that a run that is cut off goes on where it stopped.

In the output folder, `extractions.jsonl.part` grows by one line a paper and becomes
`extractions.jsonl` when all are there; the graph and the report are written beside the old ones
and swapped in. A line holds the extractor's version and a hash of the text, and is used again
while both are the same.
"""

import fcntl
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kg.annotations import from_annotation, to_annotation
from kg.errors import AnnotationError, StoreError
from kg.files import clear_disk_errors, replacing
from kg.graph import make_graph
from kg.resolve import resolve
from kg.sources import merge_papers, read_papers
from kg.stores.loading import graph_counts
from kg.types import Extraction, Fault, Graph, Paper

GRAPH_FILE, EXTRACTIONS_FILE, REPORT_FILE = "graph.kgl", "extractions.jsonl", "report.json"
_BATCH = 64


class Extractor(Protocol):
    """What a build needs of an extractor."""

    version: str
    better: Mapping[str, str]

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """One Extraction for each paper, in the same order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made. `reused` counts the papers whose extraction was there already."""

    graph: Graph
    report: dict[str, Any]
    folder: Path
    reused: int


def build(
    paths: Iterable[Path],
    folder: Path,
    extractor: Extractor,
    *,
    file_format: str | None = None,
    year: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Reads listings and writes the graph, the extractions and the report to `folder`.

    `progress` is called with the papers done and the papers in all.

    Raises:
        SourceError: an input cannot be read or yields no paper; nothing in `folder` has changed then.
        StoreError: the folder cannot be written, or another build is writing it.
    """
    reading = read_papers(paths, file_format=file_format, year=year)
    records = list(reading.papers)
    papers = merge_papers(records)
    with clear_disk_errors(folder), _only_build(folder):
        extractions, reused = _extract_all(papers, folder, extractor, progress)
        graph = make_graph(papers, extractions, resolve(extractions), better=extractor.better)
        report = _report(len(records), papers, reading.faults, extractions, graph, extractor.version)
        from kg.stores.kglite import write_kglite

        write_kglite(graph, folder / GRAPH_FILE)
        with replacing(folder / REPORT_FILE) as stream:
            json.dump(report, stream, ensure_ascii=False, indent=1)
    return Built(graph=graph, report=report, folder=folder, reused=reused)


@contextmanager
def _only_build(folder: Path) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{folder}: another build is writing here; wait for it, or choose another folder with -o"
            ) from error
        yield


def text_hash(paper: Paper) -> str:
    """Sixteen hexadecimal digits that change when the paper's text does."""
    return hashlib.sha256(paper.text.encode("utf-8", "replace")).hexdigest()[:16]


def _extract_all(
    papers: tuple[Paper, ...], folder: Path, extractor: Extractor, progress: Callable[[int, int], None] | None
) -> tuple[list[Extraction], int]:
    whole, part = folder / EXTRACTIONS_FILE, folder / f"{EXTRACTIONS_FILE}.part"
    lines = _reusable([whole, part], papers, extractor.version)
    done = len(lines)
    missing = [p for p in papers if p.id not in lines]
    if progress:
        progress(done, len(papers))
    with part.open("a", encoding="utf-8") as stream:
        for at in range(0, len(missing), _BATCH):
            batch = missing[at : at + _BATCH]
            for paper, extraction in zip(batch, extractor.extract(batch), strict=True):
                record = to_annotation(paper, extraction)
                record |= {"extractor": extractor.version, "text_hash": text_hash(paper)}
                lines[paper.id] = json.dumps(record, ensure_ascii=False) + "\n"
                stream.write(lines[paper.id])
            stream.flush()
            if progress:
                progress(done + at + len(batch), len(papers))
    with replacing(whole) as stream:
        stream.writelines(lines[p.id] for p in papers)
    part.unlink()
    return [from_annotation(p, json.loads(lines[p.id])) for p in papers], done


def _reusable(files: Iterable[Path], papers: tuple[Paper, ...], version: str) -> dict[str, str]:
    """Lines of earlier runs by paper id, where version and text are the same; a torn last line is left out."""
    wanted = {p.id: p for p in papers}
    found: dict[str, str] = {}
    for file in files:
        if not file.exists():
            continue
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
            try:
                record = json.loads(line)
                paper = wanted[record["id"]]
                if record["extractor"] == version and record["text_hash"] == text_hash(paper) and line.endswith("\n"):
                    from_annotation(paper, record)
                    found[paper.id] = line
            except (ValueError, KeyError, TypeError, AnnotationError):
                continue
    return found


def _report(
    records: int,
    papers: tuple[Paper, ...],
    faults: list[Fault],
    extractions: list[Extraction],
    graph: Graph,
    version: str,
) -> dict[str, Any]:
    counts = graph_counts(graph)
    dropped = [(x.paper_id, d) for x in extractions for d in x.dropped]
    reasons = Counter(d.reason for _, d in dropped)
    return {
        "extractor": version,
        "records": records,
        "papers": len(papers),
        "papers_in_several_places": sum(len(p.sources) > 1 for p in papers),
        "years_inferred": sum(p.year_inferred for p in papers),
        "nodes": counts.nodes,
        "relationships": counts.relationships,
        "rejected": [
            {"file": f.file, "line": f.line, "reason": f.reason} for f in sorted(faults, key=lambda f: (f.file, f.line))
        ],
        "dropped_by_reason": dict(sorted(reasons.items())),
        "dropped": [
            {"paper": paper, "start": d.start, "end": d.end, "text": d.text, "reason": d.reason} for paper, d in dropped
        ],
    }
