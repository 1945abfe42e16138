"""The extractor by rules: a spaCy pipeline gives the words, names and numbers are read on top."""

import re
from collections.abc import Iterable, Iterator, Mapping

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.acronyms import find_acronyms
from extractors.addresses import find_links
from extractors.candidates import acronym_candidates, find_coined_names, find_lexicon_names, find_phrases, split_words
from extractors.entities import make_entities
from extractors.lexicon import Lexicon, load_lexicon
from extractors.relations import find_relations
from extractors.results import find_results
from extractors.sentences import split_sentences
from extractors.version import code_version
from kg.types import Extraction, Paper

# spaCy hands text to C as UTF-8, which has no lone surrogates; the stand-in keeps the length.
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class WordTokenizer:
    """Splits text into runs of letters and digits and single signs, in time that grows with its length alone."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of `text`; a space after a token belongs to it, other white space is a token."""
        words: list[str] = []
        spaces: list[bool] = []
        for piece in _TOKEN.findall(text):
            if piece == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        return Doc(self._vocab, words=words, spaces=spaces)


_TOKEN = re.compile(r"[^\W_]+|_|[^\w\s]|\s")


def blank_pipeline() -> Language:
    """A spaCy pipeline that splits words at every sign; no model is loaded."""
    nlp = spacy.blank("en")
    nlp.tokenizer = WordTokenizer(nlp.vocab)
    nlp.max_length = 10_000_000
    return nlp


class RuleExtractor:
    """Papers -> Extractions by rules and lexicons alone."""

    def __init__(self) -> None:
        self.version = f"rules-{code_version()}"
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
        linked = {at for k in links for at in range(k.start, k.end)}
        words = [w for w in words if w.start not in linked]
        sentences = split_sentences(text)
        acronyms = find_acronyms(text)
        candidates = [
            *acronym_candidates(text, acronyms),
            *find_lexicon_names(text, words, self._lexicon),
            *find_coined_names(text, self._lexicon),
            *find_phrases(text, words, self._lexicon),
        ]
        candidates = [c for c in candidates if not (linked and linked & set(range(c.start, c.end)))]
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
