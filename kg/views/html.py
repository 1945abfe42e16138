"""The graph as a folder of HTML pages that open without a network: overview, search, a page an entity and a paper."""

import json
import re
import shutil
import tempfile
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import networkx as nx
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from kg.errors import NotFoundError, StoreError
from kg.files import clear_disk_errors
from kg.schema import ENTITY_TYPES
from kg.types import Graph
from kg.views.network import (
    SHAPES,
    TEMPLATES,
    VIS_SCRIPT,
    Line,
    Point,
    place_around,
    place_by_springs,
    render_network,
    spread,
)
from kg.views.site import EntityPage, PaperPage, RelationRow, ResultRow, Site, arrange, boards, used_together

_MARKER = ".paperkg-site"
# More neighbours than this are a tangle on a laptop's screen; the page lists the rest.
_MOST_NEIGHBOURS, _MOST_PAPERS = 16, 7
_MOST_IN_OVERVIEW, _TOGETHER = 60, 2
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
    folder = folder.resolve()
    _refuse_foreign(folder)
    with clear_disk_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        with clear_disk_errors(folder):
            n = _write_pages(arrange(graph), work / "new", progress)
            (work / "new" / _MARKER).write_text("\n".join(sorted(p.name for p in (work / "new").iterdir())), "utf-8")
            if folder.exists():
                folder.replace(work / "old")
            (work / "new").replace(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return n


def _refuse_foreign(folder: Path) -> None:
    """Nothing, when the folder is not there, empty, or holds what an earlier export wrote and nothing else.

    Raises:
        StoreError: it holds something else, or cannot be read.
    """
    if not folder.exists():
        return
    try:
        inside = {p.name for p in folder.iterdir()} - {_MARKER}
        ours = set((folder / _MARKER).read_text("utf-8").splitlines()) if (folder / _MARKER).exists() else set()
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror}); choose another folder with -o") from error
    if inside - ours:
        foreign = min(inside - ours)
        raise StoreError(
            f"{folder}: holds {foreign}, which is not from `kg export html`; choose another folder with -o"
        )


def _write_pages(site: Site, folder: Path, progress: Callable[[int, int], None] | None) -> int:
    for name in ("assets", "entity", "paper"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for asset in ("style.css", "site.js"):
        shutil.copyfile(TEMPLATES / asset, folder / "assets" / asset)
    shutil.copyfile(VIS_SCRIPT, folder / "assets" / VIS_SCRIPT.name)
    _write(folder / "assets" / "names.js", _search_data(site))
    pages = _Pages(site)
    lists = {
        "index.html": pages.index(),
        "overview.html": pages.overview(),
        "results.html": pages.results(),
        "papers.html": pages.papers(),
        **{page: pages.entities(kind) for kind, page in _LISTS.items()},
    }
    for name, text in lists.items():
        _write(folder / name, text)
    total = len(site.entities) + len(site.papers)
    for i, entity in enumerate(site.entities.values(), 1):
        _write(folder / entity.page, pages.entity(entity))
        if progress:
            progress(i, total)
    for i, paper in enumerate(site.papers.values(), len(site.entities) + 1):
        _write(folder / paper.page, pages.paper(paper))
        if progress:
            progress(i, total)
    return total + len(lists)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")


def _search_data(site: Site) -> str:
    rows: list[list[object]] = [[e.name, e.type, e.papers, e.page, e.aliases] for e in site.entities.values()]
    rows += [[p.title, "Paper", p.year, p.page, []] for p in site.papers.values()]
    return f"const NAMES = {json.dumps(rows, ensure_ascii=False)};\n"


_LISTS = {t: f"{t.lower()}s.html" for t in ENTITY_TYPES}
_KINDS = (
    ("score", "the value of a metric"),
    ("change", "the difference to something else"),
    ("ratio", "times as much, as fast, as large"),
    ("cost", "time, money, compute, memory"),
    ("size", "parameters, tokens, examples of a model or dataset"),
)


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

    def _of_type(self, kind: str) -> list[EntityPage]:
        found = [e for e in self._site.entities.values() if e.type == kind]
        return sorted(found, key=lambda e: (-e.papers, -len(e.results), e.name.casefold(), e.id))

    def index(self) -> str:
        lists = [(kind, page, self._of_type(kind)) for kind, page in _LISTS.items()]
        return self._render("index.html", "", top=[(kind, page, found[:15], len(found)) for kind, page, found in lists])

    def entities(self, kind: str) -> str:
        return self._render("entities.html", "", plural=f"{kind}s", entities=self._of_type(kind))

    def results(self) -> str:
        return self._render("results.html", "", here="results.html", kinds=_KINDS, results=boards(self._site.results))

    def papers(self) -> str:
        papers = sorted(self._site.papers.values(), key=lambda p: (p.title.casefold(), p.id))
        return self._render("papers.html", "", here="papers.html", papers=papers)

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
            "overview.html", "", here="overview.html", network=Markup(render_network("Overview", points, lines)),  # ruff: ignore[unsafe-markup-use]
            legend=_legend(p.type for p in points), shown=len(points), together=_TOGETHER,
        )  # fmt: skip


