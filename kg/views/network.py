"""A drawing of a graph: positions computed here, turned into HTML by pyvis, drawn in the browser by vis-network."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import pyvis
from jinja2 import Environment, FileSystemLoader
from pyvis.network import Network

TEMPLATES = Path(__file__).parent / "templates"
VIS_SCRIPT = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
# Colour and shape by type; the style sheet has the same colours.
COLOURS = {
    "Method": "#2f6fb7", "Model": "#8a4fa8", "Dataset": "#2b8a57", "Metric": "#b7791f", "Task": "#1d8a99",
    "Paper": "#7b8794",
}  # fmt: skip
SHAPES = {
    "Method": "dot",
    "Model": "diamond",
    "Dataset": "square",
    "Metric": "triangle",
    "Task": "hexagon",
    "Paper": "star",
}
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 150, "navigationButtons": False, "keyboard": False},
    "nodes": {
        "font": {
            "size": 15,
            "face": "system-ui, sans-serif",
            "color": "#1d2530",
            "strokeWidth": 4,
            "strokeColor": "#ffffff",
        }
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "color": {"color": "#b8c2cd", "highlight": "#2457a7", "hover": "#5c7fb5"},
        "font": {"size": 11, "color": "#667281", "strokeWidth": 3, "strokeColor": "#ffffff", "align": "middle"},
        "smooth": False,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A node to draw at x, y (pixels, y downwards); `page` is where a click leads, `hint` what hovering shows."""

    id: str
    label: str
    type: str
    page: str
    hint: str
    size: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An edge to draw, with an arrow to `end` unless it is `plain`."""

    start: str
    end: str
    label: str
    hint: str = ""
    plain: bool = False
    width: float = 1.0


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def render_network(heading: str, points: Iterable[Point], lines: Iterable[Line]) -> str:
    """The drawing as an HTML fragment that needs `vis-network.min.js` and nothing else."""
    net = Network(directed=True, heading=heading)
    net.templateEnv, net.path = _environment(), "network.html"
    for p in points:
        net.add_node(
            p.id, label=_wrapped(p.label), shape=SHAPES[p.type], color=COLOURS[p.type], size=p.size, title=p.hint,
            x=round(p.x), y=round(p.y), page=p.page,
        )  # fmt: skip
    for line in lines:
        arrows = "" if line.plain else "to"
        net.add_edge(
            line.start, line.end, label=line.label, title=line.hint or line.label, width=line.width, arrows=arrows
        )
    net.options = _OPTIONS
    return str(net.generate_html())


def _wrapped(label: str) -> str:
    r"""A label in lines of about 22 characters, three at most.

    >>> _wrapped("Thinking augmented Pre-Training for data efficiency")
    'Thinking augmented\nPre-Training for data\nefficiency'
    """
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) > 21:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2] + " …"])


def place_around(n: int, *, in_ring: int = 10) -> list[tuple[float, float]]:
    """N places around the middle; more than fit a ring are staggered over several, so that labels keep clear.

    >>> [(round(x), round(y)) for x, y in place_around(2)]
    [(0, -230), (0, 230)]
    """
    rings = -(-n // in_ring)
    places = []
    for i in range(n):
        angle = -math.pi / 2 + 2 * math.pi * i / n
        radius = 230.0 + 105.0 * (i % rings)
        places.append((1.1 * radius * math.cos(angle), radius * math.sin(angle)))
    return places


def place_by_springs(
    graph: "nx.Graph[str]", *, width: float = 1900.0, height: float = 1150.0
) -> dict[str, tuple[float, float]]:
    """Places in pixels from networkx's spring layout, the same on every run; nodes pushed apart where they overlap."""
    if not graph:
        return {}
    spring = nx.spring_layout(graph, seed=7, k=3.2 / math.sqrt(len(graph)), iterations=300, weight=None)
    places = {n: [float(x) * width / 2, float(y) * height / 2] for n, (x, y) in spring.items()}
    for _ in range(60):
        _push_apart(places)
    return {n: (x, y) for n, (x, y) in places.items()}


def _push_apart(places: dict[str, list[float]], *, dx: float = 120.0, dy: float = 58.0) -> None:
    names = sorted(places)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            gap_x, gap_y = places[b][0] - places[a][0], places[b][1] - places[a][1]
            if abs(gap_x) < dx and abs(gap_y) < dy:
                push = (dy - abs(gap_y)) / 2 * (1 if gap_y >= 0 else -1)
                places[a][1] -= push
                places[b][1] += push
