"""Reading: the seed listings' facts, every format, and what cannot be read."""

import gzip
import json
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.sources import merge_papers, read_papers
from kg.sources.merge import merge_papers as merge
from kg.types import Fault, Paper, Source
from tests.conftest import LISTINGS


def read(path: Path, *, file_format: str | None = None, year: int | None = None) -> tuple[list[Paper], list[Fault]]:
    reading = read_papers([path], file_format=file_format, year=year)
    return list(reading.papers), reading.faults


@pytest.mark.parametrize(
    ("file", "blocks"),
    [
        ("000_66b9d757486e0f00.txt", 2),
        ("001_85c6088fd1a0de59.txt", 21),
        ("002_ba461c6fddf7b2f7.txt", 39),
        ("003_65eeadcdf9e0466d.txt", 76),
        ("004_d191eb290b1c58ab.txt", 80),
    ],
)
def test_every_block_of_a_seed_listing_is_a_paper(file: str, blocks: int) -> None:
    papers, faults = read(LISTINGS / file)
    assert len(papers) == blocks
    assert faults == []
    assert [p.sources[0].position for p in papers] == list(range(1, blocks + 1))


def test_a_paper_in_two_listings_is_one_with_both_sources(seed_papers: tuple[Paper, ...]) -> None:
    assert len(seed_papers) == 201
    tulu = next(p for p in seed_papers if p.title and p.title.startswith("TÜLU 3"))
    assert [s.file[:3] for s in tulu.sources] == ["002", "004"]
    assert tulu.published == "2024-11-22"


def test_offsets_count_in_the_text_as_it_was_printed(seed_papers: tuple[Paper, ...]) -> None:
    tulu = next(p for p in seed_papers if p.title and p.title.startswith("TÜLU 3"))
    assert 'T\\"ULU 3' in tulu.abstract


def test_a_date_without_a_year_has_the_year_after_the_latest_that_is_printed() -> None:
    papers, _ = read(LISTINGS / "002_ba461c6fddf7b2f7.txt")
    by_title = {p.title: p for p in papers}
    once = by_title["Train Once, Answer All: Many Pretraining Experiments for the Cost of One"]
    assert (once.published, once.year_inferred, once.authors) == ("2025-09-27", True, 2)
    counted = by_title["Flow Map Distillation Without Data"]
    assert counted.published == "2025-11-24"
    printed = by_title["Frozen in Time: A Joint Video and Image Encoder for End-to-End Retrieval"]
    assert (printed.published, printed.year_inferred) == ("2021-04-01", False)
    without = by_title["Towards a Unified View of Large Language Model Post-Training"]
    assert (without.published, without.year, without.authors) == (None, None, None)
    organisation = next(p for p in papers if p.organisation)
    assert (organisation.organisation, organisation.authors) == ("ontocord Ontocord.AI", None)


def test_the_listings_own_year_can_be_given() -> None:
    papers, _ = read(LISTINGS / "002_ba461c6fddf7b2f7.txt", year=2030)
    assert {p.year for p in papers if p.year_inferred} == {2030}


def test_arxiv_page_text_has_no_title(seed_papers: tuple[Paper, ...]) -> None:
    untitled = [p for p in seed_papers if p.title is None]
    assert len(untitled) == 2
    assert all(not p.abstract.startswith("Abstract") for p in untitled)


LISTING = """Daily Papers

byAK and the research community

Jan 7

A Title Without Its Abstract

A Parser for Everything

We parse everything with one parser. It reaches 91.2% accuracy on our own treebank and is fast enough for any use at all.

  • 1 authors
·
Feb 30, 2024 7
"""


def test_a_title_without_abstract_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(LISTING)
    papers, faults = read(file)
    assert [p.title for p in papers] == ["A Parser for Everything"]
    assert [str(f) for f in faults] == ["page.txt:7: no abstract follows “A Title Without Its Abstract”"]
    assert papers[0].published is None  # no 30 February
    assert papers[0].year == 2024


