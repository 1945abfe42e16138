"""Candidates of one paper -> its entities: same thing together, typed, with a role, each place kept."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extractors.candidates import Candidate, resolve_overlaps
from extractors.lexicon import Lexicon
from extractors.roles import judge_role, own_work_starts
from extractors.sentences import sentence_of
from extractors.typing_cues import judge_type
from kg.schema import EntityType
from kg.text import decode_residue, name_key
from kg.types import Dropped, Mention, PaperEntity


@dataclass(slots=True)
class _Group:
    key: str
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def rules(self) -> set[str]:
        return {c.rule for c in self.candidates}


# How often an entity found by the rule was one, of the right type, on 2,000 labelled abstracts of other venues.
_RULE_CONFIDENCE = {"title name": 0.78, "lexicon": 0.75, "acronym": 0.73, "coined": 0.44, "phrase": 0.36}


def make_entities(
    text: str,
    sentences: list[tuple[int, int]],
    candidates: Iterable[Candidate],
    lexicon: Lexicon,
) -> tuple[list[PaperEntity], list[Dropped]]:
    """The entities of a paper in order of their first place, and what was thrown away."""
    kept, lost = resolve_overlaps(list(candidates))
    dropped = [_drop(text, c, "inside a longer name") for c in lost if c.rule != "phrase"]
    groups: dict[str, _Group] = {}
    for c in kept:
        key = _group_key(text, c)
        if key in lexicon.broad or name_key(text[c.start : c.end]) in lexicon.broad:
            dropped.append(_drop(text, c, "the name of a whole field"))
            continue
        groups.setdefault(key, _Group(key)).candidates.append(c)
    own_from = own_work_starts(text, sentences)
    entities = [_entity(text, sentences, g, own_from, lexicon) for g in groups.values()]
    entities.sort(key=lambda e: e.mentions[0].start)
    return [replace(e, id=f"e{i}") for i, e in enumerate(entities, 1)], dropped


def _drop(text: str, c: Candidate, reason: str) -> Dropped:
    return Dropped(start=c.start, end=c.end, text=text[c.start : c.end], reason=f"{reason} ({c.rule})")


def _group_key(text: str, c: Candidate) -> str:
    return name_key(c.name) if c.name else name_key(text[c.start : c.end].removesuffix("'s"))


def _entity(text: str, sentences: list[tuple[int, int]], group: _Group, own_from: int, lexicon: Lexicon) -> PaperEntity:
    places = sorted((c.start, c.end) for c in group.candidates)
    places = [(a, b - 2) if text[a:b].endswith(("'s", "’s")) else (a, b) for a, b in places]
    entity_type = _type_of(text, places, group, lexicon)
    surfaces = {text[a:b] for a, b in places}
    named = bool(group.rules & {"acronym", "title name", "coined"}) or any(
        re.search(r"[A-Z].*[A-Z\d]", s) for s in surfaces
    )
    in_title = "title name" in group.rules
    role, shown = judge_role(
        text, places, entity_type, own_from, named=named, known="lexicon" in group.rules, in_title=in_title
    )
    return PaperEntity(
        id="",
        type=entity_type,
        name=_name_of(text, places, group),
        role=role,
        mentions=tuple(Mention(start=a, end=b, text=text[a:b]) for a, b in places),
        evidence=sentence_of(sentences, places[shown][0], len(text)),
        confidence=max(_RULE_CONFIDENCE[r] for r in group.rules),
    )


def _type_of(text: str, places: list[tuple[int, int]], group: _Group, lexicon: Lexicon) -> EntityType:
    possible = {c.type for c in group.candidates if c.type}
    for key in (group.key, *(name_key(text[a:b]) for a, b in places)):
        possible = possible or {f.type for f in lexicon.forms.get(key, ())}
    if len(possible) == 1:
        return possible.pop()
    long_form = next((c.name for c in group.candidates if c.rule == "acronym"), None)
    return judge_type(text, places, long_form, among=possible)


def _name_of(text: str, places: list[tuple[int, int]], group: _Group) -> str:
    """The full form where the paper defines one, the lexicon's name where the surface is an alias, else the surface."""
    long_form = next((c.name for c in group.candidates if c.rule == "acronym" and c.name), None)
    surfaces = Counter(text[a:b] for a, b in places)
    own = [s for s in surfaces if name_key(s) == group.key] or list(surfaces)
    # A title writes common words with capitals; the text's own way is how a reader would look it up.
    surface = min(own, key=lambda s: (sum(w[0].isupper() for w in re.split(r"[\s-]", s) if w), -surfaces[s], s))
    known = next((c.name for c in group.candidates if c.rule == "lexicon" and c.name), None)
    if known and name_key(surface) != name_key(known):
        return known
    return decode_residue(long_form or surface)
