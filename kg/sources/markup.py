"""BibTeX with abstracts, and Atom feeds."""

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree  # ruff: ignore[suspicious-xml-etree-import]  (expat bounds what entities expand to)

from kg.sources.record import make_paper, one_line, source
from kg.types import Fault, Paper

_ATOM = "{http://www.w3.org/2005/Atom}"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def read_bibtex(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers from entries that have an abstract; an entry without one, or one that cannot be parsed, is a fault."""
    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its faults are reported below
    # An entry is parsed once it is complete, so that a dump of any size passes in constant memory.
    position = 0
    for first, text in _bibtex_entries(lines):
        library = bibtexparser.parse_string(text)
        for failed in library.failed_blocks:
            faults.append(Fault(file=path.name, line=first, reason=_bibtex_reason(failed.error)))
        for entry in library.entries:
            fields = {f.key.lower(): str(f.value) for f in entry.fields}
            try:
                paper = make_paper(
                    title=_unbrace(fields.get("title")),
                    abstract=_unbrace(fields.get("abstract")),
                    place=source(path, first, position + 1),
                    given_id=entry.key,
                    published=_bibtex_date(fields),
                    authors=fields.get("author"),
                    venue=_unbrace(fields.get("booktitle") or fields.get("journal")),
                    url=fields.get("url"),
                )
            except ValueError as error:
                faults.append(Fault(file=path.name, line=first, reason=f"{entry.key}: {error}"))
            else:
                position += 1
                yield paper


def _bibtex_reason(error: object) -> str:
    return f"not BibTeX: {one_line(str(error))[:120] or type(error).__name__}"


def _bibtex_entries(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    first = 1
    for number, line in lines:
        if re.match(r"\s*@\w+\s*[{(]", line):
            if any(re.match(r"\s*@", h) for h in held):
                yield first, "\n".join(held)
            held, first = [], number
        held.append(line)
    if any(re.match(r"\s*@", h) for h in held):
        yield first, "\n".join(held)


def _unbrace(value: str | None) -> str | None:
    r"""Case-protecting braces are no part of a name; LaTeX commands stay as they are.

    >>> _unbrace("{BERT} for {NLP} in 100\\\\%")
    'BERT for NLP in 100\\\\%'
    """
    return re.sub(r"(?<!\\)[{}]", "", value) if value else None


def _bibtex_date(fields: dict[str, str]) -> str | None:
    year, month = fields.get("year", ""), fields.get("month", "").strip().lower()[:3]
    return f"{year}-{_MONTHS.index(month) + 1:02}" if month in _MONTHS else fields.get("date") or year or None


def read_atom(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers from the entries of an Atom feed, such as the arXiv API gives; `summary` is the abstract."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(("start", "end"))
    started: list[int] = []
    position = 0
    number = 1
    try:
        for number, line in lines:
            parser.feed(line + "\n")
            for event, *parts in parser.read_events():
                element = parts[0]
                if not isinstance(element, ElementTree.Element) or element.tag != f"{_ATOM}entry":
                    continue
                if event == "start":
                    started.append(number)
                    continue
                first = started.pop()
                try:
                    paper = _atom_paper(element, path, first, position + 1)
                except ValueError as error:
                    faults.append(Fault(file=path.name, line=first, reason=str(error)))
                else:
                    position += 1
                    yield paper
                element.clear()
        parser.close()
    except ElementTree.ParseError as error:
        faults.append(Fault(file=path.name, line=number, reason=f"not well-formed XML: {error}"))


def _atom_paper(entry: ElementTree.Element, path: Path, line: int, position: int) -> Paper:
    text = {tag: entry.findtext(f"{_ATOM}{tag}") for tag in ("id", "title", "summary", "published", "updated")}
    identifier = (text["id"] or "").strip()
    arxiv = re.search(r"arxiv\.org/abs/(.+?)(?:v\d+)?$", identifier)
    return make_paper(
        title=text["title"],
        abstract=text["summary"],
        place=source(path, line, position),
        given_id=arxiv[1] if arxiv else identifier,
        published=text["published"] or text["updated"],
        authors=entry.findall(f"{_ATOM}author"),
        url=identifier if identifier.startswith("http") else None,
    )
