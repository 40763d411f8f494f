"""Figures on the pages: the forest plot of what the filters leave, and the same as a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from secondline import desk
from secondline.desk import figures
from secondline.interfaces.drawing.drawing_error import DrawingError
from secondline.interfaces.drawing.formats import FORMATS, written
from secondline.interfaces.web.filters import asked_filters, asked_for, filtered
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

DOWNLOADS = {"svg": "SVG", "png": "PNG", "pdf": "PDF", "vega-lite": "Vega-Lite", "csv": "CSV"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn of some statements.

    Attributes:
        plot: the figure; None where no two findings may share one.
        computed: whether intervals are computed from counts where none is printed.
        compared: every choice of findings, and what stands in none.
        marked: the statement that a reader came from, or nothing.
    """

    plot: figures.ForestPlot | None
    computed: bool
    compared: figures.Compared
    marked: str


def shown(
    visit: Visit, statements: Sequence[desk.Statement], asked: dict[str, str | None]
) -> Shown:
    """Return the figure that is asked for, or that of the most findings that may share one."""
    everything = len(statements) == len(visit.desk.library.statements)
    compared = visit.desk.comparable(None if everything else statements, endpoint=asked["endpoint"])
    wanted = asked_for(visit, "group")
    group = next((each for each in compared.groups if each.id == wanted), None)
    if group is None and compared.groups:
        group = compared.groups[0]
    computed, marked = asked_for(visit, "computed") == "yes", asked_for(visit, "statement") or ""
    if group is None:
        return Shown(None, computed, compared, marked)
    plot = visit.desk.forest_plot(group, computed=computed, marked=(marked,))
    return Shown(plot, computed, compared, marked)


def download(visit: Visit) -> Response:
    """Give the figure that the filters of the form leave as a file."""
    form = visit.form["form"]
    if form not in DOWNLOADS:
        raise FormError(404, "No such format", f"There are {', '.join(DOWNLOADS.values())}.")
    asked = asked_filters(visit)
    try:
        plot = shown(visit, filtered(visit, asked), asked).plot
    except desk.QuestionError as error:
        raise FormError(422, "No figure", str(error)) from None
    if plot is None:
        raise FormError(404, "No figure", "No two findings that the filters leave may share one.")
    try:
        content = written(plot, form)
    except DrawingError as error:
        raise FormError(501, "This picture cannot be made here", str(error)) from None
    made = FORMATS[form]
    text = made.media_type.startswith("text/")
    return Response(
        content,
        media_type=f"{made.media_type}; charset=utf-8" if text else made.media_type,
        headers={"content-disposition": f'attachment; filename="{plot.id}.{made.ending}"'},
    )
