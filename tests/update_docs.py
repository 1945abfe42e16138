"""Writes the command reference and the README's transcripts anew: `make docs`."""

import os
import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from kg.cli import main
from kg.cli.reference import render_reference
from kg.resources import resource_path

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "commands.md"
# A block of the README that begins with `$ kg …`; what follows the command is what it prints.
TRANSCRIPT = re.compile(r"```console\n\$ (?P<command>kg [^\n]+)\n(?P<output>.*?)```", re.DOTALL)

SCORES = re.compile(r"(?P<head>\| layer \|[^\n]*\n\|---[^\n]*\n)(?:\|[^\n]*\n)+")


def transcript(command: str, store: Path) -> str:
    """What a command of the README prints, without the path of the store."""
    words = shlex.split(command)[1:]
    runner = CliRunner(env={"PAPERKG_STORE": str(store), "COLUMNS": "90"})
    return runner.invoke(main, words, catch_exceptions=False).stdout


def readme_with(text: str, store: Path) -> str:
    """The README with every transcript as the commands print it now; `…` lines cut long ones."""

    def fresh(match: re.Match[str]) -> str:
        output = transcript(match["command"], store)
        if match["output"].rstrip().endswith("\n…"):
            kept = match["output"].rstrip().count("\n")
            output = "\n".join(output.splitlines()[:kept]) + "\n…\n"
        return f"```console\n$ {match['command']}\n{output}```"

    return SCORES.sub(lambda m: m["head"] + score_table(), TRANSCRIPT.sub(fresh, text))


def score_table() -> str:
    """The rows of `kg evaluate` in Markdown."""
    rows = CliRunner().invoke(main, ["evaluate"], catch_exceptions=False).stdout.splitlines()[2:]
    return "".join(f"| {' | '.join(row.split())} |\n" for row in rows)


def seed_store(folder: Path) -> Path:
    """A graph of the seed listings in `folder`."""
    import extractors
    from kg.build import build

    build([resource_path("seeds") / "listings"], folder, extractors.load())
    return folder / "graph.kgl"


if __name__ == "__main__":
    os.chdir(ROOT)
    REFERENCE.parent.mkdir(exist_ok=True)
    REFERENCE.write_text(render_reference(), encoding="utf-8")
    readme = ROOT / "README.md"
    with TemporaryDirectory() as folder:
        readme.write_text(readme_with(readme.read_text(encoding="utf-8"), seed_store(Path(folder))), encoding="utf-8")
