"""An open graph: look things up, list results, follow paths, ask queries. The commands call these functions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from kg.errors import NotFoundError, QueryError
from kg.queries import get_query, refuse_several
from kg.stores.base import DEFAULT_TIMEOUT, Counts, Rows, Store
from kg.stores.loading import read_graph
from kg.stores.opening import open_store
from kg.text import name_key
from kg.types import Graph

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

How = Literal["exact", "prefix", "word", "similar"]
_RANK: dict[How, int] = {"exact": 0, "prefix": 1, "word": 2, "similar": 3}
# One letter wrong in four reaches 75, two in eight 75; "imagnet" and "image encoder" 60.
_SIMILAR = 72
# A part of a longer name with a letter wrong: "retreival augmented".
_SIMILAR_PART, _SHORTEST_PART = 88, 6
_NOT_KEY = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entity that answers to a text: the form that matched, and how."""

    id: str
    name: str
    type: str
    papers: int
    matched: str
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityView:
    """All that the graph says of one entity."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    papers: Rows
    relations: Rows
    results: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One relationship of a path: from the node before, with or against its direction, to the next."""

    start: str
    relation: str
    forward: bool
    end: str
    evidence: str | None


class KnowledgeGraph:
    """A graph that is open for reading. Use it in a `with`, or close it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, target: str | Path) -> Self:
        """The graph file or server at `target`.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        return cls(open_store(target))

    def close(self) -> None:
        """Gives the store's resources back."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @cached_property
    def entities(self) -> list[dict[str, Any]]:
        """Every entity: id, name, type, aliases, papers; those in most papers first."""
        return self.rows("entities").dicts()

    def rows(self, query: str, /, *, limit: int | None = None, timeout: float = DEFAULT_TIMEOUT, **values: Any) -> Rows:
        """The rows of a query of the library.

        Raises:
            QueryError: there is no such query, or a value is for no parameter of it.
        """
        return self.ask(query, values, limit=limit, timeout=timeout)

    def query(
        self, query: str, /, *, limit: int | None = None, timeout: float = DEFAULT_TIMEOUT, **values: Any
    ) -> "pd.DataFrame":
        """The answer to a query of the library by name, or to Cypher text that reads.

        Raises:
            QueryError: the query is unknown, wrong, writes, or takes longer than `timeout` seconds.
        """
        return _frame(self.ask(query, values, limit=limit, timeout=timeout))

    def ask(
        self, query: str, values: Mapping[str, Any], *, limit: int | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> Rows:
        """`query` with these parameters, as plain rows."""
        if re.fullmatch(r"[\w-]+", query):
            asked = get_query(query)
            return self._store.run(asked.text, asked.bind(values), timeout=timeout, limit=limit)
        refuse_several(query)
        return self._store.run(query, values, timeout=timeout, limit=limit)

    def find(self, text: str, *, entity_type: str | None = None, limit: int = 10) -> list[Hit]:
        """Entities whose name or alias is `text`, begins with it, has a word that does, or is spelled like it.

        In this order; within it, those in more papers first.
        """
        wanted = _find_key(text)
        if not wanted:
            return []
        hits: list[tuple[float, int, Hit]] = []
        for entity in self.entities:
            if entity_type and entity["type"] != entity_type:
                continue
            best = min(
                (m for form in (entity["name"], *entity["aliases"]) if (m := _match(wanted, form))), default=None
            )
            if best:
                hits.append((best[0], -entity["papers"], _hit(entity, best[1], best[2])))
        if len(hits) < limit:
            hits += self._similar(text, {h.id for *_, h in hits}, entity_type, limit)
        return [h for *_, h in sorted(hits, key=lambda h: (*h[:2], len(h[2].name), h[2].id))][:limit]

    def _similar(self, text: str, but: set[str], entity_type: str | None, limit: int) -> list[tuple[float, int, Hit]]:
        from rapidfuzz import fuzz, process

        forms = [
            (e, form)
            for e in self.entities
            if e["id"] not in but and (not entity_type or e["type"] == entity_type)
            for form in (e["name"], *e["aliases"])
        ]
        wanted, lower = text.casefold(), [form.casefold() for _, form in forms]
        whole = process.extract(wanted, lower, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=4 * limit)
        part = []
        if len(wanted) >= _SHORTEST_PART:
            found = process.extract(
                wanted, lower, scorer=fuzz.partial_ratio, score_cutoff=_SIMILAR_PART, limit=4 * limit
            )
            part = [(form, 0.8 * score, at) for form, score, at in found if len(form) > len(wanted)]
        best: dict[str, tuple[float, int, Hit]] = {}
        for _, score, at in sorted([*whole, *part], key=lambda f: -f[1]):
            entity, form = forms[at]
            hit = _RANK["similar"] + 1 - score / 100, -entity["papers"], _hit(entity, form, "similar")
            best.setdefault(entity["id"], hit)
        return list(best.values())

    def get(self, name: str, *, entity_type: str | None = None) -> dict[str, Any]:
        """The entity with this id, name or alias; where several have it, the one in most papers.

        Raises:
            NotFoundError: there is none; the message suggests the nearest names.
        """
        key = name_key(name)
        of_type = [e for e in self.entities if not entity_type or e["type"] == entity_type]
        for fits in (
            lambda e: e["id"] == name,
            lambda e: name_key(e["name"]) == key,
            lambda e: any(name_key(a) == key for a in e["aliases"]),
        ):
            for entity in of_type:
                if fits(entity):
                    return entity
        what = entity_type.lower() if entity_type else "entity"
        near = self.find(name, entity_type=entity_type, limit=3)
        hint = f"Did you mean {_listed(h.name for h in near)}?" if near else "`kg find` searches in all names."
        raise NotFoundError(f"no {what} “{name}” in this graph. {hint}")

    def show(self, name: str, *, confidence: float = 0.0) -> EntityView:
        """All that the graph says of an entity, facts of at least this confidence.

        Raises:
            NotFoundError: there is no such entity.
        """
        entity = self.get(name)
        parts = self.rows("entity-results", name=entity["id"])
        wanted = {r["result_id"] for r in parts.dicts()}
        results = self.rows("results", confidence=confidence)
        at = results.columns.index("result_id")
        return EntityView(
            id=entity["id"],
            name=entity["name"],
            type=entity["type"],
            aliases=tuple(entity["aliases"]),
            papers=_sure(self.rows("entity-papers", name=entity["id"]), confidence),
            relations=_sure(self.rows("entity-relations", name=entity["id"]), confidence),
            results=Rows(columns=results.columns, rows=tuple(r for r in results.rows if r[at] in wanted)),
        )

    def result_rows(
        self,
        *,
        dataset: str | None = None,
        metric: str | None = None,
        task: str | None = None,
        method: str | None = None,
        kind: str | None = None,
        confidence: float = 0.0,
    ) -> Rows:
        """Reported numbers, best first for each dataset and metric.

        Raises:
            NotFoundError: a name is not in the graph.
        """
        names: dict[str, Any] = {
            "dataset": self._id(dataset, "Dataset"),
            "metric": self._id(metric, "Metric"),
            "task": self._id(task, "Task"),
            "method": self._id(method, None),
        }
        return self.rows("results", kind=kind, confidence=confidence, **names)

    def _id(self, name: str | None, entity_type: str | None) -> str | None:
        return None if name is None else str(self.get(name, entity_type=entity_type)["id"])

    def results(self, **filters: Any) -> "pd.DataFrame":
        """`result_rows` as a table."""
        return _frame(self.result_rows(**filters))

    def path(self, start: str, end: str) -> list[Step]:
        """The steps of a shortest chain of facts between two entities; empty where they are not connected.

        Raises:
            NotFoundError: a name is not in the graph.
            QueryError: both names are the same entity.
        """
        a, b = self.get(start)["id"], self.get(end)["id"]
        if a == b:
            raise QueryError(f"“{start}” and “{end}” are one entity ({a})")
        found = self.rows("path", **{"from": a, "to": b}).dicts()
        if not found:
            return []
        row = found[0]
        names = [n["name"] for n in row["nodes"]]
        return [
            Step(
                start=names[i], relation=kind, forward=row["forward"][i], end=names[i + 1], evidence=row["evidence"][i]
            )
            for i, kind in enumerate(row["types"])
        ]

    def counts(self) -> Counts:
        """How many nodes of each label and relationships of each type there are."""
        return self._store.counts()

    def read(self) -> Graph:
        """The whole graph as plain values."""
        return read_graph(self._store)

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The whole graph: nodes by id with `label` and their properties, edges with `type` and theirs."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        everything = self.read()
        for node in everything.nodes:
            properties = {k: v for k, v in node.properties.items() if k != "id"}
            graph.add_node(node.id, label=node.labels[-1], **properties)
        for edge in everything.edges:
            properties = {"type": edge.type, **edge.properties}
            graph.add_edge(edge.start, edge.end, key=None, **properties)
        return graph


def _sure(rows: Rows, confidence: float) -> Rows:
    at = rows.columns.index("confidence")
    return Rows(columns=rows.columns, rows=tuple(r for r in rows.rows if r[at] >= confidence))


def _frame(rows: Rows) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(list(rows.rows), columns=list(rows.columns))


def _find_key(text: str) -> str:
    return _NOT_KEY.sub("", text.casefold())


def _match(wanted: str, form: str) -> tuple[int, str, How] | None:
    key = _find_key(form)
    if key == wanted:
        return _RANK["exact"], form, "exact"
    if key.startswith(wanted):
        return _RANK["prefix"], form, "prefix"
    if wanted in key and any(_find_key(form[m.start() :]).startswith(wanted) for m in re.finditer(r"\b\w", form)):
        return _RANK["word"], form, "word"
    return None


def _hit(entity: dict[str, Any], form: str, how: How) -> Hit:
    return Hit(
        id=entity["id"], name=entity["name"], type=entity["type"], papers=entity["papers"], matched=form, how=how
    )


def _listed(names: Iterable[str]) -> str:
    """“a”, “b” or “c”."""
    quoted = [f"“{n}”" for n in dict.fromkeys(names)]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
