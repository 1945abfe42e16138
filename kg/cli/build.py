"""Commands that read papers: build, extract, evaluate."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import F, print_json, print_rich, progress_bar
from kg.resources import resource_path
from kg.sources import FORMATS
from kg.types import Fault

if TYPE_CHECKING:
    from extractors import Extractor

_format_option = click.option(
    "--format", "file_format", type=click.Choice(FORMATS), help="Read every file as this; without it, found by content."
)
_year_option = click.option(
    "--year", type=click.IntRange(1900, 2100), help="The listings' own year, for dates that print none; else inferred."
)
_precision_option = click.option(
    "--precision",
    is_flag=True,
    help="Keep only what is right nine times in ten; a number may lose its subject, dataset or metric. Not with rules.",
)


def _model_option(*, default: str | None, help_text: str) -> Callable[[F], F]:
    return click.option(
        "--model",
        type=click.Choice(("accurate", "fast", "rules")),
        default=default,
        show_default=default is not None,
        help=help_text,
    )


_WHICH = "The trained network that reads the abstracts, or rules alone."


def _load(model: str, *, precision: bool) -> "Extractor":
    import extractors

    if model == "rules" and precision:
        raise click.UsageError("rules have no --precision; use --model accurate or fast, or --confidence when reading")
    if model == "fast":
        return extractors.load("fast", precise=precision)
    return extractors.load(rules_only=model == "rules", precise=precision)


_paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@_paths_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="kg-out", show_default=True, help="Folder to write."
)
@_model_option(default="accurate", help_text=_WHICH)
@_precision_option
@_format_option
@_year_option
def build(
    paths: tuple[Path, ...], output: Path, model: str, precision: bool, file_format: str | None, year: int | None
) -> None:
    """Build the graph of the papers in PATHS: files, or folders of files.

    Reads page text of daily-papers and arXiv listings, JSONL, CSV, the arXiv metadata snapshot,
    BibTeX and Atom, gzip or not. Writes graph.kgl, extractions.jsonl and report.json. A build that
    is cut off goes on where it stopped.
    """
    from kg.build import GRAPH_FILE
    from kg.build import build as build_graph
    from kg.views.tables import render_build

    with progress_bar("extracting") as progress:
        built = build_graph(
            paths, output, _load(model, precision=precision), file_format=file_format, year=year, progress=progress
        )
    for fault in built.report["rejected"]:
        click.echo(f"kg: left out {Fault(**fault)}", err=True)
    print_rich(render_build(built))
    click.echo(f"graph: {built.folder / GRAPH_FILE}")


@click.command()
@_paths_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write; - for stdout.")
@_model_option(default="accurate", help_text=_WHICH)
@_precision_option
@_format_option
@_year_option
def extract(
    paths: tuple[Path, ...], output: Path, model: str, precision: bool, file_format: str | None, year: int | None
) -> None:
    """Extract from the papers in PATHS to JSONL, one line a paper, in the annotation format.

    Every record is read by itself: the same paper in two files gives two lines.
    """
    from kg.extract import write_extractions

    with progress_bar("extracting") as progress:
        n, faults = write_extractions(
            paths, output, _load(model, precision=precision), file_format=file_format, year=year, progress=progress
        )
    for fault in faults:
        click.echo(f"kg: left out {fault}", err=True)
    click.echo(f"{n} papers to {output}", err=True)


@click.command()
@click.argument("papers", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    help="Annotations to score against.  [default: the labels of the seed papers]",
)
@click.option("--predicted", type=click.Path(path_type=Path), help="Score this file instead of extracting now.")
@_model_option(default=None, help_text="Score this alone.  [default: the trained networks and the rules, side by side]")
@_precision_option
@_format_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def evaluate(
    papers: tuple[Path, ...],
    gold: Path | None,
    predicted: Path | None,
    model: str | None,
    precision: bool,
    file_format: str | None,
    as_json: bool,
) -> None:
    """Score extractions of PAPERS against annotations, layer by layer.

    Without PAPERS: the seed listings and the labels that come with the package.
    """
    from kg.extract import evaluate_files
    from kg.views.tables import render_scores

    papers = papers or (resource_path("seeds") / "listings",)
    gold = gold or resource_path("seeds") / "annotations" / "seeds.jsonl"
    names = (model,) if model else ("accurate", "fast") if precision else ("accurate", "fast", "rules")
    loaded = {} if predicted else {name: _load(name, precision=precision) for name in names}
    n, scores = evaluate_files(papers, gold, loaded, predicted, file_format=file_format)
    if as_json:
        found = {
            name: {
                layer: {"precision": s.precision, "recall": s.recall, "f1": s.f1, **asdict(s)}
                for layer, s in layers.items()
            }
            for name, layers in scores.items()
        }
        print_json({"papers": n, "scores": found})
    else:
        print_rich(render_scores(n, scores))
