"""The terms of the library, found in any text: diseases, regimens, drugs, endpoints, aspects."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

import ahocorasick

from secondline.answers.words import ORDINARY_WORDS, tokens
from secondline.library.library import Library

Kind = Literal[
    "disease", "regimen", "drug", "factor", "study", "endpoint", "aspect", "whole", "refusal"
]
NAMES = {"disease", "regimen", "drug", "factor", "study", "endpoint"}
AUTHOR_YEAR = re.compile(r"([A-Z][\w-]{3,}|(?:De|Van) [A-Z]\w+) \d{4}")
ANY_NUMBER = "0"  # how the phrases of refusals and aspects write it: "this 0-year-old"
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
SHORTEST_TYPO = 5  # letters; shorter words have too many neighbors to be corrected
NEAREST_TYPO = 84  # per cent of similarity
NEAREST_DRUG_TYPO = 90
SOUNDS = (("ph", "f"), ("th", "t"), ("y", "i"), ("ck", "k"), ("z", "s"), ("ae", "e"), ("oe", "e"))
# Endings of drug names (INN stems): a word of such a form that the library does not know is a thing
# it holds nothing about, and must neither be answered around nor taken for a misspelling.
DRUG_ENDING = re.compile(
    r"\w{3}(?:mab|nib|leucel|limus|platin|rubicin|taxel|parib|ciclib|lisib|zomib|toclax|degib|stat|tecan"
    r"|fosfamide|fusp|sertib)$"
)
# Endings of the names of cancers: such a word that is no name of the library is another cancer.
CANCER_ENDING = re.compile(r"\w{3,}(?:oma|omas|blastic)$")
NO_CANCER = frozenset({"hematoma", "trauma", "diploma", "symptoma", "stroma"})


class Concept(NamedTuple):
    """A recognised term. For a refusal, `id` is "<refusal>/<group>".

    A tuple, because thousands of them are read back at every start.
    """

    kind: Kind
    id: str


class Lexicon:
    """Finds the terms of a library in text, longest first, and corrects misspelled words.

    Attributes:
        known: every concept that some words name.
        named: the words of names.
        held: every word of the evidence and of its terms.
        words: every word that counts as known: those by which a question is refused, too.
    """

    def __init__(self, library: Library, prose: Iterable[list[str]]) -> None:
        """Build from a library; `prose` is the words of every text that count as known."""
        phrases: dict[str, set[Concept]] = {}
        self._in_capitals: dict[str, set[Concept]] = {}
        for phrase, concept in _phrases(library):
            words = " ".join(tokens(phrase))
            if words in ORDINARY_WORDS and concept.kind in NAMES:
                self._in_capitals.setdefault(words.upper(), set()).add(concept)
            else:
                phrases.setdefault(words, set()).add(concept)
        phrases.pop("", None)
        for phrase in [p for p in phrases if len(p) >= SHORTEST_TYPO and p[-1].isalpha()]:
            if phrase[-1] != "s":  # the plural names the same thing
                named = {concept for concept in phrases[phrase] if concept.kind in NAMES}
                phrases.setdefault(f"{phrase}s", set()).update(named)
        self._automaton: Any = ahocorasick.Automaton()
        for phrase, concepts in phrases.items():
            names = tuple(sorted(c for c in concepts if c.kind in NAMES))
            others = tuple(c for c in concepts if c.kind not in NAMES)
            self._automaton.add_word(f" {phrase} ", (len(phrase) + 2, names, others))
        self._automaton.make_automaton()
        listed = (*phrases.values(), *self._in_capitals.values())
        self.known = frozenset[Concept]().union(*listed)
        self.named = {w for phrase in phrases for w in phrase.split() if _is_name(phrases[phrase])}
        self.held = {w for phrase in phrases for w in phrase.split() if _is_held(phrases[phrase])}
        self.held.update(word for words in prose for word in words)
        self.words = self.held.union(word for phrase in phrases for word in phrase.split())
        long_words = sorted(word for word in self.words if len(word) >= SHORTEST_TYPO)
        self._by_sound = {sound(word): word for word in reversed(long_words)}
        self._sounds = list(self._by_sound)

    def concepts(self, words: list[str]) -> frozenset[Concept]:
        """Return everything a text names: terms of the field, aspects and refusals."""
        numberless = [ANY_NUMBER if word[0].isdigit() else word for word in words]
        others = (
            others
            for text in {" ".join(words), " ".join(numberless)}
            for _, (_, _, others) in self._automaton.iter(f" {text} ")
        )
        return self.names(words).union(*others)

    def names(self, words: list[str]) -> frozenset[Concept]:
        """Return the terms of the field that a text names; of overlapping ones, the longest."""
        return frozenset(concept for _, _, names in self.places(words) for concept in names)

    def places(self, words: list[str]) -> list[tuple[int, int, tuple[Concept, ...]]]:
        """Return where a text names terms: first word, the word after the last, and the terms.

        Of overlapping names the longest counts; the places are in reading order.
        """
        found = sorted(
            (-length, end - length + 1, names)
            for end, (length, names, _) in self._automaton.iter(f" {' '.join(words)} ")
            if names
        )
        taken: list[tuple[int, int, tuple[Concept, ...]]] = []
        for negative_length, start, names in found:
            end = start - negative_length - 1  # the closing blank may open the next name
            if all(end <= s or e <= start for s, e, _ in taken):
                taken.append((start, end, names))
        if not taken:
            return []
        starts, position = {}, 0
        for index, word in enumerate(words):
            starts[position] = index
            position += len(word) + 1
        return [
            (starts[start], starts.get(end, len(words)), names)
            for start, end, names in sorted(taken)
        ]

    def in_capitals(self, text: str) -> frozenset[Concept]:
        """Return what a text names by a word that counts in capitals only: "ALL", "ICE".

        A text that is all in capitals names nothing so.
        """
        if text.isupper():
            return frozenset()
        words = set(CAPITALS.findall(text))
        return frozenset(c for word in words for c in self._in_capitals.get(word, ()))

    def corrected(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """Replace misspelled words by the nearest known ones; return what was replaced.

        A word that ends like a drug must be nearer than others: an invented drug must not turn
        into a real one.
        """
        replaced = {}
        for word in words:
            if word in self.words or len(word) < SHORTEST_TYPO or not word.isalpha():
                continue
            if nearest := self._nearest(word):
                replaced[word] = nearest
        return [replaced.get(word, word) for word in words], replaced

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # most questions are spelled right
        from rapidfuzz.process import extractOne  # noqa: PLC0415

        cutoff = NEAREST_DRUG_TYPO if DRUG_ENDING.search(word) else NEAREST_TYPO
        match = extractOne(sound(word), self._sounds, scorer=ratio, score_cutoff=cutoff)
        return self._by_sound[str(match[0])] if match else None


def _is_name(concepts: set[Concept]) -> bool:
    return any(concept.kind in NAMES for concept in concepts)


def _is_held(concepts: set[Concept]) -> bool:
    return any(concept.kind != "refusal" for concept in concepts)


def sound(word: str) -> str:
    """Return a spelling in which words that sound alike look alike: "cyclofosfamide" is a word."""
    for heard, written in SOUNDS:
        word = word.replace(heard, written)
    return word


def names_of_study(study: str) -> Iterator[str]:
    """Yield the names by which a study is asked for: "Chisholm 2011" and "Chisholm".

    A name that is an abbreviation, such as "RMS 2005", is not shortened.
    """
    for part in re.split(r"[(),;]", study):
        yield part
        surname = AUTHOR_YEAR.match(part)
        if surname and not surname[1].isupper():
            yield surname[1]


def _phrases(library: Library) -> Iterator[tuple[str, Concept]]:
    """Yield every name with the term it stands for."""
    kinds: tuple[tuple[Kind, Any], ...] = (
        ("disease", library.diseases),
        ("regimen", library.regimens),
        ("drug", library.drugs),
        ("factor", library.factors),
    )
    for kind, terms in kinds:
        for term in terms.values():
            yield from ((name, Concept(kind, term.id)) for name in (*term.names, term.id))
    factors = {name.casefold() for factor in library.factors.values() for name in factor.names}
    for study in {statement.study for statement in library.statements.values()} - {None}:
        for name in names_of_study(str(study)):
            if name.strip().casefold() not in factors:  # "(COG)" is a group, not this study
                yield name, Concept("study", str(study))
    for endpoint in library.endpoints.values():
        names = (endpoint.id, endpoint.abbreviation, *endpoint.synonyms)
        yield from ((name, Concept("endpoint", endpoint.id)) for name in names if name)
    for aspect in library.aspects.values():
        yield from ((word, Concept("aspect", aspect.id)) for word in aspect.words)
        yield from ((word, Concept("whole", aspect.id)) for word in aspect.whole)
    for refusal in library.refusals.values():
        for group, words in enumerate((refusal.unless, *refusal.needs)):
            concept = Concept("refusal", f"{refusal.id}/{group}")
            yield from ((name, concept) for word in words for name in _names_meant(word, library))


def _names_meant(word: str, library: Library) -> Iterator[str]:
    """Yield a word, or the names of every drug or regimen where it stands for one of them."""
    terms = {"{drug}": library.drugs, "{regimen}": library.regimens}.get(word)
    if terms is None:
        yield word
    else:
        yield from (name for term in terms.values() for name in term.names)
