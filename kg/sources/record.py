"""What every reader makes of a record: a Paper with a stable id, or a reason why not."""

import hashlib
import re
from datetime import date
from pathlib import Path

from kg.types import Paper, Source

_NOT_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
# What ids of other nodes begin with.
_TAKEN = re.compile(r"(?:method|model|dataset|metric|task|result|link):")
_MOST_AUTHORS = 100_000
# Long enough to tell abstracts apart in practice; where it is not, `merge` uses the whole abstract.
_ID_PREFIX = 80


def text_key(text: str) -> str:
    """Letters and digits only, case folded: what two spellings of a title share.

    >>> text_key("Skill-it! A Framework")
    'skillitaframework'
    """
    return _NOT_WORD.sub("", text.casefold())


def content_id(text: str) -> str:
    """Ten hexadecimal digits made from the letters and digits of `text`.

    >>> content_id("A Title"), content_id("a title!")
    ('8aadd0c21a', '8aadd0c21a')
    """
    return hashlib.sha1(text_key(text).encode(), usedforsecurity=False).hexdigest()[:10]


def paper_id(title: str | None, abstract: str) -> str:
    """The id of a paper whose listing gives none: made from the title, else from the abstract's beginning."""
    return content_id(title or abstract[:_ID_PREFIX])


def one_line(text: object) -> str:
    r"""`text` with every run of white space as one space; empty for what is not a string.

    Control characters and lone surrogates, which neither stores nor files can hold, become U+FFFD.

    >>> one_line(" a\n  b ")
    'a b'
    """
    return _UNSTORABLE.sub("\ufffd", _SPACES.sub(" ", text).strip()) if isinstance(text, str) else ""


def source(path: Path, line: int, position: int) -> Source:
    """The place of a record: file name, line from 1, position among the file's papers from 1."""
    return Source(file=path.name, line=line, position=position)


def iso_date(text: object) -> tuple[str | None, int | None]:
    """(ISO date or None, year or None) from `2024`, `2024-05`, `2024-05-01` or a longer ISO time.

    >>> iso_date("2024-05-01T10:00:00Z"), iso_date(2024), iso_date("May")
    (('2024-05-01', 2024), (None, 2024), (None, None))
    """
    match = re.match(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?", str(text or "").strip())
    if not match:
        return None, None
    year = int(match[1])
    if not match[3]:
        return None, year
    try:
        return date(year, int(match[2]), int(match[3])).isoformat(), year
    except ValueError:
        return None, year


def make_paper(
    *,
    title: object,
    abstract: object,
    place: Source,
    given_id: object = None,
    published: object = None,
    authors: object = None,
    venue: object = None,
    url: object = None,
) -> Paper:
    """A Paper from the fields of a structured record, spaces tidied.

    `authors` is a list, a count, or names separated by `;` or ` and `.

    Raises:
        ValueError: the record has no abstract.
    """
    name, body = one_line(title) or None, one_line(abstract)
    if not body:
        raise ValueError("no abstract")
    day, year = iso_date(published)
    given = one_line(given_id) if isinstance(given_id, str) else str(given_id) if isinstance(given_id, int) else ""
    if _TAKEN.match(given):
        given = f"paper:{given}"
    return Paper(
        id=given or paper_id(name, body),
        title=name,
        abstract=body,
        sources=(place,),
        published=day,
        year=year,
        authors=_count(authors),
        venue=one_line(venue) or None,
        url=one_line(url) or None,
    )


def _count(authors: object) -> int | None:
    if isinstance(authors, bool):
        return None
    if isinstance(authors, list):
        return len(authors) or None
    names = str(authors) if isinstance(authors, int) else one_line(authors)
    if re.fullmatch(r"-?[0-9]+", names):
        n = int(names[:10])
        return n if 0 < n <= _MOST_AUTHORS else None
    return len([n for n in re.split(r";| and ", names) if n.strip()]) or None
