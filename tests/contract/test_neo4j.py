"""What only a server can do wrong: go away in the middle, refuse, hold other things."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError
from kg.queries import load_queries
from kg.stores import graph_counts, open_store
from kg.stores.loading import read_graph
from kg.types import Graph
from kg.views.admin import import_arguments, write_admin_csv
from tests.conftest import RunKg
from tests.servers import PASSWORD, VERSIONS, Server
from tests.small_graph import small_graph

LTS = next(iter(VERSIONS))


@pytest.fixture
def server(servers: Callable[[str], Server], monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    return servers(LTS)


def empty(server: Server) -> None:
    with server.connect() as store:
        store.load(Graph(nodes=(), edges=()), prune=True)


def same(server: Server, graph: Graph) -> bool:
    with server.connect() as store:
        read = read_graph(store)
    return (read.nodes, read.edges) == (graph.nodes, graph.edges)


def test_a_load_whose_server_goes_away_is_an_error_and_the_next_one_makes_it_whole(
    server: Server, seed_graph: Graph
) -> None:
    empty(server)
    loaded: list[int] = []

    def cut_the_power(rows: int) -> None:
        before = sum(loaded)
        loaded.append(rows)
        if before < 2_000 <= sum(loaded):
            server.kill()

    with server.connect() as store, pytest.raises(StoreError, match="no Neo4j server answers"):
        store.load(seed_graph, progress=cut_the_power)
    server.start()
    with server.connect() as store:
        there, sent = store.counts(), graph_counts(seed_graph)
        assert sum(there.nodes.values()) > 0
        assert sum(there.relationships.values()) < sum(sent.relationships.values())
        store.load(seed_graph)
    assert same(server, seed_graph)


def test_a_load_whose_client_is_killed_is_made_whole_by_the_next_one(
    server: Server, seed_graph: Graph, seed_folder: Path
) -> None:
    empty(server)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "kg.cli",
        "load",
        "--store",
        seed_folder / "graph.kgl",
        "--to",
        server.uri,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with server.connect() as store:
        deadline = time.monotonic() + 60
        while not store.counts().nodes and time.monotonic() < deadline:
            time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    subprocess.run(command, check=True, capture_output=True)
    assert same(server, seed_graph)


def test_two_loads_at_once_end_in_one_graph(server: Server, seed_graph: Graph) -> None:
    empty(server)
    faults: list[BaseException] = []

    def load() -> None:
        try:
            with server.connect() as store:
                store.load(seed_graph)
        except BaseException as error:  # ruff: ignore[blind-except]
            faults.append(error)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert same(server, seed_graph)


def test_what_is_not_a_graphs_is_left_alone(server: Server) -> None:
    empty(server)
    with server.connect() as store:
        with store._session() as session:
            session.run("CREATE (:Person {id: 'p1'})-[:KNOWS]->(:Person {id: 'x'})").consume()
        beyond = store.load(small_graph(), prune=True)
        assert (beyond.nodes, beyond.relationships) == ({}, {})
        assert store.counts().nodes["Person"] == 2
        with store._session() as session:
            session.run("MATCH (n:Person) DETACH DELETE n").consume()


def test_the_command_loads_tells_what_is_beyond_and_prunes(
    server: Server, run_kg: RunKg, seed_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.stores.kglite import write_kglite

    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    empty(server)
    assert run_kg("load", "--to", server.uri).exit_code == 0
    assert same(server, seed_graph)
    write_kglite(small_graph(), tmp_path / "small.kgl")
    shown = run_kg("load", "--store", tmp_path / "small.kgl", "--to", server.uri)
    assert (shown.exit_code, "--prune removes it" in shown.stderr) == (0, True)
    shown = run_kg("load", "--store", tmp_path / "small.kgl", "--to", server.uri, "--prune")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert same(server, small_graph())


def test_a_wrong_password_is_one_clear_line(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-password")
    with pytest.raises(StoreError, match="refuses this user or password; check NEO4J_USERNAME and NEO4J_PASSWORD"):
        open_store(server.uri)


def test_the_address_may_come_from_the_environment(
    server: Server, seed_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.connect() as store:
        store.load(small_graph(), prune=True)
    monkeypatch.setenv("PAPERKG_STORE", server.uri)
    with kg.open(os.environ["PAPERKG_STORE"]) as graph:
        assert graph.find("sortnet")[0].id == "method:sortnet"


def test_an_offline_import_gives_the_same_graph_and_the_same_answers(
    seed_graph: Graph, seed_folder: Path, tmp_path: Path
) -> None:
    Server.require(LTS)
    files = write_admin_csv(seed_graph, tmp_path / "csv")
    server = Server(LTS, tmp_path / "neo4j", ports=(17689, 17476))
    server.do("import", *import_arguments(files))
    server.start()
    try:
        with server.connect() as imported, open_store(seed_folder / "graph.kgl") as embedded:
            assert imported.counts() == graph_counts(seed_graph)
            for query in load_queries().values():
                values = query.bind({})
                assert imported.run(query.text, values).rows == embedded.run(query.text, values).rows, query.name
            imported.load(seed_graph)
            assert read_graph(imported) == seed_graph
    finally:
        server.stop()


def test_the_export_for_an_import_is_the_same_bytes_and_prints_its_command(run_kg: RunKg, tmp_path: Path) -> None:
    for name in ("a", "b"):
        shown = run_kg("export", "neo4j-admin", "-o", tmp_path / name)
    assert "neo4j-admin database import full neo4j --overwrite-destination --bad-tolerance=0" in shown.stdout
    assert f"--nodes=Entity:Dataset={tmp_path}/b/nodes-Entity-Dataset.csv.gz" in shown.stdout
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert len(files) == 8 + 18
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)
