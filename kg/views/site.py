"""A graph arranged for pages: entities, papers, relations and results that know each other and their pages."""

import hashlib
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from kg.schema import ENTITY_TYPES, ROLE_EDGE
from kg.text import slug
from kg.types import Edge, Graph, Node

ROLE_NAMES = {
    "INTRODUCES": "Introduced by",
    "USES": "Used by",
    "COMPARES_WITH": "Compared with by",
    "MENTIONS": "Mentioned by",
}
_RESULT_PARTS = {"OF": "subject", "ON": "dataset", "MEASURES": "metric", "AGAINST": "baseline"}
_LONGEST_FILE_NAME = 80


@dataclass(slots=True)
class EntityPage:
    """An entity with all that is said of it."""

    id: str
    name: str
    type: str
    papers: int
    aliases: list[str]
    better: str | None
    page: str
    roles: list["RoleRow"] = field(default_factory=list)
    relations: list["RelationRow"] = field(default_factory=list)
    results: list["ResultRow"] = field(default_factory=list)


@dataclass(slots=True)
class PaperPage:
    """A paper with all that it says."""

    id: str
    title: str
    text: tuple[str | None, str]
    year: int | None
    year_inferred: bool
    facts: list[str]
    page: str
    roles: list["RoleRow"] = field(default_factory=list)
    relations: list["RelationRow"] = field(default_factory=list)
    results: list["ResultRow"] = field(default_factory=list)


@dataclass(slots=True)
class RoleRow:
    """What an entity is to a paper."""

    type: str
    entity: EntityPage
    paper: PaperPage
    mentions: list[str]
    evidence: str
    confidence: float

    @property
    def label(self) -> str:
        """The role in words."""
        return ROLE_NAMES[self.type]


@dataclass(slots=True)
class RelationRow:
    """One paper's claim that two entities are related."""

    type: str
    head: EntityPage
    tail: EntityPage
    paper: PaperPage
    evidence: str
    confidence: float

    @property
    def label(self) -> str:
        """The relation in words: `used for`."""
        return self.type.replace("_", " ").lower()

    @property
    def marked(self) -> list[str]:
        """The names to mark in the sentence."""
        return [self.head.name, *self.head.aliases, self.tail.name, *self.tail.aliases]


@dataclass(slots=True)
class ResultRow:
    """A reported number."""

    id: str
    text: str
    value: float
    unit: str
    kind: str
    direction: str | None
    measured: str | None
    setting: str | None
    evidence: str
    confidence: float
    paper: PaperPage
    subject: EntityPage | None = None
    dataset: EntityPage | None = None
    metric: EntityPage | None = None
    baseline: EntityPage | None = None

    @property
    def tone(self) -> str:
        """Whether a change or ratio is good or bad, as far as it is known which way is better."""
        if not self.direction or not self.metric or not self.metric.better:
            return "neutral"
        return "good" if (self.direction == "increase") == (self.metric.better == "higher") else "bad"


@dataclass(slots=True)
class Board:
    """Results on one dataset and of one measure, best first."""

    dataset: EntityPage | None
    metric: EntityPage | None
    measured: str | None
    better: str | None
    rows: list[ResultRow]


@dataclass(slots=True)
class Site:
    """The whole graph, arranged."""

    entities: dict[str, EntityPage]
    papers: dict[str, PaperPage]
    relations: list[RelationRow]
    results: list[ResultRow]


def arrange(graph: Graph) -> Site:
    """The pages of a graph, in order of id; every list on them is in the order in which it is shown."""
    names: set[str] = set()
    entities = {n.id: _entity(n, names) for n in graph.nodes if n.labels[0] == "Entity"}
    by_type: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        by_type[edge.type].append(edge)
    links: dict[str, list[str]] = defaultdict(list)
    for edge in by_type["LINKS_TO"]:
        links[edge.start].append(edge.end.removeprefix("link:"))
    papers = {n.id: _paper(n, names, links[n.id]) for n in graph.nodes if n.labels[0] == "Paper"}
    owner = {e.end: papers[e.start] for e in by_type["REPORTS"]}
    results = {n.id: _result(n, owner[n.id]) for n in graph.nodes if n.labels[0] == "Result"}
    for kind, part in _RESULT_PARTS.items():
        for edge in by_type[kind]:
            setattr(results[edge.start], part, entities[edge.end])
    for role in ROLE_EDGE.values():
        for edge in sorted(by_type[role], key=lambda e: (-_confidence(e), e.start, e.end)):
            row = RoleRow(
                role,
                entities[edge.end],
                papers[edge.start],
                _list(edge, "mentions"),
                _evidence(edge),
                _confidence(edge),
            )
            row.entity.roles.append(row)
            row.paper.roles.append(row)
    relations = [
        RelationRow(e.type, entities[e.start], entities[e.end], papers[e.paper], _evidence(e), _confidence(e))
        for e in sorted(graph.edges, key=lambda e: (-_confidence(e), e.type, e.start, e.end, e.paper or ""))
        if e.paper is not None
    ]
    for relation in relations:
        for holder in (relation.head, relation.tail, relation.paper):
            holder.relations.append(relation)
    for result in results.values():
        result.paper.results.append(result)
        for entity in {
            id(x): x for x in (result.subject, result.dataset, result.metric, result.baseline) if x
        }.values():
            entity.results.append(result)
    return Site(entities, papers, relations, list(results.values()))


