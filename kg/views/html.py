"""The graph as a folder of HTML pages that open without a network: overview, search, a page an entity and a paper."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import networkx as nx
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from kg.errors import StoreError
from kg.schema import ENTITY_TYPES
from kg.types import Graph
from kg.views.network import SHAPES, TEMPLATES, VIS_SCRIPT, Line, Point, place_around, place_by_springs, render_network
from kg.views.site import EntityPage, PaperPage, RelationRow, Site, arrange, boards, used_together

_MARKER = ".paperkg-site"
# More neighbours than this are a tangle on a laptop's screen; the page lists the rest.
_MOST_NEIGHBOURS, _MOST_PAPERS = 28, 12
_MOST_IN_OVERVIEW, _TOGETHER = 80, 2
_SVG = {
    "dot": '<circle r="6"/>', "diamond": '<path d="M0-7 7 0 0 7-7 0Z"/>', "square": '<path d="M-6-6H6V6H-6Z"/>',
    "triangle": '<path d="M0-7 7 6H-7Z"/>', "hexagon": '<path d="M-7 0-3.5-6H3.5L7 0 3.5 6H-3.5Z"/>',
    "star": '<path d="M0-7 2-2.2 7-2.2 3 1 4.4 6.5 0 3.3-4.4 6.5-3 1-7-2.2-2-2.2Z"/>',
}  # fmt: skip


def write_site(graph: Graph, folder: Path, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Writes the pages of `graph` beside `folder`, swaps them in and returns their number.

    Raises:
        StoreError: the folder holds something else, or cannot be written.
    """
    if folder.exists() and not (folder / _MARKER).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: holds files that are not from `kg export html`; choose another folder with -o")
    beside, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    try:
        for leftover in (beside, old):
            if (leftover / _MARKER).exists():
                shutil.rmtree(leftover)
        n = _write_pages(arrange(graph), beside, progress)
        if folder.exists():
            folder.replace(old)
        beside.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror}); free some space or choose another with -o"
        ) from error
    return n


def _write_pages(site: Site, folder: Path, progress: Callable[[int, int], None] | None) -> int:
    for name in ("assets", "entity", "paper"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).touch()
    for asset in ("style.css", "site.js"):
        shutil.copyfile(TEMPLATES / asset, folder / "assets" / asset)
    shutil.copyfile(VIS_SCRIPT, folder / "assets" / VIS_SCRIPT.name)
    _write(folder / "assets" / "entities.js", _search_data(site))
    pages = _Pages(site)
    _write(folder / "index.html", pages.index())
    _write(folder / "overview.html", pages.overview())
    _write(folder / "results.html", pages.results())
    _write(folder / "papers.html", pages.papers())
    total = len(site.entities) + len(site.papers)
    for i, entity in enumerate(site.entities.values(), 1):
        _write(folder / entity.page, pages.entity(entity))
        if progress:
            progress(i, total)
    for i, paper in enumerate(site.papers.values(), len(site.entities) + 1):
        _write(folder / paper.page, pages.paper(paper))
        if progress:
            progress(i, total)
    return total + 4


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")


def _search_data(site: Site) -> str:
    rows = [[e.name, e.type, e.papers, e.page, e.aliases] for e in site.entities.values()]
    return f"const ENTITIES = {json.dumps(rows, ensure_ascii=False)};\n"


