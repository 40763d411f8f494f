"""Commands, their arguments, and exit codes by cause."""

import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter

from secondline import __version__, desk
from secondline.interfaces import contract
from secondline.interfaces.cli import batching, text
from secondline.interfaces.cli.answer_commands import diff_answer, replay
from secondline.interfaces.cli.audit_commands import audit
from secondline.interfaces.cli.chat_commands import chat
from secondline.interfaces.cli.cohort_commands import cohort
from secondline.interfaces.cli.figure_commands import figure
from secondline.interfaces.cli.library_commands import library_app
from secondline.interfaces.cli.literature_commands import literature_app
from secondline.interfaces.cli.log_commands import review_app
from secondline.interfaces.cli.patient_commands import (
    PatientFile,
    assess,
    explain,
    facts_of,
    standard_input,
    what_if,
)
from secondline.interfaces.cli.search_commands import index_app, search
from secondline.interfaces.cli.serve_command import serve
from secondline.interfaces.cli.sheet_commands import (
    Paper,
    refuse_other_files,
    sheet,
    write_answer,
)
from secondline.interfaces.cli.surveillance_commands import watch
from secondline.interfaces.cli.terminal import (
    INPUT_CANNOT_BE_READ,
    INTERRUPTED,
    KNOWLEDGE_HAS_PROBLEMS,
    NOT_HELD,
    OK,
    REFUSED,
    WRONG_USE,
    Json,
    Knowledge,
    print_line,
)
from secondline.interfaces.drawing.drawing_error import DrawingError
from secondline.interfaces.sheet.sheet_error import SheetError
from secondline.interfaces.web.serve_error import ServeError

app = App(
    name="secondline",
    help=(
        "Relapsed and refractory childhood cancer: cited answers and patient assessments from"
        " audited evidence.\n\n"
        f"{desk.DISCLAIMER}\n\n"
        "Exit codes: 0 a result (a refusal is one), 1 the knowledge has problems, 2 wrong use,"
        " 3 the input cannot be read, 4 the disease or the record is not held, 5 a table or a file"
        " was read and some of its cells or records could not be, 6 a replayed answer differs,"
        " 7 the rules of review refuse it, or somebody else changed the statement first."
    ),
    version=__version__,
    help_format="plaintext",
    result_action="return_value",
)
app.command(chat)
app.command(replay)
app.command(diff_answer)
app.command(assess)
app.command(what_if)
app.command(explain)
app.command(sheet)
app.command(audit)
app.command(cohort)
library_app.command(figure)
app.command(library_app)
app.command(serve)
app.command(watch)
literature_app.command(search)
literature_app.command(index_app)
app.command(literature_app)
app.command(review_app)

WRONG_USES = (
    desk.ModelSettingsError,
    desk.AddressError,
    desk.OptionError,
    SheetError,
    DrawingError,
    ServeError,
)
INPUT_ERRORS = (
    desk.QuestionError,
    desk.PatientError,
    desk.KnowledgeError,
    desk.TableError,
    desk.TextError,
    desk.SavedAnswerError,
    desk.StoreError,
    desk.QueryError,
    desk.AlreadyBuilding,
    desk.NoModel,
)
Question = Annotated[str, Parameter(allow_leading_hyphen=True)]  # so that "-" may be given


@app.command
def ask(  # noqa: PLR0913  # an option is a parameter
    question: Question,
    /,
    *,
    reader: desk.Reader = "clinician",
    patient: PatientFile | None = None,
    language_model: Annotated[bool, Parameter(negative="")] = False,
    write_sheet: Annotated[Path | None, Parameter(name="--sheet")] = None,
    paper: Paper = "a4",
    literature: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Answer a question, every sentence cited.

    Parameters
    ----------
    question:
        The question in your own words; "-" reads it from standard input.
    reader:
        For whom the answer is worded: clinician or family.
    patient:
        A JSON or YAML file {"facts": {name: value}}; "-" reads JSON from standard input.
    language_model:
        Let the model at SECONDLINE_LLM_URL (SECONDLINE_LLM_MODEL, _KEY, _SECONDS) reword sentences
        and read a hard question. What does not pass the check is shown as composed.
    write_sheet:
        Also write the answer as one page, a PDF; needs the extra: pip install 'secondline[sheet]'.
    paper:
        Of the sheet: a4 or letter.
    literature:
        Quote, below the answer and apart from it, what the documents that you have added say near
        the question. No editor has reviewed them, and nothing in the answer is taken from them.
    """
    if write_sheet:
        refuse_other_files(write_sheet)
    model = desk.language_model() if language_model else None
    asked = standard_input() if question == "-" else question
    facts = facts_of(patient) if patient else None
    opened = desk.open(knowledge)
    answer = opened.ask(asked, reader=reader, facts=facts, model=model, literature=literature)
    if write_sheet:
        write_answer(answer, opened, write_sheet, paper, facts)
    print_line(contract.json_text(answer) if as_json else text.answer(answer, opened.library))
    return OK


@app.command
def batch(*, knowledge: Knowledge = None) -> int:
    """Answer many requests: JSON Lines on standard input and output.

    A request is {"id", "command": "ask", "question", ["patient"], ["reader"],
    ["literature": true]},
    {"id", "command": "assess", "patient"} or {"id", "command": "audit", "text"}; its answer is
    {"id", "answer"} or {"id", "error"}.
    """
    opened = desk.open(knowledge)
    gc.enable()
    for line in batching.lines(sys.stdin.buffer):
        print_line(json.dumps(batching.reply(line, opened), ensure_ascii=False))
    return OK


@app.command
def facts(*, knowledge: Knowledge = None) -> int:
    """List the facts that may be recorded of a patient, with units and codes."""
    print_line(text.facts(desk.open(knowledge).library.facts.values()))
    return OK


def run(command: Callable[[], Any]) -> int:
    """Run a command and turn what may go wrong into a message and an exit code."""
    try:
        code = command()
    except WRONG_USES as error:
        return _failed(str(error), WRONG_USE)
    except CycloptsError as error:
        return _failed(f"{error}\nSee: secondline --help", WRONG_USE)
    except desk.LibraryError as error:
        return _failed(str(error), KNOWLEDGE_HAS_PROBLEMS)
    except desk.review.ProposalError as error:
        return _failed(str(error), KNOWLEDGE_HAS_PROBLEMS)
    except desk.review.Conflict as error:
        return _failed(
            f"{error}\n\nFrom their words (-) to yours (+):\n{error.difference}", REFUSED
        )
    except (desk.review.LogDamagedError, desk.review.ReviewLogError) as error:
        return _failed(str(error), KNOWLEDGE_HAS_PROBLEMS)
    except INPUT_ERRORS as error:
        return _failed(str(error), INPUT_CANNOT_BE_READ)
    except desk.review.StoreError as error:
        return _failed(str(error), INPUT_CANNOT_BE_READ)
    except desk.review.EditorialError as error:
        return _failed(str(error), REFUSED)
    except (desk.NotHeld, desk.NoSuchRecord, desk.NoSuchDocument, desk.NoIndex) as error:
        return _failed(str(error), NOT_HELD)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; nothing is left to flush
        return OK
    return code if isinstance(code, int) else OK


def _failed(message: str, code: int) -> int:
    sys.stderr.write(f"secondline: {message}\n")
    return code
