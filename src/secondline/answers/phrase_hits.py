"""Phrases by which facts are said, found in a question; of overlapping ones, those that count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import ahocorasick

from secondline.answers.describing import (
    ARTICLES,
    Question,
    Token,
    formed,
    is_possible_only,
    is_taken_back,
    tokens_of,
)
from secondline.answers.words import ORDINARY_WORDS
from secondline.assessment.patient import names_of_treatments
from secondline.domain.facts import FactDefinition
from secondline.library.library import Library
from secondline.library.phrases import SLOT as SLOT_NAME
from secondline.library.phrases import spelled_out

SLOT = "<{}>"
JOINING = frozenset({"and", "or", "plus", "nor"})

Sense = Literal["yes", "no", "code", "only", "value", "values", "unclear"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says: of which fact, in which sense; `of` is its code, number or question."""

    fact: str
    sense: Sense
    of: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a question, from one token to another."""

    meaning: Meaning
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a name of a treatment stands for: codes of the list of treatments, or a fact."""

    codes: tuple[str, ...]
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Treatments:
    """One treatment or a list of them: "irinotecan and temozolomide", from token to token."""

    named: tuple[Treatment, ...]
    start: int
    end: int
    joined: str = ""


Item = tuple[str, int, int]  # a word or slot, and the tokens that it stands for


class PhraseFinder:
    """Finds the phrases of a vocabulary in questions that describe a patient."""

    def __init__(self, library: Library) -> None:
        self._facts = library.facts
        phrases: dict[str, list[Meaning]] = {}
        for fact in library.facts.values():
            for phrase, meaning in _phrases(fact):
                for wording in spelled_out(phrase, _key):
                    meanings = phrases.setdefault(wording, [])
                    meanings += [meaning] if meaning not in meanings else []
        treatments = _treatments(library)
        self.words = {w for key in (*phrases, *treatments) for w in key.split() if w.isalpha()}
        self._phrases = _automaton(phrases)
        self._treatments = _automaton(treatments)

    def find(self, text: Question, disease: str | None) -> tuple[tuple[Treatments, ...], list[Hit]]:
        """Return the treatments named and the phrases that count, in the order of the words."""
        plain = list(_items(text.tokens))
        given = tuple(_listed(self._named(plain), text.tokens))
        text = _with_whole_lists(text, given)
        numbers = list(_items(text.tokens, number=SLOT.format("number")))
        found = {
            Hit(meaning, start, end)
            for items in (plain, numbers, list(_with_treatments(plain, given)))
            for meanings, start, end in _found(self._phrases, items)
            for meaning in meanings
            if self._is_of(meaning.fact, disease)
        }
        # What a longer phrase outdoes is not read either where the longer one does not count.
        counting = [hit for hit in _longest(text, list(found)) if _describes(text, hit)]
        return given, sorted(counting, key=lambda hit: (hit.start, -hit.end, str(hit.meaning)))

    def _named(self, items: list[Item]) -> list[tuple[Treatment, int, int]]:
        """Return the treatments that are named, the longest of overlapping names."""
        found = sorted(_found(self._treatments, items), key=lambda f: (f[1] - f[2], f[1]))
        kept: list[tuple[Treatment, int, int]] = []
        for treatment, start, end in found:
            if all(end <= s or e <= start for _, s, e in kept):
                kept.append((treatment, start, end))
        return sorted(kept, key=lambda named: named[1])

    def _is_of(self, fact: str, disease: str | None) -> bool:
        diseases = self._facts[fact].diseases
        return not diseases or disease in diseases


def _phrases(fact: FactDefinition) -> Iterator[tuple[str, Meaning]]:
    """Yield the phrases of a fact with what they mean."""
    if (said := fact.said) is None:
        return
    yield from ((phrase, Meaning(fact.name, "yes")) for phrase in said.yes)
    yield from ((phrase, Meaning(fact.name, "no")) for phrase in said.no)
    yield from ((phrase, Meaning(fact.name, "value")) for phrase in said.value)
    by_key: tuple[tuple[Sense, Mapping[str, tuple[str, ...]]], ...] = (
        ("code", said.codes),
        ("only", said.only),
        ("values", said.values),
        ("unclear", said.unclear),
    )
    for sense, mapping in by_key:
        for of, phrases in mapping.items():
            yield from ((phrase, Meaning(fact.name, sense, of)) for phrase in phrases)


def _treatments(library: Library) -> dict[str, Treatment]:
    """Return what every name of a treatment stands for."""
    named = {
        _key(name.replace("-", " ")): Treatment(codes)
        for name, codes in names_of_treatments(library).items()
    }
    for fact in library.facts.values():
        for name in fact.said.treatment if fact.said else ():
            named[_key(name)] = Treatment((), fact.name)
    return {name: treatment for name, treatment in named.items() if name not in ORDINARY_WORDS}


