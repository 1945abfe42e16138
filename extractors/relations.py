"""Relations between the entities of one paper, from their types, roles, places and the words between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.sentences import sentence_at, sentence_of
from kg.schema import RelationType, allows
from kg.types import PaperEntity, Relation


@dataclass(frozen=True, slots=True)
class _Pair:
    """A head and a tail, and their closest places in one sentence if there are any."""

    text: str
    head: PaperEntity
    tail: PaperEntity
    together: tuple[int, int, int, int] | None

    @property
    def between(self) -> str:
        if not self.together:
            return ""
        a, b, c, d = self.together
        return self.text[min(b, d) : max(a, c)]

    @property
    def tail_weight(self) -> int:
        """How much the paper is about the tail, 0 to 3: in the title, said more than once, beside the head."""
        in_title = self.tail.mentions[0].start < self.text.find("\n")
        return int(in_title) + int(len(self.tail.mentions) > 1) + int(bool(self.together))

    @property
    def head_first(self) -> bool:
        return bool(self.together and self.together[0] < self.together[2])


Rule = Callable[[_Pair], float]
_FOR = re.compile(r"\b(?:for|to|on|in|solv\w+|address\w*|tackl\w+|improv\w+|appl\w+|task of|toward\w*)\b", re.I)
_ON = re.compile(r"\b(?:on|evaluat\w*|benchmark\w*|across|achiev\w*|dataset|results?|against)\b", re.I)
_TRAIN = re.compile(
    r"\b(?:train\w*|pre-?train\w*|fine-?tun\w*|finetun\w*|learn\w*)\b[^.;]{0,40}\b(?:on|with|using|from|over)\b|\btrained\b",
    re.I,
)
_BASED = re.compile(
    r"\b(?:based on|built (?:up)?on|builds (?:up)?on|extend\w*|extension of|initiali[sz]ed|fine-?tun\w*|variant of|derived from|adapt\w*"
    r"|modif\w*|inspired by|backbone|built from|on top of|starting from|generali[sz]\w* of|distill\w* from)\b",
    re.I,
)
_WITH = re.compile(
    r"\b(?:using|uses?|via|with|combin\w*|leverag\w*|incorporat\w*|integrat\w*|through|by|employ\w*|consist\w*|compris\w*|includ\w*"
    r"|utili[sz]\w*|adopt\w*|introduc\w*|contain\w*|appl\w*|equipp\w*|componen\w*|exploit\w*|perform\w*)\b",
    re.I,
)


def find_relations(text: str, sentences: list[tuple[int, int]], entities: list[PaperEntity]) -> list[Relation]:
    """The relations of a paper, each with the span from one entity to the other, or the tail's own place."""
    found: dict[tuple[str, RelationType, str], Relation] = {}
    for pair in _pairs(text, sentences, entities):
        for relation, rule in _RULES:
            if not allows(pair.head.type, relation, pair.tail.type):
                continue
            confidence = round(rule(pair), 2)
            backwards = (pair.tail.id, relation, pair.head.id)
            if confidence >= _LEAST and backwards not in found:
                found[pair.head.id, relation, pair.tail.id] = _relation(pair, relation, confidence, sentences)
    return _without_contradictions(list(found.values()))


# The confidence from which relations are kept: where F1 peaks on 600 labelled abstracts of other venues.
# The confidence of each rule below is its precision on 2,000 of them, errors of the entities included.
_LEAST = 0.14


def _pairs(text: str, sentences: list[tuple[int, int]], entities: list[PaperEntity]) -> Iterator[_Pair]:
    where = {e.id: {sentence_at(sentences, m.start): m for m in reversed(e.mentions)} for e in entities}
    for head in entities:
        for tail in entities:
            if head.id == tail.id:
                continue
            shared = sorted(where[head.id].keys() & where[tail.id].keys())
            places = [(where[head.id][s], where[tail.id][s]) for s in shared]
            best = min(places, key=lambda p: abs(p[0].start - p[1].start), default=None)
            yield _Pair(text, head, tail, (best[0].start, best[0].end, best[1].start, best[1].end) if best else None)


def _relation(pair: _Pair, relation: RelationType, confidence: float, sentences: list[tuple[int, int]]) -> Relation:
    if pair.together:
        start, end = min(pair.together[0], pair.together[2]), max(pair.together[1], pair.together[3])
    else:
        start, end = pair.tail.mentions[0].start, pair.tail.mentions[0].end
    evidence = sentence_of(sentences, start, len(pair.text))
    return Relation(
        head=pair.head.id,
        type=relation,
        tail=pair.tail.id,
        start=start,
        end=end,
        evidence=evidence,
        confidence=confidence,
    )


