"""Names for the code and the data files as they are: a build does not mix extractions of two versions."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent


def code_version() -> str:
    """A name for the sources and lexicons of this package, without the trained weights."""
    files = sorted([*FOLDER.glob("*.py"), *(FOLDER / "lexicons").iterdir()])
    return hashlib.sha256(b"".join(f.read_bytes() for f in files if f.is_file())).hexdigest()[:8]
