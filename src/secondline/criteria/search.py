"""Search for a patient who meets a criterion: unreachable and contradictory rules are found so.

Facts are given values one after another, and what each value decides is taken out of the criterion.
What is left is smaller every time, and a rest that failed once is not tried again.
"""

from collections.abc import Collection, Iterator, Mapping

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
    return _Search(node, vocabulary, start).found()


def settled_anyway(
    node: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> Truth:
    """Return the answer that holds however the gaps turn out, or unknown when it depends.

    Kleene logic leaves `x or not x` open; a search for a patient on either side does not. Where
    no fact is asked twice there is nothing to find, and the evaluated answer stands.
    """
    rest = OpenParts(patient).of(node)
    return rest if isinstance(rest, Truth) else settled(rest, patient, vocabulary)


def settled(rest: Criterion, patient: Patient, vocabulary: Mapping[str, FactDefinition]) -> Truth:
    """Return the answer of what is open of a criterion, however the gaps turn out.

    Where the sources may leave a gap, nothing is settled: that nobody meets a rule does not say
    that it is not met.
    """
    if asks_each_fact_once(rest) or any(isinstance(part, Undecided) for _, part in walk(rest)):
        return UNKNOWN
    if satisfying_patient(rest, vocabulary, patient) is None:
        return NOT_MET
    if satisfying_patient(Negated(rest), vocabulary, patient) is None:
        return MET
    return UNKNOWN


def can_be(wanted: Truth, rest: Criterion, recorded: Collection[str]) -> bool:
    """Say whether a criterion could come to be met, or not met, if only some facts are recorded.

    A quick look from above: it may say yes of what no patient can have, never no of what one can.
    """
    if isinstance(rest, LEAVES):
        return rest.fact in recorded or (isinstance(rest, Known) and wanted is NOT_MET)
    parts = children_of(rest)
    match rest:
        case Negated():
            return can_be(negation(wanted), parts[0], recorded)
        case AllOf() | AnyOf():
            all_needed = (wanted is MET) is isinstance(rest, AllOf)
            possible = (can_be(wanted, part, recorded) for part in parts)
            return all(possible) if all_needed else any(possible)
        case AtLeast():
            return any(can_be(wanted, part, recorded) for part in parts)
        case _:
            return False


class OpenParts:
    """What a patient's record leaves open of criteria; a part that they share is looked at once."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self._found: dict[int, tuple[Criterion, Rest]] = {}

    def of(self, node: Criterion) -> Rest:
        """Return what is left of a criterion when what is decided is taken out of it.

        Where nothing but an absent fact decides `known`, it is left: the fact may still come.
        """
        if (known := self._found.get(id(node))) is None:
            known = self._found[id(node)] = node, self._rest(node)
        return known[1]

    def _rest(self, node: Criterion) -> Rest:
        if not isinstance(node, LEAVES):
            return _joined(node, [self.of(part) for part in children_of(node)])
        if isinstance(node, Known) and isinstance(self.patient[node.fact], Unknown):
            return node
        truth = evaluate(node, self.patient)
        return node if truth is UNKNOWN else truth


class _Search:
    """One search: the values each fact may have, and the rests that nobody meets."""

    def __init__(
        self, node: Criterion, vocabulary: Mapping[str, FactDefinition], start: Patient
    ) -> None:
        self.start = start
        self.rest = OpenParts(start).of(node)
        self.leaves: dict[str, list[Leaf]] = {}
        for leaf in _leaves(self.rest):
            self.leaves.setdefault(leaf.fact, []).append(leaf)
        self.values = {
            name: cells(vocabulary[name], [self.rest], start[name])
            for name in self.leaves
            if vocabulary[name].kind != "set" and not isinstance(self.rest, Truth)
        }
        self.failed: set[Criterion] = set()

    def found(self) -> Patient | None:
        return self._found(self.rest, {})

    def _found(self, rest: Rest, facts: Mapping[str, Value]) -> Patient | None:
        if rest is MET:
            return self.start.having(**facts)
        if isinstance(rest, Truth) or rest in self.failed:
            return None
        if leaves := _leaves(rest):
            for value, choices in self._choices(leaves, facts.get(leaves[0].fact)):
                given = {**facts, leaves[0].fact: value}
                if patient := self._found(_rest(rest, choices), given):
                    return patient
        self.failed.add(rest)
        return None

    def _choices(
        self, open_leaves: list[Leaf], given: Value | None
    ) -> Iterator[tuple[Value, Choices]]:
        """Yield the ways in which the first leaf's fact may turn out, and what each decides."""
        leaf = open_leaves[0]
        fact, leaves = leaf.fact, self.leaves[leaf.fact]
        presence = Known(fact)
        if fact in self.values:
            for value in self.values[fact]:
                patient = Patient({fact: value})
                yield value, {each: evaluate(each, patient) for each in leaves}
        else:
            codes = given.codes if isinstance(given, CodeSet) else self._codes(fact)
            present: dict[Leaf, Truth] = {presence: MET}
            if isinstance(leaf, Contains):
                yield CodeSet(codes | {leaf.code}), {**present, leaf: MET}
                yield CodeSet(codes), {**present, leaf: NOT_MET}
            else:
                yield CodeSet(codes), present
        if presence in open_leaves:
            absent: dict[Leaf, Truth] = dict.fromkeys(leaves, UNKNOWN)
            yield Unknown(), {**absent, presence: NOT_MET}

    def _codes(self, fact: str) -> frozenset[str]:
        value = self.start[fact]
        return value.codes if isinstance(value, CodeSet) else frozenset()


def _leaves(rest: Rest) -> list[Leaf]:
    if isinstance(rest, Truth):
        return []
    return [leaf for _, leaf in walk(rest) if isinstance(leaf, LEAVES)]


def _rest(node: Criterion, choices: Choices) -> Rest:
    """Take what choices decide out of a criterion; an unknown that stays so is `Undecided`."""
    if isinstance(node, LEAVES):
        truth = choices.get(node)
        return node if truth is None else Undecided() if truth is UNKNOWN else truth
    return _joined(node, [_rest(part, choices) for part in children_of(node)])


def _joined(node: Criterion, rests: list[Rest]) -> Rest:
    """Join what is left of the parts of a node by the node's own table."""
    left = tuple(rest for rest in rests if not isinstance(rest, Truth))
    match node:
        case Negated():
            (rest,) = rests
            return negation(rest) if isinstance(rest, Truth) else Negated(rest)
        case AllOf():
            if NOT_MET in rests:
                return NOT_MET
            return MET if not left else left[0] if len(left) == 1 else AllOf(left)
        case AnyOf():
            if MET in rests:
                return MET
            return NOT_MET if not left else left[0] if len(left) == 1 else AnyOf(left)
        case AtLeast(count, _):
            needed = count - rests.count(MET)
            if needed <= 0:
                return MET
            return NOT_MET if len(left) < needed else AtLeast(needed, left)
        case _:
            return node
