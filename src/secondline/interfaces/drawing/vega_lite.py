"""Figures as Vega-Lite, for those who draw them anew. The data stand in it; nothing is fetched."""

import json
from collections.abc import Iterable
from typing import Any

from secondline.desk import figures

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK, FAINT = "#0b5a63", "#7d8a90"


def vega_lite(figure: figures.ForestPlot | figures.IconArray) -> str:
    """Return a figure as a Vega-Lite specification, as JSON."""
    drawn = _forest_plot(figure) if isinstance(figure, figures.ForestPlot) else _icon_array(figure)
    return json.dumps({"$schema": SCHEMA, **drawn}, indent=2) + "\n"


def _forest_plot(plot: figures.ForestPlot) -> dict[str, Any]:
    axis = plot.axis
    values = [
        dict(zip(("label", *figures.COLUMNS), (label, *row), strict=True))
        for label, row in zip(_labels(plot.rows), figures.numbers(plot.rows), strict=True)
    ]
    scale = {"type": axis.scale, "domain": [axis.low, axis.high], "nice": False}
    x = {
        "type": "quantitative", "scale": scale, "title": axis.unit,
        "axis": {"values": list(axis.ticks), "format": "~g"},
    }  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelLimit": 0, "ticks": False, "domain": False}}  # fmt: skip
    tooltip = [{"field": name} for name in ("study", "group", "counted", "printed", "interval")]
    dash = {"condition": {"test": "datum.computed != ''", "value": [4, 3]}, "value": [1, 0]}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "color": INK, "clip": True, "strokeWidth": 1.75},
            "transform": [{"filter": "isValid(datum.low)"}],
            "encoding": {
                "x": {"field": "low", **x}, "x2": {"field": "high"}, "strokeDash": dash,
            },
        },
        {
            "mark": {"type": "square", "color": INK, "opacity": 1, "size": 70},
            "encoding": {"x": {"field": "estimate", **x}, "tooltip": tooltip},
        },
    ]  # fmt: skip
    if axis.line is not None:
        line = {"mark": {"type": "rule", "color": FAINT}, "encoding": {"x": {"datum": axis.line}}}
        layers.insert(0, line)
    for layer in layers[-2:]:
        layer["encoding"]["y"] = y
    return {
        "title": {"text": plot.title, "anchor": "start"},
        "description": " ".join(plot.notes),
        "usermeta": {"id": plot.id, "edition": plot.edition, "notes": list(plot.notes)},
        "width": 420,
        "height": {"step": 24},
        "data": {"values": values},
        "layer": layers,
    }


def _labels(rows: Iterable[figures.Row]) -> list[str]:
    """Return a label for every row; equal ones are numbered, or they would share a place."""
    labels: list[str] = []
    for row in rows:
        label = row.study if row.group in {"", "all"} else f"{row.study}, {row.group}"
        again = sum(each == label or each.startswith(f"{label} (") for each in labels)
        labels.append(f"{label} ({again + 1})" if again else label)
    return labels


def _icon_array(figure: figures.IconArray) -> dict[str, Any]:
    told = {True: figure.group, False: figure.others}
    values = [
        {"column": column, "row": row, "filled": filled, "about": told[filled]}
        for column, row, filled in figure.places
    ]
    place = {"type": "ordinal", "axis": None}
    filled = {"condition": {"test": "datum.filled", "value": INK}, "value": "transparent"}
    edge = {"condition": {"test": "datum.filled", "value": INK}, "value": FAINT}
    return {
        "title": {
            "text": figure.title,
            "subtitle": [part for part in (figure.range, figure.reminder) if part],
            "anchor": "start",
        },
        "usermeta": {"share": figure.share, "between": figure.between},
        "width": 220,
        "height": 220,
        "data": {"values": values},
        "mark": {"type": "circle", "size": 260, "opacity": 1, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "column", **place},
            "y": {"field": "row", **place},
            "fill": filled,
            "stroke": edge,
        },
    }
