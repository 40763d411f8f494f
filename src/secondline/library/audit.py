"""The audit of statements: denominators, tables, endpoints, clocks, conflicts and levels.

What lies inside one finding is looked at in `figures`. A known defect of a source is expected when
the caution of the statement names the figure that the audit computes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from secondline.domain.evidence import Endpoint, Finding, Statement
from secondline.library.figures import COARSE, Found, audit_finding, coverage, names
from secondline.library.levels import level_problems
from secondline.library.library import Library
from secondline.statistics.consistency import p_value, printed_range, proportion
from secondline.statistics.tables import intervals, p_values

Comparison = tuple[str, str | None]  # (endpoint, timepoint)

NEAR = 1.2  # a printed P this many times off a recomputed one agrees: rounded, mid-P


def audit_statement(statement: Statement, library: Library) -> Iterator[Found]:
    """Yield every figure, denominator, endpoint, clock, conflict and level that does not hold."""
    for position, finding in enumerate(statement.findings, start=1):
        for where, message in audit_finding(finding, statement.caution or ""):
            yield f"finding {position}, {where}", message
    yield from _denominator_problems(statement)
    yield from _table_problems(statement, library.endpoints)
    yield from _compared_problems(statement, library.endpoints)
    yield from _conflict_problems(statement, library)
    yield from _claim_problems(statement)
    yield from level_problems(statement, library)


def _denominator_problems(statement: Statement) -> Iterator[Found]:
    """Yield denominators that do not add up: a part larger than the whole."""
    caution = statement.caution or ""
    by_comparison: Mapping[Comparison, list[Finding]] = _grouped(statement)
    for (endpoint, _), findings in by_comparison.items():
        whole = next((f for f in findings if f.group == "all" and f.n), None)
        for part in findings:
            if whole and part.n and whole.n and part.n > whole.n:
                yield endpoint, f"{part.group!r} has n = {part.n}, all have n = {whole.n}"
    if statement.groups_total is None:
        return
    for (endpoint, timepoint), findings in by_comparison.items():
        sizes = {f.group: f.n for f in findings if f.n and f.group != "all"}
        total = sum(sizes.values())
        if len(sizes) > 1 and total != statement.groups_total and not names(caution, str(total)):
            yield (
                f"groups_total, {endpoint}" + (f" at {timepoint}" if timepoint else ""),
                f"the groups add up to {total}, not to {statement.groups_total};"
                f" correct it, or name {total} in the caution",
            )


def _table_problems(statement: Statement, endpoints: Mapping[str, Endpoint]) -> Iterator[Found]:
    """Recompute P and intervals from counts, where the endpoint is counted and not estimated."""
    caution = statement.caution or ""
    for (endpoint, _), findings in _grouped(statement).items():
        known = endpoints.get(endpoint)
        if known is None or known.censored or known.kind != "proportion":
            continue
        counted = [f for f in findings if f.effect is None and _is_count(f)]
        for finding in counted:
            exact = _unexplained_interval(finding)
            if exact and not names(caution, exact):
                yield (
                    f"{endpoint}, {finding.group}",
                    f"{finding.events} of {finding.n} has the exact interval {exact}, printed"
                    f" {finding.interval}; correct it, or name {exact} in the caution",
                )
        stated = [f for f in findings if f.p_value and not f.adjusted]
        if len(stated) != 1 or p_value(stated[0].p_value or "") is None:
            continue
        counted = _compared(stated[0], counted)
        if len(counted) < 2 or any(f.group == "all" for f in counted):
            continue
        tests = p_values([(f.events or 0, f.n or 1) for f in counted])
        message = _p_problem(stated[0], tests)
        if message and not any(names(caution, f"{p:.2g}") for p in tests.values()):
            yield f"{endpoint}, P of {stated[0].group}", message


def _is_count(finding: Finding) -> bool:
    events, n = finding.events, finding.n
    return events is not None and n is not None and n > 0 and 0 <= events <= n


def _compared(comparison: Finding, counted: list[Finding]) -> list[Finding]:
    """Return the groups that a comparison names, or all when it names none of them."""
    text = f"{comparison.group} {comparison.reference_group or ''}"
    named = [f for f in counted if f.group in text]
    return named if len(named) > 1 else counted


def _unexplained_interval(finding: Finding) -> str | None:
    """Return the exact interval of a count, as text, when no method gives the printed one."""
    ends = printed_range(finding.interval or "")
    if ends is None or finding.interval_kind != "CI":
        return None
    stated = [proportion(end) or (end.value, 0.5 * 10.0**-end.decimals) for end in ends]
    methods = intervals(finding.events or 0, finding.n or 1, coverage(finding))
    for low, high in methods.values():
        computed = (max(low, 0.0), min(high, 100.0))
        if all(
            abs(value - share) <= half + COARSE
            for value, (share, half) in zip(computed, stated, strict=True)
        ):
            return None
    low, high = methods["exact"]
    return f"{low:.1f}-{high:.1f}"


def _p_problem(finding: Finding, tests: Mapping[str, float]) -> str | None:
    relation, stated = p_value(finding.p_value or "") or ("=", 0.0)
    sided = {
        name: p
        for name, p in tests.items()
        if finding.p_sided is None or name.startswith("one-sided") == (finding.p_sided == "one")
    }
    if not sided:
        return None  # no one-sided test of more than two groups
    agreeing = [name for name, p in sided.items() if _agrees(relation, stated, p, finding)]
    if agreeing:
        one_sided = all(name.startswith("one-sided") for name in agreeing)
        if finding.p_sided is None and one_sided:
            return (
                f"only a one-sided test gives the printed {finding.p_value}; write p_sided: one"
                f" and name the two-sided {max(tests.values()):.2g} in the caution"
            )
        return None
    listed = ", ".join(f"{p:.2g} ({name})" for name, p in sided.items())
    return f"the counts give P = {listed}, printed {finding.p_value}; name one in the caution"


def _agrees(relation: str, stated: float, computed: float, finding: Finding) -> bool:
    """Say whether a recomputed P is the printed one, up to rounding and the choice of the test."""
    half = 0.5 * 10.0 ** -len((finding.p_value or "").rpartition(".")[2])
    if relation == "<":
        return computed < stated + half
    if relation == ">":
        return computed > stated - half
    return stated / NEAR - half <= computed <= stated * NEAR + half


def _compared_problems(statement: Statement, endpoints: Mapping[str, Endpoint]) -> Iterator[Found]:
    """Yield endpoints and clocks that a statement compares although they count differently."""
    plain = {f.endpoint for f in statement.findings if f.effect is None and not f.p_value}
    compared = {f.endpoint for f in statement.findings} - plain
    for endpoint in sorted(compared):
        for other in sorted(plain & _unlike(endpoint, endpoints)):
            yield "findings", f"{endpoint} is compared, {other} is shown: they count differently"
    for (endpoint, timepoint), findings in _grouped(statement).items():
        clocks = sorted({f.clock for f in findings if f.clock})
        if len(clocks) > 1 and "clock" not in (statement.caution or ""):
            yield (
                endpoint + (f" at {timepoint}" if timepoint else ""),
                f"it is counted {' and '.join(clocks)}, which may not be compared; split the"
                " statement, or say so in the caution with the word clock",
            )


def _unlike(endpoint: str, endpoints: Mapping[str, Endpoint]) -> set[str]:
    """Return the endpoints that look like one and may not be compared with it."""
    named = set(endpoints[endpoint].not_comparable) if endpoint in endpoints else set()
    return named | {other.id for other in endpoints.values() if endpoint in other.not_comparable}


def _claim_problems(statement: Statement) -> Iterator[Found]:
    """Yield popular claims where no correction traces them, and a correction of no claim."""
    if statement.claims and statement.topic != "correction":
        yield "claims", "only a correction traces popular claims; its topic is correction"
    if statement.topic == "correction" and not statement.claims:
        yield "claims", "a correction says which claim it traced; else its topic is change or gap"


def _conflict_problems(statement: Statement, library: Library) -> Iterator[Found]:
    """Yield conflicts between figures that may not be compared: other endpoints, other clocks."""
    for id_ in statement.conflicts_with:
        other = library.statements.get(id_)
        if other is None:
            continue
        if statement.id not in other.conflicts_with:
            yield "conflicts_with", f"{id_} does not name {statement.id}; name it on both sides"
        mine, its = ({f.endpoint for f in s.findings} for s in (statement, other))
        if not mine or not its or mine & its:
            continue
        unlike = [
            pair
            for pair in product(sorted(mine), sorted(its))
            if pair[1] in _unlike(pair[0], library.endpoints)
        ]
        if unlike:
            yield (
                "conflicts_with",
                f"{id_} counts {' and '.join(sorted(its))}, this {' and '.join(sorted(mine))}:"
                " they may not be compared, so that they do not conflict",
            )


def _grouped(statement: Statement) -> dict[Comparison, list[Finding]]:
    found: dict[Comparison, list[Finding]] = defaultdict(list)
    for finding in statement.findings:
        found[finding.endpoint, finding.timepoint].append(finding)
    return dict(found)