BIBTEX = """% a comment
@string{acl = "ACL"}
@inproceedings{smith-2024-parser,
  title = "{P}arser for {NLP} at 99\\\\% of {T{\\"U}}LU",
  author = "Smith, Ann and Jones, Bob",
  booktitle = acl,
  year = "2024", month = jul,
  url = "https://example.org/p",
  abstract = "We present a parser.",
}
@article{no-abstract, title = "Nothing here", year = 2020}
@article{broken, title = "Unclosed
"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>q</title>
<entry><id>http://arxiv.org/abs/2401.00001v2</id><title>A  Parser
 of trees</title><summary> We parse.
</summary><published>2024-01-01T00:00:00Z</published><author><name>A</name></author><author><name>B</name></author></entry>
<entry><id>x</id><title>No summary</title></entry>
</feed>
"""
CSV = (
    'id,title,abstract,year,authors\n1,"A, quoted","Line one\nline two",2023,A; B\n2,Short row\n3,No abstract,,2020,\n'
)
JSONL = (
    '{"id": "a", "title": "T", "abstract": "A  b\\n c.", "published": "2024-05-01", "authors": ["x", "y"], "venue": "V"}\n'
    '{"id": "b", "title": "no abstract"}\nnot json\n[1]\n'
)
SNAPSHOT = json.dumps({
    "id": "0704.0001", "title": "Calc\n  of", "abstract": "  We calc.\n", "authors": "A. B",
    "authors_parsed": [["B", "A", ""], ["C", "D", ""]], "update_date": "2008-11-26", "categories": "hep-ph",
})  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "facts", "reasons"),
    [
        (
            "a.bib", BIBTEX, ("smith-2024-parser", "We present a parser.", None, 2024, 2, "https://example.org/p"),
            ["a.bib:11: no-abstract: no abstract", "a.bib:12: not BibTeX"],
        ),
        (
            "a.xml", ATOM, ("2401.00001", "We parse.", "2024-01-01", 2024, 2, "http://arxiv.org/abs/2401.00001v2"),
            ["a.xml:6: no abstract"],
        ),
        (
            "a.csv", CSV, ("1", "Line one line two", None, 2023, 2, None),
            ["a.csv:4: 2 cells where the first row names 5", "a.csv:5: no abstract"],
        ),
        (
            "a.jsonl", JSONL, ("a", "A b c.", "2024-05-01", 2024, 2, None),
            ["a.jsonl:2: no abstract", "a.jsonl:3: not JSON", "a.jsonl:4: not a JSON object"],
        ),
        ("snap.json", SNAPSHOT, ("0704.0001", "We calc.", "2008-11-26", 2008, 2, "https://arxiv.org/abs/0704.0001"), []),
    ],
)  # fmt: skip
def test_a_format_is_found_by_content_and_its_faults_are_named(
    tmp_path: Path, name: str, content: str, facts: tuple[object, ...], reasons: list[str]
) -> None:
    file = tmp_path / name
    file.write_text(content)
    papers, faults = read(file)
    assert [(p.id, p.abstract, p.published, p.year, p.authors, p.url) for p in papers] == [facts]
    assert len(faults) == len(reasons)
    for fault, reason in zip(faults, reasons, strict=True):
        assert str(fault).startswith(reason)


def test_bibtex_braces_are_no_part_of_a_title(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.write_text(BIBTEX)
    assert read(file)[0][0].title == 'Parser for NLP at 99\\\\% of T\\"ULU'


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(JSONL.encode()))
    assert [p.id for p in read(file)[0]] == ["a"]


def test_a_truncated_gzip_keeps_what_was_read(tmp_path: Path) -> None:
    whole = gzip.compress("".join(json.dumps({"abstract": f"{i} " * 50}) + "\n" for i in range(5000)).encode())
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(whole[: len(whole) // 2])
    papers, faults = read(file)
    assert len(papers) > 100
    assert "breaks off" in faults[-1].reason


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no paper found, read as listing; --format names another format. It is empty."),
        (b"\xff\xfea\x00", "UTF-16 text; save it as UTF-8"),
        (b"caf\xe9 and nothing else", "not UTF-8 at byte 3"),
        (b'{"title": "x", "abstr', "not JSON: Unterminated string"),
        (b'{"abstract": ""}\n{"title": "x", "abstr', "\n  f:1: no abstract\n  f:2: not JSON: Unterminated string"),
        (b'{"abstract": ""}\n' * 5, "f:3: no abstract\n  and 2 more"),
        (b"<feed><entry>", "not well-formed XML"),
        (b"id,title,abstract\n", "no paper found, read as csv"),
    ],
)
def test_a_file_that_yields_nothing_is_an_error_that_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "f"
    file.write_bytes(content)
    with pytest.raises(SourceError, match="f: ") as error:
        read(file)
    assert message in str(error.value)


def test_a_line_of_a_hundred_megabytes_is_one_fault(tmp_path: Path) -> None:
    file = tmp_path / "big.jsonl"
    with file.open("w") as stream:
        stream.write('{"abstract": "' + "x" * 100_000_000 + '"}\n')
        stream.write('{"abstract": "small"}\n')
    papers, faults = read(file)
    assert [p.abstract for p in papers] == ["small"]
    assert "a line of 100,000,01" in str(faults[0])


@pytest.mark.parametrize("kind", ["missing", "empty folder"])
def test_a_path_without_files_is_an_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "nowhere" if kind == "missing" else tmp_path
    with pytest.raises(SourceError, match="no such file" if kind == "missing" else "without files"):
        read_papers([path])


def place(file: str, line: int = 1) -> tuple[Source, ...]:
    return (Source(file=file, line=line, position=1),)


def test_different_papers_with_one_short_title_stay_apart() -> None:
    papers = [
        Paper(
            id="x",
            title="Introduction",
            abstract="On parsing trees of many languages with small grammars.",
            sources=place("a"),
        ),
        Paper(
            id="x", title="Introduction", abstract="We tag words by what stands beside them, fast.", sources=place("b")
        ),
    ]
    merged = merge(papers)
    assert len({p.id for p in merged}) == 2
    assert merge(reversed(papers)) == merged


