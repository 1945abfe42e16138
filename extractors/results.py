"""Numbers of one paper -> its results: what each number is of, on what, against what."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from extractors.numbers import Numeral, find_numerals
from extractors.reports import Report, read_report
from extractors.sentences import sentence_of
from kg.types import Dropped, PaperEntity, Result

_AGAINST = re.compile(
    r"\b(?:than|over|compared (?:to|with)|versus|vs\.?|outperform\w*|surpass\w*|relative to|against|beat\w*|exceed\w*)\b[^.;]{0,40}$",
    re.I,
)
_MEASURED = re.compile(
    r"(?P<what>(?:training |inference |pre-?training |wall-?clock |end-to-end )?(?:compute|computation|parameters|speedup|speed-?up|speed|data|tokens"
    r"|memory|time|FLOPs|cost|throughput|latency|runtime|size|energy))\b",
    re.I,
)
# "from 35.5% to 44.5%": the first is the score of what came before.
_OLD = re.compile(r"\bfrom\s+(?:\w+\s)?$")
_SETTING = re.compile(
    r"\b(?:zero-shot|few-shot|one-shot|\d+-shot|fine-tuned|in-domain|out-of-domain|low-resource|\d+(?:\.\d+)?B scale)\b",
    re.I,
)
# How often place, value and kind were right, on 2,000 labelled abstracts of other venues.
_CONFIDENCE = {"score": 0.79, "change": 0.87, "ratio": 0.83, "size": 0.85, "cost": 0.64}


def find_results(
    text: str, sentences: list[tuple[int, int]], entities: list[PaperEntity]
) -> tuple[list[Result], list[Dropped]]:
    """The reported numbers in order of place, and the numerals that report nothing, with the reason."""
    named = {at for e in entities for m in e.mentions for at in range(m.start, m.end)}
    places = sorted(((m.start, m.end, e) for e in entities for m in e.mentions), key=lambda p: p[:2])
    results: list[Result] = []
    dropped: list[Dropped] = []
    said: set[tuple[float, str, str]] = set()
    for n in find_numerals(text):
        sentence = sentence_of(sentences, n.start, len(text))
        report = "part of a name" if n.start in named else read_report(text, sentence, n)
        if isinstance(report, Report) and (n.value, n.unit, report.kind) in said:
            report = "said before"
        if isinstance(report, str):
            dropped.append(Dropped(start=n.start, end=n.end, text=text[n.start : n.end], reason=report))
            continue
        said.add((n.value, n.unit, report.kind))
        results.append(_result(_Place(text, sentence, n, _near(places, sentence, n), entities), report))
    return results, dropped


_Placed = tuple[int, int, PaperEntity]
_Near = tuple[int, PaperEntity, int]
# Characters to either side in which what a number is of is looked for.
_WINDOW = 400


def _near(places: list[_Placed], sentence: tuple[int, int], n: Numeral) -> list[_Near]:
    """(distance in characters, entity, where its mention starts) of the mentions in the sentence, nearest first."""
    first = bisect_left(places, max(sentence[0], n.start - _WINDOW), key=lambda p: p[0])
    last = bisect_left(places, min(sentence[1], n.end + _WINDOW), key=lambda p: p[0])
    found = [(start - n.end if start >= n.start else n.start - end, e, start) for start, end, e in places[first:last]]
    return sorted(found, key=lambda f: (f[0], f[1].id))


@dataclass(frozen=True, slots=True)
class _Place:
    """A number where it stands: its sentence, the mentions near it, and all entities of the paper."""

    text: str
    sentence: tuple[int, int]
    n: Numeral
    near: list[_Near]
    entities: list[PaperEntity]

    def near_of(self, *types: str) -> list[_Near]:
        """The near mentions of these types."""
        return [f for f in self.near if f[1].type in types]


def _result(p: _Place, report: Report) -> Result:
    n, text, sentence = p.n, p.text, p.sentence
    metric = None if report.kind == "size" else _metric(p)
    words = None if metric else _measured(p, report)
    baseline = _baseline(p) if report.kind in ("change", "ratio") else None
    return Result(
        start=n.start,
        end=n.end,
        text=text[n.start : n.end],
        value=n.value,
        unit=n.unit,
        kind=report.kind,
        direction=report.direction,
        metric=metric.id if metric else words,
        metric_is_entity=metric is not None,
        subject=_id(_subject(p, report, baseline)),
        dataset=_id(None if report.kind in ("size", "cost") else _dataset(p)),
        baseline=_id(baseline),
        setting=setting_of(text, sentence, n.start, n.end),
        evidence=sentence,
        confidence=_CONFIDENCE[report.kind],
    )


def setting_of(text: str, sentence: tuple[int, int], start: int, end: int) -> str | None:
    """The words near the number at start .. end that tell it from its neighbours, if there are any."""
    setting = _SETTING.search(text, max(sentence[0], start - 60), min(sentence[1], end + 60))
    return setting[0] if setting else None


def _id(entity: PaperEntity | None) -> str | None:
    return entity.id if entity else None


def _metric(p: _Place) -> PaperEntity | None:
    near = p.near_of("Metric")
    after = [f for f in near if f[2] >= p.n.start and f[0] < 40]
    before = [f for f in near if f[2] < p.n.start]
    if after and (not before or after[0][0] <= before[0][0] + 15):
        return after[0][1]
    return before[0][1] if before else None


def _measured(p: _Place, report: Report) -> str | None:
    if report.kind == "size":
        return p.n.unit if p.n.unit in ("parameters", "tokens") else None
    after = _MEASURED.search(p.text, p.n.end, min(p.sentence[1], p.n.end + 40))
    if after:
        return after["what"]
    before = list(_MEASURED.finditer(p.text, max(p.sentence[0], p.n.start - 40), p.n.start))
    return before[-1]["what"] if before else None


def _dataset(p: _Place) -> PaperEntity | None:
    near = p.near_of("Dataset")
    after = [f for f in near if f[2] >= p.n.start]
    return after[0][1] if after else near[0][1] if near else None


def _baseline(p: _Place) -> PaperEntity | None:
    for _, e, start in p.near_of("Method", "Model"):
        if e.role != "introduced" and _AGAINST.search(p.text, max(p.sentence[0], start - 100), start):
            return e
    return None


def _subject(p: _Place, report: Report, baseline: PaperEntity | None) -> PaperEntity | None:
    kinds = ("Method", "Model", "Dataset") if report.kind == "size" else ("Method", "Model")
    if report.kind == "score" and _OLD.search(p.text, max(p.sentence[0], p.n.start - 20), p.n.start):
        return None
    near = [f for f in p.near_of(*kinds) if f[1] is not baseline]
    introduced = [e for e in p.entities if e.type in kinds and e.role == "introduced"]
    own = [f for f in near if f[1].role == "introduced"]
    if own:
        return own[0][1]
    if report.kind == "size":
        close = [f for f in near if f[0] < 30 and (p.n.unit != "examples" or f[1].type == "Dataset")]
        datasets = [e for e in introduced if e.type == "Dataset"] if p.n.unit == "examples" else []
        return close[0][1] if close else datasets[0] if datasets else None
    if report.kind == "score" and near and near[0][0] < 60:
        return near[0][1]
    return introduced[0] if introduced else near[0][1] if near else None
