"""The vocabulary of the graph: entity types, roles, relationship types and their allowed ends.

Source of the definitions: the annotation guidelines. Names are those of the labels and
relationship types in the store.
"""

from typing import Literal

EntityType = Literal["Method", "Model", "Dataset", "Metric", "Task"]
Role = Literal["introduced", "used", "compared", "mentioned"]
RelationType = Literal[
    "USED_FOR",
    "EVALUATED_ON",
    "TRAINED_ON",
    "COMPARED_WITH",
    "PART_OF",
    "BASED_ON",
    "SUBCLASS_OF",
    "BENCHMARK_FOR",
]
NumberKind = Literal["score", "change", "ratio", "size", "cost"]
Direction = Literal["increase", "decrease"]

ENTITY_TYPES: tuple[EntityType, ...] = ("Method", "Model", "Dataset", "Metric", "Task")
NUMBER_KINDS: tuple[NumberKind, ...] = ("score", "change", "ratio", "size", "cost")

ROLE_EDGE: dict[Role, str] = {
    "introduced": "INTRODUCES",
    "used": "USES",
    "compared": "COMPARES_WITH",
    "mentioned": "MENTIONS",
}
RESULT_EDGE = {"subject": "OF", "dataset": "ON", "metric": "MEASURES", "baseline": "AGAINST"}

ROLES: tuple[Role, ...] = tuple(ROLE_EDGE)

_ACTORS = frozenset({"Method", "Model"})
_ARTEFACTS = frozenset({"Method", "Model", "Dataset"})
_ALL = frozenset(ENTITY_TYPES)
_DATASET = frozenset({"Dataset"})
_TASK = frozenset({"Task"})

ALLOWED_ENDS: dict[RelationType, tuple[frozenset[str], frozenset[str]]] = {
    "USED_FOR": (_ACTORS, _TASK),
    "EVALUATED_ON": (_ACTORS, _DATASET),
    "TRAINED_ON": (_ACTORS, _DATASET),
    "COMPARED_WITH": (_ARTEFACTS, _ARTEFACTS),
    "PART_OF": (_ACTORS, _ACTORS),
    "BASED_ON": (_ARTEFACTS, _ARTEFACTS),
    "SUBCLASS_OF": (_ALL, _ALL),
    "BENCHMARK_FOR": (_DATASET, _TASK),
}

RELATIONS: tuple[RelationType, ...] = tuple(ALLOWED_ENDS)


def allows(head: str, relation: RelationType, tail: str) -> bool:
    """Whether the schema lets `relation` run from a `head` to a `tail` entity type.

    >>> allows("Method", "USED_FOR", "Task")
    True
    >>> allows("Task", "USED_FOR", "Method")
    False
    >>> allows("Method", "SUBCLASS_OF", "Task")
    False
    """
    heads, tails = ALLOWED_ENDS[relation]
    if relation == "SUBCLASS_OF" and head != tail:
        return False
    return head in heads and tail in tails
