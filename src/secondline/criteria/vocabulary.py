"""Whether the facts of a criterion exist in the vocabulary, and its literals fit them."""

from collections.abc import Collection, Iterator, Mapping

from secondline.criteria.tree import (
    LEAVES,
    Compared,
    Contains,
    Criterion,
    Holds,
    Literal,
    Member,
    walk,
)
from secondline.domain.facts import FactDefinition


def misfits(node: Criterion, vocabulary: Mapping[str, FactDefinition]) -> Iterator[str]:
    """Yield every reason why a criterion does not fit the vocabulary: found, expected, repair."""
    for _, leaf in walk(node):
        if not isinstance(leaf, LEAVES):
            continue
        if (fact := vocabulary.get(leaf.fact)) is None:
            yield f"{leaf.fact} is not a fact{suggestion(leaf.fact, vocabulary)}"
            continue
        match leaf:
            case Holds() if fact.kind != "bool":
                yield f"{fact.name} is a {fact.kind} and cannot stand alone; compare it"
            case Contains(_, code) if fact.kind != "set":
                yield f"{fact.name} is a {fact.kind}, not a set; it cannot contain '{code}'"
            case Contains(_, code) if fact.codes and code not in fact.codes:
                yield f"'{code}' is not a code of {fact.name}{suggestion(code, fact.codes)}"
            case Compared(_, operator, literal):
                yield from _literal_misfits(fact, operator, literal)
            case Member(_, literals):
                for literal in literals:
                    yield from _literal_misfits(fact, "=", literal)
            case _:
                pass


def _literal_misfits(fact: FactDefinition, operator: str, literal: Literal) -> Iterator[str]:
    expected = {"number": float, "bool": bool, "code": str}.get(fact.kind)
    if expected is None:
        yield f"{fact.name} is a {fact.kind}; ask it with contains or known, not {operator}"
    elif not isinstance(literal, expected):
        yield f"{fact.name} is a {fact.kind}; {literal!r} does not fit it"
    elif fact.kind != "number" and operator not in {"=", "!="}:
        yield f"{fact.name} is a {fact.kind} and has no order; {operator} does not fit it"
    elif isinstance(literal, str) and literal not in fact.codes:
        yield f"'{literal}' is not a code of {fact.name}{suggestion(literal, fact.codes)}"


def suggestion(word: str, known: Collection[str]) -> str:
    """Return "; did you mean x?" for the nearest known word, or nothing when none is near."""
    from rapidfuzz.process import extractOne  # noqa: PLC0415  # needed for errors only

    match = extractOne(word, list(known), score_cutoff=75)
    return f"; did you mean {match[0]}?" if match else ""
