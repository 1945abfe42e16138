"""Which numbers of an abstract are reports, of what kind, and which way they point."""

import re
from dataclasses import dataclass

from extractors.numbers import Numeral
from kg.schema import Direction, NumberKind

_UP = (
    r"improv\w*|increas\w*|gain\w*|higher|better|boost\w*|outperform\w*|surpass\w*|exceed\w*|faster|more|larger|rais\w*"
    r"|enhanc\w*|speed\w*|accelerat\w*|uplift\w*|longer|greater|grow\w*|beat\w*|advanc\w*|above|bigger|rise\w*|lift\w*"
)
_DOWN = (
    r"reduc\w*|decreas\w*|drop\w*|lower\w*|fewer|less|smaller|sav(?:e|es|ed|ing|ings)|degrad\w*|declin\w*|worse|shorter"
    r"|cut\w*|prun\w*|compress\w*|remov\w*|fall\w*|loss\b|cheaper|below|behind|shrink\w*|minimi[sz]\w*|slower|decay\w*"
    r"|underperform\w*|discard\w*|lighter|eliminat\w*"
)
_CHANGE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_CHANGE_BY = re.compile(r"\bby\s+(?:(?:up to|at least|an?|average|of|over|more than|about|around|nearly|approximately"
                        r"|roughly|only|as much as|almost|another|additional|absolute|relative|and|on)\s+)*$", re.I)  # fmt: skip
_QUALITY = re.compile(
    r"\b(?:accura\w+|f1\w*|f-?score|scores?|bleu|rouge\S*|meteor|auc\w*|auroc|map|miou|iou|precision|recall|rates?|wer|cer|perplexity"
    r"|ppl|ndcg\S*|mrr|hits?@\S+|pass@\S+|recall@\S+|em|exact match|correlation|kappa|agreement|fid|psnr|ssim|mse|rmse|mae|error"
    r"|loss|coverage|similarity|top-1|rmse|spearman\w*|pearson\w*|likelihood|probability|success|performance|win|comet|las|uas"
    r"|macro\S*|micro\S*|sparsity|r2|mcc|eer|dice|asr)\b",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\s*(?:\S+\s){0,1}?of\s+(?:the\s+|its\s+|their\s+|all\s+|an?\s+|our\s+|total\s+|available\s+|these\s+|those\s+)*"
    r"(?:\S+\s+){0,3}?(?:data\w*|parameters?|weights?|tokens?|compute|computation\w*|training|budget|examples?|samples?|labels?"
    r"|performance|accuracy|cost\w*|memory|size|time|flops|original|pre-?training|annotat\w*|capability|quality|baseline|full"
    r"|corpus|set|model\w*|pairs|images|tuning|layers|neurons|energy|storage)\b",
    re.IGNORECASE,
)
_SIZE_SHARE = re.compile(
    r"\s*(?:sparsity|sparse|of\s+(?:the\s+)?(?:\w+\s)?parameters|(?:extra|additional|more\s)?trainable)", re.I
)
_NOT_REPORT_AFTER = re.compile(
    r"[\s-]*(?:shot|way|hop|layers?|dimension\w*|epochs?|folds?\b(?!\s+(?:improve|increase|reduc|speed))|heads?|stages?|steps?|rd|th\b|st\b"
    r"|-?class(?:es)?\b|class\b|d\b|D\b|languages?|datasets?|tasks?|benchmarks?|models|baselines|domains?|criteria|types|categor\w+|years?"
    r"|authors?|experiments?|settings?|scenarios|metrics|aspects|methods|countries|runs?|nodes|fields|teams?|participants?|experts?|dialects"
    r"|pages long|levels?|components?|architectures|environments|LLMs)\b",
    re.IGNORECASE,
)
_NOT_REPORT_BEFORE = re.compile(
    r"(?:\b(?:section|sec\.|table|figure|fig\.|eq\.|equation|task|track|subtask|version|v|chapter|appendix|stage|phase|step|level|top|type"
    r"|part|theorem|lemma|seed|k|n|p|epsilon|alpha|beta|gamma|lambda|rank|ranked|topp|semeval|task-|no\.|number|#|et al\.,?|covid|in|since|ell_?"
    r"|system|bits?|days?)\s*[=<>≤≥-]?\s*|[\[_^{=])$",
    re.IGNORECASE,
)
_COST = re.compile(
    r"\b(?:cost\w*|budget|spen[dt]\w*|price\w*|consum\w+|takes?|taking|took|requir\w+|within|under|latency|runtime)\b",
    re.I,
)
_TIMES_NOISE = re.compile(
    r"\b(?:at|of|all|many|several|some|other|inference|training|long|different)\s+$", re.IGNORECASE
)
_HOURS_OF = re.compile(
    r"\s+of\s+(?:\w+\s){0,3}?(?:speech|audio|video\w*|data|recordings?|footage|music|dialogue|conversation\w*)", re.I
)


