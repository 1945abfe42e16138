"""The values that travel between the stages, all frozen.

Offsets are character offsets into `Paper.text`, half open. A fact carries the offsets of the
words it rests on and a confidence between 0 and 1; `evidence` is the
offsets of the sentence.
"""

from dataclasses import dataclass, field

from kg.schema import Direction, EntityType, NumberKind, RelationType, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a paper was read: the file's name, its line (from 1), the paper's place in it (from 1)."""

    file: str
    line: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper as a listing gives it. Empty facts are None, never made up.

    `published` is an ISO date. `year_inferred` is true where the listing prints the day and the
    month only.
    """

    id: str
    title: str | None
    abstract: str
    sources: tuple[Source, ...] = ()
    published: str | None = None
    year: int | None = None
    year_inferred: bool = False
    authors: int | None = None
    organisation: str | None = None
    url: str | None = None
    venue: str | None = None

    @property
    def text(self) -> str:
        r"""The text that every offset counts in: title, line break, abstract; without a title the abstract.

        >>> Paper(id="p", title="T", abstract="A.").text
        'T\nA.'
        """
        return f"{self.title}\n{self.abstract}" if self.title else self.abstract


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line or record that could not be read, and why. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mention:
    """A place in the text: `paper.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntity:
    """A thing that one paper speaks of: its mentions in order of place, and its role there."""

    id: str
    type: EntityType
    name: str
    role: Role
    mentions: tuple[Mention, ...]
    evidence: tuple[int, int]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """`head` and `tail` are ids of entities of the same paper; start and end bound the words it rests on."""

    head: str
    type: RelationType
    tail: str
    start: int
    end: int
    evidence: tuple[int, int]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A reported number.

    `value` has K, M, B and T multiplied out. `metric` is the id of a Metric entity, or what is
    measured in the text's own words (then `metric_is_entity` is false). `subject`, `dataset` and
    `baseline` are ids of entities of the same paper.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str
    kind: NumberKind
    direction: Direction | None
    metric: str | None
    metric_is_entity: bool
    subject: str | None
    dataset: str | None
    baseline: str | None
    setting: str | None
    evidence: tuple[int, int]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something found in the text and thrown away by a rule, with the reason."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Everything read out of one paper."""

    paper_id: str
    entities: tuple[PaperEntity, ...] = ()
    relations: tuple[Relation, ...] = ()
    results: tuple[Result, ...] = ()
    links: tuple[Mention, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing across papers. `id` is `type:slug`, made from its content; `aliases` are surface forms."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    papers: int


Value = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of the graph: its labels, the key label first, and its properties with `id` among them."""

    labels: tuple[str, ...]
    id: str
    properties: dict[str, Value] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relationship. `paper` is part of its key where one pair may be joined once a paper, else None."""

    type: str
    start: str
    end: str
    paper: str | None
    properties: dict[str, Value] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The whole graph: nodes sorted by label and id, edges by type, ends and paper."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
