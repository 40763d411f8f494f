"""Which statements a question is about: shared terms and words, the rarer the heavier."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from math import log
from typing import Any, Self

from secondline.answers.lexicon import Lexicon
from secondline.answers.understanding import Understanding
from secondline.answers.words import stems, tokens
from secondline.domain.evidence import Statement
from secondline.domain.pathways import Option, Stratum
from secondline.library.library import Library

Feature = tuple[str, str]  # (kind, id): a recognised term, or ("word", stem)

TERM_WEIGHT = {
    "regimen": 3.0,
    "drug": 2.0,
    "factor": 2.0,
    "study": 3.0,
    "endpoint": 1.5,
    "disease": 1.0,
    "aspect": 0.5,
    "word": 1.0,
}
PARTICULAR = {"regimen", "drug", "factor", "study"}
NO_TERMS = {"word", "disease", "aspect"}
COMMON = 0.12  # of the statements have a word that tells nothing
RARE = 0.05  # of the statements have a rare word
LENGTH_SHARE = 0.3  # how much a long statement pays for naming many things, as b in BM25
ASKED_ASPECT = 1.3  # a statement of an aspect that was asked for counts this much more
DECIDING = 3  # nearest statements of a disease say how near the question is to it
ASIDE = 0.5  # evidence from first treatment, unless first treatment was asked for


class Ranking:
    """Ranks the statements of a library against a question. Deterministic; ties go by id."""

    def __init__(self, library: Library, lexicon: Lexicon, texts: Mapping[str, list[str]]) -> None:
        """Build from a library; `texts` holds the words of `text_of` for each statement."""
        self._library = library
        self._superseded = {id_ for s in library.statements.values() for id_ in s.supersedes}
        self._features = {
            statement.id: _features(statement, texts[statement.id], lexicon, library)
            for statement in library.statements.values()
            if statement.withdrawn is None and statement.id not in self._superseded
        }
        self._terms_of_rule = {
            rule.id: frozenset(
                (concept.kind, concept.id)
                for concept in lexicon.names(tokens(f"{rule.label} . {rule.passage}"))
                if concept.kind in PARTICULAR
            )
            for rule in library.rules.values()
            if isinstance(rule, Option | Stratum)
        }
        self._terms_of_label = {
            rule.id: frozenset(
                (concept.kind, concept.id)
                for concept in lexicon.names(tokens(rule.label))
                if concept.kind in PARTICULAR
            )
            for rule in library.rules.values()
            if isinstance(rule, Option | Stratum)
        }
        self._statements = frozenset(library.statements)
        self._disease = {id_: library.disease_of(id_) for id_ in self._features}
        self._of_disease: dict[str | None, set[Feature]] = {}
        for id_, features in self._features.items():
            self._of_disease.setdefault(self._disease[id_], set()).update(features)
        self._having: dict[Feature, list[str]] = {}
        for id_, features in self._features.items():
            for feature in features:
                self._having.setdefault(feature, []).append(id_)
        counts = Counter({feature: len(ids) for feature, ids in self._having.items()})
        self._total = len(self._features)
        self._mean_length = sum(map(len, self._features.values())) / max(self._total, 1)
        self._weights: Mapping[Feature, float] = {
            feature: TERM_WEIGHT[feature[0]] * log(1 + self._total / count)
            for feature, count in counts.items()
        }
        self._counts = counts
        aspects = library.aspects.values()
        self._aspect_stems = {s for a in aspects for word in a.words for s in stems(tokens(word))}

    def __getstate__(self) -> dict[str, Any]:
        """Leave the library out of what is kept; it is kept by itself."""
        return {**self.__dict__, "_library": None}

    def is_over(self, library: Library) -> bool:
        """Say whether it was built from the statements of a library."""
        return self._statements == library.statements.keys()

    def over(self, library: Library) -> Self:
        """Return the ranking over the library that it was built from."""
        self._library = library
        return self

    def features(
        self, understanding: Understanding, disease: str | None = None
    ) -> frozenset[Feature]:
        """Return the features of a question that a statement of the disease, or any, has."""
        named = {(c.kind, c.id) for c in understanding.concepts if c.kind in TERM_WEIGHT}
        named |= {("aspect", aspect) for aspect in self.asked(understanding)}
        words = {("word", stem) for stem in stems(list(understanding.words))}
        known = self._of_disease.get(disease, set()) if disease else self._weights.keys()
        return frozenset((named | words) & known)

    def disease(self, understanding: Understanding, among: Collection[str] = ()) -> str | None:
        """Return the disease that the statements nearest to a question are about.

        Args:
            understanding: what was understood of the question.
            among: the diseases that come into question; all of them when empty.
        """
        weights: dict[str, float] = defaultdict(float)
        nearest: Counter[str] = Counter()
        for score, statement in self.ranked(understanding):
            disease = self._disease[statement.id]
            if disease and (not among or disease in among) and nearest[disease] < DECIDING:
                nearest[disease] += 1
                weights[disease] += score / nearest[disease]  # the nearest weighs most
        return min(weights, key=lambda d: (-weights[d], d)) if weights else None

    def is_shown(self, statement: str) -> bool:
        """Say whether a statement stands: neither withdrawn nor superseded."""
        return statement in self._features

    def terms(self, understanding: Understanding) -> tuple[Feature, ...]:
        """Return the terms of a question that some statement has, the rarest first."""
        named = (f for f in self.features(understanding) if f[0] not in NO_TERMS)
        return tuple(sorted(named, key=lambda feature: (-self._weights[feature], feature)))

    def has(self, statement: Statement, feature: Feature) -> bool:
        """Say whether a statement has a feature."""
        return feature in self._features.get(statement.id, frozenset())

    def shared_terms(self, option: Option, understanding: Understanding) -> int:
        """Count the particular terms that an option's own words share with a question."""
        named = {(concept.kind, concept.id) for concept in understanding.concepts}
        return len(self._terms_of_rule[option.id] & named)

    def terms_of(self, rule: str) -> frozenset[Feature]:
        """Return the particular terms that the words of an option or a stratum name."""
        return self._terms_of_rule.get(rule, frozenset())

    def terms_of_label(self, rule: str) -> frozenset[Feature]:
        """Return the particular terms that the label of an option or a stratum names."""
        return self._terms_of_label.get(rule, frozenset())

    def features_of(self, statement: str) -> frozenset[Feature]:
        """Return the features of a statement; none of one that does not stand."""
        return self._features.get(statement, frozenset())

    def shared(
        self, features: Iterable[Feature], weigh: Callable[[Feature], float] | None = None
    ) -> Mapping[str, float]:
        """Return what the features weigh that each statement has of these."""
        shared: dict[str, float] = defaultdict(float)
        for feature in sorted(features):
            weight = weigh(feature) if weigh else self._weights.get(feature, 0.0)
            for id_ in self._having.get(feature, ()):
                shared[id_] += weight
        return shared

    def is_known(self, feature: Feature) -> bool:
        """Say whether some statement has a feature."""
        return feature in self._weights

    def weight(self, feature: Feature) -> float:
        """Return what a feature weighs; one that no statement has weighs like the rarest."""
        rarest = TERM_WEIGHT.get(feature[0], 1.0) * log(1 + self._total)
        return self._weights.get(feature, rarest)

    def is_specific(self, understanding: Understanding) -> bool:
        """Say whether a question names something particular: a regimen, a factor, a study.

        Where it names no such term, two rare words of the library count as one.
        """
        asked = self.features(understanding)
        if any(kind in PARTICULAR for kind, _ in asked):
            return True
        rare = [f for f in asked if f[0] == "word" and self._counts[f] <= RARE * self._total]
        return sum(not self._is_aspect_word(feature) for feature in rare) >= 2

    def sharing_words(self, understanding: Understanding, disease: str) -> Iterator[str]:
        """Yield statements that share a telling word with a general question, nearest first.

        Words by which an aspect is asked for, and words that most statements have, tell nothing.
        """
        telling = {
            feature
            for feature in self.features(understanding, disease)
            if feature[0] == "word"
            and self._counts[feature] <= COMMON * self._total
            and not self._is_aspect_word(feature)
        }
        for _, statement in self.ranked(understanding, disease):
            if telling & self._features[statement.id]:
                yield statement.id

    def _is_aspect_word(self, feature: Feature) -> bool:
        return feature[0] == "word" and feature[1] in self._aspect_stems

    def asked(self, understanding: Understanding) -> set[str]:
        """Return the aspects asked for and those that belong beside them."""
        asked = set(understanding.aspects)
        return asked.union(*(self._library.aspects[aspect].beside for aspect in asked))

    def ranked(
        self, understanding: Understanding, disease: str | None = None
    ) -> list[tuple[float, Statement]]:
        """Return (score, statement) of a disease, or of all, best first.

        Statements that share nothing with the question are left out.
        """
        asked = self.asked(understanding)
        topics = {t for a in asked for t in self._library.aspects[a].topics}
        scored = []
        for id_, weight in self.shared(self.features(understanding)).items():
            if disease and self._disease[id_] != disease:
                continue
            length = len(self._features[id_]) / self._mean_length
            score = weight / (1 - LENGTH_SHARE + LENGTH_SHARE * length)
            statement = self._library.statements[id_]
            if statement.topic in topics:
                score *= ASKED_ASPECT
            if statement.setting == "newly diagnosed" and "frontline" not in understanding.aspects:
                score *= ASIDE
            scored.append((score, statement))
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].id))


