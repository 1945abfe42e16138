"""Where the data files that ship with the package lie: in the wheel inside `kg`, in a checkout beside it."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_path(name: str) -> Path:
    """The folder `cypher` or `seeds`."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
