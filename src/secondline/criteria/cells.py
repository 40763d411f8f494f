"""The finitely many cells into which the thresholds of criteria cut the domain of a fact.

Two values of one cell satisfy the same comparisons, so trying one value of each cell is exact:
what no cell changes, no value changes.
"""

from collections.abc import Iterable
from itertools import chain, combinations, pairwise

from secondline.criteria.tree import LEAVES, Compared, Contains, Criterion, Member, walk
from secondline.domain.facts import CodeSet, FactDefinition, Interval, Unknown, Value

OTHER = "any other code"


def cells(
    fact: FactDefinition, criteria: Iterable[Criterion], value: Value | None = None
) -> tuple[Value, ...]:
    """Return one value for each cell of a fact, only those that what is known still allows.

    Args:
        fact: the fact whose domain is cut.
        criteria: the criteria whose thresholds cut it, references resolved.
        value: what is recorded: an interval or an open set narrows the cells, a plain value
            leaves one.
    """
    if value is not None and not isinstance(value, Unknown | Interval | CodeSet):
        return (value,)
    if fact.kind == "bool":
        return (True, False)
    leaves = [
        leaf
        for criterion in criteria
        for _, leaf in walk(criterion)
        if isinstance(leaf, LEAVES) and leaf.fact == fact.name
    ]
    match fact.kind:
        case "number":
            return _number_cells(leaves, fact, value)
        case "set":
            return _set_cells(leaves, value)
        case _:
            return _code_cells(leaves, fact)


def _number_cells(
    leaves: Iterable[object], fact: FactDefinition, value: Value | None
) -> tuple[Value, ...]:
    thresholds = sorted(
        {
            literal
            for leaf in leaves
            if isinstance(leaf, Compared | Member)
            for literal in (leaf.literals if isinstance(leaf, Member) else (leaf.literal,))
            if type(literal) is float
        }
    )
    if isinstance(value, Interval):
        low, high = value.low, value.high
    else:
        ends = thresholds or [0.0]
        low = float(fact.low) if fact.low is not None else ends[0] - 1
        high = float(fact.high) if fact.high is not None else ends[-1] + 1
    inside = [low, *(each for each in thresholds if low < each < high), high]
    between = ((one + two) / 2 for one, two in pairwise(inside))
    return tuple(sorted({*inside, *between}))


def _set_cells(leaves: Iterable[object], value: Value | None) -> tuple[Value, ...]:
    if isinstance(value, CodeSet) and value.complete:
        return (value,)
    given = value.codes if isinstance(value, CodeSet) else frozenset()
    asked = sorted({leaf.code for leaf in leaves if isinstance(leaf, Contains)} - given)
    subsets = chain.from_iterable(combinations(asked, size) for size in range(len(asked) + 1))
    return tuple(CodeSet(given | frozenset(subset)) for subset in subsets)


def _code_cells(leaves: Iterable[object], fact: FactDefinition) -> tuple[Value, ...]:
    named: dict[str, None] = {}
    for leaf in leaves:
        match leaf:
            case Compared(_, _, str() as code):
                named[code] = None
            case Member(_, codes):
                named.update({str(code): None for code in codes})
            case _:
                pass
    others = [code for code in fact.codes if code not in named]
    return (*named, *others[:1]) if others or named else (OTHER,)
