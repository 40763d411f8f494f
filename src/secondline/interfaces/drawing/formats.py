"""A figure in any of its formats, as bytes."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from secondline.desk import figures
from secondline.interfaces import sheet
from secondline.interfaces.drawing.drawing_error import DrawingError
from secondline.interfaces.drawing.lines import shown
from secondline.interfaces.drawing.svg import svg
from secondline.interfaces.drawing.vega_lite import vega_lite

Figure = figures.ForestPlot | figures.IconArray
HERE = Path(__file__).parent
FONTS = Path(sheet.__file__).parent / "fonts"
STANDARD: Literal["ua-1"] = (
    "ua-1"  # PDF/UA-1: tagged, with a title and a language, for screen readers
)
PIXELS_PER_INCH = 144.0  # one and a half for each pixel of a page, for slides


@dataclass(frozen=True, slots=True)
class Format:
    """A format of a figure: the ending of its files, its media type, and what writes it."""

    ending: str
    media_type: str
    write: Callable[[Figure], bytes]


def written(figure: Figure, form: str) -> bytes:
    """Return a figure in a format of `FORMATS`.

    Raises:
        DrawingError: there is no such format, or the typesetting library is not installed.
    """
    if form not in FORMATS:
        raise DrawingError(f"{form!r} is not a format of figures: there are {', '.join(FORMATS)}")
    return FORMATS[form].write(figure)


def table(figure: Figure) -> str:
    """Return the numbers of a figure as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if isinstance(figure, figures.IconArray):
        low, high = figure.between or (None, None)
        writer.writerow(("of_100", "group", "low", "high"))
        writer.writerow((figure.share, figure.group, low, high))
        writer.writerow((figure.rest, figure.others, None, None))
    else:
        writer.writerow((*figures.COLUMNS, "unit"))
        writer.writerows((*row, figure.axis.unit) for row in figures.numbers(figure.rows))
    return out.getvalue()


def _set(figure: Figure, form: Literal["png", "pdf"]) -> bytes:
    """Return a figure set by the library typst: the SVG with the fonts of the sheet."""
    try:
        # Only pictures need it; it is an extra, and heavy to load.
        import typst  # noqa: PLC0415
    except ModuleNotFoundError:
        raise DrawingError(
            f"{form.upper()} needs the typesetting library typst; install it with:"
            " pip install 'secondline[sheet]', or choose svg"
        ) from None
    described = figure.described if isinstance(figure, figures.ForestPlot) else figure.title
    content = {"title": shown(figure.title), "description": shown(described), "svg": svg(figure)}
    made = typst.compile(
        HERE / "picture.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"figure": json.dumps(content)},
        format=form,
        timestamp=0,  # no clock: the same figure gives the same bytes
        ppi=PIXELS_PER_INCH,
        pdf_standards=[STANDARD] if form == "pdf" else [],
    )
    assert isinstance(made, bytes)
    return made


FORMATS: Mapping[str, Format] = {
    "svg": Format("svg", "image/svg+xml", lambda figure: svg(figure).encode()),
    "png": Format("png", "image/png", lambda figure: _set(figure, "png")),
    "pdf": Format("pdf", "application/pdf", lambda figure: _set(figure, "pdf")),
    "vega-lite": Format("vl.json", "application/json", lambda figure: vega_lite(figure).encode()),
    "csv": Format("csv", "text/csv", lambda figure: table(figure).encode(errors="replace")),
}