class _Pages:
    """Renders the pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
        self._env.filters["marked"] = mark
        self._env.globals.update(
            n_entities=len(site.entities),
            n_papers=len(site.papers),
            n_results=len(site.results),
            n_relations=len(site.relations),
        )

    def _render(self, template: str, root: str, **values: Any) -> str:
        return self._env.get_template(template).render(root=root, **values)

    def index(self) -> str:
        ranked = sorted(self._site.entities.values(), key=lambda e: (-e.papers, e.name.casefold(), e.id))
        of_type = {t: [e for e in ranked if e.type == t] for t in ENTITY_TYPES}
        return self._render(
            "index.html",
            "",
            top=[(t, es[:15]) for t, es in of_type.items()],
            totals={t: len(es) for t, es in of_type.items()},
        )

    def results(self) -> str:
        return self._render("results.html", "", results=boards(self._site.results))

    def papers(self) -> str:
        return self._render(
            "papers.html", "", papers=sorted(self._site.papers.values(), key=lambda p: (p.title.casefold(), p.id))
        )

    def paper(self, paper: PaperPage) -> str:
        roles = [
            (name, [r.entity for r in rows]) for name, rows in groupby(paper.roles, lambda r: _PAPER_ROLES[r.type])
        ]
        return self._render(
            "paper.html", "../", paper=paper, abstract=_linked(paper), roles=roles, n_results=len(paper.results),
            results=boards(paper.results), relations=paper.relations,
        )  # fmt: skip

    def entity(self, entity: EntityPage) -> str:
        points, lines, hidden = _neighbourhood(entity)
        papers = [(name, list(rows)) for name, rows in groupby(entity.roles, lambda r: r.label)]
        return self._render(
            "entity.html", "../", entity=entity, network=Markup(render_network(entity.name, points, lines)),  # ruff: ignore[unsafe-markup-use]
            legend=_legend(p.type for p in points), shown=len(points) - 1, hidden=hidden, papers=papers,
            relations=entity.relations, results=boards(entity.results), n_results=len(entity.results),
        )  # fmt: skip

    def overview(self) -> str:
        points, lines = _overview(self._site)
        return self._render(
            "overview.html", "", network=Markup(render_network("Overview", points, lines)),  # ruff: ignore[unsafe-markup-use]
            legend=_legend(p.type for p in points), shown=len(points), together=_TOGETHER,
        )  # fmt: skip


_PAPER_ROLES = {"INTRODUCES": "introduces", "USES": "uses", "COMPARES_WITH": "compares with", "MENTIONS": "mentions"}


def mark(text: str, words: Iterable[str]) -> Markup:
    """`text` as HTML with every whole occurrence of `words` marked.

    >>> mark("5% on <b>", ["5%"])
    Markup('<mark>5%</mark> on &lt;b&gt;')
    """
    return _wrap(text, {w: "<mark>" for w in words if w}, "</mark>")


def _wrap(text: str, openings: dict[str, str], close: str) -> Markup:
    """`text` as HTML, every whole occurrence of a key between its opening tag and `close`, longer keys first."""
    if not openings:
        return escape(text)
    longest_first = sorted(openings, key=lambda w: (-len(w), w))
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(w)}(?!\w)" if w[-1].isalnum() else re.escape(w) for w in longest_first)
    )
    parts, at = [], 0
    for hit in pattern.finditer(text):
        parts += [escape(text[at : hit.start()]), Markup(openings[hit[0]]), escape(hit[0]), Markup(close)]  # ruff: ignore[unsafe-markup-use]
        at = hit.end()
    return Markup("").join([*parts, escape(text[at:])])


def _linked(paper: PaperPage) -> Markup:
    """The abstract with every entity linked to its page in its type's colour."""
    openings = {
        mention: str(Markup('<a class="{}" href="../{}">').format(r.entity.type.lower(), r.entity.page))
        for r in paper.roles
        for mention in r.mentions
    }
    return _wrap(paper.text[1], openings, "</a>")


def _legend(types: Iterable[str]) -> list[tuple[str, Markup]]:
    present = set(types)
    return [(t, Markup(_SVG[shape])) for t, shape in SHAPES.items() if t in present]  # ruff: ignore[unsafe-markup-use]


