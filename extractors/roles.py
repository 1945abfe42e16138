"""What an entity is to its paper: introduced, used, compared or mentioned."""

import re

from kg.schema import EntityType, Role

_INTRODUCE = re.compile(
    r"\b(?:propos(?:e|es|ing)|introduc(?:e|es|ing)|present(?:s|ing)?|develop(?:s|ing)?|design(?:s|ing)?|releas(?:e|es|ing)|creat(?:e|es|ing)"
    r"|construct(?:s|ing)?|build(?:s|ing)?|devis(?:e|es)|contribut(?:e|es)|open-?sourc(?:e|es|ing)|curat(?:e|es)|coin(?:s)?|collect(?:s)?|formulat(?:e|es)"
    r"|describ(?:e|es)|provid(?:e|es)|offer(?:s)?|annotat(?:e|es)|unveil(?:s)?|suggest(?:s)?|advocat(?:e|es)|establish(?:es)?)\b"
    r"(?P<between>[^.;]{0,110})$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:called|named|termed|dubbed|coined|which we call|we call|we name|namely|denoted as|referred to as|i\.e\.,)\s*[\"“'‘`*]*$",
    re.I,
)
_OWN = re.compile(r"\b(?:our|we|this (?:paper|work)|the proposed)\b", re.IGNORECASE)
_OF_OWN = re.compile(
    r"\b(?:our|(?:the|our|newly)\s(?:proposed|new|novel|introduced))\s(?:\w+\s){0,2}?(?:\w+,\s)?$", re.IGNORECASE
)
_PASSIVE = re.compile(
    r"(?:\s\([^)]{1,30}\))?\s(?:is|are)\s(?:proposed|introduced|presented|developed)\b", re.IGNORECASE
)
# A known name before a plain noun says what kind of thing is introduced: "we introduce a RAG framework (SAGE)".
_QUALIFIES = re.compile(
    r"[\s-]+(?:[\w-]+\s){0,2}?(?:framework|method|approach|algorithm|model|system|pipeline|technique|architecture|strategy|scheme|variant|agent"
    r"|benchmark|dataset|corpus|toolkit|library|paradigm|mechanism|module|objective|loss|encoder|decoder|network)s?\b",
    re.IGNORECASE,
)
# Words that end what is introduced and begin what it is made of, for, or measured on.
_BREAK = re.compile(
    r"\b(?:based on|using|for|by|with|via|from|on|that|which|to|in|through|leveraging|of|upon|inspired|built|where|over|against)\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat(?:s|ing)?|compar(?:ed|ing|es|able|e) (?:to|with|against)|compared|than|baselines?(?: such as| like| including)?"
    r"|versus|vs\.?|over|competitive with|on par with|state-of-the-art|SOTA|superior to|improv\w+ (?:up)?on|counterparts?|rival\w*|match(?:es|ing)?"
    r"|unlike|in contrast to|instead of|rather than|alternative to|relative to|existing (?:methods|approaches|models)(?: such as| like| including)?"
    r"|competing methods(?: such as| like)?|previous (?:methods|approaches|models)(?: such as| like)?)\b(?P<between>[^.;]{0,70})$",
    re.IGNORECASE,
)
_COMPARE_BREAK = re.compile(
    r"\b(?:on|in terms of|in|for|by|with|across|using|while|when|across|at|and achieves)\b", re.IGNORECASE
)


def judge_role(
    text: str,
    places: list[tuple[int, int]],
    entity_type: EntityType,
    own_from: int,
    *,
    named: bool,
    known: bool,
    in_title: bool,
) -> tuple[Role, int]:
    """(role, index of the place that shows it best) of an entity with these places.

    `own_from` is the offset where the paper begins to speak of its own work; `named` is whether the
    entity is a name rather than a common phrase, `known` whether the lexicon has it.
    """
    starred = next(
        (i for i, (a, b) in enumerate(places) if _is_introduced(text, a, b, entity_type, named, known)), None
    )
    if starred is not None:
        return "introduced", starred
    if in_title and entity_type in ("Method", "Model", "Dataset"):
        return "introduced", 0
    compared = [i for i, (a, _) in enumerate(places) if _is_compared(text, a)]
    if compared and entity_type in ("Method", "Model") and 2 * len(compared) >= len(places):
        return "compared", compared[0]
    if all(own_from > b > text.find("\n") for _, b in places) and (named or entity_type in ("Method", "Model")):
        return "mentioned", 0
    own = next((i for i, (a, _) in enumerate(places) if a >= own_from), 0)
    return "used", own


def _is_introduced(text: str, start: int, end: int, entity_type: EntityType, named: bool, known: bool) -> bool:
    before = text[max(0, start - 150) : start].split("\n")[-1]
    before = re.split(r"[.!?]\s(?=[A-Z])", before)[-1]
    if entity_type in ("Metric", "Task") and not _CALLED.search(before):
        return False
    if named and _CALLED.search(before) and entity_type != "Task":
        return True
    if named and not known and _OF_OWN.search(before):
        return True
    if _PASSIVE.match(text, end) and named and not known:
        return True
    if known and _QUALIFIES.match(text, end):
        return False
    match = _INTRODUCE.search(before)
    if not match or _BREAK.search(match["between"]):
        return False
    own = _OWN.search(before) or re.match(r"\s*(?:This|In this)", before)
    return bool(own) and (named or len(match["between"]) < 40)


def _is_compared(text: str, start: int) -> bool:
    before = re.split(r"[.!?;]\s(?=[A-Z])|\n", text[max(0, start - 120) : start])[-1]
    match = _COMPARE.search(before)
    return bool(match and not _COMPARE_BREAK.search(match["between"]))


_SPEAKS_OF_OWN = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Tt]his (?:paper|work|study|article|report|survey|thesis)|[Ii]n this (?:paper|work|study)|here,? we|I)\b"
)


def own_work_starts(text: str, sentences: list[tuple[int, int]]) -> int:
    r"""Offset of the first sentence after the title that speaks of the paper's own work, else where the abstract begins.

    >>> own_work_starts("T\\nParsing is hard. We parse.", [(0, 1), (2, 18), (19, 28)])
    19
    """
    body = text.find("\n") + 1
    return next((a for a, b in sentences if a >= body and _SPEAKS_OF_OWN.search(text, a, b)), body)
