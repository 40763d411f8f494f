"""Why a criterion holds, does not hold, or cannot be said, for one patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import combined, evaluate
from secondline.criteria.tree import (
    Compared,
    Contains,
    Criterion,
    Holds,
    Known,
    Leaf,
    Member,
    Negated,
    children_of,
    facts_in,
)
from secondline.domain.facts import CodeSet, FactDefinition, Interval, Patient, Unknown, Value
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth

LARGEST_SEARCH = 20_000  # combinations tried before "settled anyway" is left unsaid


@dataclass(frozen=True, slots=True)
class Reason:
    """One leaf that decides, or that would: what is asked, what is recorded, and its truth."""

    leaf: Leaf
    value: Value
    truth: Truth


@dataclass(frozen=True, slots=True)
class Explanation:
    """The truth of a criterion and what it rests on.

    Attributes:
        because: only the leaves that decide; for an unknown, the leaves that stay open.
        missing: the facts whose absence keeps the criterion open.
    """

    truth: Truth
    because: tuple[Reason, ...]
    missing: tuple[str, ...]


def explain(node: Criterion, patient: Patient) -> Explanation:
    """Evaluate a criterion and say what decides it, or what is missing to decide it."""
    truth, reasons = _explained(node, patient)
    reasons = tuple(dict.fromkeys(reasons))
    missing = tuple(dict.fromkeys(r.leaf.fact for r in reasons)) if truth is UNKNOWN else ()
    return Explanation(truth, reasons, missing)


def _explained(node: Criterion, patient: Patient) -> tuple[Truth, tuple[Reason, ...]]:
    """Return the truth of a node and the leaves that give it: all that agree, none that do not.

    A met `any` rests on its met children, a not-met `all` on its not-met children; an unknown
    node rests on its unknown children. Below a `not` the truth turns round.
    """
    if isinstance(node, Holds | Compared | Member | Contains | Known):
        truth = evaluate(node, patient)
        return truth, (Reason(node, patient[node.fact], truth),)
    explained = [_explained(child, patient) for child in children_of(node)]
    truth = combined(node, (child for child, _ in explained))
    turned = isinstance(node, Negated)
    return truth, tuple(r for child, rs in explained if turned or child is truth for r in rs)


def completions(
    node: Criterion,
    patient: Patient,
    names: tuple[str, ...],
    vocabulary: Mapping[str, FactDefinition],
) -> Iterator[tuple[tuple[Value, ...], Truth]]:
    """Yield the truth for every way in which the named facts could turn out."""
    domains = [cells(vocabulary[name], [node], patient[name]) for name in names]
    for values in product(*domains):
        yield values, evaluate(node, patient.having(**dict(zip(names, values, strict=True))))


def would_change(
    node: Criterion, patient: Patient, fact: str, vocabulary: Mapping[str, FactDefinition]
) -> tuple[tuple[Value, Truth], ...]:
    """Return the values of one missing fact that decide the criterion, each with its answer."""
    return tuple(
        (values[0], truth)
        for values, truth in completions(node, patient, (fact,), vocabulary)
        if truth is not UNKNOWN
    )


def deciding_sets(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of missing facts that, together, can decide the criterion."""
    open_facts = _open_facts(node, patient)
    for size in range(1, len(open_facts) + 1):
        found = tuple(
            names
            for names in combinations(open_facts, size)
            if any(t is not UNKNOWN for _, t in completions(node, patient, names, vocabulary))
        )
        if found:
            return found
    return ()


def settled_anyway(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> Truth:
    """Return the answer that holds however the gaps turn out, or unknown when it depends.

    Kleene logic leaves `x or not x` open; trying every cell does not. The search stops after
    `LARGEST_SEARCH` combinations and then says unknown, which is always safe.
    """
    found: set[Truth] = set()
    names = _open_facts(node, patient)
    for count, (_, truth) in enumerate(completions(node, patient, names, vocabulary)):
        found.add(truth)
        if len(found) > 1 or count > LARGEST_SEARCH:
            return UNKNOWN
    return found.pop() if found in ({MET}, {NOT_MET}) else UNKNOWN


def _open_facts(node: Criterion, patient: Patient) -> tuple[str, ...]:
    return tuple(name for name in facts_in(node) if is_open(patient[name]))


def is_open(value: Value) -> bool:
    """Say whether a fact could still turn out in more than one way."""
    return isinstance(value, Unknown | Interval) or (
        isinstance(value, CodeSet) and not value.complete
    )
