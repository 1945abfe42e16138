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
from kg.sources.tables import read_csv, read_json_array, read_jsonl
from kg.types import Fault, Paper

Reader = Callable[[Iterable[tuple[int, str]], Path, list[Fault]], Iterator[Paper]]
READERS: dict[str, Reader] = {
    "listing": read_listing,
    "arxiv-page": read_arxiv_page,
    "jsonl": read_jsonl,
    "json": read_json_array,
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
    files = [(file, whole) for path in paths for file, whole in _files(path, reading.faults)]
    reading.papers = _read_all(files, reading.faults, file_format, year)
    return reading


def _files(path: Path, faults: list[Fault]) -> list[tuple[Path, Path]]:
    """(file, the path that was named) of a file, or of each file in a folder.

    Raises:
        SourceError: the path is missing or unreadable, or a folder holds no file.
    """
    try:
        if not path.is_dir():
            if not path.exists():
                raise SourceError(f"{path}: no such file or folder")
            return [(path, path)]
        inside = sorted(p for p in path.iterdir() if not p.name.startswith("."))
        faults += [
            Fault(file=p.name, line=0, reason="a folder in a folder; name it to read it") for p in inside if p.is_dir()
        ]
        found = [(p, path) for p in inside if not p.is_dir()]
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); name a readable file or folder") from error
    if not found:
        raise SourceError(f"{path}: a folder without files; name listings, or a folder that holds some")
    return found


def _read_all(
    files: list[tuple[Path, Path]], faults: list[Fault], file_format: str | None, year: int | None
) -> Iterator[Paper]:
    """The papers of all files; a file without papers among others of its folder is a fault.

    Raises:
        SourceError: a file or a whole folder yields no paper.
    """
    read: dict[Path, int] = {}
    last: dict[Path, SourceError] = {}
    for file, named in files:
        read.setdefault(named, 0)
        try:
            for paper in _read_file(file, faults, file_format, year):
                read[named] += 1
                yield paper
        except SourceError as error:
            if file == named:
                raise
            last[named] = error
            faults.append(Fault(file=file.name, line=0, reason=str(error).splitlines()[0].partition(": ")[2]))
    for named, fault in last.items():
        if not read[named]:
            raise fault


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
        found = faults[before:]
        why = "".join(f"\n  {f}" for f in found[:3]) or ("" if head else " It is empty.")
        why += f"\n  and {len(found) - 3} more" if len(found) > 3 else ""
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
    if first.startswith("{"):
        return "jsonl"
    if re.match(r"\[\s*(\{|$)", first):
        return "json"
    if first.startswith("<"):
        return "atom"
    if re.search(r"(^|[,;\t])\s*\"?abstract\"?\s*([,;\t]|$)", first, re.IGNORECASE):
        return "csv"
    if any(re.match(r"@\w+\s*[{(]", line) for line in head):
        return "bibtex"
    return "arxiv-page" if first.startswith("Abstract:") else "listing"
