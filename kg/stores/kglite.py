"""The embedded store: one file, read into memory."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import kglite

from kg.errors import QueryError, StoreError
from kg.stores.base import DEFAULT_TIMEOUT, Counts, Rows
from kg.stores.loading import compare_counts, graph_counts, load_batches, schema_statements
from kg.types import Graph

# A property that no node has is null, as in Neo4j; nothing to announce.
kglite.set_query_warning_policy("silent")

# 1,000 to 10,000 rows a batch load 100,000 relationships equally fast; fewer cost parsing.
_BATCH = 5_000


class KgliteStore:
    """An open graph file. Nothing that is run on it can change it."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    @classmethod
    def open(cls, path: Path) -> Self:
        """The graph of a file.

        Raises:
            StoreError: the file is missing or is no graph of this version.
        """
        try:
            is_file = path.is_file()
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
        if not is_file:
            what = "is a folder" if path.is_dir() else "does not exist"
            raise StoreError(f"{path} {what}. Build a graph with `kg build PATH…`, or name one with --store.")
        try:
            graph = kglite.load(str(path))
        except kglite.KgError as error:
            raise StoreError(f"{path}: not a readable graph ({error}); build it again with `kg build`") from error
        graph.read_only(True)
        return cls(graph)

    def run(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = None,
    ) -> Rows:
        """The rows of a reading query, as `Store.run` says.

        Raises:
            QueryError: the query is wrong, writes, or takes too long.
        """
        try:
            view = self._graph.cypher(
                text,
                params=dict(parameters or {}),
                timeout_ms=max(1, int(timeout * 1000)),
                row_limit=None if limit is None else limit + 1,
            )
        except kglite.CypherTimeoutError as error:
            raise QueryError(f"the query took more than {timeout:g} s; narrow it down or raise --timeout") from error
        except kglite.ReadOnlyError as error:
            raise QueryError("the query would write; `kg query` only reads") from error
        except (kglite.KgError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error
        if isinstance(view, str):
            raise QueryError("FORMAT CSV is the embedded store's own; use --csv")
        columns = tuple(view.columns)
        rows = tuple(tuple(_plain(row[c]) for c in columns) for row in view.to_list())
        truncated = limit is not None and len(rows) > limit
        return Rows(columns=columns, rows=rows[:limit], truncated=truncated)

    def counts(self) -> Counts:
        """How much is in the file."""
        nodes = self.run("MATCH (n) UNWIND labels(n) AS name RETURN name, count(*) AS n ORDER BY name")
        edges = self.run("MATCH ()-[r]->() RETURN type(r) AS name, count(*) AS n ORDER BY name")
        return Counts(nodes=dict(nodes.rows), relationships=dict(edges.rows))

    def close(self) -> None:
        """Frees the graph's memory."""
        self._graph = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _plain(value: Any) -> Any:
    """Nodes, relationships and paths as the maps that Neo4j's are shown as."""
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if not isinstance(value, dict):
        return value if value is None or isinstance(value, str | int | float) else str(value)
    keys = value.keys()
    if {"id", "labels", "properties"} == keys:
        own = {k: v for k, v in value["properties"].items() if v is not None and k != "type"}
        if "Entity" in value["labels"]:
            own.pop("title", None)
        return {"labels": value["labels"], "properties": dict(sorted(own.items()))}
    if {"start", "end", "type", "properties"} <= keys:
        return {"type": value["type"], "properties": dict(sorted(value["properties"].items()))}
    return {k: _plain(v) for k, v in value.items()}


def write_kglite(graph: Graph, path: Path) -> None:
    """Writes `graph` to a file beside `path` and swaps it in: a reader sees the old graph or the new one.

    Raises:
        StoreError: the disk is full or the folder cannot be written, or not all of the graph arrived.
    """
    made = kglite.KnowledgeGraph()
    try:
        for statement in schema_statements():
            made.cypher(statement)
        for _, statement, rows in load_batches(graph, _BATCH):
            made.cypher(statement, params={"rows": rows})
        compare_counts(graph_counts(graph), KgliteStore(made).counts(), str(path))
        with warnings.catch_warnings():
            # How a file of 65,000 nodes or more is laid out does not change what is in it.
            warnings.simplefilter("ignore", kglite.MappedFallbackWarning)
            made.save(str(path))
    except kglite.KgError as error:
        raise StoreError(f"{path}: cannot be written ({error}); free some space or choose another folder") from error
