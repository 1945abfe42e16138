"""Places in a text that may name something: from the lexicon, acronym definitions, coined names, phrases."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.acronyms import Acronym
from extractors.lexicon import Form, Lexicon
from kg.schema import EntityType
from kg.text import decode_residue, name_key, singular


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that may name something. `type` is None where only the context can tell; `rule` says who found it."""

    start: int
    end: int
    type: EntityType | None
    rule: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits with its offsets; `keys` are its normal form and the one with its plural s."""

    text: str
    start: int
    end: int
    keys: tuple[str, str]


# An accent by a LaTeX command inside a word, as in `T\\"ULU` and `Fr{\\'e}chet`.
_ACCENT = re.compile(r"\{?\\[\"'`^~=.]\{?[A-Za-z]\}?\}?")


def split_words(text: str, tokens: Iterable[tuple[int, int]]) -> list[Word]:
    """The words among tokens given by their offsets; what a LaTeX accent cut apart is one word."""
    accent_at = {at: m.span() for m in _ACCENT.finditer(text) for at in range(m.start(), m.end() + 1)}
    spans: list[tuple[int, int]] = []
    for start, end in tokens:
        accent = accent_at.get(start)
        if accent and start < accent[1]:
            start, end = min(start, accent[0]), max(end, accent[1])
        if accent_at and spans and spans[-1][1] >= start and (spans[-1][1] in accent_at or start in accent_at):
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        elif text[start].isalnum() or (accent and start < accent[1]):
            spans.append((start, end))
    return [_word(text[a:b], a, b) for a, b in spans]


def _word(surface: str, start: int, end: int) -> Word:
    plain = decode_residue(surface) if "\\" in surface else surface
    whole = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return Word(plain, start, end, (singular(whole).casefold(), whole.casefold()))


_GAP = re.compile(r"[\s\-–/.@&'+]{1,2}")
_PLAIN_GAP = re.compile(r"[ \-–]")
_MODEL_TAIL = re.compile(
    r"(?:[-\s]?v?\d{1,2}(?:\.\d{1,2})?(?![\d%\w.]|\s?(?:times|percent|points|%|x\b)))?"
    r"(?:[-\s]\d{1,4}(?:\.\d{1,2})?[BMK]\b)?"
    r"(?:-(?:[Ii]nstruct|[Cc]hat|[Bb]ase|[Ll]arge|[Ss]mall|XX?L|[Mm]ini|[Tt]urbo|[Cc]oder|[Mm]ath|[Tt]iny|[Hh]uge|\d{1,3}))*"
    r"(?:[-/](?:[BLSH])(?:[-/]\d{2})?\b)?"
)
# Part of a run without spaces: letters and digits, joined by hyphens and the like.
_RUN = re.compile(r"[A-Za-z0-9]+(?:[-+.@/'_*][A-Za-z0-9]+)*[*+]*")
_TITLE_NAME = re.compile(r"(?P<name>[^\s:?!,.][^:?!,.\n]{1,40}?)\s*:\s")
# What likens something else to the name before it: "BERT-style encoders".
_LIKENESS = re.compile(
    r"-(?:style|like|based|family|specific|tuned|trained|generated|level|scale|driven|guided|aware|free|type|inspired|equipped"
    r"|selected|filtered|finetuned|adapted|compressed|quantized|enhanced|augmented|powered|related|pretrained|only|optimal|compatible|hard|complete"
    r"|agnostic|centric)s?$"
)
_HARDWARE = re.compile(
    r"(?:NVIDIA|[AHVT]\d{2,3}s?|RTX|[GTC]PUs?|TPUv\d|[KMGT]B|GHz|MHz|CUDA|RAM|VRAM|HBM)(?:-?\d+\w*)?"
)
_ROMAN = re.compile(r"[IVX]+")


def find_lexicon_names(text: str, words: list[Word], lexicon: Lexicon) -> Iterator[Candidate]:
    """The longest known form at each word; sizes and versions that follow a model's name belong to it."""
    at = 0
    while at < len(words):
        hit = _longest_form(text, words, at, lexicon)
        if hit is None:
            at += 1
            continue
        forms, last = hit
        start, end = words[at].start, words[last].end
        name: str | None = forms[0].name
        types = {f.type for f in forms}
        if "Model" in types:
            tail = _MODEL_TAIL.match(text, end)
            if tail and tail[0].strip():
                end, name, types = tail.end(), None, {"Model"}
        known = forms[0].type if len(types) == 1 else None
        yield Candidate(start=start, end=end, type="Model" if types == {"Model"} else known, rule="lexicon", name=name)
        while at < len(words) and words[at].start < end:
            at += 1


