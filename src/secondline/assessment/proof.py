"""Why one rule holds for one patient: the whole tree, with the passage above each rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secondline.assessment.patient import read_record
from secondline.criteria.evaluate import combined, evaluate
from secondline.criteria.parse import parse_criterion
from secondline.criteria.tree import (
    LEAVES,
    AllOf,
    AtLeast,
    Criterion,
    Leaf,
    Negated,
    Reference,
    Undecided,
    children_of,
)
from secondline.criteria.vocabulary import suggestion
from secondline.criteria.words import asked, recorded
from secondline.domain.facts import Patient
from secondline.domain.pathways import AnyRule, Caution, Option, Stratum
from secondline.domain.truth import Truth
from secondline.library.catalog import NoSuchRecord
from secondline.library.library import Library


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof.

    Attributes:
        says: what is asked, and for a fact what is recorded.
        truth: met, not-met or unknown.
        rule: the id of the rule that begins here; its passage and its statements with it.
        steps: what it rests on.
    """

    says: str
    truth: str
    rule: str | None = None
    passage: str | None = None
    statements: tuple[str, ...] = ()
    steps: tuple["Step", ...] = ()


def prove(id_: str, facts: Mapping[str, Any], library: Library) -> Step:
    """Return the proof tree of one rule for one patient.

    Args:
        id_: of an option, a stratum, an outlook, a caution or a named criterion.
        facts: `{name: value}` by the fact vocabulary.
        library: where the rule is.

    Raises:
        NoSuchRecord: no rule has the id; the message names the nearest.
        PatientError: a fact is unknown, or its value has the wrong type, unit or code.
    """
    if id_ not in library.rules:
        raise NoSuchRecord(f"no rule has the id {id_!r}{suggestion(id_, library.rules)}")
    return _Prover(read_record(facts, library).patient, library).rule(library.rules[id_])


class _Prover:
    """Walks the criteria as they are written, so that each rule stands with its passage."""

    def __init__(self, patient: Patient, library: Library) -> None:
        self.patient = patient
        self.library = library

    def rule(self, rule: AnyRule, *, gap: bool = True) -> Step:
        """Prove a rule; another rule that names it asks its criterion alone, without its gap."""
        steps = [self._step(parse_criterion(rule.when))]
        criterion = self.library.criteria[rule.id]
        if gap and rule.undecided_when:
            undecided = self._step(parse_criterion(rule.undecided_when))
            says = f"the sources leave this open: {rule.undecided_because}"
            steps.append(Step(says, undecided.truth, steps=(undecided,)))
            criterion = self.library.decisions[rule.id]
        return Step(
            says=_title(rule),
            truth=evaluate(criterion, self.patient).value,
            rule=rule.id,
            passage=rule.passage,
            statements=rule.statements,
            steps=tuple(steps),
        )

    def _step(self, node: Criterion) -> Step:
        if isinstance(node, Reference):
            return self.rule(self.library.rules[node.rule], gap=False)
        if isinstance(node, LEAVES):
            return self._leaf(node)
        steps = tuple(self._step(child) for child in children_of(node))
        truth = combined(node, (Truth(step.truth) for step in steps))
        return Step(_joint(node), truth.value, steps=steps)

    def _leaf(self, leaf: Leaf) -> Step:
        fact = self.library.facts[leaf.fact]
        found = recorded(self.patient[leaf.fact], fact)
        says = f"{asked(leaf, self.library.facts)} (recorded: {found})"
        return Step(says, evaluate(leaf, self.patient).value)


def _title(rule: AnyRule) -> str:
    match rule:
        case Caution():
            return rule.text
        case Stratum() | Option():
            return rule.label
        case _:
            return rule.id


def _joint(node: Criterion) -> str:
    match node:
        case Negated():
            return "not"
        case AllOf():
            return "all of"
        case AtLeast(count, _):
            return f"at least {count} of"
        case Undecided():
            return "left open by the sources"
        case _:
            return "any of"
