"""The graph as files for other programs: CSV for pandas, GraphML for Gephi, JSON for networkx."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.files import replacing

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
    return [
        _write_rows(folder / "nodes.csv", ["id", "label"], nodes),
        _write_rows(folder / "relationships.csv", ["start", "stop", "type"], edges),
    ]


def _write_rows(path: Path, first: list[str], rows: list[dict[str, Any]]) -> Path:
    columns = first + sorted({key for row in rows for key in row} - set(first))
    with replacing(path) as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: _text(v) for k, v in row.items()} for row in rows)
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
    with replacing(path) as stream:
        stream.writelines(line + "\n" for line in nx.generate_graphml(plain))
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

    with replacing(path) as stream:
        json.dump(nx.node_link_data(graph, edges="edges"), stream, ensure_ascii=False)
    return [path]


WRITERS: dict[str, Callable[["Digraph", Path], Iterable[Path]]] = {
    "csv": write_csv,
    "graphml": write_graphml,
    "json": write_json,
}
