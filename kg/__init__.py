"""Knowledge graph of machine-learning abstracts.

>>> import kg
>>> kg.__version__
'0.1.0'
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.explorer import KnowledgeGraph

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(target: str | Path = "kg-out/graph.kgl") -> "KnowledgeGraph":
    """The graph file or Neo4j server at `target`, for reading.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    from kg.explorer import KnowledgeGraph

    return KnowledgeGraph.open(target)