_PAPER_ROLES = {"INTRODUCES": "introduces", "USES": "uses", "COMPARES_WITH": "compares with", "MENTIONS": "mentions"}


def inline_neighbourhood(graph: Graph, entity_id: str, *, height: int = 480) -> str:
    """The drawing of an entity's neighbourhood as HTML for a notebook, complete in itself; `height` in pixels.

    Raises:
        NotFoundError: there is no entity with this id.
    """
    entity = arrange(graph).entities.get(entity_id)
    if entity is None:
        raise NotFoundError(f"no entity {entity_id} in this graph; `KnowledgeGraph.find` gives ids")
    points, lines, _ = _neighbourhood(entity)
    drawing = render_network(entity.name, [replace(p, page="") for p in points], lines)
    style, script = (TEMPLATES / "style.css").read_text("utf-8"), VIS_SCRIPT.read_text("utf-8")
    page = f'<!doctype html><meta charset="utf-8"><style>{style}</style><script>{script}</script>{drawing}'
    return f'<div><iframe srcdoc="{escape(page)}" width="100%" height="{height}" style="border: 0"></iframe></div>'


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


_Pair = tuple[str, str]


@dataclass(slots=True)
class _Said:
    """What is said of two entities: labels and sentences, and which way the arrows run."""

    labels: Counter[str] = field(default_factory=Counter)
    hints: list[str] = field(default_factory=list)
    ways: set[_Pair] = field(default_factory=set)


def _said(relations: Iterable[RelationRow], results: Iterable[ResultRow]) -> dict[_Pair, _Said]:
    """What is said of each pair of entities, by the ids of both, the lesser first."""
    said: dict[_Pair, _Said] = defaultdict(_Said)

    def add(head: EntityPage, label: str, tail: EntityPage, evidence: str, paper: PaperPage) -> None:
        one = said[min(head.id, tail.id), max(head.id, tail.id)]
        one.labels[label] += 1
        one.hints.append(f"{head.name} {label} {tail.name}\n{evidence}\n— {paper.title}")
        one.ways.add((head.id, tail.id))

    for r in relations:
        add(r.head, r.label, r.tail, r.evidence, r.paper)
    for n in results:
        for part in (n.dataset, n.metric):
            if n.subject and part and n.subject is not part:
                add(n.subject, n.text, part, n.evidence, n.paper)
    return said


