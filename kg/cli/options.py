"""Options that several commands share, and printing for people or for programs."""

import csv
import json
import math
import re
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.stores.base import DEFAULT_STORE, Rows

if TYPE_CHECKING:
    from rich.console import RenderableType

_PADDING = re.compile(r" +$", re.MULTILINE)
F = TypeVar("F", bound=Callable[..., Any])


def store_option(command: F) -> F:
    """`--store`, or PAPERKG_STORE."""
    return click.option(
        "--store",
        envvar="PAPERKG_STORE",
        default=DEFAULT_STORE,
        show_default=True,
        show_envvar=True,
        help="The graph file, or a Neo4j server: neo4j://host, neo4j+s://host, bolt://host.",
    )(command)


def confidence_option(command: F) -> F:
    """`--confidence`."""
    return click.option(
        "--confidence",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help="Leave out facts that the extraction is less sure of.",
    )(command)


def format_options(command: F) -> F:
    """`--json` and `--csv`, given to the command as `form`."""
    command = click.option("--json", "form", flag_value="json", help="Print JSON for programs.")(command)
    return click.option("--csv", "form", flag_value="csv", help="Print CSV for programs.")(command)


def print_rows(rows: Rows, form: str | None, render: Callable[[Rows], Iterable["RenderableType"]]) -> None:
    """Rows as JSON, as CSV, or as `render` lays them out."""
    if form == "json":
        print_json(rows.dicts())
    elif form == "csv":
        print_csv(rows.columns, rows.rows)
    else:
        print_rich(render(rows))
    if rows.truncated:
        click.echo(f"kg: only the first {len(rows.rows):,} rows; --limit gives more", err=True)


def print_json(value: object) -> None:
    """`value` as indented JSON on stdout."""
    click.echo(json.dumps(_finite(value), ensure_ascii=False, indent=1))


def _finite(value: Any) -> Any:
    """`value` with null for what JSON has no number for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, list | tuple) else value


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table as CSV on stdout; lists and maps in a cell are JSON, an absent value is an empty cell."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(v) for v in row] for row in rows)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def print_rich(parts: Iterable["RenderableType"]) -> None:
    """Tables and text for people on stdout, in colour on a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    for part in parts:
        with console.capture() as printed:
            console.print(part)
        click.echo(_PADDING.sub("", printed.get()), nl=False, color=True)


@contextmanager
def progress_bar(what: str) -> Generator[Callable[[int, int], None] | None]:
    """A bar on stderr for (done, total), or None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def row_progress(what: str, total: int) -> Generator[Callable[[int], None]]:
    """A bar on stderr that grows by the rows of each call."""
    done = 0
    with progress_bar(what) as show:

        def grow(rows: int) -> None:
            nonlocal done
            done += rows
            if show:
                show(done, total)

        yield grow
