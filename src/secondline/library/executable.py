"""The rules of a disease as libraries that clinical engines run: CQL text and ELM JSON."""

import json
from collections.abc import Iterator

from secondline.criteria.cql import Definition, cql_library
from secondline.criteria.elm import elm_library
from secondline.criteria.parse import parse_criterion
from secondline.criteria.tree import Criterion, Reference, decision, facts_in, with_references
from secondline.domain.facts import FactDefinition
from secondline.domain.pathways import AnyRule
from secondline.library.library import Library

HEADING = """Edition {edition} of secondline: {disease}, relapsed or refractory.
Decision support for professionals. Every definition is true, false, or null where a fact that is
not recorded would decide, or where the sources give no rule. Pass every parameter, null where a
fact is not recorded; facts that follow from others, such as prior_irinotecan from the list of
treatments, are parameters of their own."""


def library_name(disease: str) -> str:
    """Name the CQL library of a disease: SecondlineNeuroblastoma."""
    return "Secondline" + "".join(part.capitalize() for part in disease.split("-"))


def cql(disease: str, library: Library) -> str:
    """Write the rules of a disease as a CQL library, each with its passage above it."""
    heading = HEADING.format(edition=library.edition, disease=disease)
    return cql_library(
        library_name(disease), definitions(disease, library), parameters(disease, library), heading
    )


def elm(disease: str, library: Library) -> str:
    """Write the rules of a disease as an ELM library in JSON."""
    found = elm_library(
        library_name(disease), definitions(disease, library), parameters(disease, library)
    )
    return json.dumps(found, ensure_ascii=False, indent=1)


def parameters(disease: str, library: Library) -> tuple[FactDefinition, ...]:
    """Return the facts that the rules of a disease ask, in the order of the vocabulary."""
    asked = {
        fact for rule in library.rules_of(disease) for fact in facts_in(library.decisions[rule.id])
    }
    return tuple(fact for fact in library.facts.values() if fact.name in asked)


def definitions(disease: str, library: Library) -> Iterator[Definition]:
    """Yield the definition of every rule of a disease.

    A rule whose sources leave a gap has two: its criterion alone, which other rules refer to, and
    the rule itself, which is null in the gap.
    """
    rules = library.rules_of(disease)
    gapped = {rule.id for rule in rules if rule.undecided_when}

    def read(text: str) -> Criterion:
        return with_references(
            parse_criterion(text),
            lambda id_: Reference(criterion_name(id_) if id_ in gapped else id_),
        )

    for rule in rules:
        if rule.undecided_when:
            yield Definition(criterion_name(rule.id), read(rule.when), _comment(rule))
            whole = decision(read(f"rule '{rule.id}'"), read(rule.undecided_when))
            yield Definition(rule.id, whole, f"Null where {rule.undecided_because}")
        else:
            yield Definition(rule.id, read(rule.when), _comment(rule))


def criterion_name(rule: str) -> str:
    """Name the criterion of a rule without the gap of its sources."""
    return f"{rule} criterion"


def _comment(rule: AnyRule) -> str:
    cited = f"\nStatements: {', '.join(rule.statements)}" if rule.statements else ""
    return f"{rule.passage}{cited}"
