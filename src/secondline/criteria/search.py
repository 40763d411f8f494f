"""Search for a patient who meets a criterion: unreachable and contradictory rules are found so.

Facts are given values one after another, and what each value decides is taken out of the criterion.
What is left is smaller every time, and a rest that failed once is not tried again.
"""

from collections.abc import Iterator, Mapping

from secondline.criteria.cells import cells
from secondline.criteria.evaluate import evaluate
from secondline.criteria.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Contains,
    Criterion,
    Known,
    Leaf,
    Negated,
    Undecided,
    asks_each_fact_once,
    children_of,
    walk,
)
from secondline.domain.facts import CodeSet, FactDefinition, Patient, Unknown, Value
from secondline.domain.truth import MET, NOT_MET, UNKNOWN, Truth, negation

NOBODY = Patient({})

Rest = Criterion | Truth  # what is left of a criterion, or MET or NOT_MET
Choices = Mapping[Leaf, Truth]  # the truth of leaves under one value of a fact


def satisfying_patient(
    node: Criterion, vocabulary: Mapping[str, FactDefinition], start: Patient = NOBODY
) -> Patient | None:
    """Find a patient for whom the criterion is met, or None when there can be none.

    Where `known` asks for a fact, its absence is tried as well.

    Args:
        node: the criterion, references resolved.
        vocabulary: the definitions of its facts.
        start: what is recorded already; only facts that are open are given values.
    """
    return _Search(node, vocabulary, start).found(node)


def settled_anyway(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> Truth:
    """Return the answer that holds however the gaps turn out, or unknown when it depends.

    Kleene logic leaves `x or not x` open; a search for a patient on either side does not. Where
    no fact is asked twice there is nothing to find, and the evaluated answer stands.
    """
    if asks_each_fact_once(node):
        return evaluate(node, patient)
    if satisfying_patient(node, vocabulary, patient) is None:
        return NOT_MET
    if satisfying_patient(Negated(node), vocabulary, patient) is None:
        return MET
    return UNKNOWN


class _Search:
    """One search: the values each fact may have, and the rests that nobody meets."""

    def __init__(
        self, node: Criterion, vocabulary: Mapping[str, FactDefinition], start: Patient
    ) -> None:
        self.start = start
        self.leaves: dict[str, list[Leaf]] = {}
        for _, leaf in walk(node):
            if isinstance(leaf, LEAVES):
                self.leaves.setdefault(leaf.fact, []).append(leaf)
        self.values = {
            name: cells(vocabulary[name], [node], start[name])
            for name in self.leaves
            if vocabulary[name].kind != "set"
        }
        self.failed: set[Criterion] = set()

    def found(self, node: Criterion) -> Patient | None:
        recorded = {}
        for leaves in self.leaves.values():
            for leaf in leaves:
                open_presence = isinstance(leaf, Known) and isinstance(
                    self.start[leaf.fact], Unknown
                )
                if not open_presence and (truth := evaluate(leaf, self.start)) is not UNKNOWN:
                    recorded[leaf] = truth
        return self._found(_rest(node, recorded), {})

    def _found(self, rest: Rest, facts: Mapping[str, Value]) -> Patient | None:
        if rest is MET:
            return self.start.having(**facts)
        if isinstance(rest, Truth) or rest in self.failed:
            return None
        leaf = next((inner for _, inner in walk(rest) if isinstance(inner, LEAVES)), None)
        if leaf is not None:
            for value, choices in self._choices(leaf, rest, facts.get(leaf.fact)):
                given = {**facts, leaf.fact: value}
                if patient := self._found(_rest(rest, choices), given):
                    return patient
        self.failed.add(rest)
        return None

    def _choices(
        self, leaf: Leaf, rest: Criterion, given: Value | None
    ) -> Iterator[tuple[Value, Choices]]:
        """Yield the ways in which a leaf's fact may turn out, with what each decides."""
        fact, leaves = leaf.fact, self.leaves[leaf.fact]
        presence = Known(fact)
        asks_presence = any(inner == presence for _, inner in walk(rest))
        if fact in self.values:
            for value in self.values[fact]:
                patient = Patient({fact: value})
                yield value, {each: evaluate(each, patient) for each in leaves}
        else:
            codes = given.codes if isinstance(given, CodeSet) else self._codes(fact)
            asked = leaf.code if isinstance(leaf, Contains) else None
            present: dict[Leaf, Truth] = {presence: MET}
            if asked is None:
                yield CodeSet(codes), present
            else:
                yield CodeSet(codes | {asked}), {**present, leaf: MET}
                yield CodeSet(codes), {**present, leaf: NOT_MET}
        if asks_presence:
            absent: dict[Leaf, Truth] = dict.fromkeys(leaves, UNKNOWN)
            yield Unknown(), {**absent, presence: NOT_MET}

    def _codes(self, fact: str) -> frozenset[str]:
        value = self.start[fact]
        return value.codes if isinstance(value, CodeSet) else frozenset()


def _rest(node: Rest, choices: Choices) -> Rest:  # one branch a kind of node
    """Take what is decided out of a criterion; an unknown that stays unknown is `Undecided`."""
    if isinstance(node, Truth):
        return node
    if isinstance(node, LEAVES):
        truth = choices.get(node)
        return node if truth is None else Undecided() if truth is UNKNOWN else truth
    parts = children_of(node)
    if not parts:
        return node
    rests = [_rest(part, choices) for part in parts]
    match node:
        case Negated():
            rest = rests[0]
            return negation(rest) if isinstance(rest, Truth) else Negated(rest)
        case AllOf():
            if NOT_MET in rests:
                return NOT_MET
            left = tuple(rest for rest in rests if not isinstance(rest, Truth))
            return MET if not left else left[0] if len(left) == 1 else AllOf(left)
        case AnyOf():
            if MET in rests:
                return MET
            left = tuple(rest for rest in rests if not isinstance(rest, Truth))
            return NOT_MET if not left else left[0] if len(left) == 1 else AnyOf(left)
        case AtLeast(count, _):
            count -= rests.count(MET)
            left = tuple(rest for rest in rests if not isinstance(rest, Truth))
            if count <= 0:
                return MET
            return NOT_MET if len(left) < count else AtLeast(count, left)
        case _:
            return node
