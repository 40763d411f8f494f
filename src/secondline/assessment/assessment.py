"""One patient to strata, options, outlook, cautions and the facts that are missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondline.assessment.patient import Conflict, Record, read_record
from secondline.assessment.result import (
    Assessment,
    CautionResult,
    MissingFact,
    OptionResult,
    OutlookResult,
    StratumResult,
    Turn,
)
from secondline.criteria.explain import Explainer, Explanation
from secondline.criteria.gaps import Gap
from secondline.criteria.search import OpenParts
from secondline.criteria.tree import Criterion
from secondline.criteria.words import reasons
from secondline.domain.evidence import Finding, Statement
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Caution, Named, Option, Outlook, Stratum
from secondline.domain.references import ReferenceList
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth
from secondline.library.library import Library

MAY_APPLY = "May apply"  # how a caution begins whose facts are not all recorded
VERDICTS = {MET: "eligible", NOT_MET: "not-eligible", UNKNOWN: "unknown"}


class NotHeld(ValueError):  # noqa: N818  # refusing to answer is a result, not an error
    """The disease is not recorded, or this edition holds no pathway for it."""


def assess(
    facts: Mapping[str, Any], library: Library, disclaimer: str, *, turns: bool = True
) -> Assessment:
    """Assess one patient by every rule of the pathways of the disease.

    Args:
        facts: names of the vocabulary to values; what is absent is unknown.
        library: the knowledge.
        disclaimer: the sentence about what this is and is not.
        turns: look also for what would decide what is open, which takes longest; without it
            nothing is settled and no fact is counted as missing.

    Raises:
        PatientError: facts that are unknown or of the wrong type, unit or code.
        NotHeld: the disease is not recorded, or the edition holds no pathway for it.
    """
    record = read_record(facts, library)
    disease = assessed_disease(record.patient, library)
    return _Assessor(record, disease, library, turns=turns).assessment(disclaimer)


def assessed_disease(patient: Patient, library: Library) -> str:
    """Return the patient's disease, which the edition holds pathways for.

    Raises:
        NotHeld: the disease is not recorded, or the edition holds no pathway for it.
    """
    held = ", ".join(library.assessed)
    disease = patient["disease"]
    if not isinstance(disease, str):
        raise NotHeld(f"disease is not recorded; this edition assesses: {held}")
    if disease not in library.assessed:
        raise NotHeld(f"this edition holds no pathway for {disease}; it assesses: {held}")
    return disease


class _Assessor:
    """Runs the rules of one disease over one patient."""

    def __init__(self, record: Record, disease: str, library: Library, *, turns: bool) -> None:
        self.turns = turns
        self.patient = record.patient
        self.conflicts = record.conflicts
        self.unheard = record.unheard
        self.disease = disease
        self.library = library
        self.references = ReferenceList()
        self._explainer = Explainer(record.patient)
        self._open_parts = OpenParts(record.patient)
        self._memory: dict[int, Explanation] = {}
        self._reasons: dict[int, tuple[str, ...]] = {}
        self._gaps: dict[int, Gap] = {}  # by the id of the rest, which `_open_parts` keeps
        self.open: dict[str, Criterion] = {}  # rule id → the criterion that is still unknown

    def assessment(self, disclaimer: str) -> Assessment:
        schemes = self.library.schemes_of(self.disease)
        strata: list[StratumResult] = []
        options: list[OptionResult] = []
        outlook: list[OutlookResult] = []
        cautions = list(map(self._contradiction, self.conflicts))
        if self.unheard:
            cautions.append(self._unheard(self.unheard))
        used: set[str] = set()
        for rule in self.library.rules_of(self.disease):
            match rule:
                case Stratum():
                    strata.append(self._stratum(rule, schemes[rule.scheme].label))
                case Option():
                    options.append(self._option(rule))
                case Outlook():
                    outlook.extend(self._outlook(rule))
                case Caution():
                    cautions.extend(self._caution(rule))
                case _:
                    pass
        for results in (strata, options, outlook, cautions):
            used.update(id_ for result in results for id_ in result.statements)
        return Assessment(
            disease=self.disease,
            edition=self.library.edition,
            strata=tuple(strata),
            options=tuple(options),
            outlook=tuple(outlook),
            cautions=tuple(cautions),
            missing=tuple(self._missing()),
            conflicts=tuple(
                f"{conflict.because} ({', '.join(conflict.facts)})" for conflict in self.conflicts
            ),
            references=self.references.references(),
            review=review_counts(used, self.library),
            disclaimer=disclaimer,
        )

    def _explained(self, criterion: Criterion) -> Explanation:
        """Explain a criterion once; many rules and populations share theirs."""
        if id(criterion) not in self._memory:
            self._memory[id(criterion)] = self._explainer.explain(criterion)
        return self._memory[id(criterion)]

    def _explain(self, rule: AnyRule) -> Explanation:
        criterion = self.library.decisions[rule.id]
        explanation = self._explained(criterion)
        decidable = explanation.missing and not isinstance(rule, Named)
        if explanation.truth is UNKNOWN and decidable:
            self.open[rule.id] = criterion
        return explanation

    def _because(self, rule: AnyRule, explanation: Explanation) -> tuple[str, ...]:
        if explanation.truth is UNKNOWN and rule.undecided_because and not explanation.missing:
            return (rule.undecided_because,)
        if id(explanation) not in self._reasons:
            self._reasons[id(explanation)] = reasons(
                explanation.because, self.patient, self.library.facts
            )
        return self._reasons[id(explanation)]

    def _stratum(self, rule: Stratum, scheme: str) -> StratumResult:
        explanation = self._explain(rule)
        self._cite(rule.statements)
        return StratumResult(
            id=rule.id,
            scheme=scheme,
            label=rule.label,
            truth=explanation.truth.value,
            because=self._because(rule, explanation),
            missing=explanation.missing,
            statements=rule.statements,
            settled=self._settled(rule),
            would_change=self._turns(rule, {MET: "met", NOT_MET: "not-met"}),
        )

    def _option(self, rule: Option) -> OptionResult:
        explanation = self._explain(rule)
        return OptionResult(
            id=rule.id,
            label=rule.label,
            role=rule.role,
            verdict=VERDICTS[explanation.truth],
            because=self._because(rule, explanation),
            missing=explanation.missing,
            statements=rule.statements,
            citations=self._cite(rule.statements),
            caution=rule.caution,
            settled=self._settled(rule),
            would_change=self._turns(rule, VERDICTS),
        )

    def _settled(self, rule: AnyRule) -> str | None:
        """Say how an open rule turns out whatever is missing, where it can only turn out so."""
        gap = self._gap(rule.id)
        return None if gap is None or gap.settled is UNKNOWN else gap.settled.value

    def _turns(self, rule: AnyRule, names: Mapping[Truth, str]) -> tuple[Turn, ...]:
        gap = self._gap(rule.id)
        turns = () if gap is None else gap.turns
        return tuple(Turn(fact, value, names[truth]) for fact, value, truth in turns)

    def _gap(self, rule: str) -> Gap | None:
        """Return what would decide an open rule; rules that are open alike are looked at once."""
        if not self.turns or (criterion := self.open.get(rule)) is None:
            return None
        rest = self._open_parts.of(criterion)
        if id(rest) not in self._gaps:
            self._gaps[id(rest)] = self.library.gaps.of(rest, self.patient)
        return self._gaps[id(rest)]

    def _outlook(self, rule: Outlook) -> Iterator[OutlookResult]:
        """Yield the findings that describe the patient; withhold the figure while that is open."""
        statement = self.library.statements[rule.statement]
        if NOT_MET in map(self._explainer.truth, self._conditions(rule, statement)):
            return
        truth, missing = self._applies(statement, self._explain(rule))
        withheld = f"Not shown until recorded: {self._labels(missing)}." if missing else None
        for finding in findings_of(rule, statement):
            yield OutlookResult(
                id=rule.id,
                endpoint=finding.endpoint,
                population=_population(statement, finding),
                estimate=estimate_of(finding) if truth is MET else None,
                interval=finding.interval if truth is MET else None,
                timepoint=timepoint_of(finding),
                statements=(statement.id,),
                citations=self._cite((statement.id,)),
                applies=truth.value,
                caution=_joined(withheld, rule.caution, statement.caution),
            )

    def _conditions(self, rule: Outlook, statement: Statement) -> Iterator[Criterion]:
        """Yield whom the rule is for, and whom the statement's figures describe."""
        yield self.library.decisions[rule.id]
        if criterion := self.library.criteria.get(statement.id):
            yield criterion

    def _applies(
        self, statement: Statement, explanation: Explanation
    ) -> tuple[Truth, tuple[str, ...]]:
        """Join the rule, which is not unmet, with the population of the statement's figures."""
        if (criterion := self.library.criteria.get(statement.id)) is None:
            return explanation.truth, explanation.missing
        population = self._explained(criterion)
        missing = tuple(dict.fromkeys(explanation.missing + population.missing))
        return (UNKNOWN if UNKNOWN in (explanation.truth, population.truth) else MET), missing

    def _caution(self, rule: Caution) -> Iterator[CautionResult]:
        """Yield a caution that holds, or that may hold: a warning does not wait for a fact."""
        if self._explainer.truth(self.library.decisions[rule.id]) is NOT_MET:
            return
        explanation = self._explain(rule)
        text = rule.text
        if explanation.truth is UNKNOWN:
            text = f"{MAY_APPLY} (not recorded: {self._labels(explanation.missing)}): {text}"
        if explanation.truth is not NOT_MET:
            yield CautionResult(rule.id, text, rule.statements, self._cite(rule.statements))

    def _unheard(self, names: tuple[str, ...]) -> CautionResult:
        text = (
            f"Treatments that the vocabulary does not know: {', '.join(names)}. What they contain"
            " is unknown, so no drug counts as not given; record drugs by their names."
        )
        return CautionResult("unknown-treatments", text, (), ())

    def _contradiction(self, conflict: Conflict) -> CautionResult:
        text = (
            f"The facts contradict each other: {conflict.because}. "
            f"Check the record; {self._labels(conflict.facts)} stays unknown until then."
        )
        return CautionResult(f"contradiction-{conflict.id}", text, (), ())

    def _labels(self, facts: tuple[str, ...]) -> str:
        return ", ".join(self.library.facts[fact].label for fact in facts)

    def _cite(self, statements: tuple[str, ...]) -> tuple[int, ...]:
        library = self.library
        return self.references.cite(
            [s for id_ in statements for s in library.sources_of(library.statements[id_])]
        )

    def _missing(self) -> Iterator[MissingFact]:
        """Yield the facts that would decide something, those that decide most first.

        A rule that turns out the same however the gaps are filled is settled and counts for none.
        """
        changes: dict[str, list[str]] = {}
        for id_ in self.open:
            if gap := self._gap(id_):
                for fact in gap.facts:
                    changes.setdefault(fact, []).append(id_)
        for fact, ids in sorted(changes.items(), key=lambda item: (-len(item[1]), item[0])):
            yield MissingFact(fact, self.library.facts[fact].label, tuple(ids))


