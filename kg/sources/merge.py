"""The same paper read twice is one Paper with both sources."""

from collections.abc import Iterable
from dataclasses import replace

from kg.sources.record import content_id, text_key
from kg.types import Paper

# "Introduction", "Findings of the Shared Task": short titles are shared by different papers.
_TELLING_TITLE_WORDS = 4


def merge_papers(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """One Paper for each distinct one, sorted by id, whatever the order they come in.

    Papers are the same when their titles of four words or more agree in letters and digits, or
    their titles and abstracts do. The first by source keeps its text; facts that it lacks are
    taken from the others; all sources are kept.
    """
    groups: dict[tuple[str, ...], list[Paper]] = {}
    for paper in papers:
        groups.setdefault(_identity(paper), []).append(paper)
    merged = [_merge(group) for group in groups.values()]
    taken: dict[str, int] = {}
    for paper in merged:
        taken[paper.id] = taken.get(paper.id, 0) + 1
    clear = (p if taken[p.id] == 1 else replace(p, id=content_id(f"{p.id} {p.text}")) for p in merged)
    return tuple(sorted(clear, key=lambda p: p.id))


def _identity(paper: Paper) -> tuple[str, ...]:
    title = paper.title or ""
    if len(title.split()) >= _TELLING_TITLE_WORDS:
        return (text_key(title),)
    return text_key(title), text_key(paper.abstract)


def _merge(group: list[Paper]) -> Paper:
    group = sorted(group, key=lambda p: ([(s.file, s.line) for s in p.sources], p.id, p.text))
    first = group[0]
    # A printed year is worth more than an inferred one, a day more than a year.
    dated = min(group, key=lambda p: (p.year is None, p.year_inferred, p.published is None))
    return replace(
        first,
        id=min(p.id for p in group),
        sources=tuple(sorted({s for p in group for s in p.sources}, key=lambda s: (s.file, s.line))),
        published=dated.published,
        year=dated.year,
        year_inferred=dated.year_inferred,
        authors=next((p.authors for p in group if p.authors), None),
        organisation=next((p.organisation for p in group if p.organisation), None),
        url=next((p.url for p in group if p.url), None),
        venue=next((p.venue for p in group if p.venue), None),
    )
