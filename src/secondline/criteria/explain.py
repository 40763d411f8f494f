"""Why a criterion holds, does not hold, or cannot be said, for one patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import combined, evaluate
from secondline.criteria.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Criterion,
    Leaf,
    Negated,
    Undecided,
    asks_each_fact_once,
    children_of,
    facts_in,
)
from secondline.domain.facts import CodeSet, FactDefinition, Interval, Patient, Unknown, Value
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth

LARGEST_SET = 2  # facts that are tried together


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
    truth, leaves = _explained(node, patient)
    deciding = dict(leaves)
    reasons = tuple(Reason(leaf, patient[leaf.fact], found) for leaf, found in deciding.items())
    missing = tuple(dict.fromkeys(leaf.fact for leaf in deciding)) if truth is UNKNOWN else ()
    return Explanation(truth, reasons, missing)


def _explained(node: Criterion, patient: Patient) -> tuple[Truth, list[tuple[Leaf, Truth]]]:
    """Return the truth of a node and the leaves that give it: all that agree, none that do not.

    A met `any` rests on its met children, a not-met `all` on its not-met children; an unknown
    node rests on its unknown children. Below a `not` the truth turns round.
    """
    if isinstance(node, Undecided):
        return UNKNOWN, []
    if isinstance(node, LEAVES):
        truth = evaluate(node, patient)
        return truth, [(node, truth)]
    explained = [_explained(child, patient) for child in children_of(node)]
    truth = combined(node, (child for child, _ in explained))
    turned = isinstance(node, Negated)
    return truth, [pair for child, pairs in explained if turned or child is truth for pair in pairs]


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


def deciding_facts(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> tuple[str, ...]:
    """Return the missing facts that can decide a criterion, alone if one can, else together."""
    if asks_each_fact_once(node):
        alone = [
            fact for wanted in (MET, NOT_MET) for fact in _alone(node, patient, vocabulary, wanted)
        ]
        if alone:
            return tuple(dict.fromkeys(alone))
    sets = deciding_sets(node, patient, vocabulary)
    return tuple(dict.fromkeys(name for names in sets for name in names))


def _alone(
    node: Criterion,
    patient: Patient,
    vocabulary: Mapping[str, FactDefinition],
    wanted: Truth,
) -> Iterator[str]:
    """Yield the facts that alone can give an unknown node the wanted truth.

    Exact where each fact is asked once: one unknown part that fails decides an `all`, while its
    last unknown part is needed to meet it; `any` is the other way round.
    """
    if isinstance(node, Undecided):
        return
    if not (parts := children_of(node)):
        (fact,) = facts_in(node)
        if any(truth is wanted for _, truth in completions(node, patient, (fact,), vocabulary)):
            yield fact
        return
    unknown = [part for part in parts if evaluate(part, patient) is UNKNOWN]
    turned = MET if wanted is NOT_MET else NOT_MET
    match node:
        case Negated():
            yield from _alone(unknown[0], patient, vocabulary, turned)
        case AllOf() | AnyOf():
            one_is_enough = wanted is (NOT_MET if isinstance(node, AllOf) else MET)
            for part in unknown if one_is_enough or len(unknown) == 1 else ():
                yield from _alone(part, patient, vocabulary, wanted)
        case AtLeast(count, _):
            met = sum(evaluate(part, patient) is MET for part in parts)
            needed = count - met if wanted is MET else met + len(unknown) - count + 1
            for part in unknown if needed == 1 else ():
                yield from _alone(part, patient, vocabulary, wanted)
        case _:
            pass


def deciding_sets(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of missing facts that, together, can decide the criterion.

    Sets of more than `LARGEST_SET` facts are not looked for one by one: then all that is missing
    is returned as one set.
    """
    missing = explain(node, patient).missing
    if len(missing) == 1:
        return (missing,)
    for size in range(1, min(LARGEST_SET, len(missing)) + 1):
        found = tuple(
            names
            for names in combinations(missing, size)
            if any(t is not UNKNOWN for _, t in completions(node, patient, names, vocabulary))
        )
        if found:
            return found
    return (missing,) if missing else ()


def is_open(value: Value) -> bool:
    """Say whether a fact could still turn out in more than one way."""
    return isinstance(value, Unknown | Interval) or (
        isinstance(value, CodeSet) and not value.complete
    )
