"""The exported rules give every patient what the reference gives, on engines of others.

The ELM runs on cql-execution. The CQL text is translated by the translator of the CQL framework,
and what comes out runs on cql-execution too.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from engines.random_patients import RandomPatients
from secondline.assessment.patient import read_record
from secondline.criteria.cql import complete
from secondline.criteria.evaluate import evaluate
from secondline.domain.facts import CodeSet, Interval, Unknown
from secondline.library.executable import cql, elm, parameters

CQL = Path(__file__).parent / "cql"
LETTERS = {"met": "t", "not-met": "f", "unknown": "n"}

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (CQL / "node_modules").exists(),
    reason="Node.js or its packages are not installed; make test installs them where npm is",
)


def node(script, *arguments):
    return subprocess.run(
        ["node", str(CQL / script), *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def given(fact, value):
    """Write a value as the parameter of a CQL library."""
    match value:
        case Unknown():
            return None
        case Interval(low, high):
            return [low, high]
        case float():
            return [value, value]
        case CodeSet(codes):
            return sorted(codes)
        case _:
            return value


def parameters_of(patient, facts):
    line = {fact.name: given(fact, patient[fact.name]) for fact in facts}
    for fact in facts:
        if fact.kind == "set":
            value = patient[fact.name]
            line[complete(fact.name)] = value.complete if isinstance(value, CodeSet) else None
    return line


def disagreements(library, disease, elm_file, patients, folder):
    """Yield every rule of which cql-execution says otherwise than the reference."""
    facts = parameters(disease, library)
    rules = [rule.id for rule in library.rules_of(disease)]
    read = [read_record(patient, library).patient for patient in patients]
    lines = [json.dumps(parameters_of(patient, facts)) for patient in read]
    (folder / "patients.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "rules.json").write_text(json.dumps(rules))
    process = node("run.mjs", elm_file, folder / "patients.jsonl", folder / "rules.json")
    assert process.returncode == 0, process.stderr
    results = process.stdout.split()
    assert len(results) == len(patients)
    for patient, facts_given, letters in zip(read, patients, results, strict=True):
        for rule, letter in zip(rules, letters, strict=True):
            if LETTERS[evaluate(library.decisions[rule], patient).value] != letter:
                yield rule, letter, facts_given


def test_cql_execution_agrees_with_the_reference(library, disease, many, tmp_path):
    elm_file = tmp_path / "rules.json.elm"
    elm_file.write_text(elm(disease, library))
    patients = list(RandomPatients(library, disease, seed=3).draw(many))
    assert next(disagreements(library, disease, elm_file, patients, tmp_path), None) is None


def test_the_text_means_the_same_to_an_independent_translator(library, disease, many, tmp_path):
    text, elm_file = tmp_path / "rules.cql", tmp_path / "translated.json"
    text.write_text(cql(disease, library))
    process = node("translate.mjs", text, elm_file)
    assert process.returncode == 0, process.stderr
    patients = list(RandomPatients(library, disease, seed=4).draw(max(50, many // 10)))
    assert next(disagreements(library, disease, elm_file, patients, tmp_path), None) is None


def test_a_text_with_an_error_is_refused_by_the_translator(tmp_path):
    (tmp_path / "wrong.cql").write_text("library Wrong\ndefine x: 'a' + 1\n")
    process = node("translate.mjs", tmp_path / "wrong.cql", tmp_path / "wrong.json")
    assert process.returncode == 1
    assert "line 2" in process.stderr
