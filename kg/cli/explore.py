"""Commands that ask an open graph: find, show, results, path, query, stats."""

from dataclasses import asdict
from typing import Any

import click

import kg
from kg.cli.options import (
    confidence_option,
    format_options,
    print_csv,
    print_json,
    print_rich,
    print_rows,
    store_option,
)
from kg.errors import NotFoundError
from kg.schema import ENTITY_TYPES, NUMBER_KINDS
from kg.stores.base import DEFAULT_TIMEOUT, Rows


@click.command()
@click.argument("text")
@click.option("--type", "entity_type", type=click.Choice(ENTITY_TYPES, case_sensitive=False), help="Only this type.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Most rows.")
@store_option
@format_options
def find(text: str, entity_type: str | None, limit: int, store: str, form: str | None) -> None:
    """Find entities by name or alias; a typing mistake or two is forgiven."""
    from kg.views.tables import render_hits

    with kg.open(store) as graph:
        hits = graph.find(text, entity_type=entity_type, limit=limit)
    columns = ("name", "type", "papers", "matched", "how", "id")
    rows = Rows(columns=columns, rows=tuple(tuple(getattr(h, c) for c in columns) for h in hits))
    print_rows(rows, form, render_hits)
    if not hits:
        raise NotFoundError(f"nothing in this graph is called like “{text}”; `kg stats` shows what it holds")


@click.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Most rows of each part.")
@confidence_option
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs, without limit.")
def show(name: str, limit: int, confidence: float, store: str, as_json: bool) -> None:
    """Show all about one entity: its papers by role, relations and results, each with its sentence."""
    from kg.views.tables import render_entity

    with kg.open(store) as graph:
        view = graph.show(name, confidence=confidence)
    if as_json:
        parts = {part: getattr(view, part).dicts() for part in ("papers", "relations", "results")}
        print_json({"id": view.id, "name": view.name, "type": view.type, "aliases": view.aliases, **parts})
    else:
        print_rich(render_entity(view, limit))


@click.command()
@click.option("--dataset", help="Only numbers measured on this dataset.")
@click.option("--metric", help="Only numbers of this metric.")
@click.option("--task", help="Only numbers on a dataset of this task, or of a method used for it.")
@click.option("--method", help="Only numbers of this method or model.")
@click.option("--kind", type=click.Choice(NUMBER_KINDS), help="Only numbers of this kind.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most rows.")
@confidence_option
@store_option
@format_options
def results(limit: int, store: str, form: str | None, **filters: Any) -> None:
    """List reported numbers, best first for each dataset and metric, with the sentence that says them."""
    from kg.views.tables import render_results

    with kg.open(store) as graph:
        rows = graph.result_rows(**filters)
    shown = Rows(columns=rows.columns, rows=rows.rows[:limit], truncated=len(rows.rows) > limit)
    print_rows(shown, form, render_results)
    if not rows.rows:
        asked = ", ".join(f"{k} {v}" for k, v in filters.items() if v)
        click.echo(f"kg: no reported number for {asked or 'this graph'}", err=True)


@click.command()
@click.argument("start")
@click.argument("end")
@store_option
@format_options
def path(start: str, end: str, store: str, form: str | None) -> None:
    """Show a shortest chain of facts between two entities."""
    from kg.views.tables import render_path

    with kg.open(store) as graph:
        steps = [asdict(s) for s in graph.path(start, end)]
    if form == "json":
        print_json(steps)
    elif form == "csv":
        print_csv(("start", "relation", "forward", "end", "evidence"), [tuple(s.values()) for s in steps])
    else:
        print_rich(render_path(steps))
    if not steps:
        raise NotFoundError(f"no chain of eight facts or fewer joins “{start}” and “{end}”")


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name_or_cypher", required=False)
@click.option("--list", "show_list", is_flag=True, help="List the queries of the library with their parameters.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Most rows.")
@click.option(
    "--timeout", type=click.FloatRange(0.001), default=DEFAULT_TIMEOUT, show_default=True, help="Most seconds."
)
@store_option
@format_options
@click.pass_context
def query(
    ctx: click.Context,
    name_or_cypher: str | None,
    show_list: bool,
    limit: int,
    timeout: float,
    store: str,
    form: str | None,
) -> None:
    """Run a query of the library by name, or a Cypher text that only reads.

    Parameters are given as options: kg query methods-for-task --task "question answering",
    kg query 'MATCH (e:Entity) WHERE e.papers > $n RETURN e.name' --n 5
    """
    from kg.queries import load_queries
    from kg.views.tables import render_queries, render_rows

    if show_list or not name_or_cypher:
        rows = Rows(
            columns=("name", "summary", "parameters"),
            rows=tuple((q.name, q.summary, [p.name for p in q.parameters]) for q in load_queries().values()),
        )
        print_rows(rows, form, lambda _: render_queries(load_queries().values()))
        return
    values = _parameters(ctx.args, name_or_cypher)
    with kg.open(store) as graph:
        rows = graph.ask(name_or_cypher, values, limit=limit, timeout=timeout)
    print_rows(rows, form, render_rows)


def _parameters(args: list[str], name: str) -> dict[str, Any]:
    """`--name value` and `--name=value` pairs; of a library query by its types, of a text as JSON or else as text."""
    import json

    from kg.queries import load_queries

    known = load_queries().get(name)
    types = {p.name: p for p in known.parameters} if known else {}
    values: dict[str, Any] = {}
    rest = list(args)
    while rest:
        option = rest.pop(0)
        key, equals, value = option.removeprefix("--").partition("=")
        if not option.startswith("--") or not key:
            raise click.UsageError(f"“{option}”: parameters are given as --name value")
        if not equals:
            if not rest:
                raise click.UsageError(f"--{key} needs a value")
            value = rest.pop(0)
        if key in types:
            values[key] = types[key].parse(value)
            continue
        try:
            values[key] = json.loads(value)
        except ValueError:
            values[key] = value
    return values


@click.command()
@store_option
@format_options
def stats(store: str, form: str | None) -> None:
    """Count what the graph holds, by type."""
    from kg.views.tables import render_counts

    with kg.open(store) as graph:
        counts = graph.counts()
    rows = [("node", k, n) for k, n in counts.nodes.items()] + [
        ("relationship", k, n) for k, n in counts.relationships.items()
    ]
    print_rows(Rows(columns=("kind", "name", "n"), rows=tuple(rows)), form, lambda _: render_counts(counts))
