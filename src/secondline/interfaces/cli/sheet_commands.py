"""The command that prints one page for a tumor board or a family, and the file it writes."""

from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import CycloptsError, Parameter

from secondline import desk
from secondline.interfaces.cli.patient_commands import PatientFile, facts_of, standard_input
from secondline.interfaces.cli.terminal import OK, Knowledge, print_line
from secondline.interfaces.sheet.sheet_error import SheetError

Paper = Literal["a4", "letter"]
PDF = b"%PDF-"
WHAT_TO_PRINT = "give a patient file, or a saved answer with --answer"


def sheet(
    patient: PatientFile | None = None,
    /,
    *,
    output: Annotated[Path, Parameter(name=("--output", "-o"))],
    answer: PatientFile | None = None,
    paper: Paper = "a4",
    knowledge: Knowledge = None,
) -> int:
    """Write one page as PDF: the sheet of a patient for the tumor board, or of a saved answer.

    What has no room is left out in a stated order, and the sheet says so. It holds the facts of the
    patient; nothing else is stored. Needs the extra: pip install 'secondline[sheet]'.

    Parameters
    ----------
    patient:
        A JSON or YAML file {"facts": {name: value}}; "-" reads JSON from standard input.
    output:
        The PDF file to write. A PDF that exists is replaced.
    answer:
        Instead of a patient, an answer as ask --json prints it; "-" reads standard input.
    paper:
        a4 or letter.
    """
    if (patient is None) == (answer is None):
        raise CycloptsError(msg=WHAT_TO_PRINT)
    refuse_other_files(output)
    opened = desk.open(knowledge)
    if answer is not None:
        left_out = write_answer(_saved(answer, opened), opened, output, paper)
    else:
        # Every other command does without what sets a page; it need not wait for its import.
        from secondline.interfaces.sheet.assessment_sheet import assessment_sheet  # noqa: PLC0415
        from secondline.interfaces.sheet.typesetting import Typeset  # noqa: PLC0415

        facts = facts_of(patient) if patient else {}
        page = Typeset(assessment_sheet(opened.assess(facts), facts, opened), paper)
        _write(output, page.written())
        left_out = page.left_out
    print_line(f"{output}: one page, {paper}, PDF/UA.")
    if left_out:
        print_line(f"No room for: {'; '.join(left_out)}. The sheet says so.")
    return OK


def write_answer(
    answer: desk.Answer,
    opened: desk.Desk,
    output: Path,
    paper: Paper,
    facts: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """Write the sheet of an answer; return what it has no room for.

    Raises:
        SheetError: the typesetting library is not installed, or the file cannot be written.
    """
    from secondline.interfaces.sheet.answer_sheet import answer_sheet  # noqa: PLC0415
    from secondline.interfaces.sheet.typesetting import Typeset  # noqa: PLC0415

    page = Typeset(answer_sheet(answer, opened, facts), paper)
    _write(output, page.written())
    return page.left_out


def refuse_other_files(output: Path) -> None:
    """Refuse to replace a file that is no PDF, such as the patient file itself.

    Raises:
        SheetError: the name is that of a picture, or the file exists and is no PDF, or cannot be
            read.
    """
    if (guess_type(output.name)[0] or "").startswith("image/"):
        raise SheetError(f"{output} is the name of a picture; a sheet is a PDF: name it .pdf")
    try:
        if not output.exists():
            return
        with output.open("rb") as file:
            begins = file.read(len(PDF))
    except (OSError, ValueError) as error:
        raise SheetError(f"{output} cannot be written: {_why(error)}") from None
    if begins != PDF:
        raise SheetError(f"{output} exists and is no PDF; name another file")


def _saved(path: Path, opened: desk.Desk) -> desk.Answer:
    """Return a saved answer that is as it was printed; a sheet of an altered one would mislead."""
    text = standard_input() if str(path) == "-" else desk.read_saved_file(path)
    saved = opened.saved(text, str(path))
    if saved.defect:
        raise desk.SavedAnswerError(
            f"{path}: changed after it was printed: {saved.defect}. Ask again and save the answer."
        )
    return saved.answer


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except (OSError, ValueError) as error:
        raise SheetError(f"{output} cannot be written: {_why(error)}") from None


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
