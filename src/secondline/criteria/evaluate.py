"""The reference evaluator: slow, obvious, strong Kleene. Every other engine is compared with it."""

from collections.abc import Callable, Iterable
from operator import eq, ge, gt, le, lt, ne

from secondline.criteria.tree import (
    AnyOf,
    AtLeast,
    Compared,
    Contains,
    Criterion,
    Holds,
    Known,
    Literal,
    Member,
    Negated,
    Reference,
    Undecided,
    children_of,
)
from secondline.domain.facts import CodeSet, Interval, Patient, Unknown, Value
from secondline.domain.truth import (
    MET,
    NOT_MET,
    UNKNOWN,
    Truth,
    at_least,
    conjunction,
    disjunction,
    negation,
    truth_of,
)

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def evaluate(node: Criterion, patient: Patient) -> Truth:
    """Say whether a criterion holds for a patient. A missing fact stays unknown.

    Raises:
        TypeError: a reference was not resolved, or a value does not fit its comparison;
            `check_types` finds the latter before any patient is seen.
    """
    match node:
        case Holds(fact):
            return _compared(patient[fact], "=", True)
        case Compared(fact, operator, literal):
            return _compared(patient[fact], operator, literal)
        case Member(fact, literals):
            return disjunction(_compared(patient[fact], "=", each) for each in literals)
        case Contains(fact, code):
            return _contains(patient[fact], code)
        case Known(fact):
            return truth_of(not isinstance(patient[fact], Unknown))
        case Undecided():
            return UNKNOWN
        case Reference(rule):
            raise TypeError(f"rule '{rule}' was not resolved before it was evaluated")
        case _:
            return combined(node, (evaluate(child, patient) for child in children_of(node)))


def combined(node: Criterion, truths: Iterable[Truth]) -> Truth:
    """Combine the truths of a node's children by the node's own table."""
    match node:
        case Negated():
            (truth,) = truths
            return negation(truth)
        case AnyOf():
            return disjunction(truths)
        case AtLeast(count, _):
            return at_least(count, truths)
        case _:
            return conjunction(truths)


def _compared(value: Value, operator: str, literal: Literal) -> Truth:
    match value:
        case Unknown():
            return UNKNOWN
        case Interval(low, high) if isinstance(literal, float):
            return _interval_compared(low, high, operator, literal)
        case bool() | str():
            return truth_of((value == literal) == (operator == "="))
        case float() if isinstance(literal, float):
            return truth_of(OPERATORS[operator](value, literal))
        case _:
            raise TypeError(f"{value!r} cannot be compared with {literal!r}")


def _interval_compared(low: float, high: float, operator: str, literal: float) -> Truth:
    """Decide only when every number of the interval gives the same answer."""
    if operator in {"=", "!="}:
        inside = MET if low == high == literal else UNKNOWN if low <= literal <= high else NOT_MET
        return inside if operator == "=" else negation(inside)
    ends = {OPERATORS[operator](low, literal), OPERATORS[operator](high, literal)}
    return UNKNOWN if len(ends) == 2 else truth_of(ends.pop())


def _contains(value: Value, code: str) -> Truth:
    match value:
        case Unknown():
            return UNKNOWN
        case CodeSet(codes, complete):
            return MET if code in codes else NOT_MET if complete else UNKNOWN
        case _:
            raise TypeError(f"{value!r} is not a set of codes")
