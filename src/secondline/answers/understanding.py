"""What a question asks: disease, terms, aspects; and whether it may be answered at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from secondline.answers.lexicon import CANCER_ENDING, DRUG_ENDING, NO_CANCER, Concept, Lexicon
from secondline.answers.words import STOP_WORDS, tokens
from secondline.domain.terms import Term
from secondline.library.library import Library

LONGEST_QUESTION = 2_000  # characters; a tumor-board question is a few sentences
# The shapes of trial names and gene names; unknown ones are things the library holds nothing about.
CODE_NAME = re.compile(r"\b(?:NCT\d{6,}|[A-Z]{2,}[A-Z-]*\d{2,}[A-Z0-9]*|[A-Z][A-Z0-9]{3,})\b")


CLAUSE = re.compile(r"[,;:()]|\.(?=\s|$)")
SHORTEST_SUBJECT = 4  # letters of a word that may name a treatment
WITHIN = 3  # words before the verb in which it stands
# Verbs by which a treatment is said to have a result.
GIVING = frozenset(
    """gave gives led leads brought brings keeps kept produced produces achieved achieves yielded
    yields resulted results cured cures induced induces provided provides saved saves""".split()  # noqa: SIM905
)


class QuestionError(ValueError):
    """A question that cannot be read: empty, too long or not text."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a question.

    Attributes:
        words: its tokens, misspellings corrected.
        corrections: what was corrected, as read.
        concepts: the recognised terms.
        aspects: the aspects asked for, in the order of an answer.
        unheld: names of drugs, trials and genes that the library does not know.
        unknown: other words that occur nowhere in it.
        refusal: the id of the refusal that applies, or None.
    """

    words: tuple[str, ...]
    corrections: dict[str, str]
    concepts: frozenset[Concept]
    aspects: tuple[str, ...]
    unheld: tuple[str, ...]
    unknown: tuple[str, ...]
    refusal: str | None

    def ids(self, kind: str) -> set[str]:
        """Return the ids of the recognised terms of one kind."""
        return {concept.id for concept in self.concepts if concept.kind == kind}


def understand(question: str, library: Library, lexicon: Lexicon) -> Understanding:
    """Read a question.

    Raises:
        QuestionError: it is empty, longer than `LONGEST_QUESTION`, or holds no words.
    """
    if "\0" in question:
        raise QuestionError("the question is not text; ask it in words")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters; ask it in at most {LONGEST_QUESTION:,}"
        )
    if not question.strip():
        raise QuestionError('the question is empty; ask one, for example "Is VIT better than VI?"')
    words, corrections = lexicon.corrected(tokens(question))
    concepts = lexicon.concepts(words) | lexicon.in_capitals(question)
    concepts |= frozenset(_regimens_of_drugs(concepts, library))
    return Understanding(
        words=tuple(words),
        corrections=corrections,
        concepts=concepts,
        aspects=tuple(
            a for a in library.aspects if {Concept("aspect", a), Concept("whole", a)} & concepts
        ),
        unheld=tuple(dict.fromkeys(_unheld(question, words, concepts, lexicon))),
        unknown=tuple(dict.fromkeys(w for w in words if _is_unknown(w, lexicon))),
        refusal=_refusal(concepts, library),
    )


def in_context(
    understanding: Understanding, context: frozenset[Concept], library: Library
) -> Understanding:
    """Return a question as understood together with what was spoken of before it."""
    concepts = understanding.concepts | context
    named = {concept.id for concept in concepts if concept.kind in {"aspect", "whole"}}
    aspects = tuple(aspect for aspect in library.aspects if aspect in named)
    return replace(understanding, concepts=concepts, aspects=aspects)


def named_terms(concepts: Iterable[Concept], library: Library) -> set[str]:
    """Return the names of recognised terms: drugs, regimens, factors, endpoints and studies."""
    kinds: Mapping[str, Mapping[str, Term]] = {
        "drug": library.drugs,
        "regimen": library.regimens,
        "factor": library.factors,
    }
    names = {kinds[c.kind][c.id].name for c in concepts if c.kind in kinds}
    return names | {c.id for c in concepts if c.kind in {"endpoint", "study"}}


def _regimens_of_drugs(concepts: frozenset[Concept], library: Library) -> Iterator[Concept]:
    """Yield the largest regimens all of whose drugs are named: "vinorelbine + cyclophosphamide".

    Of regimens of the same drugs those that say more than the drugs, such as maintenance, have to
    be named.
    """
    named = {c.id for c in concepts if c.kind in {"drug", "regimen"} and c.id in library.drugs}
    possible = [
        r for r in library.regimens.values() if len(r.drugs) > 1 and named.issuperset(r.drugs)
    ]
    plain = {frozenset(r.drugs) for r in possible if _says_only_drugs(r, library)}
    for regimen in possible:
        says_more = not _says_only_drugs(regimen, library) and frozenset(regimen.drugs) in plain
        if not says_more and not any(set(regimen.drugs) < set(o.drugs) for o in possible):
            yield Concept("regimen", regimen.id)


def _says_only_drugs(regimen: Term, library: Library) -> bool:
    drugs = {word for id_ in regimen.drugs for word in tokens(library.drugs[id_].name)}
    return STOP_WORDS.union(drugs).issuperset(tokens(regimen.name))


def _is_unknown(word: str, lexicon: Lexicon) -> bool:
    return len(word) > 3 and word not in lexicon.words and word not in STOP_WORDS


def unheld_names(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield names of trials and genes in a text that the library does not know."""
    yield from _unheld(text, [], frozenset(), lexicon)


def unheld_treatments(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield what a text says had an effect, and the library knows nothing of.

    That is a word that ends like the name of a drug, or is said to have given a result: "vitamin C
    led to a survival of 28%".
    """
    for clause in CLAUSE.split(text):
        words = tokens(clause)
        effect = next((n for n, word in enumerate(words) if word in GIVING), 0)
        for place, word in enumerate(words):
            if word in lexicon.held or word in GIVING or not word[0].isalpha():
                continue
            gives = effect - WITHIN <= place < effect and len(word) >= SHORTEST_SUBJECT
            if gives or DRUG_ENDING.search(word):
                yield word


def _unheld(
    question: str, words: list[str], concepts: frozenset[Concept], lexicon: Lexicon
) -> Iterator[str]:
    for match in CODE_NAME.finditer(question):
        if question.isupper():
            break
        parts = tokens(match[0])
        if not all(part in lexicon.words for part in parts):
            yield match[0]
    for word in words:
        if word not in lexicon.words and DRUG_ENDING.search(word):
            yield word
    if not any(concept.kind == "disease" for concept in concepts):
        for word in words:
            is_cancer = CANCER_ENDING.match(word) and word not in NO_CANCER
            if is_cancer and word not in lexicon.named:
                yield word


def _refusal(concepts: frozenset[Concept], library: Library) -> str | None:
    for refusal in library.refusals.values():
        found = {
            int(c.id.rpartition("/")[2]) for c in concepts if c.id.startswith(f"{refusal.id}/")
        }
        if found == set(range(1, len(refusal.needs) + 1)):
            return refusal.id
    return None
