"""The commands, as a person and as a program use them."""

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from kg.cli import main
from kg.explorer import KnowledgeGraph
from tests.conftest import LISTINGS, RunKg


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(run_kg: RunKg, command: str) -> None:
    shown = run_kg(command, "--help")
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) > 4
    assert "\\" not in shown.stdout


def test_build_says_what_it_built_and_where(run_kg: RunKg, tmp_path: Path) -> None:
    shown = run_kg("build", LISTINGS, "-o", tmp_path / "out", "--model", "rules")
    assert shown.exit_code == 0
    assert "218 records, 17 of them of a paper read before" in shown.stdout
    assert "201 papers" in shown.stdout
    assert f"graph: {tmp_path / 'out' / 'graph.kgl'}" in shown.stdout


def test_build_names_what_it_leaves_out(run_kg: RunKg, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"title": "x"}\n{"abstract": "We use LoRA."}\n')
    shown = run_kg("build", file, "-o", tmp_path / "out", "--model", "rules")
    assert shown.exit_code == 0
    assert shown.stderr == "kg: left out a.jsonl:1: no abstract\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["build", "nowhere"], "kg: nowhere: no such file or folder"),
        (["show", "MMLUU"], "kg: no entity “MMLUU” in this graph. Did you mean “MMLU”"),
        (["results", "--dataset", "imagnet"], "kg: no dataset “imagnet” in this graph. Did you mean “ImageNet”"),
        (["find", "zqzqzqzq"], "kg: nothing in this graph is called like “zqzqzqzq”"),
        (["path", "MMLU", "mmlu"], "kg: “MMLU” and “mmlu” are one entity"),
        (["query", "no-such-query"], "kg: no query “no-such-query”; there are: baselines"),
        (["query", "by-year", "--nome", "x"], "kg: query by-year has no parameter nome; it has: --name"),
        (["query", "results", "--confidence", "high"], "kg: --confidence high: expected float"),
        (["query", "MATCH (n) DETACH DELETE n"], "kg: the query would write; `kg query` only reads"),
        (["query", "MATCH (n RETURN n"], "kg: the query cannot be run"),
        (["load", "--to", "bolt://127.0.0.1:1"], "kg: bolt://127.0.0.1:1: no password. Set NEO4J_PASSWORD"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_code_one(run_kg: RunKg, args: list[str], message: str) -> None:
    shown = run_kg(*args)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert message in shown.stderr
    assert len(shown.stderr.splitlines()) <= 3


def test_a_missing_store_says_how_to_build_it(run_kg: RunKg, tmp_path: Path) -> None:
    shown = run_kg("find", "mmlu", store=tmp_path / "none.kgl")
    assert shown.exit_code == 1
    assert "does not exist. Build a graph with `kg build PATH…`" in shown.stderr


def test_find_is_exact_before_prefix_before_similar(run_both: RunKg) -> None:
    rows = json.loads(run_both("find", "gpt-4", "--json").stdout)
    assert [r["name"] for r in rows[:2]] == ["GPT-4", "GPT-4o"]
    assert [r["how"] for r in rows[:2]] == ["exact", "prefix"]
    typo = json.loads(run_both("find", "imagnet", "--json").stdout)
    assert typo[0]["name"] == "ImageNet"
    assert {r["how"] for r in typo} == {"similar"}
    only = json.loads(run_both("find", "gpt", "--type", "dataset", "--json").stdout)
    assert {r["type"] for r in only} <= {"Dataset"}


def test_show_gives_papers_results_and_their_sentences(run_both: RunKg) -> None:
    shown = run_both("show", "LLaMA 3.1 8B").stdout
    assert "used by 1 paper" in shown
    assert "▲ 10 percentage point" in shown
    assert "demonstrating a 10" in shown
    data = json.loads(run_both("show", "LLaMA 3.1 8B", "--json").stdout)
    assert data["results"][0]["dataset"] == "MMLU"
    assert "LLaMA 3.1 8B" in data["results"][0]["evidence"]
    assert json.loads(run_both("show", "MMLU", "--confidence", "1", "--json").stdout)["papers"] == []


def test_results_as_csv_is_csv_and_nothing_else(run_both: RunKg) -> None:
    shown = run_both("results", "--dataset", "MMLU", "--csv")
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert {r["dataset"] for r in rows} == {"MMLU"}
    assert all(r["text"].strip() in r["evidence"] for r in rows)
    assert shown.stderr == ""


def test_results_say_when_there_are_more(run_both: RunKg) -> None:
    shown = run_both("results", "--limit", "3", "--json")
    assert len(json.loads(shown.stdout)) == 3
    assert shown.stderr == "kg: only the first 3 rows; --limit gives more\n"


def test_query_takes_parameters_of_its_own_text(run_both: RunKg) -> None:
    shown = run_both(
        "query", "MATCH (e:Entity) WHERE e.papers >= $n RETURN e.name AS name ORDER BY name", "--n", "20", "--json"
    )
    assert {"name": "accuracy"} in json.loads(shown.stdout)
    assert "results" in run_both("query", "--list").stdout


def test_a_word_that_only_looks_like_a_write_is_no_write(run_both: RunKg) -> None:
    shown = run_both("query", "MATCH (p:Paper) WHERE p.title CONTAINS 'Set' RETURN count(p) AS `create`", "--json")
    assert shown.exit_code == 0


def test_a_query_that_takes_too_long_is_stopped(run_both: RunKg) -> None:
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c WHERE c = -1 RETURN count(c)"
    shown = run_both("query", slow, "--timeout", "0.2")
    assert (shown.exit_code, shown.stderr) == (
        1,
        "kg: the query took more than 0.2 s; narrow it down or raise --timeout\n",
    )


def test_exports_are_read_by_the_programs_they_are_for(run_both: RunKg, tmp_path: Path, seeds: KnowledgeGraph) -> None:
    graph = seeds.to_networkx()
    run_both("export", "csv", "-o", tmp_path / "csv")
    nodes = pd.read_csv(tmp_path / "csv" / "nodes.csv")
    edges = pd.read_csv(tmp_path / "csv" / "relationships.csv")
    assert (len(nodes), len(edges)) == (graph.number_of_nodes(), graph.number_of_edges())
    run_both("export", "json", "-o", tmp_path / "g.json")
    again = nx.node_link_graph(json.loads((tmp_path / "g.json").read_text()), edges="edges")
    assert nx.utils.graphs_equal(again, graph)
    run_both("export", "graphml", "-o", tmp_path / "g.graphml")
    read = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert set(read.nodes) == set(graph.nodes)
    assert read.nodes["dataset:mmlu"]["name"] == "MMLU"


def test_extract_writes_one_line_a_record(run_kg: RunKg, tmp_path: Path) -> None:
    shown = run_kg("extract", LISTINGS, "-o", tmp_path / "x.jsonl", "--model", "rules")
    assert shown.stderr.startswith("218 papers")
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == 218


def test_a_lookup_imports_nothing_slow() -> None:
    code = "import kg, kg.cli, kg.explorer, sys; print([m for m in ('spacy', 'pandas', 'networkx', 'pyvis', 'neo4j', 'kglite', 'numpy') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout == "[]\n"


def test_import_kg_imports_no_library() -> None:
    code = (
        "import kg, sys; print([m for m in ('spacy', 'kglite', 'neo4j', 'pyvis', 'click', 'rich') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout == "[]\n"


def test_a_reader_that_has_had_enough_is_no_error(seed_folder: Path) -> None:
    command = f"{sys.executable} -m kg.cli query papers --csv --store {seed_folder / 'graph.kgl'} | head -1"
    shown = subprocess.run(["bash", "-o", "pipefail", "-c", command], check=False, capture_output=True, text=True)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("id,title")


def test_the_python_interface_gives_tables(seeds: KnowledgeGraph) -> None:
    table = seeds.results(dataset="MMLU")
    assert isinstance(table, pd.DataFrame)
    assert set(table["dataset"]) == {"MMLU"}
    assert seeds.query("by-year", name="in-context learning")["papers"].sum() > 0
    assert seeds.find("mmlu")[0].name == "MMLU"


def test_a_build_shows_its_progress_on_a_terminal(tmp_path: Path) -> None:
    import pty

    main_end, terminal = pty.openpty()
    command: list[str | Path] = [sys.executable, "-m", "kg.cli", "build", LISTINGS, "-o", tmp_path, "--model", "rules"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal)
    import os

    os.close(terminal)
    shown = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            piece = os.read(main_end, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert process.wait() == 0
    os.close(main_end)
    assert b"extracting" in shown
    assert b"/201" in shown


def test_a_device_is_written_to_and_stays_one(run_kg: RunKg) -> None:
    shown = run_kg("export", "json", "-o", "/dev/null")
    assert shown.exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_a_link_is_followed(run_kg: RunKg, tmp_path: Path) -> None:
    (tmp_path / "target.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
    assert run_kg("export", "json", "-o", tmp_path / "link.json").exit_code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "target.json").read_text())["directed"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["export", "json", "-o", "."], "is a folder; name a file with -o"),
        (["load", "--to", "localhost"], "“localhost” is no address of a Neo4j server"),
        (["find", "x", "--store", "bolt://h:notaport"], "bolt://h:notaport"),
        (["results", "--dataset", ""], "no dataset “” in this graph"),
        (["show", "{" * 5000], "no entity"),
        (["query", "RETURN 1 AS a; RETURN 2 AS b"], "several statements; give one at a time"),
    ],
)
def test_odd_arguments_are_no_tracebacks(
    run_kg: RunKg, monkeypatch: pytest.MonkeyPatch, args: list[str], message: str
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    shown = run_kg(*args)
    assert (shown.exit_code, message in shown.stderr) == (1, True)


@pytest.mark.parametrize(
    "text",
    ["RETURN 1 AS `set`", "MATCH (p:Paper) RETURN count(p) AS n, 'DELETE' AS `merge`", "RETURN {create: 1} AS m"],
)
def test_words_that_write_elsewhere_are_allowed(run_both: RunKg, text: str) -> None:
    assert run_both("query", text, "--json").exit_code == 0


def test_any_parameter_and_any_value_can_be_asked_for(run_both: RunKg) -> None:
    shown = run_both(
        "query",
        "RETURN $query AS q, $self AS s, $x AS x, date('2020-01-02') AS d, $x AS `[/b]`",
        "--query",
        "1",
        "--self",
        "a",
        "--x",
        "NaN",
        "--json",
    )
    assert json.loads(shown.stdout) == [{"q": 1, "s": "a", "x": None, "d": "2020-01-02", "[/b]": None}]
    assert "[/b]" in run_both("query", "RETURN 1 AS `[/b]`").stdout


def test_the_list_of_queries_is_for_programs_too(run_kg: RunKg) -> None:
    assert {"name", "summary", "parameters"} == set(json.loads(run_kg("query", "--list", "--json").stdout)[0])


def test_an_input_is_never_overwritten(run_kg: RunKg, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"abstract": "We use LoRA."}\n')
    shown = run_kg("extract", file, "-o", file)
    assert (shown.exit_code, "is one of the inputs" in shown.stderr) == (1, True)
    assert "LoRA" in file.read_text()


def test_a_full_disk_is_one_clear_line(seed_folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kg.cli", "stats", "--store", str(seed_folder / "graph.kgl")]
        shown = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (shown.returncode, shown.stderr) == (1, "kg: the output cannot be written (No space left on device)\n")


def test_both_stores_give_every_command_the_same_output(run_both: RunKg, run_kg: RunKg, tmp_path: Path) -> None:
    for args in (
        ["find", "llama", "--json"], ["show", "accuracy", "--json"], ["results", "--json"], ["path", "MMLU", "C4", "--json"],
        ["stats", "--json"], ["query", "most-used", "--json"], ["query", "paper", "--paper", "mosaic", "--json"],
        ["query", "MATCH (d:Dataset {id: 'dataset:mmlu'}) RETURN d", "--json"],
    ):  # fmt: skip
        assert run_both(*args).stdout == run_kg(*args).stdout, args
    run_both("export", "html", "-o", tmp_path / "a")
    run_kg("export", "html", "-o", tmp_path / "b")
    for page in (tmp_path / "a").rglob("*.html"):
        assert page.read_bytes() == (tmp_path / "b" / page.relative_to(tmp_path / "a")).read_bytes()
