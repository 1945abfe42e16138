r"""The number grammar: numerals with their multipliers and units, and what kind of report each is.

A numeral is read as it is written (`2.13X`, `sim3x`, `0.07\%`, `two orders of magnitude`); units
and multipliers run back along a list or a range (`1.0, 1.3 and 2.5 percentage points`).
"""

import re
from dataclasses import dataclass, replace

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_MULTIPLIERS = {
    "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "g": 1e9, "mm": 1e6, "bn": 1e9, "tn": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_BYTES = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15}
EXAMPLE_NOUNS = (
    "examples samples images documents pairs questions sentences videos instances queries articles pages dialogues "
    "conversations utterances annotations clips posts tweets reviews records prompts passages subjects recordings "
    "trajectories demonstrations episodes datapoints datums entries abstracts papers problems triples triplets turns "
    "captions summaries snippets comments messages stories files repositories functions programs frames scenes "
    "claims cases items segments observations"
)
_SINGULAR_NOUNS = "|".join(sorted({n.removesuffix("s") for n in EXAMPLE_NOUNS.split()} - {"querie", "storie"}))

_POWER = r"(?:\d+(?:\.\d+)?\s?(?:\\times|×)\s?)?10\s?[\^ˆ]\s?(?:\{-?\d{1,2}\}|-?\d{1,2})\$?"
_CARD = r"(?:[ABHV]\d{2,3}|RTX\s?\d{4})\w*"
_NUMERAL = r"\d{1,3}(?:,\d{3}|,\s000)+(?:\.\d+)?(?![\d,])|\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE]-\d+)?|\.\d+"
_UNIT = rf"""
    (?P<percent>\s?\\?%|\s?percent(?:age)?(?!\w|\s+points?)|\s?per\s?cent\b)
  | (?P<pp>\s?(?:\\?%\s*|percent(?:age)?[\s-]+|absolute\s+)points?\b|\s?p\.\s?p\.|\s?pps?\b|\s?ppts?\b)
  | (?P<x>\s?(?:x|X|×|times|\\times|\$\\times\$|-?fold)(?![\w])|\s?orders?\s+of\s+magnitude)
  | (?P<points>[\s-](?:[A-Z][\w-]*\s|absolute\s|accuracy\s|score\s)?(?:points?|pts)\b)
  | (?P<tokens>[\s-](?:[a-z-]+\s)?tokens?\b)
  | (?P<parameters>[\s-](?:trainable\s|learnable\s|total\s|active\s|activated\s|model\s)?(?:parameters?|params?)\b|-parameter\b)
  | (?P<bytes>\s?(?:[KMGTP]B)(?![\w])|[\s-](?:kilo|mega|giga|tera|peta)bytes?\b)
  | (?P<gpu_hours>\s(?:\w+\s){{0,2}}?(?:GPU|TPU|{_CARD})[\s-]?(?:hours?|days?)\b)
  | (?P<cards>(?:\s?[x×]\s?|\s(?:N(?:VIDIA|vidia)\s)?){_CARD}(?:-\d+GB?)?(?:[\s-]GPUs?\b)?)
  | (?P<gpus>\s(?:\w+\s){{0,2}}?(?:GPUs?|TPUs?)\b(?![\s-]?(?:hour|day)))
  | (?P<time>[\s-]?(?:hours?|hrs?|days?|weeks?|minutes?|mins?|seconds?|secs?|ms|milliseconds?)\b|(?<=\d)s(?!\w))
  | (?P<flops>\s?(?:[GMTPE]?FLOPs?|FLOPS)\b)
  | (?P<bits>[\s-]?bits?\b)
  | (?P<rate>\s?(?:[kMG]?Hz|[KMG]bps|FPS|fps)\b)
  | (?P<words>\s(?:words)\b)
  | (?P<examples>\s(?:(?!and\b|or\b|of\b|in\b|on\b|for\b|with\b|to\b|from\b|different\b|tasks?\b)[\w-]+\s){{0,3}}?
      (?:(?:{_SINGULAR_NOUNS})s?|queries|stories|data(?:\spoints?)?)\b)
"""
# Words that are numbers only before one of these: "two million", "a hundred", "three times".
_COUNTED = (
    "thousand|million|billion|trillion|hundred|percent|percentage|times|x\\b|orders?\\s+of\\s+magnitude|GPU|TPU"
    rf"|points\b|bits?\b|(?:N(?:VIDIA|vidia)\s)?{_CARD}|seconds?|hours?|minutes?|days?|weeks?|fold"
)
_NUMBER = re.compile(
    rf"""
    (?:(?P<sign>(?:~|≈|∼|\+|\\sim\s?|\$\\sim\$\s?|\bsim(?=\d)|\$(?=\d)|US\$|>|<|±)\s?)|(?<=rightarrow)|(?<![\w.]))
    (?:(?P<power>{_POWER})
      |(?P<by>[xX×](?=\d))?(?P<digits>{_NUMERAL})(?P<tens>s(?=\sof\s))?
      |(?P<word>\b(?i:{"|".join(_WORDS)}|a|an|half|single)\b)(?=[\s-](?:{_COUNTED})))
    (?:(?P<multiplier>(?:[KkMBbTG]|MM|bn)(?![\w%])|\s[KMB](?=\s[a-z]|-param)|[\s-]?(?:thousand|million|billion|trillion)s?\b))?
    (?:(?<=\d)\$)?
    (?P<unit>{_UNIT})?
    """,
    re.VERBOSE,
)
_FIXED = re.compile(
    r"\b(?:(?P<twice>twice)|(?P<double>(?-i:doubl(?:es|ed|ing|e)))|(?P<triple>(?-i:tripl(?:es|ed|ing|e)))"
    r"|(?P<halve>(?-i:halv(?:es|ed|ing)))|(?P<half>half(?=\s+(?:the|of|as|its|their|that|its)\b)|by\s+half\b)"
    r"|(?P<part>(?P<parts>an?|one|two|three|four|five|seven)[\s-]"
    r"(?P<whole>thirds?|quarters?|(?:fifth|sixth|seventh|eighth|ninth|tenth)s?(?=\s(?:of|as|the|less|fewer|more)\b|[.,;)])))"
    r"|(?P<fraction>(?<![\d./])(?P<over>\d{1,2})/(?P<under>[1-9]\d?)(?=\s(?:of|as)\b))"
    r"|(?P<nfold>(?:two|three|four|five|six|seven|eight|nine|ten)fold)"
    r"|(?P<factor>factors?\s+of\s+(?P<by>\d+(?:\.\d+)?(?!\w|\.\d)|two|three|four|five|ten)))\b",
    re.IGNORECASE,
)
_FIXED_VALUES = {
    "twice": 2.0, "double": 2.0, "triple": 3.0, "halve": 0.5, "half": 0.5,
}  # fmt: skip
_PARTS = {
    "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
# What may stand between two numbers of one list or range.
_LIST_GAP = re.compile(
    r"\s*(?:,|,?\s*(?:and|or|to)|-|–|—|--|/|\\?→|vs\.?|versus|x2013|\$?\\?rightarrow\$?|,\s*and,)\s*"
    r"(?:(?:over|up to|about|around|roughly|almost|nearly)\s+)?"
)

# A sign before the second number that makes the two a range: "4 ~ 6x".
_TILDE = re.compile(r"[~∼]|\$?\\sim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number in the text: half-open offsets, its value with multipliers out, its unit ("" for none)."""

    start: int
    end: int
    value: float
    unit: str
    signed: bool = False
    ranged: bool = False


def find_numerals(text: str) -> list[Numeral]:
    r"""Every numeral of `text` in order of place, with units passed back along lists and ranges.

    >>> [(n.value, n.unit) for n in find_numerals("1.0, 1.3 and 2.5 percentage points on 100B tokens, ~5x")]
    [(1.0, 'pp'), (1.3, 'pp'), (2.5, 'pp'), (100000000000.0, 'tokens'), (5.0, 'x')]
    >>> [(n.value, n.unit) for n in find_numerals("from 35.5\\% to 44.5\\%; two orders of magnitude; $20; 1.9-3.3x")]
    [(35.5, '%'), (44.5, '%'), (100.0, 'x'), (20.0, 'USD'), (1.9, 'x'), (3.3, 'x')]
    >>> [(n.value, n.unit) for n in find_numerals("three times, GPT-2, CIFAR100, LLaMA 3.1")]
    [(3.0, 'x'), (3.1, '')]
    >>> [(n.value, n.unit) for n in find_numerals("$6\\times 10^{11}$ tokens, 1.6 and 3.1 billion parameters, x100, 8xH100")]
    [(600000000000.0, 'tokens'), (1600000000.0, 'parameters'), (3100000000.0, 'parameters'), (100.0, 'x'), (8.0, 'GPUs')]
    >>> [(n.value, n.unit) for n in find_numerals("Four fifths of it on two RTX 4090 GPUs, 310 A100 hours, a fifth method")]
    [(0.8, 'x'), (2.0, 'GPUs'), (310.0, 'GPU hours')]
    >>> [(n.value, n.unit) for n in find_numerals("by 4 $\\sim$ 6x and 0.30 ∼ 0.85%, 20~30K tokens")]
    [(4.0, 'x'), (6.0, 'x'), (0.3, '%'), (0.85, '%'), (20000.0, 'tokens'), (30000.0, 'tokens')]
    """
    found = [_fixed(match) for match in _FIXED.finditer(text)]
    taken = {at for n in found for at in range(n.start, n.end)}
    for match in _NUMBER.finditer(text):
        numeral = _numeral(text, match)
        if numeral and taken.isdisjoint(range(numeral.start, numeral.end)):
            found.append(numeral)
    found.sort(key=lambda n: n.start)
    return _pass_units_back(text, found)


# The run that a number ends is a name: "GPT-2", "LLaMA3-70B"; not "sub-10B", "1B-7B" or "5.9%rightarrow10.9%".
_NAME_BEFORE = re.compile(r"(?<![\w.])(?!(?i:sub|over)-)[A-Za-z][\w.]*[-/_.]$")

# "the 90s", "mid-90s"; not "within 30s".
_DECADE_BEFORE = re.compile(r"\b(?:the|early|mid|late)[\s-]$")


# "$22.7$" is no money.
_MATH = re.compile(r"\$[^$\s]+\$")


def _numeral(text: str, m: re.Match[str]) -> Numeral | None:
    start, end = m.start(), m.end()
    if not m["sign"] and _NAME_BEFORE.search(text, max(0, start - 40), start):
        return None
    if m["power"]:
        value = _power(m["power"])
    elif m["word"]:
        value = 0.5 if m["word"].lower() == "half" else float(_WORDS.get(m["word"].lower(), 1))
        if re.match(r"[\s-]hundred", text[m.end("word") :]):
            value *= 100
    else:
        value = float(re.sub(r",\s?", "", m["digits"]))
    unit = _unit_name(m) or ("x" if m["by"] else "")
    multiplier = (m["multiplier"] or "").strip(" -").lower().removesuffix("s")
    if multiplier:
        value *= _MULTIPLIERS[multiplier]
    elif unit == "bytes":
        value *= _BYTES[m["bytes"].strip(" -")[0].upper() + "B"]
    elif unit == "FLOPs" and (scale := m["flops"].strip()[0]) in "GMTPE":
        value *= {"M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}[scale]
    elif m["x"] and "magnitude" in m["x"]:
        value = 10.0**value
    if end < len(text) and text[end].isalpha() and not m["unit"]:
        return None  # the digits of a name or of a unit that is not ours: 3D, 10th
    if m["time"] == "s" and (value >= 1000 or _DECADE_BEFORE.search(text, max(0, start - 6), start)):
        return None
    if "$" in (m["sign"] or "") and "sim" not in m["sign"] and not m["unit"] and not _MATH.match(text, start):
        unit = "USD"
    if not unit and multiplier == "b":
        unit = "parameters"
    return Numeral(start=start, end=end, value=_tidy(value), unit=unit, signed="+" in (m["sign"] or ""))


def _power(written: str) -> float:
    factor, _, exponent = re.sub(r"[\s{}$]", "", written).replace("ˆ", "^").partition("10^")
    return float(factor.rstrip("×\\times") or 1) * 10.0 ** int(exponent)


def _unit_name(m: re.Match[str]) -> str:
    names = {
        "percent": "%", "pp": "pp", "x": "x", "points": "points", "tokens": "tokens", "parameters": "parameters",
        "bytes": "bytes", "gpus": "GPUs", "cards": "GPUs", "flops": "FLOPs", "bits": "bits", "words": "words", "examples": "examples",
    }  # fmt: skip
    for group, name in names.items():
        if m[group]:
            return name
    if m["gpu_hours"]:
        return "GPU days" if "day" in m["gpu_hours"] else "GPU hours"
    if m["time"]:
        return _time_unit(m["time"].strip(" -"))
    return (m["rate"] or "").strip()


def _time_unit(word: str) -> str:
    for prefix, name in (("h", "hours"), ("d", "days"), ("w", "weeks"), ("mi", "minutes"), ("s", "seconds")):
        if word.startswith(prefix) and not word.startswith("milli"):
            return name
    return "ms"


def _fixed(match: re.Match[str]) -> Numeral:
    group = match.lastgroup
    if match["factor"]:
        by = match["by"].lower()
        value = float(_WORDS[by]) if by in _WORDS else float(by)
    elif match["part"]:
        value = _tidy(_WORDS.get(match["parts"].lower(), 1) / _PARTS[match["whole"].removesuffix("s")])
    elif match["fraction"]:
        value = _tidy(float(match["over"]) / float(match["under"]))
    elif match["nfold"]:
        value = float(_WORDS[match["nfold"].lower().removesuffix("fold")])
    else:
        value = _FIXED_VALUES[group or ""]
    start = match.start() + (3 if match[0].lower().startswith("by ") else 0)
    return Numeral(start=start, end=match.end(), value=value, unit="x")


def _tidy(value: float) -> float:
    """`value` without the noise of multiplying: 1.1 * 1e9 is 1100000000."""
    return float(f"{value:.12g}")


def _pass_units_back(text: str, found: list[Numeral]) -> list[Numeral]:
    out = list(found)
    for i in range(len(out) - 2, -1, -1):
        here, after = out[i], out[i + 1]
        gap = text[here.end : after.start]
        tilde = not gap.strip() and _TILDE.match(text, after.start) is not None
        if not tilde and not _LIST_GAP.fullmatch(gap):
            continue
        ranged = tilde or bool(re.search(r"to|-|–|—|x2013|arrow|→", gap))
        unit = here.unit or after.unit
        value = here.value
        # Nobody has a model of 1.6 parameters; "from 5 to 10 million" may mean five.
        if not here.unit and after.unit and (unit == "parameters" or (ranged and gap.strip() != "to")):
            value = _tidy(value * _shared_multiplier(text[here.start : here.end], text[after.start : after.end]))
        out[i] = replace(here, unit=unit, value=value, ranged=ranged)
    return out


def _shared_multiplier(here: str, after: str) -> float:
    own = re.search(r"\d\s?-?(k|K|M|B|T|thousand|million|billion|trillion)\b", here)
    shared = re.search(r"\d[\s-]?(K|k|M|B|T|thousand|million|billion|trillion)s?(?=[\s-]|$)", after)
    return 1.0 if own or not shared else _MULTIPLIERS[shared[1].lower()]