def findings_of(rule: Outlook, statement: Statement) -> Iterator[Finding]:
    """Yield the findings of a statement that an outlook rule names."""
    for finding in statement.findings:
        if finding.group != rule.group or (finding.estimate is None and finding.events is None):
            continue
        if rule.endpoint is None or finding.endpoint == rule.endpoint:
            yield finding


def estimate_of(finding: Finding) -> str:
    """Write an estimate with its counts, as printed: "37% (176 of 474)"."""
    counts = f"{finding.events} of {finding.n}" if finding.events is not None else ""
    if finding.estimate is None:
        return counts
    effect = f"{finding.effect} " if finding.effect else ""
    return f"{effect}{finding.estimate}{f' ({counts})' if counts else ''}"


def timepoint_of(finding: Finding) -> str | None:
    """Write the timepoint with its clock: "5 years from first recurrence"."""
    return _joined(finding.timepoint, finding.clock)


def review_counts(statements: set[str], library: Library) -> dict[str, int]:
    """Count the statements used by editorial standing."""
    counts = {"submitted": 0, "under review": 0, "approved": 0}
    for id_ in statements:
        if (standing := library.standing(id_)) in counts:
            counts[standing] += 1
    return counts


def _population(statement: Statement, finding: Finding) -> str:
    study = f"{statement.study}: " if statement.study else ""
    group = "" if finding.group == "all" else f"; {finding.group}"
    return f"{study}{statement.population}{group}"


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None