def _longest_form(text: str, words: list[Word], at: int, lexicon: Lexicon) -> tuple[tuple[Form, ...], int] | None:
    best = None
    joined, gaps = "", ""
    for last in range(at, min(at + 9, len(words))):
        if last > at:
            gap = text[words[last - 1].end : words[last].start]
            if not _GAP.fullmatch(gap):
                break
            gaps += gap
            joined += _digit_joint(text, words[last - 1].end, words[last].start)
        one, many = words[last].keys
        forms = lexicon.forms.get(joined + one) or lexicon.forms.get(joined + many, ())
        written = tuple(f for f in forms if _is_written_so(text, words[at].start, words[last].end, f, gaps))
        if written:
            best = written, last
        joined += many
        if len(joined) > lexicon.longest:
            break
    return best


def _digit_joint(text: str, end: int, start: int) -> str:
    """What a name key has between two words: a point or hyphen between digits, else nothing."""
    if not (text[end - 1].isdigit() and text[start].isdigit()):
        return ""
    return "." if text[end:start] == "." else "-"


def _is_written_so(text: str, start: int, end: int, form: Form, gaps: str) -> bool:
    surface = text[start:end]
    if any(not _PLAIN_GAP.fullmatch(g) and g not in form.text for g in gaps):
        return False
    if not form.cased:
        return True
    if re.fullmatch(r"[A-Z][a-z]+", form.text) and not _inside_sentence(text, start):
        return False
    plain, wanted = _SEPARATOR.sub("", decode_residue(surface)), _SEPARATOR.sub("", form.text)
    if plain == wanted or plain.removesuffix("s") == wanted:
        return True
    # "Llama" for LLaMA and "TÜLU 3" for Tulu 3, but neither "Inspired" for INSPIRED nor "ADAM" for Adam.
    telling = not wanted.istitle() or any(c.isdigit() for c in wanted)
    return len(wanted) >= 5 and telling and not wanted.isupper() and any(c.isupper() for c in surface[1:])


_SEPARATOR = re.compile(r"[\s\-–]")


def _inside_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start].rstrip(" \"'“(")
    return bool(before) and before[-1] not in ".!?\n:"


def find_coined_names(text: str, lexicon: Lexicon) -> Iterator[Candidate]:
    """Names by their looks: capitals inside a word, all capitals, capitals with digits; and `Name:` in a title."""
    for run in _RUN.finditer(text):
        name = _LIKENESS.sub("", run[0])
        if _looks_coined(name) and name_key(name) not in lexicon.broad and not _HARDWARE.fullmatch(name):
            end = run.start() + len(name)
            tail = _MODEL_TAIL.match(text, end)
            yield Candidate(start=run.start(), end=tail.end() if tail else end, type=None, rule="coined")
    title = text[: text.find("\n") + 1]
    head = _TITLE_NAME.match(title)
    if head and len(head["name"].split()) <= 3 and name_key(head["name"]) not in lexicon.broad:
        name = head["name"]
        again = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text[len(title) :])
        if again or (_looks_coined(name) and " " not in name):
            for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                yield Candidate(start=hit.start(), end=hit.end(), type=None, rule="title name")


