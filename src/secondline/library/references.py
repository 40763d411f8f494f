"""Every reference from one record of the library to another."""

from collections.abc import Iterator, Mapping
from typing import Any

from secondline.domain.evidence import Statement
from secondline.domain.pathways import Outlook, Pathway, Stratum
from secondline.library.library import Library

Reference = tuple[str, str, str, Mapping[str, Any]]  # from, field, name, where it must exist


def references(library: Library) -> Iterator[Reference]:
    """Yield every reference from one record to another."""
    for source in library.sources.values():
        if source.via:
            yield source.id, "via", source.via, library.sources
    for regimen in library.regimens.values():
        for drug in regimen.drugs:
            yield regimen.id, "drugs", drug, library.drugs
    for endpoint in library.endpoints.values():
        for name in endpoint.not_comparable:
            yield endpoint.id, "not_comparable", name, library.endpoints
    topics = {topic: aspect for aspect in library.aspects.values() for topic in aspect.topics}
    for statement in library.statements.values():
        yield statement.id, "topic", statement.topic, topics
        yield from references_of_statement(statement, library)
    for pathway in library.pathways.values():
        yield from _references_of_pathway(pathway, library)
    for case in library.cases.values():
        for fact in (*case.facts, *case.missing):
            yield case.id, "facts", fact, library.facts
        for expected in case.expect.values():
            for name in expected:
                yield case.id, "expect", name, library.rules


def references_of_statement(statement: Statement, library: Library) -> Iterator[Reference]:
    """Yield every reference of a statement to a source, a regimen, an endpoint or a statement."""
    yield statement.id, "citation, source", statement.citation.source, library.sources
    if statement.citation.via:
        yield statement.id, "citation, via", statement.citation.via, library.sources
    for key in ("intervention", "comparator"):
        if name := getattr(statement, key):
            yield statement.id, key, name, library.regimens
    for position, finding in enumerate(statement.findings, start=1):
        yield statement.id, f"finding {position}, endpoint", finding.endpoint, library.endpoints
    for key in ("conflicts_with", "supersedes"):
        for name in getattr(statement, key):
            yield statement.id, key, name, library.statements


def _references_of_pathway(pathway: Pathway, library: Library) -> Iterator[Reference]:
    yield pathway.id, "disease", pathway.disease, library.diseases
    schemes = library.schemes_of(pathway.disease)
    for scheme in pathway.schemes:
        for name in scheme.statements:
            yield pathway.id, f"scheme {scheme.scheme}", name, library.statements
    for rule in pathway.rules:
        for name in rule.statements:
            yield rule.id, "statements", name, library.statements
        if isinstance(rule, Stratum):
            yield rule.id, "scheme", rule.scheme, schemes
        if isinstance(rule, Outlook):
            yield rule.id, "statement", rule.statement, library.statements
