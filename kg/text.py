r"""What residue of LaTeX and of web pages in a text stands for. The stored text keeps it; names do not."""

import re
import unicodedata
from functools import cache

_LATEX_SIGN = re.compile(r"[\\{}$]")
# A dash or quote whose escape lost its backslash: `trainingx2014even`, `modelx27s`.
_LOST_ESCAPE = re.compile(r"(?<=\w)x(20[0-9a-f]{2}|2[27])(?=\W|[a-z]|$)")
_SPACES = re.compile(r"\s+")
_BETWEEN_WORDS = re.compile(r"(?:(?!(?<=\d)\.(?=\d))[^\w+])+|_")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_NOT_WORD = re.compile(r"[\W_]+")


def decode_residue(text: str) -> str:
    r"""`text` with LaTeX commands and lost escapes read as the characters they stood for.

    >>> decode_residue("T\\\"ULU 3"), decode_residue("2\\%"), decode_residue("$\\sim$3x")
    ('TÜLU 3', '2%', '∼3x')
    >>> decode_residue("cheapx2014even"), decode_residue("0x2014")
    ('cheap—even', '0x2014')
    """
    text = _LOST_ESCAPE.sub(_escaped, text)
    if _LATEX_SIGN.search(text):
        text = _latex(text)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())


def _escaped(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1]
    return match[0] if before.isdigit() else chr(int(match[1], 16))


@cache
def _latex(text: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        return str(LatexNodes2Text(math_mode="text", strict_latex_spaces=False).latex_to_text(text))
    except (LatexWalkerError, IndexError, ValueError, RecursionError):
        return text


def name_key(name: str) -> str:
    r"""What spellings of one name share: letters, digits and `+`, accents and case aside, plural as singular.

    Digits of a version stay apart from those of a size, and points inside numbers stay.

    >>> name_key("T\\\"ULU 3") == name_key("Tülu-3"), name_key("Pre-training"), name_key("word embeddings")
    (True, 'pretraining', 'wordembedding')
    >>> name_key("CIFAR-10"), name_key("CIFAR100"), name_key("LLaMA 3.1 8B"), name_key("C++"), name_key("GPUs")
    ('cifar10', 'cifar100', 'llama3.1-8b', 'c++', 'gpu')
    """
    decoded = unicodedata.normalize("NFKD", decode_residue(name))
    plain = "".join(c for c in decoded if not unicodedata.combining(c))
    words = [w for w in _BETWEEN_WORDS.split(plain) if w]
    if words:
        words[-1] = singular(words[-1])
    return _BETWEEN_DIGITS.sub("-", " ".join(words)).replace(" ", "").casefold() or decoded.casefold()


def singular(word: str) -> str:
    """`word` without a plural s; acronyms lose theirs when it is small.

    >>> [singular(w) for w in ["networks", "GPUs", "loss", "analysis", "studies", "GANS", "biases", "gas"]]
    ['network', 'GPU', 'loss', 'analysis', 'study', 'GANS', 'bias', 'gas']
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "ases", "oxes", "shes", "ches")) and not word.endswith(("bases", "cases", "phases")):
        return word[:-2]
    return word[:-1]


def slug(name: str) -> str:
    r"""A name for ids and file names: ASCII, lower case, words joined by hyphens.

    >>> slug("LLaMA 3.1 8B"), slug("T\\\"ULU 3"), slug("网络")
    ('llama-3-1-8b', 'tulu-3', '网络')
    """
    decoded = unicodedata.normalize("NFKD", decode_residue(name))
    plain = "".join(c for c in decoded if not unicodedata.combining(c)).casefold().replace("+", " plus ")
    return "-".join(w for w in _NOT_WORD.split(plain) if w) or "unnamed"
