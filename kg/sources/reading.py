"""Files and folders -> papers and faults; the format is found by content."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path

from kg.errors import SourceError
from kg.sources.lines import read_lines
from kg.sources.listing import read_arxiv_page, read_listing
from kg.sources.markup import read_atom, read_bibtex
from kg.sources.tables import read_csv, read_jsonl
from kg.types import Fault, Paper

Reader = Callable[[Iterable[tuple[int, str]], Path, list[Fault]], Iterator[Paper]]
READERS: dict[str, Reader] = {
    "listing": read_listing,
    "arxiv-page": read_arxiv_page,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "bibtex": read_bibtex,
    "atom": read_atom,
}
FORMATS = tuple(READERS)
_SNIFFED_LINES = 50


@dataclass(slots=True)
class Reading:
    """Papers in order of reading, one for each record; `faults` is complete once `papers` is used up."""

    papers: Iterator[Paper]
    faults: list[Fault] = field(default_factory=list)


def read_papers(paths: Iterable[Path], *, file_format: str | None = None, year: int | None = None) -> Reading:
    """The papers of files and of the files directly in folders, read as they are asked for.

    `year` is the own year of listings, for dates that print none.

    Raises:
        SourceError: a path is missing or unreadable, a folder holds no file, or a file yields no paper.
    """
    reading = Reading(iter(()))
    files = [file for path in paths for file in _files(path)]
    reading.papers = chain.from_iterable(_read_file(file, reading.faults, file_format, year) for file in files)
    return reading


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.exists():
            raise SourceError(f"{path}: no such file or folder")
        return [path]
    found = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    if not found:
        raise SourceError(f"{path}: a folder without files; name listings, or a folder that holds some")
    return found


def _read_file(path: Path, faults: list[Fault], file_format: str | None, year: int | None) -> Iterator[Paper]:
    before, n = len(faults), 0
    lines = read_lines(path, faults)
    head = list(islice(lines, _SNIFFED_LINES))
    name = file_format or detect_format(line for _, line in head)
    read = partial(read_listing, year=year) if name == "listing" else READERS[name]
    for paper in read(chain(head, lines), path, faults):
        n += 1
        yield paper
    if n == 0:
        why = f"\n  {faults[before]}" if len(faults) > before else " It is empty." if not head else ""
        raise SourceError(f"{path}: no paper found, read as {name}; --format names another format.{why}")


def detect_format(lines: Iterable[str]) -> str:
    """The name of the reader for a file that begins with `lines`.

    >>> detect_format(['{"id": "1", "abstract": "…"}']), detect_format(["id,title,abstract"])
    ('jsonl', 'csv')
    >>> detect_format(["@inproceedings{x,"]), detect_format(["", "Abstract:We"]), detect_format(["Daily Papers"])
    ('bibtex', 'arxiv-page', 'listing')
    """
    head = [line.strip() for line in lines if line.strip()]
    first = head[0] if head else ""
    if first.startswith(("{", "[")):
        return "jsonl"
    if first.startswith("<"):
        return "atom"
    if re.search(r"(^|[,;\t])\"?abstract\"?([,;\t]|$)", first, re.IGNORECASE):
        return "csv"
    if any(re.match(r"@\w+\s*[{(]", line) for line in head[:20]) and first.startswith(("@", "%")):
        return "bibtex"
    return "arxiv-page" if first.startswith("Abstract:") else "listing"
