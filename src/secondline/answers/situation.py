"""The situation a question is about: what may describe it, and how closely."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import log
from types import MappingProxyType

from secondline.criteria.explain import Explainer
from secondline.criteria.tree import (
    LEAVES,
    Criterion,
    Known,
    Leaf,
    Negated,
    children_of,
    walk,
)
from secondline.domain.evidence import Statement
from secondline.domain.facts import Patient, Value
from secondline.domain.pathways import AnyRule
from secondline.domain.truth import MET, NOT_MET, Truth
from secondline.library.library import Library

# What every rule and statement of a disease tests; they single nothing out.
GENERAL_FACTS = frozenset({"disease", "disease_status"})


def weights_of(library: Library) -> dict[Leaf, float]:
    """Say how much each test of a fact singles out: the fewer criteria make it, the more."""
    criteria = [*library.decisions.values(), *library.criteria.values()]
    made = Counter(
        leaf
        for criterion in criteria
        for leaf in {node for _, node in walk(criterion) if isinstance(node, LEAVES)}
    )
    return {leaf: log(1 + len(criteria) / count) for leaf, count in made.items()}


class Criteria:
    """The criteria of a library, those of its rules and of its statements, and what they test."""

    def __init__(self, library: Library, weights: Mapping[Leaf, float]) -> None:
        """Build over a library; `weights` are those of `weights_of` for it."""
        self.library = library
        self.weights = weights
        self._behind: dict[str, list[AnyRule]] = {}
        for rule in library.rules.values():
            for id_ in rule.statements:
                self._behind.setdefault(id_, []).append(rule)

    def about(self, statement: Statement) -> Iterator[Criterion]:
        """Yield the criteria of a statement and of the rules that rest on it."""
        own = self.library.criteria.get(statement.id)
        if own is not None:
            yield own
        for rule in self._behind.get(statement.id, ()):
            yield self.library.decisions[rule.id]

    def speciality(self, statement: Statement) -> float:
        """Weigh how special the patients of a statement are; 0 for relapse as a whole.

        Without a criterion of its own it is as special as the widest rule that rests on it.
        """
        own = self.library.criteria.get(statement.id)
        criteria = [own] if own is not None else list(self.about(statement))
        return min(map(self._rarity, criteria), default=0.0)

    def _rarity(self, criterion: Criterion) -> float:
        rarest: dict[str, float] = {}
        for _, leaf in walk(criterion):
            if isinstance(leaf, LEAVES) and leaf.fact not in GENERAL_FACTS:
                rarest[leaf.fact] = max(self.weights[leaf], rarest.get(leaf.fact, 0.0))
        return sum(rarest[fact] for fact in sorted(rarest))


class Situation:
    """The facts known of one patient, held against criteria; each criterion is looked at once.

    Attributes:
        is_of_a_patient: facts of a patient are known.
        recorded: the facts known of the patient, beside the most general ones.
        patient: the patient, with what the question is about where nothing is known of it.
    """

    def __init__(
        self,
        disease: str,
        patient: Patient,
        tests: Criteria,
        asked: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """Hold a patient against criteria.

        Args:
            disease: the disease asked about.
            patient: what is known of the patient; without a fact for nobody in particular.
            tests: the criteria of the library.
            asked: what the question is about, such as a type of tumor; it only rules out.
        """
        self.disease = disease
        self.is_of_a_patient = bool(patient.facts)
        self.recorded = frozenset(patient) - GENERAL_FACTS
        self._known = patient
        self.patient = Patient({"disease": disease, **asked, **patient.facts})
        self._tests = tests
        self._library = tests.library
        self._explainer = Explainer(self.patient)
        self._passed: dict[tuple[int, bool], frozenset[Leaf]] = {}

    def asked_of(self, asked: Mapping[str, Value]) -> "Situation":
        """Return the same situation for a question that is about some facts."""
        return Situation(self.disease, self._known, self._tests, asked)

    def truth(self, rule: AnyRule) -> Truth:
        """Say whether a rule holds."""
        return self._explainer.truth(self._library.decisions[rule.id])

    def is_possible(self, rule: AnyRule) -> bool:
        """Say whether a rule holds or may hold once more is known."""
        return self.truth(rule) is not NOT_MET

    def may_apply(self, statement: Statement) -> bool:
        """Say whether a statement may describe the patient."""
        criterion = self._library.criteria.get(statement.id)
        return criterion is None or self._explainer.truth(criterion) is not NOT_MET

    def closeness(self, rule: AnyRule) -> float:
        """Weigh the tests of a possible rule that the recorded facts pass, the rare ones most."""
        return self._weight(self._library.decisions[rule.id])

    def fit(self, statement: Statement) -> float:
        """Weigh so the tests of a statement, or of a rule that rests on it."""
        if not self.recorded:
            return 0.0
        return max(map(self._weight, self._tests.about(statement)), default=0.0)

    def _weight(self, criterion: Criterion) -> float:
        """Add up the heaviest passed test of each fact; nothing for a criterion that fails."""
        if not self.recorded or self._explainer.truth(criterion) is NOT_MET:
            return 0.0
        heaviest: dict[str, float] = {}
        for leaf in self._passing(criterion, asked=True):
            weight = self._tests.weights[leaf]
            heaviest[leaf.fact] = max(weight, heaviest.get(leaf.fact, 0.0))
        return sum(heaviest[fact] for fact in sorted(heaviest))

    def _passing(self, node: Criterion, *, asked: bool) -> frozenset[Leaf]:
        """Return the leaves that the recorded facts pass: met, or not met below a `not`."""
        known = self._passed.get((id(node), asked))
        if known is None:
            known = self._passed[id(node), asked] = frozenset(self._pass(node, asked=asked))
        return known

    def _pass(self, node: Criterion, *, asked: bool) -> Iterator[Leaf]:
        if isinstance(node, Negated):
            asked = not asked
        for child in children_of(node):
            yield from self._passing(child, asked=asked)
        if not isinstance(node, LEAVES) or isinstance(node, Known):
            return
        passes = self._explainer.truth(node) is (MET if asked else NOT_MET)
        if passes and node.fact in self.recorded:
            yield node
