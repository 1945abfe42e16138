"""Commands that take a graph elsewhere: export, load."""

from pathlib import Path

import click

import kg
from kg.cli.options import print_rich, progress_bar, row_progress, store_option

_OUTPUTS = {"html": "site", "csv": "kg-csv", "neo4j-admin": "kg-neo4j"}


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["html", "csv", "graphml", "json", "neo4j-admin"]))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder (html, csv, neo4j-admin) or file to write."
)
@store_option
def export(form: str, output: Path | None, store: str) -> None:
    """Export the graph: html pages to explore, csv tables, graphml for Gephi, json for networkx.

    \b
    html         a folder of pages: overview, search, a page for each entity; opens offline
    csv          a folder with nodes.csv and relationships.csv, for pandas
    graphml      a file for Gephi and networkx.read_graphml
    json         a file for networkx.node_link_graph
    neo4j-admin  a folder of CSV files for the first load of a large graph into Neo4j
    """  # ruff: ignore[escape-sequence-in-docstring] -- click's mark for lines that stay as they are
    from kg.views import exports

    output = output or Path(_OUTPUTS.get(form, f"graph.{form}"))
    if form == "html":
        from kg.views.html import write_site

        with kg.open(store) as graph, progress_bar("writing") as progress:
            n = write_site(graph.read(), output, progress=progress)
        click.echo(f"{n:,} pages; open {output / 'index.html'}")
        return
    if form == "neo4j-admin":
        from kg.views.admin import import_command, write_admin_csv

        with kg.open(store) as graph:
            files = write_admin_csv(graph.read(), output)
        click.echo(f"{len(files)} files in {output}. Stop the server and run:\n\n{import_command(files)}\n")
        click.echo("Then start it, and `kg load` adds the constraints and checks that all is there.")
        return
    with kg.open(store) as graph:
        written = exports.WRITERS[form](graph.to_networkx(), output)
    for path in written:
        click.echo(str(path))


@click.command()
@store_option
@click.option(
    "--to",
    "server",
    envvar="NEO4J_URI",
    show_envvar=True,
    required=True,
    help="The server: bolt://host, neo4j+s://host.",
)
@click.option(
    "--prune", is_flag=True, help="Remove what the database holds beyond the graph, of the graph's own labels."
)
def load(store: str, server: str, prune: bool) -> None:
    """Load a graph file into a Neo4j server, and check that all of it is there.

    The user is NEO4J_USERNAME (neo4j), the password NEO4J_PASSWORD, else asked for. Loading again
    changes nothing; loading a newer graph updates.
    """
    from kg.stores.loading import graph_counts
    from kg.stores.neo4j import Neo4jStore
    from kg.views.tables import render_counts

    with kg.open(store) as source:
        graph = source.read()
    with Neo4jStore.connect(server) as target, row_progress("loading", len(graph.nodes) + len(graph.edges)) as progress:
        beyond = target.load(graph, prune=prune, progress=progress)
    print_rich(render_counts(graph_counts(graph)))
    click.echo(f"all of it is at {server}")
    if beyond.nodes or beyond.relationships:
        more = ", ".join(f"{n:,} {name}" for name, n in {**beyond.nodes, **beyond.relationships}.items())
        click.echo(f"kg: the database holds more than this graph ({more}); --prune removes it", err=True)
