"""Where graphs are kept: an embedded file, or a Neo4j server. The only place that imports their libraries."""

from kg.stores.base import Counts, Rows, Store
from kg.stores.loading import compare_counts, graph_counts
from kg.stores.opening import open_store

__all__ = ["Counts", "Rows", "Store", "compare_counts", "graph_counts", "open_store"]