def _used_for(p: _Pair) -> float:
    if p.tail.role not in ("used", "introduced"):
        return 0.0
    if p.head.role == "introduced":
        return (0.14, 0.27, 0.33, 0.49)[p.tail_weight]
    if p.together and p.head_first and len(p.between) < 60 and _FOR.search(p.between):
        return 0.29
    return 0.1


def _evaluated_on(p: _Pair) -> float:
    if p.head.role == "introduced":
        return (0.33 if p.tail.role == "used" else 0.14) + (0.29 if p.tail.role == "used" else 0.12) * bool(p.together)
    if p.tail.role == "introduced" and p.head.type == "Model" and p.head.role in ("used", "compared"):
        return 0.38
    if p.together and p.head.type == "Model" and p.head_first and _ON.search(p.between):
        return 0.6
    return 0.1


def _trained_on(p: _Pair) -> float:
    return 0.41 if p.together and p.head_first and _TRAIN.search(p.between) and len(p.between) < 80 else 0.0


def _compared_with(p: _Pair) -> float:
    if p.head.type == "Dataset" or p.tail.role != "compared":
        return 0.0
    if p.head.role == "introduced":
        return 0.34
    if p.together and p.head_first and p.head.role == "used" and _COMPARES.search(p.between):
        return 0.23
    return 0.05


_COMPARES = re.compile(r"\b(?:outperform\w*|surpass\w*|than|compared|over|exceed\w*|versus|vs)\b", re.I)


def _part_of(p: _Pair) -> float:
    if p.tail.role != "introduced" or p.head.role != "used" or p.head.type == "Model":
        return 0.0
    if p.together and not p.head_first and _WITH.search(p.between) and len(p.between) < 120:
        return 0.29
    return 0.08


def _based_on(p: _Pair) -> float:
    if p.head.role != "introduced" or p.tail.role not in ("used", "mentioned", "compared"):
        return 0.0
    if p.together and p.head_first and _BASED.search(p.between) and len(p.between) < 100:
        return 0.25
    return 0.15 if p.head.type == p.tail.type in ("Model", "Dataset") else 0.05


def _subclass_of(p: _Pair) -> float:
    if p.head.type in ("Dataset", "Metric"):
        return 0.0
    if p.together and not p.head_first and _FAMILY_FIRST.fullmatch(p.between):
        return 0.44
    if p.together and p.head_first and p.head.role == "introduced" and _IS_A_NEW.fullmatch(p.between):
        return 0.41
    return 0.19 if _ends_with(p.head.name, p.tail.name) else 0.0


_FAMILY_FIRST = re.compile(r"(?:\s\w+)?\s?(?:,|\()?\s?(?:such as|like|including|e\.g\.,?)\s.{0,40}")
_IS_A_NEW = re.compile(r"(?:\s\([^)]*\))?(?:,|:|\sis)\s(?:an?|the)\s(?:\w+\s){0,3}?", re.I)


def _ends_with(name: str, family: str) -> bool:
    """Whether `name` is `family` with words before it.

    >>> _ends_with("few-shot image classification", "image classification"), _ends_with("reclassification", "classification")
    (True, False)
    """
    long, short = name.casefold().replace("-", " ").split(), family.casefold().replace("-", " ").split()
    return len(long) > len(short) and long[-len(short) :] == short


def _benchmark_for(p: _Pair) -> float:
    if p.tail.role not in ("used", "introduced"):
        return 0.0
    if p.head.role == "introduced":
        return (0.09, 0.24, 0.33, 0.52)[p.tail_weight]
    return (0.04, 0.29, 0.42, 0.48)[p.tail_weight] if p.together or p.tail_weight > 1 else 0.04


_RULES: tuple[tuple[RelationType, Rule], ...] = (
    ("USED_FOR", _used_for),
    ("EVALUATED_ON", _evaluated_on),
    ("TRAINED_ON", _trained_on),
    ("COMPARED_WITH", _compared_with),
    ("PART_OF", _part_of),
    ("BASED_ON", _based_on),
    ("SUBCLASS_OF", _subclass_of),
    ("BENCHMARK_FOR", _benchmark_for),
)


def _without_contradictions(relations: list[Relation]) -> list[Relation]:
    """Of PART_OF, BASED_ON, SUBCLASS_OF and COMPARED_WITH on one pair, the surest."""
    exclusive = {"PART_OF", "BASED_ON", "SUBCLASS_OF", "COMPARED_WITH"}
    best: dict[frozenset[str], Relation] = {}
    for r in relations:
        pair = frozenset((r.head, r.tail))
        if r.type in exclusive and (pair not in best or r.confidence > best[pair].confidence):
            best[pair] = r
    return [r for r in relations if r.type not in exclusive or best[frozenset((r.head, r.tail))] is r]
