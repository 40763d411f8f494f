"""Criteria as Clinical Quality Language (CQL), for a hospital's own engine.

CQL has three values too, but not everywhere: membership in a list that holds nothing is false, and
`exists` is. So membership is written as a chain of `or`, sets say whether they are complete, and
every parameter is passed, null where a fact is not recorded.

Source:
    HL7 Clinical Quality Language 1.5, sections on nullological operators and lists.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from secondline.criteria.tree import (
    AllOf,
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
from secondline.domain.facts import FactDefinition

VERSION = "1.0.0"
INDENT = "  "
TYPES = {"bool": "Boolean", "code": "String", "number": "Interval<Decimal>", "set": "List<String>"}
FUNCTIONS = """// A number is an interval; where it is exact, its two ends are the same.
// A comparison is decided only when every number of the interval gives the same answer.
define function "is below"(number Interval<Decimal>, limit Decimal):
  end of number < limit or (start of number < limit and (null as Boolean))
define function "is at most"(number Interval<Decimal>, limit Decimal):
  end of number <= limit or (start of number <= limit and (null as Boolean))
define function "is above"(number Interval<Decimal>, limit Decimal):
  start of number > limit or (end of number > limit and (null as Boolean))
define function "is at least"(number Interval<Decimal>, limit Decimal):
  start of number >= limit or (end of number >= limit and (null as Boolean))
define function "is"(number Interval<Decimal>, value Decimal):
  (start of number = value and end of number = value)
    or (start of number <= value and end of number >= value and (null as Boolean))
// A list is complete only where it says so: what an open list lacks may have been given.
define function "includes"(codes List<String>, complete Boolean, code String):
  (codes is null and (null as Boolean)) or codes contains code
    or (not complete and (null as Boolean))
"""
COMPARISONS = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "=": "is"}


@dataclass(frozen=True, slots=True)
class Definition:
    """One expression of a library: its name, its criterion and what stands above it."""

    name: str
    criterion: Criterion
    comment: str = ""


def complete(fact: str) -> str:
    """Name the parameter that says whether the list of a set fact is complete."""
    return f"{fact} is complete"


def cql_library(
    name: str,
    definitions: Iterable[Definition],
    facts: Iterable[FactDefinition],
    heading: str = "",
) -> str:
    """Write a CQL library.

    Args:
        name: of the library, an identifier.
        definitions: what it defines; a reference names another definition of the same library.
        facts: the facts that the criteria ask; they become parameters.
        heading: comments at the top.
    """
    lines = [*_comment(heading), f"library {name} version '{VERSION}'", ""]
    vocabulary = {fact.name: fact for fact in facts}
    for fact in vocabulary.values():
        lines.append(f"parameter {_name(fact.name)} {TYPES[fact.kind]}  // {fact.label}")
        if fact.kind == "set":
            lines.append(f"parameter {_name(complete(fact.name))} Boolean")
    lines += ["", "context Unfiltered", "", FUNCTIONS]
    for definition in definitions:
        lines += [*_comment(definition.comment), f"define {_name(definition.name)}:"]
        lines += [*_lines(definition.criterion, vocabulary, 1), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _comment(text: str) -> list[str]:
    return [f"// {line}".rstrip() for line in text.splitlines()]


def _lines(node: Criterion, facts: Mapping[str, FactDefinition], depth: int) -> Iterator[str]:
    """Yield a criterion, one part a line where it has parts that have parts."""
    whole = _text(node, facts)
    parts = children_of(node)
    if len(whole) <= 90 - 2 * depth or not isinstance(node, AllOf | AnyOf):
        yield INDENT * depth + whole
        return
    joint = "and" if isinstance(node, AllOf) else "or"
    for position, part in enumerate(parts):
        before = f"{joint} (" if position else "("
        yield INDENT * depth + before
        yield from _lines(part, facts, depth + 1)
        yield INDENT * depth + ")"


def _text(node: Criterion, facts: Mapping[str, FactDefinition]) -> str:
    match node:
        case Holds(fact):
            return _name(fact)
        case Compared(fact, operator, literal):
            return _compared(fact, operator, literal)
        case Member(fact, literals):
            chain = " or ".join(_compared(fact, "=", each) for each in literals)
            return f"({chain})"
        case Contains(fact, code):
            return f'"includes"({_name(fact)}, {_name(complete(fact))}, {_literal(code)})'
        case Known(fact):
            return f"({_name(fact)} is not null)"
        case Undecided():
            return "(null as Boolean)"
        case Reference(rule):
            return _name(rule)
        case Negated(child):
            return f"(not {_text(child, facts)})"
        case AtLeast(count, children):
            return _at_least(count, [_text(child, facts) for child in children])
        case _:
            joint = " and " if isinstance(node, AllOf) else " or "
            return f"({joint.join(_text(child, facts) for child in children_of(node))})"


def _compared(fact: str, operator: str, literal: Literal) -> str:
    if isinstance(literal, float):
        if operator == "!=":
            return f'(not "is"({_name(fact)}, {_literal(literal)}))'
        return f'"{COMPARISONS[operator]}"({_name(fact)}, {_literal(literal)})'
    return f"({_name(fact)} {operator} {_literal(literal)})"


def _at_least(count: int, children: list[str]) -> str:
    """Count the true ones, and what can still be: all but the false, for null is not counted.

    `return all` is said, for some engines else count equal values once.
    """
    listed = f"{{ {', '.join(children)} }}"
    met, failed = (
        f"Count(({listed}) each where each is {value} return all each)"
        for value in ("true", "false")
    )
    met, failed = f"{met} >= {count}", f"{failed} <= {len(children) - count}"
    return f"({met} or ({failed} and (null as Boolean)))"


def _name(name: str) -> str:
    return f'"{name}"'


def _literal(literal: Literal) -> str:
    match literal:
        case bool():
            return "true" if literal else "false"
        case str():
            return f"'{literal}'"
        case _:
            return decimal(literal)


def decimal(number: float) -> str:
    """Write a number as a CQL Decimal, which has at most eight digits after its point."""
    digits = f"{number:.8f}".rstrip("0")
    return f"{digits}0" if digits.endswith(".") else digits
