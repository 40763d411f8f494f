"""The axis of a figure: where a value stands between its two ends, linear or logarithmic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor, isfinite, log, log10
from typing import Literal

Scale = Literal["linear", "log"]
ROUND = (1, 2, 5)  # and their tenfolds: the steps that people read easily
MOST_STEPS, MOST_TICKS = 6, 9
WIDEST = 5.0  # an end of an interval more than five times beyond all estimates becomes an arrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What is measured along a figure.

    Attributes:
        low, high: the values at its two ends.
        ticks: the values that are written below it, ascending.
        line: the value of no difference, 1 for a ratio and 0 for a difference; None without.
        unit: what the values are, such as "percent" or "HR".

    Raises:
        ValueError: the ends are not in order, or an end of a logarithmic axis is not above 0.
    """

    scale: Scale = "linear"
    low: float
    high: float
    ticks: tuple[float, ...]
    line: float | None = None
    unit: str

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high):
            raise ValueError(f"an axis from {self.low:g} to {self.high:g} has no length")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"a logarithmic axis cannot begin at {self.low:g}; begin above 0")
        outside = [
            each for each in (*self.ticks, self.line) if each is not None and each not in self
        ]
        if outside:
            raise ValueError(f"{outside[0]:g} lies outside {self.low:g} to {self.high:g}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def place(self, value: float) -> float:
        """Return where a value stands, from 0 at the low end to 1 at the high one.

        What lies beyond an end, also a value of 0 on a logarithmic axis, stands at that end.
        """
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        if self.scale == "log":
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def percent_axis() -> Axis:
    """Return the axis of proportions: always from none to all, so that figures look alike."""
    return Axis(low=0, high=100, ticks=(0, 20, 40, 60, 80, 100), unit="percent")


def linear_axis(values: Iterable[float], unit: str, line: float | None = None) -> Axis:
    """Return an axis from 0 that holds all values, with round steps; negative values extend it."""
    values = (0.0, *values)
    step = _step(max(values) - min(values))
    first, last = floor(min(values) / step), -floor(-max(values) / step)
    ticks = tuple(float(f"{step * k:.6g}") for k in range(first, max(last, first + 1) + 1))
    return Axis(low=ticks[0], high=ticks[-1], ticks=ticks, line=line, unit=unit)


def ratio_axis(estimates: Iterable[float], ends: Iterable[float], unit: str) -> Axis:
    """Return a logarithmic axis that holds all estimates and 1, and the ends that are not too far.

    Args:
        estimates: ratios, all above 0.
        ends: of their intervals; one far beyond every estimate, or not above 0, is left outside.
        unit: what the ratio is, such as "HR".
    """
    held = (0.5, 1.0, 2.0, *estimates)
    near = [end for end in ends if min(held) / WIDEST <= end <= max(held) * WIDEST]
    low, high = min(*held, *near), max(*held, *near)
    steps = list(_round_values(low, high))
    ticks = [value for value in steps if steps[0] <= value <= steps[-1]]
    if len(ticks) > MOST_TICKS:
        ticks = [value for value in steps if f"{value:e}".startswith("1.0")]
    return Axis(scale="log", low=steps[0], high=steps[-1], ticks=tuple(ticks), line=1.0, unit=unit)


def _step(span: float) -> float:
    """Return the smallest round step of which a span holds no more than a few."""
    if span <= 0:
        return 1.0
    power = 10.0 ** floor(log10(span / MOST_STEPS))
    return next(power * m for m in (*ROUND, 10, 20) if span / (power * m) <= MOST_STEPS)


def _round_values(low: float, high: float) -> Iterator[float]:
    """Yield 1, 2, 5 and their tenfolds, from the last up to low to the first from high."""
    every = [
        m * 10.0**power
        for power in range(floor(log10(low)) - 1, floor(log10(high)) + 2)
        for m in ROUND
    ]
    every = [float(f"{value:.6g}") for value in every]
    first = max(value for value in every if value <= low)
    last = min(value for value in every if value >= high)
    yield from (value for value in every if first <= value <= last)
