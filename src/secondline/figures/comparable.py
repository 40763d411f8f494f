"""Which findings may share one figure: the same endpoint, unit, time, clock, disease and setting.

The rule is conservative. What it leaves out is told with the reason; nothing is left out unseen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from secondline.criteria import tree
from secondline.domain.evidence import Endpoint, Finding, Statement
from secondline.figures.values import Value, value_of
from secondline.library.library import Library

RATIOS = ("HR", "OR", "RR", "SHR")
# Statements of these topics repeat the figures of others, or tell of a plan.
RETOLD = frozenset({"change", "correction", "definition", "gap", "principle", "trial"})
SPAN = re.compile(r"(\d+) (month|year)s?")
MONTHS = {"month": 1, "year": 12}
SORTS = ("tumor_type", "immunophenotype")  # facts that part one disease into several
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with its statement, and its figure on an axis."""

    statement: Statement
    finding: Finding
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """Findings that may share one figure.

    Attributes:
        id: words of what they have in common, such as
            "rhabdomyosarcoma.relapse.overall-survival.percent.60-months".
        sorts: of the disease, to which the findings are limited, such as "synovial-sarcoma".
        effect, adjusted: of ratios and differences; None and False for plain figures.
        unit: of the axis: percent, a unit of time, or the effect.
        within: the study whose own groups these are, where others may not stand beside them.
    """

    id: str
    disease: str | None
    sorts: tuple[str, ...]
    setting: str
    endpoint: str
    effect: str | None
    adjusted: bool
    unit: str
    timepoint: str | None
    clock: str | None
    within: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings divided into those that may share a figure, and those that stand in none.

    Attributes:
        groups: of two findings or more, the largest first.
        apart: how many findings stand in no figure, by the reason.
    """

    groups: tuple[Comparable, ...]
    apart: Mapping[str, int] = field(default_factory=dict)


def compared(
    statements: Iterable[Statement], library: Library, endpoint: str | None = None
) -> Compared:
    """Divide the findings of some statements by what may share one figure.

    Args:
        statements: of any disease.
        endpoint: only findings of this one; None for any.
    """
    groups: dict[tuple[object, ...], list[Item]] = {}
    apart: dict[str, int] = {}
    for statement in statements:
        for finding in statement.findings:
            if endpoint not in {None, finding.endpoint} or _is_test_alone(finding):
                continue
            found = _item(statement, finding, library)
            if isinstance(found, str):
                apart[found] = apart.get(found, 0) + 1
            else:
                groups.setdefault(_key(found, library), []).append(found)
    kept = []
    for items in groups.values():
        once = tuple(_once(items, library))
        if len(once) >= FEWEST:
            kept.append(_group(once, library))
        if beside := len(items) - len(once):
            apart[TWICE] = apart.get(TWICE, 0) + beside
        if len(once) < FEWEST:
            apart[ALONE] = apart.get(ALONE, 0) + len(once)
    kept.sort(key=lambda group: (-len(group.items), group.id))
    return Compared(tuple(kept), dict(sorted(apart.items(), key=lambda pair: -pair[1])))


ALONE = "no other finding has its endpoint, unit, time, clock, disease and setting"
TWICE = "the same figure stands in the figure already, from the paper or from another statement"


def name_of(statement: Statement) -> str:
    """Return what a study is called in a figure: its name, or the id of its source."""
    return statement.study or statement.citation.source


def _is_test_alone(finding: Finding) -> bool:
    """Say whether only a P value or nothing that could be drawn is printed."""
    return finding.estimate is None and finding.events is None


def _item(statement: Statement, finding: Finding, library: Library) -> Item | str:
    """Return a finding with its figure, or why it stands in no figure."""
    endpoint = library.endpoints[finding.endpoint]
    if reason := _left_out(statement, finding, endpoint, library):
        return reason
    value = value_of(finding, endpoint)
    return value if isinstance(value, str) else Item(statement, finding, value)


def _left_out(
    statement: Statement, finding: Finding, endpoint: Endpoint, library: Library
) -> str | None:
    if statement.withdrawn or library.sources[statement.citation.source].retracted:
        return "withdrawn, or from a retracted source"
    if statement.topic in RETOLD:
        return "the statement repeats the figures of others, or tells of a plan"
    if library.yields(statement):
        return "the paper's own figure leads over this one"
    if endpoint.compared == "never":
        return "the endpoint counts something else in each finding"
    if (
        endpoint.censored
        and endpoint.kind == "proportion"
        and not (finding.effect or finding.timepoint)
    ):
        return "an outcome over time without its time"
    if finding.effect and finding.reference_group is None:
        return "what a ratio or a difference compares with is not stated"
    return None


def _key(item: Item, library: Library) -> tuple[object, ...]:
    finding, statement = item.finding, item.statement
    return (
        library.disease_of(statement.id), _sorts(statement, library), statement.setting,
        finding.endpoint, finding.effect,
        finding.adjusted, item.value.unit, _time(finding.timepoint),
        finding.clock, _within(item, library),
    )  # fmt: skip


def _sorts(statement: Statement, library: Library) -> tuple[str, ...]:
    """Return the sorts of a disease that a statement is limited to by its criterion."""
    criterion = library.criteria.get(statement.id)
    parts = criterion.children if isinstance(criterion, tree.AllOf) else (criterion,)
    return tuple(
        str(part.literal)
        for part in parts
        if isinstance(part, tree.Compared) and part.fact in SORTS and part.operator == "="
    )


def _within(item: Item, library: Library) -> str | None:
    """Return the study beyond which a finding may not be compared; None for no such bound.

    Ratios of two studies stand together only if both compare the same two treatments.
    """
    statement, finding = item.statement, item.finding
    if finding.effect is None:
        bounded = library.endpoints[finding.endpoint].compared == "within a study"
        return name_of(statement) if bounded else None
    if statement.intervention and statement.comparator:
        given, instead = statement.intervention, statement.comparator
        return f"{library.regimens[given].name} against {library.regimens[instead].name}"
    return name_of(statement)


def _time(timepoint: str | None) -> str | None:
    """Return a time in months where it is a whole span, so that 24 months are 2 years."""
    match = SPAN.fullmatch(timepoint or "")
    return f"{int(match[1]) * MONTHS[match[2]]} months" if match else timepoint


def _once(items: Iterable[Item], library: Library) -> Iterator[Item]:
    """Yield items by study, each figure once: a summary yields to the paper it restates."""
    ordered = sorted(items, key=lambda i: (library.restates(i.statement), name_of(i.statement)))
    seen: set[tuple[str, str, Value]] = set()
    named: dict[str, set[float]] = {}
    kept = []
    for item in ordered:
        name = name_of(item.statement)
        figure = (name, item.finding.group, item.value)
        restated = library.restates(item.statement) and any(
            other in name and item.value.estimate in figures for other, figures in named.items()
        )
        if figure in seen or restated:
            continue
        seen.add(figure)
        if not library.restates(item.statement):
            named.setdefault(name, set()).add(item.value.estimate)
        kept.append(item)
    # By name, never by result: a figure is not a ranking of treatments.
    yield from sorted(kept, key=lambda item: name_of(item.statement).casefold())


def _group(items: tuple[Item, ...], library: Library) -> Comparable:
    first = items[0]
    finding, statement = first.finding, first.statement
    disease, within = library.disease_of(statement.id), _within(first, library)
    sorts, time = _sorts(statement, library), finding.timepoint
    parts = (
        disease, *sorts, statement.setting, finding.endpoint, first.value.unit,
        "adjusted" if finding.adjusted else None, _time(time), finding.clock, within,
    )  # fmt: skip
    return Comparable(
        id=".".join(_slug(part) for part in parts if part),
        disease=disease, sorts=sorts, setting=statement.setting, endpoint=finding.endpoint,
        effect=finding.effect, adjusted=finding.adjusted, unit=first.value.unit,
        timepoint=time, clock=finding.clock, within=within, items=items,
    )  # fmt: skip


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