def _looks_coined(run: str) -> bool:
    """Whether a run without spaces looks like a made name.

    >>> [w for w in "LoRA TPT CIFAR100 Skill-It Pre-Training GPT-4 We II 3D A100s ZIP-FIT e.g NLP's".split()
    ...  if _looks_coined(w)]
    ['LoRA', 'TPT', 'CIFAR100', 'GPT-4', 'A100s', 'ZIP-FIT', "NLP's"]
    """
    if len(run) < 2 or not any(c.isupper() for c in run) or run[0].isdigit() or _ROMAN.fullmatch(run):
        return False
    if "/" in run and run.count("/") > 1:
        return False
    return any(_is_odd(part) for part in re.split(r"[-/.+@'_*]", run))


def _is_odd(part: str) -> bool:
    capitals = sum(c.isupper() for c in part)
    if capitals >= 2:
        return not (len(part) == 2 and part.endswith("s"))
    return capitals == 1 and len(part) >= 3 and (any(c.isdigit() for c in part) or not part[0].isupper())


def find_phrases(text: str, words: list[Word], lexicon: Lexicon) -> Iterator[Candidate]:
    """Phrases that end in a head noun of the field and have words of their own before it."""
    stop = frozenset().union(*lexicon.generic.values())
    for i, word in enumerate(words):
        kind = lexicon.heads.get(word.text.lower())
        if kind is None or _goes_on(text, words, i, lexicon):
            continue
        first = i
        while first > max(0, i - 4):
            before = words[first - 1]
            gap = text[before.end : words[first].start]
            if not _PLAIN_GAP.fullmatch(gap) or not _is_own(before.text, stop):
                break
            first -= 1
        # "of-the-art question answering": what hangs on a stop word by a hyphen goes with it.
        while first < i and first and text[words[first - 1].end : words[first].start] in ("-", "–"):
            first += 1
        if first < i:
            yield Candidate(start=words[first].start, end=word.end, type=kind, rule="phrase")


def _goes_on(text: str, words: list[Word], i: int, lexicon: Lexicon) -> bool:
    """Whether the next word continues the phrase, so that this is no last word."""
    if i + 1 >= len(words) or not _PLAIN_GAP.fullmatch(text[words[i].end : words[i + 1].start]):
        return False
    following = words[i + 1].text.lower()
    return following in lexicon.heads or text[words[i].end] in "-–"


def _is_own(word: str, stop: frozenset[str]) -> bool:
    lower = word.lower()
    return not (lower in stop or lower.endswith("ly") or len(word) < 2 or word.isdigit())


def acronym_candidates(text: str, acronyms: list[Acronym]) -> Iterator[Candidate]:
    """Both forms of each definition, and every later place of the short form."""
    meant: dict[str, str] = {}
    for a in acronyms:
        long_form, short = text[a.long_start : a.long_end], text[a.short_start : a.short_end]
        meant.setdefault(short, long_form)
        yield Candidate(start=a.long_start, end=a.long_end, type=None, rule="acronym", name=long_form)
    for short, long_form in meant.items():
        for hit in re.finditer(rf"(?<![\w]){re.escape(short)}(?![\w])", text):
            yield Candidate(start=hit.start(), end=hit.end(), type=None, rule="acronym", name=long_form)


def resolve_overlaps(candidates: list[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """(kept, lost): of those that overlap the longest stays, on a tie the more exact rule; kept in order of place."""
    rank = {"acronym": 0, "title name": 1, "lexicon": 2, "coined": 3, "phrase": 4}
    kept: dict[tuple[int, int], Candidate] = {}
    lost: list[Candidate] = []
    taken: set[int] = set()
    for c in sorted(candidates, key=lambda c: (c.start - c.end, rank[c.rule], c.start)):
        place = c.start, c.end
        if same := kept.get(place):
            kept[place] = replace(same, type=same.type or c.type, name=same.name or c.name)
        elif taken.isdisjoint(range(*place)):
            kept[place] = c
            taken.update(range(*place))
        else:
            lost.append(c)
    return sorted(kept.values(), key=lambda c: c.start), lost
