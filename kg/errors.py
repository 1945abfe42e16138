"""What can go wrong, by meaning. Every message says what, where and what to do."""


class KgError(Exception):
    """Base of every error that this project raises on purpose."""


class SourceError(KgError):
    """An input that cannot be read at all, or that yields no paper."""


class LexiconError(KgError):
    """A lexicon, alias table or query file that breaks its own rules."""


class StoreError(KgError):
    """A graph that cannot be opened, read or written."""


class QueryError(KgError):
    """A query that is unknown, misses a parameter, would write, or takes too long."""


class NotFoundError(KgError):
    """A name that is not in the graph; the message suggests the nearest ones."""


class AnnotationError(KgError):
    """An annotation file that cannot be read or breaks the annotation format."""


class ModelError(KgError):
    """A trained model's files are missing or damaged."""