@cache
def _key(wording: str) -> str:
    """Spell a part of a wording as questions are read; a slot stays as it is."""
    parts = SLOT_NAME.split(wording)
    spelled = (
        [SLOT.format(part)] if i % 2 else [t.word for t in tokens_of(formed(part))]
        for i, part in enumerate(parts)
    )
    return " ".join(word for part in spelled for word in part if word not in ARTICLES)


def _automaton(meanings: Mapping[str, Any]) -> Any:
    automaton = ahocorasick.Automaton()
    for phrase, meaning in meanings.items():
        if phrase:
            automaton.add_word(f" {phrase} ", (len(phrase), meaning))
    automaton.make_automaton()
    return automaton


def _items(tokens: tuple[Token, ...], number: str = "") -> Iterator[Item]:
    """Yield the words of a text without articles, quantities as slots; a mark stays a mark."""
    for place, token in enumerate(tokens):
        word = token.word
        if token.quantity and token.quantity.kind != "number":
            word = SLOT.format(token.quantity.kind)
        elif token.quantity:
            word = number or word
        if word not in ARTICLES:
            yield word or "?", place, place + 1


def _found(automaton: Any, items: list[Item]) -> Iterator[tuple[Any, int, int]]:
    """Yield every phrase of an automaton in the words of a text, with its tokens."""
    starts: dict[int, int] = {}
    stops: dict[int, int] = {}
    place = 1
    for word, start, end in items:
        starts[place] = start
        place += len(word)
        stops[place] = end
        place += 1
    for end, (length, meaning) in automaton.iter(f" {' '.join(item[0] for item in items)} "):
        yield meaning, starts[end - length], stops[end]


def _listed(
    named: list[tuple[Treatment, int, int]], tokens: tuple[Token, ...]
) -> Iterator[Treatments]:
    """Yield treatments, those of one list together: "irinotecan, temozolomide and X".

    A list ends in "and" or "or"; treatments with only a comma between them stand alone.
    """
    place = 0
    while place < len(named):
        last, joined = place, ""
        for other in range(place + 1, len(named)):
            between = [t.word for t in tokens[named[other - 1][2] : named[other][1]]]
            words = [word for word in between if word not in ARTICLES and word != ","]
            if len(words) > 1 or not between or not JOINING.issuperset(words):
                break
            if words:
                last, joined = other, words[0]
        group = named[place : last + 1]
        yield Treatments(tuple(t for t, _, _ in group), group[0][1], group[-1][2], joined)
        place = last + 1


def _with_whole_lists(text: Question, given: tuple[Treatments, ...]) -> Question:
    """Return a question in which all of a list describes the patient whom its beginning describes.

    "Options for a child who had vincristine, dactinomycin and ifosfamide?": the comma divides a
    list, and no clause.
    """
    describing = list(text.describing)
    for group in given:
        size = group.end - group.start
        describing[group.start : group.end] = [describing[group.start]] * size
    return replace(text, describing=tuple(describing))


def _with_treatments(items: list[Item], given: tuple[Treatments, ...]) -> Iterator[Item]:
    """Yield the words of a text with its treatments as slots."""
    for word, start, end in items:
        inside = next((g for g in given if g.start <= start and end <= g.end), None)
        if inside is None:
            yield word, start, end
        elif start == inside.start:
            yield SLOT.format("treatment"), inside.start, inside.end


def quantities_in(text: Question, hit: Hit) -> list[int]:
    """Return the places of the quantities inside a phrase; bare numbers where it has no other."""
    found = [p for p in range(hit.start, hit.end) if text.tokens[p].quantity is not None]
    return [p for p in found if text.tokens[p].word == ""] or found


def _describes(text: Question, hit: Hit) -> bool:
    """Say whether every word of a phrase describes the patient, and nobody takes it back."""
    if any(place < 0 for place in text.describing[hit.start : hit.end]):
        return False
    tokens = text.tokens
    if is_possible_only(tokens, text.describing[hit.start], hit.start):
        return False
    return not is_taken_back(tokens, hit.start, hit.end)


def _longest(text: Question, hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits that no longer one outdoes.

    A longer one outdoes those inside it of the same fact, and the others of one quantity. What is
    unclear yields to all that is clear.
    """
    figures = {
        hit: set(quantities_in(text, hit)) if hit.meaning.sense in {"value", "unclear"} else set()
        for hit in hits
    }
    for hit in hits:
        if not any(_outdoes(other, hit, figures) for other in hits):
            yield hit


def _outdoes(other: Hit, hit: Hit, figures: Mapping[Hit, set[int]]) -> bool:
    """Say whether one hit leaves nothing to another one."""
    same = other.meaning.fact == hit.meaning.fact
    inside = same and other.start <= hit.start and hit.end <= other.end
    if not inside and figures[hit].isdisjoint(figures[other]):
        return False
    if hit.meaning.sense == "unclear" != other.meaning.sense:
        return True
    clearer = other.meaning.sense == "unclear" != hit.meaning.sense
    return other.end - other.start > hit.end - hit.start and not clearer
