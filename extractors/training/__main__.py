"""`python -m extractors.training`: labelled papers -> the networks that are shipped, and their scores."""

import argparse
import sys
import tomllib
from pathlib import Path

from extractors.training.run import Settings, check, train
from kg.errors import KgError


def main() -> None:
    """Reads the command line and trains every model of the configuration, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m extractors.training", description=__doc__)
    parser.add_argument("papers", type=Path, help="labelled papers: JSONL with id, title, abstract, split")
    parser.add_argument("labels", type=Path, help="their labels in the annotation format")
    parser.add_argument("--base", action="append", default=[], metavar="NAME=FOLDER", help="weights of a base encoder")
    parser.add_argument("--unlabelled", action="append", default=[], type=Path, help="more papers, JSONL, gzip or not")
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("config.toml"))
    parser.add_argument("--work", type=Path, default=Path("training"), help="checkpoints and logs; go on from there")
    parser.add_argument("--output", type=Path, default=Path("extractors/model"), help="where the networks are written")
    parser.add_argument("--model", action="append", default=[], help="train only this one of the configuration")
    arguments = parser.parse_args()
    try:
        config = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
        bases = {name: folder for name, _, folder in (b.partition("=") for b in arguments.base)}
        settings = Settings(
            papers=arguments.papers,
            labels=arguments.labels,
            unlabelled=arguments.unlabelled,
            bases={k: Path(v) for k, v in bases.items()},
            work=arguments.work,
            output=arguments.output,
            config=config,
        )
        names = arguments.model or list(config["models"])
        check(names, settings)
        for name in names:
            train(name, settings)
    except (KgError, OSError, ValueError) as error:
        sys.exit(f"extractors.training: {error}")


if __name__ == "__main__":
    main()
