"""Names and general words of the field, from data files that are checked when they are loaded."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import LexiconError
from kg.schema import ENTITY_TYPES, EntityType
from kg.text import name_key

_FOLDER = Path(__file__).parent / "lexicons"
_NAME_FILES: dict[str, EntityType] = {
    "methods.tsv": "Method",
    "models.tsv": "Model",
    "datasets.tsv": "Dataset",
    "metrics.tsv": "Metric",
    "tasks.tsv": "Task",
}
DIRECTIONS = ("higher", "lower", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a known thing. A form with capitals matches as written, others in any case."""

    text: str
    name: str
    type: EntityType

    @property
    def cased(self) -> bool:
        """Whether the form's capitals tell it from common words."""
        return any(c.isupper() for c in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """`forms` by name key; `heads` by last word; `generic` words by kind; `broad` name keys.

    `directions` says by metric name whether higher or lower is better.
    """

    forms: dict[str, tuple[Form, ...]]
    longest: int
    directions: dict[str, str]
    heads: dict[str, EntityType]
    generic: dict[str, frozenset[str]]
    broad: frozenset[str]


@cache
def load_lexicon(folder: Path = _FOLDER) -> Lexicon:
    """The lexicon of `folder`.

    Raises:
        LexiconError: a file is missing, or one of its lines breaks the format; the message names file and line.
    """
    forms: dict[str, tuple[Form, ...]] = {}
    directions: dict[str, str] = {}
    for file, entity_type in _NAME_FILES.items():
        for place, cells in _rows(folder / file):
            name = cells[0].strip()
            spellings = [name, *(a.strip() for a in cells[1].split("|") if a.strip())] if len(cells) > 1 else [name]
            if len(cells) > 2:
                if cells[2] not in DIRECTIONS:
                    raise LexiconError(f"{place}: direction “{cells[2]}”; write one of {', '.join(DIRECTIONS)}")
                directions[name_key(name)] = cells[2]
            for spelling in spellings:
                form = Form(text=spelling, name=name, type=entity_type)
                key = name_key(spelling)
                forms[key] = (*forms.get(key, ()), form)
    forms = _without_plain_heads(forms)
    longest = max(len(key) for key in forms)
    return Lexicon(
        forms=forms,
        longest=longest,
        directions=directions,
        heads=_heads(folder / "heads.tsv"),
        generic=_generic(folder / "generic.tsv"),
        broad=frozenset(name_key(cells[0]) for _, cells in _rows(folder / "broad.txt")),
    )


_PLAIN_HEADS = frozenset(
    [
        "model",
        "architecture",
        "module",
        "system",
        "method",
        "task",
        "score",
        "framework",
        "algorithm",
        "network",
        "technique",
    ]
)


def _without_plain_heads(forms: dict[str, tuple[Form, ...]]) -> dict[str, tuple[Form, ...]]:
    """Forms but those that only add a plain noun to another: a span is the shortest that names the thing."""
    return {
        key: kept for key, found in forms.items() if (kept := tuple(f for f in found if not _adds_plain_head(f, forms)))
    }


def _adds_plain_head(form: Form, forms: dict[str, tuple[Form, ...]]) -> bool:
    rest, _, last = form.text.rpartition(" ")
    return last in _PLAIN_HEADS and name_key(rest) in forms


def _rows(path: Path) -> list[tuple[str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); reinstall paperkg") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not cells[0].strip() or len(cells) > 3:
            raise LexiconError(f"{path}:{number}: expected one to three cells, the first a name")
        rows.append((f"{path}:{number}", cells))
    return rows


def _heads(path: Path) -> dict[str, EntityType]:
    heads: dict[str, EntityType] = {}
    for place, (kind, words) in _rows(path):
        entity_type = next((t for t in ENTITY_TYPES if t == kind), None)
        if entity_type is None:
            raise LexiconError(f"{place}: “{kind}” is no entity type")
        heads.update(dict.fromkeys(words.split(), entity_type))
    return heads


def _generic(path: Path) -> dict[str, frozenset[str]]:
    return {kind: frozenset(words.split()) for _, (kind, words) in _rows(path)}
