"""The wheel, installed in a clean environment outside the checkout, on each Python that the machine has."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERSIONS = ["3.11", "3.12", "3.13", "3.14"]


def interpreters() -> dict[str, str]:
    """A working interpreter for each supported version, by version."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found: dict[str, str] = {}
    for version in VERSIONS:
        candidates = [*map(str, sorted(pyenv.glob(f"{version}.*/bin/python"))), shutil.which(f"python{version}")]
        if sys.version.startswith(f"{version}."):
            candidates.insert(0, sys.executable)
        for candidate in filter(None, candidates):
            code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
            shown = subprocess.run([candidate, "-c", code], check=False, capture_output=True, text=True)
            if shown.stdout.strip() == version:
                found[version] = candidate
                break
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    copy = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, copy], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for needed in (
        "kg/cypher/queries/results.cypher", "kg/cypher/load/load.cypher", "kg/cypher/schema/schema.cypher",
        "kg/seeds/listings/000_66b9d757486e0f00.txt", "kg/seeds/annotations/seeds.jsonl", "kg/views/templates/entity.html",
        "extractors/lexicons/methods.tsv", "kg/py.typed", "extractors/py.typed", "kg/seeds/annotations/standoff.jsonl",
        *(f"extractors/model/{m}/{f}" for m in ("accurate", "fast") for f in ("encoder.onnx", "heads.npz", "tokenizer.json", "curves.json", "manifest.json")),
    ):  # fmt: skip
        assert needed in names
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"kg", "extractors"}
    assert any(re.search(r"dist-info/licenses/LICENSE$", n) for n in names)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_works_on_this_python(version: str, wheel: Path, tmp_path: Path) -> None:
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    subprocess.run([python, "-m", "venv", tmp_path / "env"], check=True)
    bin_folder = tmp_path / "env" / "bin"
    subprocess.run([bin_folder / "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PAPERKG", "VIRTUAL_ENV"))}

    def kg(*args: str) -> str:
        command: list[str | Path] = [bin_folder / "kg", *args]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    package = subprocess.run([bin_folder / "python", "-c", "import kg.resources; print(kg.resources.resource_path('seeds'))"],
                             cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout.strip()  # fmt: skip
    assert str(tmp_path) in package
    assert "201 papers" in kg("build", f"{package}/listings")
    assert "MMLU" in kg("find", "mmlu")
    assert "pages; open" in kg("export", "html", "-o", "site")
    assert (tmp_path / "site" / "entity" / "dataset-mmlu.html").exists()
    assert "number" in kg("evaluate", "--model", "fast")
