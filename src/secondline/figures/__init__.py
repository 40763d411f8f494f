"""Figures: what is drawn of findings, said once for page, picture and table."""

from secondline.figures.axis import Axis
from secondline.figures.comparable import Comparable, Compared, Item
from secondline.figures.forest_plot import COLUMNS, ForestPlot, Place, Row, numbers
from secondline.figures.icon_array import IconArray, tells_a_share
from secondline.figures.plotting import title_of

__all__ = [
    "COLUMNS", "Axis", "Comparable", "Compared", "ForestPlot", "IconArray", "Item", "Place", "Row",
    "numbers", "tells_a_share", "title_of",
]  # fmt: skip
