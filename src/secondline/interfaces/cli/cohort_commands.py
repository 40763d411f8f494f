"""The command over a registry."""

from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import cohort_text
from secondline.interfaces.cli.terminal import (
    OK,
    PARTLY_READ,
    Json,
    Knowledge,
    print_line,
    progress,
)


def cohort(  # noqa: PLR0913  # what a run can be told
    table: Path,
    /,
    *,
    by: str = "scheme",
    engine: desk.EngineName = "duckdb",
    disease: str | None = None,
    patient: Annotated[str | None, Parameter(help="The column that names the patients.")] = None,
    out: Path | None = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Assess every patient of a registry: strata, options and missing facts, in totals.

    Columns are named like facts. A number may stand as <fact>_from and <fact>_to; a list is
    separated by ";" and is open where <fact>_complete is no. A cell that cannot be read counts as
    unknown and is reported; the exit code is then 5.

    Parameters
    ----------
    table:
        A .parquet or .csv file, one patient a row.
    by:
        "scheme", or the id of one scheme, to divide the patients by its strata.
    engine:
        duckdb in this process, or spark.
    disease:
        The disease of all patients, where the table has no such column.
    out:
        A .parquet or .csv file for the result of every patient.
    """
    opened = desk.open(knowledge)
    with progress() as show:
        found = opened.cohort(
            table, by=by, engine=engine, disease=disease, patient=patient, out=out,
            progress=partial(show, table.name) if show else None,
        )  # fmt: skip
    print_line(contract.json_text(found) if as_json else cohort_text.cohort(found, opened.library))
    return PARTLY_READ if found.problems or found.rejected else OK
