"""Rows a second into a Neo4j server, by four loaders, on one graph: `python benchmarks/load.py PAPERS… --server URI`.

The graph is that of the papers, written several times over with different ids until it has about
100,000 nodes and 300,000 relationships. The database is emptied before each loader. Slow loaders
get a part of the graph, so the figure to compare is rows a second. `pip install neo4j-graphrag`
adds its writer to the table; it writes relationships only where the server has APOC. The password
is NEO4J_PASSWORD.
"""

import argparse
import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import kglite

import extractors
from kg.build import build
from kg.stores import neo4j as store_module
from kg.stores.kglite import write_kglite
from kg.stores.neo4j import Neo4jStore
from kg.types import Graph

NODES = 100_000


def main() -> None:
    """Prints a table of loaders, rows, seconds, rows a second and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="+", type=Path)
    parser.add_argument("--server", default="bolt://127.0.0.1:7687")
    parser.add_argument("--batches", type=int, nargs="*", default=[2000], help="batch sizes of this loader to compare")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = enlarge(build(options.papers, Path(folder), extractors.load()).graph)
        part = cut(graph, 40)
        print(f"{len(graph.nodes):,} nodes, {len(graph.edges):,} relationships; slow loaders get a fortieth\n")
        load(part, options.server, 1000)  # a server that has just started is slow; this is not counted
        print("| loader | rows sent | rows there | seconds | rows/s | peak MB |\n|---|---|---|---|---|---|")
        for size in options.batches:
            measure(
                f"`kg load`, batches of {size:,}", graph, options.server, lambda g, s=size: load(g, options.server, s)
            )
        measure("`kg load`, the same part", part, options.server, lambda g: load(g, options.server, 2000))
        measure("one row a transaction", part, options.server, lambda g: load(g, options.server, 1))
        measure("kglite's to_neo4j", part, options.server, lambda g: to_neo4j(g, options.server, Path(folder)))
        measure("neo4j-graphrag's Neo4jWriter", part, options.server, lambda g: graphrag(g, options.server))


def enlarge(graph: Graph) -> Graph:
    """`graph` several times over, the ids of each copy with its number."""
    copies = max(1, NODES // len(graph.nodes) + 1)
    nodes = [
        replace(n, id=f"{n.id}#{i}", properties={**n.properties, "id": f"{n.id}#{i}"})
        for i in range(copies)
        for n in graph.nodes
    ]
    edges = [replace(e, start=f"{e.start}#{i}", end=f"{e.end}#{i}") for i in range(copies) for e in graph.edges]
    return Graph(nodes=tuple(nodes), edges=tuple(edges))


def cut(graph: Graph, n: int) -> Graph:
    """One part in `n` of a graph: whole papers with what they reach."""
    kept = {node.id for node in graph.nodes if node.labels[0] == "Paper"}
    kept = set(sorted(kept)[: len(kept) // n])
    edges = [e for e in graph.edges if e.start in kept]
    kept |= {e.end for e in edges}
    edges += [e for e in graph.edges if e.start in kept and e.end in kept and e.type not in {x.type for x in edges}]
    return Graph(nodes=tuple(node for node in graph.nodes if node.id in kept), edges=tuple(edges))


def measure(name: str, graph: Graph, server: str, loader: Callable[[Graph], None]) -> None:
    """Empties the database, runs a loader and prints its row of the table."""
    with Neo4jStore.connect(server) as store, store._session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
    rows = len(graph.nodes) + len(graph.edges)
    start = time.perf_counter()
    try:
        loader(graph)
    except ImportError as error:
        print(f"| {name} | | | | not installed ({error.name}) | |")
        return
    seconds = time.perf_counter() - start
    with Neo4jStore.connect(server) as store:
        there = (
            store.run("MATCH (n) RETURN count(n) AS n").rows[0][0]
            + store.run("MATCH ()-[r]->() RETURN count(r) AS n").rows[0][0]
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {rows:,} | {there:,} | {seconds:.1f} | {there / seconds:,.0f} | {peak:,.0f} |", flush=True)


def load(graph: Graph, server: str, size: int) -> None:
    """This project's loader with batches of `size`."""
    store_module._BATCH = size
    with Neo4jStore.connect(server) as store:
        store.load(graph)


def to_neo4j(graph: Graph, server: str, folder: Path) -> None:
    """The embedded library's own way to a server."""
    write_kglite(graph, folder / "part.kgl")
    auth = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"]
    kglite.to_neo4j(kglite.load(str(folder / "part.kgl")), server, auth=auth)


def graphrag(graph: Graph, server: str) -> None:
    """The writer of Neo4j's GraphRAG package."""
    import neo4j
    from neo4j_graphrag.experimental.components.kg_writer import Neo4jWriter
    from neo4j_graphrag.experimental.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship

    theirs = Neo4jGraph(
        nodes=[Neo4jNode(id=n.id, label=n.labels[-1], properties=n.properties) for n in graph.nodes],
        relationships=[
            Neo4jRelationship(start_node_id=e.start, end_node_id=e.end, type=e.type, properties=e.properties)
            for e in graph.edges
        ],
    )
    auth = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"]
    with neo4j.GraphDatabase.driver(server, auth=auth) as driver:
        asyncio.run(Neo4jWriter(driver).run(theirs))


if __name__ == "__main__":
    main()
