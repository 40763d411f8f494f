"""A question to a cited answer, or to a refusal that says what the library does hold."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from secondline.answers.answer import Answer, Reader, Section, Sentence
from secondline.answers.composition import Composer
from secondline.answers.lexicon import Lexicon
from secondline.answers.planning import Plan, Planner
from secondline.answers.ranking import PARTICULAR, Ranking, text_of
from secondline.answers.understanding import Understanding, understand
from secondline.answers.wording import AFTER_HEAD, figures, named_head
from secondline.answers.words import tokens
from secondline.assessment.assessment import (
    MAY_APPLY,
    Assessment,
    OptionResult,
    assess,
    findings_of,
    review_counts,
)
from secondline.assessment.patient import read_record
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Option, Outlook, Pathway
from secondline.library.library import Library

IN_SHORT = "In short"
HELD_STATEMENTS = 3  # shown beside a refusal
FOLLOW_UPS = 4
ENOUGH_FOR_FAMILIES = 4  # sentences in a section
WITH_CAUTION = 4  # the statements nearest to a specific question are told with their cautions
SPAN = re.compile(r"^(\d+)$")
SPAN_UNITS = {"year", "years", "yr", "yrs", "month", "months"}
RELAPSE = {"relapse", "relapsed", "relapses", "recurrence", "recurrent", "recurred", "refractory"}
AT_THE_BEGINNING = 4  # words


class Answerer:
    """Answers questions from one library. Building it reads every statement once."""

    def __init__(self, library: Library, disclaimer: str) -> None:
        self.library = library
        self.disclaimer = disclaimer
        texts = {s.id: tokens(text_of(s, library)) for s in library.statements.values()}
        prose = [f"{s.plain} {s.caution}" for s in library.statements.values()]
        prose += [rule.passage for rule in library.rules.values()]
        prose += [fact.label for fact in library.facts.values()]
        self.lexicon = Lexicon(library, [*texts.values(), tokens(" ".join(prose))])
        self.ranking = Ranking(library, self.lexicon, texts)
        self.planner = Planner(library, self.ranking)

    def answer(
        self, question: str, reader: Reader = "clinician", facts: Mapping[str, Any] | None = None
    ) -> Answer:
        """Answer one question.

        Args:
            question: in the reader's words.
            reader: for whom the answer is worded.
            facts: what is recorded of a patient, by the names of the vocabulary.

        Raises:
            QuestionError: the question is empty, too long or not text.
            PatientError: the facts cannot be read.
        """
        understanding = understand(question, self.library, self.lexicon)
        patient = read_record(facts or {}, self.library).patient
        pathway = self._pathway(understanding, patient)
        composer = Composer(self.library, reader, numbers=_asks_for_numbers(understanding))
        reason = self._reason_to_refuse(understanding, patient, pathway, reader)
        if reason is not None or pathway is None:
            sections = list(self._held(understanding, composer, pathway))
        else:
            plan = self.planner.plan(understanding, pathway, patient, reader)
            sections = list(self._for_patient(facts, composer))
            sections += self._sections(plan, composer)
            if not sections:
                reason = self._not_found()
        return Answer(
            question=question,
            reader=reader,
            edition=self.library.edition,
            abstained=reason is not None,
            reason=reason,
            sections=tuple(sections),
            references=composer.references.references(),
            follow_ups=self._follow_ups(understanding),
            review=review_counts(composer.told, self.library),
            disclaimer=self.disclaimer,
        )

    def _pathway(self, understanding: Understanding, patient: Patient) -> Pathway | None:
        """Return the pathway of the disease named, or of the only one held when none is named."""
        named = self._named(understanding, patient)
        if not named:
            return next(iter(self.library.pathways.values()), None)
        held = (self.library.pathway_of(disease) for disease in named)
        return next((pathway for pathway in held if pathway), None)

    def _named(self, understanding: Understanding, patient: Patient) -> list[str]:
        """Return the diseases that the question names, or else the one that is recorded."""
        recorded = patient["disease"]
        return sorted(understanding.ids("disease")) or [
            disease for disease in (recorded,) if isinstance(disease, str)
        ]

    # Refusing

    def _reason_to_refuse(
        self,
        understanding: Understanding,
        patient: Patient,
        pathway: Pathway | None,
        reader: Reader,
    ) -> str | None:
        held = self._holdings()
        if understanding.refusal:
            refusal = self.library.refusals[understanding.refusal]
            return (refusal.plain if reader == "family" else None) or refusal.says
        if pathway is None:
            return f"Not in the library: {', '.join(self._named(understanding, patient))}. {held}"
        if understanding.unheld:
            return f"Not in the library: {', '.join(understanding.unheld)}. {held}"
        if nothing := self._terms_without_evidence(understanding):
            return f"The library holds no statement about {', '.join(nothing)}. {held}"
        if not understanding.ids("disease") and not self._is_covered(understanding):
            return self._not_found()
        if understanding.unknown and self._hangs_on_the_unknown(understanding):
            return f"Not in the library: {', '.join(understanding.unknown)}. {held}"
        return self._figure_not_held(understanding)

    def _terms_without_evidence(self, understanding: Understanding) -> list[str]:
        """Name drugs and regimens that are known by name and that no statement is about."""
        named = {
            **{id_: self.library.drugs[id_].name for id_ in understanding.ids("drug")},
            **{id_: self.library.regimens[id_].name for id_ in understanding.ids("regimen")},
        }
        asked = {id_ for _, id_ in self.ranking.features(understanding)}
        return sorted({name for id_, name in named.items() if id_ not in asked})

    def _hangs_on_the_unknown(self, understanding: Understanding) -> bool:
        """Say whether a word nobody knows is what the question is about.

        It is when the question names nothing particular that the library holds, and asks for no
        aspect of the disease or puts the word at its beginning ("Does X help ...").
        """
        if self.ranking.is_specific(understanding):
            return False
        first = min(understanding.words.index(word) for word in understanding.unknown)
        return not understanding.aspects or first < AT_THE_BEGINNING

    def _is_covered(self, understanding: Understanding) -> bool:
        """Say whether a question that names no disease is still about what the library holds."""
        kinds = {kind for kind, _ in self.ranking.features(understanding)}
        if kinds & PARTICULAR or "supportive" in understanding.aspects:
            return True
        if understanding.aspects and RELAPSE.intersection(understanding.words):
            return True
        return "endpoint" in kinds and not understanding.unknown

    def _figure_not_held(self, understanding: Understanding) -> str | None:
        """Refuse a figure at a time for which no finding exists: "20-year survival after VIT"."""
        spans = _timepoints(understanding.words)
        endpoints = understanding.ids("endpoint")
        regimens = understanding.ids("regimen")
        if not spans or not endpoints or "factors" in understanding.aspects:
            return None
        for statement in self.library.statements.values():
            if regimens and not regimens & {statement.intervention, statement.comparator}:
                continue
            if any(_span_of(f.timepoint) in spans for f in statement.findings):
                return None
        if not regimens:
            return None if _mentions_interval(understanding.words) else self._no_figure(spans)
        return self._no_figure(spans)

    def _no_figure(self, spans: set[str]) -> str:
        times = " or ".join(sorted(spans))
        return f"No finding in the library is given at {times}. {self._holdings()}"

    def _not_found(self) -> str:
        return f"The library holds nothing that answers this. {self._holdings()}"

    def _holdings(self) -> str:
        held = [self.library.diseases[p.disease].name for p in self.library.pathways.values()]
        return (
            f"This edition holds relapsed and refractory {', '.join(held)}; for anything else,"
            " ask the treating center or look in current guidelines."
        )

    def _held(
        self, understanding: Understanding, composer: Composer, pathway: Pathway | None
    ) -> Iterator[Section]:
        """Show, beside a refusal to foretell, what groups of patients experienced."""
        if understanding.refusal not in {"individual-probability", "time-left"}:
            return
        if pathway is None or not understanding.ids("disease"):
            return
        best = self.planner.best(understanding, Patient({}))[:HELD_STATEMENTS]
        sentences = [sentence for statement in best for sentence in composer.statement(statement)]
        if section := composer.section("What this edition holds", sentences):
            yield section

    # Answering

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
        for statement in cited:
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
            if plan.overview and statement.findings:
                found += composer.statement(statement, overview=True)
            elif not plan.overview:
                found += composer.statement(statement, caution=True)
        return found

    def _for_patient(
        self, facts: Mapping[str, Any] | None, composer: Composer
    ) -> Iterator[Section]:
        """Say what the pathway finds for the patient described. Families are not given this."""
        if not facts or composer.reader == "family" or "disease" not in facts:
            return
        assessment = assess(facts, self.library, self.disclaimer)
        sentences: list[Sentence] = []
        for text, ids in self._patient_lines(assessment):
            statements = [self.library.statements[id_] for id_ in ids]
            sentences += composer.sentence(text, statements, {text})
        for stratum in assessment.strata:
            if stratum.truth == "met":
                for id_ in stratum.statements:
                    sentences += composer.figures(self.library.statements[id_], overview=True)
        sentences += self._patient_outlook(assessment, composer)
        if section := composer.section("For a patient with these facts", sentences):
            yield section

    def _patient_lines(self, assessment: Assessment) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what is settled, then what is open: options waiting for one fact together."""
        for stratum in assessment.strata:
            if stratum.truth == "met":
                why = "; ".join(stratum.because)
                yield f"{stratum.scheme}: {stratum.label} ({why}).", stratum.statements
        waiting: dict[tuple[str, ...], list[OptionResult]] = {(): []}
        for option in assessment.options:
            if option.role != "avoid" and (option.verdict == "eligible" or option.missing):
                waiting.setdefault(option.missing, []).append(option)
        for missing, options in waiting.items():
            names = "; ".join(option.label for option in options)
            cited = tuple(dict.fromkeys(id_ for option in options for id_ in option.statements))
            labels = ", ".join(self.library.facts[fact].label for fact in missing)
            if options:
                when = (
                    f"Open until recorded ({labels})" if missing else "Possible by the facts given"
                )
                yield f"{when}: {names}.", cited
        for caution in assessment.cautions:
            if caution.statements and not caution.text.startswith(MAY_APPLY):
                yield caution.text, caution.statements

    def _patient_outlook(self, assessment: Assessment, composer: Composer) -> Iterator[Sentence]:
        """Yield the published figures that describe such patients, each with its study."""
        for result in assessment.outlook:
            rule = self.library.rules[result.id]
            if result.applies != "met" or not isinstance(rule, Outlook):
                continue
            statement = self.library.statements[rule.statement]
            for finding in findings_of(rule, statement):
                if finding.endpoint == result.endpoint:
                    beginning = named_head(finding, statement.study)
                    text = f"{beginning}{AFTER_HEAD}{figures(finding)}."
                    yield from composer.sentence(text, (statement,))

    def _follow_ups(self, understanding: Understanding) -> tuple[str, ...]:
        """Offer questions on the aspects that were not asked for."""
        offered = [
            aspect.follow_up
            for aspect in self.library.aspects.values()
            if aspect.follow_up and aspect.id not in understanding.aspects
        ]
        return tuple(offered[:FOLLOW_UPS])


def _asks_for_numbers(understanding: Understanding) -> bool:
    """Say whether a family asked how groups did; figures are not forced on those who did not."""
    return "outcomes" in understanding.aspects or bool(understanding.ids("endpoint"))


def _timepoints(words: tuple[str, ...]) -> set[str]:
    """Return the spans a question names: {"5 year", "18 month"}."""
    return {
        f"{number} {unit[0]}"
        for number, unit in pairwise(words)
        if SPAN.match(number) and unit in SPAN_UNITS
    }


def _span_of(timepoint: str | None) -> str:
    words = (timepoint or "").split()
    return f"{words[0]} {words[1][0]}" if len(words) > 1 else ""


def _mentions_interval(words: tuple[str, ...]) -> bool:
    """Say whether a span in the question is a time to relapse or an age, not a timepoint."""
    return bool({"after", "from", "since", "within", "old", "later", "diagnosis"} & set(words))
