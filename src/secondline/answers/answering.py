"""A question to a cited answer, or to a refusal that says what the library does hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondline.answers.answer import Answer, Reader, Section, Sentence, Understood
from secondline.answers.composition import Composer
from secondline.answers.facts_said import FactReader, Reading
from secondline.answers.hints import is_hard, remark, with_hints
from secondline.answers.known import Known, joined
from secondline.answers.lexicon import Lexicon
from secondline.answers.patients import sentences_for
from secondline.answers.planning import Plan, Planner
from secondline.answers.ranking import Ranking, text_of
from secondline.answers.refusing import Refuser
from secondline.answers.understanding import Understanding, named_terms, understand
from secondline.answers.words import tokens
from secondline.assessment.assessment import assess, review_counts
from secondline.assessment.patient import read_record
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Option
from secondline.library.cache import cached, keep
from secondline.library.library import Library

IN_SHORT = "In short"
FOR_PATIENT = "For a patient with these facts"
HELD_STATEMENTS = 3  # shown beside a refusal
FOLLOW_UPS = 4
DISEASE = "{disease}"  # in a follow-up question, where the name of the disease goes
ENOUGH_FOR_FAMILIES = 4  # sentences in a section
WITH_CAUTION = 4  # the statements nearest to a specific question are told with their cautions
FIGURES_OF_A_RULE = 2  # statements whose figures stand behind an option in an overview


@dataclass(frozen=True, slots=True)
class Index:
    """What questions are looked up in: the terms and the statements of one edition."""

    lexicon: Lexicon
    ranking: Ranking
    fact_reader: FactReader


def _index(library: Library) -> Index:
    texts = {s.id: tokens(text_of(s, library)) for s in library.statements.values()}
    prose = [f"{s.plain} {s.caution}" for s in library.statements.values()]
    prose += [rule.passage for rule in library.rules.values()]
    prose += [fact.label for fact in library.facts.values()]
    fact_reader = FactReader(library)
    said = sorted(fact_reader.words)
    lexicon = Lexicon(library, [*texts.values(), tokens(" ".join(prose)), said])
    return Index(lexicon, Ranking(library, lexicon, texts), fact_reader)


class Answerer:
    """Answers questions from one library; its index is kept between processes."""

    def __init__(self, library: Library, disclaimer: str) -> None:
        self.library = library
        self.disclaimer = disclaimer
        index = cached("index", library.edition)
        if not isinstance(index, Index) or not index.ranking.is_over(library):
            index = _index(library)
            keep("index", library.edition, index)
        self.lexicon = index.lexicon
        self.fact_reader = index.fact_reader
        self.ranking = index.ranking.over(library)
        self.planner = Planner(library, self.ranking)
        self.refuser = Refuser(library, self.ranking)

    def answer(
        self,
        question: str,
        reader: Reader = "clinician",
        facts: Mapping[str, Any] | None = None,
        read_as: tuple[str, ...] = (),
    ) -> Answer:
        """Answer one question.

        Args:
            question: in the reader's words.
            reader: for whom the answer is worded.
            facts: what is recorded of a patient, by the names of the vocabulary.
            read_as: what a language model took it to be about; without effect unless it is hard.

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
        diseases = _named(understanding, record.patient)
        disease = self._disease(understanding, diseases)
        reading = self.fact_reader.read(question, disease, understanding.corrections)
        known = joined(facts or {}, record, reading, self.library)
        patient = known.record.patient
        composer = Composer(
            self.library,
            reader,
            numbers=_asks_for_numbers(understanding),
            foreign=self.planner.foreign_to(patient),
        )
        reason = self.refuser.reason(understanding, diseases, disease, reader)
        if isinstance(recorded, str) and disease is not None and recorded != disease:
            asked, about = (self.library.diseases[d].name for d in (disease, recorded))
            reason = (
                f"The question is about {asked}, the patient's disease is {about}; ask for one."
            )
        if reason is not None or disease is None:
            sections = list(self._held(understanding, composer, disease))
        else:
            plan = self.planner.plan(understanding, disease, patient, reader)
            sections = list(self._for_patient(known.facts, disease, understanding, composer))
            sections += self._sections(plan, composer)
            if not sections:
                reason = self.refuser.not_found()
        return Answer(
            question=question,
            reader=reader,
            edition=self.library.edition,
            abstained=reason is not None,
            reason=reason or self._remarks(understanding, diseases, disease, known, hint),
            sections=tuple(sections),
            references=composer.references.references(),
            follow_ups=self._follow_ups(understanding, disease),
            review=review_counts(composer.told, self.library),
            disclaimer=self.disclaimer,
            understood=self._understood(understanding, disease, known, reading),
        )

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

    def is_hard(self, question: str, facts: Mapping[str, Any] | None = None) -> bool:
        """Say whether a question may be read by a language model.

        It is when it is on the subject, names neither a disease nor a term, and says no fact of a
        patient.

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
        best = self.planner.best(understanding, disease, Patient({}))[:HELD_STATEMENTS]
        sentences = [sentence for statement in best for sentence in composer.statement(statement)]
        if section := composer.section("What this edition holds", sentences):
            yield section

    def _sections(self, plan: Plan, composer: Composer) -> Iterator[Section]:
        family = composer.reader == "family"
        if plan.lead and (
            section := composer.section(IN_SHORT, self._passage(plan.lead, composer))
        ):
            yield section
        for aspect_id, items in plan.items.items():
            sentences: list[Sentence] = []
            for item in items:
                if family and len(sentences) >= ENOUGH_FOR_FAMILIES:
                    break
                if isinstance(item, Statement):
                    caution = not plan.overview and len(composer.told) < WITH_CAUTION
                    sentences += composer.statement(item, caution=caution, overview=plan.overview)
                else:
                    sentences += self._rule(item, composer, overview=plan.overview)
            if aspect_id == "uncertain":
                sentences += self._conflicts(plan, composer)
            if section := composer.section(self._heading(aspect_id, family), sentences):
                yield section
        if "uncertain" not in plan.items:
            sentences = self._conflicts(plan, composer)
            if section := composer.section(self._heading("uncertain", family), sentences):
                yield section

    def _remarks(
        self,
        understanding: Understanding,
        diseases: list[str],
        disease: str | None,
        known: Known,
        hint: str,
    ) -> str | None:
        """Say what an answer assumes and leaves out: the disease, unknown words, contradictions."""
        parts = [hint] if hint else []
        if not diseases and disease:
            name = self.library.diseases[disease].name
            parts.append(f"No disease is named; the answer is about relapsed {name}.")
        if nothing := str(self.refuser.terms_without_evidence(understanding, disease)):
            parts.append(f"The library holds no statement about {nothing} here.")
        if understanding.unknown and not self.ranking.is_specific(understanding):
            parts.append(f"Not in the library, and left out: {', '.join(understanding.unknown)}.")
        parts += known.remarks
        if known.record.conflicts:
            because = "; ".join(conflict.because for conflict in known.record.conflicts)
            parts.append(f"Facts that contradict each other were left out: {because}.")
        return " ".join(parts) or None

    def _heading(self, aspect: str, family: bool) -> str:
        found = self.library.aspects[aspect]
        return found.plain_heading if family else found.heading

    def _rule(self, rule: AnyRule, composer: Composer, *, overview: bool) -> Iterator[Sentence]:
        """Tell the passage of a rule, then the figures of the statements behind it.

        Families are told the plain words of an option, then those of its statements.
        """
        cited = [self.library.statements[id_] for id_ in rule.statements]
        passage = list(self._passage(rule, composer))
        yield from passage
        for statement in cited[:FIGURES_OF_A_RULE] if overview else cited:
            if composer.reader == "clinician":
                yield from composer.figures(statement, overview=overview)
            elif passage:
                yield from composer.statement(statement)

    def _passage(self, rule: AnyRule, composer: Composer) -> Iterator[Sentence]:
        """Tell the passage of a rule, or its plain words where it has some; once in an answer."""
        text = rule.passage
        if composer.reader == "family":
            text = (isinstance(rule, Option) and rule.plain) or ""
        if text and rule.id not in composer.told_rules:
            composer.told_rules.add(rule.id)
            cited = [self.library.statements[id_] for id_ in rule.statements]
            yield from composer.sentence(text, cited, {text})

    def _conflicts(self, plan: Plan, composer: Composer) -> list[Sentence]:
        """Tell what contradicts the statements told; in an overview, where figures differ."""
        if composer.reader == "family":
            return []
        found: list[Sentence] = []
        for statement in list(self.planner.conflicting(composer.told)):
            if statement.topic == "correction":
                found += composer.sentence(
                    statement.says, [statement]
                )  # not the figures it corrects
            elif plan.overview and statement.findings:
                found += composer.statement(statement, overview=True)
            elif not plan.overview:
                found += composer.statement(statement, caution=True)
        return found

    def _for_patient(
        self,
        facts: Mapping[str, Any],
        disease: str,
        understanding: Understanding,
        composer: Composer,
    ) -> Iterator[Section]:
        """Say what the pathway finds for the patient described. Families are not given this."""
        if not facts or composer.reader == "family":
            return
        if disease not in self.library.assessed:
            return
        assessment = assess({**facts, "disease": disease}, self.library, self.disclaimer)
        told = sentences_for(assessment, understanding.aspects, composer)
        if section := composer.section(FOR_PATIENT, told):
            yield section

    def _follow_ups(self, understanding: Understanding, disease: str | None) -> tuple[str, ...]:
        """Offer questions on the aspects that were not asked for and that statements treat."""
        if disease is None:
            return ()
        name = self.library.diseases[disease].name
        topics = self.planner.topics(disease)
        offered = [
            aspect.follow_up.replace(DISEASE, name)
            for aspect in self.library.aspects.values()
            if aspect.follow_up
            and aspect.id not in understanding.aspects
            and topics.intersection(aspect.topics)
        ]
        return tuple(offered[:FOLLOW_UPS])


def _asks_for_numbers(understanding: Understanding) -> bool:
    """Say whether a family asked how groups did; figures are not forced on those who did not."""
    return "outcomes" in understanding.aspects or bool(understanding.ids("endpoint"))


def _named(understanding: Understanding, patient: Patient) -> list[str]:
    """Return the diseases that a question names, or else the one that is recorded."""
    recorded = patient["disease"]
    return sorted(understanding.ids("disease")) or [d for d in (recorded,) if isinstance(d, str)]
