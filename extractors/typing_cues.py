"""What a name is, judged by the words around its places in the text."""

import re
from collections import defaultdict
from collections.abc import Collection

from extractors.lexicon import load_lexicon
from kg.schema import EntityType

# After the name: "MMLU benchmark", "GPT-4 model"; weight 3. Longer cues first.
_AFTER: tuple[tuple[EntityType, str, float], ...] = (
    (
        "Dataset",
        r"\s+(?:\w+\s)?(?:data\s?sets?|benchmarks?|corpus|corpora|test\s?sets?|leaderboard|collection|treebank|test suite|dev set"
        r"|validation set|training set|splits?|shared task)\b",
        3,
    ),
    ("Model", r"(?:\s|-)(?:\w+\s)?(?:models?|checkpoints?|LLMs?|LMs?|weights|family|series|variants|encoders?)\b", 2),
    ("Metric", r"\s+(?:scores?|metrics?|values?|points?)\b", 2.5),
    ("Task", r"\s+(?:tasks?|problems?)\b", 2),
    (
        "Method",
        r"\s+(?:framework|method|approach|algorithm|technique|strategy|objective|loss|architecture|layers?|module|mechanism|pipeline"
        r"|optimizer|toolkit|library|regulari[sz]ation|training|training objective|paradigm|system|procedure|recipe)s?\b",
        3,
    ),
)
# Before the name.
_BEFORE: tuple[tuple[EntityType, str, float], ...] = (
    (
        "Dataset",
        r"\b(?:data\s?sets?|benchmarks?|corpora|corpus|test\s?sets)(?:,|\s|\(|:)*(?:such as|like|including|includ\w+|namely|called|named|e\.g\.,?"
        r"|i\.e\.,?|—|-)*\s*(?:(?!\.\s)[^.;]){0,60}$",
        1.5,
    ),
    (
        "Dataset",
        r"\b(?:evaluat\w+|experiments?|results?|tested|validated|performance|improvements?|gains?|accuracy|SOTA|state-of-the-art|trained)\s"
        r"(?:\w+\s){0,4}?(?:on|in)\s(?:both\s|the\s|two\s|all\s)*$",
        1.5,
    ),
    ("Dataset", r"\bon\s(?:the\s)?$", 1.2),
    (
        "Dataset",
        r"\b(?:on|from)\s(?:the\s)?(?:[\w-]+\s)?(?:[A-Z][\w@.+/-]*(?:,\s(?:and\s)?|\sand\s|\s\([^)]*\)\sand\s))+$",
        1.0,
    ),
    (
        "Model",
        r"\b(?:[Mm]odels|LLMs|LMs|networks|systems|backbones)(?:,|\s|\()*(?:such as|like|including|namely|e\.g\.,?)\s*(?:(?!\.\s)[^.;]){0,50}$",
        1.5,
    ),
    (
        "Model",
        r"\b(?:fine-?tun\w+|prompt\w*|pre-?trained|distill\w*|initiali[sz]ed from|weights of|version of|versions of)\s(?:the\s|a\s)?$",
        0.7,
    ),
    (
        "Method",
        r"\b(?:methods|algorithms|techniques|approaches|baselines|optimizers|frameworks)(?:,|\s|\()*(?:such as|like|including|namely|e\.g\.,?)\s*"
        r"(?:(?!\.\s)[^.;]){0,50}$",
        1.5,
    ),
    ("Task", r"\btasks?(?:,|\s|\()*(?:such as|like|including|namely|e\.g\.,?)\s*(?:(?!\.\s)[^.;]){0,60}$", 1.5),
    ("Task", r"\b(?:task|problem)s?\sof\s$", 2),
    ("Metric", r"\b(?:in terms of|measured by|metrics?(?:,|\s|\()*(?:such as|like|including)?)\s(?:the\s)?$", 1.5),
    ("Metric", r"\d\s?%?\s(?:\w+\s)?$", 0.8),
    (
        "Method",
        r"\b(?:using|via|with|through|by|apply\w*|employ\w*|called|termed|dubbed|named)\s(?:the\s|an?\s)?$",
        0.5,
    ),
)
# After the name and a comma or colon, what it is: "X, a benchmark of …", "X: A Dataset for …".
_IS_A = re.compile(
    r"(?:\s\([^)]{1,60}\))?(?:,|:|\s[-–—]|\sis|\s\()\s*(?:which\sis\s)?(?:[Aa]n?|[Tt]he|[Oo]ur)?\s*(?:[\w'’–-]+[\s,]+){0,7}?"
    r"(?P<what>data\s?set|benchmark|corpus|collection|test\s?suite|testbed|challenge|treebank|language models?|LLMs?|model|foundation model|family"
    r"|metric|measure|score|method|framework|approach|algorithm|technique|strategy|system|toolkit|library|pipeline|architecture|objective"
    r"|paradigm|mechanism|module|platform|recipe|optimizer|procedure|scheme|network|loss|agent|tool|methodology|evaluation)s?\b",
    re.IGNORECASE,
)
# Before the name, what it is: "a dataset called X", "the new benchmark, X".
_WHAT_IS = re.compile(
    r"\b(?P<what>data\s?set|benchmark|corpus|collection|test\s?suite|testbed|challenge|language model|LLM|model|family|metric|measure|method|framework"
    r"|approach|algorithm|technique|strategy|system|toolkit|library|pipeline|architecture|objective|paradigm|mechanism|module|platform"
    r"|recipe|optimizer|procedure|scheme|network|loss|agent|tool|methodology)s?\b"
    r"(?:\s(?:for|of|to|that|which)\s[^.;,]{1,60})?,?\s*(?:called|named|termed|dubbed|coined|i\.e\.,?|namely|which we call|we call|\()?\s*[\"“'‘`*]*$",
    re.IGNORECASE,
)
_WHAT: dict[str, EntityType] = {
    "dataset": "Dataset",
    "data set": "Dataset",
    "benchmark": "Dataset",
    "corpus": "Dataset",
    "collection": "Dataset",
    "test suite": "Dataset",
    "testsuite": "Dataset",
    "testbed": "Dataset",
    "challenge": "Dataset",
    "treebank": "Dataset",
    "evaluation": "Dataset",
    "language model": "Model",
    "language models": "Model",
    "llm": "Model",
    "llms": "Model",
    "model": "Model",
    "foundation model": "Model",
    "family": "Model",
    "metric": "Metric",
    "measure": "Metric",
    "score": "Metric",
}
_SHAPE: tuple[tuple[EntityType, str, float], ...] = (
    (
        "Model",
        r"\d[BM](?:\b|-)|(?:BERT|GPT|LLaMA|Llama|LM|ViT|T5)\b|BERTa\b|-(?:Instruct|Chat|Large|Base)$|[Ff]ormer$",
        1.5,
    ),
    ("Dataset", r"(?:QA|Bench|Eval|Corpus|Data|NLI|SQL|Wiki|Net-?\d+[kK]?|Set|-\d+[KkM])$|[Bb]ench", 1.3),
    ("Metric", r"@\w+$|(?:F1|Score|BLEU|AUC)$", 1.5),
)