def _neighbourhood(entity: EntityPage) -> tuple[list[Point], list[Line], int]:
    """(nodes, edges, number of neighbours left out) around an entity: related ones and the papers that speak of it."""
    claims: dict[tuple[str, str, str], list[RelationRow]] = defaultdict(list)
    for r in entity.relations:
        claims[r.type, r.head.id, r.tail.id].append(r)
    related = list({o.id: o for r in entity.relations for o in (r.head, r.tail) if o is not entity}.values())
    speaking = list({r.paper.id: r for r in entity.roles}.values())
    shown, papers = related[:_MOST_NEIGHBOURS], speaking[:_MOST_PAPERS]
    order = {t: i for i, t in enumerate(SHAPES)}
    around = [_entity_point(o, "../") for o in sorted(shown, key=lambda o: (order[o.type], o.name.casefold()))]
    around += [_paper_point(r.paper) for r in papers]
    places = place_around(len(around))
    points = [_entity_point(entity, "../", middle=True)]
    points += [_placed(p, x, y) for p, (x, y) in zip(around, places, strict=True)]
    ids = {p.id for p in points}
    lines = [
        Line(
            start=head,
            end=tail,
            label=rows[0].label + (f" ×{len(rows)}" if len(rows) > 1 else ""),
            hint=_hint(rows),
            width=1.6,
        )
        for (_, head, tail), rows in claims.items()
        if head in ids and tail in ids
    ]
    lines += [
        Line(start=r.paper.id, end=entity.id, label=r.type.replace("_", " ").lower(), hint=r.evidence) for r in papers
    ]
    return points, lines, len(related) + len(speaking) - len(around)


def _hint(rows: list[RelationRow]) -> str:
    return "\n\n".join(f"{r.evidence}\n— {r.paper.title}" for r in rows[:2])


def _entity_point(e: EntityPage, root: str, *, middle: bool = False) -> Point:
    size = 26.0 if middle else 9.0 + min(e.papers, 16) ** 0.5 * 3
    hint = f"{e.name} · {e.type} · {e.papers} paper{'s' * (e.papers != 1)}"
    return Point(id=e.id, label=e.name, type=e.type, page="" if middle else root + e.page, hint=hint, size=size)


def _paper_point(p: PaperPage) -> Point:
    return Point(id=p.id, label=p.title, type="Paper", page=f"../{p.page}", hint=p.title, size=9.0)


def _placed(p: Point, x: float, y: float) -> Point:
    return Point(id=p.id, label=p.label, type=p.type, page=p.page, hint=p.hint, size=p.size, x=x, y=y)


def _overview(site: Site) -> tuple[list[Point], list[Line]]:
    ranked = sorted(site.entities.values(), key=lambda e: (-e.papers, -len(e.relations), e.id))
    chosen = {e.id: e for e in ranked[:_MOST_IN_OVERVIEW]}
    claims: dict[tuple[str, str, str], list[RelationRow]] = defaultdict(list)
    for r in site.relations:
        if r.head.id in chosen and r.tail.id in chosen:
            claims[r.type, r.head.id, r.tail.id].append(r)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(chosen)
    together = used_together(site, set(chosen), at_least=_TOGETHER)
    graph.add_weighted_edges_from((a, b, n / 2) for a, b, n in together)
    graph.add_weighted_edges_from((h, t, 2.0 * len(rows)) for (_, h, t), rows in claims.items())
    whole = max(nx.connected_components(graph), key=lambda part: (len(part), min(part)), default=set())
    graph = graph.subgraph(whole).copy()
    places = place_by_springs(graph)
    points = [_placed(_entity_point(chosen[n], ""), *places[n]) for n in sorted(graph)]
    lines = [
        Line(start=a, end=b, label="", hint=f"{n} papers use both", plain=True, width=0.4 + n / 6)
        for a, b, n in together
        if a in whole and b in whole
    ]
    lines += [
        Line(start=h, end=t, label=rows[0].label, hint=_hint(rows), width=1.5 + 0.5 * len(rows))
        for (_, h, t), rows in claims.items()
        if h in whole and t in whole
    ]
    return points, lines
