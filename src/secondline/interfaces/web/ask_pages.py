"""Ask: a question and its answer, what was understood, and the next question."""

import json
from typing import Any, cast, get_args

from starlette.responses import Response

from secondline import desk
from secondline.interfaces.web.fact_fields import facts_from, fields_of, problems_by_fact
from secondline.interfaces.web.form import FormError
from secondline.interfaces.web.pages import Visit

EXAMPLES = {
    "clinician": (
        "What are the options after a first relapse of rhabdomyosarcoma?",
        "8-year-old, marrow relapse of ALL 20 months after diagnosis",
        "Which factors decide the outlook after relapse of neuroblastoma?",
        "Is high-dose therapy supported at relapse of soft-tissue sarcoma?",
    ),
    "family": (
        "Our son's neuroblastoma came back. What happens now?",
        "How did other children with leukemia that came back do?",
        "What is a clinical trial, and should we join one?",
        "Which medicines are used when rhabdomyosarcoma comes back?",
    ),
}


def ask_form(visit: Visit) -> Response:
    """Show the form of a question."""
    return _form(visit, question="", problem="")


def ask(visit: Visit) -> Response:
    """Answer a question, or the last one again: for another reader, or with facts corrected."""
    reader = reader_of(visit)
    talked = conversation_of(visit)
    question = visit.form["question"].strip()
    try:
        if visit.form["again"] and talked is not None:
            if visit.form["again"] == "corrected":
                talked = _corrected(visit, talked)
            answer, talked = visit.desk.converse(None, talked, reader=reader)
        else:
            answer, talked = visit.desk.converse(question, talked, reader=reader)
    except desk.QuestionError as error:
        return _form(visit, question=question, problem=str(error))
    except desk.PatientError as error:
        told = "; ".join(problems_by_fact(error).values())
        return _form(visit, question=str((talked or {}).get("question") or ""), problem=told)
    except desk.ConversationError:
        raise FormError(
            400, "This conversation cannot be continued", "Ask the question again."
        ) from None
    return visit.page_in_sections("answer.html", **_shown(visit, answer, talked))


def _form(visit: Visit, *, question: str, problem: str) -> Response:
    return visit.page(
        "ask.html", 422 if problem else 200, question=question, problem=problem,
        reader=reader_of(visit), examples=EXAMPLES,
    )  # fmt: skip


def _shown(visit: Visit, answer: desk.Answer, talked: dict[str, Any]) -> dict[str, Any]:
    library = visit.desk.library
    said = {fact["name"]: fact for fact in talked["facts"]}
    facts = {name: fact["value"] for name, fact in said.items()}
    if answer.understood.disease:
        facts = {"disease": answer.understood.disease, **facts}
    fields = fields_of([library.facts[name] for name in said], facts)
    patient = fields_of([library.facts[name] for name in facts], facts)
    return {
        "answer": answer,
        "conversation": json.dumps(talked, ensure_ascii=False),
        "understood": list(zip(fields, (said[f.name]["words"] for f in fields), strict=True)),
        "patient": patient if answer.understood.disease in library.assessed else [],
        "aspects": [library.aspects[id_].heading for id_ in answer.understood.aspects],
    }


def reader_of(visit: Visit) -> desk.Reader:
    """Return for whom an answer is written. Raises: FormError."""
    asked = visit.form["reader"] or "clinician"
    if asked not in get_args(desk.Reader):
        raise FormError(400, "No such reader", "An answer is for a clinician or for a family.")
    return cast(desk.Reader, asked)


def conversation_of(visit: Visit) -> dict[str, Any] | None:
    """Return the conversation that the form carries; the desk checks it. Raises: FormError."""
    if not (text := visit.form["conversation"]):
        return None
    try:
        talked = json.loads(text)
    except (ValueError, RecursionError):
        talked = ()
    if not isinstance(talked, dict):
        raise FormError(400, "This conversation cannot be continued", "Ask the question again.")
    return talked


def _corrected(visit: Visit, talked: dict[str, Any]) -> dict[str, Any]:
    """Return the conversation with the facts as corrected; an empty field takes a fact away."""
    facts = visit.desk.library.facts
    listed = [facts[name] for name in visit.form.all("listed") if name in facts]
    given = facts_from(visit.form, listed, "fact")
    return visit.desk.correct(talked, {fact.name: given.get(fact.name) for fact in listed})
