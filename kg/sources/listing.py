"""Page text: a Hugging Face daily-papers listing, or arXiv abstracts without titles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kg.sources.record import one_line, paper_id, source
from kg.types import Fault, Paper

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# A day, the year unless it is the page's own, and the number of comments, which is no part of the date.
_DATE = re.compile(rf"(?P<day>{_MONTH} \d{{1,2}})(?:, (?P<year>\d{{4}}))?(?: \d+)?")
_AUTHORS = re.compile(r"•\s*(\d+) authors?")
_FURNITURE = re.compile(r"new|subscribe|daily papers|trending papers|get trending papers.*|by\s?AK and .*", re.I)
_ABSTRACT = re.compile(r"\s*Abstract:\s*")
# The shortest abstract of the listings seen has 350 characters, the longest title 139.
_SHORT_ABSTRACT = 200


@dataclass(slots=True)
class _Block:
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return one_line(" ".join(self.lines))


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in lines:
        if not line.strip():
            if block:
                yield block
            block = None
            continue
        block = block or _Block(number)
        block.lines.append(line.strip())
    if block:
        yield block


def read_arxiv_page(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers without a title, one a block that begins with `Abstract:`; other blocks are faults."""
    position = 0
    for block in _blocks(lines):
        head = _ABSTRACT.match(block.text)
        body = block.text[head.end() :] if head else ""
        if not body:
            reason = "an abstract without words" if head else "no `Abstract:` before this text"
            faults.append(Fault(file=path.name, line=block.line, reason=reason))
            continue
        position += 1
        place = source(path, block.line, position)
        yield Paper(id=paper_id(None, body), title=None, abstract=body, sources=(place,))


@dataclass(slots=True)
class _Entry:
    title: _Block
    abstract: _Block
    authors: int | None = None
    organisation: str | None = None
    day: str | None = None
    year: int | None = None


def read_listing(
    lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault], *, year: int | None = None
) -> Iterator[Paper]:
    """Papers of a daily-papers page, with or without the lines of authors and date.

    A date without a year has the page's own year: `year`, else one more than the latest year that
    is printed, since the page prints the year of every date that is not its own.
    """
    entries = list(_entries(_blocks(lines), path, faults))
    printed = [e.year for e in entries if e.year]
    own = year or (max(printed) + 1 if printed else None)
    for position, e in enumerate(entries, 1):
        title, body = e.title.text, e.abstract.text
        paper_year = e.year or (own if e.day else None)
        yield Paper(
            id=paper_id(title, body),
            title=title,
            abstract=body,
            sources=(source(path, e.title.line, position),),
            published=_iso(e.day, paper_year),
            year=paper_year,
            year_inferred=bool(e.day and not e.year and paper_year),
            authors=e.authors,
            organisation=e.organisation,
        )


def _iso(day: str | None, year: int | None) -> str | None:
    if not day or not year:
        return None
    try:
        return datetime.strptime(f"{day} {year}", "%b %d %Y").date().isoformat()
    except ValueError:
        return None


def _entries(blocks: Iterable[_Block], path: Path, faults: list[Fault]) -> Iterator[_Entry]:
    waiting: _Block | None = None
    entry: _Entry | None = None
    for block in blocks:
        if _is_metadata(block) and (entry or waiting):
            if waiting:
                faults.append(_no_abstract(path, waiting))
                waiting = None
            elif entry:
                _read_metadata(entry, block)
        elif entry and waiting is None and len(block.text) >= _SHORT_ABSTRACT:
            entry.abstract.lines += block.lines  # too long for a title: the abstract goes on
        elif waiting is None and entry is None and (_FURNITURE.fullmatch(block.text) or _DATE.fullmatch(block.text)):
            continue
        elif waiting and _is_abstract(block, waiting):
            if entry:
                yield entry
            entry, waiting = _Entry(waiting, block), None
        else:
            if waiting:
                faults.append(_no_abstract(path, waiting))
            waiting = block
    if entry:
        yield entry
    if waiting:
        faults.append(_no_abstract(path, waiting))


def _no_abstract(path: Path, block: _Block) -> Fault:
    return Fault(file=path.name, line=block.line, reason=f"no abstract follows “{block.text[:60]}”")


def _is_abstract(block: _Block, title: _Block) -> bool:
    text = block.text
    ends = text.endswith((".", "!", "?", ")", "”", '"'))
    return len(text) >= _SHORT_ABSTRACT or (ends and len(text) > len(title.text))


def _is_metadata(block: _Block) -> bool:
    return bool("·" in block.lines or _AUTHORS.fullmatch(block.lines[0]) or _DATE.fullmatch(block.text))


def _read_metadata(entry: _Entry, block: _Block) -> None:
    for line in block.lines:
        if authors := _AUTHORS.fullmatch(line):
            entry.authors = int(authors[1])
        elif date := _DATE.fullmatch(line):
            entry.day, entry.year = date["day"], int(date["year"]) if date["year"] else None
        elif line != "·":
            entry.organisation = line
