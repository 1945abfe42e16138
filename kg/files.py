"""Writing files so that half-written output never replaces good output."""

import errno
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
        what = "free some space" if error.errno == errno.ENOSPC else "choose another place with -o"
        raise StoreError(f"{path}: cannot be written ({error.strerror}); {what}") from error


@contextmanager
def replacing(path: Path) -> Generator[TextIO]:
    """A new text file beside `path` that takes its place, with its folders made, once all is on the disk.

    A link is followed; what is no file, such as a pipe or a device, is written to as it is.

    Raises:
        StoreError: the disk is full, or the path cannot be written; what was there before is as it was.
    """
    with clear_disk_errors(path):
        path = path.resolve()
        if path.is_dir() or not path.name:
            raise StoreError(f"{path}: is a folder; name a file with -o")
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as stream:
                yield stream
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with beside.open("w", encoding="utf-8", newline="") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
