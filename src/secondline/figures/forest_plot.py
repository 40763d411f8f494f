"""A forest plot: one mark for each finding on one axis, its confidence interval as a line.

It is said once, without colors and measures; pages, pictures and tables are made from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import isfinite

from secondline.figures.axis import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding of a forest plot.

    Attributes:
        study, group: who was studied, and which of them the figure is about.
        population, treatment, about: the patients in words, what they were given, and the kind of
            the source with how deep it was read.
        counted: patients as printed, such as "14/17" or "n = 38"; empty where none is printed.
        printed: the figure as the source prints it, with what its interval is, in words.
        interval: what is said of its uncertainty; also when nothing is printed of it.
        estimate: where the mark stands, in the unit of the axis.
        low, high: the ends of the confidence interval; None where no line is drawn.
        computed: how an interval was computed that the source does not print; empty for a
            printed one.
        statement, source: ids of the library.
        marked: the finding that a reader came from.

    Raises:
        ValueError: a figure is no number, or the interval does not contain the estimate.
    """

    study: str
    group: str
    population: str = ""
    treatment: str = ""
    about: str = ""
    counted: str = ""
    printed: str
    interval: str
    estimate: float
    low: float | None = None
    high: float | None = None
    computed: str = ""
    statement: str = ""
    source: str = ""
    marked: bool = False

    def who_was_studied(self) -> tuple[str, ...]:
        """Return what rows of one study have in common that tell of the same patients."""
        return self.study, self.population, self.treatment, self.about

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(
                f"{self.study}, {self.group}: an interval has two ends; give both or none"
            )
        figures = [each for each in (self.low, self.estimate, self.high) if each is not None]
        if not all(map(isfinite, figures)):
            raise ValueError(f"{self.study}, {self.group}: {self.printed} is not a number to draw")
        if sorted(figures) != figures:
            told = " to ".join(f"{end:g}" for end in (self.low, self.high) if end is not None)
            raise ValueError(
                f"{self.study}, {self.group}: {told} does not contain {self.estimate:g}"
            )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands on the axis, from 0 to 1.

    Attributes:
        mark: of the estimate.
        low, high: of the ends of the line; None where there is none.
        beyond_low, beyond_high: the interval goes on beyond that end of the axis.
    """

    mark: float
    low: float | None
    high: float | None
    beyond_low: bool
    beyond_high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestPlot:
    """Comparable findings on one axis; nothing is pooled.

    Attributes:
        id: of what is compared.
        title: endpoint, time, setting and disease.
        axis: what is measured, with its ends.
        toward: for a ratio or a difference, what lies left and right of its line; else empty.
        rows: those of one study stand together.
        notes: what a reader must know to read it, a sentence each.
        edition: of the library that it was drawn from.

    Raises:
        ValueError: there is no row, or an estimate lies outside the axis.
    """

    id: str
    title: str
    axis: Axis
    toward: tuple[str, str] | None = None
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    edition: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.title}: a forest plot needs a row")
        for row in self.rows:
            if row.estimate not in self.axis:
                raise ValueError(
                    f"{row.study}, {row.group}: {row.estimate:g} lies outside the axis from"
                    f" {self.axis.low:g} to {self.axis.high:g}"
                )

    @property
    def studies(self) -> Iterator[tuple[Row, ...]]:
        """Yield the rows of each study together that tell of one population and treatment."""
        for _, rows in groupby(self.rows, Row.who_was_studied):
            yield tuple(rows)

    @property
    def described(self) -> str:
        """The figure in a sentence, for readers who cannot see it."""
        lines = sum(row.low is not None for row in self.rows)
        return (
            f"Forest plot of {len(self.rows)} findings, {lines} with a confidence interval, on a"
            f" {'logarithmic' if self.axis.scale == 'log' else 'linear'} axis of {self.axis.unit}"
            f" from {self.axis.low:g} to {self.axis.high:g}. "
            + "; ".join(spoken(row) for row in self.rows)
            + "."
        )

    def place(self, row: Row) -> Place:
        """Return where a row stands on the axis."""
        low, high = row.low, row.high
        return Place(
            mark=self.axis.place(row.estimate),
            low=None if low is None else self.axis.place(low),
            high=None if high is None else self.axis.place(high),
            beyond_low=low is not None and low < self.axis.low,
            beyond_high=high is not None and high > self.axis.high,
        )


def spoken(row: Row) -> str:
    """Return a row as it is read out: study, group, figure, interval."""
    named = row.study if row.group in {"", "all"} else f"{row.study}, {row.group}"
    return f"{named}: {row.printed}, {row.interval}"


COLUMNS = (
    "study", "group", "population", "treatment", "about", "counted", "printed", "interval",
    "estimate", "low", "high", "computed", "statement", "source",
)  # fmt: skip


def numbers(rows: Iterable[Row]) -> Iterator[tuple[str | float | None, ...]]:
    """Yield what is drawn, one row after another, by the names of COLUMNS."""
    for row in rows:
        yield tuple(getattr(row, column) for column in COLUMNS)
