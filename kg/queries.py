"""The query library: cypher/queries/*.cypher with checked headers, and typed parameters."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kg.errors import LexiconError, QueryError
from kg.resources import resource_path

ParameterType = Literal["string", "integer", "float", "boolean"]
_TYPES: dict[str, type] = {"string": str, "integer": int, "float": float, "boolean": bool}
_PARAM = re.compile(r"(?P<name>\w+): (?P<type>string|integer|float|boolean) = (?P<default>.+?) \| (?P<about>.+)")
_COLUMN = re.compile(r"(?P<name>\w+): (?P<about>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a query. A default of None leaves the filter out."""

    name: str
    type: ParameterType
    default: Any
    about: str

    def parse(self, text: str) -> Any:
        """`text` as this parameter's type.

        Raises:
            QueryError: it cannot be read so.
        """
        if self.type == "boolean" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        try:
            return None if text == "null" else _TYPES[self.type](text) if self.type != "boolean" else _fail()
        except ValueError as error:
            raise QueryError(f"--{self.name} {text}: expected {self.type} ({self.about})") from error


def _fail() -> None:
    raise ValueError


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A named query with what its header says. `columns` maps each column to what it holds."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    order: str
    text: str

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter with its value or default.

        Raises:
            QueryError: a value is for no parameter of this query.
        """
        unknown = set(values) - {p.name for p in self.parameters}
        if unknown:
            known = ", ".join(f"--{p.name}" for p in self.parameters) or "none"
            raise QueryError(f"query {self.name} has no parameter {', '.join(sorted(unknown))}; it has: {known}")
        return {p.name: values.get(p.name, p.default) for p in self.parameters}


@cache
def load_queries(folder: Path | None = None) -> dict[str, Query]:
    """The queries of the library by name, in alphabetical order.

    Raises:
        LexiconError: a header breaks the format; the message names the file and the line.
    """
    folder = folder or resource_path("cypher") / "queries"
    return {path.stem: _read_query(path) for path in sorted(folder.glob("*.cypher"))}


def get_query(name: str) -> Query:
    """The query with this name.

    Raises:
        QueryError: there is none; the message lists the names.
    """
    queries = load_queries()
    if name not in queries:
        raise QueryError(f"no query “{name}”; there are: {', '.join(queries)}")
    return queries[name]


def _read_query(path: Path) -> Query:
    parts: dict[str, list[str]] = {"summary": [], "param": [], "column": [], "order": []}
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("//"):
            continue
        kind, _, rest = line[2:].strip().partition(" ")
        kind = kind.removesuffix(":")
        if kind not in parts or not rest:
            raise LexiconError(f"{path}:{number}: expected summary:, param, column or order:")
        parts[kind].append(rest)
    if len(parts["summary"]) != 1 or len(parts["order"]) != 1 or not parts["column"]:
        raise LexiconError(f"{path}:1: a header has one summary:, one order: and at least one column")
    parameters = tuple(_parameter(path, p) for p in parts["param"])
    used = set(re.findall(r"\$(\w+)", text))
    if used != {p.name for p in parameters}:
        raise LexiconError(
            f"{path}:1: the header names parameters {sorted(p.name for p in parameters)}, the query {sorted(used)}"
        )
    columns = dict(_column(path, c) for c in parts["column"])
    return Query(
        name=path.stem, summary=parts["summary"][0], parameters=parameters, columns=columns,
        order=parts["order"][0], text=text,
    )  # fmt: skip


def _parameter(path: Path, line: str) -> Parameter:
    match = _PARAM.fullmatch(line)
    if not match:
        raise LexiconError(f"{path}: “{line}”: expected `name: type = default | what it is`")
    kind: ParameterType = match["type"]  # type: ignore[assignment]
    return Parameter(name=match["name"], type=kind, default=json.loads(match["default"]), about=match["about"])


def _column(path: Path, line: str) -> tuple[str, str]:
    match = _COLUMN.fullmatch(line)
    if not match:
        raise LexiconError(f"{path}: “{line}”: expected `name: what it holds`")
    return match["name"], match["about"]


def read_statements(path: Path) -> list[tuple[str, str]]:
    """(last comment line before it, statement) for each statement of a .cypher file; statements end in `;`."""
    found, comment, lines = [], "", list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("//"):
            comment = line[2:].strip()
        elif line.strip():
            lines.append(line)
            if line.endswith(";"):
                found.append((comment, "\n".join(lines)[:-1]))
                lines = []
    return found


def refuse_several(text: str) -> None:
    """Nothing, when `text` is one statement.

    Raises:
        QueryError: there are several; a store would answer one of them only.

    >>> refuse_several("RETURN ';' AS a; // the end")
    """
    plain = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
    if re.search(r";\s*\S", plain):
        raise QueryError("several statements; give one at a time")
