"""How a store is opened: each library is imported when it is needed."""

from pathlib import Path

from kg.errors import StoreError
from kg.stores.base import Store, is_server


def open_store(target: str | Path) -> Store:
    """The graph file or Neo4j server at `target`, for reading.

    Raises:
        StoreError: there is no such graph, it cannot be read, or the server does not answer.
    """
    name = str(target)
    if is_server(name):
        from kg.stores.neo4j import Neo4jStore

        return Neo4jStore.connect(name)
    if "://" in name:
        raise StoreError(f"{name}: no store has this scheme; use a path, neo4j://, neo4j+s:// or bolt://")
    from kg.stores.kglite import KgliteStore

    return KgliteStore.open(Path(name))
