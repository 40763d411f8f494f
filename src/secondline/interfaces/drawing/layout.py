"""Where everything of a forest plot stands in a picture of fixed width."""

from dataclasses import dataclass, field
from typing import Literal

from secondline.desk import figures
from secondline.interfaces.drawing.lines import shown, wrapped

Anchor = Literal["start", "middle", "end"]

WIDTH, MARGIN = 1000.0, 28.0
LABELS = 350.0  # of study, group and population
INDENT = MARGIN + 14  # of the groups of a study
COUNTED = 452.0  # the right end of the column of patients
PLOT_LEFT, PLOT_RIGHT = 472.0, 742.0
PRINTED, INTERVAL = 760.0, 826.0  # of the figure, and of what is said of its interval
SIZES = {"title": 19.0, "study": 14.0, "group": 13.5, "small": 12.0, "head": 12.0, "figure": 13.5}
LINE = 1.32  # of the size of the text
MIDDLE = 0.66  # of the size of the text: where the middle of its letters stands below their top
GAP = 11.0  # between studies
BETWEEN = 5.0  # between groups of a study


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `kind` names its size and weight."""

    x: float
    y: float
    words: str
    kind: str
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as it is drawn.

    Attributes:
        x, y: the middle of its square.
        left, right: the ends of its line; None where no interval is drawn.
        arrow_left, arrow_right: the interval goes on beyond the axis.
        computed: the interval is not printed by the source.
    """

    x: float
    y: float
    left: float | None
    right: float | None
    arrow_left: bool
    arrow_right: bool
    computed: bool


@dataclass(slots=True)
class Layout:
    """All of a forest plot with its places, in pixels from the upper left corner."""

    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    bands: list[tuple[float, float]] = field(default_factory=list)  # y and height of marked rows
    rules: list[float] = field(default_factory=list)  # y of the lines between studies
    ticks: list[tuple[float, str]] = field(default_factory=list)
    line: float | None = None
    top: float = 0.0
    bottom: float = 0.0
    height: float = 0.0

    def write(self, words: str, kind: str, x: float, y: float, width: float) -> float:
        """Write a text in lines; return the y below them."""
        size = SIZES[kind]
        for line in wrapped(words, size, width):
            self.texts.append(Text(x, y + size, line, kind))
            y += size * LINE
        return y


def place_on(axis: figures.Axis, value: float) -> float:
    """Return the x of a value of the axis."""
    return PLOT_LEFT + axis.place(value) * (PLOT_RIGHT - PLOT_LEFT)


def laid_out(plot: figures.ForestPlot) -> Layout:
    """Return where everything of a forest plot stands."""
    made = Layout()
    y = made.write(plot.title, "title", MARGIN, MARGIN - 4, WIDTH - 2 * MARGIN) + 14
    heads: tuple[tuple[str, float, Anchor], ...]
    heads = (("Study and group", MARGIN, "start"), ("Patients", COUNTED, "end"),
             ("As printed", PRINTED, "start"))  # fmt: skip
    for words, x, anchor in heads:
        made.texts.append(Text(x, y + SIZES["head"], words, "head", anchor))
    made.top = y = y + SIZES["head"] * LINE + 5
    for number, rows in enumerate(plot.studies):
        y += GAP / 2
        if number:
            made.rules.append(y)
        y = _study(made, plot, rows, y + GAP / 2)
    made.bottom = y + GAP / 2
    made.ticks = [(place_on(plot.axis, tick), f"{tick:g}") for tick in plot.axis.ticks]
    made.line = None if plot.axis.line is None else place_on(plot.axis, plot.axis.line)
    y = made.bottom + 18
    made.texts.extend(Text(x, y, words, "small", "middle") for x, words in made.ticks)
    y += 18
    middle = (PLOT_LEFT + PLOT_RIGHT) / 2
    made.texts.append(Text(middle, y, shown(plot.axis.unit), "head", "middle"))
    if plot.toward:
        made.texts.append(Text(PLOT_LEFT, y, f"← {shown(plot.toward[0])}", "small"))
        made.texts.append(Text(PLOT_RIGHT, y, f"{shown(plot.toward[1])} →", "small", "end"))
    y += 8
    for note in (*plot.notes, f"secondline, edition {plot.edition}" if plot.edition else ""):
        y = made.write(note, "small", MARGIN, y, WIDTH - 2 * MARGIN) + 2
    made.height = y + MARGIN / 2
    return made


def _study(
    made: Layout,
    plot: figures.ForestPlot,
    rows: tuple[figures.Row, ...],
    y: float,
) -> float:
    """Lay out the rows of one study; a single row stands on the line of its study."""
    first = rows[0]
    if len(rows) == 1:
        top, below = y, _finding(made, plot, first, y, "study")
        y = made.write(first.study, "study", MARGIN, y, LABELS)
        if first.group not in {"", "all", first.treatment}:
            y = made.write(first.group, "group", MARGIN, y, LABELS)
        y = max(below, _about(made, first, y))
        _band(made, first, top, y)
        return y
    y = _about(made, first, made.write(first.study, "study", MARGIN, y, LABELS))
    for row in rows:
        y += BETWEEN
        top, below = y, _finding(made, plot, row, y, "group")
        y = max(below, made.write(row.group or "all", "group", INDENT, y, LABELS + MARGIN - INDENT))
        _band(made, row, top, y)
    return y


def _about(made: Layout, row: figures.Row, y: float) -> float:
    """Write who was studied and where it is known from."""
    told = (row.treatment, row.population, row.about)
    return made.write("; ".join(part for part in told if part), "small", MARGIN, y, LABELS)


def _band(made: Layout, row: figures.Row, top: float, bottom: float) -> None:
    if row.marked:
        made.bands.append((top - 3, bottom - top + 6))


def _finding(
    made: Layout, plot: figures.ForestPlot, row: figures.Row, y: float, kind: str
) -> float:
    """Lay out the mark of one finding and what stands at its right; return the y below."""
    place = plot.place(row)
    made.marks.append(
        Mark(
            x=place_on(plot.axis, row.estimate),
            y=y + SIZES[kind] * MIDDLE,
            left=None if row.low is None else place_on(plot.axis, row.low),
            right=None if row.high is None else place_on(plot.axis, row.high),
            arrow_left=place.beyond_low,
            arrow_right=place.beyond_high,
            computed=bool(row.computed),
        )
    )
    base = y + SIZES[kind]
    if row.counted:
        made.texts.append(Text(COUNTED, base, shown(row.counted), "figure", "end"))
    below = made.write(row.printed, "figure", PRINTED, y, INTERVAL - PRINTED)
    # Smaller letters on the same line: they begin lower by the difference of the sizes.
    lower = y + SIZES["figure"] - SIZES["small"]
    return max(below, made.write(row.interval, "small", INTERVAL, lower, WIDTH - MARGIN - INTERVAL))
