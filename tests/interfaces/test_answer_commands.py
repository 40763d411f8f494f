"""Saved answers on the command line: replay and diff-answer, in processes of their own."""

import json
import os
import shutil

import pytest

from command import failed, run, started
from secondline.library.library import bundled_knowledge

QUESTION = "Is VIT better than VI?"
PATIENT = {"facts": {"disease": "rhabdomyosarcoma", "relapse_extent": "local"}}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The folder of saved answers: as printed, and with a figure that was changed by hand."""
    folder = tmp_path_factory.mktemp("saved")
    printed = run("ask", QUESTION, "--json").stdout
    (folder / "answer.json").write_bytes(printed)
    (folder / "tampered.json").write_bytes(printed.replace(b"44%", b"54%"))
    (folder / "patient.json").write_text(json.dumps(PATIENT))
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """The folder of another edition, in which one estimate is another."""
    folder = tmp_path_factory.mktemp("other") / "knowledge"
    shutil.copytree(bundled_knowledge(), folder)
    for file in folder.glob("statements/**/*.yaml"):
        file.write_text(file.read_text("utf-8").replace('estimate: "44%"', 'estimate: "45%"'))
    return folder


def seeded(seed, *arguments):
    return started(*arguments, environment={"PYTHONHASHSEED": seed})


def test_an_answer_is_replayed_by_another_process_with_other_hashes(saved):
    for seed in ("1", "2"):
        process = seeded(seed, "replay", str(saved / "answer.json"))
        assert process.returncode == 0, process.stderr
        assert b"The same bytes come out." in process.stdout


def test_a_difference_does_not_depend_on_the_order_of_hashes(saved, other):
    arguments = ("diff-answer", "options for relapsed rhabdomyosarcoma", "--json")
    outputs = {seeded(s, *arguments, "--knowledge", str(other)).stdout for s in ("1", "2", "3")}
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["sentences"]


def test_the_text_of_an_answer_shows_the_beginning_of_its_digest(saved):
    digest = json.loads((saved / "answer.json").read_bytes())["digest"]
    assert f"digest of this answer {digest[:16]}\n" in run("ask", QUESTION).stdout.decode()


def test_replay_reads_standard_input_and_prints_json(saved):
    process = run("replay", "-", "--json", stdin=(saved / "answer.json").read_bytes())
    assert process.returncode == 0
    replay = json.loads(process.stdout)
    assert replay["same"] is True
    assert replay["differs"]["same"] is True


def test_a_tampered_answer_gives_a_code_of_its_own_and_says_which_figure(saved):
    process = run("replay", str(saved / "tampered.json"))
    assert process.returncode == 6
    text = " ".join(process.stdout.decode().split())
    assert "The file was changed after it was printed" in text
    assert "figure: 54% → 44%" in text


def test_an_answer_of_another_edition_says_which_edition_is_needed(saved, other):
    process = run("replay", str(saved / "answer.json"), "--knowledge", str(other))
    assert process.returncode == 6
    edition = json.loads((saved / "answer.json").read_bytes())["edition"]
    assert f"folder of edition {edition} with --knowledge" in " ".join(
        process.stdout.decode().split()
    )
    printed = run("ask", QUESTION, "--json", "--knowledge", str(other)).stdout
    again = run("replay", "-", "--knowledge", str(other), stdin=printed)
    assert again.returncode == 0


def test_the_facts_of_the_patient_are_given_again(saved):
    patient = ("--patient", str(saved / "patient.json"))
    printed = run("ask", QUESTION, "--json", *patient).stdout
    assert run("replay", "-", *patient, stdin=printed).returncode == 0


def test_two_saved_answers_are_compared(saved):
    process = run("diff-answer", str(saved / "answer.json"), str(saved / "tampered.json"))
    assert process.returncode == 0
    text = " ".join(process.stdout.decode().split())
    assert "tampered.json was changed after it was printed: it fails its digest." in text
    assert "figure: 44% → 54%" in text
    same = run("diff-answer", str(saved / "answer.json"), str(saved / "answer.json"))
    assert b"The answers are the same." in same.stdout


def test_two_editions_are_compared_for_a_question(other):
    process = run("diff-answer", QUESTION, "--knowledge", str(other))
    assert process.returncode == 0
    assert "figure: 44% → 45%" in process.stdout.decode()
    family = run("diff-answer", QUESTION, "--knowledge", str(other), "--reader", "family", "--json")
    assert json.loads(family.stdout)["editions"][0] != json.loads(family.stdout)["editions"][1]


def test_an_edition_that_answers_alike_says_so(other):
    process = run("diff-answer", "What dose of irinotecan?", "--knowledge", str(other))
    assert b"Nothing changed but the edition." in process.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("replay",), 2, "SAVED"),
        (("replay", "absent.json"), 3, "absent.json: it cannot be read"),
        (("replay", "-"), 3, "-: not JSON"),
        (("diff-answer", QUESTION), 2, "give two saved answers, or a question and the folder"),
        (("diff-answer", "a.json", "b.json", "--knowledge", "x"), 2, "give two saved answers"),
        (("diff-answer", "a.json", "b.json"), 3, "a.json: it cannot be read"),
        (("diff-answer", QUESTION, "--knowledge", "nowhere"), 1, "no such folder"),
        (("diff-answer", " ", "--knowledge", str(bundled_knowledge())), 3, "question is empty"),
    ],
)
def test_wrong_use_and_wrong_files_are_told_apart(arguments, code, message):
    failed(run(*arguments), code, message)


def test_a_binary_file_is_no_answer(tmp_path):
    path = tmp_path / "binary.json"
    path.write_bytes(b"\0\1\2")
    failed(run("replay", str(path)), 3, "binary.json: it is binary")


# A language model is off unless it is asked for


def with_model(*arguments, **settings):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLINE_LLM")}
    return run(*arguments, environment={**environment, **settings})


SET_UP = {"SECONDLINE_LLM_URL": "http://127.0.0.1:9/v1", "SECONDLINE_LLM_MODEL": "absent"}


def test_a_model_that_is_set_up_is_not_asked_without_the_option(saved):
    process = with_model("ask", QUESTION, "--json", **SET_UP)
    assert process.stdout == (saved / "answer.json").read_bytes()


def test_a_model_that_is_down_leaves_the_answer_and_says_so(saved):
    process = with_model("ask", QUESTION, "--language-model", **SET_UP)
    assert process.returncode == 0
    text = " ".join(process.stdout.decode().split())
    assert "No words of the language model absent are shown" in text
    assert "It was not used further: it could not be reached" in text
    digest = json.loads((saved / "answer.json").read_bytes())["digest"]
    assert f"digest of this answer {digest[:16]}" in text
    printed = with_model("ask", QUESTION, "--language-model", "--json", **SET_UP).stdout
    assert json.loads(printed)["worded_by"]["rewordings"] == []
    assert run("replay", "-", stdin=printed).returncode == 0


def test_a_model_that_is_not_set_up_cannot_be_asked_for():
    failed(with_model("ask", QUESTION, "--language-model"), 2, "set SECONDLINE_LLM_URL")
    wrong = {**SET_UP, "SECONDLINE_LLM_URL": "http://user:secret@host/v1"}
    process = with_model("ask", QUESTION, "--language-model", **wrong)
    failed(process, 2, "neither a password nor a query")
    assert b"secret" not in process.stderr
