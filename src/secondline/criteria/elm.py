"""Criteria as Expression Logical Model (ELM) JSON, which CQL engines run without a translator.

Every node of a criterion keeps its own id: the localId of an expression is the name of its
definition and the path of the node in its tree, so that a trace of the engine names our nodes.
The meaning is that of `cql`: a test has that text translated by others and runs both.

Source:
    HL7 Clinical Quality Language 1.5, Expression Logical Model (urn:hl7-org:elm:r1).
"""

from collections.abc import Callable, Iterable
from typing import Any

from secondline.criteria.cql import COMPARISONS, VERSION, Definition, complete, decimal
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
)
from secondline.domain.facts import FactDefinition

Elm = dict[str, Any]
SYSTEM = "{urn:hl7-org:elm-types:r1}"
ORDERS = {"<": "Less", "<=": "LessOrEqual", ">": "Greater", ">=": "GreaterOrEqual"}


def elm_library(
    name: str, definitions: Iterable[Definition], facts: Iterable[FactDefinition]
) -> Elm:
    """Return an ELM library as JSON-ready data; arguments as of `cql_library`."""
    parameters = []
    for fact in facts:
        parameters.append(_parameter(fact.name, _type(fact)))
        if fact.kind == "set":
            parameters.append(_parameter(complete(fact.name), _named("Boolean")))
    expressions = [_define(each.name, _elm(each.criterion, each.name, "0")) for each in definitions]
    return {
        "library": {
            "identifier": {"id": name, "version": VERSION},
            "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
            "usings": {"def": [{"localIdentifier": "System", "uri": "urn:hl7-org:elm-types:r1"}]},
            "parameters": {"def": parameters},
            "contexts": {"def": [{"name": "Unfiltered"}]},
            "statements": {"def": [*_functions(), *expressions]},
        }
    }


def _elm(node: Criterion, name: str, path: str) -> Elm:
    elm = _expression(node, name, path)
    return {"localId": f"{name}:{path}", **elm}


def _expression(node: Criterion, name: str, path: str) -> Elm:
    def below(children: Iterable[Criterion]) -> list[Elm]:
        return [_elm(child, name, f"{path}.{n}") for n, child in enumerate(children)]

    match node:
        case Holds(fact):
            return _parameter_ref(fact)
        case Compared(fact, operator, literal):
            return _compared(fact, operator, literal)
        case Member(fact, literals):
            return _chain("Or", [_compared(fact, "=", each) for each in literals])
        case Contains(fact, code):
            operands = [_parameter_ref(fact), _parameter_ref(complete(fact)), _literal(code)]
            return {"type": "FunctionRef", "name": "includes", "operand": operands}
        case Known(fact):
            return _not(_unary("IsNull", _parameter_ref(fact)))
        case Undecided():
            return _open()
        case Reference(rule):
            return {"type": "ExpressionRef", "name": rule}
        case Negated(child):
            return _not(*below((child,)))
        case AllOf(children):
            return _chain("And", below(children))
        case AnyOf(children):
            return _chain("Or", below(children))
        case AtLeast(count, children):
            return _at_least(count, below(children))


def _compared(fact: str, operator: str, literal: Literal) -> Elm:
    if not isinstance(literal, float):
        equal = _binary("Equal", _parameter_ref(fact), _literal(literal))
        return equal if operator == "=" else _not(equal)
    function = COMPARISONS["=" if operator == "!=" else operator]
    call = {
        "type": "FunctionRef",
        "name": function,
        "operand": [_parameter_ref(fact), _literal(literal)],
    }
    return _not(call) if operator == "!=" else call


def _at_least(count: int, children: list[Elm]) -> Elm:
    each = {"type": "AliasRef", "name": "each"}

    def counted(kind: str) -> Elm:
        query = {
            "type": "Query",
            "source": [{"alias": "each", "expression": {"type": "List", "element": children}}],
            "relationship": [],
            "where": _unary(kind, each),
            "return": {"distinct": False, "expression": each},
        }
        return {"type": "Count", "source": query}

    met = _binary("GreaterOrEqual", counted("IsTrue"), _integer(count))
    failed = _binary("LessOrEqual", counted("IsFalse"), _integer(len(children) - count))
    return _binary("Or", met, _binary("And", failed, _open()))


