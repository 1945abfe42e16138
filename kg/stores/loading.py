"""A graph as the statements and rows that write it, the same for every store, and what must be there after."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from kg.errors import StoreError
from kg.queries import load_queries, read_statements
from kg.resources import resource_path
from kg.schema import ALLOWED_ENDS, ENTITY_TYPES, RESULT_EDGE, ROLE_EDGE
from kg.stores.base import Counts, Store
from kg.types import Edge, Graph, Node

Row = dict[str, Any]
_READ_SECONDS = 600.0


def schema_statements() -> list[str]:
    """The constraints and indexes, to be run before anything is written."""
    return [text for _, text in read_statements(resource_path("cypher") / "schema" / "schema.cypher")]


def load_batches(graph: Graph, size: int) -> Iterator[tuple[str, str, list[Row]]]:
    """(label or type, statement, rows for its `$rows`) in the order to run them, `size` rows at most.

    Nodes come before relationships. A statement returns how many of its rows are there then.

    Rows go by the end of the relationship, so that two loads take their locks in one order.
    """
    statements = dict(read_statements(resource_path("cypher") / "load" / "load.cypher"))
    nodes: dict[str, list[Row]] = defaultdict(list)
    for node in graph.nodes:
        nodes[node.labels[-1]].append(_node_row(node))
    edges: dict[str, list[Row]] = defaultdict(list)
    for edge in sorted(graph.edges, key=lambda e: (e.type, e.end, e.start, e.paper or "")):
        edges[edge.type].append(_edge_row(edge))
    for kind, groups in (("node", nodes), ("relationship", edges)):
        for name, rows in sorted(groups.items()):
            for at in range(0, len(rows), size):
                yield name, statements[f"{kind} {name}"], rows[at : at + size]


def _node_row(node: Node) -> Row:
    return {"id": node.id, "properties": node.properties}


def _edge_row(edge: Edge) -> Row:
    return {"from": edge.start, "to": edge.end, "paper": edge.paper, "properties": edge.properties}


def read_graph(store: Store) -> Graph:
    """The graph that a store holds."""
    queries = load_queries()
    nodes = [n for (n,) in store.run(queries["nodes"].text, timeout=_READ_SECONDS).rows]
    edges = store.run(queries["relationships"].text, timeout=_READ_SECONDS).rows
    return Graph(
        nodes=tuple(
            Node(labels=tuple(n["labels"]), id=n["properties"]["id"], properties=n["properties"])
            for n in sorted(nodes, key=lambda n: (n["labels"], n["properties"]["id"]))
        ),
        edges=tuple(
            Edge(type=e["type"], start=start, end=end, paper=e["properties"].get("paper"), properties=e["properties"])
            for start, end, e in edges
        ),
    )


def graph_counts(graph: Graph) -> Counts:
    """What a store holds once it has the whole graph."""
    return Counts(
        nodes=dict(sorted(Counter(label for n in graph.nodes for label in n.labels).items())),
        relationships=dict(sorted(Counter(e.type for e in graph.edges).items())),
    )


def compare_counts(sent: Counts, found: Counts, where: str) -> Counts:
    """What the store holds beyond what was sent, of the labels and types that a graph has; mostly nothing.

    Raises:
        StoreError: the store lacks something that was sent; the message names each label and type.
    """
    pairs = [("label", sent.nodes, found.nodes), ("type", sent.relationships, found.relationships)]
    missing = [
        f"{kind} {name}: {n:,} sent, {b.get(name, 0):,} there"
        for kind, a, b in pairs
        for name, n in sorted(a.items())
        if b.get(name, 0) < n
    ]
    if missing:
        raise StoreError(f"{where}: not all that was sent is there\n  " + "\n  ".join(missing))
    beyond = [
        {name: n - a.get(name, 0) for name, n in sorted(b.items()) if name in known and n > a.get(name, 0)}
        for (_, a, b), known in zip(pairs, (_LABELS, _TYPES), strict=True)
    ]
    return Counts(nodes=beyond[0], relationships=beyond[1])


_LABELS = {"Paper", "Entity", "Result", "Link", *ENTITY_TYPES}
_TYPES = {*ROLE_EDGE.values(), *ALLOWED_ENDS, *RESULT_EDGE.values(), "REPORTS", "LINKS_TO"}
