"""Text lines of a file of any size, with the faults of single lines collected."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import SourceError
from kg.types import Fault

# The longest record of an arXiv snapshot, a paper of 5,000 authors, has 0.4 MB.
MAX_LINE_BYTES = 4_000_000


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked when it is gzip.

    Raises:
        SourceError: the file is missing, a directory, not readable, or UTF-16.
    """
    try:
        raw = path.open("rb")
        magic = raw.peek(2)[:2]
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); name a readable file") from error
    if magic in (b"\xff\xfe", b"\xfe\xff"):
        raw.close()
        raise SourceError(f"{path}: UTF-16 text; save it as UTF-8")
    if magic != b"\x1f\x8b":
        return raw
    raw.close()
    return cast("BinaryIO", gzip.open(path))


def read_lines(path: Path, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    """(line number from 1, line without its end) of each line that is UTF-8 and not too long.

    A line that is not goes to `faults` and the rest goes on.
    """
    with open_bytes(path) as stream:
        number = 0
        try:
            while piece := stream.readline(MAX_LINE_BYTES):
                number += 1
                size = len(piece)
                while not piece.endswith(b"\n") and (rest := stream.readline(MAX_LINE_BYTES)):
                    size += len(rest)
                    piece = rest
                if size > MAX_LINE_BYTES:
                    faults.append(_fault(path, number, f"a line of {size:,} bytes, over {MAX_LINE_BYTES:,}; split it"))
                    continue
                try:
                    yield number, piece.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    faults.append(
                        _fault(path, number, f"not UTF-8 at byte {error.start} of the line; convert the file")
                    )
        except (EOFError, zlib.error, OSError) as error:
            faults.append(_fault(path, number + 1, f"the file breaks off here ({error})"))


def _fault(path: Path, line: int, reason: str) -> Fault:
    return Fault(file=path.name, line=line, reason=reason)
