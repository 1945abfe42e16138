"""The build: reproducible, resumable, and never half written."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from extractors import Extractor
from kg.build import build
from kg.errors import SourceError, StoreError
from kg.types import Extraction, Paper
from tests.conftest import LISTINGS

FILES = ["graph.kgl", "extractions.jsonl", "report.json"]


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A file of 400 papers of our own making."""
    tasks = ["parsing", "question answering", "image classification", "machine translation"]
    file = tmp_path / "many.jsonl"
    with file.open("w") as stream:
        for i in range(400):
            abstract = (
                f"We propose Net{i}X, a method for {tasks[i % 4]}. It gains {i % 17}.5% accuracy over BERT on ImageNet with {i} million "
                f"tokens. Related work {'studies attention and convolution at length. ' * 6}"
            )
            stream.write(
                json.dumps({"id": f"n{i:03}", "title": f"Net{i}X for {tasks[i % 4]} at scale", "abstract": abstract})
                + "\n"
            )
    return file


def test_the_order_of_files_does_not_change_a_byte(tmp_path: Path, seed_folder: Path, extractor: Extractor) -> None:
    build(sorted(LISTINGS.iterdir(), reverse=True), tmp_path / "out", extractor)
    assert contents(tmp_path / "out") == contents(seed_folder)


def test_the_hash_seed_does_not_change_a_byte(tmp_path: Path, seed_folder: Path) -> None:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "kg.cli",
        "build",
        LISTINGS,
        "-o",
        tmp_path / "out",
        "--model",
        "rules",
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    assert contents(tmp_path / "out") == contents(seed_folder)


class CutOff:
    """An extractor that is cut off after some papers, as by a power cut."""

    def __init__(self, extractor: Extractor, after: int) -> None:
        self._extractor, self._left = extractor, after
        self.version, self.better = extractor.version, extractor.better

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for extraction in self._extractor.extract(papers):
            if self._left == 0:
                raise KeyboardInterrupt
            self._left -= 1
            yield extraction


class Counting:
    """An extractor that counts the papers it reads."""

    def __init__(self, extractor: Extractor, version: str | None = None) -> None:
        self._extractor = extractor
        self.version, self.better, self.n = version or extractor.version, extractor.better, 0

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for extraction in self._extractor.extract(papers):
            self.n += 1
            yield extraction


def test_a_build_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path, many: Path, extractor: Extractor) -> None:
    with pytest.raises(KeyboardInterrupt):
        build([many], tmp_path / "cut", CutOff(extractor, 150))
    assert not (tmp_path / "cut" / "graph.kgl").exists()
    rest = Counting(extractor)
    built = build([many], tmp_path / "cut", rest)
    assert (built.reused, rest.n) == (150, 250)
    build([many], tmp_path / "whole", extractor)
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_killed_build_goes_on_and_a_torn_line_is_read_again(tmp_path: Path, many: Path, extractor: Extractor) -> None:
    folder = tmp_path / "killed"
    command: list[str | Path] = [sys.executable, "-m", "kg.cli", "build", many, "-o", folder, "--model", "rules"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    part = folder / "extractions.jsonl.part"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (part.exists() and part.stat().st_size):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = part.read_text() if part.exists() else (folder / "extractions.jsonl").read_text()
    part.write_text(kept[:-40])
    rest = Counting(extractor)
    build([many], folder, rest)
    assert rest.n < 400
    build([many], tmp_path / "whole", extractor)
    assert contents(folder) == contents(tmp_path / "whole")


def test_only_what_changed_is_extracted_again(tmp_path: Path, many: Path, extractor: Extractor) -> None:
    build([many], tmp_path / "out", extractor)
    again = Counting(extractor)
    assert build([many], tmp_path / "out", again).reused == 400
    assert again.n == 0
    many.write_text(many.read_text().replace("Net7X,", "Net7Y,"))
    changed = Counting(extractor)
    build([many], tmp_path / "out", changed)
    assert changed.n == 1
    newer = Counting(extractor, version="newer")
    build([many], tmp_path / "out", newer)
    assert newer.n == 400


def test_a_failing_build_leaves_the_old_one_as_it_was(tmp_path: Path, many: Path, extractor: Extractor) -> None:
    build([LISTINGS], tmp_path / "out", extractor)
    before = contents(tmp_path / "out")
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(SourceError):
        build([many, empty], tmp_path / "out", extractor)
    with pytest.raises(KeyboardInterrupt):
        build([many], tmp_path / "out", CutOff(extractor, 100))
    assert contents(tmp_path / "out") == before


def test_two_builds_do_not_write_one_folder(tmp_path: Path, many: Path, extractor: Extractor) -> None:
    class Nested(Counting):
        def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
            with pytest.raises(StoreError, match="another build is writing here"):
                build([many], tmp_path / "out", extractor)
            yield from super().extract(papers)

    build([many], tmp_path / "out", Nested(extractor))


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path, extractor: Extractor) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/out: cannot be written \(Not a directory\)"):
        build([LISTINGS], tmp_path / "file" / "out", extractor)


def test_the_report_says_what_was_read_and_what_was_dropped(seed_folder: Path) -> None:
    report = json.loads((seed_folder / "report.json").read_text())
    assert (report["records"], report["papers"], report["papers_in_several_places"]) == (218, 201, 16)
    assert report["rejected"] == []
    assert sum(report["dropped_by_reason"].values()) == len(report["dropped"]) > 0
    assert all(d["reason"] and d["text"] for d in report["dropped"])
