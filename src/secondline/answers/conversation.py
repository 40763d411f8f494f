"""Questions that build on each other: what was spoken of, and what is known of the patient."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from secondline.answers.answer import Answer, Reader
from secondline.answers.answering import Answerer
from secondline.answers.describing import ARTICLES, formed
from secondline.answers.facts_said import TREATMENTS, Reading, SaidFact
from secondline.answers.lexicon import Concept, Kind, Lexicon
from secondline.answers.ranking import PARTICULAR
from secondline.answers.understanding import LONGEST_QUESTION, understand
from secondline.answers.words import tokens
from secondline.assessment.patient import PatientError, read_record
from secondline.criteria.vocabulary import suggestion
from secondline.library.library import Library

FORGET = re.compile(r"\s*(?:please\s+)?forget\s+(.+?)[\s.!]*", re.IGNORECASE | re.DOTALL)
ASKED = {"aspect", "whole", "endpoint"}
KEPT = PARTICULAR | ASKED
MOST_TERMS = 200  # in a conversation that is handed in; a question names far fewer


class ConversationError(ValueError):
    """A conversation that cannot be continued: data of another shape, or an unknown name."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a conversation has come to. It is plain data and kept by whoever converses.

    Attributes:
        disease: the id of the disease spoken of; None before one is known.
        terms: what the last question was about: regimens, drugs, factors, endpoints, aspects.
        facts: what was said of the patient, each with its words.
        question: the last one that asked for something; a correction asks it again.
    """

    disease: str | None = None
    terms: frozenset[Concept] = frozenset()
    facts: tuple[SaidFact, ...] = ()
    question: str | None = None

    def turn(
        self, question: str | None, answerer: Answerer, reader: Reader = "clinician"
    ) -> tuple[Answer, "Conversation"]:
        """Answer the next question; the last one again after a correction, and for None.

        Raises:
            QuestionError: the question is empty, too long or not text.
        """
        if question is None:
            return self.asked_again("", answerer, reader)
        library = answerer.library
        understanding = understand(question, library, answerer.lexicon)
        if (forget := FORGET.fullmatch(question)) and (named := self.named(forget[1], library)):
            return self.forgetting(named).asked_again(question, answerer, reader)
        diseases = understanding.ids("disease")
        if self.disease and diseases and self.disease not in diseases:
            return Conversation().turn(question, answerer, reader)
        disease = self.disease or next(iter(sorted(diseases)), None)
        supposing = self.question is not None
        corrections = understanding.corrections
        reading = answerer.fact_reader.read(question, disease, corrections, supposing=supposing)
        own = frozenset(c for c in understanding.concepts if c.kind in KEPT)
        known = replace(self, disease=disease, facts=_corrected(self.facts, reading.facts, library))
        says_only = reading.facts or (diseases and not self.disease)
        if self.question and says_only and not _asks(question, reading, answerer):
            return known.asked_again(question, answerer, reader, reading)
        starts = bool(diseases) or self.question is None
        terms = own if starts else _continued(self.terms, own)
        return replace(known, terms=terms, question=question)._answered(
            question, answerer, reader, reading
        )

    def asked_again(
        self,
        said: str,
        answerer: Answerer,
        reader: Reader = "clinician",
        reading: Reading | None = None,
    ) -> tuple[Answer, "Conversation"]:
        """Answer the last question for what is known now; without one, answer what was said."""
        return self._answered(self.question or said, answerer, reader, reading or Reading())

    def _answered(
        self, question: str, answerer: Answerer, reader: Reader, reading: Reading
    ) -> tuple[Answer, "Conversation"]:
        answer = answerer.answer(
            question,
            reader,
            {"disease": self.disease} if self.disease else None,
            context=self.terms,
            reading=Reading(self.facts, reading.not_understood),
        )
        disease = self.disease or (None if answer.abstained else answer.understood.disease)
        return answer, replace(self, disease=disease)

    def named(self, words: str, library: Library) -> tuple[str, ...]:
        """Return the facts said that words name, by their names or labels: "the age"."""
        asked = set(tokens(words)) - ARTICLES
        found = (
            fact.name
            for fact in self.facts
            if asked <= set(tokens(f"{fact.name} {library.facts[fact.name].label} {fact.words}"))
        )
        return tuple(found) if asked else ()

    def forgetting(self, names: Iterable[str]) -> "Conversation":
        """Return the conversation without some facts."""
        gone = set(names)
        return replace(self, facts=tuple(fact for fact in self.facts if fact.name not in gone))

    def setting(self, values: Mapping[str, Any], library: Library) -> "Conversation":
        """Return the conversation with facts as given; None takes one away.

        Raises:
            PatientError: a fact is unknown, or its value has the wrong type, unit or code.
        """
        given = {name: value for name, value in values.items() if value is not None}
        read_record(given, library)
        kept = self.forgetting(values)
        if isinstance(disease := given.pop("disease", None), str) and disease != self.disease:
            kept = Conversation(disease=disease)
        new = tuple(SaidFact(name, value, f"{name}={value}") for name, value in given.items())
        return replace(kept, facts=_corrected(kept.facts, new, library))

    def plain(self) -> dict[str, Any]:
        """Return the conversation as JSON-ready data."""
        return {
            "disease": self.disease,
            "question": self.question,
            "terms": sorted(f"{term.kind}:{term.id}" for term in self.terms),
            "facts": [
                {"name": fact.name, "value": fact.value, "words": fact.words} for fact in self.facts
            ],
        }


def conversation_from(data: Any, library: Library, lexicon: Lexicon) -> Conversation:
    """Read a conversation from the data that `plain` gave, or from anything; None begins one.

    Raises:
        ConversationError: the data has another shape, or names what the library does not have.
    """
    if data is None:
        return Conversation()
    if not isinstance(data, Mapping) or set(data) != {"disease", "question", "terms", "facts"}:
        raise ConversationError(
            "a conversation has disease, question, terms and facts; hand in the last one unchanged"
        )
    disease, question = data["disease"], data["question"]
    if disease is not None and disease not in tuple(library.diseases):
        called = str(disease)[:40]
        raise ConversationError(f"{called!r} is no disease{suggestion(called, library.diseases)}")
    if question is not None and (not isinstance(question, str) or len(question) > LONGEST_QUESTION):
        raise ConversationError("the last question of the conversation is not a question")
    terms = frozenset(_terms_from(data["terms"], lexicon))
    return Conversation(disease, terms, tuple(_facts_from(data["facts"], library)), question)


def _terms_from(listed: Any, lexicon: Lexicon) -> Iterator[Concept]:
    if not isinstance(listed, list | tuple) or len(listed) > MOST_TERMS:
        raise ConversationError('the terms of the conversation are not a list of "kind:id"')
    for each in listed:
        kind, _, id_ = each.partition(":") if isinstance(each, str) else ("", "", "")
        term = Concept(cast(Kind, kind), id_)
        if kind not in KEPT or term not in lexicon.known:
            raise ConversationError(f'{str(each)[:40]!r} is not a term; expected "kind:id"')
        yield term


def _facts_from(listed: Any, library: Library) -> Iterator[SaidFact]:
    if not isinstance(listed, list | tuple):
        raise ConversationError("the facts of the conversation are not a list")
    for each in listed:
        if not isinstance(each, Mapping) or set(each) != {"name", "value", "words"}:
            raise ConversationError("a fact of the conversation has name, value and words")
        try:
            read_record({str(each["name"]): each["value"]}, library)
        except PatientError as error:
            raise ConversationError(str(error)) from None
        yield SaidFact(str(each["name"]), each["value"], str(each["words"])[:LONGEST_QUESTION])


def _asks(question: str, reading: Reading, answerer: Answerer) -> bool:
    """Say whether a question asks for something besides the words that say its facts."""
    rest = formed(question)
    for words in (words for fact in reading.facts for words in fact.words.split("; ")):
        rest = rest.replace(words, " . ")
    corrected, _ = answerer.lexicon.corrected(tokens(rest))
    return any(concept.kind in ASKED for concept in answerer.lexicon.concepts(corrected))


def _continued(before: frozenset[Concept], own: frozenset[Concept]) -> frozenset[Concept]:
    """Join what a follow-up names to what was spoken of: what it names anew takes its place."""
    kept = before
    if any(concept.kind in ASKED for concept in own):
        kept = frozenset(concept for concept in kept if concept.kind not in ASKED)
    if any(concept.kind in PARTICULAR for concept in own):
        kept = frozenset(concept for concept in kept if concept.kind not in PARTICULAR)
    return kept | own


def _corrected(
    before: tuple[SaidFact, ...], new: tuple[SaidFact, ...], library: Library
) -> tuple[SaidFact, ...]:
    """Return the facts as they are now: what is said later counts, open lists add up.

    What was said of one treatment and what follows from the list of treatments are kept in step.
    """
    facts = {fact.name: fact for fact in before}
    for said in new:
        fact, value = said, said.value
        old = facts.get(fact.name)
        if old is not None and _is_open(old.value) and _is_open(value):
            value = {"at_least": list(dict.fromkeys([*old.value["at_least"], *value["at_least"]]))}
            fact = replace(fact, value=value, words=f"{old.words}; {fact.words}")
        facts[fact.name] = fact
        derived = library.facts[fact.name].derived_from
        if derived and value is False and TREATMENTS in facts:
            _take_away(facts, set(derived[1]))
        if fact.name == TREATMENTS:
            codes = set(value["at_least"] if _is_open(value) else value)
            for name in [n for n in facts if facts[n].value is False]:
                if codes.intersection((library.facts[name].derived_from or ("", ()))[1]):
                    del facts[name]
    return tuple(facts.values())


def _take_away(facts: dict[str, SaidFact], codes: set[str]) -> None:
    """Take treatments out of the list of those received; an empty open list says nothing."""
    listed = facts[TREATMENTS]
    if not _is_open(listed.value):
        facts[TREATMENTS] = replace(listed, value=[c for c in listed.value if c not in codes])
    elif left := [code for code in listed.value["at_least"] if code not in codes]:
        facts[TREATMENTS] = replace(listed, value={"at_least": left})
    else:
        del facts[TREATMENTS]


def _is_open(value: Any) -> bool:
    return isinstance(value, dict) and "at_least" in value
