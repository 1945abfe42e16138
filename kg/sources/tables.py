"""Structured records, one a line: JSONL, the arXiv metadata snapshot, CSV."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from kg.sources.record import make_paper, source
from kg.types import Fault, Paper, Source

csv.field_size_limit(4_000_000)


def read_jsonl(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers from objects with `abstract` and optionally id, title, published or year, url, authors, venue.

    The arXiv metadata snapshot has this form too; its `update_date` and `authors_parsed` are read.
    """
    position = 0
    for number, line in lines:
        if not line.strip():
            continue
        try:
            paper = _json_paper(json.loads(line), source(path, number, position + 1))
        except json.JSONDecodeError as error:
            faults.append(_fault(path, number, f"not JSON: {error.msg} at column {error.colno}"))
        except (ValueError, RecursionError) as error:
            faults.append(_fault(path, number, str(error)))
        else:
            position += 1
            yield paper


def read_json_array(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers from one JSON array of the objects that `read_jsonl` reads; a fault names the record's place in it."""
    try:
        records = json.loads("\n".join(line for _, line in lines))
    except (ValueError, RecursionError) as error:
        faults.append(_fault(path, getattr(error, "lineno", 1), f"not JSON: {error}"))
        return
    position = 0
    for number, record in enumerate(records if isinstance(records, list) else [records], 1):
        try:
            paper = _json_paper(record, source(path, number, position + 1))
        except ValueError as error:
            faults.append(_fault(path, number, f"record {number}: {error}"))
        else:
            position += 1
            yield paper


def _json_paper(record: object, place: Source) -> Paper:
    if not isinstance(record, dict):
        raise ValueError("not a JSON object; each line holds one paper")
    return make_paper(
        title=record.get("title"),
        abstract=record.get("abstract"),
        place=place,
        given_id=record.get("id"),
        published=record.get("published") or _first_version(record) or record.get("update_date") or record.get("year"),
        authors=record.get("authors_parsed") or record.get("authors"),
        venue=record.get("venue") or record.get("journal-ref"),
        url=record.get("url") or _arxiv_url(record),
    )


def _first_version(record: dict[str, Any]) -> str | None:
    """When the first version of an arXiv snapshot's record was sent in; the update date is that of the last."""
    try:
        return parsedate_to_datetime(record["versions"][0]["created"]).date().isoformat()
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _arxiv_url(record: dict[str, object]) -> str | None:
    identifier = record.get("id")
    if "authors_parsed" in record and isinstance(identifier, str) and re.fullmatch(r"[\w.-]+(/\d+)?", identifier):
        return f"https://arxiv.org/abs/{identifier}"
    return None


def read_csv(lines: Iterable[tuple[int, str]], path: Path, faults: list[Fault]) -> Iterator[Paper]:
    """Papers from a table whose first row names its columns, `abstract` among them; comma, tab or semicolon."""
    numbered = iter(lines)
    at = 0

    def texts() -> Iterator[str]:
        nonlocal at
        for number, line in numbered:
            at = number
            yield line + "\n"

    stream = texts()
    header = next((line for line in stream if line.strip()), "")
    delimiter = max(",\t;", key=header.count)
    columns = [c.strip().lower() for c in next(csv.reader([header], delimiter=delimiter), [])]
    if "abstract" not in columns:
        faults.append(_fault(path, at or 1, "no column `abstract` in the first row"))
        return
    rows = csv.reader(stream, delimiter=delimiter, strict=delimiter != "\t", skipinitialspace=True)
    position, first = 0, at + 1
    while True:
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if cells:
                paper = _row_paper(columns, cells, source(path, first, position + 1))
                position += 1
                yield paper
        except (csv.Error, ValueError) as error:
            faults.append(_fault(path, first, str(error)))
        first = at + 1


def _row_paper(columns: list[str], cells: list[str], place: Source) -> Paper:
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} cells where the first row names {len(columns)} columns")
    record = dict(zip(columns, cells, strict=True))
    return make_paper(
        title=record.get("title"),
        abstract=record.get("abstract"),
        place=place,
        given_id=record.get("id"),
        published=record.get("published") or record.get("year"),
        authors=record.get("authors"),
        venue=record.get("venue"),
        url=record.get("url"),
    )


def _fault(path: Path, line: int, reason: str) -> Fault:
    return Fault(file=path.name, line=line, reason=reason)
