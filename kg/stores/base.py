"""What every store can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

DEFAULT_STORE = "kg-out/graph.kgl"
DEFAULT_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The answer to a query. `truncated` says that there are more rows than the limit let through."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False

    def dicts(self) -> list[dict[str, Any]]:
        """Each row as a mapping from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many nodes of each label and relationships of each type there are."""

    nodes: dict[str, int]
    relationships: dict[str, int]


class Store(Protocol):
    """A graph that can be asked. Values in rows are plain: str, int, float, bool, None, list, dict."""

    def run(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = None,
    ) -> Rows:
        """The rows of a reading query; `timeout` in seconds, `limit` in rows.

        Raises:
            QueryError: the query is wrong, writes, or takes too long.
            StoreError: the store does not answer.
        """
        ...

    def counts(self) -> Counts:
        """How much is in the store."""
        ...

    def close(self) -> None:
        """Gives the store's resources back."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def is_server(target: str) -> bool:
    """Whether `target` is the address of a Neo4j server rather than a path.

    >>> is_server("bolt://localhost:7687"), is_server("kg-out/graph.kgl")
    (True, False)
    """
    return target.startswith(("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://"))