def text_of(statement: Statement, library: Library) -> str:
    """Return every word by which a reader may look for a statement."""
    terms = [
        library.regimens[id_].name
        for id_ in (statement.intervention, statement.comparator)
        if id_ is not None
    ]
    source = library.sources[statement.citation.source]
    endpoints = {finding.endpoint for finding in statement.findings}
    parts: Iterable[str | None] = (
        statement.says,
        statement.population,
        statement.study,
        source.authors.split(",")[0],
        source.registration,
        *terms,
        *sorted(endpoints),
        *(finding.group for finding in statement.findings),
    )
    return " . ".join(part for part in parts if part)


def _features(
    statement: Statement, words: list[str], lexicon: Lexicon, library: Library
) -> frozenset[Feature]:
    """Return the terms and stems of a statement; a regimen stands for its drugs too."""
    concepts = lexicon.names(words) | lexicon.in_capitals(statement.says)
    named: set[Feature] = {(concept.kind, concept.id) for concept in concepts}
    named |= {("regimen", id_) for id_ in (statement.intervention, statement.comparator) if id_}
    if statement.study:
        named.add(("study", statement.study))
    regimens = [library.regimens[id_] for kind, id_ in named if kind == "regimen"]
    named |= {("drug", drug) for regimen in regimens for drug in regimen.drugs}
    named |= {("aspect", a.id) for a in library.aspects.values() if statement.topic in a.topics}
    return frozenset(named | {("word", stem) for stem in stems(words)})
