"""Why a criterion holds, does not hold, or cannot be said, for one patient."""

from collections.abc import Mapping
from dataclasses import dataclass

from secondline.criteria.evaluate import combined, evaluate
from secondline.criteria.tree import (
    LEAVES,
    Criterion,
    Leaf,
    Negated,
    children_of,
)
from secondline.domain.facts import Patient
from secondline.domain.truth import UNKNOWN, Truth

Leaves = Mapping[Leaf, Truth]  # in reading order, with what each came to


@dataclass(frozen=True, slots=True)
class Explanation:
    """The truth of a criterion and what it rests on.

    Attributes:
        because: only the leaves that decide, each with its truth, in reading order; for an unknown,
            the leaves that stay open.
        missing: the facts whose absence keeps the criterion open.
    """

    truth: Truth
    because: Leaves
    missing: tuple[str, ...]


def explain(node: Criterion, patient: Patient) -> Explanation:
    """Evaluate a criterion and say what decides it, or what is missing to decide it."""
    return Explainer(patient).explain(node)


class Explainer:
    """Explains many criteria for one patient; a part that they share is looked at once.

    What was found of a node is kept with the node, so that its id stays its own.
    """

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self._truths: dict[int, tuple[Truth, Criterion]] = {}
        self._leaves: dict[int, tuple[Leaves, Criterion]] = {}

    def truth(self, node: Criterion) -> Truth:
        """Evaluate a criterion."""
        if known := self._truths.get(id(node)):
            return known[0]
        if parts := children_of(node):
            truth = combined(node, map(self.truth, parts))
        else:
            truth = evaluate(node, self.patient)
        self._truths[id(node)] = truth, node
        return truth

    def explain(self, node: Criterion) -> Explanation:
        """Evaluate a criterion and say what decides it, or what is missing to decide it."""
        truth, leaves = self.truth(node), self._deciding(node)
        missing = tuple(dict.fromkeys(leaf.fact for leaf in leaves)) if truth is UNKNOWN else ()
        return Explanation(truth, leaves, missing)

    def _deciding(self, node: Criterion) -> Leaves:
        """Return the leaves that give a node its truth: all that agree, no others.

        A met `any` rests on its met children, a not-met `all` on its not-met children; an unknown
        node rests on its unknown children. Below a `not` the truth turns round.
        """
        if known := self._leaves.get(id(node)):
            return known[0]
        leaves: dict[Leaf, Truth] = {}
        truth = self.truth(node)
        if isinstance(node, LEAVES):
            leaves[node] = truth
        turned = isinstance(node, Negated)
        for part in children_of(node):
            if turned or self.truth(part) is truth:
                leaves.update(self._deciding(part))
        self._leaves[id(node)] = leaves, node
        return leaves
