"""From comparable findings to a forest plot, figures as printed."""

from collections.abc import Collection, Iterator

from secondline.domain.evidence import Finding
from secondline.figures.axis import Axis, linear_axis, percent_axis, ratio_axis
from secondline.figures.comparable import RATIOS, Comparable, Item, name_of
from secondline.figures.forest_plot import ForestPlot, Row
from secondline.figures.values import NONE_PRINTED
from secondline.library.figures import USUAL_COVERAGE
from secondline.library.library import Library
from secondline.statistics.consistency import percentage

EFFECTS = {
    "HR": "hazard ratio",
    "OR": "odds ratio",
    "RR": "relative risk",
    "SHR": "subdistribution hazard ratio",
    "difference": "difference",
}
METHOD = "Wilson"
ROUNDING = 0.51  # percentage points by which a printed percentage may differ from its counts


def forest_plot(
    group: Comparable,
    library: Library,
    *,
    computed: bool = False,
    marked: Collection[str] = (),
) -> ForestPlot:
    """Return the forest plot of comparable findings.

    Args:
        group: the findings, as `compared` gives them.
        library: for names, definitions and sources.
        computed: draw Wilson's interval where a source prints counts of patients and no interval,
            said so in the row. Never for an outcome over time, whose counts are not its estimate.
        marked: ids of the statements that a reader came from.
    """
    rows = tuple(_row(item, library, computed=computed, marked=marked) for item in group.items)
    ratio = group.effect is not None
    return ForestPlot(
        id=group.id,
        title=title_of(group, library),
        axis=_axis(group, rows),
        toward=("lower", "higher") if ratio else None,
        rows=rows,
        notes=tuple(_notes(group, rows, library)),
        edition=library.edition,
    )


def title_of(group: Comparable, library: Library) -> str:
    """Return what is compared, in words: endpoint, time, clock; disease and setting."""
    endpoint = group.endpoint
    if group.effect:
        endpoint = f"{EFFECTS[group.effect]} for {endpoint}"
    if group.adjusted:
        endpoint = f"adjusted {endpoint}"
    told = ", ".join(part for part in (endpoint, group.timepoint, group.clock) if part)
    disease = library.diseases[group.disease].name if group.disease else ""
    sorts = (sort.replace("-", " ") for sort in group.sorts)
    about = ", ".join(part for part in (disease, *sorts, group.setting, group.within) if part)
    return f"{told[:1].upper()}{told[1:]}: {about}"


def _axis(group: Comparable, rows: tuple[Row, ...]) -> Axis:
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    estimates = [row.estimate for row in rows]
    if group.effect in RATIOS:
        return ratio_axis(estimates, ends, group.unit)
    if group.unit == "percent":
        return percent_axis()
    return linear_axis([*estimates, *ends], group.unit, 0.0 if group.effect else None)


def _row(item: Item, library: Library, *, computed: bool, marked: Collection[str]) -> Row:
    statement, finding, value = item.statement, item.finding, item.value
    source = library.sources[statement.citation.source]
    low, high, interval, method = value.low, value.high, value.interval, ""
    if computed and (counts := _counts(item, library)):
        low, high = _wilson(*counts)
        method = METHOD
        level = 100 * USUAL_COVERAGE
        interval = f"{level:g}% CI {low:.0f}-{high:.0f}, computed by {METHOD}'s method"
    treatment = library.regimens[statement.intervention].name if statement.intervention else ""
    about = f"{source.kind}, read: {source.read}"
    if statement.citation.via:
        about += f", known through: {library.sources[statement.citation.via].kind}"
    return Row(
        study=name_of(statement),
        group=_group(finding),
        population=statement.population,
        treatment=treatment,
        about=about,
        counted=_counted(finding),
        printed=f"{finding.effect} {value.printed}" if finding.effect in RATIOS else value.printed,
        interval=interval,
        estimate=value.estimate,
        low=low,
        high=high,
        computed=method,
        statement=statement.id,
        source=source.id,
        marked=statement.id in marked,
    )


def _group(finding: Finding) -> str:
    against = finding.reference_group
    if not against or finding.group.endswith(against):
        return finding.group
    return f"{finding.group}, against {against}"


def _counted(finding: Finding) -> str:
    if finding.n is None:
        return ""
    return f"n = {finding.n}" if finding.events is None else f"{finding.events}/{finding.n}"


def _counts(item: Item, library: Library) -> tuple[int, int] | None:
    """Return the counts from which an interval may be computed; None where it may not."""
    finding, value = item.finding, item.value
    endpoint = library.endpoints[finding.endpoint]
    if value.unit != "percent" or endpoint.censored or value.interval != NONE_PRINTED:
        return None
    if finding.events is None or finding.n is None:
        return None
    agrees = abs(percentage(finding.events, finding.n) - value.estimate) < ROUNDING
    return (finding.events, finding.n) if agrees else None


def _wilson(events: int, n: int) -> tuple[float, float]:
    # A statistics library is heavy to load, and few figures need it.
    from secondline.statistics.tables import intervals  # noqa: PLC0415

    return intervals(events, n, USUAL_COVERAGE)[METHOD]


def _notes(group: Comparable, rows: tuple[Row, ...], library: Library) -> Iterator[str]:
    """Yield what must be known to read the figure."""
    if definition := library.endpoints[group.endpoint].definition:
        yield f"{group.endpoint[:1].upper()}{group.endpoint[1:]}: {definition.rstrip('.')}."
    if group.within is None:
        yield (
            "The studies treated different patients: a difference between two rows is not the"
            " effect of a treatment."
        )
    if len({row.study for row in rows}) < len(rows):
        yield "Groups of one study may hold the same patients."
    yield "Nothing is pooled. Studies stand in the order of their names, not of their results."
    if group.timepoint and group.clock is None and group.effect is None:
        yield "From what the time is counted is not stated in these findings; it may differ."
    if any(row.low is None for row in rows):
        yield "A mark without a line has no confidence interval in what was read of its source."
    if any(row.computed for row in rows):
        yield (
            "A dashed line is an interval that no source prints, computed from the counts by"
            f" {METHOD}'s method."
        )
    if group.effect:
        yield "Each row compares the group it names with the one named after “against”."
