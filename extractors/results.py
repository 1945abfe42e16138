"""Numbers of one paper -> its results: what each number is of, on what, against what."""

import re
from collections.abc import Iterable

from extractors.numbers import Numeral, find_numerals
from extractors.reports import Report, read_report
from kg.types import Dropped, Mention, PaperEntity, Result

_AGAINST = re.compile(
    r"\b(?:than|over|compared (?:to|with)|versus|vs\.?|outperform\w*|surpass\w*|relative to|against|beat\w*|exceed\w*)\b[^.;]{0,40}$",
    re.I,
)
_MEASURED = re.compile(
    r"(?P<what>(?:training |inference |pre-?training |wall-?clock |end-to-end )?(?:compute|computation|parameters|speedup|speed-?up|speed|data|tokens"
    r"|memory|time|FLOPs|cost|throughput|latency|runtime|size|energy))\b",
    re.I,
)
_SETTING = re.compile(
    r"\b(?:zero-shot|few-shot|one-shot|\d+-shot|fine-tuned|in-domain|out-of-domain|low-resource|\d+(?:\.\d+)?B scale)\b",
    re.I,
)
# Precision of place, value and kind by kind of number, on 2,000 labelled abstracts of other venues.
_CONFIDENCE = {"score": 0.75, "change": 0.82, "ratio": 0.8, "size": 0.85, "cost": 0.7}


def find_results(
    text: str, sentences: list[tuple[int, int]], entities: list[PaperEntity]
) -> tuple[list[Result], list[Dropped]]:
    """The reported numbers in order of place, and the numerals that report nothing, with the reason."""
    names = [(m.start, m.end) for e in entities for m in e.mentions]
    results: list[Result] = []
    dropped: list[Dropped] = []
    said: set[tuple[float, str, str]] = set()
    for n in find_numerals(text):
        reason: str | None = None
        report: Report | str = "part of a name"
        sentence = next(((a, b) for a, b in sentences if a <= n.start < b), (0, len(text)))
        if not any(a < n.end and n.start < b for a, b in names if not _is_only_head(text, (a, b), n)):
            report = read_report(text, sentence, n)
        if isinstance(report, str):
            reason = report
        elif (n.value, n.unit, report.kind) in said:
            reason = "said before"
        if reason or isinstance(report, str):
            dropped.append(Dropped(start=n.start, end=n.end, text=text[n.start : n.end], reason=reason or ""))
            continue
        said.add((n.value, n.unit, report.kind))
        results.append(_result(text, sentence, n, report, entities))
    return results, dropped


def _is_only_head(text: str, span: tuple[int, int], n: Numeral) -> bool:
    """Whether an entity begins after the digits, inside the unit: `5% accuracy`, `100B tokens`."""
    return span[0] > n.start


def _result(text: str, sentence: tuple[int, int], n: Numeral, report: Report, entities: list[PaperEntity]) -> Result:
    metric = _metric(text, sentence, n, report, entities)
    words = None if metric or report.kind == "size" else _measured(text, sentence, n)
    baseline = _baseline(text, sentence, n, entities) if report.kind in ("change", "ratio") else None
    setting = _SETTING.search(text, max(sentence[0], n.start - 60), min(sentence[1], n.end + 60))
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
        subject=_id(_subject(text, sentence, n, report, entities, baseline)),
        dataset=_id(_dataset(sentence, n, report, entities)),
        baseline=_id(baseline),
        setting=setting[0] if setting else None,
        evidence=sentence,
        confidence=_CONFIDENCE[report.kind],
    )


def _id(entity: PaperEntity | None) -> str | None:
    return entity.id if entity else None


def _near(
    sentence: tuple[int, int], n: Numeral, entities: Iterable[PaperEntity]
) -> list[tuple[int, PaperEntity, Mention]]:
    """(distance in characters, entity, mention) of the mentions in the sentence, nearest first."""
    found = []
    for e in entities:
        for m in e.mentions:
            if sentence[0] <= m.start < sentence[1]:
                found.append((m.start - n.end if m.start >= n.start else n.start - m.end, e, m))
    return sorted(found, key=lambda f: (f[0], f[1].id))


def _metric(
    text: str, sentence: tuple[int, int], n: Numeral, report: Report, entities: list[PaperEntity]
) -> PaperEntity | None:
    if report.kind == "size":
        return None
    near = _near(sentence, n, (e for e in entities if e.type == "Metric"))
    after = [f for f in near if f[2].start >= n.start and f[0] < 40]
    before = [f for f in near if f[2].start < n.start]
    if after and (not before or after[0][0] <= before[0][0] + 15):
        return after[0][1]
    return before[0][1] if before else after[0][1] if after else None


def _measured(text: str, sentence: tuple[int, int], n: Numeral) -> str | None:
    after = _MEASURED.search(text, n.end, min(sentence[1], n.end + 40))
    if after:
        return after["what"]
    before = list(_MEASURED.finditer(text, max(sentence[0], n.start - 40), n.start))
    return before[-1]["what"] if before else None


def _dataset(sentence: tuple[int, int], n: Numeral, report: Report, entities: list[PaperEntity]) -> PaperEntity | None:
    if report.kind in ("size", "cost"):
        return None
    near = _near(sentence, n, (e for e in entities if e.type == "Dataset"))
    after = [f for f in near if f[2].start >= n.start]
    return after[0][1] if after else near[0][1] if near else None


def _baseline(text: str, sentence: tuple[int, int], n: Numeral, entities: list[PaperEntity]) -> PaperEntity | None:
    for _, e, m in _near(
        sentence, n, (e for e in entities if e.type in ("Method", "Model") and e.role != "introduced")
    ):
        if _AGAINST.search(text[sentence[0] : m.start]):
            return e
    return None


def _subject(
    text: str,
    sentence: tuple[int, int],
    n: Numeral,
    report: Report,
    entities: list[PaperEntity],
    baseline: PaperEntity | None,
) -> PaperEntity | None:
    kinds = ("Method", "Model", "Dataset") if report.kind == "size" else ("Method", "Model")
    actors = [e for e in entities if e.type in kinds and e is not baseline]
    near = _near(sentence, n, actors)
    own = [f for f in near if f[1].role == "introduced"]
    if own:
        return own[0][1]
    if report.kind == "size":
        close = [f for f in near if f[0] < 30]
        if n.unit == "examples":
            close = [f for f in close if f[1].type == "Dataset"]
            introduced = [e for e in actors if e.type == "Dataset" and e.role == "introduced"]
            return close[0][1] if close else introduced[0] if introduced else None
        return close[0][1] if close else None
    if report.kind == "score" and near and near[0][0] < 60:
        return near[0][1]
    introduced = [e for e in actors if e.role == "introduced"]
    return introduced[0] if introduced else near[0][1] if near else None
