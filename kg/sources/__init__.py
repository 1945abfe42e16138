"""Listings of papers in any of their formats, read to Papers; what cannot be read is a Fault."""

from kg.sources.merge import merge_papers
from kg.sources.reading import FORMATS, Reading, read_papers

__all__ = ["FORMATS", "Reading", "merge_papers", "read_papers"]
