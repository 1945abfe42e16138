"""Rows and views of a graph as tables and text for a terminal. Nothing here asks the graph."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg.build import Built
from kg.evaluate import LAYERS, Score
from kg.explorer import EntityView
from kg.queries import Query
from kg.schema import ENTITY_TYPES, ROLE_EDGE
from kg.stores.base import Counts, Rows

TYPE_STYLE = {"Method": "blue", "Model": "magenta", "Dataset": "green", "Metric": "yellow", "Task": "cyan"}
_ROLE_NAMES = {
    "INTRODUCES": "introduced by",
    "USES": "used by",
    "COMPARES_WITH": "compared with by",
    "MENTIONS": "mentioned by",
}


def _table(*columns: str, **options: Any) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), **options)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    return table


def render_hits(rows: Rows) -> Iterator[RenderableType]:
    """What `kg find` found: name, type, papers, and the alias that matched where it was not the name."""
    if not rows.rows:
        return
    table = _table("name", "type", "papers", "")
    table.columns[2].justify = "right"
    for row in rows.dicts():
        matched = f"as “{row['matched']}”" if row["matched"] != row["name"] else ""
        similar = "similar spelling" if row["how"] == "similar" else ""
        note = ", ".join(filter(None, (matched, similar)))
        table.add_row(
            Text(row["name"], "bold"), Text(row["type"], TYPE_STYLE[row["type"]]), str(row["papers"]), Text(note)
        )
    yield table


def render_rows(rows: Rows) -> Iterator[RenderableType]:
    """Any rows as a plain table."""
    table = _table(*rows.columns)
    for row in rows.rows:
        table.add_row(*(Text(_cell(v)) for v in row))
    yield table
    yield Text(f"{len(rows.rows):,} rows", "dim")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list):
        return ", ".join(_cell(v) for v in value)
    if isinstance(value, dict) and "properties" in value:
        own = value["properties"]
        kind = value.get("type") or ":".join(value["labels"])
        return f"{kind} {own.get('name') or own.get('title') or own.get('id') or ''}".strip()
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_cell(v)}" for k, v in value.items())
    return str(value)


def _sentence(evidence: str | None, marked: Iterable[str] = ()) -> Text:
    text = Text(f"“{' '.join((evidence or '').split())}”", "italic")
    for words in marked:
        if words:
            text.highlight_words([" ".join(words.split())], "bold not italic")
    return text


def _paper(row: Mapping[str, Any]) -> Text:
    year = f" ({row['year']})" if row.get("year") else ""
    return Text(f"{row['paper']}{year}").append(f"  {row['paper_id']}", "dim")


def render_results(rows: Rows) -> Iterator[RenderableType]:
    """A leaderboard: a heading for each dataset and metric, below it the numbers with their sentences."""
    for (dataset, metric, better), group in groupby(rows.dicts(), lambda r: (r["dataset"], r["metric"], r["better"])):
        heading = Text(dataset or "no dataset named", "bold green" if dataset else "bold dim")
        heading.append(" · ", "dim").append(metric or "metric not named", "yellow" if metric else "dim")
        if better:
            heading.append(f" ({better} is better)", "dim")
        yield heading
        for row in group:
            yield _result(row)


def _result(row: Mapping[str, Any]) -> RenderableType:
    arrow = {"increase": "▲ ", "decrease": "▼ ", None: ""}[row["direction"]]
    line = Text(f"{arrow}{row['text'].strip()}", "bold")
    line.append(f"  {row['kind']}", "dim")
    if row["method"]:
        line.append("  ").append(row["method"], "blue")
    if row["baseline"]:
        line.append(f"  against {row['baseline']}", "dim")
    if row["setting"]:
        line.append(f"  [{row['setting']}]", "dim")
    source = Text("— ", "dim").append(_paper(row))
    return _fact(line, _sentence(row["evidence"], (row["text"],)), source)


def render_entity(view: EntityView, limit: int) -> Iterator[RenderableType]:
    """All about one entity, at most `limit` rows of each part."""
    yield Text(view.name, "bold").append(f"  {view.type}", TYPE_STYLE[view.type]).append(f"  {view.id}", "dim")
    if view.aliases:
        yield Text(f"also written {', '.join(view.aliases)}", "dim")
    for role, group in groupby(view.papers.dicts(), lambda r: r["role"]):
        rows = list(group)
        yield Text(f"\n{_ROLE_NAMES[role]} {len(rows)} paper{'s' * (len(rows) > 1)}", "bold")
        for row in rows[:limit]:
            yield _fact(_paper(row), _sentence(row["evidence"], row["mentions"]))
        yield from _more(len(rows), limit)
    relations = view.relations.dicts()
    if relations:
        yield Text("\nrelations", "bold")
        for row in relations[:limit]:
            ends = (view.name, row["other"]) if row["outgoing"] else (row["other"], view.name)
            line = Text(ends[0]).append(f" {row['relation']} ", "bold dim").append(ends[1])
            yield _fact(line, _sentence(row["evidence"], ends), Text("— ", "dim").append(row["paper"]))
        yield from _more(len(relations), limit)
    if view.results.rows:
        yield Text("\nreported numbers", "bold")
        shown = Rows(columns=view.results.columns, rows=view.results.rows[:limit])
        for part in render_results(shown):
            yield Padding(part, (0, 0, 0, 2))
        yield from _more(len(view.results.rows), limit)


def _fact(claim: Text, *support: Text) -> RenderableType:
    """A claim, and indented below it what it rests on."""
    return Padding(Group(claim, *(Padding(s, (0, 0, 0, 2)) for s in support)), (0, 0, 0, 2))


def _more(n: int, limit: int) -> Iterator[RenderableType]:
    if n > limit:
        yield Padding(Text(f"… {n - limit} more; --limit {n} shows all", "dim"), (0, 0, 0, 2))


def render_path(steps: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """A chain of facts, one relationship a line, each with its sentence."""
    if steps:
        yield Text(steps[0]["start"], "bold")
    for step in steps:
        arrow = f"  ── {step['relation']} ─▶ " if step["forward"] else f"  ◀─ {step['relation']} ── "
        yield Text(arrow, "dim").append(step["end"], "bold not dim")
        if step["evidence"]:
            yield Padding(_sentence(step["evidence"]), (0, 0, 0, 6))


def render_queries(queries: Iterable[Query]) -> Iterator[RenderableType]:
    """The query library: name, what it answers, parameters with types and defaults."""
    for query in queries:
        yield Text(query.name, "bold").append(f"  {query.summary}", "not bold")
        for p in query.parameters:
            default = "none" if p.default is None else p.default
            yield (
                Text(f"    --{p.name} {p.type}", "cyan")
                .append(f"  {p.about}", "not dim")
                .append(f"  [default: {default}]", "dim")
            )


def render_counts(counts: Counts) -> Iterator[RenderableType]:
    """Papers, entities by type, results; relationships by type."""
    papers, results = counts.nodes.get("Paper", 0), counts.nodes.get("Result", 0)
    yield Text(f"{papers:,} papers", "bold").append(
        f", {counts.nodes.get('Entity', 0):,} entities, {results:,} reported numbers", "not bold"
    )
    table = _table("entities", "", "roles", "", "relations", "")
    for at in (1, 3, 5):
        table.columns[at].justify = "right"
    known = set(ROLE_EDGE.values()) | {"REPORTS", "OF", "ON", "MEASURES", "AGAINST", "LINKS_TO"}
    columns = (
        [(t, counts.nodes.get(t, 0)) for t in ENTITY_TYPES],
        [(r, counts.relationships.get(r, 0)) for r in ROLE_EDGE.values()],
        [(r, n) for r, n in counts.relationships.items() if r not in known],
    )
    for i in range(max(len(column) for column in columns)):
        cells = [column[i] if i < len(column) else ("", None) for column in columns]
        table.add_row(*(c for name, n in cells for c in (name, "" if n is None else f"{n:,}")))
    yield table


def render_build(built: Built) -> Iterator[RenderableType]:
    """What a build read and made, and what to try next."""
    report = built.report
    again = report["records"] - report["papers"]
    yield Text(f"{report['records']:,} records" + (f", {again} of them of a paper read before" if again else ""))
    if built.reused:
        yield Text(f"{built.reused:,} extractions were there already", "dim")
    yield from render_counts(Counts(nodes=report["nodes"], relationships=report["relationships"]))
    dropped = sum(report["dropped_by_reason"].values())
    yield Text(
        f"left out: {len(report['rejected'])} lines of input, {dropped:,} places in texts (reasons in report.json)",
        "dim",
    )


def render_scores(n: int, scores: Mapping[str, Mapping[str, Score]]) -> Iterator[RenderableType]:
    """Precision, recall and F1 of each layer by extractor, and the counts where there is one alone."""
    alone = next(iter(scores.values())) if len(scores) == 1 else None
    yield Text(f"{n} papers" if alone else f"{n} papers; precision, recall, F1")
    table = _table("layer", *(("P", "R", "F1", "right", "pred", "gold") if alone else scores))
    for column in table.columns[1:]:
        column.justify = "right"
    for layer in LAYERS:
        found = [s[layer] for s in scores.values()]
        cells = [[f"{x:.3f}" for x in (s.precision, s.recall, s.f1)] for s in found]
        if alone:
            counts = (alone[layer].right, alone[layer].predicted, alone[layer].gold)
            table.add_row(layer, *cells[0], *map(str, counts))
        else:
            table.add_row(layer, *map(" ".join, cells))
    yield table
