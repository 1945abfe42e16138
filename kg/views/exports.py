"""The graph as files for other programs: CSV for pandas, GraphML for Gephi, JSON for networkx."""

import csv
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError

if TYPE_CHECKING:
    import networkx as nx

    Digraph = nx.MultiDiGraph[str]


def write_csv(graph: "Digraph", folder: Path) -> list[Path]:
    """Writes nodes.csv and relationships.csv, one column a property; lists are JSON.

    Raises:
        StoreError: the folder cannot be written.
    """
    nodes = [{"id": n, **d} for n, d in graph.nodes(data=True)]
    edges = [{"start": a, "stop": b, **d} for a, b, d in graph.edges(data=True)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write_rows(folder / "nodes.csv", ["id", "label"], nodes),
                _write_rows(folder / "relationships.csv", ["start", "stop", "type"], edges)]  # fmt: skip
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write_rows(path: Path, first: list[str], rows: list[dict[str, Any]]) -> Path:
    columns = first + sorted({key for row in rows for key in row} - set(first))
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: _text(v) for k, v in row.items()} for row in rows)
    beside.replace(path)
    return path


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def write_graphml(graph: "Digraph", path: Path) -> list[Path]:
    """Writes GraphML; lists are joined by ` | `, since the format has none, and control characters are left out.

    Raises:
        StoreError: the file cannot be written.
    """
    import networkx as nx

    plain: Digraph = nx.MultiDiGraph()
    plain.add_nodes_from((n, {k: _xml(v) for k, v in d.items()}) for n, d in graph.nodes(data=True))
    plain.add_edges_from((a, b, {k: _xml(v) for k, v in d.items()}) for a, b, d in graph.edges(data=True))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        nx.write_graphml(plain, beside)
        os.replace(beside, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return [path]


def _xml(value: Any) -> Any:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    return "".join(c for c in value if c >= " " or c in "\t\n\r") if isinstance(value, str) else value


def write_json(graph: "Digraph", path: Path) -> list[Path]:
    """Writes node-link JSON, which `networkx.node_link_graph(d, edges="edges")` reads.

    Raises:
        StoreError: the file cannot be written.
    """
    import networkx as nx

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return [path]


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: cannot be written ({error.strerror}); choose another place with -o")


WRITERS: dict[str, Callable[["Digraph", Path], Iterable[Path]]] = {
    "csv": write_csv,
    "graphml": write_graphml,
    "json": write_json,
}