def test_a_merged_paper_takes_the_printed_year_before_the_inferred_one() -> None:
    title = "One Title of Five Words"
    inferred = Paper(
        id="b", title=title, abstract="A.", sources=place("a"), published="2025-01-02", year=2025, year_inferred=True
    )
    printed = Paper(id="a", title=title, abstract="A.", sources=place("b"), published="2024-01-02", year=2024, url="u")
    for order in ([inferred, printed], [printed, inferred]):
        (paper,) = merge_papers(order)
        assert (paper.id, paper.published, paper.year_inferred, paper.url) == ("a", "2024-01-02", False, "u")
        assert [s.file for s in paper.sources] == ["a", "b"]


def listing(*blocks: str) -> str:
    return "Daily Papers\n\n" + "\n\n".join(blocks) + "\n"


LONG = "We study the parsing of long sentences in many languages with small grammars and little memory. " * 3
META = "  • 9 authors\n·\nJan 1, 2020"


def test_the_metadata_of_a_title_without_abstract_is_nobodys(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(
        listing(
            "First Paper",
            LONG,
            "  • 2 authors\n·\nMay 5, 2024",
            "No Abstract Here",
            META,
            "Third Paper",
            LONG,
            "·\nJun 1",
        )
    )
    papers, faults = read(file)
    assert [(p.title, p.authors, p.published) for p in papers] == [
        ("First Paper", 2, "2024-05-05"),
        ("Third Paper", None, "2025-06-01"),
    ]
    assert [f.reason for f in faults] == ["no abstract follows “No Abstract Here”"]


def test_an_abstract_of_several_paragraphs_is_one(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(listing("First Paper", LONG, LONG, META, "Second Paper", LONG))
    papers, _ = read(file)
    assert [(p.title, len(p.abstract), p.authors) for p in papers] == [
        ("First Paper", 2 * len(LONG) - 1, 9),
        ("Second Paper", len(LONG) - 1, None),
    ]


def record(**facts: object) -> str:
    return json.dumps({"title": "A Title of Five Words", "abstract": LONG, **facts}) + "\n"


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        # Two ids and one title: the same words make them one paper, other words do not.
        ([record(id="2401.1"), record(id="acl.7")], ["2401.1"]),
        (
            [record(id="2401.1"), record(id="1201.1", abstract="Something else altogether is told here, on birds.")],
            ["1201.1", "2401.1"],
        ),
        # One id, title revised.
        ([record(id="2401.1"), record(id="2401.1", title="Another Title of Five Words")], ["2401.1"]),
        # One id by accident: both stay, and say so.
        (
            [record(id="1"), record(id="1", title="Birds", abstract="Something else altogether is told here.")],
            ["1-", "1-"],
        ),
        # No id, and one with an id.
        ([record(), record(id="2401.1", abstract="A shorter abstract.")], ["2401.1"]),
        (
            [
                record(title="On the C++ Programming Model"),
                record(title="On the C Programming Model", abstract="Birds."),
            ],
            2,
        ),
        ([record(title="!!! ??? ... ,,,"), record(title="((( ))) --- ;;;", abstract="Birds sing.")], 2),
        ([record(title="Caf\u00e9 Parsing of Old Texts"), record(title="Cafe\u0301 Parsing of Old Texts")], 1),
    ],
)
def test_which_records_are_one_paper(tmp_path: Path, lines: list[str], ids: list[str] | int) -> None:
    file = tmp_path / "a.jsonl"
    for order in (lines, lines[::-1]):
        file.write_text("".join(order))
        merged = merge(read(file)[0])
        assert len(merged) == (ids if isinstance(ids, int) else len(ids))
        if isinstance(ids, list):
            assert all(p.id.startswith(i) for p, i in zip(merged, ids, strict=True))


def test_what_no_store_can_hold_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"id": "x\\u0000", "title": "\\ud800", "abstract": "a\\ufffeb\\u0001", "authors": 100000000000000000000}\n'
    )
    (paper,) = read(file)[0]
    assert (paper.id, paper.title, paper.abstract, paper.authors) == ("x\ufffd", "\ufffd", "a\ufffdb\ufffd", None)


def test_a_json_array_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('[\n {"abstract": "One."},\n {"title": "x"},\n {"abstract": "Two."}\n]\n')
    papers, faults = read(file)
    assert [p.abstract for p in papers] == ["One.", "Two."]
    assert [str(f) for f in faults] == ["a.json:2: record 2: no abstract"]


def test_the_snapshot_dates_a_paper_by_its_first_version(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        record(versions=[{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}], update_date="2008-11-26")
    )
    assert read(file)[0][0].published == "2007-04-02"


def test_a_file_without_papers_does_not_stop_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(record())
    (tmp_path / "notes.png").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xff")
    (tmp_path / "more").mkdir()
    papers, faults = read(tmp_path)
    assert len(papers) == 1
    assert any(f.file == "notes.png" and "no paper found" in f.reason for f in faults)
    assert any(f.file == "more" and f.reason == "a folder in a folder; name it to read it" for f in faults)
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(SourceError, match="no paper found"):
        read(tmp_path)