def boards(results: Iterable[ResultRow]) -> list[Board]:
    """Results grouped by dataset and measure, those with a dataset first; best first within a board."""
    groups: dict[tuple[str, str], list[ResultRow]] = defaultdict(list)
    for r in results:
        groups[r.dataset.name if r.dataset else "\uffff", r.metric.name if r.metric else r.measured or "\uffff"].append(
            r
        )
    made = []
    for _, rows in sorted(groups.items(), key=lambda g: (g[0][0].casefold(), g[0][1].casefold(), g[0])):
        first = rows[0]
        better = first.metric.better if first.metric else None
        sign = 1 if better == "lower" else -1
        rows.sort(key=lambda r: (r.kind, r.unit, sign * r.value, r.id))
        made.append(Board(first.dataset, first.metric, first.measured, better, rows))
    return made


def used_together(site: Site, among: set[str], *, at_least: int) -> list[tuple[str, str, int]]:
    """(id, id, papers) of the pairs in `among` that at least so many papers use or introduce together."""
    pairs: Counter[tuple[str, str]] = Counter()
    for paper in site.papers.values():
        here = sorted({r.entity.id for r in paper.roles if r.entity.id in among and r.type != "MENTIONS"})
        pairs.update(combinations(here, 2))
    return [(a, b, n) for (a, b), n in sorted(pairs.items()) if n >= at_least]


def page_name(folder: str, identifier: str, taken: set[str]) -> str:
    """A file name made from an id, different from those taken whatever the case; it is taken after.

    >>> page_name("entity", "dataset:mmlu", set())
    'entity/dataset-mmlu.html'
    """
    whole = slug(identifier)
    # File systems bound the bytes of a name; a letter may have four.
    short = whole.encode("utf-8", "replace")[:_LONGEST_FILE_NAME].decode("utf-8", "ignore")
    name = f"{folder}/{short}"
    if name in taken or short != whole:
        name = f"{name}-{hashlib.sha256(identifier.encode('utf-8', 'replace')).hexdigest()[:8]}"
    taken.add(name)
    return f"{name}.html"


def _entity(node: Node, names: set[str]) -> EntityPage:
    p = node.properties
    kind = next(t for t in ENTITY_TYPES if t in node.labels)
    better = p.get("better")
    return EntityPage(
        id=node.id, name=str(p["name"]), type=kind, papers=_number(p["papers"]), aliases=_strings(p.get("aliases")),
        better=str(better) if better else None, page=page_name("entity", node.id, names),
    )  # fmt: skip


def _paper(node: Node, names: set[str], links: list[str]) -> PaperPage:
    p: dict[str, Any] = dict(node.properties)
    title, abstract = p.get("title"), p["abstract"]
    date = p.get("published") or p.get("year")
    inferred = bool(p.get("year_inferred"))
    authors = p.get("authors")
    facts = [
        f"{date} (the listing leaves the year out)" if date and inferred else str(date) if date else None,
        f"{authors} author{'s' * (authors != 1)}" if authors else None,
        p.get("organisation"),
        p.get("venue"),
        *links,
        *(f"read from {place.replace(':', ', line ')}" for place in _strings(p.get("sources"))),
    ]
    return PaperPage(
        id=node.id, title=title or textwrap.shorten(abstract, 90, placeholder=" …"), text=(title, abstract),
        year=p.get("year"), year_inferred=inferred, facts=[f for f in facts if f],
        page=page_name("paper", node.id, names),
    )  # fmt: skip


def _result(node: Node, paper: PaperPage) -> ResultRow:
    p: dict[str, Any] = dict(node.properties)
    return ResultRow(
        id=node.id, text=p["text"].strip(), value=p["value"], unit=p["unit"], kind=p["kind"],
        direction=p.get("direction"), measured=p.get("metric"), setting=p.get("setting"),
        evidence=p["evidence"], confidence=p["confidence"], paper=paper,
    )  # fmt: skip


def _evidence(edge: Edge) -> str:
    return str(edge.properties.get("evidence", ""))


def _confidence(edge: Edge) -> float:
    value = edge.properties.get("confidence")
    return float(value) if isinstance(value, int | float) else 0.0


def _list(edge: Edge, name: str) -> list[str]:
    return _strings(edge.properties.get(name))


def _strings(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
