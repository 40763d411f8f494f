"""The command chat: questions that build on each other, on a terminal or line by line."""

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from secondline import desk
from secondline.interfaces import contract
from secondline.interfaces.cli import text
from secondline.interfaces.cli.batching import LONGEST_LINE, lines
from secondline.interfaces.cli.patient_commands import changed
from secondline.interfaces.cli.terminal import OK, Json, Knowledge, print_line

PROMPT = "> "
HELP = (
    "Ask in your own words; follow-ups keep what was said. facts: what is understood;"
    " forget NAME; set name=value; new: start anew; quit. Nothing is stored."
)


def chat(
    *,
    reader: desk.Reader = "clinician",
    as_json: Json = False,
    knowledge: Knowledge = None,
) -> int:
    """Talk a case through: follow-up questions keep the disease, the terms and the patient.

    Besides questions it takes: facts (what is understood), forget NAME, set name=value, new, quit.
    With --json every line gives one JSON object. Nothing is stored.

    Parameters
    ----------
    reader:
        For whom the answers are worded: clinician or family.
    """
    opened = desk.open(knowledge)
    if sys.stdin.isatty():
        print_line(HELP)
    conversation: dict[str, Any] | None = None
    for line in _entered():
        if line.strip().casefold() in {"quit", "exit"}:
            break
        try:
            reply, conversation = _reply(line, conversation, opened, reader, as_json=as_json)
        except ValueError as error:
            reply = json.dumps({"error": str(error)}) if as_json else f"secondline: {error}"
        print_line(reply)
    return OK


def _entered() -> Iterator[str]:
    """Yield what is entered, line by line, until the end; on a terminal after a prompt."""
    if sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            while True:
                yield input(PROMPT)
        return
    for line in lines(sys.stdin.buffer):
        yield line[:LONGEST_LINE].decode("utf-8", "replace").rstrip("\r\n")


def _reply(
    line: str,
    conversation: dict[str, Any] | None,
    opened: desk.Desk,
    reader: desk.Reader,
    *,
    as_json: bool,
) -> tuple[str, dict[str, Any] | None]:
    """Return what is printed for one line, and the conversation after it."""
    command, _, rest = line.strip().partition(" ")
    match command.casefold():
        case "new" if not rest:
            return _facts(None, opened, as_json=as_json), None
        case "facts" if not rest:
            return _facts(conversation, opened, as_json=as_json), conversation
        case "set" if "=" in rest:
            conversation = opened.correct(conversation, changed((rest,)))
            return _facts(conversation, opened, as_json=as_json), conversation
        case "forget" if rest.strip() in opened.library.facts:
            conversation = opened.correct(conversation, {rest.strip(): None})
            return _facts(conversation, opened, as_json=as_json), conversation
        case _:
            answer, conversation = opened.converse(line, conversation, reader=reader)
    if as_json:
        both = {"answer": contract.plain(answer), "conversation": conversation}
        return json.dumps(both, ensure_ascii=False), conversation
    return text.answer(answer, opened.library), conversation


def _facts(conversation: dict[str, Any] | None, opened: desk.Desk, *, as_json: bool) -> str:
    """Show what is understood, one fact a line, by the names that set and forget take."""
    if as_json:
        return json.dumps({"conversation": conversation}, ensure_ascii=False)
    if conversation is None:
        return "Nothing is understood yet."
    about = conversation["disease"]
    told = [f"Disease: {opened.library.diseases[about].name if about else 'not known yet'}"]
    for fact in conversation["facts"]:
        label = opened.library.facts[fact["name"]].label
        value = json.dumps(fact["value"], ensure_ascii=False)
        told += text.item(f'{fact["name"]}={value} {label} ("{fact["words"]}")')
    return "\n".join(told)