# Characters of the sentence that are looked at on each side: more than any cue is away.
_WINDOW = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a numeral reports. `direction` is None unless kind is change or ratio."""

    kind: NumberKind
    direction: Direction | None


def read_report(text: str, sentence: tuple[int, int], n: Numeral) -> Report | str:
    """The report that the numeral makes in its sentence, or the reason why it makes none.

    >>> text = "It outperforms GPT-2 by 2.1% on five tasks with 11% of the data."
    >>> from extractors.numbers import find_numerals
    >>> [read_report(text, (0, len(text)), n) for n in find_numerals(text)]
    [Report(kind='change', direction='increase'), Report(kind='ratio', direction='decrease')]
    """
    before = text[max(sentence[0], n.start - _WINDOW) : n.start]
    after = text[n.end : min(sentence[1], n.end + _WINDOW)]
    if reason := _excluded(before, after, n):
        return reason
    if n.unit == "%":
        return _percent(before, after, n)
    if n.unit == "x":
        return _times(before, after, n)
    if n.unit in ("pp", "points"):
        return Report(kind="change", direction=_direction(before, after))
    if n.unit in ("hours", "days", "weeks", "minutes", "seconds", "ms") and _HOURS_OF.match(after):
        return Report(kind="size", direction=None)
    if n.unit in ("hours", "days", "weeks", "minutes", "seconds", "ms", "GPU hours", "GPU days", "USD", "GPUs"):
        return Report(kind="cost", direction=None)
    if n.unit in ("FLOPs", "bytes"):
        return _amount(before, after)
    if n.unit in ("tokens", "parameters", "examples", "bits", "words"):
        return _counted(before, after, n)
    return _bare(before, after, n)


def _excluded(before: str, after: str, n: Numeral) -> str | None:
    if not n.unit and n.value in range(1900, 2101):
        return "a year"
    if not n.unit and _NOT_REPORT_AFTER.match(after):
        return "a count of the study's own parts"
    if not n.unit and _NOT_REPORT_BEFORE.search(before):
        return "a label, not a quantity"
    if re.match(r"\s?%?\s*(?:confidence|credible)\s+interval", after):
        return "a confidence level"
    if n.unit == "x" and _TIMES_NOISE.search(before):
        return "times as occasions"
    return None


def _direction(before: str, after: str) -> Direction:
    """The way of the nearest word of change, those before in the clause first when they say `by`."""
    near_after = _CHANGE.search(re.split(r"[,;(]|\band\b", after, maxsplit=1)[0][:45])
    near_before = next(reversed(list(_CHANGE.finditer(before[-90:]))), None)
    if near_before and (_CHANGE_BY.search(before) or not near_after):
        return "increase" if near_before["up"] else "decrease"
    if near_after:
        return "increase" if near_after["up"] else "decrease"
    return "increase"


def _percent(before: str, after: str, n: Numeral) -> Report:
    if _SIZE_SHARE.match(after) and not _CHANGE_BY.search(before):
        return Report(kind="size", direction=None)
    if n.signed or _CHANGE_BY.search(before):
        return Report(kind="change", direction=_direction(before, after))
    if _is_step(before, after):
        return Report(kind="score", direction=None)
    if _SHARE_OF.match(after) or re.match(r"\s+(?:as many|the (?:size|cost|number|time|compute))", after):
        return Report(kind="ratio", direction="decrease")
    head = re.split(r"[,;()]|\band\b|\bwith\b", after, maxsplit=1)[0][:40]
    close = re.split(r"[,;()]", before)[-1][-60:]
    if re.match(rf"\s*(?:\S+\s){{0,4}}?(?:{_UP}|{_DOWN})\b", head, re.IGNORECASE):
        return Report(kind="change", direction=_direction(before, after))
    if _says_score(close, head):
        return Report(kind="score", direction=None)
    if _CHANGE.search(close) or _CHANGE.search(head):
        return Report(kind="change", direction=_direction(before, after))
    if _CHANGE.search(before[-110:]) and not _QUALITY.search(close):
        return Report(kind="change", direction=_direction(before, after))
    return Report(kind="score", direction=None)


def _is_step(before: str, after: str) -> bool:
    """Either end of `from 35.5% to 44.5%`, or of an arrow between two values."""
    starts = re.search(r"\bfrom\s+(?:(?:about|around|roughly|an?|average|of)\s+)*$", before) and re.match(
        r"[^.;]{0,40}?\bto\s+(?:\w+\s+){0,3}?\d", after
    )
    ends = re.search(
        r"\bfrom\s+(?:\w+\s+){0,3}?~?\d[^;]{0,45}\bto\s+(?:(?:about|around|over|roughly|nearly)\s+)*$", before
    )
    arrow = re.match(r"\s*\$?(?:\\?rightarrow|→|->)", after) or re.search(r"(?:rightarrow|→|->)\$?\s*$", before)
    return bool(starts or ends or arrow)


def _says_score(close: str, head: str) -> bool:
    of = re.search(r"(?:\bof|\bat|\bis|\bwas|\bto|\breach\w*|\bachiev\w*|\bobtain\w*|\battain\w*|\bscor\w*|:|=)\s+"
                   r"(?:(?:up to|over|about|around|an?|average|nearly|approximately|only|more than|impressive|the)\s+)*$", close)  # fmt: skip
    if of and re.search(
        r"(?:improve|increas|gain|reduc|decreas|drop|speed|boost|degrad)\w*\s+(?:\S+\s+){0,4}?of\s", close + " "
    ):
        return False
    if of and _QUALITY.search(close + head[:25]):
        return True
    return bool(re.match(r"\s*(?:\S+\s){0,3}?(?:accura|f1|score|precision|recall|success|win|auc|map|correct)", head, re.I) and not
                _CHANGE.search(close))  # fmt: skip


def _times(before: str, after: str, n: Numeral) -> Report:
    fraction = n.value < 1 and not n.ranged
    direction = _direction(before, after)
    if fraction and direction == "increase" and not _CHANGE.search(after[:25]):
        direction = "decrease"
    return Report(kind="ratio", direction=direction)


def _amount(before: str, after: str) -> Report:
    if _CHANGE_BY.search(before) or re.match(rf"\s*(?:\S+\s){{0,2}}?(?:{_UP}|{_DOWN})\b", after, re.IGNORECASE):
        return Report(kind="change", direction=_direction(before, after))
    return Report(kind="cost" if _COST.search(before[-50:] + after[:30]) else "size", direction=None)


def _counted(before: str, after: str, n: Numeral) -> Report | str:
    if n.unit == "examples" and n.value <= 15 and float(n.value).is_integer():
        return "a count of the study's own parts"
    if n.unit == "tokens" and re.search(r"\b(?:consum\w+|spen[dt]\w*|cost\w*)\b[^.]{0,25}$", before, re.IGNORECASE):
        return Report(kind="cost", direction=None)
    return Report(kind="size", direction=None)


def _bare(before: str, after: str, n: Numeral) -> Report | str:
    if n.signed:
        return Report(kind="change", direction=_direction(before, after))
    whole = float(n.value).is_integer()
    close = re.split(r"[;]", before)[-1][-70:]
    if n.value >= 1e3 and whole:
        return Report(kind="size", direction=None) if n.value >= 1e5 else "a whole number without a unit"
    if _is_step(before, after) and _QUALITY.search(before[-80:] + after[:60]):
        return Report(kind="score", direction=None)
    if _CHANGE_BY.search(before) or re.match(rf"\s+(?:\S+\s)?(?:{_UP}|{_DOWN}|BLEU|ROUGE|F1)\b", after):
        if whole and not _QUALITY.search(close[-40:] + after[:40]):
            return "a whole number without a unit"
        return Report(kind="change", direction=_direction(before, after))
    if not whole and (_QUALITY.search(close) or _QUALITY.search(after[:40])):
        of_change = re.search(rf"\b(?:{_UP}|{_DOWN})\s+(?:\S+\s+){{0,4}}?of\s+(?:\S+\s+)?$", close, re.IGNORECASE)
        return (
            Report(kind="change", direction=_direction(before, after))
            if of_change
            else Report(kind="score", direction=None)
        )
    return "a number without a unit or a measure"
