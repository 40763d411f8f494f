"""Facts of one patient read from the words of a question; what is not clear is not guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondline.answers.describing import (
    ARTICLES,
    BETWEEN,
    MAY_DESCRIBE,
    Question,
    is_of_relapse,
    negates,
    read,
)
from secondline.answers.phrase_hits import Hit, PhraseFinder, Treatments, quantities_in
from secondline.assessment.values import value_of
from secondline.library.library import Library
from secondline.library.phrases import ends

TREATMENTS = "prior_therapies"
STATUS = "disease_status"
LATER = "later-relapse"


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


class FactReader:
    """Reads facts from questions by the phrases of the vocabulary. Deterministic."""

    def __init__(self, library: Library) -> None:
        self._facts = library.facts
        self._finder = PhraseFinder(library)
        self.words = self._finder.words
        self._fact_of_code = {
            fact.derived_from[1][0]: fact.name
            for fact in library.facts.values()
            if fact.derived_from and len(fact.derived_from[1]) == 1
        }

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
        if not (supposing or MAY_DESCRIBE.search(question)):
            return Reading()
        text = read(question, dict(corrections or {}), supposing=supposing)
        if not any(place >= 0 for place in text.describing):
            return Reading()
        given, hits = self._finder.find(text, disease)
        later = any(hit.meaning.of == LATER for hit in hits)
        found: dict[str, list[SaidFact]] = {}
        unclear: dict[object, str] = {}  # one question for each figure
        denied_until = 0
        for hit in hits:
            denied = _is_denied(text, hit, denied_until)
            if denied is None or not self._belongs(text, hit, later=later):
                continue
            if denied:
                denied_until = hit.end
            place = negates(text.tokens, hit.start) if denied else None
            words = text.words(hit.start if place is None else place, hit.end)
            if hit.meaning.sense == "unclear" and not denied:
                unclear.setdefault(
                    tuple(quantities_in(text, hit)) or hit, f"{words} ({hit.meaning.of})"
                )
            for name, value in self._values(text, hit, given, denied=denied):
                found.setdefault(name, []).append(SaidFact(name, value, words))
        return self._reading(found, list(unclear.values()))

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
                for place in quantities_in(text, hit):
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
            if problem := self._problem(name, value):
                unclear.append(f"{words} ({problem})")
            else:
                facts.append(SaidFact(name, value, words))
        return Reading(tuple(facts), tuple(dict.fromkeys(unclear)))

    def _problem(self, name: str, value: Any) -> str | None:
        """Say why a value cannot be one of a fact; None when it can."""
        if value is None:
            return "these say different things"
        try:
            value_of(self._facts[name], value)
        except ValueError as error:
            return str(error)
        return None


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
