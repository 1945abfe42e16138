"""The server store: Neo4j 5.26 or later, by its official driver."""

import getpass
import os
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Self

import neo4j
from neo4j import exceptions
from neo4j.graph import Node, Path, Relationship

from kg.errors import QueryError, StoreError
from kg.queries import read_statements
from kg.resources import resource_path
from kg.stores.base import DEFAULT_TIMEOUT, Counts, Rows, is_server
from kg.stores.loading import compare_counts, graph_counts, load_batches, schema_statements
from kg.types import Graph

# 500 rows a transaction load a little slower, 5,000 as fast with more memory (benchmarks/README.md).
_BATCH = 2_000
_INDEX_SECONDS = 300


class Neo4jStore:
    """A connection to a server. The address comes with the store's name, the rest from the environment."""

    def __init__(self, driver: neo4j.Driver, uri: str) -> None:
        self._driver = driver
        self._uri = uri
        self._database = os.environ.get("NEO4J_DATABASE") or None

    @classmethod
    def connect(cls, uri: str) -> Self:
        """A connection as NEO4J_USERNAME (neo4j) with NEO4J_PASSWORD, which is asked for on a terminal.

        Raises:
            StoreError: no server answers at the address, or it refuses the user or the password.
        """
        if not is_server(uri):
            raise StoreError(f"“{uri}” is no address of a Neo4j server; it looks like bolt://localhost:7687")
        user = os.environ.get("NEO4J_USERNAME", "neo4j")
        password = _password(user, uri)
        with _clear_errors(uri):
            driver = neo4j.GraphDatabase.driver(
                uri,
                auth=(user, password),
                user_agent="paperkg",
                connection_timeout=5,
                connection_acquisition_timeout=20,
                notifications_min_severity="OFF",
            )
            try:
                driver.verify_connectivity()
            except BaseException:
                driver.close()
                raise
        return cls(driver, uri)

    def run(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = None,
    ) -> Rows:
        """The rows of a reading query, as `Store.run` says."""

        @neo4j.unit_of_work(timeout=timeout)
        def read(tx: neo4j.ManagedTransaction) -> Rows:
            result = tx.run(text, dict(parameters or {}))
            columns = tuple(result.keys())
            records = result.fetch(limit + 1) if limit is not None else list(result)
            rows = tuple(tuple(_plain(v) for v in record.values()) for record in records)
            truncated = limit is not None and len(rows) > limit
            return Rows(columns=columns, rows=rows[:limit], truncated=truncated)

        with _clear_errors(self._uri, timeout), self._session() as session:
            return session.execute_read(read)

    def counts(self) -> Counts:
        """How much of the graph's own labels and types is in the database."""
        nodes = self.run("MATCH (n) UNWIND labels(n) AS name RETURN name, count(*) AS n ORDER BY name", timeout=600)
        edges = self.run("MATCH ()-[r]->() RETURN type(r) AS name, count(*) AS n ORDER BY name", timeout=600)
        return Counts(nodes=dict(nodes.rows), relationships=dict(edges.rows))

    def load(self, graph: Graph, *, prune: bool = False, progress: Callable[[int], None] | None = None) -> Counts:
        """Writes `graph`, constraints first, and returns what the database holds beyond it, of the graph's own kinds.

        Each batch is one transaction that is safe to repeat, so a load that was cut off is run again
        whole. `prune` removes what is beyond the graph; `progress` gets the rows of each batch.

        Raises:
            StoreError: the server refuses or goes away, or not all that was sent is there.
        """
        sent = graph_counts(graph)
        with _clear_errors(self._uri), self._session() as session:
            for statement in schema_statements():
                session.run(statement).consume()
            session.run("CALL db.awaitIndexes($seconds)", seconds=_INDEX_SECONDS).consume()
            for name, statement, rows in load_batches(graph, _BATCH):
                written = session.execute_write(_write, statement, rows)
                if written != len(rows):
                    raise StoreError(f"{self._uri}: {len(rows):,} {name} sent, {written:,} written; an end is missing")
                if progress:
                    progress(len(rows))
            if prune:
                _prune(session, graph)
        return compare_counts(sent, self.counts(), self._uri)

    def _session(self) -> neo4j.Session:
        # One bookmark manager: on a cluster, what is read after a load has seen it.
        manager = self._driver.execute_query_bookmark_manager
        return self._driver.session(database=self._database, bookmark_manager=manager)

    def close(self) -> None:
        """Closes the connection."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _write(tx: neo4j.ManagedTransaction, statement: str, rows: list[dict[str, Any]]) -> int:
    record = tx.run(statement, rows=rows).single(strict=True)
    return int(record["n"])


def _prune(session: neo4j.Session, graph: Graph) -> None:
    statements = dict(read_statements(resource_path("cypher") / "load" / "prune.cypher"))
    edges = {(e.type, e.start, e.end, e.paper) for e in graph.edges}
    found = session.run(statements["relationships"])
    gone = [r["element"] for r in found if (r["type"], r["start"], r["stop"], r["paper"]) not in edges]
    nodes = {n.id: set(n.labels) for n in graph.nodes}
    left = [r["element"] for r in session.run(statements["nodes"]) if not nodes.get(r["id"], set()) & set(r["labels"])]
    for kind, elements in (("relationships", gone), ("nodes", left)):
        for at in range(0, len(elements), _BATCH):
            session.execute_write(_remove, statements[f"remove {kind}"], elements[at : at + _BATCH])


def _remove(tx: neo4j.ManagedTransaction, statement: str, elements: list[str]) -> None:
    tx.run(statement, elements=elements).consume()


def _password(user: str, uri: str) -> str:
    if password := os.environ.get("NEO4J_PASSWORD"):
        return password
    if sys.stdin.isatty():
        return getpass.getpass(f"Password of {user} at {uri}: ")
    raise StoreError(f"{uri}: no password. Set NEO4J_PASSWORD, or run on a terminal to be asked for it.")


@contextmanager
def _clear_errors(uri: str, timeout: float = DEFAULT_TIMEOUT) -> Generator[None]:
    try:
        yield
    except exceptions.AuthError as error:
        raise StoreError(
            f"{uri}: the server refuses this user or password; check NEO4J_USERNAME and NEO4J_PASSWORD"
        ) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(f"{uri}: no Neo4j server answers ({reason}). Start it, or check the address.") from error
    except (ValueError, exceptions.ConfigurationError) as error:
        raise StoreError(f"{uri}: not an address of a Neo4j server ({error})") from error
    except exceptions.ClientError as error:
        if "Timed" in (error.code or "") or "Terminated" in (error.code or ""):
            raise QueryError(f"the query took more than {timeout:g} s; narrow it down or raise --timeout") from error
        if "AccessMode" in (error.code or "") or "read access mode" in (error.message or ""):
            raise QueryError("the query would write; `kg query` only reads") from error
        raise QueryError(f"the server refuses the query: {error.message}") from error
    except exceptions.Neo4jError as error:
        raise StoreError(f"{uri}: {error.message} ({error.code})") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Node):
        return {
            "labels": sorted(value.labels, key=lambda label: (label != "Entity", label)),
            "properties": dict(sorted(value.items())),
        }
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": dict(sorted(value.items()))}
    if isinstance(value, Path):
        return {"nodes": [_plain(n) for n in value.nodes], "relationships": [_plain(r) for r in value.relationships]}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value if value is None or isinstance(value, str | int | float) else str(value)
