"""The command reference in Markdown, made from what `--help` says."""

from collections.abc import Iterator

import click

from kg.cli.main import main
from kg.queries import load_queries


def render_reference() -> str:
    """Every command's help, and the query library."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Command reference\n\nMade from `kg --help` by `make docs`.\n"
    yield from _command("kg", main, None)
    context = click.Context(main, info_name="kg", help_option_names=["-h", "--help"])
    for name, command in sorted(main.commands.items()):
        yield from _command(f"kg {name}", command, context)
    yield "## The query library\n"
    yield "`kg query NAME --parameter value`; the files, in `cypher/queries/`, run in Neo4j Browser as they are.\n"
    yield "| query | what it answers | parameters |\n|---|---|---|"
    for query in load_queries().values():
        parameters = "<br>".join(f"`--{p.name}` {p.about}" for p in query.parameters)
        yield f"| `{query.name}` | {query.summary} | {parameters} |"


def _command(title: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, info_name=title.split()[-1], parent=parent, terminal_width=100, help_option_names=["-h", "--help"]
    )
    yield f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"
