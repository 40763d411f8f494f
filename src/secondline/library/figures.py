"""One finding held against arithmetic: counts, percentages, intervals, ratios and P values.

A known defect of a source is expected when the caution of the statement names the figure that the
audit computes: "36.2%" for 17 of 47 printed as 37%. Whatever is not named is a problem.
"""

import re
from collections.abc import Iterator

from secondline.domain.evidence import Finding
from secondline.statistics.consistency import (
    Printed,
    is_centered,
    p_from_ratio,
    p_value,
    percentage,
    printed,
    printed_range,
    proportion,
    ratio_center,
)

Found = tuple[str, str]  # (where, message)


def names(caution: str, figure: str) -> bool:
    """Say whether a caution names a figure: "5.0%" is not named by "45.0%"."""
    return re.search(rf"(?<![\d.]){re.escape(figure)}(?!\.?\d)", caution) is not None


RATIOS = {"HR", "OR", "RR", "SHR"}
USUAL_COVERAGE = 0.95
SIGNIFICANT = 0.05
AT_THE_EDGE = 0.005  # a P so near another is on the same side of .05, whatever the side
COARSE = 1.0  # percentage points that methods for the interval of a proportion may differ by
# A cut in time that does not say what it counts from cannot be compared with another.
CUT = re.compile(
    r"(?:[<>≤≥]=?|within|before|after|under|over|than|\d\s*[-–]\s*\d+)\s*\d*\s*months?\b",
    re.IGNORECASE,
)
CLOCKS = re.compile(
    r"\b(?:from|after|since|of|off|on|before|during|post)[\s-]+(?:[\w-]+\s+){0,4}?(?:diagnosis|remission"
    r"|therapy|treatment|chemotherapy|relapse|recurrence|event|transplant|HSCT|infusion|surgery|entry"
    r"|enrollment|randomization)|\bremission\b|\baged?\b|follow-up"
)


def audit_finding(finding: Finding, caution: str) -> Iterator[Found]:
    """Yield what does not agree inside one finding and is not named in the caution."""
    if finding.estimate is None and finding.events is None and finding.p_value is None:
        yield "estimate", "a finding has an estimate, a count of events or a P value"
    if finding.p_value is not None and p_value(finding.p_value) is None:
        yield "p_value", f"{finding.p_value!r} is not a P value such as .006 or < .001"
    if finding.coverage is not None and finding.interval_kind != "CI":
        yield "coverage", "only a confidence interval has a coverage"
    elif finding.coverage is not None and not _is_coverage(finding.coverage):
        yield "coverage", f"{finding.coverage!r} is not a percentage between 0 and 100"
    if finding.clock is None and CUT.search(finding.group) and not CLOCKS.search(finding.group):
        yield "group", f"{finding.group!r} is a cut in time; say from what, or write a clock"
    if finding.events is not None:
        yield from _count_problems(finding, caution)
    if finding.interval is None:
        if finding.interval_kind is not None:
            yield "interval", "interval_kind stands without an interval"
        return
    if finding.interval_kind is None:
        yield "interval_kind", "say CI, SE, IQR, range or not stated"
    estimate, ends = printed(finding.estimate or ""), printed_range(finding.interval)
    if estimate is None or ends is None:
        return
    low, high = ends
    if not low.value <= estimate.value <= high.value:
        yield "interval", f"{finding.interval} does not contain the estimate {finding.estimate}"
    elif finding.interval_kind == "CI" and finding.effect in RATIOS:
        yield from _ratio_problems(finding, estimate, low, high, caution)


def coverage(finding: Finding) -> float:
    """Return the coverage of the confidence interval of a finding, between 0 and 1.

    The usual one is taken where the finding states none, or none that can be read.
    """
    figure = printed(finding.coverage or "")
    return figure.value / 100 if figure and 0 < figure.value < 100 else USUAL_COVERAGE


def _is_coverage(text: str) -> bool:
    figure = printed(text)
    return figure is not None and figure.unit == "%" and 0 < figure.value < 100


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
    stated = proportion(figure) if figure and finding.effect is None else None
    if stated is None or abs(share - stated[0]) <= stated[1] + 1e-9:
        return
    if not names(caution, f"{share:.1f}%"):
        yield (
            "estimate",
            f"{finding.events} of {finding.n} is {share:.1f}%, printed {finding.estimate};"
            f" correct it, or name {share:.1f}% in the caution",
        )


def _ratio_problems(
    finding: Finding, estimate: Printed, low: Printed, high: Printed, caution: str
) -> Iterator[Found]:
    """Hold a ratio against the center of its interval, and its P against both."""
    if min(estimate.value, low.value) <= 0 or low.value >= high.value:
        return
    center = ratio_center(low.value, high.value)
    if not is_centered(estimate, low, high) and not names(caution, f"{center:.2g}"):
        yield (
            "interval",
            f"{finding.interval} is centered on {center:.2g}, printed {finding.estimate};"
            f" correct it, or name {center:.2g} in the caution",
        )
        return
    if not finding.p_value or (stated := p_value(finding.p_value)) is None:
        return
    both = p_from_ratio(estimate.value, low.value, high.value, coverage(finding))
    implied = both / 2 if finding.p_sided == "one" else both
    if not _disagree(stated, implied) or names(caution, f"{implied:.2g}"):
        return
    if finding.p_sided is None and not _disagree(stated, both / 2):
        yield (
            "p_sided",
            f"the interval implies P = {both:.2g} two-sided and {both / 2:.2g} one-sided, printed"
            f" {finding.p_value}; write p_sided: one and say so in the caution,"
            f" or name {both:.2g} in the caution",
        )
    else:
        yield (
            "p_value",
            f"the interval implies P = {implied:.2g}, printed {finding.p_value};"
            f" correct it, or name {implied:.2g} in the caution",
        )


def _disagree(stated: tuple[str, float], implied: float) -> bool:
    """Say whether a printed P and an implied one tell different stories.

    An interval is rounded and a P often comes from another test than Wald's, so that only the side
    of .05, or a printed bound, decides.
    """
    relation, value = stated
    if relation == "<":
        return implied > value + AT_THE_EDGE
    if relation == ">":
        return implied < value - AT_THE_EDGE
    return (implied < SIGNIFICANT) != (value < SIGNIFICANT) and abs(implied - value) > AT_THE_EDGE
