"""The command that draws comparable findings as a forest plot, as text or as a file."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from secondline import desk
from secondline.desk import figures
from secondline.interfaces import contract
from secondline.interfaces.cli import figure_text
from secondline.interfaces.cli.library_commands import Disease
from secondline.interfaces.cli.terminal import OK, Json, Knowledge, print_line
from secondline.interfaces.drawing.drawing_error import DrawingError

ENDINGS = {
    ".svg": "svg", ".png": "png", ".pdf": "pdf", ".json": "vega-lite", ".csv": "csv",
}  # fmt: skip


def figure(  # noqa: PLR0913  # an option is a parameter
    group: str | None = None,
    /,
    *,
    disease: Disease = None,
    topic: str | None = None,
    setting: str | None = None,
    endpoint: str | None = None,
    computed: Annotated[bool, Parameter(negative="")] = False,
    output: Annotated[Path | None, Parameter(name=("--output", "-o"))] = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Draw findings that may be compared as a forest plot; without a group, list what there is.

    Only findings of one endpoint, unit, time, clock, disease and setting share a figure. Nothing is
    pooled, and an interval is drawn as its source prints it.

    Parameters
    ----------
    group:
        The id of findings that may be compared, as this command lists them.
    topic:
        Only findings of statements of this topic, such as regimen.
    setting:
        Only of this setting: relapse, refractory, progression or newly diagnosed.
    endpoint:
        Only of this endpoint, such as "overall survival".
    computed:
        Where a source prints counts and no interval, draw Wilson's, dashed and said so.
    output:
        The file to write: .svg, .png, .pdf, .json (Vega-Lite) or .csv. A file that exists is
        replaced. PNG and PDF need the extra: pip install 'secondline[sheet]'.
    """
    form = _form_of(output) if output else None
    opened = desk.open(knowledge)
    found = opened.find("", disease=disease, topic=topic, setting=setting)
    compared = opened.comparable(found, endpoint=endpoint)
    if group is None:
        if output:
            raise DrawingError("say which findings to draw: secondline library figure lists them")
        titles = [figures.title_of(each, opened.library) for each in compared.groups]
        print_line(
            json.dumps([_listed(each) for each in compared.groups], ensure_ascii=False, indent=2)
            if as_json
            else figure_text.groups(compared, titles)
        )
        return OK
    named = next((each for each in compared.groups if each.id == group), None)
    plot = opened.forest_plot(named or group, computed=computed)
    if named is None:
        raise desk.NoSuchRecord(f"the filters leave fewer than two findings of {group}")
    if output and form:
        _write(plot, form, output)
        print_line(f"{output}: {len(plot.rows)} findings. {plot.title}.")
    else:
        print_line(contract.json_text(plot) if as_json else figure_text.forest_plot(plot))
    return OK


def _listed(group: figures.Comparable) -> dict[str, object]:
    return {
        "id": group.id, "disease": group.disease, "sorts": group.sorts, "setting": group.setting,
        "endpoint": group.endpoint, "effect": group.effect, "adjusted": group.adjusted,
        "unit": group.unit, "timepoint": group.timepoint, "clock": group.clock,
        "within": group.within, "findings": len(group.items),
    }  # fmt: skip


def _form_of(output: Path) -> str:
    """Return the format that the ending of a file names."""
    form = ENDINGS.get(output.suffix.lower())
    if form is None:
        raise DrawingError(f"{output} does not say a format; end it with {', '.join(ENDINGS)}")
    return form


def _write(plot: figures.ForestPlot, form: str, output: Path) -> None:
    # Every other command does without templates; it need not wait for them.
    from secondline.interfaces.drawing.formats import written  # noqa: PLC0415

    content = written(plot, form)
    try:
        output.write_bytes(content)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise DrawingError(f"{output} cannot be written: {why}") from None
