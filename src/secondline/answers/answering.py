"""A question to a cited answer, or to a refusal that says what the library does hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from secondline.answers.answer import (
    READERS,
    Answer,
    Reader,
    Section,
    Understood,
)
from secondline.answers.composition import Composer
from secondline.answers.facts_said import FactReader, Reading
from secondline.answers.hints import is_hard, remark, with_hints
from secondline.answers.known import Known, beyond_the_past, joined
from secondline.answers.lexicon import Concept, Lexicon
from secondline.answers.patients import sentences_for
from secondline.answers.plain_words import PlainWords
from secondline.answers.planning import Planner
from secondline.answers.ranking import Ranking, text_of
from secondline.answers.refusing import Refuser, plain_name
from secondline.answers.situation import Criteria, Situation, weights_of
from secondline.answers.telling import Teller
from secondline.answers.understanding import Understanding, in_context, named_terms, understand
from secondline.answers.unreviewed import NOT_BESIDE_A_REFUSAL, Search, UnreviewedLiterature, quoted
from secondline.answers.words import tokens
from secondline.assessment.assessment import assess, review_counts
from secondline.assessment.patient import read_record
from secondline.criteria.tree import Leaf
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient
from secondline.library.cache import cached, keep
from secondline.library.library import Library

FOR_PATIENT = "For a patient with these facts"
LEFT_OUT = (
    "This overview tells what comes first in each part and leaves out the rest; ask about one"
    " option, factor or part, or name the site, the time of the relapse and what was given before."
)
NO_PLAIN_WORDS = "We have nothing in plain words on just this part. Here is what we have."
HELD_STATEMENTS = 3  # shown beside a refusal
FOLLOW_UPS = 4
DISEASE = "{disease}"  # in a follow-up question, where the name of the disease goes
HELD: Mapping[Reader, str] = {
    "clinician": "What this edition holds",
    "family": "How groups of children did",
}
OTHER_DISEASE: Mapping[Reader, str] = {
    "clinician": "The question is about {asked}, the patient's disease is {about}; ask for one.",
    "family": "You ask about {asked}, but the facts are about {about}. Please ask about one.",
}
REMARKS: Mapping[str, Mapping[Reader, str]] = {
    "disease": {
        "clinician": "No disease is named; the answer is about relapsed {about}.",
        "family": "You did not name a cancer. This answer is about {about} that came back.",
    },
    "no statement": {
        "clinician": "The library holds no statement about {about} here.",
        "family": "We have no studies about {about} here.",
    },
    "unknown": {
        "clinician": "Not in the library, and left out: {about}.",
        "family": "We do not know these words and left them out: {about}.",
    },
    "conflicts": {
        "clinician": "Facts that contradict each other were left out: {about}.",
        "family": "Some facts do not fit together. We left them out: {about}.",
    },
}


@dataclass(frozen=True, slots=True)
class Index:
    """What questions are looked up in: the terms and the statements of one edition."""

    lexicon: Lexicon
    ranking: Ranking
    fact_reader: FactReader
    weights: dict[Leaf, float]


def _index(library: Library) -> Index:
    texts = {s.id: tokens(text_of(s, library)) for s in library.statements.values()}
    prose = [f"{s.plain} {s.caution}" for s in library.statements.values()]
    prose += [rule.passage for rule in library.rules.values()]
    prose += [fact.label for fact in library.facts.values()]
    fact_reader = FactReader(library)
    said = sorted(fact_reader.words)
    lexicon = Lexicon(library, [*texts.values(), tokens(" ".join(prose)), said])
    ranking = Ranking(library, lexicon, texts)
    return Index(lexicon, ranking, fact_reader, weights_of(library))


class Answerer:
    """Answers questions from one library; its index is kept between processes."""

    def __init__(self, library: Library, disclaimers: Mapping[Reader, str]) -> None:
        self.library = library
        self.disclaimers = disclaimers
        index = cached("index", library.edition)
        if not isinstance(index, Index) or not index.ranking.is_over(library):
            index = _index(library)
            keep("index", library.edition, index)
        self.lexicon = index.lexicon
        self.fact_reader = index.fact_reader
        self.ranking = index.ranking.over(library)
        criteria = Criteria(library, index.weights)
        self.planners = {
            reader: Planner(library, self.ranking, criteria, reader) for reader in READERS
        }
        self.tellers = {r: Teller(library, planner) for r, planner in self.planners.items()}
        self.refuser = Refuser(library, self.ranking)
        self.plain_words = PlainWords(library)

    def answer(  # noqa: PLR0913  # what a question may come with
        self,
        question: str,
        reader: Reader = "clinician",
        facts: Mapping[str, Any] | None = None,
        read_as: tuple[str, ...] = (),
        *,
        context: frozenset[Concept] = frozenset(),
        reading: Reading | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            question: in the reader's words.
            reader: for whom the answer is worded.
            facts: what is recorded of a patient, by the names of the vocabulary.
            read_as: what a language model took it to be about; without effect unless it is hard.
            context: what was spoken of before it in a conversation.
            reading: what is said of the patient, where it was read before; None to read it here.

        Raises:
            QuestionError: the question is empty, too long or not text.
            PatientError: the facts cannot be read.
        """
        understanding = understand(question, self.library, self.lexicon)
        record = read_record(facts or {}, self.library)
        recorded = record.patient["disease"]
        hint = ""
        if read_as and is_hard(understanding, recorded, self.ranking):
            understanding = with_hints(understanding, read_as, self.library)
            hint = remark(read_as, self.library)
        understanding = in_context(understanding, context, self.library)
        diseases = _named(understanding, record.patient)
        disease = self._disease(understanding, diseases)
        if reading is None:
            reading = self.fact_reader.read(question, disease, understanding.corrections)
        known = joined(facts or {}, record, reading, self.library)
        patient = known.record.patient
        situation = self.planners[reader].situation(disease, patient) if disease else None
        composer = Composer(
            self.library,
            reader,
            numbers=_asks_for_numbers(understanding),
            foreign=self.planners[reader].foreign_to(situation),
        )
        beyond = beyond_the_past(understanding, known.said, self.library)
        reason = self.refuser.reason(beyond, diseases, disease, reader)
        if isinstance(recorded, str) and disease is not None and recorded != disease:
            terms = (self.library.diseases[id_] for id_ in (disease, recorded))
            asked, about = (plain_name(term, reader) for term in terms)
            reason = OTHER_DISEASE[reader].format(asked=asked, about=about)
        left_out = ""
        if reason is not None or disease is None or situation is None:
            sections = list(self._held(understanding, composer, disease))
        else:
            plan = self.planners[reader].plan(understanding, disease, situation)
            sections = list(
                self._for_patient(known.facts, disease, situation, understanding, composer)
            )
            sections += self.tellers[reader].sections(plan, composer)
            left_out = LEFT_OUT if plan.left_out else ""
            if not sections and reader == "family":
                # What is held on this part has no plain words: the rest is told, and that said.
                whole = replace(understanding, aspects=())
                plan = self.planners[reader].plan(whole, disease, situation)
                sections += self.tellers[reader].sections(plan, composer)
                left_out = NO_PLAIN_WORDS
            if not sections:
                reason = self.refuser.not_found(reader)
        # Where nothing is answered, the disease that it would have been about is nobody's.
        answered_for = disease if diseases or reason is None else None
        assumed = self._remarks(beyond, diseases, disease, known, reader)
        remarks = " ".join(filter(None, (hint, assumed, left_out))) or None
        answer = Answer(
            question=question,
            reader=reader,
            edition=self.library.edition,
            abstained=reason is not None,
            reason=reason or remarks,
            sections=tuple(sections),
            references=composer.references.references(),
            follow_ups=self._follow_ups(understanding, disease, reader),
            visit_questions=(),
            explained_words=(),
            review=review_counts(composer.told, self.library),
            disclaimer=self.disclaimers[reader],
            understood=self._understood(understanding, answered_for, known, reading),
        )
        return self._for_family(answer, understanding) if reader == "family" else answer

    def _understood(
        self, understanding: Understanding, disease: str | None, known: Known, reading: Reading
    ) -> Understood:
        unknown = (*understanding.unheld, *understanding.unknown, *reading.not_understood)
        return Understood(
            disease=disease,
            aspects=understanding.aspects,
            terms=tuple(sorted(named_terms(understanding.concepts, self.library))),
            facts=known.said,
            not_understood=tuple(dict.fromkeys(unknown)),
        )

    def _for_family(self, answer: Answer, understanding: Understanding) -> Answer:
        """Add what a family may ask its care team, and explain the words of medicine.

        Beside a refusal that sends the family elsewhere stands nothing that keeps it here.
        """
        refusal = self.library.refusals.get(understanding.refusal or "")
        if refusal is not None and not refusal.shows_groups:
            return replace(answer, follow_ups=())
        if answer.abstained and not understanding.ids("disease"):
            answer = replace(answer, follow_ups=())
        else:
            questions = self.plain_words.visit_questions(answer, understanding.aspects)
            answer = replace(answer, visit_questions=questions)
        return replace(answer, explained_words=self.plain_words.explained(answer))

    def is_hard(self, question: str, facts: Mapping[str, Any] | None = None) -> bool:
        """Say whether a language model may read it: on the subject, without term and patient.

        Raises:
            QuestionError, PatientError: as `answer`.
        """
        understanding = understand(question, self.library, self.lexicon)
        recorded = read_record(facts or {}, self.library).patient["disease"]
        if not is_hard(understanding, recorded, self.ranking):
            return False
        corrections = understanding.corrections
        read = (self.fact_reader.read(question, d, corrections) for d in self.library.held)
        return not any(reading.facts for reading in read)

    def beside(self, question: str, opened: Callable[[], Search]) -> UnreviewedLiterature:
        """Quote what the literature says near a question; nothing beside a refusal.

        Args:
            opened: opens the search of the literature; not called while there is none.
        """
        if understand(question, self.library, self.lexicon).refusal:
            return UnreviewedLiterature(reason=NOT_BESIDE_A_REFUSAL)
        return quoted(question, opened)

    def nearest(self, words: str) -> list[Statement]:
        """Return the statements that words are about, nearest first.

        Raises:
            QuestionError: the words are too long or not text.
        """
        understanding = understand(words, self.library, self.lexicon)
        return [statement for _, statement in self.ranking.ranked(understanding)]

    def _disease(self, understanding: Understanding, diseases: list[str]) -> str | None:
        """Return the disease to answer for: of those named, or of all, the one asked about most."""
        held = [disease for disease in diseases if disease in self.library.held]
        if diseases and not held:
            return None
        found = self.ranking.disease(understanding, held)
        return found or next(iter(held or self.library.held), None)

    def _held(
        self, understanding: Understanding, composer: Composer, disease: str | None
    ) -> Iterator[Section]:
        """Show, beside a refusal to foretell, what groups of patients experienced."""
        refusal = self.library.refusals.get(understanding.refusal or "")
        if refusal is None or not refusal.shows_groups:
            return
        if disease is None or not understanding.ids("disease"):
            return
        planner = self.planners[composer.reader]
        if composer.reader == "family":
            found = planner.outlook(understanding, disease)
        else:
            nobody = planner.situation(disease, Patient({}))
            found = planner.best(understanding, disease, nobody)
        sentences = [s for each in found[:HELD_STATEMENTS] for s in composer.statement(each)]
        if section := composer.section(HELD[composer.reader], sentences):
            yield section

    def _remarks(
        self,
        understanding: Understanding,
        diseases: list[str],
        disease: str | None,
        known: Known,
        reader: Reader,
    ) -> str | None:
        """Say what an answer assumes and leaves out: the disease, unknown words, contradictions."""
        parts = []
        if not diseases and disease:
            name = plain_name(self.library.diseases[disease], reader)
            parts.append(REMARKS["disease"][reader].format(about=name))
        if nothing := str(self.refuser.terms_without_evidence(understanding, disease, reader)):
            parts.append(REMARKS["no statement"][reader].format(about=nothing))
        if understanding.unknown and not self.ranking.is_specific(understanding):
            unknown = ", ".join(understanding.unknown)
            parts.append(REMARKS["unknown"][reader].format(about=unknown))
        parts += known.remarks
        if known.record.conflicts:
            because = "; ".join(conflict.because for conflict in known.record.conflicts)
            parts.append(REMARKS["conflicts"][reader].format(about=because))
        return " ".join(parts) or None

    def _for_patient(
        self,
        facts: Mapping[str, Any],
        disease: str,
        situation: Situation,
        understanding: Understanding,
        composer: Composer,
    ) -> Iterator[Section]:
        """Say what the pathway finds for the patient described. Families are not given this."""
        if not set(facts) - {"disease"} or composer.reader == "family":
            return
        if disease not in self.library.assessed:
            return
        disclaimer = self.disclaimers[composer.reader]
        assessment = assess({**facts, "disease": disease}, self.library, disclaimer, turns=False)
        told = sentences_for(assessment, understanding.aspects, composer, situation)
        if section := composer.section(FOR_PATIENT, told):
            yield section

    def _follow_ups(
        self, understanding: Understanding, disease: str | None, reader: Reader
    ) -> tuple[str, ...]:
        """Offer questions on the aspects that were not asked for and that statements treat."""
        if disease is None:
            return ()
        name = plain_name(self.library.diseases[disease], reader)
        topics = self.planners[reader].topics(disease)
        offered = (
            aspect.plain_follow_up if reader == "family" else aspect.follow_up
            for aspect in self.library.aspects.values()
            if aspect.id not in understanding.aspects and topics.intersection(aspect.topics)
        )
        questions = [question.replace(DISEASE, name) for question in offered if question]
        return tuple(questions[:FOLLOW_UPS])


def _asks_for_numbers(understanding: Understanding) -> bool:
    """Say whether a family asked how groups did; figures are not forced on those who did not."""
    return "outcomes" in understanding.aspects or bool(understanding.ids("endpoint"))


def _named(understanding: Understanding, patient: Patient) -> list[str]:
    """Return the diseases that a question names, or else the one that is recorded."""
    recorded = patient["disease"]
    return sorted(understanding.ids("disease")) or [d for d in (recorded,) if isinstance(d, str)]
