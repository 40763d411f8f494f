"""Figures as SVG files: their own style, a title and a description inside."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from secondline.desk import figures
from secondline.interfaces.drawing.layout import MARGIN, PLOT_LEFT, PLOT_RIGHT, WIDTH, laid_out
from secondline.interfaces.drawing.lines import shown, wrapped

ICONS_LEFT = 246.0  # where the words beside a hundred figures begin
ICONS_WIDTH = 640.0


def svg(figure: figures.ForestPlot | figures.IconArray) -> str:
    """Return a figure as an SVG file that needs nothing beside it."""
    if isinstance(figure, figures.IconArray):
        return _filled("icon_array.svg", figure=figure, **_icons(figure))
    return _filled(
        "forest_plot.svg", plot=figure, at=laid_out(figure), width=WIDTH, margin=MARGIN,
        left=PLOT_LEFT, right=PLOT_RIGHT,
    )  # fmt: skip


def _icons(figure: figures.IconArray) -> dict[str, Any]:
    """Return the lines of text beside a hundred figures, and how high the picture is."""
    lines, y = [], 44.0
    told = (
        (f"{figure.share} of 100", figure.group, "some"),
        (f"{figure.rest} of 100", figure.others, "rest"),
    )
    for number, words, kind in told:
        lines.append((ICONS_LEFT + 22, y, number, "strong", kind))
        for line in wrapped(words, 16, ICONS_WIDTH - ICONS_LEFT - 40):
            y += 21
            lines.append((ICONS_LEFT + 22, y, line, "plain", ""))
        y += 32
    for words in (figure.range, figure.reminder):
        for line in wrapped(words, 13, ICONS_WIDTH - ICONS_LEFT - 20):
            lines.append((ICONS_LEFT, y, line, "faint", ""))
            y += 18
        y += 6 if words else 0
    return {"lines": lines, "height": max(244.0, y + 8), "width": ICONS_WIDTH}


def _filled(name: str, **content: Any) -> str:
    return _template(name).render(**content)


@cache
def _template(name: str) -> Template:
    """Return a template; every word in it is escaped, a name that is missing is an error."""
    environment = Environment(
        loader=PackageLoader("secondline.interfaces.drawing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    environment.filters["px"] = lambda length: f"{length:.2f}".rstrip("0").rstrip(".")
    return environment.get_template(name)
