"""A criterion's leaf, and what is recorded for it, in words a clinician reads."""

from collections.abc import Mapping
from decimal import Decimal

from secondline.criteria.tree import Compared, Contains, Holds, Known, Leaf, Literal, Member
from secondline.domain.facts import (
    CodeSet,
    FactDefinition,
    Interval,
    Patient,
    Reason,
    Unknown,
    Value,
)
from secondline.domain.truth import MET, Truth

COMPARISONS = {
    "<": "below",
    "<=": "at most",
    ">": "above",
    ">=": "at least",
    "=": "exactly",
    "!=": "other than",
}

UNKNOWN_BECAUSE = {Reason.ASKED_NONE_FOUND: "asked, none found"}


def asked(leaf: Leaf, vocabulary: Mapping[str, FactDefinition]) -> str:
    """Say what a leaf asks: "time from diagnosis to relapse below 18 months"."""
    fact = vocabulary[leaf.fact]
    match leaf:
        case Holds():
            return f"{fact.label}: yes"
        case Compared(_, operator, float() as number):
            return f"{fact.label} {COMPARISONS[operator]} {amount(number, fact)}"
        case Compared(_, operator, literal):
            return f"{fact.label}: {'not ' if operator == '!=' else ''}{_literal(literal, fact)}"
        case Member(_, literals):
            return f"{fact.label}: {' or '.join(_literal(each, fact) for each in literals)}"
        case Contains(_, code):
            return f"{fact.label}: includes {_literal(code, fact)}"
        case Known():
            return f"{fact.label}: recorded"


def recorded(value: Value, fact: FactDefinition) -> str:
    """Say what is recorded for a fact: "10 months", "not recorded", "17 to 19 months"."""
    match value:
        case Unknown(reason):
            return UNKNOWN_BECAUSE.get(reason, reason.value.replace("-", " "))
        case bool():
            return "yes" if value else "no"
        case Interval(low, high):
            return f"{amount(low, fact).split()[0]} to {amount(high, fact)}"
        case CodeSet(codes, complete):
            listed = ", ".join(sorted(map(fact.in_words, codes), key=str.casefold)) or "none"
            return listed if complete else f"at least {listed}"
        case str():
            return fact.in_words(value)
        case _:
            return amount(value, fact)


def reasons(
    leaves: Mapping[Leaf, Truth], patient: Patient, vocabulary: Mapping[str, FactDefinition]
) -> tuple[str, ...]:
    """Say what decides: each fact once, and what was asked where the fact does not meet it.

    "histology: alveolar (asked: embryonal or botryoid)"; "irinotecan among treatments received".
    Values of which one is enough are joined by "or". Bounds are not: whether both are meant, as in
    "at least 18 months; below 36 months", or one of them, the criterion says.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for leaf, truth in leaves.items():
        fact, value = vocabulary[leaf.fact], patient[leaf.fact]
        if isinstance(leaf, Contains) and isinstance(value, CodeSet):
            held = "among" if leaf.code in value.codes else "not among"
            found.setdefault(f"{fact.in_words(leaf.code)} {held} {fact.label}", {})
            continue
        questions = found.setdefault(f"{fact.label}: {recorded(value, fact)}", {})
        if truth is MET or isinstance(leaf, Holds | Known):
            continue
        if isinstance(leaf, Member):
            questions.setdefault("", []).extend(_literal(each, fact) for each in leaf.literals)
        else:
            question = asked(leaf, vocabulary).removeprefix(fact.label).removeprefix(":").strip()
            questions.setdefault("" if _asks_one_value(leaf) else question, []).append(question)
    return tuple(
        f"{text} (asked: {'; '.join(map(_either, questions.values()))})" if questions else text
        for text, questions in found.items()
    )


def _asks_one_value(leaf: Leaf) -> bool:
    return (
        isinstance(leaf, Compared) and leaf.operator == "=" and not isinstance(leaf.literal, float)
    )


def _either(questions: list[str]) -> str:
    return " or ".join(dict.fromkeys(questions))


def amount(number: float, fact: FactDefinition) -> str:
    """Write a number with the unit of its fact, without a trailing ".0" and without an exponent."""
    unit = fact.unit.removesuffix("s") if number == 1 else fact.unit
    return f"{Decimal(f'{number:g}'):f} {unit}".strip()


def _literal(literal: Literal, fact: FactDefinition) -> str:
    if isinstance(literal, bool):
        return "yes" if literal else "no"
    return fact.in_words(literal) if isinstance(literal, str) else f"{literal:g}"
