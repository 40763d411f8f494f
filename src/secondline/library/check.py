"""The gate over knowledge/: what reading does not find. Figures, levels, wording, rules, layout."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import combinations
from typing import Any

from secondline.criteria.search import satisfying_patient
from secondline.criteria.tree import AllOf
from secondline.criteria.words import recorded
from secondline.domain.evidence import Citation, Finding, Source, Statement
from secondline.domain.facts import FactDefinition, Patient
from secondline.domain.pathways import Option, Outlook, Stratum
from secondline.domain.terms import CodeSystem, Term
from secondline.library.audit import audit_statement
from secondline.library.documents import Problem, read_text, read_yaml
from secondline.library.library import Library
from secondline.library.phrases import said_problems, written_problems

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OUTCOME_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*%|\bP\s*[<=>]|\b(?:HR|OR|RR)\s*\d")

CODE: Mapping[CodeSystem, re.Pattern[str]] = {
    "mesh": re.compile(r"[DC]\d{6,9}"),
    "ncit": re.compile(r"C\d{3,6}"),
    "snomed": re.compile(r"[1-9]\d{5,17}"),
    "rxnorm": re.compile(r"[1-9]\d{0,7}"),
    "atc": re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}"),
    "umls": re.compile(r"C\d{7}"),
}

Found = tuple[str, str]  # (where, message)


def check_library(library: Library) -> Iterator[Problem]:
    """Yield everything wrong with a library that could be read."""
    for statement in library.statements.values():
        for where, message in statement_problems(statement, library):
            yield _problem(library, statement.id, where, message)
    for file, term in _terms(library):
        for system, code in term.codes.items():
            if not CODE[system].fullmatch(code):
                message = f"{code!r} is not a code of {system}"
                yield Problem(f"knowledge/terms/{file}.yaml", f"{term.id}, codes", message)
        for name, code in term.about.items():
            fact = library.facts.get(name)
            if fact is None or code not in fact.codes:
                message = f"{name!r} is not a fact with a code {code!r}; name one of facts.yaml"
                yield Problem(f"knowledge/terms/{file}.yaml", f"{term.id}, about", message)
    for fact in library.facts.values():
        for message in said_problems(fact):
            yield Problem("knowledge/terms/facts.yaml", f"{fact.name}, said", message)
        for message in written_problems(fact):
            yield Problem("knowledge/terms/facts.yaml", f"{fact.name}, written", message)
    for disease in library.assessed:
        for id_, message in _rule_problems(disease, library):
            yield _problem(library, id_, "", message)
    yield from _layout_problems(library)


def _terms(library: Library) -> Iterator[tuple[str, Term]]:
    for file in ("diseases", "regimens", "drugs", "factors"):
        for term in getattr(library, file).values():
            yield file, term


def _problem(library: Library, id_: str, where: str, message: str) -> Problem:
    return Problem(
        f"knowledge/{library.files[id_]}", ", ".join(filter(None, (id_, where))), message
    )


def statement_problems(statement: Statement, library: Library) -> Iterator[Found]:
    """Yield everything wrong with a statement of a library: where, and what with its repair."""
    if not ID.fullmatch(statement.id):
        yield "id", "an id has lower-case words joined by hyphens"
    for key in ("says", "plain"):
        if match := OUTCOME_FIGURE.search(getattr(statement, key) or ""):
            yield key, f"{match[0]!r} is an outcome figure; move it into a finding"
    source = library.sources[statement.citation.source]
    if source.retracted and not statement.withdrawn:
        yield "citation", f"{source.id} is retracted ({source.retracted}); withdraw the statement"
    yield from audit_statement(statement, library)


def _rule_problems(disease: str, library: Library) -> Iterator[Found]:
    facts = library.facts
    rules = library.rules_of(disease)
    for rule in rules:
        criterion = library.criteria[rule.id]
        if isinstance(rule, Option) and not rule.statements:
            yield rule.id, "no statement stands behind the option; name one"
        if not rule.passage:
            yield rule.id, "no passage stands above the rule; write what it formalises"
        if rule.undecided_when and not rule.undecided_because:
            yield rule.id, "undecided_when stands without undecided_because"
        if satisfying_patient(criterion, facts) is None:
            yield rule.id, "no patient can meet it; correct its criterion or remove it"
        if isinstance(rule, Outlook):
            yield from _outlook_problems(rule, library)
    schemes = [s.scheme for pathway in library.pathways_of(disease) for s in pathway.schemes]
    for scheme in sorted({s for s in schemes if schemes.count(s) > 1}):
        owner = next(
            p for p in library.pathways_of(disease) if scheme in {s.scheme for s in p.schemes}
        )
        yield owner.id, f"scheme {scheme} stands in two places; give each its own name"
    exclusive = {s.scheme for s in library.schemes_of(disease).values() if s.exclusive}
    strata = [r for r in rules if isinstance(r, Stratum) and r.scheme in exclusive]
    for one, two in combinations(strata, 2):
        both = AllOf((library.criteria[one.id], library.criteria[two.id]))
        if one.scheme == two.scheme and (patient := satisfying_patient(both, facts)):
            yield one.id, f"it and {two.id} both hold for: {_described(patient, facts)}"


def _outlook_problems(rule: Outlook, library: Library) -> Iterator[Found]:
    statement = library.statements[rule.statement]
    groups = {f.group for f in statement.findings if f.estimate or f.events is not None}
    if rule.group not in groups:
        yield rule.id, f"{statement.id} has no group {rule.group!r}; it has {sorted(groups)}"
    elif rule.endpoint and not any(
        (f.group, f.endpoint) == (rule.group, rule.endpoint) for f in statement.findings
    ):
        yield rule.id, f"{statement.id} has no {rule.endpoint} for {rule.group!r}"


def _described(patient: Patient, facts: Mapping[str, FactDefinition]) -> str:
    return "; ".join(f"{name} = {recorded(patient[name], facts[name])}" for name in patient)


def _layout_problems(library: Library) -> Iterator[Problem]:
    """Yield what spoils a diff: tabs, line ends, trailing blanks, keys out of their order."""
    for name in sorted(set(library.files.values())):
        text = read_text(library.root / name)
        for where, message in _line_problems(text):
            yield Problem(f"knowledge/{name}", where, message)
        for kind, prefix in ((Source, "sources/"), (Statement, "statements/")):
            if name.startswith(prefix):
                for where, message in _order_problems(kind, read_yaml(text)):
                    yield Problem(f"knowledge/{name}", where, message)


def _line_problems(text: str) -> Iterator[Found]:
    checks: Iterable[tuple[str, Callable[[str], bool]]] = (
        ("it has a tab; use spaces", lambda line: "\t" in line),
        ("it ends in blanks; remove them", lambda line: line != line.rstrip()),
    )
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield "end of file", "end it with exactly one line break"
    for number, line in enumerate(text.split("\n"), start=1):
        for message, found in checks:
            if found(line):
                yield f"line {number}", message


def _order_problems(kind: type[Any], data: list[dict[str, Any]]) -> Iterator[Found]:
    for record in data:
        yield from _misordered(kind, record, str(record.get("id")))
        if kind is Statement:
            yield from _misordered(Citation, record["citation"], f"{record['id']}, citation")
            for position, finding in enumerate(record.get("findings", ()), start=1):
                yield from _misordered(Finding, finding, f"{record['id']}, finding {position}")


def _misordered(kind: type[Any], record: dict[str, Any], where: str) -> Iterator[Found]:
    order = [field.name for field in fields(kind)]
    expected = sorted(record, key=order.index)
    if list(record) != expected:
        yield where, f"keys stand out of order; write {', '.join(expected)}"
