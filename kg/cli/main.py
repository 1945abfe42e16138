"""The command group: every error that is ours is one message on stderr and exit code 1."""

import io
import os
import sys
from typing import Any

import click

from kg import __version__
from kg.cli.build import build, evaluate, extract
from kg.cli.explore import find, path, query, results, show, stats
from kg.cli.export import export, load
from kg.cli.labels import labels
from kg.errors import KgError


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("\nkg: interrupted; a build goes on where it stopped when it is run again", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            # The reader of a pipe has had enough: nothing more to say, and Python must not try at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            click.echo(f"kg: the output cannot be written ({error.strerror})", err=True)
            ctx.exit(1)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  kg build seeds/listings   then:  kg find mmlu",
)
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Knowledge graph of machine-learning abstracts.

    What was reported on what, by whom, and the sentence that says it.
    """


for _command in (build, extract, evaluate, find, show, results, path, query, stats, export, load, labels):
    main.add_command(_command)
