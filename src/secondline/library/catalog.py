"""What the library holds, counted, and every record by its id."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from secondline.criteria.vocabulary import suggestion
from secondline.domain.evidence import Standing, Statement
from secondline.library.digest import content_digest, plain
from secondline.library.library import Library, place_of


@dataclass(frozen=True, slots=True)
class Stats:
    """How much an edition holds. Every mapping is from a name to a count.

    Attributes:
        by_disease: statements, findings and cited sources of each disease.
        standing: statements by editorial standing.
        read: sources by how deep they were read.
        kinds: sources by kind.
        topics: statements by topic.
        conflicts: pairs of statements that give different figures for one thing.
    """

    edition: str
    sources: int
    statements: int
    findings: int
    rules: int
    cases: int
    conflicts: int
    by_disease: Mapping[str, Mapping[str, int]]
    standing: Mapping[Standing, int]
    read: Mapping[str, int]
    kinds: Mapping[str, int]
    topics: Mapping[str, int]


def stats_of(library: Library) -> Stats:
    """Count what a library holds."""
    statements = library.statements.values()
    by_disease: dict[str, Mapping[str, int]] = {}
    for disease in library.diseases:
        its = library.of_disease[disease]
        cited = {source.id for s in its for source in library.sources_of(s)}
        by_disease[disease] = {
            "sources": len(cited),
            "statements": len(its),
            "findings": sum(len(s.findings) for s in its),
        }
    return Stats(
        edition=library.edition,
        sources=len(library.sources),
        statements=len(library.statements),
        findings=sum(len(s.findings) for s in statements),
        rules=len(library.rules),
        cases=len(library.cases),
        conflicts=sum(len(s.conflicts_with) for s in statements) // 2,
        by_disease=by_disease,
        standing=_counted(library.standing(s.id) for s in statements),
        read=_counted(source.read for source in library.sources.values()),
        kinds=_counted(source.kind for source in library.sources.values()),
        topics=_counted(s.topic for s in statements),
    )


def _counted(names: Iterable[Any]) -> dict[Any, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


TERMS = {"disease", "drug", "regimen", "factor", "endpoint", "fact"}


class NoSuchRecord(ValueError):  # noqa: N818  # like NotHeld, it is an answer, not an error
    """An id that no record of the library has."""


def record(id_: str, library: Library) -> dict[str, Any]:
    """Return one record as plain data, without what is absent, and what the library adds to it.

    A statement comes with its disease, digest, standing and sources; a source with the statements
    that cite it.

    Raises:
        NoSuchRecord: no statement, source, rule, term or case has the id.
    """
    if id_ in library.statements:
        return _statement(library.statements[id_], library)
    for kind, records in _kinds(library).items():
        if id_ in records:
            file = f"terms/{kind}s.yaml" if kind in TERMS else ""
            found = {
                "record": kind,
                **plain(records[id_]),
                "file": library.files.get(place_of(id_, file)),
            }
            if kind == "source":
                found["cited_by"] = [statement.id for statement in library.citing(id_)]
            return {key: value for key, value in found.items() if value is not None}
    known = {
        *library.statements,
        *(each for records in _kinds(library).values() for each in records),
    }
    raise NoSuchRecord(f"no record has the id {id_!r}{suggestion(id_, known)}")


def _kinds(library: Library) -> Mapping[str, Mapping[str, Any]]:
    return {
        "source": library.sources,
        "rule": library.rules,
        "case": library.cases,
        "disease": library.diseases,
        "drug": library.drugs,
        "regimen": library.regimens,
        "factor": library.factors,
        "endpoint": library.endpoints,
        "fact": library.facts,
    }


def _statement(statement: Statement, library: Library) -> dict[str, Any]:
    return {
        "record": "statement",
        **plain(statement),
        "disease": library.disease_of(statement.id),
        "standing": library.standing(statement.id),
        "digest": content_digest(statement),
        "sources": [plain(source) for source in library.sources_of(statement)],
        "file": library.files[statement.id],
    }


def narrowed(  # noqa: PLR0913  # a filter is a parameter
    statements: Iterable[Statement],
    library: Library,
    *,
    disease: str | None,
    topic: str | None,
    source: str | None,
    setting: str | None,
) -> tuple[Statement, ...]:
    """Return only the statements of a disease, topic, source and setting; None is any of them."""
    return tuple(
        statement
        for statement in statements
        if disease in {None, library.disease_of(statement.id)}
        and topic in {None, statement.topic}
        and source in {None, statement.citation.source, statement.citation.via}
        and setting in {None, statement.setting}
    )