def _functions() -> list[Elm]:
    """Define the comparisons of intervals and the membership of open lists, as `cql` does."""
    number, limit = _operand_ref("number"), _operand_ref("limit")
    low, high = _unary("Start", number), _unary("End", number)
    interval = {"type": "IntervalTypeSpecifier", "pointType": _named("Decimal")}

    def comparing(operator: str, first: Elm, second: Elm) -> Elm:
        certain, possible = (_binary(ORDERS[operator], end, limit) for end in (first, second))
        body = _binary("Or", certain, _binary("And", possible, _open()))
        return _function(
            COMPARISONS[operator], [("number", interval), ("limit", _named("Decimal"))], body
        )

    value = _operand_ref("value")
    same = _binary("And", _binary("Equal", low, value), _binary("Equal", high, value))
    around = _binary(
        "And", _binary("LessOrEqual", low, value), _binary("GreaterOrEqual", high, value)
    )
    codes, is_complete, code = map(_operand_ref, ("codes", "complete", "code"))
    listed = {"type": "ListTypeSpecifier", "elementType": _named("String")}
    unrecorded = _binary("And", _unary("IsNull", codes), _open())
    may_hold = _binary("And", _not(is_complete), _open())
    return [
        comparing("<", high, low),
        comparing("<=", high, low),
        comparing(">", low, high),
        comparing(">=", low, high),
        _function(
            "is",
            [("number", interval), ("value", _named("Decimal"))],
            _binary("Or", same, _binary("And", around, _open())),
        ),
        _function(
            "includes",
            [("codes", listed), ("complete", _named("Boolean")), ("code", _named("String"))],
            _chain("Or", [unrecorded, _binary("Contains", codes, code), may_hold]),
        ),
    ]


def _function(name: str, operands: list[tuple[str, Elm]], body: Elm) -> Elm:
    return {
        "type": "FunctionDef",
        "name": name,
        "context": "Unfiltered",
        "accessLevel": "Public",
        "expression": body,
        "operand": [{"name": each, "operandTypeSpecifier": kind} for each, kind in operands],
    }


def _define(name: str, expression: Elm) -> Elm:
    return {
        "name": name,
        "context": "Unfiltered",
        "accessLevel": "Public",
        "expression": expression,
    }


def _parameter(name: str, kind: Elm) -> Elm:
    return {"name": name, "accessLevel": "Public", "parameterTypeSpecifier": kind}


def _type(fact: FactDefinition) -> Elm:
    kinds: dict[str, Callable[[], Elm]] = {
        "bool": lambda: _named("Boolean"),
        "code": lambda: _named("String"),
        "number": lambda: {"type": "IntervalTypeSpecifier", "pointType": _named("Decimal")},
        "set": lambda: {"type": "ListTypeSpecifier", "elementType": _named("String")},
    }
    return kinds[fact.kind]()


def _named(name: str) -> Elm:
    return {"type": "NamedTypeSpecifier", "name": SYSTEM + name}


def _parameter_ref(name: str) -> Elm:
    return {"type": "ParameterRef", "name": name}


def _operand_ref(name: str) -> Elm:
    return {"type": "OperandRef", "name": name}


def _literal(literal: Literal) -> Elm:
    match literal:
        case bool():
            kind, value = "Boolean", str(literal).lower()
        case str():
            kind, value = "String", literal
        case _:
            kind, value = "Decimal", decimal(literal)
    return {"type": "Literal", "valueType": SYSTEM + kind, "value": value}


def _integer(number: int) -> Elm:
    return {"type": "Literal", "valueType": f"{SYSTEM}Integer", "value": str(number)}


def _open() -> Elm:
    return {
        "type": "As",
        "operand": {"type": "Null"},
        "asTypeSpecifier": _named("Boolean"),
    }


def _not(operand: Elm) -> Elm:
    return _unary("Not", operand)


def _unary(kind: str, operand: Elm) -> Elm:
    return {"type": kind, "operand": operand}


def _binary(kind: str, one: Elm, other: Elm) -> Elm:
    return {"type": kind, "operand": [one, other]}


def _chain(kind: str, parts: list[Elm]) -> Elm:
    """Join parts two by two, as ELM's And and Or take two operands."""
    joined = parts[0]
    for part in parts[1:]:
        joined = _binary(kind, joined, part)
    return joined
