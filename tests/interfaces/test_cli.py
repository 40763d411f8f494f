"""The command line as a person or a program uses it: real processes, exit codes by cause."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command import failed, run, started
from secondline import desk
from secondline.interfaces.cli.app import app

COMMANDS = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
QUESTION = (
    "What are the treatment options for a pediatric or young adult patient with a history of"
    " rhabdomyosarcoma who has experienced a relapse?"
)
PATIENT = {
    "facts": {
        "disease": "rhabdomyosarcoma",
        "disease_status": "first-relapse",
        "metastatic_at_diagnosis": False,
        "histology": "alveolar",
        "relapse_extent": "metastatic",
        "diagnosis_to_relapse_months": 10,
        "prior_therapies": ["vincristine", "dactinomycin", "ifosfamide"],
    }
}


def test_ask_prints_a_complete_cited_answer():
    process = run("ask", QUESTION)
    assert process.returncode == 0
    text = process.stdout.decode()
    for part in (
        "WHAT DECIDES THE OUTLOOK",
        "SYSTEMIC OPTIONS BY WHAT WAS ALREADY GIVEN",
        "LOCAL CONTROL",
        "HIGH-DOSE THERAPY AND STEM-CELL TRANSPLANTATION",
        "EXPECTED OUTCOMES",
        "WHAT IS UNCERTAIN, CONTRADICTED OR NOT KNOWN",
        "REFERENCES",
        "YOU MAY ASK NEXT",
        "Editorial standing",
        desk.DISCLAIMER[:40],
    ):
        assert part in text


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("ask", QUESTION, "--reader", "family"), b""),
        (("assess", "-", "--json"), json.dumps(PATIENT).encode()),
        (("assess", "-"), b"\xff"),
        (("library", "show", "nonsense"), b""),
        (("nonsense",), b""),
        (("--help",), b""),
    ],
)
def test_a_shell_gets_what_the_forked_command_of_these_tests_gives(arguments, stdin):
    """Or else these tests would prove nothing."""
    of_a_shell, forked = started(*arguments, stdin=stdin), run(*arguments, stdin=stdin)
    assert forked.stdout == of_a_shell.stdout
    assert forked.stderr == of_a_shell.stderr
    assert forked.returncode == of_a_shell.returncode


def test_ask_says_what_it_understood_of_a_patient():
    case = "My 9-year-old with rhabdomyosarcoma had a local relapse at 14 months. What now?"
    text = " ".join(run("ask", case).stdout.decode().split())
    assert 'Understood: rhabdomyosarcoma; local relapse; age now ("9 year old");' in text
    assert 'extent of relapse: local ("local relapse").' in text
    assert "Not understood: relapse at 14 months (counted from diagnosis," in text


def test_ask_writes_codes_of_what_it_understood_as_the_field_does():
    case = "A child with isolated CNS relapse of B-ALL with ETV6-RUNX1: options?"
    text = " ".join(run("ask", case).stdout.decode().split())
    assert 'sites of relapse: CNS only ("' in text
    assert "genetic findings: ETV6-RUNX1" in text
    assert "immunophenotype: B-cell" in text


def test_facts_said_are_json():
    case = "My 9-year-old with rhabdomyosarcoma had a local relapse. What now?"
    understood = json.loads(run("ask", case, "--json").stdout)["understood"]
    assert understood["facts"][1] == {
        "name": "relapse_extent",
        "value": "local",
        "words": "local relapse",
    }


def test_ask_as_json_keeps_the_contract():
    answer = json.loads(run("ask", QUESTION, "--json").stdout)
    assert list(answer) == [
        "question",
        "reader",
        "edition",
        "abstained",
        "reason",
        "sections",
        "references",
        "follow_ups",
        "visit_questions",
        "explained_words",
        "review",
        "disclaimer",
        "understood",
        "worded_by",
        "literature",
        "digest",
    ]
    assert answer["abstained"] is False
    assert list(answer["understood"]) == [
        "disease",
        "aspects",
        "terms",
        "facts",
        "not_understood",
    ]
    numbers = {reference["number"] for reference in answer["references"]}
    for section in answer["sections"]:
        for sentence in section["sentences"]:
            assert set(sentence) == {"text", "citations", "statements", "level"}
            assert sentence["citations"]
            assert set(sentence["citations"]) <= numbers
    assert {"number", "id", "kind", "title", "journal", "year", "pmid", "doi", "read"} <= set(
        answer["references"][0]
    )
    assert set(answer["review"]) == {"submitted", "under review", "approved"}


def test_the_same_question_to_the_same_edition_gives_the_same_bytes():
    assert run("ask", QUESTION, "--json").stdout == run("ask", QUESTION, "--json").stdout


def test_assess_as_json_keeps_the_contract(tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(PATIENT))
    assessment = json.loads(run("assess", str(path), "--json").stdout)
    assert {"disease", "edition", "strata", "options", "outlook", "cautions"} <= set(assessment)
    assert {"missing", "conflicts", "references"} <= set(assessment)
    assert {"id", "scheme", "label", "truth", "because", "missing"} <= set(assessment["strata"][0])
    assert {"verdict", "role", "statements", "citations"} <= set(assessment["options"][0])
    assert {"endpoint", "estimate", "applies", "caution"} <= set(assessment["outlook"][0])
    assert {"fact", "would_change"} <= set(assessment["missing"][0])
    from_stdin = run("assess", "-", "--json", stdin=json.dumps(PATIENT).encode())
    assert json.loads(from_stdin.stdout) == assessment


def test_batch_answers_every_line_and_survives_bad_ones():
    lines = [
        {"id": 1, "command": "ask", "question": "Is VIT better than VI?"},
        {"id": 2, "command": "assess", "patient": PATIENT},
        {"id": 3, "command": "ask", "question": ""},
        {"id": 4, "command": "assess", "patient": {"facts": {"tnm_stage": "x"}}},
        {"id": 5, "command": "sing"},
        {"id": 6, "command": "ask", "question": "VIT?", "reader": "lawyer"},
        {"id": 7, "command": "assess", "patient": {"facts": {"age_years": 9}}},
        {"id": 8, "command": "assess"},
        {"id": 9, "command": "ask"},
        {"id": 11, "command": "ask", "question": "VIT?", "reader": ["clinician"]},
        {"id": 12, "command": "ask", "question": "VIT \ud800?"},
        {"id": 13, "command": "assess", "patient": {"facts": {"tnm_stage": 10**400}}},
        {"id": "\ud800", "command": "ask", "question": "VIT?"},
    ]
    stdin = b"\n".join(json.dumps(line).encode() for line in lines)
    stdin += b'\nnot json\n\n[1]\n\xff\xfe\n"' + b"x" * 8_100_000 + b'"\n'
    stdin += json.dumps({"id": 10, "command": "ask", "question": "VIT?"}).encode()
    process = run("batch", stdin=stdin)
    assert process.returncode == 0
    replies = [json.loads(line) for line in process.stdout.splitlines()]
    by_id = {reply["id"]: reply for reply in replies if reply["id"] is not None}
    assert [by_id[number].get("answer") is not None for number in (1, 2, 10, 12)] == [True] * 4
    errors = {number: by_id[number]["error"] for number in (*range(3, 10), 11, 13)}
    assert "expected clinician or family" in errors[11]
    assert "is not a number that a patient can have" in errors[13]
    assert "the question is empty" in errors[3]
    assert 'tnm_stage: "x" is not a number' in errors[4]
    assert "'sing'; expected ask or assess" in errors[5]
    assert "expected clinician or family" in errors[6]
    assert "disease is not recorded; this edition assesses" in errors[7]
    assert '"patient" is missing' in errors[8]
    assert '"question" is missing' in errors[9]
    nameless = [reply["error"] for reply in replies if reply["id"] is None]
    assert len(nameless) == 4
    assert "longer than 8,000,000 bytes" in nameless[3]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "message"),
    [
        (("ask", ""), b"", 3, "the question is empty"),
        (("ask", "-"), b"why " * 25_000, 3, "the question has 100,000 characters"),
        (("ask", "-"), b"\xff\xfe\0", 3, "standard input is not UTF-8 text"),
        (("ask", "VIT?", "--patient", "absent.json"), b"", 3, "absent.json: it cannot be read"),
        (("ask", "VIT?", "--reader", "lawyer"), b"", 2, "lawyer"),
        (("ask",), b"", 2, "QUESTION"),
        (("sing",), b"", 2, "sing"),
        (("assess", "-"), b"{}", 3, 'expected {"facts"'),
        (("assess", "-"), b'{"facts": {"tnm_stag": 1}}', 3, "did you mean tnm_stage?"),
        (("assess", "-"), b'{"facts": {}}', 4, "disease is not recorded"),
        (("assess", "-"), b'{"facts": {"age_years": 9}}', 4, "disease is not recorded"),
        (("ask", "VIT?", "--knowledge", "nowhere"), b"", 1, "there is no such folder"),
    ],
)
def test_wrong_input_gives_a_message_and_a_code_by_cause(arguments, stdin, code, message):
    failed(run(*arguments, stdin=stdin), code, message)


def test_files_that_are_no_patient_are_refused(tmp_path):
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\0\1\2")
    failed(run("assess", str(binary)), 3, "binary.json: it is binary")
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("facts: &a [*a, *a]\n")
    failed(run("assess", str(bomb)), 3, "bomb.yaml, line 1: anchor &a")
    failed(run("assess", str(tmp_path)), 3, "Is a directory")


def test_library_check_prints_what_is_held():
    process = run("library", "check")
    assert process.returncode == 0
    assert process.stdout.startswith(b"No problems. Edition ")


def test_a_refusal_is_a_result():
    process = run("ask", "What will the weather be like tomorrow?", "--json")
    assert process.returncode == 0
    answer = json.loads(process.stdout)
    assert answer["abstained"] is True
    assert "holds nothing that answers this" in answer["reason"]


def command_paths(tree=app, above=()):
    """Yield the words of every command and of every group of commands, in the order of --help."""
    yield above
    for name in sorted(tree):
        if not name.startswith("-"):
            yield from command_paths(tree[name], (*above, name))


def test_the_page_of_commands_is_what_help_prints(same_page, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    parts = ["# Commands\n\nPrinted by `secondline --help`; checked by the tests.\n"]
    for words in command_paths():
        app(
            [*words, "--help"], exit_on_error=False, print_error=False, result_action="return_value"
        )
        shown = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
        parts.append(f"## {' '.join(('secondline', *words))}\n\n```text\n{shown}\n```\n")
    same_page("commands.md", "\n".join(parts))


def test_every_command_that_help_names_has_its_section():
    """Read from the page alone: what a reader finds in a list of commands can be looked up."""
    page = COMMANDS.read_text("utf-8")
    sections = dict(
        re.findall(r"^## ([^\n]+)\n\n```text\n(.+?)\n```$", page, re.MULTILINE | re.DOTALL)
    )
    listed = {
        f"{title} {name}"
        for title, shown in sections.items()
        for box in re.findall(r"^╭─ Commands ─.*?^╰", shown, re.MULTILINE | re.DOTALL)
        for name in re.findall(r"^│ ([a-z][a-z-]*) ", box, re.MULTILINE)
    }
    assert {"secondline serve", "secondline literature index build"} <= listed
    assert listed == sections.keys() - {"secondline"}


def test_the_page_of_facts_lists_the_vocabulary(same_page, library):
    lines = [
        "# Patient facts",
        "",
        "Printed from `terms/facts.yaml`; checked by the tests. A patient file is JSON or YAML:",
        '`{"facts": {name: value, ...}}`. A fact that is not recorded is absent.',
        "",
        "| fact | kind | meaning | codes |",
        "|---|---|---|---|",
    ]
    for fact in library.facts.values():
        unit = f" of {fact.unit}" if fact.unit else ""
        codes = ", ".join(fact.codes)
        lines.append(f"| {fact.name} | {fact.kind}{unit} | {fact.label} | {codes} |")
    same_page("facts.md", "\n".join(lines) + "\n")


@pytest.mark.parametrize("reader", ["clinician", "family"])
def test_an_answer_does_not_depend_on_the_order_of_hashes(reader, tmp_path):
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(PATIENT))
    arguments = ("ask", QUESTION, "--json", "--reader", reader, "--patient", str(path))
    answers = set()
    for seed in ("1", "2", "3"):
        process = started(*arguments, environment={"PYTHONHASHSEED": seed})
        assert process.returncode == 0
        answers.add(process.stdout)
    assert len(answers) == 1


def test_a_command_does_not_wait_for_statistics_that_it_does_not_need():
    """SciPy takes a second to import; only the audit of tables computes with it."""
    code = (
        "import sys; import secondline.editorial.editing, secondline.interfaces.cli.app;"
        "print('scipy.stats' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"False"
