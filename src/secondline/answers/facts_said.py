"""Facts of one patient read from the words of a question; what is not clear is not guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import ahocorasick

from secondline.answers.describing import (
    ARTICLES,
    BETWEEN,
    Question,
    Token,
    formed,
    is_of_relapse,
    is_possible_only,
    is_taken_back,
    negates,
    read,
    tokens_of,
)
from secondline.answers.words import ORDINARY_WORDS
from secondline.assessment.patient import names_of_treatments
from secondline.assessment.values import value_of
from secondline.domain.facts import FactDefinition
from secondline.library.library import Library
from secondline.library.phrases import SLOT as SLOT_NAME
from secondline.library.phrases import ends, spelled_out

TREATMENTS = "prior_therapies"
STATUS = "disease_status"
LATER = "later-relapse"
SLOT = "<{}>"
JOINING = frozenset({"and", "or", "plus", "nor"})

Sense = Literal["yes", "no", "code", "only", "value", "values", "unclear"]


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact that a question says of its patient.

    Attributes:
        name: of the fact.
        value: as a patient file holds it.
        words: the words of the question that say it.
    """

    name: str
    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says of its patient.

    Attributes:
        facts: by the order of their words.
        not_understood: words that may say a fact and leave something open, with what they leave.
    """

    facts: tuple[SaidFact, ...] = ()
    not_understood: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """Return the facts as a patient file holds them."""
        return {fact.name: fact.value for fact in self.facts}


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


class FactReader:
    """Reads facts from questions by the phrases of the vocabulary. Deterministic."""

    def __init__(self, library: Library) -> None:
        self._facts = library.facts
        self._fact_of_code = {
            fact.derived_from[1][0]: fact.name
            for fact in library.facts.values()
            if fact.derived_from and len(fact.derived_from[1]) == 1
        }
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

    def read(
        self,
        question: str,
        disease: str | None,
        corrections: Mapping[str, str] | None = None,
        *,
        supposing: bool = False,
    ) -> Reading:
        """Return the facts that a question says of one patient; none for a general question.

        Args:
            question: in the reader's words.
            disease: facts of other diseases are not read; None for those of every disease.
            corrections: misspelled words and what they are read as.
            supposing: the patient is known, so that a bare finding is the patient's and what is
                supposed counts as said: "and if she had irinotecan?".
        """
        text = read(question, dict(corrections or {}), supposing=supposing)
        if not any(place >= 0 for place in text.describing):
            return Reading()
        given, hits = self._hits(text, disease)
        later = any(hit.meaning.of == LATER for hit in hits)
        found: dict[str, list[SaidFact]] = {}
        unclear: list[str] = []
        denied_until = 0
        for hit in hits:
            denied = _is_denied(text, hit, denied_until)
            if denied is None or not self._belongs(text, hit, later=later):
                continue
            if denied:
                denied_until = hit.end
            words = text.words(hit.start, hit.end)
            if hit.meaning.sense == "unclear":
                unclear += [] if denied else [f"{words} ({hit.meaning.of})"]
            for name, value in self._values(text, hit, given, denied=denied):
                found.setdefault(name, []).append(SaidFact(name, value, words))
        return self._reading(found, unclear)

    def _hits(
        self, text: Question, disease: str | None
    ) -> tuple[tuple[Treatments, ...], list[Hit]]:
        """Return the treatments named and the phrases that count, in the order of the words."""
        plain = list(_items(text.tokens))
        given = tuple(_listed(self._named(plain), text.tokens))
        numbers = list(_items(text.tokens, number=SLOT.format("number")))
        found = {
            Hit(meaning, start, end)
            for items in (plain, numbers, list(_with_treatments(plain, given)))
            for meanings, start, end in _found(self._phrases, items)
            for meaning in meanings
            if self._is_of(meaning.fact, disease)
        }
        counting = [hit for hit in found if _describes(text, hit)]
        return given, sorted(_longest(text, counting), key=lambda h: (h.start, -h.end, str(h.meaning)))

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

    def _belongs(self, text: Question, hit: Hit, *, later: bool) -> bool:
        """Say whether a phrase about the relapse is about the one relapse told of."""
        said = self._facts[hit.meaning.fact].said
        if said is None or said.about_relapse is None:
            return True
        if later:
            return False
        return said.about_relapse == "one" or is_of_relapse(text.tokens, hit.start, hit.end)

    def _values(
        self, text: Question, hit: Hit, given: tuple[Treatments, ...], *, denied: bool
    ) -> Iterator[tuple[str, Any]]:
        """Yield the facts that a phrase says, as a patient file holds them."""
        fact, of = self._facts[hit.meaning.fact], hit.meaning.of
        match hit.meaning.sense:
            case ("yes" | "no") as sense if fact.kind == "set":
                within = (g for g in given if hit.start <= g.start and g.end <= hit.end)
                for treatments in within:
                    yield from self._of_treatments(treatments, given=sense == "yes")
            case "yes":
                yield fact.name, not denied
            case "no":
                yield fact.name, False
            case "code":
                yield fact.name, {"at_least": of.split()} if fact.kind == "set" else of
            case "only":
                yield fact.name, [of]
            case "values":
                low, high = ends(of)
                yield fact.name, low if low == high else {"from": low, "to": high}
            case "value":
                for place in _quantities(text, hit):
                    if (quantity := text.tokens[place].quantity) is not None:
                        yield fact.name, quantity.raw(fact)
            case _:
                pass

    def _of_treatments(self, treatments: Treatments, *, given: bool) -> Iterator[tuple[str, Any]]:
        """Yield what is said by treatments that were given, or that were not."""
        if not given and treatments.joined in {"and", "plus"}:
            return  # "no irinotecan and radiotherapy": whether both were not given stays open
        for treatment in treatments.named:
            if treatment.fact:
                yield treatment.fact, given
            elif given:
                yield TREATMENTS, {"at_least": list(treatment.codes)}
            elif len(treatment.codes) == 1 and treatment.codes[0] in self._fact_of_code:
                yield self._fact_of_code[treatment.codes[0]], False

    def _reading(self, found: Mapping[str, list[SaidFact]], unclear: list[str]) -> Reading:
        """Join what is said of each fact; what disagrees or cannot be is not understood."""
        facts: list[SaidFact] = []
        for name, said in found.items():
            words = "; ".join(dict.fromkeys(each.words for each in said))
            value = _joined([each.value for each in said])
            try:
                if value is None:
                    raise ValueError("these say different things")
                value_of(self._facts[name], value)
            except ValueError as error:
                unclear.append(f"{words} ({error})")
            else:
                facts.append(SaidFact(name, value, words))
        return Reading(tuple(facts), tuple(dict.fromkeys(unclear)))


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


def _with_treatments(items: list[Item], given: tuple[Treatments, ...]) -> Iterator[Item]:
    """Yield the words of a text with its treatments as slots."""
    for word, start, end in items:
        inside = next((g for g in given if g.start <= start and end <= g.end), None)
        if inside is None:
            yield word, start, end
        elif start == inside.start:
            yield SLOT.format("treatment"), inside.start, inside.end


def _quantities(text: Question, hit: Hit) -> list[int]:
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
    for hit in hits:
        own = set(_quantities(text, hit)) if hit.meaning.sense in {"value", "unclear"} else set()
        for other in hits:
            clearer = hit.meaning.sense == "unclear" != other.meaning.sense
            longer = other.end - other.start > hit.end - hit.start
            same = other.meaning.fact == hit.meaning.fact
            inside = other.start <= hit.start and hit.end <= other.end
            shares = not own.isdisjoint(_quantities(text, other))
            shares = shares and other.meaning.sense in {"value", "unclear"}
            if clearer and (shares or (same and inside)):
                break
            if longer and ((same and inside) or (shares and not clearer)):
                break
        else:
            yield hit


def _is_denied(text: Question, hit: Hit, denied_until: int) -> bool | None:
    """Say whether a phrase is denied; None where that cannot be told for certain."""
    place = negates(text.tokens, hit.start)
    if place is None:
        return False
    can_be_denied = hit.meaning.sense == "yes" and hit.meaning.fact != TREATMENTS
    between = {t.word for t in text.tokens[place + 1 : hit.start]} - ARTICLES
    goes_on = {t.word for t in text.tokens[denied_until : hit.start]} - ARTICLES
    if can_be_denied and (
        between <= BETWEEN or (denied_until > place and goes_on <= {"or", "nor"})
    ):
        return True
    return None


def _joined(values: list[Any]) -> Any:
    """Return the one value that all say; None where they differ. Open lists add up."""
    first = values[0]
    if all(value == first for value in values):
        return first
    lists = [value for value in values if isinstance(value, list)]
    open_lists = [v["at_least"] for v in values if isinstance(v, dict) and "at_least" in v]
    if len(lists) + len(open_lists) < len(values):
        return None
    codes = list(dict.fromkeys(code for each in open_lists for code in each))
    if lists:
        whole = lists[0]
        return whole if all(each == whole for each in lists) and set(codes) <= set(whole) else None
    return {"at_least": codes}
