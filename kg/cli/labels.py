"""The command that joins stand-off labels to the texts."""

from pathlib import Path

import click

from kg.resources import resource_path
from kg.sources import FORMATS


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option("--labels", type=click.Path(path_type=Path), help="Stand-off labels.  [default: those of the package]")
@click.option("--format", "file_format", type=click.Choice(FORMATS), help="Read every file as this.")
def labels(paths: tuple[Path, ...], output: Path, labels: Path | None, file_format: str | None) -> None:
    """Join the package's labels of other papers to the papers in PATHS that you have.

    The labels carry offsets, types and values but not the papers' words. Writes papers.jsonl and
    annotations.jsonl, which `python -m extractors.training` learns from, and says which papers are
    missing and whose text is another than the one that was labelled.
    """
    from kg.labels import join_labels

    labels = labels or resource_path("seeds") / "annotations" / "standoff.jsonl"
    joined = join_labels(paths, labels, output, file_format=file_format)
    for what, ids in (("are missing", joined.missing), ("have another text", joined.differing)):
        if ids:
            click.echo(
                f"kg: {len(ids)} labelled papers {what}: {', '.join(ids[:5])}{' …' if len(ids) > 5 else ''}", err=True
            )
    click.echo(
        f"{joined.found} of {joined.found + len(joined.missing) + len(joined.differing)} labelled papers to {output}"
    )
