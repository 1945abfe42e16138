"""The query library: headers that are checked, parameters that are typed, and no text made from data."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from kg.errors import LexiconError, QueryError
from kg.queries import load_queries, read_statements, refuse_several
from kg.resources import resource_path
from kg.schema import ALLOWED_ENDS, RESULT_EDGE, ROLE_EDGE
from kg.views.network import COLOURS
from tests.conftest import RunKg

ROOT = Path(__file__).parents[1]
# What runs Cypher, on a store, a session, a transaction or an embedded graph.
RUNNERS = {"run", "cypher", "execute_query"}


def test_there_are_queries_and_each_has_a_default_for_every_parameter() -> None:
    queries = load_queries()
    assert len(queries) >= 15
    for query in queries.values():
        assert set(query.bind({})) == {p.name for p in query.parameters}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (n) RETURN n", "a header has one summary"),
        ("// summary: s\n// order: o\n// column a: b\n// nonsense\nRETURN 1 AS a", "x.cypher:4: expected summary:"),
        (
            "// summary: s\n// order: o\n// column a: b\nRETURN $p AS a",
            r"the header names parameters \[\], the query \['p'\]",
        ),
        (
            "// summary: s\n// order: o\n// column a: b\n// param p: number = 1 | x\nRETURN $p AS a",
            "expected `name: type = default",
        ),
    ],
)
def test_a_broken_header_names_its_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.cypher").write_text(text)
    with pytest.raises(LexiconError, match=message):
        load_queries(tmp_path)


def test_a_parameter_is_read_as_its_type() -> None:
    confidence = next(p for p in load_queries()["results"].parameters if p.name == "confidence")
    assert confidence.parse("0.5") == pytest.approx(0.5)
    assert confidence.parse("null") is None
    with pytest.raises(QueryError, match="expected float"):
        confidence.parse("much")


@pytest.mark.parametrize("text", ["RETURN 1; RETURN 2", "RETURN 1 AS a ;MATCH (n) RETURN n"])
def test_several_statements_are_refused(text: str) -> None:
    with pytest.raises(QueryError):
        refuse_several(text)


@pytest.mark.parametrize("text", ["RETURN 1;", "RETURN ';' AS a; // x", "RETURN `a;b` /* ; x */"])
def test_one_statement_is_not(text: str) -> None:
    refuse_several(text)


def test_there_is_a_statement_to_load_everything() -> None:
    kinds = {comment for comment, _ in read_statements(resource_path("cypher") / "load" / "load.cypher")}
    types = {*ROLE_EDGE.values(), *ALLOWED_ENDS, *RESULT_EDGE.values(), "REPORTS", "LINKS_TO"}
    labels = {"Paper", "Result", "Link", "Method", "Model", "Dataset", "Metric", "Task"}
    assert kinds == {f"node {label}" for label in labels} | {f"relationship {kind}" for kind in types}


def made_from_data(call: ast.Call) -> bool:
    """Whether the text that a call runs is put together where it is called."""
    texts = call.args[:1]
    return any(isinstance(t, ast.JoinedStr | ast.BinOp) or (isinstance(t, ast.Call) and isinstance(t.func, ast.Attribute)
               and t.func.attr in ("format", "join", "replace")) for t in texts)  # fmt: skip


def test_no_cypher_is_made_from_data() -> None:
    seen = 0
    for file in [*(ROOT / "kg").rglob("*.py"), *(ROOT / "extractors").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNNERS:
                seen += 1
                assert not made_from_data(node), f"{file}:{node.lineno}: Cypher put together from parts"
    assert seen > 10
    assert made_from_data(ast.parse("x.run(f'MATCH (n:{label})')").body[0].value)  # type: ignore[attr-defined]


BROWSER = resource_path("cypher") / "browser"


def test_the_style_sheet_has_the_colours_of_the_pages() -> None:
    sheet = (BROWSER / "style.grass").read_text(encoding="utf-8")
    for label, colour in COLOURS.items():
        assert re.search(rf"node\.{label} \{{ color: {colour};", sheet), label


def test_the_style_sheet_is_sent_by_our_own_server() -> None:
    command: list[str | Path] = [ROOT / "server" / "neo4j", "style"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    style = json.loads(shown)
    assert style["node.Dataset"]["caption"] == "{name}"
    assert set(style) == {
        "node",
        "relationship",
        "node.Entity",
        "node.Result",
        "node.Link",
        *(f"node.{t}" for t in COLOURS),
    }


@pytest.mark.parametrize("script", sorted((BROWSER / "paperkg").glob("*.cypher")), ids=lambda p: p.stem)
def test_a_saved_script_has_a_title_a_limit_and_rows(script: Path, run_both: RunKg) -> None:
    text = script.read_text(encoding="utf-8")
    number = script.stem.split("-")[0]
    assert text.startswith(f"// {number} ")
    assert re.search(r"LIMIT \d+;\n$", text)
    assert number == "1" or r"RETURN path" in text
    shown = run_both("query", text, "--json")
    assert shown.exit_code == 0
    assert len(json.loads(shown.stdout)) >= 3
