"""The same paper read twice is one Paper with both sources."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from kg.sources.record import paper_id
from kg.types import Paper

# "Introduction", "Findings of the Shared Task": short titles are shared by different papers.
_TELLING_TITLE_WORDS = 4
# Shared words among all words of two texts. No two of the 201 seed papers, all of one field, have more than 0.25.
_SAME_TEXT = 0.5


def merge_papers(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """One Paper for each distinct one, sorted by id, whatever the order they come in.

    Papers are the same when their titles of four words or more agree and one of them has no id of
    its own, or when they share a title or an id and most of their words. The first by source keeps
    its text; facts that it lacks are taken from the others; all sources are kept. Different papers
    with one id get a hash added to it.
    """
    ordered = sorted(papers, key=lambda p: ([(s.file, s.line) for s in p.sources], p.id, p.text))
    groups: list[list[Paper]] = []
    by_handle: dict[tuple[str, str], list[list[Paper]]] = {}
    for paper in ordered:
        handles = _handles(paper)
        near = (group for handle in handles for group in by_handle.get(handle, ()))
        group = next((g for g in near if any(_same(paper, other) for other in g)), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(paper)
        for handle in handles:
            known = by_handle.setdefault(handle, [])
            if not any(g is group for g in known):
                known.append(group)
    return tuple(sorted(_with_own_ids([_merge(group) for group in groups]), key=lambda p: p.id))


def _handles(paper: Paper) -> set[tuple[str, str]]:
    handles = {("id", paper.id), ("title", _plain(paper.title or paper.abstract))}
    return {h for h in handles if h[1]}


def _plain(text: str) -> str:
    """Letters, digits, `+` and `#`: what two spellings of a title share, and C and C++ do not."""
    return "".join(re.findall(r"[\w+#]+", unicodedata.normalize("NFKC", text).casefold()))


def _has_own_id(paper: Paper) -> bool:
    return paper.id != paper_id(paper.title, paper.abstract)


def _same(a: Paper, b: Paper) -> bool:
    title = _plain(a.title or "")
    one_title = title == _plain(b.title or "")
    telling = bool(title) and len((a.title or "").split()) >= _TELLING_TITLE_WORDS
    if one_title and telling and (a.id == b.id or not (_has_own_id(a) and _has_own_id(b))):
        return True
    x, y = (set(re.findall(r"\w+", p.text.casefold())) for p in (a, b))
    return (one_title or a.id == b.id) and len(x & y) >= _SAME_TEXT * len(x | y)


def _merge(group: list[Paper]) -> Paper:
    first = group[0]
    # A printed year is worth more than an inferred one, a day more than a year.
    dated = min(group, key=lambda p: (p.year is None, p.year_inferred, p.published is None))
    return replace(
        first,
        id=min(group, key=lambda p: (not _has_own_id(p), p.id)).id,
        sources=tuple(sorted({s for p in group for s in p.sources}, key=lambda s: (s.file, s.line))),
        published=dated.published,
        year=dated.year,
        year_inferred=dated.year_inferred,
        authors=next((p.authors for p in group if p.authors), None),
        organisation=next((p.organisation for p in group if p.organisation), None),
        url=next((p.url for p in group if p.url), None),
        venue=next((p.venue for p in group if p.venue), None),
    )


def _with_own_ids(papers: list[Paper]) -> list[Paper]:
    count: dict[str, int] = {}
    for paper in papers:
        count[paper.id] = count.get(paper.id, 0) + 1
    return [p if count[p.id] == 1 else replace(p, id=f"{p.id}-{_digest(p.text)}") for p in papers]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
