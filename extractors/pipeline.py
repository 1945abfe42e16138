"""The extractor by rules, as a spaCy pipeline: tokens and sentences by spaCy, names and numbers on top."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from extractors.acronyms import find_acronyms
from extractors.candidates import acronym_candidates, find_coined_names, find_lexicon_names, find_phrases, split_words
from extractors.entities import make_entities
from extractors.lexicon import Lexicon, load_lexicon
from extractors.relations import find_relations
from extractors.results import find_results
from extractors.sentences import split_sentences
from kg.types import Extraction, Mention, Paper

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`{}|\\^\[\]]+")
# spaCy hands text to C as UTF-8, which has no lone surrogates; the stand-in keeps the length.
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@Language.component("abstract_sentences")  # type: ignore[untyped-decorator]
def _abstract_sentences(doc: Doc) -> Doc:
    starts = {a for a, _ in split_sentences(doc.text)}
    for token in doc:
        token.is_sent_start = token.idx in starts or token.i == 0
    return doc


def blank_pipeline() -> Language:
    """A spaCy pipeline that splits words at every sign and sentences as abstracts need it; no model is loaded."""
    nlp = spacy.blank("en")
    sign = r"[^\w\s]|_"
    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        prefix_search=re.compile(rf"^(?:{sign})").search,
        suffix_search=re.compile(rf"(?:{sign})$").search,
        infix_finditer=re.compile(sign).finditer,
    )
    nlp.add_pipe("abstract_sentences")
    nlp.max_length = 10_000_000
    return nlp


def rules_version() -> str:
    """A name for the rules and lexicons as they are: a build does not mix extractions of two versions."""
    folder = Path(__file__).parent
    files = sorted([*folder.glob("*.py"), *(folder / "lexicons").iterdir()])
    return f"rules-{hashlib.sha256(b''.join(f.read_bytes() for f in files if f.is_file())).hexdigest()[:8]}"


class RuleExtractor:
    """Papers -> Extractions by rules and lexicons alone."""

    def __init__(self) -> None:
        self.version = rules_version()
        self._nlp = blank_pipeline()
        self._lexicon: Lexicon = load_lexicon()
        self.better: Mapping[str, str] = self._lexicon.directions

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """One Extraction for each paper, in the same order."""
        pairs = ((_SURROGATE.sub("\ufffd", p.text), p) for p in papers)
        for doc, paper in self._nlp.pipe(pairs, as_tuples=True):
            yield self._read(doc, paper)

    def _read(self, doc: Doc, paper: Paper) -> Extraction:
        text = paper.text
        links = find_links(text)
        words = split_words(text, ((t.idx, t.idx + len(t)) for t in doc))
        words = [w for w in words if not any(k.start <= w.start < k.end for k in links)]
        sentences = split_sentences(text)
        acronyms = find_acronyms(text)
        candidates = [
            *acronym_candidates(text, acronyms),
            *find_lexicon_names(text, words, self._lexicon),
            *find_coined_names(text, self._lexicon),
            *find_phrases(text, words, self._lexicon),
        ]
        candidates = [c for c in candidates if not any(k.start < c.end and c.start < k.end for k in links)]
        entities, lost = make_entities(text, sentences, candidates, self._lexicon)
        results, no_results = find_results(text, sentences, entities)
        return Extraction(
            paper_id=paper.id,
            entities=tuple(entities),
            relations=tuple(find_relations(text, sentences, entities)),
            results=tuple(results),
            links=links,
            dropped=(*lost, *no_results),
        )


def find_links(text: str) -> tuple[Mention, ...]:
    """The web addresses in `text`, without the punctuation that ends their sentence.

    >>> [m.text for m in find_links("Code: https://github.com/a/b. See (www.x.org/y).")]
    ['https://github.com/a/b', 'www.x.org/y']
    """
    found = []
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)*")
        found.append(Mention(start=match.start(), end=match.start() + len(address), text=address))
    return tuple(found)
