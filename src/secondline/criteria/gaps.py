"""What would decide a criterion that is open: which facts, and which of their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby, product

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import evaluate
from secondline.criteria.explain import explain
from secondline.criteria.search import NOBODY, OpenParts, can_be, settled
from secondline.criteria.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Contains,
    Criterion,
    Negated,
    Undecided,
    asks_each_fact_once,
    children_of,
    facts_in,
    walk,
)
from secondline.criteria.words import amount, recorded
from secondline.domain.facts import CodeSet, FactDefinition, Patient, Unknown, Value
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth

LARGEST_SET = 2  # facts that are tried together
MOST_KEPT = 4096  # gaps that are kept, a few kilobytes each


@dataclass(frozen=True, slots=True)
class Gap:
    """What would decide an open criterion.

    Attributes:
        settled: the answer whatever is missing, or unknown where it depends.
        facts: the missing facts that can decide, alone if one can, else together; none if settled.
        turns: the values of single facts that decide: the fact, its values in words, the answer.
    """

    settled: Truth
    facts: tuple[str, ...] = ()
    turns: tuple[tuple[str, str, Truth], ...] = ()


def gap_of(
    rest: Criterion | Truth, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> Gap:
    """Say what would decide what a patient's record leaves open of a criterion."""
    truth = rest if isinstance(rest, Truth) else settled(rest, patient, vocabulary)
    if truth is not UNKNOWN or isinstance(rest, Truth):
        return Gap(truth)
    facts = deciding_facts(rest, patient, vocabulary)
    turns = tuple(
        (fact, words, answer)
        for fact in facts
        for words, answer in would_change(rest, patient, fact, vocabulary)
    )
    return Gap(truth, facts, turns)


class Gaps:
    """What would decide criteria: found once for all patients of whom nothing asked is recorded.

    Such a gap depends on the criterion alone. One that rests on what a patient's record says, a
    span of months or a list that may go on, is found for that patient and never kept.
    """

    def __init__(self, vocabulary: Mapping[str, FactDefinition]) -> None:
        self.vocabulary = vocabulary
        self._kept: dict[Criterion, tuple[frozenset[str], Gap]] = {}

    def of(self, rest: Criterion | Truth, patient: Patient) -> Gap:
        """Say what would decide what a patient's record leaves open of a criterion."""
        if isinstance(rest, Truth):
            return Gap(rest)
        recorded = (name for name in patient if not isinstance(patient[name], Unknown))
        if (kept := self._kept.get(rest)) and kept[0].isdisjoint(recorded):
            return kept[1]
        facts = frozenset(facts_in(rest))
        if not facts.isdisjoint(recorded):
            return gap_of(rest, patient, self.vocabulary)
        gap = gap_of(rest, NOBODY, self.vocabulary)
        if len(self._kept) == MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[rest] = facts, gap
        return gap


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
) -> tuple[tuple[str, Truth], ...]:
    """Return in words the values of one missing fact that decide a criterion, with its answer.

    Values that give the same answer are told together: "below 18 months", "alveolar or botryoid".
    Exact for numbers, codes and yes or no; of a list, each code that decides alone, and none.
    """
    definition = vocabulary[fact]
    if definition.kind == "set":
        tried = [
            (words, evaluate(node, patient.having(**{fact: value})))
            for words, value in _lists(node, patient[fact], definition)
        ]
        return tuple(pair for pair in tried if pair[1] is not UNKNOWN)
    if definition.kind == "code":
        values: tuple[Value, ...] = definition.codes
    else:
        values = cells(definition, [node], patient[fact])
    truths = [evaluate(node, patient.having(**{fact: value})) for value in values]
    if definition.kind == "number":
        return tuple(_spans(values, truths, definition))
    told: dict[Truth, list[str]] = {MET: [], NOT_MET: []}
    for value, truth in zip(values, truths, strict=True):
        if truth is not UNKNOWN:
            told[truth].append(recorded(value, definition))
    return tuple((" or ".join(words), truth) for truth, words in told.items() if words)


def _lists(
    node: Criterion, value: Value, definition: FactDefinition
) -> Iterator[tuple[str, CodeSet]]:
    """Yield the lists that are tried: with each code that is asked, and with none of them."""
    given = value.codes if isinstance(value, CodeSet) else frozenset()
    asked = {
        leaf.code
        for _, leaf in walk(node)
        if isinstance(leaf, Contains) and leaf.fact == definition.name
    }
    codes = sorted(asked - given)
    for code in codes:
        yield f"includes {definition.in_words(code)}", CodeSet(given | {code}, complete=False)
    if codes:
        named = ", ".join(map(definition.in_words, codes))
        yield f"includes none of {named}", CodeSet(given)


def _spans(
    values: tuple[Value, ...], truths: list[Truth], fact: FactDefinition
) -> Iterator[tuple[str, Truth]]:
    """Yield the spans of a number that decide; cells alternate between ends and what is between."""
    points = [value for value in values if isinstance(value, float)]
    first = 0
    for truth, run in groupby(truths):
        last = first + len(list(run)) - 1
        if truth is not UNKNOWN:
            yield _span(points, first, last, fact), truth
        first = last + 1


def _span(points: list[float], first: int, last: int, fact: FactDefinition) -> str:
    if first == last and first % 2 == 0 and len(points) > 1:
        return f"exactly {amount(points[first], fact)}"
    ends = []
    if first:
        beside = first % 2  # an odd cell lies between two ends, and holds neither
        ends.append(f"{'above' if beside else 'at least'} {amount(points[first - beside], fact)}")
    if last < len(points) - 1:
        beside = last % 2
        ends.append(f"{'below' if beside else 'at most'} {amount(points[last + beside], fact)}")
    return " and ".join(ends) or "any value"


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
    rest = OpenParts(patient).of(node)
    missing = () if isinstance(rest, Truth) else explain(rest, patient).missing
    if isinstance(rest, Truth) or len(missing) == 1:
        return (missing,) if missing else ()
    for size in range(1, min(LARGEST_SET, len(missing)) + 1):
        found = tuple(
            names
            for names in combinations(missing, size)
            if (can_be(MET, rest, names) or can_be(NOT_MET, rest, names))
            and any(t is not UNKNOWN for _, t in completions(rest, patient, names, vocabulary))
        )
        if found:
            return found
    return (missing,) if missing else ()
