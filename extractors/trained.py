"""The extractor by a trained network: windows read once, merged to one Extraction a paper."""

import hashlib
import json
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from extractors.addresses import find_links
from extractors.calibration import Curve, read_curves
from extractors.lexicon import Lexicon, load_lexicon
from extractors.network import CURVES, ENCODER, HEADS, REINSTALL, TOKENIZER, OnnxNetwork
from extractors.reader import SLOT_TYPES, Network, Page, Reading, Report, Thing, read_page
from extractors.results import setting_of
from extractors.sentences import sentence_of
from extractors.version import FOLDER, code_version
from extractors.words import Window, WordReader, Words
from kg.errors import ModelError
from kg.schema import EntityType, RelationType, allows
from kg.text import decode_residue, name_key
from kg.types import Dropped, Extraction, Mention, Paper, PaperEntity, Relation, Result

MODEL_FOLDER = FOLDER / "model"
MANIFEST = "manifest.json"


def load_trained(model: str, *, precise: bool = False, folder: Path = MODEL_FOLDER) -> "TrainedExtractor":
    """The extractor with the network `model` of `folder`.

    Raises:
        LexiconError: a data file is missing or broken.
        ModelError: a file of the network is missing or damaged.
    """
    place = folder / model
    digest = _check(place)
    lexicon = load_lexicon()
    return TrainedExtractor(
        OnnxNetwork(place),
        WordReader(place / TOKENIZER, lexicon),
        read_curves(place / CURVES),
        lexicon,
        f"{model}-{digest}-{code_version()}",
        precise=precise,
    )


def _check(place: Path) -> str:
    """A name for the weights in `place`.

    Raises:
        ModelError: a file is missing, or not as the manifest says.
    """
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        for name in (ENCODER, HEADS, TOKENIZER, CURVES):
            if hashlib.sha256((place / name).read_bytes()).hexdigest() != manifest[name]:
                raise ModelError(f"{place / name}: is damaged; {REINSTALL}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"no manifest: {error}"
        raise ModelError(
            f"{getattr(error, 'filename', None) or place}: cannot be read ({reason}); {REINSTALL}"
        ) from error
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:8]


class TrainedExtractor:
    """Papers -> Extractions by a network; `precise` keeps only what is right nine times in ten."""

    def __init__(
        self,
        network: Network,
        reader: WordReader,
        curves: Mapping[str, Curve],
        lexicon: Lexicon,
        version: str,
        *,
        precise: bool = False,
    ) -> None:
        self.version = f"{version}-precise" if precise else version
        self.better: Mapping[str, str] = lexicon.directions
        self.network, self.reader, self.lexicon = network, reader, lexicon
        self.curves = {k: replace(c, least=c.least_precise) if precise else c for k, c in curves.items()}

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """One Extraction for each paper, in the same order."""
        for paper, pages in self.pages(papers):
            readings = [read_page(p, self.network, self.curves) for p in pages]
            yield merge(paper, pages, readings, self.curves, self.lexicon)

    def pages(self, papers: Iterable[Paper]) -> Iterator[tuple[Paper, list[Page]]]:
        """Each paper with its windows as the encoder sees them."""
        waiting: deque[tuple[Paper, Words, list[Window]]] = deque()

        def windows() -> Iterator[Window]:
            for paper in papers:
                words = self.reader.read(paper.text, len(paper.title or ""))
                waiting.append((paper, words, self.reader.windows(words)))
                yield from waiting[-1][2]

        pages: list[Page] = []
        for states, emissions in self.network.read(windows()):
            paper, words, mine = waiting[0]
            pages.append(Page(paper.text, words, mine[len(pages)], states, emissions))
            if len(pages) == len(mine):
                waiting.popleft()
                yield paper, pages
                pages = []


@dataclass(slots=True)
class _Entity:
    things: list[Thing]
    keys: set[str]
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def best(self) -> Thing:
        return max(self.things, key=lambda t: t.confidence)


