"""Writing files so that half-written output never replaces good output."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kg.errors import StoreError


@contextmanager
def clear_disk_errors(path: Path) -> Generator[None]:
    """Turns what the operating system refuses within into one clear message about `path`.

    Raises:
        StoreError: the disk is full, or the path cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); free some space, or choose another place with -o"
        ) from error


@contextmanager
def replacing(path: Path) -> Generator[TextIO]:
    """A new text file beside `path` that takes its place, with its folders made, once all is on the disk.

    Raises:
        StoreError: the disk is full, or the path cannot be written; what was there before is as it was.
    """
    beside = path.with_name(f"{path.name}.new")
    with clear_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("w", encoding="utf-8", newline="") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