# Places that vote; an abstract names a thing five times at the most.
_MOST_PLACES = 20


def judge_type(
    text: str, places: list[tuple[int, int]], long_form: str | None, *, among: Collection[EntityType] = ()
) -> EntityType:
    """The type of a name, from its places and the last word of its full form.

    `among` limits the types, unless it is empty.

    >>> text = "We present FooBar, a new benchmark for parsing. GPT-9 fails on FooBar."
    >>> judge_type(text, [(11, 17), (63, 69)], None)
    'Dataset'
    """
    votes: dict[EntityType, float] = defaultdict(float)
    for start, end in places[:_MOST_PLACES]:
        _vote_by_context(text, start, end, votes)
    surface = text[places[0][0] : places[0][1]]
    for kind, pattern, weight in _SHAPE:
        if re.search(pattern, surface):
            votes[kind] += weight
    if long_form:
        _vote_by_full_form(long_form, votes)
    votes["Method"] += 0.6
    return max(among or votes, key=lambda t: (votes[t], t))


def _vote_by_context(text: str, start: int, end: int, votes: dict[EntityType, float]) -> None:
    before, after = text[max(0, start - 140) : start].split("\n")[-1], text[end : end + 140].split("\n")[0]
    for kind, pattern, weight in _AFTER:
        if re.match(pattern, after):
            votes[kind] += weight
            break
    for kind, pattern, weight in _BEFORE:
        if re.search(pattern, before):
            votes[kind] += weight
    for match in (_IS_A.match(after), _WHAT_IS.search(before)):
        if match:
            votes[_WHAT.get(re.sub(r"\s+", " ", match["what"].lower()), "Method")] += 3


def _vote_by_full_form(long_form: str, votes: dict[EntityType, float]) -> None:
    last = re.split(r"[\s-]", long_form.strip())[-1].lower()
    kind = load_lexicon().heads.get(last) or _WHAT.get(last.removesuffix("s"))
    if kind:
        votes[kind] += 2.5
