"""Which entities of different papers are the same thing.

Two are the same when they have one type and one normal form (`kg.text.name_key`). An acronym
stands for the full form that its paper defines; where a paper defines none, for the only full
form that any paper defines for it, and where there are several it stays a thing of its own.
Similar spelling never merges: GPT-2 and GPT-3 differ by one character.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.schema import EntityType
from kg.text import decode_residue, name_key
from kg.types import Entity, Extraction, PaperEntity

_Line = tuple[EntityType, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`entities` sorted by id; `ids` says by (paper id, the paper's own entity id) which one it is."""

    entities: tuple[Entity, ...]
    ids: dict[tuple[str, str], str]


def resolve(extractions: Iterable[Extraction]) -> Resolution:
    """The entities across papers; the same whatever the order of the extractions."""
    ordered = sorted(extractions, key=lambda x: x.paper_id)
    full_forms = _full_forms(ordered)
    names: dict[_Line, Counter[str]] = defaultdict(Counter)
    aliases: dict[_Line, set[str]] = defaultdict(set)
    papers: dict[_Line, set[str]] = defaultdict(set)
    ids: dict[tuple[str, str], str] = {}
    for extraction in ordered:
        for entity in extraction.entities:
            line = _line(entity, full_forms)
            names[line][decode_residue(entity.name)] += 1
            aliases[line].update(decode_residue(m.text) for m in entity.mentions)
            papers[line].add(extraction.paper_id)
            ids[extraction.paper_id, entity.id] = entity_id(line)
    entities = (
        Entity(
            id=entity_id(line),
            type=line[0],
            name=(best := _best_name(counts, line[1])),
            aliases=tuple(sorted({*counts, *aliases[line]} - {best}, key=lambda a: (a.casefold(), a))),
            papers=len(papers[line]),
        )
        for line, counts in names.items()
    )
    return Resolution(entities=tuple(sorted(entities, key=lambda e: e.id)), ids=ids)


def entity_id(line: _Line) -> str:
    """The id of the thing with this type and normal form.

    >>> entity_id(("Dataset", "mmlu"))
    'dataset:mmlu'
    """
    return f"{line[0].lower()}:{line[1]}"


def _line(entity: PaperEntity, full_forms: dict[_Line, set[str]]) -> _Line:
    key = name_key(entity.name)
    meant = full_forms.get((entity.type, key), set())
    return entity.type, next(iter(meant)) if len(meant) == 1 else key


def _full_forms(extractions: Iterable[Extraction]) -> dict[_Line, set[str]]:
    """Per type and acronym, the normal forms of all names that papers write it for."""
    found: dict[_Line, set[str]] = defaultdict(set)
    for extraction in extractions:
        for entity in extraction.entities:
            full = name_key(entity.name)
            for mention in entity.mentions:
                short = name_key(mention.text)
                if short != full and _abbreviates(mention.text, entity.name):
                    found[entity.type, short].add(full)
    return found


def _abbreviates(short: str, name: str) -> bool:
    """Whether `short` is written like an acronym of `name`.

    >>> _abbreviates("TPT", "Thinking augmented Pre-Training"), _abbreviates("distillation", "knowledge distillation")
    (True, False)
    """
    letters = [c.lower() for c in short.removesuffix("s") if c.isalpha()]
    capitals = sum(c.isupper() for c in short)
    if capitals < 2 or len(short) >= len(name):
        return False
    initials = iter(name.lower())
    return all(c in initials for c in letters)


def _best_name(counts: Counter[str], key: str) -> str:
    """The commonest name; on a tie a full form before its acronym.

    Then one with fewer capitals at its words' starts, then the first by spelling.
    """
    return min(counts, key=lambda n: (-counts[n], name_key(n) != key, sum(w[0].isupper() for w in n.split()), n))