def merge(
    paper: Paper, pages: Sequence[Page], readings: Sequence[Reading], curves: Mapping[str, Curve], lexicon: Lexicon
) -> Extraction:
    """What the windows of one paper say together.

    Things with a common name are one; a number is as the first window with it has it.
    """
    text = paper.text
    words = pages[0].words
    entities: list[_Entity] = []
    index: dict[tuple[int, int], _Entity] = {}
    for w, reading in enumerate(readings):
        for i, thing in enumerate(reading.things):
            keys = {name_key(n.text) for n in thing.names}
            known = next((e for e in entities if e.keys & keys), None) if w else None
            if known is None:
                known = _Entity([], set())
                entities.append(known)
            known.things.append(thing)
            known.keys |= keys
            index[w, i] = known
    _give_places(entities, words)
    links = find_links(text)
    linked = {at for k in links for at in range(k.start, k.end)}
    for e in entities:
        e.spans = [s for s in e.spans if s[0] not in linked]
    entities = sorted((e for e in entities if e.spans), key=lambda e: e.spans)
    long_forms = {name_key(text[a.short_start : a.short_end]): text[a.long_start : a.long_end] for a in words.acronyms}
    made = {id(e): _paper_entity(f"e{n}", text, words, e, long_forms, lexicon) for n, e in enumerate(entities, 1)}
    entity_of = {at: made[id(e)] for at, e in index.items() if id(e) in made}
    results: dict[int, Result] = {}
    reasons = {n.start: "part of a name" for n, _, _ in words.numerals}
    said: set[tuple[float, str, str]] = set()
    for w, reading in enumerate(readings):
        for report in reading.reports:
            n = report.numeral
            if n.start in results:
                continue
            slots = [entity_of.get((w, i)) if i is not None else None for i in report.slots]
            if n.start in linked or not curves["number"].keeps(report.number_features):
                reasons[n.start] = "reports nothing"
            elif (n.value, n.unit, report.kind) in said:
                reasons[n.start] = "said before"
            else:
                said.add((n.value, n.unit, report.kind))
                results[n.start] = _result(text, words, report, slots, curves)
    return Extraction(
        paper_id=paper.id,
        entities=tuple(made.values()),
        relations=tuple(_relations(text, words, readings, entity_of, curves["relation"])),
        results=tuple(results[at] for at in sorted(results)),
        links=links,
        dropped=tuple(
            Dropped(start=n.start, end=n.end, text=text[n.start : n.end], reason=reasons[n.start])
            for n, _, _ in words.numerals
            if n.start not in results
        ),
    )


def _give_places(entities: list[_Entity], words: Words) -> None:
    """Each place to one entity, the longer first where windows disagree."""
    wanted = {(a, b): e for e in entities for t in e.things for a, b in t.places}
    free = [True] * len(words)
    for a, b in sorted(wanted, key=lambda p: (p[0] - p[1], p)):
        if all(free[a : b + 1]):
            free[a : b + 1] = [False] * (b + 1 - a)
            wanted[a, b].spans.append((int(words.starts[a]), int(words.ends[b])))
    for e in entities:
        e.spans.sort()


def _paper_entity(
    identity: str, text: str, words: Words, entity: _Entity, long_forms: Mapping[str, str], lexicon: Lexicon
) -> PaperEntity:
    best = entity.best
    surfaces = Counter(text[a:b] for a, b in entity.spans)
    # The abstract says more of a thing than the title.
    shown = next((s for s in entity.spans if s[0] >= words.title), entity.spans[0])
    return PaperEntity(
        id=identity,
        type=best.type,
        name=_name(surfaces, best.type, long_forms, lexicon),
        role=best.role,
        mentions=tuple(Mention(start=a, end=b, text=text[a:b]) for a, b in entity.spans),
        evidence=sentence_of(words.sentences, shown[0], len(text)),
        confidence=round(best.confidence, 3),
    )


