"""The pages: complete, closed in themselves, and made of text."""

import json
import re
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.graph import make_graph
from kg.resolve import resolve
from kg.types import Extraction, Graph, Mention, Paper, PaperEntity
from kg.views.html import write_site
from kg.views.network import Line, Point, place_around, render_network
from kg.views.site import arrange, boards, page_name
from tests.small_graph import small_graph

HOSTILE = "<script>alert('x')</script> & \"quotes\" </title>"


@pytest.fixture(scope="module")
def site(seed_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "site"
    write_site(seed_graph, folder)
    return folder


def hostile_graph() -> Graph:
    paper = Paper(id="p1", title=HOSTILE, abstract=f"We use {HOSTILE} on data. </script>")
    start = paper.text.index("<script>")
    mention = Mention(start=start, end=start + 8, text="<script>")
    entity = PaperEntity(
        id="e1",
        type="Method",
        name="<img src=x onerror=alert(1)>",
        role="used",
        mentions=(mention,),
        evidence=(0, 30),
        confidence=0.5,
    )
    extraction = Extraction(paper_id="p1", entities=(entity,))
    return make_graph([paper], [extraction], resolve([extraction]))


def test_there_is_a_page_for_everything(site: Path, seed_graph: Graph) -> None:
    labels = [n.labels[0] for n in seed_graph.nodes]
    assert len(list((site / "entity").iterdir())) == labels.count("Entity")
    assert len(list((site / "paper").iterdir())) == labels.count("Paper")
    for name in ("index", "overview", "results", "papers", "methods", "models", "datasets", "metrics", "tasks"):
        assert (site / f"{name}.html").exists()


def test_no_file_loads_anything_from_elsewhere(site: Path) -> None:
    loads = re.compile(
        r"""(?:src|href|action|data)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import|\bimport\s*\(|fetch\(|XMLHttpRequest"""
    )
    for file in site.rglob("*"):
        if file.is_file() and file.suffix in (".html", ".css", ".js") and "vis-network" not in file.name:
            assert not loads.search(file.read_text(encoding="utf-8")), file


def test_every_link_between_pages_leads_somewhere(site: Path) -> None:
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src)="([^"#]+)"', text):
            assert target == "data:," or (file.parent / target).exists(), (file.name, target)


def test_every_node_leads_to_its_page(site: Path) -> None:
    text = (site / "entity" / "dataset-mmlu.html").read_text(encoding="utf-8")
    nodes = json.loads(re.search(r"new vis\.DataSet\((\[.*?\])\);\n", text)[1])  # type: ignore[index]
    assert len(nodes) > 3
    assert sum(not n["page"] for n in nodes) == 1  # the page's own
    assert all((site / "entity" / n["page"]).exists() for n in nodes)
    assert '"physics": {"enabled": false}' in text


def test_an_entity_page_has_the_sentence_behind_each_fact(site: Path) -> None:
    text = (site / "entity" / "dataset-mmlu.html").read_text(encoding="utf-8")
    assert "demonstrating a <mark>10 percentage point</mark> improvement on MMLU" in text
    assert 'class="entity model" href="../entity/model-llama3-1-8b.html"' in text


def test_pages_are_utf8_whatever_the_locale(site: Path) -> None:
    text = (site / "papers.html").read_bytes().decode("utf-8")
    assert "TÜLU 3" in text
    assert '<meta charset="utf-8">' in text


def test_titles_and_names_are_text_and_never_html(tmp_path: Path) -> None:
    write_site(hostile_graph(), tmp_path / "site")
    for file in (tmp_path / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<img" not in text
    page = next((tmp_path / "site" / "paper").iterdir()).read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;quotes&#34; &lt;/title&gt;" in page


def test_the_search_data_cannot_end_its_script(tmp_path: Path) -> None:
    write_site(hostile_graph(), tmp_path / "site")
    # It is a file of its own: whatever a name holds, the page's HTML is not reached.
    data = (tmp_path / "site" / "assets" / "names.js").read_text(encoding="utf-8")
    rows = json.loads(data.removeprefix("const NAMES = ").removesuffix(";\n"))
    assert rows[0][0] == "<img src=x onerror=alert(1)>"


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"holds thesis\.txt, which is not from `kg export html`"):
        write_site(small_graph(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_old_site_is_replaced_whole(tmp_path: Path, seed_graph: Graph) -> None:
    write_site(small_graph(), tmp_path / "site")
    assert (tmp_path / "site" / "entity" / "method-sortnet.html").exists()
    write_site(seed_graph, tmp_path / "site")
    assert not (tmp_path / "site" / "entity" / "method-sortnet.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_site_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    write_site(small_graph(), tmp_path / "site")
    before = sorted(p.name for p in (tmp_path / "site").rglob("*"))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_site(hostile_graph(), tmp_path / "site", progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    assert sorted(p.name for p in (tmp_path / "site").rglob("*")) == before


def test_two_sites_of_one_graph_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_site(small_graph(), tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_an_empty_graph_has_pages(tmp_path: Path) -> None:
    assert write_site(Graph(nodes=(), edges=()), tmp_path / "site") == 9


def test_the_best_result_comes_first() -> None:
    made = {
        (b.dataset.name if b.dataset else None, b.metric.name if b.metric else b.measured): b
        for b in boards(arrange(small_graph()).results)
    }
    perplexity = made["TreeBank", "perplexity"]
    assert (perplexity.better, [r.value for r in perplexity.rows]) == ("lower", [12.5, 20.0])


def test_file_names_differ_whatever_the_case_and_length() -> None:
    taken: set[str] = set()
    names = [
        page_name("entity", i, taken)
        for i in ("m:C++", "m:c plus plus", "m:x/y", "m:x y", "m:" + "a" * 300, "m:" + "a" * 301)
    ]
    assert len({n.casefold() for n in names}) == len(names)
    assert all(re.fullmatch(r"entity/[\w-]{1,100}\.html", n) for n in names)


@pytest.mark.parametrize("n", [0, 1, 7, 18, 40])
def test_places_keep_apart(n: int) -> None:
    places = place_around(n)
    assert len(places) == n
    gaps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert all(gap > 60 for gap in gaps)


def test_a_drawing_needs_one_script_and_no_network() -> None:
    points = [Point(id=i, label="</script><b>", type="Method", page="", hint="h", size=9) for i in "ab"]
    html = render_network("t", points, [Line(start="a", end="b", label="used for")])
    assert "http" not in html
    assert "</script><b>" not in html


def test_neighbours_of_a_site_are_left_alone(tmp_path: Path) -> None:
    for name in ("site.old", "site.new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thesis.txt").write_text("mine")
    for _ in range(2):
        write_site(small_graph(), tmp_path / "site")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site", "site.new", "site.old"]
    assert (tmp_path / "site.old" / "thesis.txt").read_text() == "mine"
    (tmp_path / "site" / "mine.html").write_text("mine")
    with pytest.raises(StoreError, match=r"holds mine\.html"):
        write_site(small_graph(), tmp_path / "site")
