"""Do printed figures agree with each other? Arithmetic on the strings that sources print.

The arithmetic of whole tables, which needs a statistics library, is in `tables`.
"""

import re
from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

NUMBER = r"[-−]?(?:\d+(?:[.·]\d+)?|[.·]\d+)"
RANGE = re.compile(rf"({NUMBER})\s*(%)?\s*(?:-|–|to|,)\s*({NUMBER})\s*(%|[a-z]+)?")
SINGLE = re.compile(rf"^({NUMBER})\s*(%|[a-z]+)?$")
P_VALUE = re.compile(r"^(<|>|=)?\s*(\d*\.\d+)$")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed: its value, its unit ("%", "months" or "") and its decimals."""

    value: float
    unit: str
    decimals: int


def printed(text: str) -> Printed | None:
    """Read "28.3%", "15.0 months" or "0.55"; None when the text is not one plain figure."""
    match = SINGLE.match(text.strip())
    if not match:
        return None
    return _printed(match[1], match[2] or "")


def printed_range(text: str) -> tuple[Printed, Printed] | None:
    """Read "0.35-0.84", "35 to 45" or "23.7% to 47%"; None when the text is no range."""
    match = RANGE.fullmatch(text.strip())
    if not match:
        return None
    unit = match[4] or match[2] or ""  # "23.7 to 47%" are both percentages
    return _printed(match[1], unit), _printed(match[3], unit)


def _printed(number: str, unit: str) -> Printed:
    number = number.replace("−", "-").replace("·", ".")
    return Printed(float(number), unit, len(number.partition(".")[2]))


def percentage(events: int, n: int) -> float:
    """Return events out of n in percent.

    Raises:
        ValueError: n is 0, or events lies outside 0 to n.
    """
    if n < 1 or not 0 <= events <= n:
        raise ValueError(f"{events} of {n} is not a count of patients out of a number of patients")
    return 100 * events / n


def is_attainable(percent: float, decimals: int, n: int) -> bool:
    """Say whether some number of patients out of n rounds to a percentage."""
    half = 0.5 * 10.0**-decimals + 1e-9
    nearest = round(percent * n / 100)
    return any(
        0 <= events <= n and abs(100 * events / n - percent) <= half
        for events in (nearest - 1, nearest, nearest + 1)
    )


def proportion(figure: Printed) -> tuple[float, float] | None:
    """Return a printed proportion and half a unit of its last digit, both in percent.

    "44%" is (44, 0.5); a probability without a unit, such as "0.45", is (45, 0.5). None when the
    figure is neither.
    """
    half = 0.5 * 10.0**-figure.decimals
    if figure.unit == "%":
        return figure.value, half
    if figure.unit == "" and figure.decimals and 0 <= figure.value <= 1:
        return 100 * figure.value, 100 * half
    return None


def ratio_center(low: float, high: float) -> float:
    """Return the ratio at which an interval is centered on the logarithmic scale.

    Raises:
        ValueError: an end is not above 0.
    """
    if min(low, high) <= 0:
        raise ValueError(f"{low} to {high} is not an interval of a ratio")
    return sqrt(low * high)


def is_centered(figure: Printed, low: Printed, high: Printed) -> bool:
    """Say whether a ratio stands at the center of its interval, as far as rounding lets one tell.

    Off by more than a fifth of the half-width is not rounding: the ratio or an end is misprinted,
    or the interval is not symmetric on the logarithmic scale, as an exact one is not.
    """
    printed_figures = (figure, low, high)
    if min(p.value - 0.5 * 10.0**-p.decimals for p in printed_figures) <= 0:
        return True  # too coarsely printed to tell
    rounding = sum(0.5 * 10.0**-p.decimals / p.value for p in printed_figures)
    off = abs(log(figure.value / ratio_center(low.value, high.value)))
    return off <= 0.2 * log(high.value / low.value) / 2 + rounding


def p_value(text: str) -> tuple[str, float] | None:
    """Read ".006" or "< .001" as (relation, value); None when the text is no P value."""
    match = P_VALUE.match(text.strip())
    return (match[1] or "=", float(match[2])) if match else None


def p_from_ratio(estimate: float, low: float, high: float, level: float = 0.95) -> float:
    """Return the two-sided P value that a ratio and its confidence interval imply.

    The logarithm of the ratio is taken as normal, so that the interval gives its standard error.

    Args:
        estimate: hazard ratio, odds ratio or relative risk, above 0.
        low: the lower end of its confidence interval, above 0.
        high: the upper end.
        level: the coverage of the interval, strictly between 0 and 1.

    Raises:
        ValueError: a figure is not above 0, or the interval is empty.

    Source:
        Altman and Bland 2011, doi:10.1136/bmj.d2304.
    """
    if min(estimate, low, high) <= 0 or low >= high:
        raise ValueError(f"{estimate} ({low} to {high}) is not a ratio with an interval")
    normal = NormalDist()
    error = (log(high) - log(low)) / (2 * normal.inv_cdf((1 + level) / 2))
    return 2 * normal.cdf(-abs(log(estimate)) / error)
