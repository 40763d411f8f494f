"""A candidate: one statement that may join the library, looked at field by field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from secondline.criteria.parse import CriterionError, parse_criterion
from secondline.criteria.tree import references_in
from secondline.criteria.vocabulary import misfits, suggestion
from secondline.domain.evidence import Statement
from secondline.library.check import statement_problems
from secondline.library.library import Library
from secondline.library.references import references_of_statement
from secondline.library.schema import SchemaError, records

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing wrong in one field of a candidate: where, and what with its repair.

    Attributes:
        field: such as "says", "citation, source" or "finding 2, n".
    """

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def candidate(
    data: Mapping[str, Any], library: Library
) -> tuple[Statement | None, tuple[Complaint, ...]]:
    """Read a statement and hold it against the library that it may join.

    What holds between two statements (a conflict is named on both sides) is left to the gate over
    a whole edition: two statements are proposed one after the other.

    Args:
        data: the record, as a file or a form gives it.
        library: the library, with or without a statement of that id.

    Returns:
        The statement, or None when it does not fit its type; and every complaint about it.
    """
    if unprintable := tuple(_unprintable(data, ())):
        return None, unprintable
    try:
        (statement,) = records(Statement, [dict(data)])
    except SchemaError as error:
        return None, tuple(
            sorted(Complaint(place, message) for _, place, message in error.complaints)
        )
    return statement, tuple(sorted(_complaints(statement, library)))


def _unprintable(value: Any, place: tuple[str, ...]) -> Iterator[Complaint]:
    """Complain about text that no knowledge file can hold as it is."""
    if isinstance(value, str) and (found := UNPRINTABLE.search(value)):
        what = f"{found[0]!r} cannot stand in a statement; write it as one paragraph of plain text"
        yield Complaint(", ".join(place), what)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _unprintable(each, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for position, each in enumerate(value, start=1):
            yield from _unprintable(each, (*place[:-1], f"{place[-1]} {position}" if place else ""))


def _complaints(statement: Statement, library: Library) -> Iterator[Complaint]:
    known = True
    topics = {topic for aspect in library.aspects.values() for topic in aspect.topics}
    if statement.topic not in topics:
        meant = suggestion(statement.topic, topics)
        yield Complaint("topic", f"{statement.topic!r} does not exist{meant}")
    for _, key, name, among in references_of_statement(statement, library):
        if name not in among:
            known = False
            yield Complaint(key, f"{name!r} does not exist{suggestion(name, among)}")
    if statement.id in {*statement.conflicts_with, *statement.supersedes}:
        yield Complaint("id", "the statement names itself")
    if statement.id not in library.statements and statement.id in library.files:
        yield Complaint("id", f"the id is taken by knowledge/{library.files[statement.id]}")
    for message in _criterion_problems(statement, library):
        yield Complaint("applies_when", message)
    if known:  # the audit looks up what the statement names
        joined = replace(library, statements=_neighbors(statement, library))
        for key, message in statement_problems(statement, joined):
            yield Complaint(key, message)


def _criterion_problems(statement: Statement, library: Library) -> Iterator[str]:
    if not statement.applies_when:
        return
    try:
        criterion = parse_criterion(statement.applies_when)
    except CriterionError as error:
        yield str(error)
        return
    for rule in references_in(criterion):
        if rule not in library.rules:
            yield f"rule '{rule}' does not exist{suggestion(rule, library.rules)}"
    yield from misfits(criterion, library.facts)


def _neighbors(statement: Statement, library: Library) -> Mapping[str, Statement]:
    """Return the statements with this one among them, its conflicts named on both sides."""
    found = {**library.statements, statement.id: statement}
    for id_ in statement.conflicts_with:
        other = found[id_]
        if statement.id not in other.conflicts_with:
            found[id_] = replace(other, conflicts_with=(*other.conflicts_with, statement.id))
    return found
