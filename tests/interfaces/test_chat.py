"""`secondline chat` as it is piped and as it is typed."""

import io
import json

import pytest

from command import run
from secondline.interfaces.cli import chat_commands
from secondline.interfaces.cli.app import app

FIRST = b"My 9-year-old with rhabdomyosarcoma had a metastatic relapse. Which regimens are left?\n"


def said(*lines):
    process = run("chat", "--json", stdin=b"\n".join(lines) + b"\n")
    assert process.returncode == 0
    assert b"Traceback" not in process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


def facts(reply):
    return {fact["name"]: fact["value"] for fact in reply["conversation"]["facts"]}


def test_lines_are_a_conversation():
    replies = said(
        FIRST.strip(), b"no, the relapse was local", b"what about survival?", b"quit", b"x"
    )
    assert [facts(reply)["relapse_extent"] for reply in replies] == ["metastatic", "local", "local"]
    assert replies[2]["answer"]["understood"]["disease"] == "rhabdomyosarcoma"


def test_commands_show_and_correct_what_is_understood():
    replies = said(
        FIRST.strip(), b"facts", b"forget age_years", b"set histology=alveolar", b"new", b"facts"
    )
    assert set(facts(replies[1])) == {"age_years", "relapse_extent"}
    assert set(facts(replies[2])) == {"relapse_extent"}
    assert facts(replies[3])["histology"] == "alveolar"
    assert replies[4] == replies[5] == {"conversation": None}


def test_what_cannot_be_read_is_told_and_the_conversation_goes_on():
    replies = said(
        FIRST.strip(), b"", b"\0\1", b"\xff\xfe", b"x" * 10_000, b"set histolgy=x", b"facts"
    )
    assert "is not text" in replies[1]["error"]
    assert "answer" in replies[2]
    assert "10,000 characters" in replies[3]["error"]
    assert "histolgy is not a fact; did you mean histology?" in replies[4]["error"]
    assert facts(replies[5]) == facts(replies[0])


@pytest.mark.parametrize("stdin", [b"", b"\n\n", b"quit\n"])
def test_the_end_of_the_input_ends_it(stdin):
    process = run("chat", stdin=stdin)
    assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")


def test_answers_are_text_for_people():
    process = run("chat", "--reader", "family", stdin=FIRST + b"facts\n")
    text = process.stdout.decode()
    assert 'extent of relapse: metastatic ("metastatic relapse")' in " ".join(text.split())
    assert "Disease: rhabdomyosarcoma" in text


def test_on_a_terminal_it_prompts_and_ends_with_the_input(monkeypatch, capsys):
    typed = iter(["facts", EOFError()])

    def enter(prompt):
        assert prompt == "> "
        line = next(typed)
        if isinstance(line, EOFError):
            raise line
        return line

    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(chat_commands.sys, "stdin", terminal)
    monkeypatch.setattr("builtins.input", enter)
    assert app(["chat"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing is understood yet."
