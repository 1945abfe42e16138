"""Papers, extractions and their resolution -> the graph, with every fact's sentence."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from kg.resolve import Resolution
from kg.schema import RESULT_EDGE, ROLE_EDGE
from kg.text import name_key
from kg.types import Edge, Entity, Extraction, Graph, Node, Paper, PaperEntity, Relation, Result, Value


def make_graph(
    papers: Iterable[Paper],
    extractions: Iterable[Extraction],
    resolution: Resolution,
    *,
    better: Mapping[str, str] | None = None,
) -> Graph:
    """The graph of these papers.

    `better` says by the normal form of a metric's name whether `higher` or `lower` is better.
    """
    by_id = {p.id: p for p in papers}
    nodes = [_paper_node(p) for p in by_id.values()]
    nodes += [_entity_node(e, better or {}) for e in resolution.entities]
    edges: dict[tuple[str, str, str, str | None], Edge] = {}
    links: dict[str, Node] = {}
    for extraction in extractions:
        paper = by_id[extraction.paper_id]
        to = {e.id: resolution.ids[paper.id, e.id] for e in extraction.entities}
        nodes += [_result_node(paper, r) for r in extraction.results]
        for node in _link_nodes(paper, extraction):
            links[node.id] = node
        for edge in _edges(paper, extraction, to):
            key = edge.type, edge.start, edge.end, edge.paper
            if key not in edges or _weight(edge) > _weight(edges[key]):
                edges[key] = edge
    return Graph(
        nodes=tuple(sorted([*nodes, *links.values()], key=lambda n: (n.labels, n.id))),
        edges=tuple(sorted(edges.values(), key=lambda e: (e.type, e.start, e.end, e.paper or ""))),
    )


def _weight(edge: Edge) -> float:
    confidence = edge.properties.get("confidence")
    return float(confidence) if isinstance(confidence, float) else 0.0


def result_id(paper_id: str, result: Result) -> str:
    """The id of a result: its paper and the offset of its number there."""
    return f"result:{paper_id}:{result.start}"


def _filled(**properties: Value) -> dict[str, Value]:
    return {k: v for k, v in properties.items() if v is not None}


def _paper_node(p: Paper) -> Node:
    return Node(
        labels=("Paper",),
        id=p.id,
        properties=_filled(
            id=p.id,
            title=p.title,
            opening=None if p.title else textwrap.shorten(p.abstract, 80, placeholder=" …"),
            abstract=p.abstract,
            published=p.published,
            year=p.year,
            year_inferred=p.year_inferred or None,
            sources=[f"{s.file}:{s.line}" for s in p.sources],
            position=p.sources[0].position if p.sources else None,
            authors=p.authors,
            organisation=p.organisation,
            venue=p.venue,
            url=p.url,
        ),
    )


def _entity_node(e: Entity, better: Mapping[str, str]) -> Node:
    direction = better.get(name_key(e.name)) if e.type == "Metric" else None
    return Node(
        labels=("Entity", e.type),
        id=e.id,
        properties=_filled(
            id=e.id,
            name=e.name,
            aliases=list(e.aliases) or None,
            search=" ".join((e.name, *e.aliases)),
            papers=e.papers,
            better=direction if direction in ("higher", "lower") else None,
        ),
    )


def _result_node(paper: Paper, r: Result) -> Node:
    identifier = result_id(paper.id, r)
    return Node(
        labels=("Result",),
        id=identifier,
        properties=_filled(
            id=identifier,
            text=r.text,
            value=r.value,
            unit=r.unit,
            kind=r.kind,
            direction=r.direction,
            metric=None if r.metric_is_entity else r.metric,
            setting=r.setting,
            evidence=paper.text[slice(*r.evidence)],
            start=r.start,
            end=r.end,
            confidence=r.confidence,
        ),
    )


def _link_nodes(paper: Paper, extraction: Extraction) -> Iterator[Node]:
    urls = [m.text for m in extraction.links] + ([paper.url] if paper.url else [])
    for url in urls:
        identifier = f"link:{url}"
        yield Node(labels=("Link",), id=identifier, properties={"id": identifier, "url": url, "host": _host(url)})


def _host(url: str) -> str:
    try:
        return urlsplit(url if "//" in url else f"https://{url}").hostname or ""
    except ValueError:
        return ""


def _edges(paper: Paper, extraction: Extraction, to: Mapping[str, str]) -> Iterator[Edge]:
    for e in extraction.entities:
        yield _role_edge(paper, e, to[e.id])
    for r in extraction.relations:
        if to[r.head] != to[r.tail]:
            yield _relation_edge(paper, r, to[r.head], to[r.tail])
    for result in extraction.results:
        yield from _result_edges(paper, result, to)
    for node in _link_nodes(paper, extraction):
        yield _edge("LINKS_TO", (paper.id, node.id))


def _edge(kind: str, ends: tuple[str, str], *, paper: str | None = None, **properties: Value) -> Edge:
    return Edge(type=kind, start=ends[0], end=ends[1], paper=paper, properties=_filled(paper=paper, **properties))


def _role_edge(paper: Paper, e: PaperEntity, entity: str) -> Edge:
    shown = next((m for m in e.mentions if e.evidence[0] <= m.start < e.evidence[1]), e.mentions[0])
    return _edge(
        ROLE_EDGE[e.role], (paper.id, entity),
        mentions=list(dict.fromkeys(m.text for m in e.mentions)), evidence=paper.text[slice(*e.evidence)],
        start=shown.start, end=shown.end, confidence=e.confidence,
    )  # fmt: skip


def _relation_edge(paper: Paper, r: Relation, head: str, tail: str) -> Edge:
    return _edge(
        r.type, (head, tail), paper=paper.id, evidence=paper.text[slice(*r.evidence)],
        start=r.start, end=r.end, confidence=r.confidence,
    )  # fmt: skip


def _result_edges(paper: Paper, r: Result, to: Mapping[str, str]) -> Iterator[Edge]:
    identifier = result_id(paper.id, r)
    yield _edge("REPORTS", (paper.id, identifier))
    ends = {
        "subject": r.subject,
        "dataset": r.dataset,
        "metric": r.metric if r.metric_is_entity else None,
        "baseline": r.baseline,
    }
    for part, local in ends.items():
        if local is not None:
            yield _edge(RESULT_EDGE[part], (identifier, to[local]))
