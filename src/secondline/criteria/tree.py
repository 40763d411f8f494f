"""The criterion as a typed tree. Every node knows its own place, the stable node id."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

Literal = str | float | bool


@dataclass(frozen=True, slots=True)
class Holds:
    """A bool fact stands alone: met when it is true."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact against a literal in the unit of the fact."""

    fact: str
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Member:
    """A code fact is one of several codes."""

    fact: str
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """A set fact contains a code."""

    fact: str
    code: str


@dataclass(frozen=True, slots=True)
class Known:
    """A fact is recorded. The only criterion that is never unknown."""

    fact: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """What the sources leave open: unknown for everybody, and no fact decides it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another rule's criterion, by its id."""

    rule: str


@dataclass(frozen=True, slots=True)
class Negated:
    """The opposite of a criterion."""

    child: "Criterion"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the criteria."""

    children: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the criteria."""

    children: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the criteria."""

    count: int
    children: tuple["Criterion", ...]


Leaf = Holds | Compared | Member | Contains | Known
LEAVES = (Holds, Compared, Member, Contains, Known)  # the kinds that ask a fact
Criterion = Leaf | Undecided | Reference | Negated | AllOf | AnyOf | AtLeast


def children_of(node: Criterion) -> tuple[Criterion, ...]:
    """Return the criteria directly below a node."""
    match node:
        case Negated(child):
            return (child,)
        case AllOf(children) | AnyOf(children) | AtLeast(_, children):
            return children
        case _:
            return ()


def interned(node: Criterion, pool: dict[Criterion, Criterion]) -> Criterion:
    """Return the one object of a pool that stands for a criterion, its parts interned too.

    Equal parts of many criteria are then one object, and what is found of it is found once.
    """
    if node in pool:
        return pool[node]
    parts = tuple(interned(part, pool) for part in children_of(node))
    match node:
        case Negated():
            node = Negated(*parts)
        case AllOf():
            node = AllOf(parts)
        case AnyOf():
            node = AnyOf(parts)
        case AtLeast(count, _):
            node = AtLeast(count, parts)
        case _:
            pass
    return pool.setdefault(node, node)


def walk(node: Criterion, node_id: str = "0") -> Iterator[tuple[str, Criterion]]:
    """Yield every node with its id: the path of child positions from the root, "0.1.2"."""
    yield node_id, node
    for position, child in enumerate(children_of(node)):
        yield from walk(child, f"{node_id}.{position}")


def facts_in(node: Criterion) -> tuple[str, ...]:
    """Return the names of the facts a criterion asks for, each once, in reading order.

    References are not followed; resolve them first.
    """
    return tuple(dict.fromkeys(inner.fact for _, inner in walk(node) if isinstance(inner, LEAVES)))


@cache
def asks_each_fact_once(node: Criterion) -> bool:
    """Say whether no fact stands in two leaves; what holds of the leaves then adds up."""
    leaves = [inner for _, inner in walk(node) if isinstance(inner, LEAVES)]
    return len(leaves) == len(facts_in(node))


def references_in(node: Criterion) -> tuple[str, ...]:
    """Return the ids of the rules a criterion refers to, each once."""
    return tuple(
        dict.fromkeys(inner.rule for _, inner in walk(node) if isinstance(inner, Reference))
    )


def decision(when: Criterion, undecided: Criterion | None) -> Criterion:
    """Join the criterion of a rule with the gap that its sources leave.

    Met when the criterion is; where the gap holds, or may hold, the rule is never "not met".
    """
    return when if undecided is None else AnyOf((when, AllOf((undecided, Undecided()))))


def with_references(node: Criterion, named: Callable[[str], Criterion]) -> Criterion:
    """Return a criterion in which every reference is replaced by what its rule is named by."""
    match node:
        case Reference(rule):
            return named(rule)
        case Negated(child):
            return Negated(with_references(child, named))
        case AllOf(children):
            return AllOf(tuple(with_references(child, named) for child in children))
        case AnyOf(children):
            return AnyOf(tuple(with_references(child, named) for child in children))
        case AtLeast(count, children):
            return AtLeast(count, tuple(with_references(child, named) for child in children))
        case _:
            return node
