"""Stand-off labels: offsets, types, links and values without a word of the paper, and their way back to the texts.

The text that offsets count in is told by its SHA-256, so labels are only ever joined to the very
text they were made on.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.annotations import json_lines, words_around
from kg.errors import AnnotationError
from kg.evaluate import occurrences
from kg.files import replacing
from kg.sources import read_papers
from kg.text import name_key
from kg.types import Paper

# A unit in the paper's own words is a word of the paper.
_UNITS = frozenset(
    ["", "%", "pp", "points", "x", "tokens", "parameters", "examples", "hours", "days", "minutes", "seconds", "ms"]
) | {"GPU hours", "GPU days", "GPUs", "FLOPs", "USD", "bytes", "bits", "words", "weeks"}
_ENDS = ("subject", "dataset", "metric", "baseline")


def text_hash(text: str) -> str:
    """SHA-256 of `text` as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def title_hash(paper: Paper) -> str | None:
    """What tells the paper where its text differs: the hash of the title's letters and digits."""
    return text_hash(name_key(paper.title)) if paper.title else None


def to_standoff(paper: Paper, record: Mapping[str, Any], *, url: str | None, split: str) -> dict[str, Any]:
    """The labels of `record` on `paper` without words; words that the text does not hold become null.

    An entity's `spans` are all places of its mentions; of one that only stands inside longer
    mentions, the first.
    """
    text = paper.text
    places: dict[str, list[list[int]]] = {}
    for start, end in sorted(occurrences(text, list(record["entities"]))):
        places.setdefault(text[start:end], []).append([start, end])
    entities = []
    for e in record["entities"]:
        inside = [m for m in e["mentions"] if m not in places and m in text]
        spans = [s for m in e["mentions"] for s in places.get(m, ())]
        spans += [[text.index(m), text.index(m) + len(m)] for m in inside]
        if spans:
            entities.append({"id": e["id"], "type": e["type"], "role": e["role"], "spans": sorted(spans)})
    kept = {e["id"] for e in entities}
    return {
        "id": paper.id,
        "url": url,
        "split": split,
        "text_sha256": text_hash(text),
        "title_sha256": title_hash(paper),
        "entities": entities,
        "relations": [r for r in record["relations"] if r[0] in kept and r[2] in kept],
        "numbers": [_number(text, n, kept) for n in record["numbers"] if n["near"] in text],
    }


def _number(text: str, n: Mapping[str, Any], entities: set[str]) -> dict[str, Any]:
    start = text.find(n["near"]) + n["near"].find(n["text"])
    found = {k: n[k] for k in ("value", "unit", "kind", "direction")}
    ends = {k: n[k] if n[k] is None or n[k] in entities else _nearest(text, n[k], start) for k in _ENDS}
    if ends["metric"] is None and n["metric"] in _UNITS:
        ends["metric"] = n["metric"]
    setting = _nearest(text, n["setting"], start) if n["setting"] else None
    if found["unit"] not in _UNITS:
        found["unit"] = None
    return {"span": [start, start + len(n["text"])], **found, **ends, "setting": setting}


def _nearest(text: str, words: str, at: int) -> list[int] | None:
    places = [i for i in range(len(text)) if text.startswith(words, i)]
    best = min(places, key=lambda i: abs(i - at), default=None)
    return None if best is None else [best, best + len(words)]


def from_standoff(paper: Paper, record: Mapping[str, Any]) -> dict[str, Any]:
    """The labels in the annotation format; an entity's name is its first mention.

    Raises:
        AnnotationError: the labels were made on another text.
    """
    text = paper.text
    if record["text_sha256"] != text_hash(text):
        raise AnnotationError(f"paper {paper.id}: its text is not the one that the labels were made on")

    def words(span: Any) -> Any:
        return text[span[0] : span[1]] if isinstance(span, list) else span

    entities = []
    for e in record["entities"]:
        mentions = list(dict.fromkeys(map(words, e["spans"])))
        entities.append(
            {"id": e["id"], "type": e["type"], "name": mentions[0], "mentions": mentions, "role": e["role"]}
        )
    numbers = []
    for n in record["numbers"]:
        ends = {k: words(n[k]) for k in (*_ENDS, "setting")}
        near = words_around(text, *n["span"])
        numbers.append({**n, "unit": n["unit"] or "", "text": words(n["span"]), "near": near, **ends})
    return {"id": record["id"], "entities": entities, "relations": record["relations"], "numbers": numbers}


@dataclass(frozen=True, slots=True)
class Joined:
    """How many labelled papers were found, and the ids of those that were not, or whose text is another."""

    found: int
    missing: list[str]
    differing: list[str]


def join_labels(paths: Iterable[Path], labels: Path, output: Path, *, file_format: str | None = None) -> Joined:
    """Writes papers.jsonl and annotations.jsonl in `output`: the labelled papers among those of `paths`.

    A paper is found by its text, whatever its id is there.

    Raises:
        SourceError: an input cannot be read or yields no paper.
        AnnotationError: the labels cannot be read, or none of their papers is among those of `paths`.
        StoreError: the output cannot be written.
    """
    records = _read_labels(labels)
    texts: dict[str, Paper] = {}
    titles: set[str] = set()
    for paper in read_papers(paths, file_format=file_format).papers:
        texts.setdefault(text_hash(paper.text), paper)
        titles.add(title_hash(paper) or "")
    found = [(texts[r["text_sha256"]], r) for r in records if r["text_sha256"] in texts]
    rest = [r for r in records if r["text_sha256"] not in texts]
    differing = [r["id"] for r in rest if r["title_sha256"] in titles]
    missing = [r["id"] for r in rest if r["title_sha256"] not in titles]
    if not found:
        raise AnnotationError(
            f"none of the {len(records)} labelled papers of {labels} is in the files"
            + (f"; {len(differing)} have another text there, {differing[0]} first" if differing else "")
        )
    rows = [{"id": r["id"], "title": p.title, "abstract": p.abstract, "split": r["split"]} for p, r in found]
    try:
        marks = [from_standoff(p, r) for p, r in found]
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise AnnotationError(f"{labels}: not stand-off labels ({error!r})") from error
    for name, records in (("papers.jsonl", rows), ("annotations.jsonl", marks)):
        with replacing(output / name) as stream:
            stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    return Joined(len(found), missing, differing)


_FIELDS = ("id", "text_sha256", "title_sha256", "split", "entities", "relations", "numbers")


def _read_labels(path: Path) -> list[dict[str, Any]]:
    records = []
    for place, record in json_lines(path):
        missing = [f for f in _FIELDS if f not in record]
        if missing:
            raise AnnotationError(f"{place}: no field {', '.join(missing)}; not stand-off labels")
        records.append(record)
    return records
