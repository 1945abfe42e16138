"""Where graphs are kept: an embedded file, or a Neo4j server. The only place that imports their libraries."""

from kg.stores.base import Counts, Rows, Store, open_store
from kg.stores.loading import compare_counts, graph_counts

__all__ = ["Counts", "Rows", "Store", "compare_counts", "graph_counts", "open_store"]
