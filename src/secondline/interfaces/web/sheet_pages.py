"""The sheet for the tumor board or for a family: an assessment or an answer on one page, as PDF."""

from typing import cast, get_args

from starlette.responses import Response

from secondline import desk
from secondline.interfaces.sheet.content import Sheet
from secondline.interfaces.sheet.fitting import Paper
from secondline.interfaces.sheet.sheet_error import SheetError
from secondline.interfaces.web.ask_pages import conversation_of, reader_of
from secondline.interfaces.web.assess_pages import patient_of
from secondline.interfaces.web.fact_fields import problems_by_fact
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

HEADERS = {"content-disposition": 'attachment; filename="secondline-sheet.pdf"'}


def sheet(visit: Visit) -> Response:
    """Set the last answer of a conversation, or the assessment of a patient, on one page.

    Nothing of it is kept here; the browser saves the file.
    """
    # Pages do without what sets a page; starting the server need not wait for it.
    from secondline.interfaces.sheet.typesetting import Typeset  # noqa: PLC0415

    paper = visit.form["paper"] or "a4"
    if paper not in get_args(Paper):
        raise FormError(400, "No such paper", "A sheet is printed on a4 or letter.")
    content = _answer(visit) if visit.form["conversation"] else _assessment(visit)
    try:
        written = Typeset(content, cast(Paper, paper)).written()
    except SheetError as error:
        raise FormError(501, "This server sets no sheets", f"{error}".capitalize()) from None
    return Response(written, media_type="application/pdf", headers=HEADERS)


def _answer(visit: Visit) -> Sheet:
    from secondline.interfaces.sheet.answer_sheet import answer_sheet  # noqa: PLC0415

    try:
        answer, _ = visit.desk.converse(None, conversation_of(visit), reader=reader_of(visit))
    except (desk.ConversationError, desk.QuestionError):
        raise FormError(
            400, "There is no such answer", "Ask the question again, and print its answer."
        ) from None
    return answer_sheet(answer, visit.desk)


def _assessment(visit: Visit) -> Sheet:
    from secondline.interfaces.sheet.assessment_sheet import assessment_sheet  # noqa: PLC0415

    facts = patient_of(visit)
    try:
        return assessment_sheet(visit.desk.assess(facts), facts, visit.desk)
    except desk.PatientError as error:
        told = "; ".join(visit.desk.library.facts[name].label for name in problems_by_fact(error))
        raise FormError(
            422, "A fact cannot be read", f"Repair it in the assessment first: {told}."
        ) from None
