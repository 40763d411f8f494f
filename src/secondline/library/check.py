"""The gate over knowledge/: what reading does not find. Figures, levels, wording, rules, layout."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import combinations
from typing import Any

from secondline.criteria.search import satisfying_patient
from secondline.criteria.tree import AllOf
from secondline.criteria.words import recorded
from secondline.domain.evidence import Citation, Finding, Level, Source, Statement
from secondline.domain.facts import FactDefinition, Patient
from secondline.domain.pathways import Outlook, Pathway, Stratum
from secondline.library.documents import Problem, read_text, read_yaml
from secondline.library.library import Library
from secondline.statistics.consistency import (
    p_from_ratio,
    p_value,
    percentage,
    printed,
    printed_range,
    rounds_to,
)

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEVEL = {
    "pdq-2023": re.compile(r"A[1-3]|B[1-4]|C[1-3]|D"),
    "pdq-legacy": re.compile(r"(1i|1ii|2|3i|3ii|3iii)(A|B|C|Di|Dii|Diii|Div)"),
}
OUTCOME_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*%|\bP\s*[<=>]|\b(?:HR|OR|RR)\s*\d")

Found = tuple[str, str]  # (where, message)


def check_library(library: Library) -> Iterator[Problem]:
    """Yield everything wrong with a library that could be read."""
    for statement in library.statements.values():
        for where, message in _statement_problems(statement, library):
            yield _problem(library, statement.id, where, message)
    for pathway in library.pathways.values():
        for id_, message in _pathway_problems(pathway, library):
            yield _problem(library, id_, "", message)
    yield from _layout_problems(library)


def _problem(library: Library, id_: str, where: str, message: str) -> Problem:
    return Problem(
        f"knowledge/{library.files[id_]}", ", ".join(filter(None, (id_, where))), message
    )


def _statement_problems(statement: Statement, library: Library) -> Iterator[Found]:
    if not ID.fullmatch(statement.id):
        yield "id", "an id has lower-case words joined by hyphens"
    for key in ("says", "plain"):
        if match := OUTCOME_FIGURE.search(getattr(statement, key) or ""):
            yield key, f"{match[0]!r} is an outcome figure; move it into a finding"
    for other in statement.conflicts_with:
        if statement.id not in library.statements[other].conflicts_with:
            yield "conflicts_with", f"{other} does not name {statement.id}; name it on both sides"
    yield from _level_problems(statement.level)
    source = library.sources[statement.citation.source]
    if source.retracted and not statement.withdrawn:
        yield "citation", f"{source.id} is retracted ({source.retracted}); withdraw the statement"
    for position, finding in enumerate(statement.findings, start=1):
        for where, message in finding_problems(finding, statement.caution or ""):
            yield f"finding {position}, {where}", message


def _level_problems(level: Level | None) -> Iterator[Found]:
    if level is None:
        return
    for key in ("printed", "derived"):
        code = getattr(level, key)
        scheme = level.scheme if key == "printed" else "pdq-2023"
        if code and not LEVEL[scheme].fullmatch(code):
            yield f"level, {key}", f"{code!r} is not a level of {scheme}"
    if not level.printed and not level.derived:
        yield "level", "it has neither a printed nor a derived code; leave it away"


def finding_problems(finding: Finding, caution: str) -> Iterator[Found]:
    """Yield what does not agree inside one finding.

    A known defect of a source is expected when the statement's caution names the recomputed
    figure, "36.2%" for 17 of 47 printed as 37%.
    """
    if finding.estimate is None and finding.events is None and finding.p_value is None:
        yield "estimate", "a finding has an estimate, a count of events or a P value"
    if finding.p_value is not None and p_value(finding.p_value) is None:
        yield "p_value", f"{finding.p_value!r} is not a P value such as .006 or < .001"
    estimate = printed(finding.estimate) if finding.estimate else None
    if finding.events is not None:
        yield from _count_problems(finding, caution)
    if finding.interval is None:
        if finding.interval_kind is not None:
            yield "interval", "interval_kind stands without an interval"
        return
    if finding.interval_kind is None:
        yield "interval_kind", "say CI, SE, range or not stated"
    if estimate is None or (ends := printed_range(finding.interval)) is None:
        return
    low, high = ends
    if not low <= estimate.value <= high:
        yield "interval", f"{finding.interval} does not contain the estimate {finding.estimate}"
    elif finding.effect in {"HR", "OR", "RR"} and finding.p_value and finding.interval_kind == "CI":
        yield from _ratio_problems(finding, estimate.value, low, high, caution)


def _count_problems(finding: Finding, caution: str) -> Iterator[Found]:
    if finding.n is None:
        yield "n", "events stand without n"
        return
    try:
        share = percentage(finding.events or 0, finding.n)
    except ValueError as error:
        yield "events", str(error)
        return
    figure = printed(finding.estimate or "")
    if figure is None or figure.unit != "%" or rounds_to(share, figure):
        return
    if f"{share:.1f}%" not in caution:
        yield (
            "estimate",
            f"{finding.events} of {finding.n} is {share:.1f}%, printed {finding.estimate};"
            f" correct it, or name {share:.1f}% in the caution",
        )


def _ratio_problems(
    finding: Finding, estimate: float, low: float, high: float, caution: str
) -> Iterator[Found]:
    """Compare the printed P with the one that the ratio and its interval imply."""
    relation, stated = p_value(finding.p_value or "") or ("=", 0.0)
    implied = p_from_ratio(estimate, low, high) / (2 if finding.p_sided == "one" else 1)
    disagree = (
        (implied < 0.05) != (stated < 0.05)
        if relation == "="
        else ((implied > 2 * stated) if relation == "<" else implied < stated / 2)
    )
    if disagree and f"{implied:.2g}" not in caution:
        yield (
            "p_value",
            f"the interval implies P = {implied:.2g}, printed {finding.p_value};"
            f" correct it, or name {implied:.2g} in the caution",
        )


def _pathway_problems(pathway: Pathway, library: Library) -> Iterator[Found]:
    facts = library.facts
    for rule in pathway.rules:
        criterion = library.criteria[rule.id]
        if not rule.passage:
            yield rule.id, "no passage stands above the rule; write what it formalises"
        if rule.undecided_when and not rule.undecided_because:
            yield rule.id, "undecided_when stands without undecided_because"
        if satisfying_patient(criterion, facts) is None:
            yield rule.id, "no patient can meet it; correct its criterion or remove it"
        if isinstance(rule, Outlook):
            yield from _outlook_problems(rule, library)
    exclusive = {scheme.scheme for scheme in pathway.schemes if scheme.exclusive}
    strata = [r for r in pathway.rules if isinstance(r, Stratum) and r.scheme in exclusive]
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
