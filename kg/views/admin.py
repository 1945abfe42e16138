"""The graph as the CSV files of `neo4j-admin database import`, for the first load of a large graph."""

import gzip
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.files import clear_disk_errors
from kg.types import Edge, Graph, Node, Value

# Between the parts of a list: a control character, which no text of a graph holds.
_ARRAY = "\x1f"
_TYPES = {str: "string", int: "long", float: "double", bool: "boolean", list: "string[]"}


def write_admin_csv(graph: Graph, folder: Path) -> list[Path]:
    """Writes one gzip file for each set of labels and each relationship type, in order of import.

    Raises:
        StoreError: the folder cannot be written.
    """
    nodes: dict[str, list[Node]] = {}
    for node in graph.nodes:
        nodes.setdefault(":".join(node.labels), []).append(node)
    edges: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        edges.setdefault(edge.type, []).append(edge)
    spaces = {n.id: n.labels[0] for n in graph.nodes}
    with clear_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for old in [*folder.glob("nodes-*.csv.gz"), *folder.glob("relationships-*.csv.gz")]:
            old.unlink()
        written = [_write_nodes(folder, labels, of_labels) for labels, of_labels in sorted(nodes.items())]
        written += [_write_edges(folder, kind, of_kind, spaces) for kind, of_kind in sorted(edges.items())]
    return written


def import_command(files: Iterable[Path]) -> str:
    """The one command that imports the files into the stopped server's database `neo4j`."""
    parts = ["neo4j-admin", "database", "import", "full", "neo4j", *import_arguments(files)]
    return " ".join(shlex.quote(p) if p != "--array-delimiter=U+001F" else p for p in parts)


def import_arguments(files: Iterable[Path]) -> list[str]:
    """What follows the database's name in the import command."""
    arguments = ["--overwrite-destination", "--bad-tolerance=0", "--multiline-fields=true", "--array-delimiter=U+001F"]
    for file in files:
        kind, _, name = file.name.removesuffix(".csv.gz").partition("-")
        label = name.replace("-", ":") if kind == "nodes" else name
        arguments.append(f"--{kind}={label}={file.resolve()}")
    return arguments


def _write_nodes(folder: Path, labels: str, nodes: list[Node]) -> Path:
    columns = _columns(n.properties for n in nodes)
    columns.pop("id")
    header = [f"id:ID({nodes[0].labels[0]})", *(f"{name}:{kind}" for name, kind in columns.items())]
    rows = ([n.id, *(n.properties.get(name) for name in columns)] for n in nodes)
    return _write(folder / f"nodes-{labels.replace(':', '-')}.csv.gz", header, rows)


def _write_edges(folder: Path, kind: str, edges: list[Edge], spaces: dict[str, str]) -> Path:
    columns = _columns(e.properties for e in edges)
    start, end = spaces[edges[0].start], spaces[edges[0].end]
    # `start` and `end` are properties too: their own names in the header, beside the ends.
    header = [f":START_ID({start})", f":END_ID({end})", *(f"{name}:{of}" for name, of in columns.items())]
    rows = ([e.start, e.end, *(e.properties.get(name) for name in columns)] for e in edges)
    return _write(folder / f"relationships-{kind}.csv.gz", header, rows)


def _columns(properties: Iterable[dict[str, Value]]) -> dict[str, str]:
    """Type by name of every property that occurs, in alphabetical order."""
    found = {name: _TYPES[type(value)] for each in properties for name, value in each.items() if value is not None}
    return dict(sorted(found.items()))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Path:
    # Without a name and a time inside, the same graph gives the same bytes.
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        packed.write((",".join(header) + "\n").encode())
        for row in rows:
            packed.write((",".join(_cell(v) for v in row) + "\n").encode("utf-8", "replace"))
    return path


def _cell(value: Value) -> str:
    """A cell: nothing for an absent value, text in quotes, so that an empty text stays one.

    >>> [_cell(v) for v in (None, "", 'a "b" c', 0.5, True)]
    ['', '""', '"a ""b"" c"', '0.5', 'true']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = _ARRAY.join(value) if isinstance(value, list) else value
    return '"' + text.replace('"', '""') + '"'
