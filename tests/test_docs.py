"""What the documents say is what the program does."""

import re
import tomllib
from difflib import SequenceMatcher
from pathlib import Path

import pytest

import kg
from kg.cli.reference import render_reference
from tests.update_docs import REFERENCE, ROOT, SCORES, TRANSCRIPT, readme_with, seed_store


def test_the_command_reference_is_fresh() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == render_reference(), "run `make docs`"


def test_the_transcripts_and_scores_of_the_readme_are_what_the_commands_print(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(list(TRANSCRIPT.finditer(text))) >= 4
    assert SCORES.search(text)
    fresh = readme_with(text, seed_store(tmp_path))
    # Processors round in their own ways, and a fact near a threshold may come or go.
    number = re.compile(r"\d+\.\d{3}(?= \|)")
    theirs, ours = number.findall(text), number.findall(fresh)
    assert [float(x) for x in ours] == pytest.approx([float(x) for x in theirs], abs=0.006), "run `make docs`"
    written, printed = (number.sub("", t).splitlines() for t in (text, fresh))
    assert SequenceMatcher(None, written, printed, autojunk=False).ratio() > 0.95, "run `make docs`"


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == kg.__version__
    assert f"## {kg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "docs/commands.md"])
def test_links_between_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert target.startswith("https://") or (ROOT / document).parent.joinpath(target).exists(), target
