"""The terms of the library, found in any text: diseases, regimens, drugs, endpoints, aspects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import ahocorasick
from rapidfuzz.process import extractOne

from secondline.answers.words import tokens
from secondline.library.library import Library

Kind = Literal["disease", "regimen", "drug", "endpoint", "aspect", "refusal"]
SHORTEST_TYPO = 5  # letters; shorter words have too many neighbors to be corrected
NEAREST_TYPO = 84  # per cent of similarity


@dataclass(frozen=True, slots=True)
class Concept:
    """A recognised term. For a refusal, `id` is "<refusal>/<group>"."""

    kind: Kind
    id: str


class Lexicon:
    """Finds the terms of a library in text, longest first, and corrects misspelled words."""

    def __init__(self, library: Library, prose: Iterable[str]) -> None:
        """Build from a library; `prose` is every text whose words count as known."""
        phrases: dict[str, set[Concept]] = {}
        for phrase, concept in _phrases(library):
            phrases.setdefault(" ".join(tokens(phrase)), set()).add(concept)
        phrases.pop("", None)
        self._automaton: Any = ahocorasick.Automaton()
        for phrase, concepts in phrases.items():
            self._automaton.add_word(f" {phrase} ", (len(phrase) + 2, frozenset(concepts)))
        self._automaton.make_automaton()
        self.words = {word for phrase in phrases for word in phrase.split()}
        self.words.update(word for text in prose for word in tokens(text))
        self._long_words = sorted(w for w in self.words if len(w) >= SHORTEST_TYPO)

    def concepts(self, words: list[str]) -> frozenset[Concept]:
        """Return the concepts named by a text; a name inside a longer name does not count."""
        text = f" {' '.join(words)} "
        found = [
            (end - length + 1, end, concepts)
            for end, (length, concepts) in self._automaton.iter(text)
        ]
        return frozenset(
            concept
            for start, end, concepts in found
            for concept in concepts
            if concept.kind in {"refusal", "aspect"}
            or not any(
                s <= start and end <= e and (s, e) != (start, end) and _same_kinds(concepts, other)
                for s, e, other in found
            )
        )

    def corrected(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """Replace misspelled words by the nearest known ones; return what was replaced."""
        replaced = {}
        for word in words:
            if word in self.words or len(word) < SHORTEST_TYPO or not word.isalpha():
                continue
            if match := extractOne(word, self._long_words, score_cutoff=NEAREST_TYPO):
                replaced[word] = str(match[0])
        return [replaced.get(word, word) for word in words], replaced


def _same_kinds(one: frozenset[Concept], two: frozenset[Concept]) -> bool:
    """Say whether a longer name may hide a shorter one: both name things of the field."""
    field = {"disease", "regimen", "drug", "endpoint"}
    return any(c.kind in field for c in one) and any(c.kind in field for c in two)


def _phrases(library: Library) -> Iterator[tuple[str, Concept]]:
    kinds: tuple[tuple[Kind, Any], ...] = (
        ("disease", library.diseases),
        ("regimen", library.regimens),
        ("drug", library.drugs),
    )
    for kind, terms in kinds:
        for term in terms.values():
            for name in (*term.names, term.id):
                yield name, Concept(kind, term.id)
    for endpoint in library.endpoints.values():
        for name in filter(None, (endpoint.id, endpoint.abbreviation, *endpoint.synonyms)):
            yield name, Concept("endpoint", endpoint.id)
    for aspect in library.aspects.values():
        for word in aspect.words:
            yield word, Concept("aspect", aspect.id)
    for refusal in library.refusals.values():
        for group, words in enumerate((refusal.unless, *refusal.needs)):
            for word in words:
                yield word, Concept("refusal", f"{refusal.id}/{group}")
