"""A printed figure as a value on an axis: estimate, interval and what is said of both."""

from dataclasses import dataclass

from secondline.domain.evidence import Endpoint, Finding
from secondline.library.figures import coverage
from secondline.statistics.consistency import (
    Printed,
    percentage,
    printed,
    printed_range,
    proportion,
)

TIMES = {"days", "weeks", "months", "years"}
OTHER_INTERVALS = {
    "SE": "a standard error",
    "IQR": "an interquartile range",
    "range": "a range",
    "not stated": "of a kind that is not stated",
}
NONE_PRINTED = "no interval printed"
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True)
class Value:
    """The figure of a finding.

    Attributes:
        estimate: in the unit of the axis; a probability of 0.45 is 45 percent.
        low, high: the ends of the printed confidence interval; None where none is printed.
        unit: percent, a unit of time, or the effect: HR, OR, RR, SHR or difference.
        printed: as the source prints it; "14 of 17" where it prints counts alone.
        interval: its uncertainty in words.
    """

    estimate: float
    low: float | None
    high: float | None
    unit: str
    printed: str
    interval: str


def value_of(finding: Finding, endpoint: Endpoint) -> Value | str:
    """Return the figure of a finding as a value, or why it has no place on an axis."""
    if finding.estimate is None:
        return _of_counts(finding, endpoint)
    figure = printed(finding.estimate)
    if figure is None:
        return "not one figure is printed, but a bound, a range or words"
    unit = _unit(figure, finding, endpoint)
    if unit is None:
        return "the unit is not one that an axis has"
    if finding.effect and finding.effect != "difference" and figure.value <= 0:
        return "a ratio stands above 0"
    share = proportion(figure) if unit == "percent" else None
    estimate = share[0] if share else figure.value
    if unit == "percent" and not 0 <= estimate <= WHOLE:
        return "a proportion lies between 0 and 1"
    low, high, interval = _interval(finding, figure, estimate)
    return Value(estimate, low, high, unit, finding.estimate, interval)


def _of_counts(finding: Finding, endpoint: Endpoint) -> Value | str:
    """Return the share that counts give, where a source prints no other figure."""
    if finding.events is None or finding.n is None or endpoint.kind != "proportion":
        return "no figure with a number of patients is printed"
    try:
        share = percentage(finding.events, finding.n)
    except ValueError:
        return "the counts are not of patients out of patients"
    told = f"{finding.events} of {finding.n}"
    low, high, interval = _interval(finding, None, share)
    return Value(share, low, high, "percent", told, interval)


def _unit(figure: Printed, finding: Finding, endpoint: Endpoint) -> str | None:
    """Return the unit of the axis on which a figure stands; None where it has none."""
    if finding.effect == "difference":
        return (
            "difference in percent"
            if figure.unit in {"%", ""} and endpoint.kind == "proportion"
            else None
        )
    if finding.effect:
        return finding.effect if figure.unit == "" else None
    if endpoint.kind == "proportion":
        return "percent" if proportion(figure) else None
    if endpoint.kind == "duration" and figure.unit in TIMES:
        return figure.unit
    return None


def _interval(
    finding: Finding, figure: Printed | None, estimate: float
) -> tuple[float | None, float | None, str]:
    """Return the ends of the confidence interval, and what is said of the uncertainty.

    Only a confidence interval is drawn: a standard error beside it would look like a narrow one.
    """
    if finding.interval is None:
        return None, None, NONE_PRINTED
    if finding.interval_kind != "CI":
        kind = OTHER_INTERVALS.get(finding.interval_kind or "not stated", "")
        return None, None, f"{finding.interval}, {kind}, not drawn"
    told = f"{WHOLE * coverage(finding):g}% CI {finding.interval}"
    ends = _ends(finding.interval, figure)
    if ends is None:
        return None, None, f"{told}, not drawn"
    probability = figure is not None and figure.value != estimate
    if probability and ends[1].unit == "":  # 0.35 to 0.54 is 35 to 54 percent
        low, high = WHOLE * ends[0].value, WHOLE * ends[1].value
    else:
        low, high = ends[0].value, ends[1].value
    if not low <= estimate <= high:
        return None, None, f"{told}, which does not contain the estimate, not drawn"
    return low, high, told


def _ends(interval: str, figure: Printed | None) -> tuple[Printed, Printed] | None:
    """Read an interval: "35 to 45", or "± 14%" around the estimate; None when it is neither."""
    half = printed(interval.removeprefix("±")) if interval.startswith("±") else None
    if half is None or figure is None:
        return printed_range(interval)
    ends = figure.value - half.value, figure.value + half.value
    return Printed(ends[0], half.unit, half.decimals), Printed(ends[1], half.unit, half.decimals)
