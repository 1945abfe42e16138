"""The annotation format: one JSON object a paper, as the guidelines define it, with offsets beside the words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import AnnotationError
from kg.types import Dropped, Extraction, Mention, Paper, PaperEntity, Relation, Result

_LEAST_WORDS, _MOST_WORDS = 4, 12


def to_annotation(paper: Paper, extraction: Extraction) -> dict[str, Any]:
    """What `extraction` says of `paper`, in the annotation format.

    Beside the format's own fields, entities and numbers carry `spans` or `span` (character
    offsets), `evidence` (offsets of the sentence) and `confidence`; `details` has the same for
    relations, in their order.
    """
    entities = [
        {
            "id": e.id,
            "type": e.type,
            "name": e.name,
            "mentions": list(dict.fromkeys(m.text for m in e.mentions)),
            "role": e.role,
            "spans": [[m.start, m.end] for m in e.mentions],
            "evidence": list(e.evidence),
            "confidence": e.confidence,
        }
        for e in extraction.entities
    ]
    details = [
        {"span": [r.start, r.end], "evidence": list(r.evidence), "confidence": r.confidence}
        for r in extraction.relations
    ]
    return {
        "id": paper.id,
        "entities": entities,
        "relations": [[r.head, r.type, r.tail] for r in extraction.relations],
        "numbers": [_number(paper.text, r) for r in extraction.results],
        "details": details,
        "links": [[m.start, m.end] for m in extraction.links],
        "dropped": [{"span": [d.start, d.end], "reason": d.reason} for d in extraction.dropped],
    }


def from_annotation(paper: Paper, record: dict[str, Any]) -> Extraction:
    """The Extraction that `to_annotation` wrote down.

    Raises:
        AnnotationError: the record lacks offsets, or they do not fit the paper's text.
    """
    text = paper.text
    if not all(e.get("spans") for e in record.get("entities", ())):
        raise AnnotationError(f"paper {paper.id}: an extraction without its offsets; extract again")
    try:
        entities = tuple(
            PaperEntity(
                id=e["id"], type=e["type"], name=e["name"], role=e["role"], evidence=_span(e["evidence"]),
                mentions=tuple(_mention(text, s) for s in e["spans"]), confidence=e["confidence"],
            )
            for e in record["entities"]
        )  # fmt: skip
        relations = tuple(
            Relation(
                head=r[0], type=r[1], tail=r[2], start=d["span"][0], end=d["span"][1],
                evidence=_span(d["evidence"]), confidence=d["confidence"],
            )
            for r, d in zip(record["relations"], record["details"], strict=True)
        )  # fmt: skip
        ids = {e.id for e in entities}
        return Extraction(
            paper_id=paper.id,
            entities=entities,
            relations=relations,
            results=tuple(_result(text, n, ids) for n in record["numbers"]),
            links=tuple(_mention(text, s) for s in record["links"]),
            dropped=tuple(
                Dropped(start=d["span"][0], end=d["span"][1], text=text[slice(*d["span"])], reason=d["reason"])
                for d in record["dropped"]
            ),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise AnnotationError(
            f"paper {paper.id}: an extraction without its offsets ({error!r}); extract again"
        ) from error


def _span(pair: list[int]) -> tuple[int, int]:
    return pair[0], pair[1]


def _mention(text: str, pair: list[int]) -> Mention:
    return Mention(start=pair[0], end=pair[1], text=text[pair[0] : pair[1]])


def _result(text: str, n: dict[str, Any], ids: set[str]) -> Result:
    return Result(
        start=n["span"][0], end=n["span"][1], text=text[slice(*n["span"])], value=float(n["value"]), unit=n["unit"],
        kind=n["kind"], direction=n["direction"], metric=n["metric"], metric_is_entity=n["metric"] in ids,
        subject=n["subject"], dataset=n["dataset"], baseline=n["baseline"], setting=n["setting"],
        evidence=_span(n["evidence"]), confidence=n["confidence"],
    )  # fmt: skip


def _number(text: str, r: Result) -> dict[str, Any]:
    return {
        "text": r.text.strip(),
        "near": words_around(text, r.start, r.end),
        "value": int(r.value) if r.value.is_integer() else r.value,
        "unit": r.unit,
        "kind": r.kind,
        "direction": r.direction,
        "metric": r.metric,
        "subject": r.subject,
        "dataset": r.dataset,
        "baseline": r.baseline,
        "setting": r.setting,
        "span": [r.start, r.end],
        "evidence": list(r.evidence),
        "confidence": r.confidence,
    }


def words_around(text: str, start: int, end: int) -> str:
    """Four to twelve words of `text` around a span, few enough to read, enough to be found at one place only.

    >>> words_around("a 5% gain here and a 5% gain there", 20, 22)
    'here and a 5% gain there'
    """
    left, right = start, end
    while left > 0 and not text[left - 1].isspace():
        left -= 1
    while right < len(text) and not text[right].isspace():
        right += 1
    number = text[start:end]
    grown = True
    while grown and (n := len(text[left:right].split())) < _MOST_WORDS:
        near = text[left:right]
        if n >= _LEAST_WORDS + 2 and text.find(near) == left and left + near.find(number) == start:
            break
        line = text.rfind("\n", 0, start) + 1
        further_left = max(text.rfind(" ", line, max(left - 1, line)) + 1, line) if left > line else left
        stop = text.find(" ", right + 1) if right < len(text) and text[right] == " " else right
        further_right = len(text) if stop < 0 else stop
        grown = (further_left, further_right) != (left, right)
        left, right = further_left, further_right
    return text[left:right]


def read_annotations(path: Path) -> dict[str, dict[str, Any]]:
    """Annotations by paper id.

    Raises:
        AnnotationError: the file cannot be read, or a line is no annotation; the message names file and line.
    """
    found: dict[str, dict[str, Any]] = {}
    for place, record in json_lines(path):
        missing = [k for k in ("id", "entities", "relations", "numbers") if k not in record]
        if missing:
            raise AnnotationError(f"{place}: no field {', '.join(missing)}; see the annotation format")
        _check_fields(place, record)
        found[record["id"]] = record
    return found


_ENTITY_FIELDS = {"id": str, "type": str, "name": str, "mentions": list, "role": str}
_NUMBER_FIELDS = {"text": str, "near": str, "value": int | float, "kind": str}
_NUMBER_ENDS = ("metric", "subject", "dataset", "baseline")


def _check_fields(place: str, record: dict[str, Any]) -> None:
    faults = [
        f"{what} {i}: field {name} is missing or of the wrong kind"
        for what, fields in (("entities", _ENTITY_FIELDS), ("numbers", _NUMBER_FIELDS))
        for i, part in enumerate(record[what] if isinstance(record[what], list) else [None], 1)
        for name, kind in fields.items()
        if not isinstance(part, dict) or not isinstance(part.get(name), kind)
    ]
    faults += [
        f"numbers: no field {n}" for part in record["numbers"] if not faults for n in _NUMBER_ENDS if n not in part
    ]
    if not faults and not all(isinstance(r, list) and len(r) == 3 for r in record["relations"]):
        faults = ["relations: each is [head id, type, tail id]"]
    if faults:
        raise AnnotationError(f"{place}: {faults[0]}; see the annotation format")


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """("file:line", object) of each line of a JSONL file that is not empty.

    Raises:
        AnnotationError: the file cannot be read, or a line is no JSON object.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise AnnotationError(f"{path}:{number}: not a JSON object")
                    yield f"{path}:{number}", record
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise AnnotationError(f"{path}:{number}: not JSON: {error.msg} at column {error.colno}") from error
