"""Medians of what a user waits for: `python benchmarks/run.py`.

Each command runs as a process of its own, several times after a first run that is not counted.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.resources import resource_path


def main() -> None:
    """Prints a table of medians, minima and maxima in seconds, and the largest memory of any run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", nargs="*", help="what to build the graph of; without it, the seed listings")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    papers = options.papers or [str(resource_path("seeds") / "listings")]
    print("| command | median s | min | max |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = ["--store", f"{folder}/out/graph.kgl"]
        commands = {
            "kg build": ["build", *papers, "-o", f"{folder}/out"],
            "kg find mmlu": ["find", "mmlu", *store],
            "kg results --dataset MMLU": ["results", "--dataset", "MMLU", *store],
            "kg show accuracy": ["show", "accuracy", *store],
            "kg export html": ["export", "html", "-o", f"{folder}/site", *store],
        }
        for name, arguments in commands.items():
            seconds = [_run(arguments, Path(folder)) for _ in range(options.runs + 1)][1:]
            cells = statistics.median(seconds), min(seconds), max(seconds)
            print(f"| `{name}` | " + " | ".join(f"{s:.2f}" for s in cells) + " |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nLargest memory of one process: {peak:.0f} MB")


def _run(arguments: list[str], folder: Path) -> float:
    if arguments[0] == "build":
        for old in (folder / "out").glob("extractions.jsonl*"):
            old.unlink()
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "kg.cli", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
