"""`secondline batch`: one process for many requests, one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from secondline import desk
from secondline.interfaces import contract

LONGEST_LINE = 8_000_000  # bytes; a page to audit is a line too
COMMANDS = ("ask", "assess", "audit")


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream; of a line that is too long, only its beginning."""
    while line := stream.readline(LONGEST_LINE + 1):
        whole = line
        while not line.endswith(b"\n") and len(line) > LONGEST_LINE:
            line = stream.readline(LONGEST_LINE + 1)
        if whole.strip():
            yield whole


def reply(line: bytes, opened: desk.Desk) -> dict[str, Any]:
    """Answer one request; whatever is wrong with it becomes its error, never the end of the run."""
    id_ = None
    try:
        request = _request(line)
        id_ = request.get("id")
        return {"id": id_, "answer": contract.plain(_result(request, opened))}
    except (ValueError, desk.NotHeld) as error:
        return {"id": id_, "error": str(error)}


def _request(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"the line is longer than {LONGEST_LINE:,} bytes")
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the line is not JSON: {error}") from None
    if not isinstance(request, dict):
        raise ValueError("the line is not a JSON object")  # its value is wrong
    return request


def _result(
    request: dict[str, Any], opened: desk.Desk
) -> desk.Answer | desk.Assessment | desk.Audit:
    patient = request.get("patient")
    facts = desk.patient_facts(json.dumps(patient)) if patient is not None else None
    match request.get("command"):
        case "ask":
            question = request.get("question")
            if not isinstance(question, str):
                raise desk.QuestionError('"question" is missing or not text')
            reader = request.get("reader", "clinician")
            if reader not in ("clinician", "family"):
                raise ValueError(f'"reader" is {reader!r}; expected clinician or family')
            literature = request.get("literature", False)
            if not isinstance(literature, bool):
                raise ValueError(f'"literature" is {literature!r}; expected true or false')
            return opened.ask(question, reader=reader, facts=facts, literature=literature)
        case "assess":
            if facts is None:
                raise desk.PatientError(['"patient" is missing; expected {"facts": {...}}'])
            return opened.assess(facts)
        case "audit":
            text = request.get("text")
            if not isinstance(text, str):
                raise desk.TextError('"text" is missing or not text')
            return opened.audit(text)
        case command:
            raise ValueError(f'"command" is {command!r}; expected {" or ".join(COMMANDS)}')