def _name(surfaces: Counter[str], entity_type: EntityType, long_forms: Mapping[str, str], lexicon: Lexicon) -> str:
    """The full form where the paper defines one, the lexicon's name where the surface is an alias, else the surface."""
    full = next((long_forms[name_key(s)] for s in surfaces if name_key(s) in long_forms), None)
    if full:
        return decode_residue(full) or full
    # A title writes common words with capitals; the text's own way is how a reader would look it up.
    surface = min(surfaces, key=lambda s: (sum(w[0].isupper() for w in s.split()), -surfaces[s], s))
    forms = [f for f in lexicon.forms.get(name_key(surface), ()) if f.type == entity_type]
    if forms and name_key(forms[0].name) != name_key(surface):
        return forms[0].name
    return decode_residue(surface) or surface


def _relations(
    text: str,
    words: Words,
    readings: Sequence[Reading],
    entity_of: Mapping[tuple[int, int], PaperEntity],
    curve: Curve,
) -> Iterator[Relation]:
    best: dict[tuple[str, RelationType, str], tuple[float, PaperEntity, PaperEntity]] = {}
    for w, reading in enumerate(readings):
        for claim in reading.claims:
            head, tail = entity_of.get((w, claim.head)), entity_of.get((w, claim.tail))
            confidence = curve.confidence(claim.features)
            if not head or not tail or head is tail or confidence < curve.least:
                continue
            key = head.id, claim.type, tail.id
            if allows(head.type, claim.type, tail.type) and (key not in best or best[key][0] < confidence):
                best[key] = confidence, head, tail
    for (head_id, kind, tail_id), (confidence, head, tail) in sorted(best.items(), key=lambda item: item[0]):
        back = best.get((tail_id, kind, head_id))
        if back is None or (back[0], tail_id) <= (confidence, head_id):
            yield _relation(text, words, head, kind, tail, confidence)


def _relation(
    text: str, words: Words, head: PaperEntity, kind: RelationType, tail: PaperEntity, confidence: float
) -> Relation:
    """The words it rests on run from one end to the other where a sentence has both, else they are the tail's."""
    starts = [m.start for m in tail.mentions]
    pairs = []
    for h in head.mentions:
        sentence = sentence_of(words.sentences, h.start, len(text))
        at = bisect_left(starts, h.start)
        for t in tail.mentions[max(at - 1, 0) : at + 1]:
            if sentence[0] <= t.start < sentence[1]:
                gap = max(h.start, t.start) - min(h.end, t.end)
                pairs.append((gap, min(h.start, t.start), max(h.end, t.end)))
    _, start, end = min(pairs, default=(0, tail.mentions[0].start, tail.mentions[0].end))
    return Relation(
        head=head.id, type=kind, tail=tail.id, start=start, end=end,
        evidence=sentence_of(words.sentences, start, len(text)), confidence=round(confidence, 3),
    )  # fmt: skip


def _result(
    text: str, words: Words, report: Report, slots: Sequence[PaperEntity | None], curves: Mapping[str, Curve]
) -> Result:
    n = report.numeral
    sentence = sentence_of(words.sentences, n.start, len(text))
    said = [curves["part"].keeps(report.part_features(k)) for k in range(len(slots))]
    subject, dataset, metric, baseline = (
        e if keep and e is not None and e.type in types else None
        for keep, e, types in zip(said, slots, SLOT_TYPES, strict=True)
    )
    measure = report.measure if said[2] else None
    # Two things of a window may be one of the paper.
    baseline = None if baseline is subject else baseline
    return Result(
        start=n.start, end=n.end, text=text[n.start : n.end], value=n.value, unit=n.unit,
        kind=report.kind, direction=report.direction,
        metric=metric.id if metric else measure, metric_is_entity=metric is not None,
        subject=subject.id if subject else None, dataset=dataset.id if dataset else None,
        baseline=baseline.id if baseline else None, setting=setting_of(text, sentence, n.start, n.end),
        evidence=sentence, confidence=round(curves["result"].confidence(report.features), 3),
    )  # fmt: skip
