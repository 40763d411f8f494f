"""Do printed figures agree with each other? Arithmetic on the strings that sources print."""

import re
from dataclasses import dataclass
from math import log
from statistics import NormalDist

NUMBER = r"[-−]?\d+(?:\.\d+)?"
RANGE = re.compile(rf"({NUMBER})\s*%?\s*(?:-|–|to|,)\s*({NUMBER})\s*%?")
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
    number = match[1].replace("−", "-")
    return Printed(float(number), match[2] or "", len(number.partition(".")[2]))


def printed_range(text: str) -> tuple[float, float] | None:
    """Read "0.35-0.84", "35 to 45" or "23.7% to 47%"; None when the text is no range."""
    match = RANGE.search(text)
    return (float(match[1].replace("−", "-")), float(match[2].replace("−", "-"))) if match else None


def percentage(events: int, n: int) -> float:
    """Return events out of n in percent.

    Raises:
        ValueError: n is 0, or events lies outside 0 to n.
    """
    if n < 1 or not 0 <= events <= n:
        raise ValueError(f"{events} of {n} is not a count of patients out of a number of patients")
    return 100 * events / n


def rounds_to(value: float, figure: Printed) -> bool:
    """Say whether a value, rounded to the printed decimals, gives the printed figure.

    A half may be rounded either way: 12.5 is printed 12 or 13.
    """
    return abs(value - figure.value) <= 0.5 * 10.0**-figure.decimals + 1e-9


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
