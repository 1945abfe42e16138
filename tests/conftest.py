"""Shared fixtures: the seed papers, the extractor, and a built graph, each made once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import extractors
import kg
from kg.build import build
from kg.cli import main
from kg.explorer import KnowledgeGraph
from kg.resources import resource_path
from kg.sources import merge_papers, read_papers
from kg.stores import graph_counts
from kg.types import Graph, Paper
from tests.servers import PASSWORD, VERSIONS, Server

LISTINGS = resource_path("seeds") / "listings"

RunKg = Callable[..., Result]


@pytest.fixture(scope="session")
def extractor() -> extractors.Extractor:
    """The rules: what most tests are about comes after the extraction, and rules are quick."""
    return extractors.load(rules_only=True)


@pytest.fixture(scope="session")
def trained() -> extractors.Extractor:
    return extractors.load()


@pytest.fixture(scope="session", params=["fast", "rules"])
def any_extractor(request: pytest.FixtureRequest) -> extractors.Extractor:
    """A trained network and the rules; the other network takes the same way through the code."""
    return extractors.load("fast", rules_only=request.param == "rules")


@pytest.fixture(scope="session")
def seed_papers() -> tuple[Paper, ...]:
    return merge_papers(read_papers([LISTINGS]).papers)


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory: pytest.TempPathFactory, extractor: extractors.Extractor) -> Path:
    """The folder of a build of the seed listings."""
    folder = tmp_path_factory.mktemp("seeds") / "kg-out"
    build([LISTINGS], folder, extractor)
    return folder


@pytest.fixture
def seeds(seed_folder: Path) -> Iterator[KnowledgeGraph]:
    with kg.open(seed_folder / "graph.kgl") as graph:
        yield graph


@pytest.fixture(scope="session")
def seed_graph(seed_folder: Path) -> Graph:
    from kg.stores import open_store
    from kg.stores.loading import read_graph

    with open_store(seed_folder / "graph.kgl") as store:
        return read_graph(store)


@pytest.fixture
def run_kg(seed_folder: Path, monkeypatch: pytest.MonkeyPatch) -> RunKg:
    """Runs `kg` in this process on the seed graph; the result has stdout, stderr and exit_code."""
    for name in ("PAPERKG_STORE", "NEO4J_URI", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*args: str | Path, store: Path | str | None = seed_folder / "graph.kgl") -> Result:
        environment = {"PAPERKG_STORE": str(store)} if store else {}
        return CliRunner(env=environment).invoke(main, [str(a) for a in args], catch_exceptions=False)

    return run


@pytest.fixture(params=["file", "server"])
def run_both(
    request: pytest.FixtureRequest, run_kg: RunKg, seed_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> RunKg:
    """`run_kg` on the seed graph in a file, and on the same graph in a Neo4j server."""
    if request.param == "file":
        return run_kg
    server: Server = request.getfixturevalue("servers")(next(iter(VERSIONS)))
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with server.connect() as store:
        if store.counts() != graph_counts(seed_graph):
            store.load(seed_graph, prune=True)

    def run(*args: str | Path) -> Result:
        return run_kg(*args, store=server.uri)

    return run


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Starts the Neo4j of a version when it is first asked for, and stops all of them at the end."""
    running: dict[str, Server] = {}

    def started(version: str) -> Server:
        Server.require(version)
        if version not in running:
            server = Server(version, tmp_path_factory.mktemp("neo4j"))
            server.start()
            running[version] = server
        return running[version]

    yield started
    for server in running.values():
        server.stop()


def paper(text: str, *, title: str | None = None, paper_id: str = "p") -> Paper:
    return Paper(id=paper_id, title=title, abstract=text)
