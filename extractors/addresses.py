"""Web addresses in a text."""

import re

from kg.types import Mention

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`{}|\\^\[\]]+")


def find_links(text: str) -> tuple[Mention, ...]:
    """The web addresses in `text`, without the punctuation that ends their sentence.

    >>> [m.text for m in find_links("Code: https://github.com/a/b. See (www.x.org/y).")]
    ['https://github.com/a/b', 'www.x.org/y']
    """
    found = []
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)*")
        found.append(Mention(start=match.start(), end=match.start() + len(address), text=address))
    return tuple(found)
