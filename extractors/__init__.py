"""Text of a paper -> what it says: entities, relations, results. Library objects never leave this package."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Protocol

from kg.types import Extraction, Paper

__all__ = ["MODELS", "Extractor", "Model", "load"]

Model = Literal["accurate", "fast"]
MODELS: tuple[Model, ...] = ("accurate", "fast")


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


def load(model: Model = "accurate", *, rules_only: bool = False, precise: bool = False) -> Extractor:
    """The extractor, ready to use.

    `rules_only` leaves the trained network out. `precise` keeps only the facts that are right nine
    times in ten, as far as the network can tell; rules have no such setting.

    Raises:
        LexiconError: a data file is missing or broken.
        ModelError: the trained network's files are missing or damaged.
    """
    if rules_only:
        from extractors.pipeline import RuleExtractor

        return RuleExtractor()
    from extractors.trained import load_trained

    return load_trained(model, precise=precise)
