"""Commands about saved answers: replay, diff-answer."""

from pathlib import Path
from typing import Annotated

from cyclopts import CycloptsError, Parameter

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import answer_text
from secondline.interfaces.cli.patient_commands import PatientFile, facts_of, standard_input
from secondline.interfaces.cli.terminal import ANSWER_DIFFERS, OK, Json, Knowledge, print_line

SavedFile = Annotated[Path, Parameter(allow_leading_hyphen=True)]  # so that "-" may be given
WHAT_TO_COMPARE = (
    "give two saved answers, or a question and the folder of another edition with --knowledge"
)


def replay(
    saved: SavedFile,
    /,
    *,
    patient: PatientFile | None = None,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Ask a saved answer's question again, and say whether the same bytes come out.

    If not, what differs is printed, and which edition is needed.

    Parameters
    ----------
    saved:
        An answer as ask --json prints it; "-" reads it from standard input.
    patient:
        The patient file that it was asked with; an answer does not hold the facts of a patient.
    """
    facts = facts_of(patient) if patient else None
    result = desk.open(knowledge).replay(_saved_text(saved), facts=facts, name=str(saved))
    print_line(contract.json_text(result) if as_json else answer_text.replay(result))
    return OK if result.same else ANSWER_DIFFERS


def diff_answer(  # noqa: PLR0913  # an option is a parameter
    old: Annotated[str, Parameter(allow_leading_hyphen=True)],
    new: SavedFile | None = None,
    /,
    *,
    knowledge: Annotated[
        Path | None, Parameter(help="Compare the bundled edition with the one under this folder.")
    ] = None,
    reader: desk.Reader = "clinician",
    patient: PatientFile | None = None,
    as_json: Json = False,
) -> int:
    """Show what changed between two saved answers, or between two editions for one question.

    Parameters
    ----------
    old:
        The saved answer before; with --knowledge a question instead.
    new:
        The saved answer after.
    reader:
        Of a question: for whom it is answered, clinician or family.
    patient:
        Of a question: a JSON or YAML file {"facts": {name: value}}.
    """
    if (new is None) == (knowledge is None):
        raise CycloptsError(msg=WHAT_TO_COMPARE)
    if new is not None:
        texts = (_saved_text(Path(old)), _saved_text(new))
        result = desk.diff_answer(*texts, names=(old, str(new)))
    else:
        facts = facts_of(patient) if patient else None
        editions = (desk.open(), desk.open(knowledge))
        before, after = (each.ask(old, reader=reader, facts=facts) for each in editions)
        result = desk.diff_answer(before, after)
    print_line(contract.json_text(result) if as_json else answer_text.difference(result))
    return OK


def _saved_text(path: Path) -> str:
    return standard_input() if str(path) == "-" else desk.read_saved_file(path)
