"""What every store must do, on the embedded one and, where PAPERKG_TEST_NEO4J names one, on a server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import QueryError, StoreError
from kg.explorer import KnowledgeGraph
from kg.queries import Query, load_queries
from kg.stores import Store, compare_counts, graph_counts, open_store
from kg.stores.base import Counts
from kg.stores.kglite import write_kglite
from kg.stores.loading import read_graph
from kg.types import Edge, Graph, Node
from tests.servers import VERSIONS, Server
from tests.small_graph import small_graph

KINDS = ["kglite", *VERSIONS]


class Kept:
    """Fills a store of one kind and opens it."""

    def __init__(self, kind: str, folder: Path, server: Server | None) -> None:
        self.kind, self._folder, self.server = kind, folder, server

    def fill(self, graph: Graph) -> Store:
        """The graph, and nothing else, in a store that is open for reading."""
        if self.server is None:
            write_kglite(graph, self._folder / "graph.kgl")
            return open_store(self._folder / "graph.kgl")
        store = self.server.connect()
        store.load(graph, prune=True)
        return store


@pytest.fixture(scope="module", params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    server = request.getfixturevalue("servers")(request.param) if request.param in VERSIONS else None
    return Kept(request.param, tmp_path_factory.mktemp("kept"), server)


@pytest.fixture
def store(kept: Kept) -> Iterator[Store]:
    with kept.fill(small_graph()) as opened:
        yield opened


def test_what_is_read_is_what_was_written(store: Store) -> None:
    read, made = read_graph(store), small_graph()
    assert read.nodes == made.nodes
    assert {(e.type, e.start, e.end, e.paper): e.properties for e in read.edges} == {
        (e.type, e.start, e.end, e.paper): e.properties for e in made.edges
    }


def test_the_seed_graph_is_read_as_it_was_written(kept: Kept, seed_graph: Graph) -> None:
    with kept.fill(seed_graph) as store:
        read = read_graph(store)
    assert (read.nodes, read.edges) == (seed_graph.nodes, seed_graph.edges)


def test_counts(store: Store) -> None:
    assert store.counts() == graph_counts(small_graph())
    assert store.counts().nodes["Entity"] == 7


ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "results": [
        ("TreeBank", "accuracy", "change", 2.5), ("TreeBank", "accuracy", "score", 91.5),
        ("TreeBank", "perplexity", "score", 12.5), ("TreeBank", "perplexity", "score", 20.0), (None, "compute", "ratio", 0.5),
    ],
    "methods-for-task": [("SortNet", "Method", 1)],
    "training-data": [("SortNet", "WebText", "More Sorting")],
    "comparisons": [("SortNet", "BaseNet", 1)],
    "baselines": [("BaseNet", "Method", 2)],
    "family": [("up", "BASED_ON", "BaseNet")],
    "co-used-datasets": [("WebText", 1, ["More Sorting"])],
    "compute-ratios": [(0.5, "x", "decrease", "compute", "SortNet")],
    "introduced-then-used": [("SortNet", "Method", "Sorted Parsing", 1)],
    "entity-papers": [("USES", "More Sorting"), ("USES", "Sorted Parsing"), ("USES", "BaseNet is old.")],
    "entity-relations": [("BENCHMARK_FOR", True, "parsing"), ("EVALUATED_ON", False, "SortNet"), ("EVALUATED_ON", False, "SortNet")],
    "entity-results": [("ON", "result:p1:63"), ("ON", "result:p1:91"), ("ON", "result:p2:109"), ("ON", "result:p3:64")],
    "paper": [("Sorted Parsing", "INTRODUCES", "SortNet"), ("Sorted Parsing", "USES", "TreeBank")],
    "datasets-for-task": [("TreeBank", 1, 4)],
    "evaluated-on": [("SortNet", "Method", "Sorted Parsing"), ("SortNet", "Method", "More Sorting")],
    "components": [],
    "by-year": [(2021, 1), (2022, 1)],
    "most-used": [("BaseNet", "Method", 3), ("TreeBank", "Dataset", 3), ("SortNet", "Method", 2)],
    "evidence": [("SortNet EVALUATED_ON TreeBank", "Sorted Parsing", 0.8), ("SortNet EVALUATED_ON TreeBank", "More Sorting", 0.3)],
}  # fmt: skip
VALUES = {
    "methods-for-task": {"task": "Parsing"}, "datasets-for-task": {"task": "task:parsing"}, "family": {"name": "sortnet"},
    "co-used-datasets": {"dataset": "treebank"}, "evaluated-on": {"dataset": "TreeBank"}, "entity-papers": {"name": "TreeBank"},
    "entity-relations": {"name": "TreeBank"}, "entity-results": {"name": "TreeBank"}, "by-year": {"name": "TreeBank"},
    "paper": {"paper": "sorted"}, "evidence": {"first": "SortNet", "second": "TreeBank"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_query_answers_what_the_small_graph_says(store: Store, name: str) -> None:
    query = load_queries()[name]
    rows = store.run(query.text, query.bind(VALUES.get(name, {}))).rows
    expected = ANSWERS[name]
    assert len(rows) >= len(expected)
    assert len(rows) == len(expected) or name in ("paper", "most-used")
    for row, wanted in zip(rows, expected, strict=False):
        for value, start in zip(row, wanted, strict=False):
            assert value == start or str(value).startswith(str(start))


@pytest.mark.parametrize("query", load_queries().values(), ids=lambda q: q.name)
def test_every_query_has_the_columns_that_its_header_says(store: Store, query: Query) -> None:
    assert store.run(query.text, query.bind({})).columns == tuple(query.columns)


def test_results_are_filtered_and_best_comes_first(store: Store) -> None:
    graph = KnowledgeGraph(store)
    rows = graph.result_rows(dataset="treebank", metric="perplexity").dicts()
    assert [(r["value"], r["better"], r["method"]) for r in rows] == [
        (12.5, "lower", "SortNet"),
        (20.0, "lower", "BaseNet"),
    ]
    assert len(graph.result_rows(task="parsing").rows) == 5
    assert len(graph.result_rows(method="BaseNet").rows) == 1
    assert graph.result_rows(confidence=0.81).rows == ()


def test_a_path_follows_facts_in_both_directions(store: Store) -> None:
    steps = KnowledgeGraph(store).path("parsing", "WebText")
    assert [(s.start, s.relation, s.forward, s.end) for s in steps] == [
        ("parsing", "USED_FOR", False, "SortNet"),
        ("SortNet", "TRAINED_ON", True, "WebText"),
    ]
    assert all(s.evidence for s in steps)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (n:Paper {id: 'x'})", "MATCH (n) DETACH DELETE n", "MATCH (n:Paper) SET n.title = 'x'",
        "MERGE (n:Paper {id: 'x'})", "MATCH (n:Paper) REMOVE n.title", "DROP CONSTRAINT paper_id",
    ],
)  # fmt: skip
def test_nothing_that_is_run_can_write(store: Store, text: str) -> None:
    before = store.counts()
    with pytest.raises(QueryError):
        store.run(text)
    assert store.counts() == before


def test_a_wrong_query_says_what_is_wrong(store: Store) -> None:
    with pytest.raises(QueryError, match=r"(?i)nonsense|syntax|invalid"):
        store.run("NONSENSE (n)")


def test_a_row_limit_is_kept_and_told(store: Store) -> None:
    rows = store.run("MATCH (n) RETURN n.id AS id ORDER BY id", limit=2)
    assert (len(rows.rows), rows.truncated) == (2, True)
    assert not store.run("RETURN 1 AS one", limit=1).truncated


def test_a_query_that_takes_too_long_is_stopped(store: Store) -> None:
    with pytest.raises(QueryError, match="took more than"):
        store.run(
            "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c WHERE c = -1 RETURN count(c) AS n",
            timeout=0.2,
        )


def test_nodes_and_relationships_are_shown_alike(store: Store) -> None:
    (node,) = store.run("MATCH (n:Dataset {id: 'dataset:webtext'}) RETURN n").rows[0]
    assert node["labels"] == ["Entity", "Dataset"]
    assert node["properties"]["name"] == "WebText"
    assert "title" not in node["properties"]
    (edge,) = store.run("MATCH (:Method)-[r:TRAINED_ON]->() RETURN r").rows[0]
    assert (edge["type"], edge["properties"]["paper"]) == ("TRAINED_ON", "p2")


def test_a_value_is_never_part_of_the_query(store: Store) -> None:
    graph = KnowledgeGraph(store)
    assert graph.ask("entity-papers", {"name": "x' OR 1=1 //"}).rows == ()
    assert graph.ask("MATCH (e:Entity) WHERE e.name = $name RETURN e.id", {"name": "') RETURN 1 //"}).rows == ()


def test_loading_twice_is_loading_once(kept: Kept) -> None:
    with kept.fill(small_graph()) as store:
        once = read_graph(store)
    with kept.fill(small_graph()) as store:
        assert read_graph(store) == once


def test_loading_a_smaller_graph_leaves_no_trace_of_the_larger(kept: Kept, seed_graph: Graph) -> None:
    kept.fill(seed_graph).close()
    with kept.fill(small_graph()) as store:
        assert read_graph(store).nodes == small_graph().nodes
        assert store.counts() == graph_counts(small_graph())


def test_what_is_missing_after_a_load_is_an_error_that_names_it() -> None:
    sent = Counts(nodes={"Paper": 2}, relationships={"USES": 3, "OF": 1})
    found = Counts(nodes={"Paper": 2}, relationships={"USES": 2, "OF": 1})
    with pytest.raises(StoreError, match=r"type USES: 3 sent, 2 there"):
        compare_counts(sent, found, "x")


def test_what_is_there_beyond_a_load_is_told_if_it_is_a_graphs() -> None:
    sent = Counts(nodes={"Paper": 2}, relationships={"USES": 3})
    found = Counts(nodes={"Paper": 5, "Person": 7}, relationships={"USES": 4, "KNOWS": 1})
    assert compare_counts(sent, found, "x") == Counts(nodes={"Paper": 3}, relationships={"USES": 1})


def test_a_relationship_without_its_ends_is_an_error(tmp_path: Path) -> None:
    node = Node(labels=("Paper",), id="p", properties={"id": "p", "abstract": "a"})
    lost = Edge(type="USES", start="p", end="method:gone", paper=None, properties={"evidence": "e"})
    with pytest.raises(StoreError, match="type USES: 1 sent, 0 there"):
        write_kglite(Graph(nodes=(node,), edges=(lost,)), tmp_path / "g.kgl")
    assert not (tmp_path / "g.kgl").exists()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere.kgl", r"does not exist\. Build a graph with `kg build PATH…`"),
        ("redis://x", "no store has this scheme"),
        ("bolt://127.0.0.1:1", "no Neo4j server answers"),
    ],
)
def test_a_store_that_is_not_there_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, target: str, message: str
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    with pytest.raises(StoreError, match=message):
        open_store(target)


def test_a_server_without_a_password_asks_for_it_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(StoreError, match="Set NEO4J_PASSWORD"):
        open_store("bolt://127.0.0.1:1")


def test_a_damaged_graph_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "g.kgl").write_bytes(b"not a graph")
    with pytest.raises(StoreError, match="build it again"):
        open_store(tmp_path / "g.kgl")
