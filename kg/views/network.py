"""A drawing of a graph: positions computed here, turned into HTML by pyvis, drawn in the browser by vis-network."""

import math
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import networkx as nx
import pyvis
from jinja2 import Environment, FileSystemLoader
from pyvis.network import Network

TEMPLATES = Path(__file__).parent / "templates"
VIS_SCRIPT = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
# Colour and shape by type; the style sheet has the same colours.
COLOURS = {
    "Method": "#2764a8", "Model": "#7d4399", "Dataset": "#1f7045", "Metric": "#8f5c0e", "Task": "#14717d",
    "Paper": "#5f6b78",
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
    # The wheel scrolls the page; buttons zoom.
    "interaction": {"hover": True, "tooltipDelay": 150, "zoomView": False, "keyboard": False},
    "nodes": {
        "font": {
            "size": 16,
            "face": "system-ui, sans-serif",
            "color": "#1d2530",
            "strokeWidth": 4,
            "strokeColor": "#fff",
        }
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "color": {"color": "#8793a1", "highlight": "#2457a7", "hover": "#2457a7"},
        "font": {"size": 12, "color": "#4d5865", "background": "#ffffff", "strokeWidth": 0, "align": "horizontal"},
        "smooth": False,
    },
}
_LINE_WIDTH, _LETTER, _LINE_HEIGHT = 19, 8.2, 19.0


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
    """An edge to draw, with an arrow to `end`, at both ends, or plain."""

    start: str
    end: str
    label: str
    hint: str = ""
    arrows: Literal["to", "both", "plain"] = "to"
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
        arrows = {"plain": "", "to": "to", "both": "to, from"}[line.arrows]
        net.add_edge(
            line.start, line.end, label=line.label, title=line.hint or line.label, width=line.width, arrows=arrows
        )
    net.options = _OPTIONS
    return str(net.generate_html())


def _wrapped(label: str) -> str:
    r"""A label in lines of about 19 letters, three at most; a longer word is broken.

    >>> _wrapped("Thinking augmented Pre-Training for data efficiency")
    'Thinking augmented\nPre-Training for\ndata efficiency'
    """
    lines = textwrap.wrap(label, _LINE_WIDTH) or [""]
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2][: _LINE_WIDTH - 2] + " …"])


def place_around(n: int, *, in_ring: int = 9) -> list[tuple[float, float]]:
    """N places around the middle; more than fit a ring are staggered over several, so that labels keep clear.

    >>> [(round(x), round(y)) for x, y in place_around(2)]
    [(14, -260), (-14, 260)]
    """
    rings = -(-n // in_ring)
    places = []
    for i in range(n):
        # The turn keeps lines from being level: the label of a level line would lie under the middle.
        angle = -math.pi / 2 + 2 * math.pi * i / n + 0.06
        radius = 1.0 + 0.45 * (i % rings)
        places.append((230.0 * radius * math.cos(angle), 260.0 * radius * math.sin(angle)))
    return places


def place_by_springs(
    labels: Mapping[str, str], graph: "nx.Graph[str]", *, width: float = 1500.0, height: float = 900.0
) -> dict[str, tuple[float, float]]:
    """Places in pixels from networkx's spring layout, the same on every run, labels pushed apart where they overlap."""
    if not graph:
        return {}
    spring = nx.spring_layout(graph, seed=7, k=3.2 / math.sqrt(len(graph)), iterations=300, weight=None)
    places = {n: (float(x) * width / 2, float(y) * height / 2) for n, (x, y) in spring.items()}
    return spread(labels, places)


def spread(labels: Mapping[str, str], places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The places with overlapping nodes and labels pushed apart."""
    moving = {n: [x, y] for n, (x, y) in places.items()}
    sizes = {n: _label_size(_wrapped(labels[n])) for n in places}
    for _ in range(150):
        if not _push_apart(moving, sizes):
            break
    return {n: (x, y) for n, (x, y) in moving.items()}


def _label_size(label: str) -> tuple[float, float]:
    lines = label.split("\n")
    return _LETTER * max(len(line) for line in lines) + 12, _LINE_HEIGHT * len(lines) + 46


def _push_apart(places: dict[str, list[float]], sizes: Mapping[str, tuple[float, float]]) -> bool:
    """Moves each overlapping pair along the axis where it overlaps less; whether any did."""
    moved = False
    names = sorted(places)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            overlap = [
                (sizes[a][axis] + sizes[b][axis]) / 2 - abs(places[b][axis] - places[a][axis]) for axis in (0, 1)
            ]
            if min(overlap) <= 0:
                continue
            axis = 0 if overlap[0] < overlap[1] else 1
            push = (overlap[axis] / 2 + 0.5) * (1 if places[b][axis] >= places[a][axis] else -1)
            places[a][axis] -= push
            places[b][axis] += push
            moved = True
    return moved