def _line(pair: _Pair, said: _Said, *, more: str = "") -> Line:
    labels = [f"{label} ×{n}" if n > 1 else label for label, n in said.labels.most_common(2)]
    hidden = len(said.hints) - 2
    hints = [*said.hints[:2], f"… and {hidden} more" if hidden > 0 else "", more]
    start, end = min(said.ways)
    return Line(
        start=start,
        end=end,
        label="\n".join([*labels, "…"] if len(said.labels) > 2 else labels),
        hint="\n\n".join(filter(None, hints)),
        arrows="both" if len(said.ways) > 1 else "to",
        width=1.2 + 0.4 * min(len(said.hints), 4),
    )


def _neighbourhood(entity: EntityPage) -> tuple[list[Point], list[Line], int]:
    """(nodes, edges, number of neighbours left out): what is related or reported with an entity, and its papers."""
    said = _said(entity.relations, entity.results)
    ends = [e for r in entity.relations for e in (r.head, r.tail)]
    ends += [e for n in entity.results for e in (n.subject, n.dataset, n.metric) if e]
    related = [o for o in {e.id: e for e in ends}.values() if (min(o.id, entity.id), max(o.id, entity.id)) in said]
    speaking = list({r.paper.id: r for r in entity.roles}.values())
    shown, papers = related[:_MOST_NEIGHBOURS], speaking[:_MOST_PAPERS]
    order = {t: i for i, t in enumerate(SHAPES)}
    around = [_entity_point(o, "../") for o in sorted(shown, key=lambda o: (order[o.type], o.name.casefold()))]
    around += [_paper_point(r.paper) for r in papers]
    places = dict(zip((p.id for p in around), place_around(len(around)), strict=True))
    places = spread({p.id: p.label for p in around}, places)
    points = [_entity_point(entity, "../", middle=True)]
    points += [replace(p, x=places[p.id][0], y=places[p.id][1]) for p in around]
    lines = [_line(pair, said[pair]) for o in shown for pair in [(min(o.id, entity.id), max(o.id, entity.id))]]
    lines += [Line(start=r.paper.id, end=entity.id, label=_PAPER_ROLES[r.type], hint=r.evidence) for r in papers]
    return points, lines, len(related) + len(speaking) - len(around)


def _entity_point(e: EntityPage, root: str, *, middle: bool = False) -> Point:
    size = 24.0 if middle else 9.0 + min(e.papers, 16) ** 0.5 * 2.5
    hint = f"{e.name} · {e.type} · {e.papers} paper{'s' * (e.papers != 1)}"
    return Point(id=e.id, label=e.name, type=e.type, page="" if middle else root + e.page, hint=hint, size=size)


def _paper_point(p: PaperPage) -> Point:
    label = textwrap.shorten(p.title, 36, placeholder=" …")
    return Point(id=p.id, label=label, type="Paper", page=f"../{p.page}", hint=p.title, size=9.0)


def _overview(site: Site) -> tuple[list[Point], list[Line]]:
    ranked = sorted(site.entities.values(), key=lambda e: (-e.papers, -len(e.relations), e.id))
    chosen = {e.id: e for e in ranked[:_MOST_IN_OVERVIEW]}
    said = {pair: one for pair, one in _said(site.relations, ()).items() if pair[0] in chosen and pair[1] in chosen}
    together = {(a, b): n for a, b, n in used_together(site, set(chosen), at_least=_TOGETHER)}
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(chosen)
    graph.add_edges_from([*said, *together])
    whole = max(nx.connected_components(graph), key=lambda part: (len(part), min(part)), default=set())
    graph = graph.subgraph(whole).copy()
    places = place_by_springs({n: chosen[n].name for n in whole}, graph)
    points = [replace(_entity_point(chosen[n], ""), x=places[n][0], y=places[n][1]) for n in sorted(whole)]
    both = {pair: f"{n} papers use both" for pair, n in together.items()}
    lines = [_line(pair, one, more=both.get(pair, "")) for pair, one in said.items() if pair[0] in whole]
    lines += [
        Line(start=pair[0], end=pair[1], label="", hint=both[pair], arrows="plain", width=0.5)
        for pair in together
        if pair not in said and pair[0] in whole
    ]
    return points, lines
