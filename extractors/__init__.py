"""Text of a paper -> what it says: entities, relations, results. spaCy objects never leave this package."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from kg.types import Extraction, Paper

__all__ = ["Extractor", "load"]


class Extractor(Protocol):
    """Anything that turns papers into extractions.

    `version` names what was used, for caches and reports. `better` says by the normal form of a
    metric's name whether `higher` or `lower` is better.
    """

    version: str
    better: Mapping[str, str]

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """One Extraction for each paper, in the same order."""
        ...


def load() -> Extractor:
    """The extractor, ready to use.

    Raises:
        LexiconError: a data file is missing or broken.
    """
    from extractors.pipeline import RuleExtractor

    return RuleExtractor()
